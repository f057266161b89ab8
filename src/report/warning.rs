//! What a careful reader should know about a document that was cleaned.

use std::borrow::Cow;

use crate::clean::Cleaned;
use crate::text::decode::EncodingInfo;
use crate::text::hidden::hidden_characters;

/// The warnings of a document that was cleaned.
pub(super) fn of_cleaned<'a>(encoding: EncodingInfo, text: &str, cleaned: &Cleaned<'_>) -> Vec<Cow<'a, str>> {
    let held_back = cleaned.held_back().iter().map(|rule| {
        format!("rule `{rule}` held back: it would have removed more of this document than one rule may").into()
    });
    lossy(encoding).into_iter().chain(hidden(text)).chain(held_back).collect()
}

/// That bytes were lost in decoding.
pub(super) fn lossy<'a>(encoding: EncodingInfo) -> Option<Cow<'a, str>> {
    let EncodingInfo { label, replacements, .. } = encoding;
    (replacements > 0).then(|| format!("decoding as {label} replaced malformed bytes {replacements} times").into())
}

/// That the text may hold another one that is not seen.
fn hidden<'a>(text: &str) -> Option<Cow<'a, str>> {
    let count = hidden_characters(text);
    let what = "invisible characters that can spell a hidden text (tags, variation selectors); what no rule took of them stays";
    (count > 0).then(|| format!("{count} {what}").into())
}
