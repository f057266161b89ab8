//! The template language: readable patterns over folded text.
//!
//! ```text
//! (kindly|please)? share this {piece}
//! ```
//!
//! Words stand for themselves, `(a|b)` is a choice, `?` makes the word, `)` or `}` that it touches optional, and `{…}` is a
//! slot: a kind of thing (`{n}`, `{date}`), or a word list of a vocabulary (`{piece}`).

mod beginnings;
mod bounds;
mod folding;
mod literals;
mod marks;
mod measure;
mod needs;
mod parse;
mod prefix;

pub(crate) use beginnings::Beginnings;
pub(crate) use bounds::Bounds;
pub(crate) use literals::{Anchor, Detail, Held, anchor, is_foreign, needs_figure};
pub(crate) use marks::{Marks, any, needed_marks};
pub(crate) use needs::{Needs, needs};
pub(crate) use parse::TemplateError;
pub(crate) use prefix::{END, MAX_PREFIX, Opening, Prefix};

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use crate::text::chars::is_edge;

/// A text of a rule. Those of built-in rules are compiled into the program, and mostly need no copy of them.
pub(crate) type Text = Cow<'static, str>;

/// A pattern, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// Folded characters without a blank.
    Literal(Text),
    /// One folded blank; none is needed beside punctuation or between characters of unspaced scripts.
    Blank,
    /// One of several.
    Choice(Vec<Node>),
    /// One behind the other.
    Sequence(Vec<Node>),
    /// Something, or nothing.
    Optional(Box<Node>),
    /// A kind of thing.
    Slot(Slot),
}

/// A kind of thing that a pattern asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Slot {
    /// A number: `12`, `1,204`, `3.4k`.
    Number,
    /// A name of one to five words, each with a capital in the original (scripts without capitals: any words).
    Name,
    /// A calendar date in figures or words.
    Date,
    /// A time of day.
    Time,
    /// A web address.
    Url,
    /// An e-mail address.
    Email,
    /// A handle such as `@example`.
    Handle,
    /// The title of the document at hand.
    Title,
    /// At most so many words, at least one, as few as possible; never across the end of a sentence.
    Any(u8),
    /// An entry of the word list of this name.
    List(Text),
}

/// The slots that are not word lists, as they are written.
pub(crate) const SLOT_NAMES: &[&str] = &["any", "date", "email", "handle", "n", "name", "time", "title", "url"];

/// A pattern of a rule: as it is written, and as it was read.
#[derive(Clone)]
pub struct Template {
    source: Text,
    edges: Edges,
    /// A pattern that is compiled into the program is read when it is first asked for.
    node: OnceLock<Node>,
}

/// At which edges a pattern loses the literal marks that the folded view of a line does not have there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Edges {
    pub(crate) start: bool,
    pub(crate) end: bool,
}

impl Template {
    /// Reads a pattern.
    pub(crate) fn new(source: &str) -> Result<Template, TemplateError> {
        let node = parse::parse(source, |text| Text::Owned(text.to_owned()))?;
        measure::check_size(&node)?;
        Ok(Template { source: Text::Owned(source.to_owned()), edges: Edges::default(), node: OnceLock::from(node) })
    }

    /// A pattern that is compiled into the program, which the build script has read: it is read without copies of its texts,
    /// and when it is first asked for.
    pub(crate) fn of_static(source: &'static str, edges: Edges) -> Template {
        Template { source: Text::Borrowed(source), edges, node: OnceLock::new() }
    }

    /// The pattern as it is written in its rule file.
    pub fn source(&self) -> &str {
        &self.source
    }

    pub(crate) fn node(&self) -> &Node {
        self.node.get_or_init(|| self.read())
    }

