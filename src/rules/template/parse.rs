//! From the text of a pattern to its nodes.

use std::mem::take;

use super::folding::is_folded;
use super::{Node, SLOT_NAMES, Slot, Text};
use crate::text::fold::Folded;

/// How deep choices may nest.
const MAX_NESTING: usize = 4;
/// The longest pattern, in characters; longer ones are lists that belong into a vocabulary.
const MAX_CHARS: usize = 2000;
/// The most words a gap may take in; a longer one would swallow whole paragraphs.
const MAX_GAP: u8 = 60;

/// Room for the nodes of nearly every pattern that are open at once.
const USUAL_NODES: usize = 32;

/// What is wrong with a pattern, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}; {help}")]
pub(crate) struct TemplateError {
    pub(crate) what: String,
    pub(crate) help: String,
}

fn error<T>(what: impl Into<String>, help: impl Into<String>) -> Result<T, TemplateError> {
    Err(TemplateError { what: what.into(), help: help.into() })
}

/// Reads a pattern; `keep` makes a part of it a text of its own.
pub(super) fn parse<'s>(source: &'s str, keep: fn(&'s str) -> Text) -> Result<Node, TemplateError> {
    if source.len() > MAX_CHARS && source.chars().count() > MAX_CHARS {
        return error(
            format!("the pattern has {} characters, more than {MAX_CHARS}", source.chars().count()),
            "split it into several patterns, or put its words into a list of vocabulary.toml",
        );
    }
    let mut parser = Parser { source, rest: source.trim(), depth: 0, keep, nodes: Vec::with_capacity(USUAL_NODES) };
    let node = parser.choice()?;
    if let Some(c) = parser.rest.chars().next() {
        return error(format!("`{c}` closes nothing"), format!("remove it, or write `\\{c}` for the character itself"));
    }
    if matches_empty(&node) {
        return error("the pattern matches empty text", "leave at least one word that is not optional");
    }
    Ok(node)
}

/// Whether nothing at all is enough for a match.
pub(super) fn matches_empty(node: &Node) -> bool {
    match node {
        Node::Literal(text) => text.is_empty(),
        Node::Blank | Node::Optional(_) => true,
        Node::Choice(nodes) => nodes.iter().any(matches_empty),
        Node::Sequence(nodes) => nodes.iter().all(matches_empty),
        Node::Slot(_) => false,
    }
}

struct Parser<'s> {
    source: &'s str,
    rest: &'s str,
    depth: usize,
    keep: fn(&'s str) -> Text,
    /// What has been read of the sequences and choices that are open, one behind the other: a vector for each of them would
    /// cost more than all the rest of parsing.
    nodes: Vec<Node>,
}

impl<'s> Parser<'s> {
    /// Alternatives up to `)` or the end.
    fn choice(&mut self) -> Result<Node, TemplateError> {
        let begin = self.nodes.len();
        let first = self.sequence()?;
        if !self.rest.starts_with('|') {
            return Ok(first);
        }
        self.nodes.push(first);
        while self.eat('|') {
            let alternative = self.sequence()?;
            self.nodes.push(alternative);
        }
        if self.depth == 0 {
            return error("`|` stands outside of brackets", "write `(a|b)`, or two patterns");
        }
        Ok(Node::Choice(self.nodes.drain(begin..).collect()))
    }

    fn sequence(&mut self) -> Result<Node, TemplateError> {
        let begin = self.nodes.len();
        while let Some(c) = self.rest.chars().next().filter(|c| !matches!(c, '|' | ')')) {
            if c.is_whitespace() {
                self.blank(begin);
                continue;
            }
            let attached = self.nodes[begin..].last().is_some_and(|node| *node != Node::Blank);
            if attached && self.rest.starts_with("( ") {
                return error(
                    "a blank at the start of an alternative is lost",
                    "write it before the bracket: `a (b)?`",
                );
            }
            let item = self.item()?;
            if self.eat('?') {
                self.nodes.push(Node::Optional(Box::new(item)));
            } else {
                push_merged(&mut self.nodes, begin, item);
            }
        }
        if self.nodes[begin..].last() == Some(&Node::Blank) {
            self.nodes.pop();
        }
        if self.nodes.len() == begin && self.depth > 0 {
            return error(
                format!("an alternative in `{}` is empty", self.source),
                "write `(a|b)?` where nothing is allowed, too",
            );
        }
        Ok(self.joined(begin))
    }

