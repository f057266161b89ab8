//! `dechrome diff`: what other rules would newly remove and give back.

use std::path::PathBuf;

use dechrome::clean::CONTEXT_RULES;
use dechrome::pipeline::{Compare, Discovery, Inputs, Settings, compare};
use dechrome::report::SCHEMA;
use dechrome::report::comparison::{ChangedDocument, Compared, Comparison, Side};
use dechrome::report::summary::Named;
use dechrome::report::tally::Sample;
use dechrome::report::terminal::{Escaped, comparison_text};
use dechrome::{Cleaner, RuleSet};
use serde::Serialize;

use super::clean::all_cores;
use super::load;
use super::rules::print_json;
use crate::args::{Diff, RuleFlags, TargetFlags};
use crate::exit::{Exit, usage};
use crate::progress::Reporter;
use crate::ui::{self, Ui};

/// Compares; `own` are the rules that belong to both sides.
pub(crate) fn run(args: &Diff, own: &RuleFlags, ui: Ui) -> anyhow::Result<Exit> {
    if args.inputs.iter().any(|input| input.as_os_str() == "-") {
        return Err(usage("`-` (standard input) cannot be compared; name files or directories"));
    }
    let encoding = load::charset(args.encoding.as_deref())?;
    let fields = load::fields(&args.formats)?;
    let (format, html) = (load::format(&args.formats), load::html_text(&args.formats));
    let inputs = Inputs::new(&args.inputs)?;
    let (before, after) = cleaners(args, own)?;
    let reporter = Reporter::new(ui);
    let run = Compare {
        inputs: &inputs,
        before: &before,
        after: &after,
        settings: Settings { encoding, format, html, ..Settings::new(&after, &fields) },
        threads: args.threads.unwrap_or_else(all_cores),
        samples: args.samples.into(),
        lists_documents: args.documents,
        observer: &reporter,
    };
    let found = reporter.watch(|| Discovery::of_inputs(&inputs), || compare(&run))?;
    tell_failures(&found);
    if args.json {
        print_json(&DiffJson::of(&found, args.documents))?;
    } else {
        ui::print(&comparison_text(&found))?;
    }
    Ok(if found.failed.is_empty() { Exit::Done } else { Exit::SomeFailed })
}

/// Cleaning as it was, and with the new rules.
fn cleaners(args: &Diff, own: &RuleFlags) -> anyhow::Result<(Cleaner, Cleaner)> {
    let (base, new) = compared(args, own);
    // A mistyped target is told by the new rules; one that only they have is nothing to the others.
    let after = load::cleaner(&new, &args.targets)?;
    let before = load::cleaner(&base, &known_targets(&args.targets, &load::lean_rule_set(&base)?))?;
    Ok((before, after))
}

/// The rules of both sides. Those of a configuration file stand on both, unless the command line says what to compare with,
/// and are what is tried where NEW names them.
fn compared(args: &Diff, own: &RuleFlags) -> (RuleFlags, RuleFlags) {
    let new = RuleFlags { paths: args.paths.clone(), no_default_rules: args.no_default_rules };
    if !args.base.is_empty() {
        return (RuleFlags { paths: args.base.clone(), no_default_rules: true }, new);
    }
    let real = |path: &PathBuf| std::fs::canonicalize(path).unwrap_or(path.clone());
    let tried: Vec<PathBuf> = new.paths.iter().map(real).collect();
    let mut base = own.clone();
    base.paths.retain(|path| !tried.contains(&real(path)));
    if new.no_default_rules {
        return (base, new);
    }
    let paths = [&base.paths[..], &new.paths].concat();
    let no_default_rules = own.no_default_rules;
    (base, RuleFlags { paths, no_default_rules })
}

/// The targets that a rule set knows.
fn known_targets(targets: &TargetFlags, set: &RuleSet) -> TargetFlags {
    let is_known = |target: &String| {
        set.get(target).is_some()
            || set.categories().any(|(name, _)| name == target)
            || CONTEXT_RULES.iter().any(|context| [context.id, context.category].contains(&target.as_str()))
    };
    let mut known = targets.clone();
    known.keep.retain(is_known);
    known.drop.retain(is_known);
    known
}

fn tell_failures(found: &Comparison) {
    for Named { path, reason, detail, .. } in &found.failed {
        ui::failed(&format!("{}: {}", Escaped(path), detail.as_deref().unwrap_or(reason)));
    }
}

/// The comparison as programs get it.
#[derive(Serialize)]
struct DiffJson<'c> {
    schema: u32,
    documents: &'c Compared,
    removed: SideJson<'c>,
    given_back: SideJson<'c>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<&'c [ChangedDocument]>,
    failed: &'c [Named],
}

impl<'c> DiffJson<'c> {
    fn of(found: &'c Comparison, lists_documents: bool) -> DiffJson<'c> {
        DiffJson {
            schema: SCHEMA,
            documents: &found.documents,
            removed: SideJson::of(&found.removed),
            given_back: SideJson::of(&found.given_back),
            changed: lists_documents.then_some(&found.listed),
            failed: &found.failed,
        }
    }
}

#[derive(Serialize)]
struct SideJson<'c> {
    documents: u64,
    words: u64,
    rules: Vec<RuleJson<'c>>,
}

impl<'c> SideJson<'c> {
    fn of(side: &'c Side) -> SideJson<'c> {
        let rules = side.tallies.by_words().into_iter().map(|(rule, tally)| RuleJson {
            rule,
            category: &tally.category,
            hits: tally.hits,
            documents: tally.documents,
            words: tally.words,
            samples: tally.samples(),
        });
        SideJson { documents: side.documents, words: side.words, rules: rules.collect() }
    }
}

#[derive(Serialize)]
struct RuleJson<'c> {
    rule: &'c str,
    category: &'c str,
    hits: u64,
    documents: u64,
    words: u64,
    samples: Vec<&'c Sample>,
}
