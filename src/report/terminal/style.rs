//! The colours that all views share; a stream that strips them gives the plain view.

use anstyle::{AnsiColor, Style};

pub(super) const STRONG: Style = Style::new().bold();
pub(super) const QUIET: Style = Style::new().dimmed();
pub(super) const REMOVED: Style = AnsiColor::Red.on_default();
pub(super) const GIVEN_BACK: Style = AnsiColor::Green.on_default();
pub(super) const IN_PART: Style = AnsiColor::Yellow.on_default();
pub(super) const FOUND: Style = Style::new().bold().underline();
pub(super) const STRUCK: Style = AnsiColor::Red.on_default().strikethrough();
