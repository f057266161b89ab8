//! The grammar of RFC 8259, read as a series of events without recursion.

use super::error::{Container, JsonError, JsonErrorKind};
use super::literal::Literal;
use super::nesting::Nesting;
use super::token::{number_end, string_end, word_end};

/// What comes next in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event<'b> {
    /// An array or object begins.
    Open(Container),
    /// The innermost array or object ends.
    Close,
    /// A key with its colon; the next event is its value, or the beginning of it.
    Key(Literal<'b>),
    /// A string.
    String(Literal<'b>),
    /// A number, `true`, `false` or `null`.
    Bare(&'b [u8]),
}

/// What the grammar allows next.
#[derive(Clone, Copy, Debug)]
enum Expected {
    Value,
    FirstElement,
    FirstKey,
    CommaOrEnd,
    Nothing,
}

/// Reads one value and whatever white space is around it.
#[derive(Debug)]
pub(super) struct Scanner<'b, 's> {
    line: &'b [u8],
    at: usize,
    expected: Expected,
    nesting: &'s mut Nesting,
}

impl<'b, 's> Scanner<'b, 's> {
    /// Starts at `start`; `nesting` only lends its memory.
    pub(super) fn new(line: &'b [u8], start: usize, nesting: &'s mut Nesting) -> Scanner<'b, 's> {
        nesting.clear();
        Scanner { line, at: start, expected: Expected::Value, nesting }
    }

    /// How many containers are open, after the last event.
    pub(super) fn depth(&self) -> usize {
        self.nesting.depth()
    }

    /// The first byte behind the last event.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// The next event; `None` behind the value and all white space.
    ///
    /// # Errors
    /// At the first byte that the grammar does not allow.
    pub(super) fn next_event(&mut self) -> Result<Option<Event<'b>>, JsonError> {
        self.skip_white_space();
        let event = match (self.expected, self.peek()) {
            (Expected::FirstElement, Some(b']')) | (Expected::FirstKey, Some(b'}')) => self.close(),
            (Expected::FirstElement | Expected::Value, byte) => self.value(byte)?,
            (Expected::FirstKey, _) => self.key()?,
            (Expected::CommaOrEnd, byte) => self.comma_or_end(byte)?,
            (Expected::Nothing, None) => return Ok(None),
            (Expected::Nothing, Some(byte)) => return Err(self.behind_value(byte)),
        };
        Ok(Some(event))
    }

    fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// The error that `kind` is at this place, or that the line ends here too early.
    fn wrong(&self, kind: JsonErrorKind) -> JsonError {
        let kind = match self.nesting.innermost() {
            Some(container) if self.at >= self.line.len() => JsonErrorKind::Unclosed(container),
            _ => kind,
        };
        JsonError { offset: self.at, kind }
    }

    fn behind_value(&self, byte: u8) -> JsonError {
        let second = matches!(byte, b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n');
        self.wrong(if second { JsonErrorKind::SecondValue } else { JsonErrorKind::BehindValue })
    }

    fn value(&mut self, byte: Option<u8>) -> Result<Event<'b>, JsonError> {
        let end = match byte {
            Some(b'"') => {
                let literal = self.string()?;
                self.value_ended();
                return Ok(Event::String(literal));
            }
            Some(b'{') => return Ok(self.open(Container::Object, Expected::FirstKey)),
            Some(b'[') => return Ok(self.open(Container::Array, Expected::FirstElement)),
            Some(b'-' | b'0'..=b'9') => number_end(self.line, self.at)?,
            Some(b't') => word_end(self.line, self.at, b"true")?,
            Some(b'f') => word_end(self.line, self.at, b"false")?,
            Some(b'n') => word_end(self.line, self.at, b"null")?,
            _ => return Err(self.wrong(JsonErrorKind::ValueExpected)),
        };
        let bare = self.line.get(self.at..end).unwrap_or_default();
        self.at = end;
        self.value_ended();
        Ok(Event::Bare(bare))
    }

    fn open(&mut self, container: Container, expected: Expected) -> Event<'b> {
        self.at += 1;
        self.nesting.open(container);
        self.expected = expected;
        Event::Open(container)
    }

    fn close(&mut self) -> Event<'b> {
        self.at += 1;
        self.nesting.close();
        self.value_ended();
        Event::Close
    }

    fn value_ended(&mut self) {
        self.expected = if self.nesting.depth() == 0 { Expected::Nothing } else { Expected::CommaOrEnd };
    }

    fn comma_or_end(&mut self, byte: Option<u8>) -> Result<Event<'b>, JsonError> {
        let container = self.nesting.innermost().unwrap_or(Container::Array);
        match (container, byte) {
            (Container::Array, Some(b']')) | (Container::Object, Some(b'}')) => Ok(self.close()),
            (_, Some(b',')) => {
                self.at += 1;
                self.skip_white_space();
                match container {
                    Container::Array => self.value(self.peek()),
                    Container::Object => self.key(),
                }
            }
            _ => Err(self.wrong(JsonErrorKind::CommaExpected(container))),
        }
    }

    fn key(&mut self) -> Result<Event<'b>, JsonError> {
        if self.peek() != Some(b'"') {
            return Err(self.wrong(JsonErrorKind::KeyExpected));
        }
        let key = self.string()?;
        self.skip_white_space();
        if self.peek() != Some(b':') {
            return Err(self.wrong(JsonErrorKind::ColonExpected));
        }
        self.at += 1;
        self.expected = Expected::Value;
        Ok(Event::Key(key))
    }

    fn string(&mut self) -> Result<Literal<'b>, JsonError> {
        let start = self.at + 1;
        let quote = string_end(self.line, start)?;
        self.at = quote + 1;
        Ok(Literal::new(self.line.get(start..quote).unwrap_or_default(), start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(line: &str) -> (usize, JsonErrorKind) {
        let mut nesting = Nesting::default();
        let mut scanner = Scanner::new(line.as_bytes(), 0, &mut nesting);
        loop {
            match scanner.next_event() {
                Ok(Some(_)) => {}
                Ok(None) => panic!("{line} is JSON"),
                Err(error) => return (error.offset, error.kind),
            }
        }
    }

    #[test]
    fn events_come_in_order() {
        let mut nesting = Nesting::default();
        let mut scanner = Scanner::new(br#" {"a" : [1, "b"], "c":{}} "#, 0, &mut nesting);
        let mut seen = String::new();
        while let Some(event) = scanner.next_event().expect("JSON") {
            seen.push_str(&match event {
                Event::Open(container) => format!("<{container} "),
                Event::Close => "> ".to_owned(),
                Event::Key(key) => format!("{}= ", key.decode().text),
                Event::String(string) => format!("'{}' ", string.decode().text),
                Event::Bare(bare) => format!("{} ", String::from_utf8_lossy(bare)),
            });
        }
        assert_eq!(seen, "<object a= <array 1 'b' > c= <object > > ");
    }

    #[test]
    fn errors_tell_what_was_expected_where() {
        use JsonErrorKind::*;
        for (line, offset, kind) in [
            ("{\"a\":}", 5, ValueExpected),
            ("[1,]", 3, ValueExpected),
            ("{,}", 1, KeyExpected),
            ("{\"a\":1,}", 7, KeyExpected),
            ("{\"a\" 1}", 5, ColonExpected),
            ("[1 2]", 3, CommaExpected(Container::Array)),
            ("{\"a\":1]", 6, CommaExpected(Container::Object)),
            ("[012]", 2, CommaExpected(Container::Array)),
            ("[nul]", 4, WordExpected),
            ("{\"a\":1}{\"a\":2}", 7, SecondValue),
            ("\"id\": 1,", 4, BehindValue),
            ("{", 1, Unclosed(Container::Object)),
            ("[{\"a\":1},", 9, Unclosed(Container::Array)),
            ("{\"a\":\"b", 7, UnclosedString { start: 5 }),
            ("\u{feff}", 0, ValueExpected),
        ] {
            assert_eq!(error(line), (offset, kind), "{line}");
        }
    }
}
