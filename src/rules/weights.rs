//! What each kind of evidence weighs, where the thresholds lie, and how much may go.

use super::error::Mistakes;
use super::reader::{Fields, Source};

macro_rules! weights {
    ($($(#[doc = $doc:literal])* $section:literal $key:literal $field:ident,)*) => {
        /// The figures of `rules/weights.toml`.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub(crate) struct Weights {
            $($(#[doc = $doc])* pub(crate) $field: i32,)*
        }

        impl Weights {
            /// Every figure with its section and key, in the order of the file.
            pub(crate) fn entries(&self) -> Vec<(&'static str, &'static str, i32)> {
                vec![$(($section, $key, self.$field)),*]
            }

            /// Weights of these figures, in the same order.
            pub(super) fn of_values(values: &[i32]) -> Weights {
                let mut values = values.iter().copied();
                Weights { $($field: values.next().unwrap_or_default(),)* }
            }

            fn set(&mut self, section: &str, fields: &mut Fields<'_, '_, '_>) {
                $(if section == $section {
                    if let Some((value, line)) = fields.integer($key) {
                        match i32::try_from(value).ok().filter(|v| (-1000..=1000).contains(v)) {
                            Some(value) => self.$field = value,
                            None => fields.error(line, format!("`{}` is {value}", $key), "write a number from -1000 to 1000"),
                        }
                    }
                })*
            }
        }
    };
}

weights! {
    /// What a removal needs under each preset.
    "threshold" "precision" threshold_precision,
    "threshold" "balanced" threshold_balanced,
    "threshold" "recall" threshold_recall,
    /// A hit, by the strength of its rule.
    "hit" "alone" alone,
    "hit" "supported" supported,
    "hit" "run" run,
    /// Witnesses.
    "witness" "head" head,
    "witness" "tail" tail,
    "witness" "neighbour" neighbour,
    "witness" "short" short,
    "witness" "in-run" in_run,
    "witness" "language" language,
    "witness" "repeated-line" repeated_line,
    /// Context that speaks without any rule's hit.
    "context" "doubled-title" doubled_title,
    "context" "under-label" under_label,
    "context" "comment-tail" comment_tail,
    "context" "headline-tail" headline_tail,
    "context" "bare-headlines" bare_headlines,
    "context" "link-markup" link_markup,
    "context" "menu-run" menu_run,
    /// What must tell that an article is over, and how many words may go then, in percent of those before.
    "end" "precision" end_precision,
    "end" "balanced" end_balanced,
    "end" "recall" end_recall,
    "end" "share-precision" end_share_precision,
    "end" "share-balanced" end_share_balanced,
    "end" "share-recall" end_share_recall,
    /// Guards: what speaks against a removal.
    "guard" "quoted" quoted,
    "guard" "prose" prose,
    "guard" "middle" middle,
    /// How much of a document's words may go, in percent.
    "budget" "precision" budget_precision,
    "budget" "balanced" budget_balanced,
    "budget" "recall" budget_recall,
    "budget" "rule" budget_rule,
    "budget" "own-alone" budget_own_alone,
    "budget" "floor-words" budget_floor,
}

impl Weights {
    /// Takes over the figures of a file; those it does not name stay.
    pub(super) fn read(&mut self, source: &Source<'_>, errors: &mut Mistakes) {
        let Some(table) = source.parse(errors) else { return };
        let mut head = Fields::new(source, table.get_ref(), 1, errors);
        super::file::check_format(&mut head);
        for section in ["threshold", "hit", "witness", "context", "end", "guard", "budget"] {
            let Some((value, line)) = head.value(section) else { continue };
            let Some(inner) = value.as_table() else {
                head.error(line, format!("`{section}` is {}", super::reader::kind(value)), "write a table of figures");
                continue;
            };
            let mut found = Mistakes::default();
            let mut fields = Fields::new(source, inner, line, &mut found);
            self.set(section, &mut fields);
            fields.finish();
            for error in found.into_found() {
                head.error(error.line, error.what, error.help);
            }
        }
        head.finish();
    }
}
