//! Going on with a run of which the journal is damaged: nothing outside of the output is touched, and every output is there.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use tempfile::TempDir;
use walkdir::WalkDir;

use super::Choices;
use crate::Cleaner;
use crate::formats::FieldNames;
use crate::pipeline::journal::{JOURNAL_NAME, seal};
use crate::pipeline::{
    Durability, Existing, MAX_RECORD, Naming, Observer, Plan, REPORT_NAME, Reached, Run, RunError, SUMMARY_NAME,
    Settings, Silent, run,
};
use crate::report::Summary;
use crate::report::read::read_rows;
use crate::report::summary::OptionsUsed;

static CLEANER: LazyLock<Cleaner> = LazyLock::new(Cleaner::new);
static FIELDS: LazyLock<FieldNames> = LazyLock::new(FieldNames::default);
static SCENE: LazyLock<Scene> = LazyLock::new(Scene::new);

const ARTICLE: &str = "The bridge is open again, after two years of work that cost the town three million.\n\n\
                       ALSO READ: Storm closes harbour for third day\n\nThe mayor thanked all who had waited.\n";

/// Files by their paths.
type Tree = BTreeMap<PathBuf, Vec<u8>>;

/// Changes the journal of a run that was stopped, and goes on with the run.
pub fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let edits: Vec<(u8, usize, u8)> =
        (0..choices.byte() % 4).map(|_| (choices.byte(), choices.number(), choices.byte())).collect();
    let foreign = choices.rest();
    let mut journal = SCENE.stopped[Path::new(JOURNAL_NAME)].clone();
    // Lines that somebody wrote on purpose, or took away, may say that a file of others is ours, and that it is done.
    let is_forged = edits.iter().any(|(kind, ..)| kind % 6 > 2);
    edits.iter().for_each(|edit| change(&mut journal, *edit, foreign));
    let place = SCENE.place(&journal);
    let done = SCENE.run(&place.out, &Silent, &AtomicBool::new(false));
    assert_eq!(files(&SCENE.inputs), SCENE.original, "an input changed");
    assert_eq!(fs::read(place.dir.path().join("beside.txt")).expect("a file"), b"beside", "a file beside changed");
    assert_eq!(fs::read_dir(place.dir.path()).expect("a directory").count(), 2, "something stands beside the output");
    let found = files(&place.out);
    let is_there = is_forged || found.get(Path::new("zz/others.txt")).is_some_and(|bytes| bytes == b"of others");
    assert!(is_there, "a file of others is gone");
    if done.is_ok() && !is_forged {
        check_outputs(&found);
    }
}

/// The journal of the run that was stopped.
#[cfg(test)]
pub(super) fn journal() -> Vec<u8> {
    SCENE.stopped[Path::new(JOURNAL_NAME)].clone()
}

/// Every output is as if the run had never been stopped, and so is the report, unless a file is taken for one of others: of
/// it both lines may be gone, that it was about to be written and that it was done. Then its row says so.
fn check_outputs(found: &Tree) {
    let report = &found[Path::new(REPORT_NAME)];
    let mut is_unwritable = false;
    read_rows(&mut &report[..], |row| is_unwritable |= row.reason.as_deref() == Some("unwritable"))
        .expect("the report can be read");
    for (path, bytes) in &SCENE.whole {
        let differs = path == Path::new(SUMMARY_NAME) || (is_unwritable && path == Path::new(REPORT_NAME));
        if !differs {
            let there = found.get(path).map(|bytes| String::from_utf8_lossy(bytes));
            assert_eq!(there.as_deref(), Some(&*String::from_utf8_lossy(bytes)), "{}", path.display());
        }
    }
}

