//! Writing the page. All that a first look needs is HTML and SVG that no script has to make; the documents lie beside
//! it as data, which the script reads when one is opened.

mod documents;
mod escape;
mod figures;
mod first;
mod overview;
mod policy;
mod rules;
mod tables;

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use self::escape::Html;
pub(super) use self::escape::data_json;
use self::policy::policy;
use super::Chosen;
use super::suspicion::suspicions;
use crate::clean::CONTEXT_RULES;
use crate::report::Summary;
use crate::rules::{Preset, RuleSet};

/// How a page of ours begins, so that it is known again.
pub const PAGE_MARK: &str = "<!doctype html>\n<!-- A review page of dechrome. -->\n";

const STYLES: &str = include_str!("../page.css");
const SCRIPT: &str = concat!(
    "\"use strict\";\n(() => {\n",
    include_str!("../show.js"),
    include_str!("../marks.js"),
    include_str!("../reader.js"),
    include_str!("../page.js"),
    "})();\n"
);

/// What is known besides the reports.
#[derive(Debug)]
pub struct Setting<'s> {
    /// The rules that tell what the ids of the reports stand for, with their reasons and examples.
    pub rules: &'s RuleSet,
    /// The reports, as messages name them, with the summaries beside them where there are such.
    pub runs: Vec<(String, Option<Summary>)>,
}

impl Setting<'_> {
    /// The hashes of the rules that the runs were made with, if they are others than those at hand.
    fn other_rules(&self) -> Vec<&str> {
        let hashes = self.runs.iter().filter_map(|(_, summary)| Some(summary.as_ref()?.rules.hash.as_str()));
        let mut hashes: Vec<&str> = hashes.filter(|hash| *hash != self.rules.hash()).collect();
        hashes.sort_unstable();
        hashes.dedup();
        hashes
    }

    /// What a rule or judgement is there for; nothing where it is not known.
    fn why(&self, id: &str) -> Option<&str> {
        let context = CONTEXT_RULES.iter().find(|context| context.id == id).map(|context| context.why);
        let blank =
            (id == "blank").then_some("Blank lines that removals left behind: one gap between paragraphs is enough.");
        let rule = self.rules.get(id).map(|rule| rule.why.as_str());
        rule.or(context).or(blank).filter(|why| !why.is_empty())
    }

    /// The categories that a rule may have so that it removes something under the presets of these runs.
    fn categories(&self) -> Vec<CategoryData<'_>> {
        let named = self.runs.iter().filter_map(|(_, summary)| summary.as_ref()?.options.preset.as_deref());
        let mut presets: Vec<Preset> = named.filter_map(Preset::of_name).collect();
        if presets.is_empty() {
            presets.push(Preset::Balanced);
        }
        let all = self.rules.known_categories().iter();
        let removed = all.filter(|category| !presets.iter().any(|preset| category.is_kept(*preset)));
        removed.map(|category| CategoryData { name: &category.name, about: &category.about }).collect()
    }
}

/// What the script knows of a category.
#[derive(Serialize)]
struct CategoryData<'d> {
    name: &'d str,
    about: &'d str,
}

/// What the script knows of the page.
#[derive(Serialize)]
struct PageData<'d> {
    fingerprint: &'d str,
    documents: usize,
    categories: Vec<CategoryData<'d>>,
    /// What the rules are there for.
    rules: BTreeMap<&'d str, &'d str>,
}

impl Chosen {
    /// Writes the page.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(mut self, setting: &Setting<'_>, out: &mut dyn Write) -> io::Result<()> {
        self.settle();
        let sites = self.sums.totals.by_site.len();
        let suspicions = suspicions(&self.sums.facts, setting.rules, sites);
        let rules = rules::shown(&self);
        let title = overview::title(setting);
        write!(out, "{PAGE_MARK}<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")?;
        writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">", policy(SCRIPT, STYLES))?;
        writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
        writeln!(
            out,
            "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">"
        )?;
        writeln!(out, "<title>{}</title>\n<style>{STYLES}</style>\n</head>\n<body>", Html(&title))?;
        out.write_all(include_bytes!("../frame.html"))?;
        writeln!(out, "<main id=\"main\" tabindex=\"-1\">\n<div id=\"overview\">")?;
        out.write_all(overview::section(&self, setting, &title).as_bytes())?;
        if self.sums.totals.documents.total > 0 {
            out.write_all(first::section(&self, &suspicions, &rules).as_bytes())?;
            out.write_all(overview::shares(&self).as_bytes())?;
            out.write_all(tables::section(&self).as_bytes())?;
            out.write_all(rules::section(&self, setting, &rules, &suspicions).as_bytes())?;
            out.write_all(documents::section(&self).as_bytes())?;
        }
        writeln!(out, "</div>")?;
        out.write_all(include_bytes!("../reader.html"))?;
        writeln!(out, "</main>")?;
        self.write_data(setting, &rules, out)?;
        write!(out, "<script>{SCRIPT}</script>\n</body>\n</html>\n")?;
        out.flush()
    }

    fn write_data(&self, setting: &Setting<'_>, rules: &[String], out: &mut dyn Write) -> io::Result<()> {
        let page = PageData {
            fingerprint: &self.fingerprint,
            documents: self.documents.len(),
            categories: setting.categories(),
            rules: rules.iter().filter_map(|id| Some((id.as_str(), setting.why(id)?))).collect(),
        };
        writeln!(out, "<script type=\"application/json\" id=\"page-data\">{}</script>", data_json(&page))?;
        for (number, document) in self.documents.iter().enumerate() {
            let json = document.json.as_deref().unwrap_or("null");
            writeln!(out, "<script type=\"application/json\" id=\"document-{number}\">{json}</script>")?;
        }
        Ok(())
    }
}
