//! The journal of a run: whatever stands there, no line names anything outside of the output, and a torn line is none.

use super::Choices;
use super::names::is_contained;
use crate::pipeline::journal::{Line, seal};
use crate::pipeline::temp::is_temp_name;
use crate::report::DocumentName;

/// Reads the lines of a journal, and of one that breaks off.
pub fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let end = choices.number();
    let bytes = &sealed(choices.rest())[..];
    let lines = read(bytes);
    lines.iter().flatten().for_each(check_line);
    let torn = &bytes[..end % (bytes.len() + 1)];
    let whole = torn.iter().filter(|&&byte| byte == b'\n').count();
    let before = read(torn);
    assert_eq!(written(&before[..whole]), written(&lines[..whole]), "lines before the torn one say something else");
    assert!(before[whole..].iter().all(Option::is_none), "a torn line says something");
}

/// The lines with a seal that fits, as if whoever wrote them had meant it.
fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        match line.strip_suffix(b"}\n").filter(|_| Line::parse(line).is_none()) {
            Some(said) => {
                let start = out.len();
                out.extend_from_slice(said);
                seal(start, &mut out);
            }
            None => out.extend_from_slice(line),
        }
    }
    out
}

fn read(bytes: &[u8]) -> Vec<Option<Line>> {
    bytes.split_inclusive(|&byte| byte == b'\n').map(Line::parse).collect()
}

fn written(lines: &[Option<Line>]) -> Vec<Option<Vec<u8>>> {
    let write = |line: &Line| {
        let mut out = Vec::new();
        line.write(&mut out).expect("written to memory");
        out
    };
    lines.iter().map(|line| line.as_ref().map(write)).collect()
}

fn check_line(line: &Line) {
    let own = line.path.as_deref().and_then(|path| DocumentName::to_path(path, line.path_raw.as_deref()));
    let done = line.done.as_ref().and_then(|done| done.target());
    let open = line.open.as_ref().and_then(|open| open.target());
    for target in [own, done, open].into_iter().flatten() {
        assert!(is_contained(&target), "{target:?} leads out");
    }
    let temp = line.open.as_ref().and_then(|open| open.temp.as_deref());
    assert!(temp.is_none_or(is_temp_name), "{temp:?} is no temporary file of ours");
    let out = written(&[Some(line.clone())]).remove(0).expect("a line");
    assert_eq!(out.iter().filter(|&&byte| byte == b'\n').count(), 1, "a line became several");
    let again = Line::parse(&out).expect("what was written can be read");
    assert_eq!(written(&[Some(again)]), [Some(out)], "a line reads back as another");
}
