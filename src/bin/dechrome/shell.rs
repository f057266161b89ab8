//! Arguments as a shell takes them, for commands that are to be copied from a terminal.

use std::ffi::OsStr;

use dechrome::report::terminal::is_harmless;

/// An argument, quoted where a shell would take it apart. Whatever it holds, nothing of it acts on a terminal.
pub(crate) fn quoted(argument: &OsStr) -> String {
    let bytes = argument.as_encoded_bytes();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./,:=@%+".contains(byte);
    match argument.to_str() {
        Some(text) if !text.is_empty() && bytes.iter().all(is_plain) => text.to_owned(),
        Some(text) if text.chars().all(is_harmless) => format!("'{}'", text.replace('\'', r"'\''")),
        _ => format!("$'{}'", bytes.iter().map(|&byte| octal(byte)).collect::<String>()),
    }
}

/// A byte between `$'` and `'` (POSIX.1-2024, 2.2.4); three digits never take in what stands behind them.
fn octal(byte: u8) -> String {
    match byte {
        b'\'' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("\\{byte:03o}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_quoted_only_where_they_must_be() {
        for (argument, expected) in [
            ("in/a.txt", "in/a.txt"),
            ("", "''"),
            ("two words", "'two words'"),
            ("it's", r"'it'\''s'"),
            ("größe", "'größe'"),
            ("$(rm)", "'$(rm)'"),
            ("a\u{1b}[2Jb", r"$'a\033[2Jb'"),
            ("one\ntwo'\\", r"$'one\012two\'\\'"),
        ] {
            assert_eq!(quoted(OsStr::new(argument)), expected);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_what_was_meant() {
        use std::os::unix::ffi::OsStrExt;
        for argument in [&b"two words"[..], b"it's", b"\xff\x1b12'\\\n", "größe $HOME `ls`".as_bytes()] {
            let command = format!("printf %s {}", quoted(OsStr::from_bytes(argument)));
            let Ok(output) = std::process::Command::new("bash").args(["-c", &command]).output() else { return };
            assert_eq!(output.stdout, argument, "{command}");
        }
    }
}
