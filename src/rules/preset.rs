//! Presets: how careful cleaning is.

use std::fmt;

/// How careful cleaning is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Preset {
    /// Only what is certain goes.
    Precision,
    /// What a careful reader would take away goes.
    #[default]
    Balanced,
    /// What is likely chrome goes.
    Recall,
}

impl Preset {
    /// Every preset, the most careful first.
    pub const ALL: [Preset; 3] = [Preset::Precision, Preset::Balanced, Preset::Recall];

    /// Its name, as the command line and the rule files write it.
    pub fn name(self) -> &'static str {
        match self {
            Preset::Precision => "precision",
            Preset::Balanced => "balanced",
            Preset::Recall => "recall",
        }
    }

    /// The preset of a name.
    pub fn of_name(name: &str) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.name() == name)
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
