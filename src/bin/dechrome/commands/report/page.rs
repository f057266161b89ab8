//! `dechrome report --out`: the review page.

use std::fs::File;
use std::io::{BufWriter, Read};
use std::path::Path;

use anyhow::Context;
use dechrome::pipeline::{Replacing, kept_texts};
use dechrome::report::Summary;
use dechrome::report::review::{Chosen, PAGE_MARK, Review, ReviewOptions, Setting};
use dechrome::report::terminal::count;

use super::open::NamedReport;
use crate::args;
use crate::commands::load;
use crate::exit::{Exit, usage};
use crate::ui::{Ui, shown};

/// A report with what stands beside it.
struct Source<'a> {
    /// How the caller calls it.
    name: &'a Path,
    report: NamedReport,
    summary: Option<Summary>,
}

pub(super) fn write(args: &args::Report, out: &Path, ui: Ui) -> anyhow::Result<Exit> {
    let sources = args.reports.iter().map(|report| Source::of(report, ui)).collect::<anyhow::Result<Vec<_>>>()?;
    check_free(out, &sources, args.page.overwrite)?;
    let rules = load::rule_set(&args.rules)?;
    let chosen = chosen(&sources, ReviewOptions { documents: args.page.samples.into(), seed: args.page.seed })?;
    let runs = sources.into_iter().map(|source| (source.name.to_string_lossy().into_owned(), source.summary));
    let setting = Setting { rules: &rules, runs: runs.collect() };
    let cannot = || format!("cannot write {}", shown(out));
    let mut writer = BufWriter::new(Replacing::create(out).with_context(cannot)?);
    chosen.write(&setting, &mut writer).with_context(cannot)?;
    writer.into_inner().map_err(|error| error.into_error()).and_then(Replacing::finish).with_context(cannot)?;
    let size = std::fs::metadata(out).map_or(0, |found| found.len());
    ui.note(&format!("review page: {}, {} KB; open it in a browser", shown(out), count(size.div_ceil(1000))));
    Ok(Exit::Done)
}

impl<'a> Source<'a> {
    fn of(name: &'a Path, ui: Ui) -> anyhow::Result<Source<'a>> {
        let report = NamedReport::of(name);
        // It is read twice, which only a file can be.
        if report.file().is_none_or(|file| std::fs::metadata(file).is_ok_and(|found| !found.is_file())) {
            let help = "save it as a file, since it is read twice";
            return Err(usage(format!("REPORT {} is not a regular file; {help}", report.name())));
        }
        report.open()?;
        let summary = report.summary(ui);
        Ok(Source { name, report, summary })
    }
}

/// Adds the reports up, and fetches what is shown of single documents.
fn chosen(sources: &[Source<'_>], options: ReviewOptions) -> anyhow::Result<Chosen> {
    let mut review = Review::new(options);
    for source in sources {
        review.read(&mut *source.report.open()?).map_err(|mistake| source.report.mistake(&mistake))?;
    }
    let mut chosen = review.choose();
    for (number, source) in sources.iter().enumerate() {
        chosen.read(number, &mut *source.report.open()?).map_err(|mistake| source.report.mistake(&mistake))?;
        let wanted = chosen.wanted(number);
        let options = source.summary.as_ref().map(|summary| &summary.options);
        kept_texts(source.report.dir().unwrap_or(Path::new("")), options, &wanted, &mut |number, kept| {
            chosen.put(number, kept)
        });
    }
    Ok(chosen)
}

/// Refuses to write over what is not a page of ours, and over a report in any case.
fn check_free(out: &Path, sources: &[Source<'_>], overwrite: bool) -> anyhow::Result<()> {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    let is_read =
        |source: &Source<'_>| real(out).is_some_and(|real_out| source.report.file().and_then(real) == Some(real_out));
    if sources.iter().any(is_read) {
        return Err(usage(format!("{} is the report; choose another name for --out", shown(out))));
    }
    let dir = out.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !dir.is_dir() {
        return Err(usage(format!("{} cannot be written: its directory does not exist; make it first", shown(out))));
    }
    match std::fs::metadata(out) {
        Ok(found) if found.is_dir() => {
            Err(usage(format!("{} is a directory; name a file, as in --out review.html", shown(out))))
        }
        Ok(found) if found.is_file() && !overwrite && !is_page(out) => Err(usage(format!(
            "{} exists and is no review page; choose another name for --out, or add --overwrite to replace it",
            shown(out)
        ))),
        _ => Ok(()),
    }
}

fn is_page(path: &Path) -> bool {
    let mut start = vec![0; PAGE_MARK.len()];
    File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok_and(|()| start == PAGE_MARK.as_bytes())
}
