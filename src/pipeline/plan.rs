//! What is asked of a run, checked before anything is written.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::QUARANTINE_NAME;
use super::dir::Dir;
use super::journal::JOURNAL_NAME;
use super::names::Naming;
use super::replace::{self, Contents};
use super::{PlanError, REPORT_NAME, SUMMARY_NAME};

/// One input: a file or a directory, and where it goes.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    /// The path as it was named.
    pub(crate) given: PathBuf,
    /// Where it goes, relative to the output directory; empty for a lone directory.
    pub(crate) target: PathBuf,
    /// Whether it is a directory.
    pub(crate) is_dir: bool,
    /// The output directory, relative to this input, when it lies inside.
    pub(crate) out_inside: Option<PathBuf>,
    /// Whether it is the output of an earlier run, whose report and quarantine are no inputs.
    pub(crate) is_cleaned: bool,
}

/// What becomes of an output directory that holds something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// It is an error.
    #[default]
    Refuse,
    /// What an earlier run wrote is replaced.
    Overwrite,
    /// What an earlier run wrote is gone on with.
    Resume,
}

/// Inputs and an output directory that may be used together.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) roots: Vec<Root>,
    pub(crate) out: PathBuf,
    pub(crate) contents: Contents,
    pub(crate) resume: bool,
    pub(crate) naming: Naming,
}

impl Plan {
    /// Checks inputs and output; writes nothing.
    ///
    /// # Errors
    /// When an input is missing, when two inputs or an input and the report would meet in the output, when the output
    /// is or holds an input, or when it holds something that may not be replaced.
    pub fn new(inputs: &[PathBuf], out: &Path, existing: Existing, naming: Naming) -> Result<Plan, PlanError> {
        if inputs.is_empty() {
            return Err(PlanError::NoInput);
        }
        let mut named = named_inputs(inputs)?;
        named.iter_mut().filter(|input| !input.is_dir).for_each(|input| input.name = naming.output(&input.name));
        named.sort_by(|a, b| a.name.cmp(&b.name));
        let out_real = real_path(out).map_err(|source| PlanError::OutUnreadable { out: out.to_owned(), source })?;
        refuse_out_above(&named, out, &out_real)?;
        let lone_dir = named.len() == 1 && named[0].is_dir;
        refuse_same_names(&named)?;
        refuse_reserved(&named, lone_dir)?;
        let contents = check_contents(out, existing)?;
        let roots = named.into_iter().map(|input| input.into_root(lone_dir, Some(&out_real))).collect();
        Ok(Plan { roots, out: out_real, contents, resume: existing == Existing::Resume, naming })
    }

    /// The output directory, absolute.
    pub fn out(&self) -> &Path {
        &self.out
    }
}

/// Inputs that are only read.
#[derive(Clone, Debug)]
pub struct Inputs {
    pub(crate) roots: Vec<Root>,
}

impl Inputs {
    /// Checks the inputs.
    ///
    /// Documents are named as they would be with an output; where two inputs share a name, as they were given. An input
    /// that is named twice is read once.
    ///
    /// # Errors
    /// When there is none, or one is missing or is neither a file nor a directory.
    pub fn new(inputs: &[PathBuf]) -> Result<Inputs, PlanError> {
        if inputs.is_empty() {
            return Err(PlanError::NoInput);
        }
        let mut named = named_inputs(inputs)?;
        let mut seen = HashSet::new();
        named.retain(|input| seen.insert(input.real.clone()));
        let lone_dir = named.len() == 1 && named[0].is_dir;
        if refuse_same_names(&named).is_err() {
            named.iter_mut().for_each(|input| input.name = input.given.clone().into());
        }
        Ok(Inputs { roots: named.into_iter().map(|input| input.into_root(lone_dir, None)).collect() })
    }
}

/// An input with its real path and its name.
struct Named {
    given: PathBuf,
    real: PathBuf,
    name: OsString,
    is_dir: bool,
}

impl Named {
    fn into_root(self, lone_dir: bool, out_real: Option<&Path>) -> Root {
        let target = if lone_dir { PathBuf::new() } else { PathBuf::from(self.name) };
        let out_inside = out_real.and_then(|out| out.strip_prefix(&self.real).ok()).map(Path::to_owned);
        let is_cleaned = lone_dir && self.is_dir && replace::is_output(&self.given);
        Root { given: self.given, target, is_dir: self.is_dir, out_inside, is_cleaned }
    }
}

