//! The content policy of the page: its own script and its own styles, and nothing else, from nowhere.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

/// The policy of a page with this one script and this one style sheet.
pub(super) fn policy(script: &str, styles: &str) -> String {
    let hash = |text: &str| BASE64.encode(&Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(script),
        hash(styles)
    )
}
