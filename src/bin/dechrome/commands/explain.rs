//! `dechrome explain`: every line of one document with its verdict.

use std::io;
use std::num::NonZeroU64;
use std::path::Path;

use dechrome::pipeline::{PlanError, Settings, Single, text_of};
use dechrome::report::terminal::{ExplainView, explain_json, explain_text};

use super::load;
use crate::args::Explain;
use crate::exit::{Exit, usage};
use crate::ui::{self, Ui, shown};

pub(crate) fn run(args: &Explain, _ui: Ui) -> anyhow::Result<Exit> {
    let encoding = load::charset(args.encoding.as_deref())?;
    let fields = load::fields(&args.formats)?;
    let file = checked(&args.file)?;
    let cleaner = load::cleaner(&args.rules, &args.targets)?;
    let (format, html) = (load::format(&args.formats), load::html_text(&args.formats));
    let settings = Settings { encoding, format, html, ..Settings::new(&cleaner, &fields) };
    let single = match file {
        Some(path) => Single::File(path),
        None => Single::Stream(Box::new(io::stdin())),
    };
    let name = file.map_or("standard input".into(), Path::to_string_lossy);
    let (text, encoding) = match text_of(single, args.record.map(NonZeroU64::get), settings) {
        Ok(found) => found,
        Err(error) => return Ok(failed(&name, &error.to_string())),
    };
    let told = cleaner.explain(&text);
    let rules = cleaner.rules();
    if args.json {
        let name = file.map(|_| &*name);
        ui::print(&(explain_json(name, &text, encoding, &told, rules)? + "\n"))?;
    } else {
        let view = ExplainView { look: ui::look(), only_changes: args.changes };
        ui::print(&explain_text(&name, &text, encoding, &told, rules, view))?;
    }
    Ok(Exit::Done)
}

fn failed(name: &str, why: &str) -> Exit {
    ui::failed(&format!("{name}: {why}"));
    Exit::SomeFailed
}

/// The file to explain; `None` for standard input.
fn checked(file: &Path) -> anyhow::Result<Option<&Path>> {
    if file.as_os_str() == "-" {
        return Ok(None);
    }
    match std::fs::metadata(file) {
        Err(source) => Err(PlanError::Missing { path: file.to_owned(), source }.into()),
        Ok(found) if found.is_dir() => Err(usage(format!("{} is a directory; name one file", shown(file)))),
        Ok(found) if !found.is_file() => {
            Err(usage(format!("{} is not a regular file; to read from a pipe, use `-`", shown(file))))
        }
        Ok(_) => Ok(Some(file)),
    }
}
