//! How a view is to look: what the terminal can show.

/// What a terminal can show; whoever prints asks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// How many columns there are.
    pub width: usize,
    /// Whether it shows more than ASCII; names and texts are shown as they are in any case.
    pub unicode: bool,
    /// Whether colour will be seen, so that nothing else need mark what is coloured.
    pub color: bool,
}

impl Default for Look {
    fn default() -> Look {
        Look { width: 80, unicode: true, color: false }
    }
}

impl Look {
    /// What stands for what was left out.
    pub(super) fn ellipsis(self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }
}
