//! Finding the fields of a record.

use super::error::{Container, JsonError};
use super::fields::Fields;
use super::key_tree::{KeyTree, Node, ROOT};
use super::literal::Literal;
use super::nesting::Nesting;
use super::scan::{Event, Scanner};

/// What a line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Located<'b> {
    /// An object.
    Object(Object<'b>),
    /// A value that is no object.
    OtherValue,
    /// Nothing but white space.
    Blank,
}

/// The fields of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Object<'b> {
    /// The text to clean.
    pub text: TextField<'b>,
    /// The address the text came from, if it is a string.
    pub url: Option<Literal<'b>>,
    /// The title, if it is a string.
    pub title: Option<Literal<'b>>,
    /// What the record is called.
    pub id: Option<Value<'b>>,
}

/// The field that holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextField<'b> {
    /// No path leads to a value.
    Missing,
    /// Paths lead to values, but none to a string.
    NotAString,
    /// A key of the path is there twice in one object. Readers disagree which one counts, so the record is to be left
    /// alone.
    Duplicate,
    /// The text.
    Found(Literal<'b>),
}

/// A value that names a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'b> {
    /// A string.
    String(Literal<'b>),
    /// A number, `true` or `false`, as it is written.
    Bare(&'b [u8]),
}

/// Memory that lines lend each other.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    nesting: Nesting,
    entered: Vec<Node>,
}

/// Finds fields in lines; built once for all of them.
#[derive(Clone, Debug)]
pub struct Locator {
    tree: KeyTree,
}

impl Locator {
    /// A locator of these fields.
    pub fn new(fields: &Fields) -> Locator {
        Locator { tree: KeyTree::new(fields) }
    }

    /// Checks that a line is one JSON value, and finds the fields' raw values in it.
    ///
    /// The line may have its terminator, other white space around it, and a byte order mark or record separator (RFC
    /// 7464) before it. Of the paths of the text, the first that leads to a string wins. Of other fields that are there
    /// twice the last is taken, as most readers do.
    ///
    /// # Errors
    /// At the first byte that RFC 8259 does not allow, but for bytes in strings that are not UTF-8.
    pub fn locate<'b>(&self, line: &'b [u8], scratch: &mut Scratch) -> Result<Located<'b>, JsonError> {
        let Some(start) = value_start(line) else {
            return Ok(Located::Blank);
        };
        let Scratch { nesting, entered } = scratch;
        entered.clear();
        let mut scanner = Scanner::new(line, start, nesting);
        let marks = vec![Mark::default(); self.tree.len()];
        let mut walk = Walk { tree: &self.tree, marks, entered, pending: Some(ROOT) };
        while let Some(event) = scanner.next_event()? {
            walk.see(event, scanner.depth());
        }
        let is_object = line.get(start) == Some(&b'{');
        Ok(if is_object { Located::Object(walk.object()) } else { Located::OtherValue })
    }
}

/// Where the value of a line begins; `None` if the line is blank.
pub(super) fn value_start(line: &[u8]) -> Option<usize> {
    let behind_mark = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let rest = behind_mark.strip_prefix(b"\x1e").unwrap_or(behind_mark);
    let blank = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))?;
    Some(line.len() - rest.len() + blank)
}

/// What was seen at a node.
#[derive(Clone, Copy, Debug, Default)]
struct Mark<'b> {
    /// How often the key was there.
    count: usize,
    /// The last string.
    string: Option<Literal<'b>>,
    /// The last number, `true` or `false`.
    bare: Option<&'b [u8]>,
}

/// Follows the paths through one line.
struct Walk<'b, 's> {
    tree: &'s KeyTree,
    marks: Vec<Mark<'b>>,
    /// The open objects on a path, the outermost first. The scanner is right inside the last of them while there are as
    /// many as containers are open.
    entered: &'s mut Vec<Node>,
    /// The node of the value that comes next.
    pending: Option<Node>,
}