    /// What has been read since `begin` as one node.
    fn joined(&mut self, begin: usize) -> Node {
        match self.nodes.len() - begin {
            1 => self.nodes.pop().unwrap_or(Node::Blank),
            _ => Node::Sequence(self.nodes.drain(begin..).collect()),
        }
    }

    fn blank(&mut self, begin: usize) {
        self.rest = self.rest.trim_start();
        // The folded view has no blank before these marks.
        let before_mark = self.rest.starts_with([':', ';', '!']);
        if !before_mark && self.nodes[begin..].last().is_some_and(|node| *node != Node::Blank) {
            self.nodes.push(Node::Blank);
        }
    }

    fn item(&mut self) -> Result<Node, TemplateError> {
        match self.rest.chars().next() {
            Some('(') => self.group(),
            Some('{') => self.slot(),
            Some('}') => error("`}` closes nothing", "remove it, or write `\\}` for the character itself"),
            Some('?') => error(
                "`?` touches nothing",
                "write it directly behind a word, `)` or `}`, or `\\?` for a question mark",
            ),
            _ => self.literal(),
        }
    }

    fn group(&mut self) -> Result<Node, TemplateError> {
        self.eat('(');
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return error(format!("choices nest deeper than {MAX_NESTING}"), "write several patterns");
        }
        let node = self.choice()?;
        self.depth -= 1;
        if !self.eat(')') {
            return error("`(` is never closed", "add `)`, or write `\\(` for the character itself");
        }
        // A group keeps its brackets in the tree, so that `(a b)?` is optional as a whole.
        Ok(match node {
            Node::Choice(_) => node,
            other => Node::Choice(vec![other]),
        })
    }

    fn slot(&mut self) -> Result<Node, TemplateError> {
        let Some(close) = self.rest.find('}') else {
            return error("`{` is never closed", "add `}`, or write `\\{` for the character itself");
        };
        let name = &self.rest[1..close];
        self.rest = &self.rest[close + 1..];
        Ok(Node::Slot(slot(name, self.keep)?))
    }

    fn literal(&mut self) -> Result<Node, TemplateError> {
        let special = |c: char| matches!(c, '\\' | '?' | '(' | ')' | '{' | '}' | '|') || c.is_whitespace();
        let end = self.rest.find(special).unwrap_or(self.rest.len());
        let plain = &self.rest[..end];
        if !self.rest[end..].starts_with('\\') && is_folded(plain) && !plain.chars().any(char::is_uppercase) {
            self.rest = &self.rest[end..];
            return Ok(Node::Literal((self.keep)(plain)));
        }
        self.unfolded_literal()
    }

    /// A literal with escapes, or one that folding changes.
    fn unfolded_literal(&mut self) -> Result<Node, TemplateError> {
        let mut text = String::new();
        let mut chars = self.rest.char_indices().peekable();
        let mut end = self.rest.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some((_, c @ ('?' | '(' | ')' | '{' | '}' | '|' | '\\'))) => text.push(c),
                    Some((_, c)) => return error(format!("`\\{c}` means nothing"), format!("write `{c}`")),
                    None => return error("`\\` ends the pattern", "write `\\\\` for the character itself"),
                },
                '?' | '(' | ')' | '{' | '}' | '|' => {
                    end = at;
                    break;
                }
                c if c.is_whitespace() => {
                    end = at;
                    break;
                }
                c => text.push(c),
            }
        }
        self.rest = &self.rest[end..];
        folded_literal(&text)
    }

    fn eat(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

/// Adds a node to those since `begin`; a literal that touches the one before becomes a part of it, as in `lire aussi :`.
fn push_merged(nodes: &mut Vec<Node>, begin: usize, node: Node) {
    match (nodes[begin..].last_mut(), node) {
        (Some(Node::Literal(before)), Node::Literal(text)) => *before = Text::Owned(take(before).into_owned() + &text),
        (_, node) => nodes.push(node),
    }
}

/// A literal as the folded view has it. Capitals are refused, since they promise a difference that folding takes away.
fn folded_literal(text: &str) -> Result<Node, TemplateError> {
    if let Some(capital) = text.chars().find(|c| c.is_uppercase()) {
        return error(
            format!("`{text}` has the capital `{capital}`"),
            format!("write `{}`: patterns are compared with lower-cased text", text.to_lowercase()),
        );
    }
    let folded = Folded::new(text);
    if folded.text().is_empty() {
        return error(format!("`{}` folds to nothing", text.escape_default()), "remove it");
    }
    let mut nodes: Vec<Node> = Vec::new();
    for (n, word) in folded.text().split(' ').enumerate() {
        if n > 0 {
            nodes.push(Node::Blank);
        }
        if !word.is_empty() {
            nodes.push(Node::Literal(Text::Owned(word.to_owned())));
        }
    }
    Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::Sequence(nodes) })
}

