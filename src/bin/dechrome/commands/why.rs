//! `dechrome why`: where a phrase went, and by which rule.

use std::cell::OnceCell;
use std::path::Path;

use dechrome::pipeline::{NotSeen, Outputs, Settings, hunt_in_outputs};
use dechrome::report::SCHEMA;
use dechrome::report::terminal::{Escaped, count, find_text, nowhere_text, why_of};
use dechrome::report::why::{Find, FoundRemoval, Hunt, Phrase};
use dechrome::{Cleaner, RuleSet, Strength};
use serde::Serialize;

use super::load;
use super::report::open::NamedReport;
use super::rules::print_json;
use crate::args::{self, RuleFlags};
use crate::exit::{Exit, usage};
use crate::ui::{self, Ui};

/// The longest phrase that is looked for, in bytes.
const LONGEST_PHRASE: usize = 10_000;

pub(crate) fn run(args: &args::Why, ui: Ui) -> anyhow::Result<Exit> {
    let phrase = phrase(&args.phrase)?;
    let limit = if args.limit == 0 { u64::MAX } else { args.limit };
    let mut hunt = Hunt::new(&phrase, limit);
    let reports: Vec<NamedReport> = args.reports.iter().map(|report| NamedReport::of(report)).collect();
    let reasons = Reasons { flags: &args.rules, set: OnceCell::new() };
    // A mistake in rules is told before anything is looked for.
    if !args.rules.paths.is_empty() {
        reasons.set()?;
    }
    let mut finds = Finds {
        ui,
        json: args.json,
        reasons: &reasons,
        report: String::new(),
        heading: None,
        kept: Vec::new(),
        error: None,
    };
    for report in &reports {
        finds.begin(report, reports.len());
        let done = hunt.in_removals(&mut *report.open()?, &mut |find| finds.take(find));
        done.map_err(|mistake| report.mistake(&mistake))?;
    }
    let mut not_seen = Vec::new();
    if hunt.found == 0 || args.kept {
        for (report, dir) in reports.iter().filter_map(|report| Some((report, report.dir()?))) {
            finds.begin(report, reports.len());
            not_seen.push(in_outputs(report, dir, &mut hunt, &mut finds)?);
        }
    }
    let Finds { kept, error, .. } = finds;
    error.map_or(Ok(()), Err)?;
    if args.json {
        print_json(&WhyJson::of(&args.phrase, &hunt, &kept, reasons.set()?, &not_seen))?;
    } else {
        conclude(&args.phrase, &hunt, limit, &reasons)?;
    }
    for NotSeen { total, first } in &not_seen {
        let Some((place, why)) = first else { continue };
        let others = if *total > 1 { format!(", and {} more", count(total - 1)) } else { String::new() };
        ui.note(&format!("not looked at as a whole: {}: {}{others}", Escaped(&place.to_string()), Escaped(why)));
    }
    Ok(if hunt.found > 0 { Exit::Done } else { Exit::Amiss })
}

fn phrase(text: &str) -> anyhow::Result<Phrase> {
    if text.len() > LONGEST_PHRASE {
        let most = count(LONGEST_PHRASE as u64);
        return Err(usage(format!("the phrase is longer than {most} bytes; give a sentence of it")));
    }
    Phrase::new(text).ok_or_else(|| usage("the phrase holds nothing that can be looked for; give a few of its words"))
}

fn in_outputs(report: &NamedReport, dir: &Path, hunt: &mut Hunt<'_>, finds: &mut Finds<'_>) -> anyhow::Result<NotSeen> {
    let options = report.summary(finds.ui).map(|summary| summary.options).unwrap_or_default();
    let fields = options.field_names();
    // Nothing is cleaned here.
    let cleaner = Cleaner::new();
    let mut settings = Settings { fields: &fields, explode: options.explode, ..Settings::new(&cleaner, &fields) };
    settings.max_record = settings.max_record.max(options.max_record);
    // What the run itself packed is no bomb.
    settings.max_ratio = u64::MAX;
    let outputs = Outputs { dir, settings };
    let done = hunt_in_outputs(hunt, &mut *report.open()?, outputs, &mut |find| finds.take(find));
    done.map_err(|mistake| report.mistake(&mistake))
}

/// The rules that tell why they exist; read when they are first asked for, since that takes a while.
struct Reasons<'a> {
    flags: &'a RuleFlags,
    set: OnceCell<RuleSet>,
}

