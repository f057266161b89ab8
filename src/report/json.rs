//! JSON, written straight to memory.
//!
//! What is written is what `serde_json` writes, byte for byte. It looks at each byte of a string by itself; here, most of a
//! string is passed over in stretches.

use super::Hash;

/// How many bytes are looked at together: as many as one instruction takes on most machines.
const FAR: usize = 32;
/// How many are where fewer are left: as many as a register holds.
const NEAR: usize = 8;

/// A value that can be written.
pub(super) trait Json {
    /// Appends it.
    fn write(&self, out: &mut Vec<u8>);
}

impl<T: Json + ?Sized> Json for &T {
    fn write(&self, out: &mut Vec<u8>) {
        (**self).write(out);
    }
}

impl<T: Json> Json for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Some(value) => value.write(out),
            None => out.extend_from_slice(b"null"),
        }
    }
}

impl Json for u64 {
    fn write(&self, out: &mut Vec<u8>) {
        const LONGEST: usize = u64::MAX.ilog10() as usize + 1;
        let (mut digits, mut left) = ([0; LONGEST], *self);
        let mut count = 0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (left % 10) as u8;
            (left, count) = (left / 10, count + 1);
            if left == 0 {
                break;
            }
        }
        out.extend_from_slice(&digits[LONGEST - count..]);
    }
}

impl Json for usize {
    fn write(&self, out: &mut Vec<u8>) {
        (*self as u64).write(out);
    }
}

impl Json for u32 {
    fn write(&self, out: &mut Vec<u8>) {
        u64::from(*self).write(out);
    }
}

impl Json for i32 {
    fn write(&self, out: &mut Vec<u8>) {
        if *self < 0 {
            out.push(b'-');
        }
        self.unsigned_abs().write(out);
    }
}

impl Json for str {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(b'"');
        let mut rest = self.as_bytes();
        while let Some((plain, special, behind)) = to_special(rest) {
            out.extend_from_slice(plain);
            escape(special, out);
            rest = behind;
        }
        out.extend_from_slice(rest);
        out.push(b'"');
    }
}

impl Json for Hash {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\"blake3:");
        out.extend_from_slice(self.hexadecimal().as_bytes());
        out.push(b'"');
    }
}

/// An object that is being written.
pub(super) struct Object<'o> {
    out: &'o mut Vec<u8>,
    is_empty: bool,
}

impl<'o> Object<'o> {
    pub(super) fn begin(out: &'o mut Vec<u8>) -> Object<'o> {
        out.push(b'{');
        Object { out, is_empty: true }
    }

    #[inline]
    fn part(&mut self) {
        if !std::mem::take(&mut self.is_empty) {
            self.out.push(b',');
        }
    }

    /// Writes a key, which must need no escapes; where its value goes.
    #[inline]
    pub(super) fn key(&mut self, key: &str) -> &mut Vec<u8> {
        self.part();
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out
    }

    /// Writes a field.
    #[inline]
    pub(super) fn field(&mut self, key: &str, value: impl Json) {
        value.write(self.key(key));
    }

    /// Writes a field whose key may be any text.
    pub(super) fn named(&mut self, name: &str, value: impl Json) {
        self.part();
        name.write(self.out);
        self.out.push(b':');
        value.write(self.out);
    }

    /// Writes a field, where it has a value.
    pub(super) fn field_if(&mut self, key: &str, value: Option<impl Json>) {
        if let Some(value) = value {
            self.field(key, value);
        }
    }

    pub(super) fn end(self) {
        self.out.push(b'}');
    }
}

/// Writes a list, item by item.
pub(super) fn list<T>(items: &[T], out: &mut Vec<u8>, mut write: impl FnMut(&T, &mut Vec<u8>)) {
    out.push(b'[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(item, out);
    }
    out.push(b']');
}

/// Whether a byte of a string stands there as an escape.
fn is_special(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// The bytes before the first that needs an escape, that byte, and those behind it.
fn to_special(bytes: &[u8]) -> Option<(&[u8], u8, &[u8])> {
    let far = plain_stretches::<FAR>(bytes);
    let plain = far + plain_stretches::<NEAR>(bytes.get(far..)?);
    let at = plain + bytes.get(plain..)?.iter().position(|&byte| is_special(byte))?;
    let (plain, rest) = bytes.split_at_checked(at)?;
    let (&special, behind) = rest.split_first()?;
    Some((plain, special, behind))
}

/// How many bytes the first stretches have that need no escapes.
fn plain_stretches<const LENGTH: usize>(bytes: &[u8]) -> usize {
    // Asking a whole stretch at once, without a way out in its middle, is done with all its bytes beside each other.
    let is_plain = |stretch: &&[u8; LENGTH]| !stretch.iter().fold(false, |any, &byte| any | is_special(byte));
    bytes.as_chunks().0.iter().take_while(is_plain).count() * LENGTH
}

fn escape(byte: u8, out: &mut Vec<u8>) {
    let short = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        0x0C => b'f',
        b'\r' => b'r',
        control => {
            let digit = |half: u8| if half < 10 { b'0' + half } else { b'a' + half - 10 };
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(control >> 4), digit(control & 0xF)]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use serde::Serialize;

    use super::*;

    fn same<T: Json + Serialize + ?Sized>(value: &T) {
        let mut out = Vec::new();
        value.write(&mut out);
        assert_eq!(String::from_utf8_lossy(&out), serde_json::to_string(value).expect("json"));
    }

    #[test]
    fn every_character_is_written_as_serde_writes_it_wherever_it_stands() {
        let all: String = ('\0'..='\u{2030}').chain(['\u{2028}', '😀']).collect();
        same(&all[..]);
        for special in ["\"", "\\", "\n", "\u{1f}", "\u{7f}"] {
            for before in 0..FAR * 2 + 2 {
                same(&format!("{}{special}é{}", "a".repeat(before), "b".repeat(before % 5))[..]);
            }
        }
        same("");
    }

    #[test]
    fn numbers_are_written_as_serde_writes_them() {
        [0, 9, 10, 1234, u64::MAX].iter().for_each(same);
        [0, -1, 42, i32::MIN, i32::MAX].iter().for_each(same);
        [None, Some(7_usize)].iter().for_each(same);
        same(&Hash::of(b"text"));
    }
}
