//! The ways a match may begin.

use super::Prefix;

/// Of patterns with more beginnings than this, shorter ones do where each line is looked up only once.
const MANY: usize = 16;
/// How many bytes they keep, from the first try to the last.
const SHORTER: [usize; 3] = [12, 8, 6];

/// The ways a match may begin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Beginnings {
    /// With this text.
    pub(crate) literals: Vec<Prefix>,
    /// Those of these texts that are all of a match, wherever one begins so.
    pub(crate) whole: Vec<Prefix>,
    /// With a figure.
    pub(crate) figure: bool,
    /// With the name of a month or a weekday.
    pub(crate) calendar: bool,
    /// What a match that begins with a figure or a date begins with, and what stands behind that.
    pub(crate) openings: Vec<Prefix>,
}

impl Beginnings {
    /// The same beginnings for a pattern that matches whole lines only: those that are all of a match with the mark that says so.
    pub(crate) fn of_lines(mut self) -> Beginnings {
        let ended: Vec<Prefix> = self.whole.iter().filter_map(|whole| whole.ended()).collect();
        self.literals.retain(|literal| literal.ended().is_none() || self.whole.binary_search(literal).is_err());
        let mut coarser = Beginnings { whole: Vec::new(), ..self }.coarser();
        coarser.literals.extend(ended);
        coarser
    }

    /// The same beginnings, shortened where they are many, for they are kept in a table that every start reads.
    pub(crate) fn coarser(mut self) -> Beginnings {
        for bytes in SHORTER {
            if self.literals.len() <= MANY {
                break;
            }
            self.literals.iter_mut().for_each(|literal| *literal = literal.shortened(bytes));
            self.literals.sort_unstable();
            self.literals.dedup();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beginnings(texts: &[&str], whole: &[&str]) -> Beginnings {
        let of = |texts: &[&str]| texts.iter().map(|text| Prefix::new(text)).collect();
        Beginnings { literals: of(texts), whole: of(whole), ..Beginnings::default() }
    }

    fn texts(beginnings: &Beginnings) -> Vec<String> {
        beginnings.literals.iter().map(|literal| literal.text().into_owned()).collect()
    }

    #[test]
    fn few_beginnings_stay_and_many_are_shortened() {
        let few = beginnings(&["follow this story"], &[]);
        assert_eq!(texts(&few.coarser()), ["follow this sto"]);
        let many: Vec<String> = ('a'..='z').map(|last| format!("follow a {last}")).collect();
        let many: Vec<&str> = many.iter().map(|text| &**text).collect();
        assert_eq!(texts(&beginnings(&many, &[]).coarser()), ["follow a"]);
    }

    #[test]
    fn beginnings_that_are_all_of_a_match_say_so() {
        let told = beginnings(&["send", "share", "share this link"], &["share", "share this link"]).of_lines();
        assert_eq!(texts(&told), ["send", "share this link", "share\u{4}"]);
    }
}
