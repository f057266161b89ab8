//! The arguments.

mod account;
mod compare;
mod config;
mod formats;
mod help;
mod preview;
mod report;
mod restore;
mod shell;
mod why;

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use dechrome::pipeline::Shard;

pub(crate) use account::{AccountFlags, RemovedName, TagsName};
pub(crate) use compare::{Diff, Stats};
pub(crate) use config::Config;
use formats::parse_encoding;
pub(crate) use formats::{CompressName, FormatFlags, FormatName, HtmlTextName, RecordFlags};
pub(crate) use preview::PreviewFlags;
pub(crate) use report::{Report, ReportCommand, SchemaName};
pub(crate) use restore::Restore;
pub(crate) use shell::{Completions, Man};
pub(crate) use why::Why;

/// Removes site chrome from article text, and accounts for every byte it took away.
///
/// Site chrome is what a page puts round an article: share prompts, comment forms, "ALSO READ" links, newsletter boxes.
#[derive(Debug, Parser)]
#[command(name = "dechrome", version, after_help = help::DECHROME, propagate_version = false, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command knows.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more: what every input is, which are skipped or kept whole, what the rules removed
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// Whether to use colour; `auto` honours NO_COLOR, `always` does not
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,
    /// Whether to show progress on standard error
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) progress: When,
    /// Read options from FILE [default: dechrome.toml in the current directory, if there is one]
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Read options from no file
    #[arg(long, global = true)]
    pub(crate) no_config: bool,
}

/// When to do something that suits terminals; `auto` means on a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Clean(Clean),
    Explain(Explain),
    Diff(Diff),
    Report(Report),
    Restore(Restore),
    Why(Why),
    Rules(Rules),
    Config(Config),
    Completions(Completions),
    Man(Man),
}

/// Clean files and directories, or standard input
///
/// With --out, every INPUT is cleaned into DIR, which then holds the same tree of files, report.jsonl with a row for
/// every document, and summary.json with the totals. Text, HTML, JSON Lines, CSV, TSV, WARC, WET and Parquet files are
/// cleaned, known by their content and their names, compressed or not; others are skipped and named in the summary. What
/// cannot be cleaned goes unchanged to DIR/quarantine.
///
/// Without --out, one FILE or standard input is cleaned to standard output. With --dry-run, --diff or --check nothing is
/// written: they show what would be.
#[derive(Debug, Args)]
#[command(after_help = help::CLEAN)]
pub(crate) struct Clean {
    /// Files and directories; `-` or none for standard input
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The directory to write to: a new or an empty one, but with --overwrite or --resume
    #[arg(short, long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,
    /// Without --out: write the report on the one INPUT to FILE, replacing it
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) report: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) account: AccountFlags,
    /// Replace what dechrome wrote to DIR before; files of others stay
    #[arg(long, conflicts_with = "resume", help_heading = "Output")]
    pub(crate) overwrite: bool,
    /// Go on with a run into DIR that was stopped, or clean only what has changed since it was finished
    #[arg(long, help_heading = "Output")]
    pub(crate) resume: bool,
    /// Have the system write down every file, its name and its place in the journal before the next counts, so that not even
    /// a power failure loses what was done; slower
    #[arg(long, help_heading = "Output")]
    pub(crate) sync: bool,
    /// Clean only the I-th of N parts of the inputs, to divide a run among machines
    #[arg(long, value_name = "I/N", help_heading = "Output")]
    pub(crate) shard: Option<Shard>,
    /// Clean on N threads [default: one for every core]
    #[arg(short = 'j', long, value_name = "N", value_parser = parse_threads, help_heading = "Limits")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// The encoding of inputs that are not UTF-8, for example windows-1252 [default: told from the bytes]
    #[arg(long, value_name = "LABEL", value_parser = parse_encoding, help_heading = "Formats")]
    pub(crate) encoding: Option<String>,
    #[command(flatten)]
    pub(crate) preview: PreviewFlags,
    #[command(flatten)]
    pub(crate) formats: FormatFlags,
    #[command(flatten)]
    pub(crate) records: RecordFlags,
    #[command(flatten)]
    pub(crate) rules: RuleFlags,
    #[command(flatten)]
    pub(crate) targets: TargetFlags,
}

/// Where rules come from.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleFlags {
    /// Add rules from a file or directory; may be repeated
    #[arg(long = "rules", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Leave the built-in rules out
    #[arg(long)]
    pub(crate) no_default_rules: bool,
}

/// How careful cleaning is, and what is kept or dropped against what the rules say.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct TargetFlags {
    /// How careful to be
    #[arg(long, value_name = "PRESET", default_value = "balanced")]
    pub(crate) preset: PresetName,
    /// Keep what this rule or category would remove; may be repeated
    #[arg(long, value_name = "ID|CATEGORY")]
    pub(crate) keep: Vec<String>,
    /// Remove what this rule or category knows although it is kept by default; may be repeated
    #[arg(long, value_name = "ID|CATEGORY")]
    pub(crate) drop: Vec<String>,
    /// What becomes of the title above the body [default: keep, but under the preset recall: drop]
    #[arg(long, value_name = "WHAT")]
    pub(crate) title: Option<TitleWish>,
    /// The language of every document, as an ISO 639 code [default: told from each text]
    #[arg(long, value_name = "CODE")]
    pub(crate) lang: Option<String>,
}

