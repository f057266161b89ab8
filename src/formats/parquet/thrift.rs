//! A walk over values in Thrift's compact protocol, which Parquet's footers, indexes and page headers are written in.
//!
//! The walk keeps its own stack, believes no length before the bytes are there, and knows nothing of Parquet: it says
//! what value stands where. Source:
//! <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>.

use std::ops::Range;

/// How deep structs and lists may be nested; those of Parquet have eight levels or so.
const DEPTH: usize = 40;

/// How many elements a list may have.
const ELEMENTS: u64 = 1 << 22;

/// One step on the way from the outermost struct to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Into the field of that number.
    Field(i16),
    /// Into the element of that index.
    Element(u32),
}

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A truth value; that of a field is a part of its header, so its span is empty.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A string, of that many bytes without its length.
    Text(usize),
    /// A value of fixed width: a double or a UUID.
    Fixed,
    /// A list of that many elements begins, whose values follow.
    List(u32),
    /// A struct begins, whose fields follow.
    Struct,
    /// The list or struct that is innermost ends; the span holds all of it.
    End,
}

/// A value, with the bytes it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) kind: Kind,
    pub(crate) span: Range<usize>,
}

/// Why the walk cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stumble {
    /// The bytes end too early.
    Short,
    /// The bytes at that offset are none of the protocol, or of more than we accept.
    Bad(usize, &'static str),
}

#[derive(Debug)]
enum Frame {
    Struct { start: usize, last: i16 },
    List { start: usize, element: u8, size: u32, next: u32 },
}

/// A walk over the struct that some bytes begin with.
#[derive(Debug)]
pub(crate) struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    frames: Vec<Frame>,
    path: Vec<Step>,
}

impl<'a> Walk<'a> {
    /// Begins with the fields of the outermost struct.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, frames: vec![Frame::Struct { start: 0, last: 0 }], path: Vec::new() }
    }

    /// Returns the offset behind the last value.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Returns the way to the last value.
    pub(crate) fn path(&self) -> &[Step] {
        &self.path
    }

    /// Returns the next value; `None` behind the end of the outermost struct, which is itself an [`Kind::End`].
    ///
    /// # Errors
    /// The bytes end too early or are none of the protocol.
    pub(crate) fn next(&mut self) -> Result<Option<Item>, Stumble> {
        // The path has a step for each frame, but for those that were just opened.
        let depth = self.frames.len();
        let Some(frame) = self.frames.last_mut() else { return Ok(None) };
        self.path.truncate(depth - 1);
        match frame {
            Frame::List { size, next, element, .. } if *next < *size => {
                self.path.push(Step::Element(*next));
                *next += 1;
                let element = *element;
                self.value(element, true).map(Some)
            }
            Frame::List { start, .. } => {
                let start = *start;
                Ok(Some(self.close(start)))
            }
            Frame::Struct { .. } => self.field().map(Some),
        }
    }

    fn field(&mut self) -> Result<Item, Stumble> {
        let header = self.byte()?;
        let (delta, kind) = (i16::from(header >> 4), header & 0x0f);
        let Some(Frame::Struct { start, last }) = self.frames.last() else { return Err(self.bad("no struct")) };
        let (start, last) = (*start, *last);
        if kind == 0 {
            return Ok(self.close(start));
        }
        let id = if delta == 0 {
            let id = self.int()?;
            i16::try_from(id).map_err(|_| self.bad("a field of impossible number"))?
        } else {
            last.checked_add(delta).ok_or_else(|| self.bad("a field of impossible number"))?
        };
        if let Some(Frame::Struct { last, .. }) = self.frames.last_mut() {
            *last = id;
        }
        self.path.push(Step::Field(id));
        self.value(kind, false)
    }

    fn value(&mut self, kind: u8, in_list: bool) -> Result<Item, Stumble> {
        let start = self.at;
        let kind = match kind {
            1 | 2 if in_list => Kind::Bool(self.byte()? == 1),
            1 | 2 => Kind::Bool(kind == 1),
            3 => Kind::Int(i64::from(self.byte()? as i8)),
            4..=6 => Kind::Int(self.int()?),
            7 => self.skip(8).map(|()| Kind::Fixed)?,
            8 => self.text()?,
            9 | 10 => self.list(start)?,
            12 => self.open(Frame::Struct { start, last: 0 }).map(|()| Kind::Struct)?,
            13 => self.skip(16).map(|()| Kind::Fixed)?,
            _ => return Err(self.bad("a type that Parquet has no use for")),
        };
        Ok(Item { kind, span: start..self.at })
    }

    fn text(&mut self) -> Result<Kind, Stumble> {
        let len = usize::try_from(self.unsigned()?).map_err(|_| Stumble::Short)?;
        self.skip(len).map(|()| Kind::Text(len))
    }

    fn list(&mut self, start: usize) -> Result<Kind, Stumble> {
        let header = self.byte()?;
        let size = if header >> 4 == 15 { self.unsigned()? } else { u64::from(header >> 4) };
        if size > ELEMENTS {
            return Err(self.bad("a list of more than four million elements"));
        }
        let size = size as u32;
        self.open(Frame::List { start, element: header & 0x0f, size, next: 0 })?;
        Ok(Kind::List(size))
    }

    fn open(&mut self, frame: Frame) -> Result<(), Stumble> {
        if self.frames.len() >= DEPTH {
            return Err(self.bad("values nested too deep"));
        }
        self.frames.push(frame);
        Ok(())
    }

    fn close(&mut self, start: usize) -> Item {
        self.frames.pop();
        Item { kind: Kind::End, span: start..self.at }
    }

    fn byte(&mut self) -> Result<u8, Stumble> {
        let byte = *self.bytes.get(self.at).ok_or(Stumble::Short)?;
        self.at += 1;
        Ok(byte)
    }

    fn skip(&mut self, len: usize) -> Result<(), Stumble> {
        let end = self.at.checked_add(len).filter(|end| *end <= self.bytes.len()).ok_or(Stumble::Short)?;
        self.at = end;
        Ok(())
    }

    fn unsigned(&mut self) -> Result<u64, Stumble> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(self.bad("a number of more than ten bytes"))
    }

    fn int(&mut self) -> Result<i64, Stumble> {
        self.unsigned().map(|value| (value >> 1) as i64 ^ -((value & 1) as i64))
    }

    fn bad(&self, what: &'static str) -> Stumble {
        Stumble::Bad(self.at, what)
    }
}