fn slot<'s>(name: &'s str, keep: fn(&'s str) -> Text) -> Result<Slot, TemplateError> {
    if let Some(count) = name.strip_prefix("any:") {
        return match count.parse() {
            Ok(n @ 1..=MAX_GAP) => Ok(Slot::Any(n)),
            _ => error(
                format!("`{{{name}}}` has no good count"),
                format!("write a number from 1 to {MAX_GAP}, as in `{{any:12}}`"),
            ),
        };
    }
    Ok(match name {
        "any" => return error("`{any}` has no count", "write the most words it may take in, as in `{any:12}`"),
        "n" => Slot::Number,
        "name" => Slot::Name,
        "date" => Slot::Date,
        "time" => Slot::Time,
        "url" => Slot::Url,
        "email" => Slot::Email,
        "handle" => Slot::Handle,
        "title" => Slot::Title,
        list if !list.is_empty() && list.chars().all(|c| c.is_ascii_lowercase() || c == '-') => Slot::List(keep(list)),
        _ => {
            return error(
                format!("`{{{name}}}` is no slot"),
                format!(
                    "write {{any:12}}, one of {{{}}}, or the name of a word list in kebab case",
                    SLOT_NAMES[1..].join("}, {")
                ),
            );
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(source: &str) -> Result<Node, TemplateError> {
        super::parse(source, |text| Text::Owned(text.to_owned()))
    }

    fn literal(text: &'static str) -> Node {
        Node::Literal(text.into())
    }

    fn mistake(source: &str) -> String {
        parse(source).map(|node| format!("{node:?}")).unwrap_err().to_string()
    }

    #[test]
    fn words_choices_options_and_slots() {
        assert_eq!(
            parse("(kindly|please)? share this {piece}"),
            Ok(Node::Sequence(vec![
                Node::Optional(Box::new(Node::Choice(vec![literal("kindly"), literal("please")]))),
                Node::Blank,
                literal("share"),
                Node::Blank,
                literal("this"),
                Node::Blank,
                Node::Slot(Slot::List("piece".into())),
            ]))
        );
        assert_eq!(
            parse("thought(s)? on"),
            Ok(Node::Sequence(vec![
                literal("thought"),
                Node::Optional(Box::new(Node::Choice(vec![literal("s")]))),
                Node::Blank,
                literal("on"),
            ]))
        );
    }

    #[test]
    fn escapes_are_literal() {
        assert_eq!(parse(r"why\? \(more\)"), Ok(Node::Sequence(vec![literal("why?"), Node::Blank, literal("(more)")])));
    }

    #[test]
    fn literals_are_folded_as_text_is() {
        assert_eq!(parse("don’t"), Ok(literal("don't")));
        assert_eq!(parse("lire aussi :"), parse("lire aussi:"));
        assert_eq!(parse("straße"), Ok(literal("strasse")));
    }

    #[test]
    fn every_mistake_says_what_to_write() {
        assert!(mistake("Share this").contains("write `share`"));
        assert!(mistake("(a|)").contains("`(a|b)?`"));
        assert!(mistake("please?").contains("matches empty text"));
        assert!(mistake("(a|b").contains("never closed"));
        assert!(mistake("a) b").contains("closes nothing"));
        assert!(mistake("a | b").contains("outside of brackets"));
        assert!(mistake("read {any}").contains("{any:12}"));
        assert!(mistake("read {any:900}").contains("from 1 to"));
        assert!(mistake("read {Piece}").contains("no slot"));
        assert!(mistake("read ? more").contains("touches nothing"));
        assert!(mistake("((((((a))))))").contains("nest deeper"));
        assert!(mistake(r"a \q").contains("means nothing"));
        assert!(mistake("read( more)?").contains("before the bracket"));
    }
}
