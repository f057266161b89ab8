//! `dechrome rules check`: mistakes in rule files, rules that take too much, and rules that are of no use.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use dechrome::check::{Finding, Severity, check_rules};
use dechrome::{Cleaner, Origin, Rule, RuleSet};

use super::load;
use super::rules::counted;
use crate::args::RuleFlags;
use crate::exit::{Exit, usage};
use crate::ui::{self, Ui};

/// Checks the rules of these files against all others; without files, the built-in ones.
pub(crate) fn run(flags: RuleFlags, ui: Ui) -> anyhow::Result<Exit> {
    let set = load::rule_set(&flags)?;
    let wanted = |origin: &Origin| origin.builtin == flags.paths.is_empty();
    let found = check_rules(&set, wanted);
    let mut mistakes = without_case(&set, wanted)?;
    mistakes.extend(of_severity(&found, Severity::Error).map(|found| found.mistake.to_string()));
    if !mistakes.is_empty() {
        return Err(usage(format!("the rules have mistakes:\n{}", mistakes.join("\n"))));
    }
    let told = found.iter().filter(|found| found.severity == Severity::Warning || ui.verbose);
    let told: String = told.map(|found| ui::safe_lines(&found.to_string()) + "\n").collect();
    let rules: Vec<&Rule> = set.rules().iter().filter(|rule| wanted(&rule.origin)).collect();
    let files = match flags.paths.is_empty() {
        true => rules.iter().map(|rule| &rule.origin.file).collect::<BTreeSet<_>>().len(),
        false => rule_files(&flags.paths).len(),
    };
    let warnings = of_severity(&found, Severity::Warning).count();
    let warned = if warnings == 0 { String::new() } else { format!(", {}", counted(warnings, "warning")) };
    let (rules, files) = (counted(rules.len(), "rule"), counted(files, "file"));
    ui::print(&format!("{told}{rules} in {files}, no mistakes{warned}\n"))?;
    Ok(Exit::Done)
}

fn of_severity(found: &[Finding], severity: Severity) -> impl Iterator<Item = &Finding> {
    found.iter().filter(move |found| found.severity == severity)
}

/// The rules that need a case and have none.
fn without_case(set: &RuleSet, wanted: impl Fn(&Origin) -> bool) -> anyhow::Result<Vec<String>> {
    let cleaner = Cleaner::builder().rules(set.clone()).build().map_err(|error| usage(error.to_string()))?;
    let missing = cleaner.rules_without_case();
    Ok(missing.iter().filter(|failure| wanted(failure.origin())).map(ToString::to_string).collect())
}

/// The rule files that these paths name.
fn rule_files(paths: &[PathBuf]) -> BTreeSet<PathBuf> {
    let is_rules = |path: &Path| path.extension().is_some_and(|extension| extension == "toml");
    let below = |path: &PathBuf| {
        let named = path.clone();
        let walk = walkdir::WalkDir::new(path).into_iter().filter_map(Result::ok);
        walk.filter(move |entry| entry.path() == named || is_rules(entry.path()))
            .filter(|entry| !entry.file_type().is_dir())
            .map(walkdir::DirEntry::into_path)
    };
    paths.iter().flat_map(below).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_files_are_counted() {
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(rule_files(&[here.join("Cargo.toml"), here.join("nowhere")]).len(), 1);
        assert_eq!(rule_files(&[here.join("tests/help")]).len(), 0);
    }
}