impl<'b> Walk<'b, '_> {
    /// Takes note of an event, after which `depth` containers are open.
    fn see(&mut self, event: Event<'b>, depth: usize) {
        match event {
            Event::Close => self.entered.truncate(depth),
            Event::Key(key) => self.see_key(&key, depth),
            _ => {
                if let Some(node) = self.pending.take() {
                    self.see_value(node, event);
                }
            }
        }
    }

    fn see_key(&mut self, key: &Literal<'b>, depth: usize) {
        if self.entered.len() != depth {
            return;
        }
        self.pending = self.entered.last().and_then(|node| self.tree.child(*node, key));
        if let Some(mark) = self.pending.and_then(|node| self.marks.get_mut(node)) {
            mark.count += 1;
        }
    }

    fn see_value(&mut self, node: Node, event: Event<'b>) {
        let Some(mark) = self.marks.get_mut(node) else {
            return;
        };
        match event {
            Event::String(string) => mark.string = Some(string),
            Event::Bare(bare) if bare != b"null" => mark.bare = Some(bare),
            Event::Open(Container::Object) if self.tree.leads_on(node) => self.entered.push(node),
            _ => {}
        }
    }

    fn mark(&self, node: Node) -> Mark<'b> {
        self.marks.get(node).copied().unwrap_or_default()
    }

    fn object(&self) -> Object<'b> {
        let string = |nodes: &[Node]| nodes.iter().find_map(|node| self.mark(*node).string);
        let id = self.tree.id.iter().find_map(|node| {
            let Mark { string, bare, .. } = self.mark(*node);
            string.map(Value::String).or(bare.map(Value::Bare))
        });
        Object { text: self.text(), url: string(&self.tree.url), title: string(&self.tree.title), id }
    }

    fn text(&self) -> TextField<'b> {
        let mut found = TextField::Missing;
        for node in &self.tree.text {
            let mark = self.mark(*node);
            match mark.string {
                Some(_) if self.tree.way(*node).any(|node| self.mark(node).count > 1) => return TextField::Duplicate,
                Some(string) => return TextField::Found(string),
                None if mark.count > 0 => found = TextField::NotAString,
                None => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::path::FieldPath;
    use super::*;

    fn locate(line: &[u8]) -> Located<'_> {
        let mut fields = Fields::guesses();
        fields.text.push(FieldPath::parse("page.text").expect("a path"));
        Locator::new(&fields).locate(line, &mut Scratch::default()).expect("JSON")
    }

    fn object(line: &str) -> Object<'_> {
        match locate(line.as_bytes()) {
            Located::Object(object) => object,
            other => panic!("{line} is {other:?}"),
        }
    }

    fn text(line: &str) -> String {
        match object(line).text {
            TextField::Found(literal) => {
                assert_eq!(literal.raw(), &line.as_bytes()[literal.range()]);
                literal.decode().text.into_owned()
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn fields_are_found_by_their_paths() {
        let line = r#"{"id":17,"url":"http:\/\/a.example","meta":{"title":"T","x":[{"title":"no"}]},"text":"Body"}"#;
        let found = object(line);
        assert_eq!(found.id, Some(Value::Bare(b"17")));
        assert_eq!(found.url.expect("an address").decode().text, "http://a.example");
        assert_eq!(found.title.expect("a title").decode().text, "T");
        assert_eq!(text(line), "Body");
    }

    #[test]
    fn only_objects_on_a_path_are_entered() {
        assert_eq!(
            text(r#"{"a":{"text":"no"},"b":[{"text":"no"}],"text":{"text":"no"},"page":{"text":"yes"}}"#),
            "yes"
        );
        assert_eq!(text(r#"{"page":[{"text":"no"}],"c":{"page":{"text":"no"}}}"#), "Missing");
        assert_eq!(text(r#"{"page":{"url":[{}],"text":"yes"},"x":{"text":"no"}}"#), "yes");
    }

    #[test]
    fn the_first_path_with_a_string_wins() {
        assert_eq!(text(r#"{"content":"two","text":"one"}"#), "one");
        assert_eq!(text(r#"{"content":"two","text":null}"#), "two");
        assert_eq!(text(r#"{"body":5,"text":["a"]}"#), "NotAString");
        assert_eq!(text("{}"), "Missing");
    }

    #[test]
    fn a_text_key_that_is_there_twice_is_told() {
        assert_eq!(text(r#"{"text":"a","text":"b"}"#), "Duplicate");
        assert_eq!(text(r#"{"text":"a","te\u0078t":null}"#), "Duplicate");
        assert_eq!(text(r#"{"page":{"text":"a"},"page":{}}"#), "Duplicate");
        assert_eq!(text(r#"{"text":"a","content":"b","content":"c","page":{"text":"d"},"x":1,"x":2}"#), "a");
    }

    #[test]
    fn what_stands_around_the_value_is_passed_over() {
        let object = "{\"text\" : \"x\"}";
        for (before, behind) in [("\u{feff}", "\r\n"), ("\u{1e}", "\n"), (" \t", " "), ("\u{feff}\u{1e} ", "")] {
            assert_eq!(text(&format!("{before}{object}{behind}")), "x");
        }
        for line in ["", " \r\n", "\u{1e}", "\u{feff}\n"] {
            assert_eq!(locate(line.as_bytes()), Located::Blank);
        }
        for line in ["5", "[{\"text\":\"x\"}]", "\"text\"", "null\n"] {
            assert_eq!(locate(line.as_bytes()), Located::OtherValue);
        }
    }

    #[test]
    fn an_identifier_is_any_scalar_but_null() {
        assert_eq!(object(r#"{"id":null,"uuid":1e400}"#).id, Some(Value::Bare(b"1e400")));
        assert!(matches!(object(r#"{"_id":{"$oid":"6f"}}"#).id, Some(Value::String(_))));
        assert_eq!(object(r#"{"id":[1]}"#).id, None);
    }

    #[test]
    fn depth_costs_no_stack() {
        let depth = 300_000;
        let line = format!("{{\"a\":{}{},\"text\":\"x\"}}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(text(&line), "x");
        let open = "{\"text\":".repeat(depth);
        let error = Locator::new(&Fields::guesses()).locate(open.as_bytes(), &mut Scratch::default());
        assert_eq!(error.expect_err("cut off").offset, open.len());
    }
}
