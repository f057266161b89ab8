//! `dechrome explain`: every line of one document with its verdict.

use std::io;
use std::path::Path;

use dechrome::formats::text;
use dechrome::pipeline::{PlanError, Single, read_single};
use dechrome::report::terminal::{explain_json, explain_text};

use super::load;
use crate::args::Explain;
use crate::exit::{Exit, usage};
use crate::ui::{self, Ui, shown};

pub(crate) fn run(args: &Explain, _ui: Ui) -> anyhow::Result<Exit> {
    let encoding = load::charset(args.encoding.as_deref())?;
    let file = checked(&args.file)?;
    let cleaner = load::cleaner(&args.rules, &args.targets)?;
    let name = file.map_or("standard input".into(), Path::to_string_lossy);
    let bytes = match read(file) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(failed(&name, &error.to_string())),
    };
    let decoded = match text::read(&bytes, encoding) {
        Ok(decoded) => decoded,
        Err(error) => return Ok(failed(&name, &error.to_string())),
    };
    let told = cleaner.explain(&decoded.text);
    let rules = cleaner.rules();
    if args.json {
        let name = file.map(|_| &*name);
        ui::print(&(explain_json(name, &decoded.text, decoded.encoding, &told, rules)? + "\n"))?;
    } else {
        ui::print(&explain_text(&name, &decoded.text, decoded.encoding, &told, rules))?;
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

fn read(file: Option<&Path>) -> Result<Vec<u8>, dechrome::pipeline::ReadError> {
    match file {
        Some(path) => read_single(Single::File(path)),
        None => read_single(Single::Stream(&mut io::stdin().lock())),
    }
}
