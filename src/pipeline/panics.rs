//! Panics: each is a mistake of the program. They are caught where they do least harm, and told with their place.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

thread_local! {
    /// Where this thread panicked last.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A panic that was caught.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is a mistake in dechrome, please report it: {message}{}", at(place))]
pub struct Panicked {
    message: String,
    place: Option<String>,
}

fn at(place: &Option<String>) -> String {
    place.as_ref().map(|place| format!(" (at {place})")).unwrap_or_default()
}

impl Panicked {
    /// What it says and where it was, without what every such message begins with.
    pub(crate) fn detail(&self) -> String {
        format!("{}{}", self.message, at(&self.place))
    }

    /// What was caught on this thread. Its place is known where the program's hook called [`note_panic`].
    pub fn of(panic: &(dyn Any + Send)) -> Panicked {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let place = PLACE.try_with(RefCell::take).unwrap_or_default();
        Panicked { message: text.unwrap_or("no message").to_owned(), place }
    }
}

/// Remembers where a thread panics. It prints nothing, and is to be called by the panic hook of a program, so that
/// reports can name the place.
pub fn note_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map(|place| format!("{}:{}", shortened(place.file()), place.line()));
    // A thread that is about to end may have lost its memory; then the place is not told.
    let _ = PLACE.try_with(|last| last.try_borrow_mut().map(|mut last| *last = place));
}

/// Does something that may panic. What it has left half changed must not be used again, which callers see to.
///
/// # Errors
/// When it panicked.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| Panicked::of(&*panic))
}

/// A source file without the directories of the machine that it was built on: from the name of its crate on.
fn shortened(file: &str) -> String {
    let parts: Vec<&str> = file.split(['/', '\\']).collect();
    let source = parts.iter().rposition(|part| *part == "src").unwrap_or(0);
    parts.get(source.saturating_sub(1)..).unwrap_or_default().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_with_its_message() {
        let caught = guarded(|| panic!("slice {}", 3)).map_err(|panicked: Panicked| panicked.to_string());
        let message: Result<(), String> = caught;
        assert!(message.is_err_and(|message| message.ends_with("please report it: slice 3")));
        assert_eq!(guarded(|| 7), Ok(7));
    }

    #[test]
    fn places_do_not_tell_where_the_program_was_built() {
        for (file, told) in [
            ("src/clean/cut.rs", "src/clean/cut.rs"),
            ("/somewhere/registry/src/index-1/zstd-0.13.3/src/stream/raw.rs", "zstd-0.13.3/src/stream/raw.rs"),
            ("/rustc/0123/library/core/src/option.rs", "core/src/option.rs"),
            ("C:\\build\\registry\\src\\zstd-0.13.3\\src\\lib.rs", "zstd-0.13.3/src/lib.rs"),
            ("main.rs", "main.rs"),
        ] {
            assert_eq!(shortened(file), told);
        }
    }
}