    /// The nodes for one who needs them once: they are not kept.
    pub(crate) fn node_once(&self) -> Cow<'_, Node> {
        self.node.get().map_or_else(|| Cow::Owned(self.read()), Cow::Borrowed)
    }

    fn read(&self) -> Node {
        // Only a pattern that was read well is ever left unread; a mistake would be one that no text matches.
        let read = match &self.source {
            Text::Borrowed(source) => parse::parse(source, Text::Borrowed),
            Text::Owned(source) => parse::parse(source, |text| Text::Owned(text.to_owned())),
        };
        inside(read.unwrap_or(Node::Literal(Text::Borrowed("\0"))), self.edges)
    }

    /// The names of the word lists the pattern asks for.
    pub(crate) fn lists(&self) -> Vec<&str> {
        self.node().lists()
    }

    /// The pattern without the literal marks at these edges.
    pub(crate) fn without_edges(self, edges: Edges) -> Template {
        let Template { source, node, .. } = self;
        let node = node.into_inner().map(|node| inside(node, edges));
        Template { source, edges, node: node.map_or_else(OnceLock::new, OnceLock::from) }
    }

    /// Whether trimming left nothing to match.
    pub(crate) fn is_void(&self) -> bool {
        parse::matches_empty(self.node())
    }
}

impl Node {
    /// The names of the word lists it asks for.
    pub(crate) fn lists(&self) -> Vec<&str> {
        let mut names = Vec::new();
        collect_lists(self, &mut names);
        names
    }
}

impl PartialEq for Template {
    fn eq(&self, other: &Template) -> bool {
        self.source == other.source && self.node() == other.node()
    }
}

impl Eq for Template {}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template").field("source", &self.source).field("node", self.node()).finish()
    }
}

/// A node without the literal marks at its outer edges.
fn inside(mut node: Node, edges: Edges) -> Node {
    if edges.start {
        trim(&mut node, true);
    }
    if edges.end {
        trim(&mut node, false);
    }
    node
}

fn collect_lists<'n>(node: &'n Node, names: &mut Vec<&'n str>) {
    match node {
        Node::Slot(Slot::List(name)) => names.push(name),
        Node::Choice(nodes) | Node::Sequence(nodes) => nodes.iter().for_each(|node| collect_lists(node, names)),
        Node::Optional(node) => collect_lists(node, names),
        Node::Literal(_) | Node::Blank | Node::Slot(_) => {}
    }
}

/// Whether trimming changes a pattern; nearly none, and finding out is much cheaper than trimming.
fn is_trimmed(node: &Node, start: bool) -> bool {
    match node {
        Node::Literal(text) if start => text.chars().next().is_none_or(is_edge),
        Node::Literal(text) => text.chars().next_back().is_none_or(is_edge) || text.ends_with(".."),
        Node::Sequence(nodes) => if start { nodes.first() } else { nodes.last() }
            .is_some_and(|edge| *edge == Node::Blank || is_trimmed(edge, start)),
        Node::Choice(nodes) => nodes.iter().any(|node| is_trimmed(node, start)),
        Node::Blank | Node::Optional(_) | Node::Slot(_) => false,
    }
}

fn trim(node: &mut Node, start: bool) {
    if !is_trimmed(node, start) {
        return;
    }
    match node {
        Node::Literal(text) => *text = trimmed(text, start),
        Node::Sequence(nodes) => {
            while let Some(edge) = if start { nodes.first_mut() } else { nodes.last_mut() } {
                trim(edge, start);
                let gone = matches!(edge, Node::Blank) || matches!(edge, Node::Literal(text) if text.is_empty());
                if !gone || nodes.len() == 1 {
                    break;
                }
                nodes.remove(if start { 0 } else { nodes.len() - 1 });
            }
        }
        // An alternative that is nothing but marks stays, so that the choice does not become optional unnoticed.
        Node::Choice(nodes) => {
            for node in nodes {
                let mut trimmed = node.clone();
                trim(&mut trimmed, start);
                if !parse::matches_empty(&trimmed) {
                    *node = trimmed;
                }
            }
        }
        Node::Blank | Node::Optional(_) | Node::Slot(_) => {}
    }
}

fn trimmed(text: &str, start: bool) -> Text {
    let kept = if start { text.trim_start_matches(is_edge) } else { text.trim_end_matches(is_edge) };
    let kept = if !start && kept.ends_with("..") { kept.trim_end_matches('.') } else { kept };
    Text::Owned(kept.to_owned())
}