impl Reasons<'_> {
    fn set(&self) -> anyhow::Result<&RuleSet> {
        if let Some(set) = self.set.get() {
            return Ok(set);
        }
        let loaded = load::rule_set(self.flags)?;
        Ok(self.set.get_or_init(|| loaded))
    }
}

/// What was found: shown as it comes, or kept to be printed as one piece of JSON.
struct Finds<'a> {
    ui: Ui,
    json: bool,
    reasons: &'a Reasons<'a>,
    /// The path of the report that is looked at.
    report: String,
    /// Its name for people, until it was shown above its first find; nothing where it is the only one.
    heading: Option<String>,
    kept: Vec<(String, Find)>,
    error: Option<anyhow::Error>,
}

impl Finds<'_> {
    fn begin(&mut self, report: &NamedReport, of: usize) {
        self.report = report.path();
        self.heading = (of > 1).then(|| report.name());
    }

    fn take(&mut self, find: &Find) {
        if self.json {
            self.kept.push((self.report.clone(), find.clone()));
        } else if self.error.is_none() {
            self.error = self.show(find).err();
        }
    }

    fn show(&mut self, find: &Find) -> anyhow::Result<()> {
        if let Some(heading) = self.heading.take() {
            ui::print(&format!("in {heading}\n"))?;
        }
        ui::print(&find_text(find, self.reasons.set()?, ui::look()))
    }
}

/// What is said at the end.
fn conclude(phrase: &str, hunt: &Hunt<'_>, limit: u64, reasons: &Reasons<'_>) -> anyhow::Result<()> {
    let more = hunt.found.saturating_sub(limit);
    if more > 0 {
        ui::print(&format!("and {} more (--limit 0 shows all)\n", count(more)))?;
    }
    if hunt.found == 0 {
        ui::print(&format!("not found: “{}”\n", Escaped(phrase)))?;
        // Without anything near, no reason need be read.
        if hunt.nearest.is_some() {
            ui::print(&nowhere_text(hunt, reasons.set()?, ui::look()))?;
        }
    }
    if hunt.without_text > 0 {
        let (without, all) = (count(hunt.without_text), count(hunt.without_text + hunt.texts));
        let what = if hunt.texts == 0 { "the report holds no texts" } else { "the report does not hold all texts" };
        ui::print(&format!(
            "{what}: {without} of {all} removals could not be looked at; clean again without --removed to have them\n"
        ))?;
    }
    Ok(())
}

/// The same for programs.
#[derive(Serialize)]
struct WhyJson<'w> {
    schema: u32,
    phrase: &'w str,
    found: u64,
    finds: Vec<FindJson<'w>>,
    nearest: Option<FindJson<'w>>,
    removals_without_text: u64,
    outputs_not_seen: u64,
}

impl<'w> WhyJson<'w> {
    fn of(
        phrase: &'w str,
        hunt: &'w Hunt<'_>,
        finds: &'w [(String, Find)],
        rules: &'w RuleSet,
        not_seen: &[NotSeen],
    ) -> WhyJson<'w> {
        WhyJson {
            schema: SCHEMA,
            phrase,
            found: hunt.found,
            finds: finds.iter().map(|(report, find)| FindJson::of(Some(report), find, rules)).collect(),
            nearest: hunt.nearest.as_ref().filter(|_| hunt.found == 0).map(|it| FindJson::of(None, &it.find, rules)),
            removals_without_text: hunt.without_text,
            outputs_not_seen: not_seen.iter().map(|it| it.total).sum(),
        }
    }
}

#[derive(Serialize)]
struct FindJson<'w> {
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<&'w str>,
    #[serde(flatten)]
    find: &'w Find,
    removed_by: Vec<RemovalJson<'w>>,
}

/// A removal, with what its rule says of itself.
#[derive(Serialize)]
struct RemovalJson<'w> {
    #[serde(flatten)]
    removal: &'w FoundRemoval,
    strength: Option<Strength>,
    why: Option<&'w str>,
}

impl<'w> FindJson<'w> {
    fn of(report: Option<&'w String>, find: &'w Find, rules: &'w RuleSet) -> FindJson<'w> {
        let told = |removal: &'w FoundRemoval| RemovalJson {
            removal,
            strength: rules.get(&removal.rule).map(|rule| rule.strength),
            why: why_of(&removal.rule, rules),
        };
        FindJson { report: report.map(String::as_str), find, removed_by: find.removed_by.iter().map(told).collect() }
    }
}
