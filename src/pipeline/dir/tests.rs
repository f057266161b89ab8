//! The same promises for both ways to reach a directory.
#![allow(clippy::expect_used, reason = "tests")]

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use super::Kind;

fn os(name: &str) -> &OsStr {
    OsStr::new(name)
}

macro_rules! promises {
    ($module:ident, $dir:ty) => {
        mod $module {
            use super::*;

            #[test]
            fn files_are_made_renamed_read_and_deleted() {
                let place = tempfile::tempdir().expect("dir");
                let dir = <$dir>::open(place.path()).expect("open");
                dir.create_new(os("a")).expect("new").write_all(b"text").expect("write");
                assert!(dir.create_new(os("a")).is_err(), "a second one of that name");
                dir.rename_new(os("a"), os("b")).expect("rename");
                assert_eq!(dir.look(os("a")).expect("look"), None);
                assert_eq!(dir.look(os("b")).expect("look"), Some(Kind::File(4)));
                let mut text = String::new();
                dir.open_file(os("b")).expect("open").read_to_string(&mut text).expect("read");
                assert_eq!(text, "text");
                dir.sync().expect("sync");
                dir.remove_file(os("b")).expect("remove");
                assert!(dir.entries().expect("entries").is_empty());
            }

            #[test]
            fn a_new_name_replaces_nothing() {
                let place = tempfile::tempdir().expect("dir");
                fs::write(place.path().join("old"), "old").expect("file");
                fs::write(place.path().join("new"), "new").expect("file");
                let dir = <$dir>::open(place.path()).expect("open");
                assert!(dir.rename_new(os("new"), os("old")).is_err());
                assert_eq!(fs::read(place.path().join("old")).expect("read"), b"old");
                dir.rename_over(os("new"), os("old")).expect("rename");
                assert_eq!(fs::read(place.path().join("old")).expect("read"), b"new");
            }

            #[test]
            fn a_file_without_a_name_is_seen_when_it_gets_one_and_replaces_nothing() {
                let place = tempfile::tempdir().expect("dir");
                fs::write(place.path().join("old"), "old").expect("file");
                let dir = <$dir>::open(place.path()).expect("open");
                // Where there are none, files have temporary names.
                let Some(mut file) = dir.create_nameless().expect("made") else { return };
                file.write_all(b"new").expect("write");
                assert_eq!(dir.entries().expect("entries").len(), 1);
                assert!(dir.name_new(&file, os("old")).is_err());
                assert_eq!(fs::read(place.path().join("old")).expect("read"), b"old");
                dir.name_new(&file, os("new")).expect("named");
                assert_eq!(fs::read(place.path().join("new")).expect("read"), b"new");
            }

            #[cfg(unix)]
            #[test]
            fn links_are_not_followed() {
                let (place, elsewhere) = (tempfile::tempdir().expect("dir"), tempfile::tempdir().expect("dir"));
                fs::write(elsewhere.path().join("secret"), "secret").expect("file");
                std::os::unix::fs::symlink(elsewhere.path(), place.path().join("dir")).expect("link");
                std::os::unix::fs::symlink(elsewhere.path().join("secret"), place.path().join("file")).expect("link");
                let dir = <$dir>::open(place.path()).expect("open");
                assert!(dir.subdir(os("dir")).is_err());
                assert!(dir.open_file(os("file")).is_err());
                assert!(dir.open_to_write(os("file")).is_err());
                assert!(dir.create_new(os("file")).is_err());
                assert_eq!(dir.look(os("file")).expect("look"), Some(Kind::Other));
            }
        }
    };
}

promises!(by_path, super::super::portable::Dir);
#[cfg(unix)]
promises!(by_handle, super::super::unix::Dir);

#[test]
fn no_path_leads_out() {
    let place = tempfile::tempdir().expect("dir");
    fs::create_dir(place.path().join("in")).expect("dir");
    let dir = super::Dir::open(&place.path().join("in")).expect("open");
    for path in ["..", "../in", "/", "a/../.."] {
        assert!(dir.beneath(Path::new(path)).is_err(), "{path}");
    }
}

#[cfg(unix)]
#[test]
fn a_directory_that_is_moved_away_stays_the_one_that_is_written_to() {
    let place = tempfile::tempdir().expect("dir");
    let (own, moved) = (place.path().join("own"), place.path().join("moved"));
    fs::create_dir(&own).expect("dir");
    let dir = super::Dir::open(&own).expect("open");
    fs::rename(&own, &moved).expect("rename");
    std::os::unix::fs::symlink("/", &own).expect("link");
    dir.create_new(os("a")).expect("new");
    assert!(moved.join("a").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_without_a_name_can_be_named_by_its_number() {
    let place = tempfile::tempdir().expect("dir");
    let dir = super::Dir::open(place.path()).expect("open");
    let Some(mut file) = dir.create_nameless().expect("made") else { return };
    file.write_all(b"new").expect("write");
    dir.name_by_number(&file, os("new")).expect("named");
    assert_eq!(fs::read(place.path().join("new")).expect("read"), b"new");
}

#[cfg(unix)]
#[test]
fn fifos_are_not_waited_for() {
    let place = tempfile::tempdir().expect("dir");
    let fifo = place.path().join("fifo");
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, 0o600.into(), 0).expect("fifo");
    let dir = super::Dir::open(place.path()).expect("open");
    assert!(dir.open_file(os("fifo")).is_err());
}
