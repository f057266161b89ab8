//! Panics of the crate over broken files become errors.

use super::error::{ParquetError, broken};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Does `work`; a panic in it is an error of the bytes at `at`.
///
/// State that `work` has left half changed must not be used again, which callers see to.
pub(crate) fn guarded<T>(at: u64, work: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let what = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("the decoder panicked");
        Err(broken(at, format!("it cannot be decoded ({what})")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_with_its_message() {
        let error = guarded::<()>(7, || panic!("slice {}", 3)).err().map(|error| error.to_string());
        assert!(error.is_some_and(|text| text.contains("byte 7") && text.contains("slice 3")));
    }
}