/// The presets, as they are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PresetName {
    /// Only what is certain goes; credits, contacts, author notes and tags stay
    Precision,
    /// What a careful reader would take away goes; bylines, captions and corrections stay
    Balanced,
    /// What is likely chrome goes; so do bylines, captions and the title: the body only
    Recall,
}

/// What becomes of titles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TitleWish {
    /// It stays, once
    Keep,
    /// It goes
    Drop,
}

/// Show every line of a document with its verdict, the rule and the evidence
#[derive(Debug, Args)]
#[command(after_help = help::EXPLAIN)]
pub(crate) struct Explain {
    /// The document; `-` for standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Fold long stretches of lines that stay
    #[arg(long, conflicts_with = "json")]
    pub(crate) changes: bool,
    /// Which record of a FILE that holds many: its line, row or number, counted from 1
    #[arg(long, value_name = "N")]
    pub(crate) record: Option<NonZeroU64>,
    /// The encoding of an input that is not UTF-8 [default: told from the bytes]
    #[arg(long, value_name = "LABEL", value_parser = parse_encoding, help_heading = "Formats")]
    pub(crate) encoding: Option<String>,
    #[command(flatten)]
    pub(crate) formats: FormatFlags,
    #[command(flatten)]
    pub(crate) rules: RuleFlags,
    #[command(flatten)]
    pub(crate) targets: TargetFlags,
}

/// List, show, index, count, check and test rules
#[derive(Debug, Args)]
#[command(after_help = help::RULES)]
pub(crate) struct Rules {
    #[command(subcommand)]
    pub(crate) command: RulesCommand,
}

/// What to do with rules.
#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List all rules, one a line
    #[command(after_help = help::LIST)]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        rules: RuleFlags,
    },
    /// Show one rule with its patterns and examples
    #[command(after_help = help::SHOW)]
    Show {
        /// The rule
        #[arg(value_name = "ID")]
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        rules: RuleFlags,
    },
    /// Print an index of all rules in Markdown, as rules/INDEX.md has it
    #[command(after_help = help::INDEX)]
    Index {
        #[command(flatten)]
        rules: RuleFlags,
    },
    Stats(Stats),
    /// Read rule files and report every mistake in them
    ///
    /// Mistakes are what cannot be read, rules that match ordinary text, and rules that need a case and have none. Warnings
    /// are rules, patterns and alternatives that are of no use, since others do the same. With -v, patterns that no hit of
    /// their rule shows are named, too.
    #[command(after_help = help::CHECK)]
    Check {
        /// Rule files and directories; none for the built-in rules
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Read them without the built-in rules
        #[arg(long, requires = "paths")]
        no_default_rules: bool,
    },
    /// Run every hit, miss and case of rule files, or of the built-in rules
    #[command(after_help = help::TEST)]
    Test {
        /// Rule files and directories; none for the built-in rules
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Run them without the built-in rules
        #[arg(long, requires = "paths")]
        no_default_rules: bool,
    },
}

fn parse_threads(text: &str) -> Result<NonZeroUsize, String> {
    const MOST: usize = 1024;
    let number: Option<NonZeroUsize> = text.parse().ok();
    number.filter(|number| number.get() <= MOST).ok_or_else(|| format!("give a number from 1 to {MOST}"))
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory, Parser};

    use super::Cli;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    /// The program and all its commands.
    fn commands(program: &Command) -> Vec<&Command> {
        let mut found = vec![program];
        let mut at = 0;
        while let Some(command) = found.get(at) {
            found.extend(command.get_subcommands().filter(|below| below.get_name() != "help"));
            at += 1;
        }
        found
    }

    /// The command lines of dechrome in the help of a command, without remarks, redirections and what stands behind a pipe.
    fn examples(command: &Command) -> Vec<String> {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let lines = help
            .lines()
            .filter_map(|line| line.strip_prefix("  "))
            .map(|line| line.split(" #").next().unwrap().to_owned());
        let parts = lines.flat_map(|line| line.split('|').map(|part| part.trim().to_owned()).collect::<Vec<_>>());
        parts.filter(|part| part.starts_with("dechrome ")).collect()
    }

    #[test]
    fn every_command_has_examples_and_exit_statuses() {
        for command in commands(&Cli::command()) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(!examples(command).is_empty(), "no examples for {}", command.get_name());
            assert!(help.contains("Exit status:\n  0  "), "no exit statuses for {}", command.get_name());
        }
    }

    #[test]
    fn every_example_in_the_help_is_a_command_line() {
        let program = Cli::command();
        let examples: Vec<String> = commands(&program).into_iter().flat_map(examples).collect();
        assert!(examples.len() > 30, "{examples:?}");
        for example in examples {
            let words = example.split_whitespace().take_while(|word| ![">", "<"].contains(word));
            if let Err(error) = Cli::try_parse_from(words) {
                assert_eq!(error.kind(), clap::error::ErrorKind::DisplayHelp, "{example}: {error}");
            }
        }
    }
}
