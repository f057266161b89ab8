//! How far a run is: the bytes of its inputs, and what `-v` says is being done.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME};
use dechrome::Cleaner;
use dechrome::formats::FieldNames;
use dechrome::formats::compression::{Codec, encode};
use dechrome::pipeline::{
    Discovery, Durability, Existing, Inputs, Naming, Observer, Output, Plan, Preview, Reached, Run, RunError, Settings,
    TakenOver, WriteError, preview, run,
};
use dechrome::report::summary::OptionsUsed;
use serde_json::json;

/// Remembers how far it was told that the run is, and stops it where that is wished.
#[derive(Default)]
struct Watching {
    reached: Mutex<Vec<Reached>>,
    taken: Mutex<Option<TakenOver>>,
    stop_at: Option<u64>,
    stop: AtomicBool,
}

impl Observer for Watching {
    fn reached(&self, so_far: Reached) {
        self.reached.lock().unwrap().push(so_far);
        if self.stop_at.is_some_and(|bytes| so_far.bytes >= bytes) {
            self.stop.store(true, Ordering::Relaxed);
        }
    }

    fn took_over(&self, taken: TakenOver) {
        *self.taken.lock().unwrap() = Some(taken);
    }
}

impl Watching {
    /// What was told last; before it, no number ever went back.
    #[track_caller]
    fn last(&self) -> Reached {
        let told = self.reached.lock().unwrap();
        for pair in told.windows(2) {
            assert!(pair[0].bytes <= pair[1].bytes && pair[0].inputs <= pair[1].inputs, "{pair:?}");
            assert!(pair[1].reused <= pair[1].bytes, "{pair:?}");
        }
        told.last().copied().unwrap_or_default()
    }
}

/// Documents, containers of several parts, compressed or not, and what fails or is skipped.
fn inputs(dir: &Dir) {
    for number in 0..30 {
        dir.write(&format!("in/a/{number}.txt"), format!("{WITH_CHROME}\n{number}\n"));
    }
    let pad = "0123456789abcdef".repeat(512);
    let line = |number: usize| match number % 50 {
        25 => "{not JSON\n".to_owned(),
        0 => format!("{}\n", json!({"text": WITH_CHROME})),
        _ => format!("{}\n", json!({"pad": pad, "text": format!("It rained on day {number}.")})),
    };
    let lines: String = (0..600).map(line).collect();
    dir.write("in/m.jsonl", &lines);
    for (codec, name) in [(Codec::Gzip, "in/n.jsonl.gz"), (Codec::Zstd, "in/o.jsonl.zst")] {
        let mut packed = Vec::new();
        encode(codec, lines.as_bytes(), &mut packed).unwrap();
        dir.write(name, &packed);
        dir.write(&name.replace("in/", "in/cut-"), &packed[..packed.len() / 2]);
        packed.extend(b"and garbage behind it");
        dir.write(&name.replace("in/", "in/odd-"), &packed);
    }
    dir.write("in/binary.txt", [0, 1, 2, 3].repeat(100));
    dir.write("in/empty.txt", "");
    dir.write("in/photo.jpg", [0xff, 0xd8, 0, 1]);
    dir.write("in/table.csv", "id,price\n1,2\n");
    dir.write("in/z.txt", WITHOUT_CHROME);
}

/// How many inputs there are, and how many bytes their files have.
fn whole(dir: &Dir) -> (u64, u64) {
    let discovery = Discovery::of_inputs(&Inputs::new(&[dir.path("in")]).unwrap());
    discovery.fold((0, 0), |(inputs, bytes), found| (inputs + 1, bytes + found.size()))
}

fn ran(dir: &Dir, existing: Existing, threads: usize, watching: &Watching) -> Result<(), RunError> {
    let (cleaner, fields, options) = (Cleaner::new(), FieldNames::default(), OptionsUsed::default());
    let out: PathBuf = dir.path("out");
    let plan = Plan::new(&[dir.path("in")], &out, existing, Naming::default()).unwrap();
    let how = Run {
        plan: &plan,
        settings: Settings::new(&cleaner, &fields),
        shard: None,
        threads: NonZeroUsize::new(threads).unwrap(),
        sync: Durability::default(),
        options: &options,
        observer: watching,
        stop: &watching.stop,
    };
    run(&how).map(drop)
}

#[test]
fn what_is_done_grows_and_comes_to_the_sizes_of_the_files() {
    for threads in [1, 3] {
        let dir = Dir::new();
        inputs(&dir);
        let watching = Watching::default();
        ran(&dir, Existing::Refuse, threads, &watching).unwrap();
        let (inputs, bytes) = whole(&dir);
        assert_eq!(watching.last(), Reached { inputs, bytes, reused: 0 });
        let size = |name: &str| dir.path(name).metadata().unwrap().len();
        let told = watching.reached.lock().unwrap();
        let within = |from: u64, to: u64| told.iter().filter(|so_far| so_far.bytes > from && so_far.bytes < to).count();
        let before: u64 = told.iter().map(|so_far| so_far.bytes).find(|&bytes| bytes > size("in/m.jsonl")).unwrap_or(0);
        assert!(within(0, before) > 30 + 2, "a large file is told part by part: {told:?}");
    }
}

