//! Whether an element that holds raw text is ever closed.

use memchr::memchr;

/// Looks for end tags ahead; each name's last find is kept, so that all looks together are one pass a name.
#[derive(Debug)]
pub(super) struct Closings<'p> {
    page: &'p [u8],
    found: Vec<(Vec<u8>, Option<usize>)>,
}

impl<'p> Closings<'p> {
    /// Nothing has been looked for yet.
    pub(super) fn new(page: &'p [u8]) -> Self {
        Closings { page, found: Vec::new() }
    }

    /// Whether an end tag of that name stands at or behind an offset; offsets must not go back.
    pub(super) fn is_closed(&mut self, name: &[u8], from: usize) -> bool {
        let known = self.found.iter_mut().find(|(known, _)| known == name);
        match known {
            // No end tag from an earlier offset on: none from here on.
            Some((_, None)) => false,
            Some((_, Some(at))) if *at >= from => true,
            Some((_, at)) => {
                *at = next_end_tag(self.page, name, from);
                at.is_some()
            }
            None => {
                let at = next_end_tag(self.page, name, from);
                self.found.push((name.to_vec(), at));
                at.is_some()
            }
        }
    }
}

/// Where the next end tag of that name begins.
fn next_end_tag(page: &[u8], name: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr(b'<', page.get(at..)?)?;
        if is_end_tag(page.get(at + 1..)?, name) {
            return Some(at);
        }
        at += 1;
    }
}

fn is_end_tag(markup: &[u8], name: &[u8]) -> bool {
    let Some(rest) = markup.strip_prefix(b"/") else { return false };
    let (Some(found), Some(next)) = (rest.get(..name.len()), rest.get(name.len())) else { return false };
    found.eq_ignore_ascii_case(name) && matches!(next, b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_tag_is_found_in_any_case_and_with_white_space() {
        let page = b"<title>a</TITLE ><title>b</titles></title";
        let mut closings = Closings::new(page);
        assert!(closings.is_closed(b"title", 7));
        assert!(!closings.is_closed(b"title", 24));
        assert!(!closings.is_closed(b"title", 25));
        assert!(!closings.is_closed(b"style", 25));
    }
}
