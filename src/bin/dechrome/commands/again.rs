//! The command that does to one input what a run did, and writes nothing: to see a mistake of the program again.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::ValueEnum;

use super::clean::value_name;
use crate::args::{Clean, FormatName, HtmlTextName, PresetName};
use crate::shell::quoted;

/// The options of a run that decide what becomes of a text.
#[derive(Debug)]
pub(crate) struct Again(Vec<OsString>);

impl Again {
    /// Takes them from the arguments, those of a configuration file among them.
    pub(crate) fn of(args: &Clean) -> Again {
        let Clean { rules, targets, formats, records, account, .. } = args;
        let mut again = Again(vec!["--no-config".into()]);
        rules.paths.iter().for_each(|path| again.add("--rules", path));
        if rules.no_default_rules {
            again.0.push("--no-default-rules".into());
        }
        again.name("--preset", Some(targets.preset).filter(|&preset| preset != PresetName::Balanced));
        again.name("--title", targets.title);
        targets.keep.iter().for_each(|id| again.add("--keep", id));
        targets.drop.iter().for_each(|id| again.add("--drop", id));
        again.name("--format", Some(formats.format).filter(|&format| format != FormatName::Auto));
        again.name("--html-text", Some(formats.html_text).filter(|&text| text != HtmlTextName::Article));
        let texts = [
            ("--lang", &targets.lang),
            ("--encoding", &args.encoding),
            ("--text-field", &formats.text_field),
            ("--url-field", &formats.url_field),
            ("--title-field", &formats.title_field),
            ("--id-field", &formats.id_field),
        ];
        texts.into_iter().for_each(|(option, text)| text.iter().for_each(|text| again.add(option, text)));
        records.max_record.iter().for_each(|size| again.add("--max-record", size.to_string()));
        records.max_ratio.iter().for_each(|ratio| again.add("--max-ratio", ratio.to_string()));
        again.name("--tags", account.tags);
        again
    }

    /// An option and its value are one argument, so that no value is taken for an option.
    fn add(&mut self, option: &str, value: impl AsRef<OsStr>) {
        let mut argument = OsString::from(format!("{option}="));
        argument.push(value);
        self.0.push(argument);
    }

    fn name(&mut self, option: &str, value: Option<impl ValueEnum>) {
        value.into_iter().for_each(|value| self.add(option, value_name(value)));
    }

    /// The command for an input, as a shell takes it.
    pub(crate) fn command(&self, input: &Path) -> String {
        let before = ["dechrome", "clean", "--dry-run"].map(OsString::from).into_iter();
        let behind = [OsString::from("--"), input.as_os_str().to_owned()];
        let all = before.chain(self.0.iter().cloned()).chain(behind);
        all.map(|argument| quoted(&argument)).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::clean::options_used;
    use super::*;
    use crate::args::{Cli, Command};

    fn clean(args: &[&str]) -> Clean {
        let args = ["dechrome", "clean"].iter().chain(args);
        match Cli::try_parse_from(args).unwrap().command {
            Command::Clean(clean) => clean,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_command_says_all_that_decides_what_becomes_of_a_text() {
        let said = [
            "--rules=mine.toml",
            "--no-default-rules",
            "--preset=recall",
            "--title=keep",
            "--keep=byline",
            "--drop=caption",
            "--format=jsonl",
            "--html-text=full",
            "--lang=en",
            "--encoding=koi8-r",
            "--text-field=a.b",
            "--url-field=c",
            "--title-field=d",
            "--id-field=e",
            "--max-record=64M",
            "--max-ratio=7",
            "--tags=dolma",
            "--",
            "in/x.jsonl",
        ];
        let args = clean(&said);
        let command = Again::of(&args).command(Path::new("in/x.jsonl"));
        assert!(command.starts_with("dechrome clean --dry-run --no-config --rules=mine.toml "), "{command}");
        let told: Vec<&str> = command.split(' ').skip(2).collect();
        assert_eq!(options_used(&clean(&told)), options_used(&args));
    }

    #[test]
    fn what_was_not_said_is_not_repeated() {
        let command = Again::of(&clean(&["in", "--out", "out"])).command(Path::new("in/two words.txt"));
        assert_eq!(command, "dechrome clean --dry-run --no-config -- 'in/two words.txt'");
    }
}