#[test]
fn what_an_earlier_run_did_is_done_and_said_to_be_taken_over() {
    let dir = Dir::new();
    inputs(&dir);
    let (inputs, bytes) = whole(&dir);
    let first = Watching { stop_at: Some(bytes / 2), ..Watching::default() };
    assert!(ran(&dir, Existing::Refuse, 1, &first).is_err());
    let second = Watching::default();
    ran(&dir, Existing::Resume, 2, &second).unwrap();
    let last = second.last();
    assert_eq!((last.inputs, last.bytes), (inputs, bytes));
    assert!(last.reused > 0 && last.reused < bytes, "{last:?}");
    dir.write("in/a/7.txt", WITHOUT_CHROME);
    std::fs::remove_file(dir.path("in/a/8.txt")).unwrap();
    let third = Watching::default();
    ran(&dir, Existing::Resume, 2, &third).unwrap();
    let taken = third.taken.lock().unwrap().unwrap();
    assert_eq!((taken.begun, taken.gone), (0, 1), "{taken:?}");
    assert!(taken.again >= 1 && taken.done > 25, "{taken:?}");
    assert_eq!(taken.done + taken.again + 1, third.last().inputs, "the picture is no output of any run: {taken:?}");
}

/// Nobody looks.
struct Unseen;

impl Output for Unseen {
    fn put(&mut self, _: &[u8]) -> Result<(), WriteError> {
        Ok(())
    }

    fn finish(&mut self) -> Result<(), WriteError> {
        Ok(())
    }
}

#[test]
fn a_preview_comes_as_far_as_a_run_and_to_the_same_totals() {
    let dir = Dir::new();
    inputs(&dir);
    let (cleaner, fields) = (Cleaner::new(), FieldNames::default());
    let watching = Watching::default();
    let how = Preview {
        discovery: Discovery::of_inputs(&Inputs::new(&[dir.path("in")]).unwrap()),
        settings: Settings::new(&cleaner, &fields),
        threads: NonZeroUsize::new(3).unwrap(),
        options: OptionsUsed::default(),
        observer: &watching,
        shown: &mut Unseen,
    };
    let foreseen = preview(how).unwrap();
    let (inputs, bytes) = whole(&dir);
    assert_eq!(watching.last(), Reached { inputs, bytes, reused: 0 });
    ran(&dir, Existing::Refuse, 2, &Watching::default()).unwrap();
    let mut summary = serde_json::to_value(foreseen).unwrap();
    let mut written = dir.summary("out");
    for summary in [&mut summary, &mut written] {
        // What a run that writes nothing has nothing to say about.
        for key in ["timings", "containers", "hash_report"] {
            summary.as_object_mut().unwrap().remove(key);
        }
    }
    assert_eq!(summary, written);
}

#[test]
fn progress_in_a_pipe_is_told_in_words() {
    let dir = Dir::new();
    inputs(&dir);
    for (command, status) in [(&["clean", "in", "--out", "out"][..], 3), (&["clean", "in", "--check"], 3)] {
        let (found, _, stderr) = dir.run(&[command, &["--progress", "always"]].concat());
        // All megabytes and the first tenth, rounded down.
        let tenths = whole(&dir).1 / 100_000;
        let size = format!("{}.{} MB", tenths / 10, tenths % 10);
        let line = stderr.lines().rfind(|line| line.ends_with(" files")).unwrap_or_default();
        assert_eq!(found, status, "{stderr}");
        // A run may be over before all inputs are counted.
        assert!(line.starts_with(&format!("100 % of {size}, ")) || line.starts_with(&format!("{size}, ")), "{line}");
    }
}

#[test]
fn verbose_says_what_is_read_with_which_rules_and_what_is_taken_over() {
    let dir = Dir::new();
    inputs(&dir);
    dir.write("in/fields.jsonl", "{\"content\": \"It rained.\"}\n");
    dir.write("in/words.csv", "id,article\n1,It rained.\n");
    dir.write(
        "in/old.txt",
        "Der Zug f\u{e4}hrt \u{fc}ber die Br\u{fc}cke.\n".chars().map(|c| c as u8).collect::<Vec<_>>(),
    );
    let stderr = dir.clean("out", &["-v", "-j", "2"], 3);
    for line in [
        "threads: 2",
        "reading a/7.txt: text, UTF-8",
        "reading fields.jsonl: JSON Lines, text in field content",
        "reading n.jsonl.gz: JSON Lines, gzip, text in field text",
        "reading old.txt: text, windows-1252",
        "reading table.csv: CSV",
        "reading words.csv: CSV, text in column article",
        "skipped: photo.jpg (unknown extension)",
        "report: `out/report.jsonl`",
    ] {
        assert!(stderr.lines().any(|found| found == line), "{line:?} is not in\n{stderr}");
    }
    assert!(stderr.starts_with("rules: ") && stderr.contains(" (built in), hash "), "{stderr}");
    assert!(Path::new(&dir.path("out/report.jsonl")).exists());
    let stderr = dir.clean("out", &["-v", "--resume"], 3);
    assert!(
        stderr.contains("of the earlier run: ") && stderr.contains("inputs taken over, 0 gone on with"),
        "{stderr}"
    );
    let (_, _, stderr) = dir.run(&["clean", "in/fields.jsonl", "--out", "quiet", "-q"]);
    assert_eq!(stderr, "");
}
