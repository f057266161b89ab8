//! What one rule is, once it has been read and checked.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::list::List;
use super::template::Template;

/// How much a hit of a rule proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// The hit decides by itself.
    Alone,
    /// The hit needs a second witness: a place, a neighbour, a short line.
    Supported,
    /// The hit counts only inside a run of such lines.
    Run,
}

/// Which part of the text a hit covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// The whole line.
    Line,
    /// The line begins so, and the rest looks like a headline or a link text.
    Start,
    /// The line ends so.
    End,
    /// A part inside a line, cut at sentence or bracket borders.
    Span,
    /// This line and the lines that belong to it, up to a stop and a cap.
    Block,
    /// From here to the end of the document, when no body prose follows.
    Tail,
}

/// Where in the document a rule may act.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// Anywhere.
    #[default]
    Any,
    /// Before the first paragraph of the body.
    Head,
    /// After the last paragraph of the body.
    Tail,
}

/// What a hit asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// The text should go.
    #[default]
    Remove,
    /// The text must stay, whatever else speaks against it.
    Protect,
}

/// Where a span that has begun ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Until {
    /// At the end of the sentence.
    #[default]
    Sentence,
    /// At the bracket that closes the one before the span.
    Bracket,
    /// At the end of the line.
    Line,
}

/// How far characters are folded before a rule is compared with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FoldMode {
    /// Compatibility forms, case, quotes, dashes, invisible marks, white space.
    #[default]
    Plain,
    /// Also look-alike letters of other scripts, and letters set apart by blanks.
    Loose,
}

macro_rules! display_as_key {
    ($($kind:ty),*) => {$(
        impl fmt::Display for $kind {
            /// Writes the word that stands for this in a rule file.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let name = format!("{self:?}");
                f.write_str(&name.to_ascii_lowercase())
            }
        }
    )*};
}
display_as_key!(Strength, Form, Place, Action, Until, FoldMode);

/// The file and line a rule was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file, as it was named; built-in files are named from `rules/` on.
    pub file: PathBuf,
    /// The line of the rule's `[[rule]]`, counted from 1.
    pub line: usize,
    /// Whether the rule is compiled into the program.
    pub builtin: bool,
}

/// What a rule compares text with.
#[derive(Clone, Debug)]
pub enum Matchers {
    /// Readable templates; any of them may match.
    Templates(List<Template>),
    /// Regular expressions over the folded text; any of them may match.
    Regexes(List<String>),
}

impl Matchers {
    /// The patterns or regular expressions as they are written in the file.
    pub fn sources(&self) -> Vec<&str> {
        match self {
            Matchers::Templates(templates) => templates.iter().map(Template::source).collect(),
            Matchers::Regexes(regexes) => regexes.iter().map(String::as_str).collect(),
        }
    }

    /// How many patterns there are.
    pub(crate) fn count(&self) -> usize {
        match self {
            Matchers::Templates(templates) => templates.count(),
            Matchers::Regexes(regexes) => regexes.count(),
        }
    }

    /// The patterns one by one.
    pub(crate) fn each(&self) -> Vec<Matchers> {
        match self {
            Matchers::Templates(all) => all.iter().map(|one| Matchers::Templates(vec![one.clone()].into())).collect(),
            Matchers::Regexes(all) => all.iter().map(|one| Matchers::Regexes(vec![one.clone()].into())).collect(),
        }
    }
}

/// One entry of a pattern set.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its stable, unique name in kebab case.
    pub id: Arc<str>,
    /// The kind of chrome it knows, e.g. `share`.
    pub category: Arc<str>,
    /// The languages whose word lists its patterns use; empty for `any`.
    pub langs: Vec<Arc<str>>,
    /// How much a hit proves.
    pub strength: Strength,
    /// Which part of the text a hit covers.
    pub form: Form,
    /// Where it may act.
    pub place: Place,
    /// Whether a hit removes or protects.
    pub action: Action,
    /// Where a span ends; only of use for [`Form::Span`].
    pub until: Until,
    /// How far text is folded before it is compared.
    pub fold: FoldMode,
    /// How many lines a block may take after its first; only of use for [`Form::Block`].
    pub max_lines: usize,
    /// What it compares text with.
    pub matchers: Matchers,
    /// Why the rule exists, in a sentence; empty for built-in rules that were loaded without examples.
    pub why: String,
    /// Texts it must match; none for built-in rules that were loaded without examples.
    pub hit: Vec<String>,
    /// Texts it must not match; none for built-in rules that were loaded without examples.
    pub miss: Vec<String>,
    /// Earlier names, which still work in `--keep` and `--drop`.
    pub was: Vec<Arc<str>>,
    /// Where it was read.
    pub origin: Origin,
}

impl Rule {
    /// Its patterns or regular expressions as they are written in the file.
    pub fn patterns(&self) -> Vec<&str> {
        self.matchers.sources()
    }

    /// Its languages as its file names them: `any` where there is no other.
    pub fn lang_names(&self) -> Vec<&str> {
        if self.langs.is_empty() { vec!["any"] } else { self.langs.iter().map(|lang| &**lang).collect() }
    }

    /// Whether the rule needs a `[[case]]`, because its verdict depends on more than its own line.
    pub fn needs_case(&self) -> bool {
        self.action == Action::Remove
            && (self.strength != Strength::Alone || matches!(self.form, Form::Block | Form::Tail))
    }
}

/// A text with what must be left of it: the test of a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The document.
    pub text: String,
    /// What must be left, trailing white space aside.
    pub kept: String,
    /// Where it was read.
    pub origin: Origin,
}