/// Cuts, flips, overwrites, deletes or repeats something, or puts something foreign between two lines.
fn change(journal: &mut Vec<u8>, (kind, at, value): (u8, usize, u8), foreign: &[u8]) {
    let at = at % (journal.len() + 1);
    let line = journal[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    let end = journal[line..].iter().position(|&byte| byte == b'\n').map_or(journal.len(), |len| line + len + 1);
    match (kind % 6, journal.get_mut(at)) {
        (0, _) => journal.truncate(at),
        (1, Some(byte)) => *byte ^= 1 << (value % 8),
        (2, Some(byte)) => *byte = value,
        (3, _) => drop(journal.drain(line..end)),
        (4, _) => drop(journal.splice(line..line, journal[line..end].to_vec())),
        (5, _) => {
            let mut sealed = foreign.to_vec();
            seal(0, &mut sealed);
            drop(journal.splice(line..line, sealed));
        }
        _ => {}
    }
}

/// Inputs, and what two runs over them came to: one that was stopped, and one that was not.
struct Scene {
    _dir: TempDir,
    inputs: PathBuf,
    original: Tree,
    stopped: Tree,
    whole: Tree,
}

/// An output directory in which a run was stopped.
struct Place {
    dir: TempDir,
    out: PathBuf,
}

impl Scene {
    fn new() -> Scene {
        let dir = tempfile::tempdir().expect("a directory");
        let inputs = dir.path().join("in");
        for number in 0..6 {
            write(
                &inputs,
                &format!("a/{number}.txt"),
                format!("{ARTICLE}{}\n", "It rained. ".repeat(number)).as_bytes(),
            );
        }
        let lines = format!("{{\"text\":{}}}\nno JSON\n", serde_json::Value::from(ARTICLE));
        write(&inputs, "b.jsonl", lines.as_bytes());
        write(&inputs, "c/last.txt", ARTICLE.as_bytes());
        let original = files(&inputs);
        let mut scene = Scene { inputs, original, stopped: Tree::new(), whole: Tree::new(), _dir: dir };
        let whole = scene._dir.path().join("whole");
        scene.run(&whole, &Silent, &AtomicBool::new(false)).expect("a run");
        scene.whole = files(&whole);
        let (stopped, stop) = (scene._dir.path().join("stopped"), AtomicBool::new(false));
        let outcome = scene.run(&stopped, &StopsAt { inputs: 7, stop: &stop }, &stop);
        assert!(matches!(outcome, Err(RunError::Stopped { .. })), "{outcome:?}");
        scene.stopped = files(&stopped);
        scene
    }

    fn run(&self, out: &Path, observer: &dyn Observer, stop: &AtomicBool) -> Result<Summary, RunError> {
        let plan = Plan::new(std::slice::from_ref(&self.inputs), out, Existing::Resume, Naming::default());
        let plan = plan.map_err(|error| RunError::Internal(error.to_string()))?;
        let options = OptionsUsed { max_record: MAX_RECORD, ..OptionsUsed::default() };
        let settings = Settings::new(&CLEANER, &FIELDS);
        run(&Run {
            plan: &plan,
            settings,
            shard: None,
            threads: NonZeroUsize::MIN,
            sync: Durability::default(),
            options: &options,
            observer,
            stop,
        })
    }

    /// The output directory of the run that was stopped, with another journal, and files of others in it and beside it.
    fn place(&self, journal: &[u8]) -> Place {
        let dir = tempfile::tempdir().expect("a directory");
        let out = dir.path().join("out");
        for (path, bytes) in &self.stopped {
            write(&out, &path.to_string_lossy(), bytes);
        }
        write(&out, JOURNAL_NAME, journal);
        write(&out, "zz/others.txt", b"of others");
        write(dir.path(), "beside.txt", b"beside");
        Place { dir, out }
    }
}

/// Stops a run when so many inputs are done.
struct StopsAt<'s> {
    inputs: u64,
    stop: &'s AtomicBool,
}

impl Observer for StopsAt<'_> {
    fn reached(&self, so_far: Reached) {
        if so_far.inputs >= self.inputs {
            self.stop.store(true, Ordering::Relaxed);
        }
    }
}

fn write(dir: &Path, name: &str, bytes: &[u8]) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().expect("a directory")).expect("made");
    fs::write(path, bytes).expect("written");
}

fn files(dir: &Path) -> Tree {
    let entries = WalkDir::new(dir).into_iter().map(|entry| entry.expect("an entry"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    let relative = |path: &Path| path.strip_prefix(dir).expect("below it").to_owned();
    files.map(|entry| (relative(entry.path()), fs::read(entry.path()).expect("a file"))).collect()
}
