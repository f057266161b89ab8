//! The arguments of a run that writes nothing and shows what it would do.

use clap::Args;

/// What to show instead of writing.
#[derive(Clone, Copy, Debug, Default, Args)]
#[command(next_help_heading = "Looking first")]
pub(crate) struct PreviewFlags {
    /// Write nothing; say what a run would come to, and with -v, what would become of every input
    #[arg(long, conflicts_with_all = ["resume", "report"])]
    pub(crate) dry_run: bool,
    /// Write nothing; print a unified diff of every document that would change
    #[arg(long, conflicts_with_all = ["resume", "report"])]
    pub(crate) diff: bool,
    /// Write nothing; list what would be removed, and exit with 1 if there is any; with 3 if some inputs failed,
    /// whatever else was found
    #[arg(long, conflicts_with_all = ["resume", "report"])]
    pub(crate) check: bool,
}

impl PreviewFlags {
    /// Whether any of it is wished.
    pub(crate) fn is_wished(self) -> bool {
        self.dry_run || self.diff || self.check
    }
}
