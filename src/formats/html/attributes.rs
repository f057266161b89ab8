//! What the attributes of a tag say about whether the element is shown.

use super::element::{Element, Kind};

/// The longest `style` that is looked at; what follows is not.
const MAX_STYLE: usize = 4096;

/// The longest name of an attribute that means something here is shorter than this.
const MAX_NAME: usize = 24;

/// The attributes of the tag that is being read.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    count: usize,
    name: Vec<u8>,
    value: Vec<u8>,
    hidden: Option<bool>,
    style_hides: Option<bool>,
    open: bool,
    shadow_root: bool,
}

impl Attributes {
    /// Forgets the attributes of the tag before.
    pub(super) fn reset(&mut self) {
        self.name.clear();
        self.value.clear();
        (self.count, self.hidden, self.style_hides) = (0, None, None);
        (self.open, self.shadow_root) = (false, false);
    }

    /// The number of attributes so far.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Begins the next attribute.
    pub(super) fn begin(&mut self) {
        self.count += 1;
    }

    /// Adds to the name of the attribute.
    pub(super) fn push_name(&mut self, name: &[u8]) {
        let room = MAX_NAME.saturating_sub(self.name.len());
        self.name.extend(name.iter().take(room));
    }

    /// Adds to the value of the attribute.
    pub(super) fn push_value(&mut self, value: &[u8]) {
        if matches!(self.name.as_slice(), b"style" | b"hidden") {
            let room = MAX_STYLE.saturating_sub(self.value.len());
            self.value.extend(value.iter().take(room));
        }
    }

    /// Takes note of the attribute that was read; of two of one name, the first counts.
    pub(super) fn finish_one(&mut self) {
        match self.name.as_slice() {
            // What a search inside the page finds is part of its text.
            b"hidden" => {
                self.hidden.get_or_insert(!self.value.eq_ignore_ascii_case(b"until-found"));
            }
            b"style" => {
                self.style_hides.get_or_insert(hides(&self.value));
            }
            b"open" => self.open = true,
            b"shadowrootmode" => self.shadow_root = true,
            _ => {}
        }
        self.name.clear();
        self.value.clear();
    }

    /// Whether an element with these attributes is shown.
    pub(super) fn show(&self, element: Element, name: &[u8]) -> bool {
        match element.kind {
            // Pages hide their body until a script runs; without scripts nothing would be left.
            Kind::Root => true,
            Kind::Unseen | Kind::Script | Kind::RawUnseen | Kind::Picture | Kind::Title => false,
            Kind::Template => self.shadow_root,
            _ if name == b"dialog" && !self.open => false,
            _ => !(self.hidden == Some(true) || self.style_hides == Some(true)),
        }
    }
}

/// Whether a style says `display: none`; of several declarations, the last counts.
fn hides(style: &[u8]) -> bool {
    let mut displays = style.rsplit(|byte| *byte == b';').filter_map(|declaration| {
        let colon = declaration.iter().position(|byte| *byte == b':')?;
        let (property, value) = declaration.split_at(colon);
        property.trim_ascii().eq_ignore_ascii_case(b"display").then_some(value)
    });
    displays.next().is_some_and(|value| {
        let value = value.get(1..).unwrap_or_default().split(|byte| *byte == b'!').next().unwrap_or_default();
        value.trim_ascii().eq_ignore_ascii_case(b"none")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_display_of_none_hides() {
        for style in ["display:none", "color: red; DISPLAY : None !important", "display:block;display:none;"] {
            assert!(hides(style.as_bytes()), "{style}");
        }
        for style in ["", "display:block", "display:none;display:block", "x-display:none", "display", "none:display"] {
            assert!(!hides(style.as_bytes()), "{style}");
        }
    }

    #[test]
    fn the_first_of_two_attributes_of_a_name_counts() {
        let mut attributes = Attributes::default();
        for style in ["display:block", "display:none"] {
            attributes.begin();
            attributes.push_name(b"style");
            attributes.push_value(style.as_bytes());
            attributes.finish_one();
        }
        assert_eq!(attributes.count(), 2);
        assert!(attributes.show(Element::of(b"div"), b"div"));
    }
}