/// The inputs in the order of their names.
fn named_inputs(inputs: &[PathBuf]) -> Result<Vec<Named>, PlanError> {
    let alone = inputs.len() == 1;
    let mut named = inputs.iter().map(|input| named_input(input, alone)).collect::<Result<Vec<_>, _>>()?;
    named.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(named)
}

fn named_input(given: &Path, alone: bool) -> Result<Named, PlanError> {
    let missing = |source| PlanError::Missing { path: given.to_owned(), source };
    let kind = fs::metadata(given).map_err(missing)?.file_type();
    if !kind.is_dir() && !kind.is_file() {
        return Err(PlanError::NotAFile { path: given.to_owned() });
    }
    let real = fs::canonicalize(given).map_err(missing)?;
    // `.` and `..` take their name from where they lead to.
    let name = given.file_name().or(real.file_name()).map(OsString::from);
    let name = match name {
        Some(name) => name,
        None if alone => OsString::new(),
        None => return Err(PlanError::Nameless { path: given.to_owned() }),
    };
    Ok(Named { given: given.to_owned(), real, name, is_dir: kind.is_dir() })
}

/// The real path of something of which the last parts may not exist yet.
pub(crate) fn real_path(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        done => return done,
    }
    if fs::symlink_metadata(path).is_ok() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "a symbolic link that leads nowhere"));
    }
    let absolute = std::path::absolute(path)?;
    match (absolute.parent(), absolute.file_name()) {
        (Some(parent), Some(name)) => Ok(real_path(parent)?.join(name)),
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "`..` after a directory that does not exist")),
    }
}

fn refuse_out_above(named: &[Named], out: &Path, out_real: &Path) -> Result<(), PlanError> {
    match named.iter().find(|input| input.real.starts_with(out_real)) {
        Some(input) => Err(PlanError::OutHoldsInput { out: out.to_owned(), input: input.given.clone() }),
        None => Ok(()),
    }
}

fn refuse_same_names(named: &[Named]) -> Result<(), PlanError> {
    match named.windows(2).find(|pair| pair[0].name == pair[1].name) {
        Some(pair) => Err(PlanError::SameName {
            first: pair[0].given.clone(),
            second: pair[1].given.clone(),
            name: PathBuf::from(&pair[0].name),
        }),
        None => Ok(()),
    }
}

/// Refuses inputs whose output would stand in the place of the report, the summary or the marker of a run.
fn refuse_reserved(named: &[Named], lone_dir: bool) -> Result<(), PlanError> {
    let reserved = [REPORT_NAME, SUMMARY_NAME, JOURNAL_NAME, QUARANTINE_NAME];
    let taken = |path: PathBuf, name: &str| PlanError::Reserved { path, name: PathBuf::from(name) };
    for name in reserved {
        if lone_dir {
            // Of a directory that dechrome wrote, its own files are skipped.
            let inside = named[0].given.join(name);
            if fs::symlink_metadata(&inside).is_ok() && !replace::is_output(&named[0].given) {
                return Err(taken(inside, name));
            }
        } else if let Some(input) = named.iter().find(|input| input.name == name) {
            return Err(taken(input.given.clone(), name));
        }
    }
    Ok(())
}

fn check_contents(out: &Path, existing: Existing) -> Result<Contents, PlanError> {
    let out = out.to_owned();
    match fs::metadata(&out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Contents::Nothing),
        Err(source) => return Err(PlanError::OutUnreadable { out, source }),
        Ok(found) if !found.is_dir() => return Err(PlanError::OutNotADirectory { out }),
        Ok(_) => {}
    }
    let contents = match Dir::open(&out).and_then(|dir| replace::contents_of(&dir)) {
        Ok(contents) => contents,
        Err(source) => return Err(PlanError::OutUnreadable { out, source }),
    };
    match contents {
        Contents::Nothing => Ok(contents),
        Contents::Foreign => Err(PlanError::OutForeign { out }),
        _ if existing != Existing::Refuse => Ok(contents),
        Contents::Unfinished => Err(PlanError::OutUnfinished { out }),
        Contents::Finished => Err(PlanError::OutFinished { out }),
    }
}
