//! Tables with small bars that fit a width.

use std::fmt::Write as _;

use super::look::Look;
use super::style::{QUIET, STRONG};
use super::width::{columns, padded, shortened};

/// The widest bar, and the narrowest that is worth drawing.
const BAR: std::ops::RangeInclusive<usize> = 6..=24;
/// What a name is never shortened below.
const LEAST_NAME: usize = 12;
/// What stands between two columns.
const GAP: usize = 2;
/// Bars of one to eight eighths of a column.
const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/// A bar as long as `value` is of `largest`, in at most so many columns. What is not nothing is seen.
pub(super) fn bar(value: u64, largest: u64, most: usize, look: Look) -> String {
    let steps = if look.unicode { most * EIGHTHS.len() } else { most };
    let exact = u128::from(value.min(largest)) * steps as u128 * 2 / u128::from(largest.max(1));
    let length = usize::try_from(exact.div_ceil(2)).unwrap_or(steps).max(usize::from(value > 0)).min(steps);
    if !look.unicode {
        return "#".repeat(length);
    }
    let mut bar = "█".repeat(length / EIGHTHS.len());
    bar.extend((length % EIGHTHS.len()).checked_sub(1).and_then(|rest| EIGHTHS.get(rest)));
    bar
}

/// A bar for a part of a whole, with what is missing shown, too.
pub(super) fn gauge(part: usize, whole: usize, look: Look) -> String {
    const WIDTH: usize = 20;
    let bar = bar(part as u64, whole as u64, WIDTH, look);
    let rest = if look.unicode { "░" } else { "." };
    let rest = rest.repeat(WIDTH.saturating_sub(columns(&bar)));
    format!("{bar}{QUIET}{rest}{QUIET:#}")
}

/// A table: names, figures, and a bar for one of them.
pub(super) struct BarTable<'t> {
    pub(super) title: &'t str,
    /// What the figures are.
    pub(super) heads: &'t [&'t str],
    pub(super) lines: Vec<BarLine>,
    /// What a bar of full length stands for; the largest value where nothing is said.
    pub(super) full: Option<u64>,
    /// How many lines there would be without a limit.
    pub(super) of: usize,
}

/// A line of a table.
pub(super) struct BarLine {
    /// The name; escaped.
    pub(super) name: String,
    pub(super) figures: Vec<String>,
    /// What the bar shows.
    pub(super) value: u64,
}

impl BarTable<'_> {
    /// The table, with colour, in the width of the look. Where there is no room for all of it, the first figures go.
    pub(super) fn render(&self, look: Look) -> String {
        let layout = self.layout(look.width);
        let full = self.full.unwrap_or_else(|| self.lines.iter().map(|line| line.value).max().unwrap_or(0));
        let mut out = String::new();
        let heads: Vec<String> = self.heads.iter().map(|&head| head.to_owned()).collect();
        let title = padded(&shortened(self.title, layout.name, look), layout.name);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{STRONG}{title}{STRONG:#}{QUIET}{}{QUIET:#}", layout.figures(&heads).trim_end());
        for line in &self.lines {
            let name =
                padded(&shortened(&line.name, layout.name.saturating_sub(2), look), layout.name.saturating_sub(2));
            let bar = bar(line.value, full, layout.bar, look);
            let text = format!("  {name}{}  {bar}", layout.figures(&line.figures));
            let _ = writeln!(out, "{}", text.trim_end());
        }
        let more = self.of.saturating_sub(self.lines.len());
        if more > 0 {
            let _ = writeln!(
                out,
                "  {QUIET}{} {} more (--top 0 shows all){QUIET:#}",
                look.ellipsis(),
                super::count(more as u64)
            );
        }
        out
    }

    fn layout(&self, width: usize) -> Layout {
        let widest = |column: usize| {
            let cells = self.lines.iter().filter_map(|line| line.figures.get(column)).map(|cell| columns(cell));
            cells.chain(self.heads.get(column).map(|head| columns(head))).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.heads.len()).map(widest).collect();
        let names = self.lines.iter().map(|line| columns(&line.name) + 2);
        let longest = names.chain([columns(self.title)]).max().unwrap_or(0);
        let taken = |from: usize| widths.iter().skip(from).map(|width| width + GAP).sum::<usize>();
        let least = longest.min(LEAST_NAME);
        let last = widths.len().saturating_sub(1);
        let first = (0..last).find(|&from| taken(from) + least <= width).unwrap_or(last);
        let room = width.saturating_sub(taken(first));
        let bar_room = *BAR.start() + GAP;
        let name = longest.min(room.saturating_sub(bar_room).max(least)).min(room.max(1));
        let left = room.saturating_sub(name + GAP);
        let bar = if left < *BAR.start() { 0 } else { left.min(*BAR.end()) };
        Layout { name, first, widths, bar }
    }
}

/// How the width is divided.
struct Layout {
    name: usize,
    /// The first figure that is shown.
    first: usize,
    widths: Vec<usize>,
    bar: usize,
}

impl Layout {
    fn figures(&self, cells: &[String]) -> String {
        let cells = cells.iter().zip(&self.widths).skip(self.first);
        cells.fold(String::new(), |mut out, (cell, width)| {
            let blanks = (width + GAP).saturating_sub(columns(cell));
            let _ = write!(out, "{:blanks$}{cell}", "");
            out
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASCII: Look = Look { width: 80, unicode: false, color: false };

    fn table(names: &[&str]) -> BarTable<'static> {
        let line = |(n, name): (usize, &&str)| BarLine {
            name: (*name).to_owned(),
            figures: vec!["1".into(), "1,000,000".into(), format!("{n} %")],
            value: n as u64,
        };
        BarTable {
            title: "rule",
            heads: &["documents", "bytes", "share"],
            lines: names.iter().enumerate().map(line).collect(),
            full: None,
            of: names.len() + 5,
        }
    }

    #[test]
    fn bars_are_as_long_as_their_values() {
        let look = Look::default();
        assert_eq!(bar(8, 8, 4, look), "████");
        assert_eq!(bar(1, 2, 3, look), "█▌");
        assert_eq!(bar(1, u64::MAX, 3, look), "▏", "what is not nothing is seen");
        assert_eq!(bar(0, 9, 3, look), "");
        assert_eq!(bar(0, 0, 3, look), "");
        assert_eq!(bar(u64::MAX, u64::MAX, 3, look), "███");
        assert_eq!(bar(9, 3, 3, ASCII), "###");
        assert_eq!(bar(1, 2, 4, ASCII), "##");
    }

    #[test]
    fn a_table_fits_any_width() {
        let long = "x".repeat(300);
        let wide = "記".repeat(50);
        for width in 1..200 {
            for unicode in [true, false] {
                let look = Look { width, unicode, color: false };
                let shown = table(&["a", &long, &wide]).render(look);
                let plain = anstream::adapter::strip_str(&shown).to_string();
                // Below this, not even a name and a figure have room.
                let most = width.max(32);
                assert!(plain.lines().all(|line| columns(line) <= most), "{width}\n{plain}");
            }
        }
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let plain = anstream::adapter::strip_str(&table(&["a"]).render(ASCII)).to_string();
        assert!(plain.ends_with("  ... 5 more (--top 0 shows all)\n"), "{plain}");
    }
}