/// Appends a number as the protocol has it: zigzag, then seven bits a byte, the lowest first.
pub(crate) fn push_int(out: &mut Vec<u8>, value: i64) {
    let mut rest = ((value << 1) ^ (value >> 63)) as u64;
    while rest >= 0x80 {
        out.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn walked(bytes: &[u8]) -> Vec<(Vec<Step>, Kind)> {
        let mut walk = Walk::new(bytes);
        let mut seen = Vec::new();
        while let Some(item) = walk.next().expect("the protocol") {
            seen.push((walk.path().to_vec(), item.kind));
        }
        seen
    }

    #[test]
    fn every_value_is_found_where_it_stands() {
        use Step::{Element, Field};
        // 1: i32 -1; 3: [ "ab" ]; 4: { 1: true }; 20: [ {} ]
        let bytes = [0x15, 1, 0x29, 0x18, 2, b'a', b'b', 0x1c, 0x11, 0, 0x09, 40, 0x1c, 0, 0];
        let expected: Vec<(Vec<Step>, Kind)> = vec![
            (vec![Field(1)], Kind::Int(-1)),
            (vec![Field(3)], Kind::List(1)),
            (vec![Field(3), Element(0)], Kind::Text(2)),
            (vec![Field(3)], Kind::End),
            (vec![Field(4)], Kind::Struct),
            (vec![Field(4), Field(1)], Kind::Bool(true)),
            (vec![Field(4)], Kind::End),
            (vec![Field(20)], Kind::List(1)),
            (vec![Field(20), Element(0)], Kind::Struct),
            (vec![Field(20), Element(0)], Kind::End),
            (vec![Field(20)], Kind::End),
            (vec![], Kind::End),
        ];
        assert_eq!(walked(&bytes), expected);
    }

    #[test]
    fn structs_nested_without_end_are_refused() {
        let bytes = vec![0x1c; 100_000];
        let mut walk = Walk::new(&bytes);
        let mut last = Ok(None);
        for _ in 0..DEPTH {
            last = walk.next();
        }
        assert!(matches!(last, Err(Stumble::Bad(_, "values nested too deep"))));
    }

    proptest! {
        #[test]
        fn numbers_come_back(value: i64) {
            let mut bytes = vec![0x16];
            push_int(&mut bytes, value);
            bytes.push(0);
            prop_assert_eq!(walked(&bytes).first().cloned(), Some((vec![Step::Field(1)], Kind::Int(value))));
        }

        #[test]
        fn any_bytes_are_walked_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut walk = Walk::new(&bytes);
            let mut steps = 0;
            while let Ok(Some(_)) = walk.next() {
                steps += 1;
                prop_assert!(steps <= 2 * bytes.len() + 2);
            }
        }
    }
}
