//! The figures, drawn in the page. What they show stands beside them as text, so readers by ear miss nothing.

use std::fmt::Write as _;

use crate::report::review::histogram::Histogram;
use crate::report::terminal::count;

/// The sizes of the histogram, in its own units.
const BAR: usize = 64;
const GAP: usize = 12;
const HEIGHT: u64 = 150;
const TOP: u64 = 22;
const BOTTOM: u64 = 26;

/// A bar that shows a part of the largest.
pub(super) fn bar(part: u64, largest: u64) -> String {
    let width = 100.0 * part as f64 / largest.max(1) as f64;
    let width = if part > 0 { width.clamp(0.4, 100.0) } else { 0.0 };
    format!(
        "<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"track\" width=\"100\" height=\"8\"/><rect class=\"fill\" width=\"{width:.2}\" height=\"8\"/></svg>"
    )
}

/// A share as people read it: two figures, and never 0 or 100 where that is not so.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let percent = 100.0 * part as f64 / whole.max(1) as f64;
    match (part, percent) {
        (0, _) => "0 %".to_owned(),
        (_, ..0.01) => "< 0.01 %".to_owned(),
        (_, ..1.0) => format!("{percent:.2} %"),
        (part, _) if part < whole && percent > 99.9 => "> 99.9 %".to_owned(),
        (_, percent) => format!("{percent:.1} %"),
    }
}

/// The histogram with its numbers above the bars.
pub(super) fn histogram(histogram: &Histogram) -> String {
    let bars: Vec<(&str, u64)> = histogram.bars().collect();
    let largest = bars.iter().map(|(_, number)| *number).max().unwrap_or(0).max(1);
    let (width, height) = (bars.len() * (BAR + GAP), TOP + HEIGHT + BOTTOM);
    let mut out = format!("<svg class=\"histogram\" viewBox=\"0 0 {width} {height}\" aria-hidden=\"true\">");
    for (at, (name, number)) in bars.iter().enumerate() {
        let tall = if *number == 0 { 0 } else { (number * HEIGHT / largest).max(2) };
        let (x, y) = (at * (BAR + GAP) + GAP / 2, TOP + HEIGHT - tall);
        let (middle, foot) = (x + BAR / 2, TOP + HEIGHT + 18);
        let class = if at == 0 { "fill quiet" } else { "fill" };
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{BAR}\" height=\"{tall}\"/>\
             <text x=\"{middle}\" y=\"{}\">{}</text><text class=\"axis\" x=\"{middle}\" y=\"{foot}\">{name}</text>",
            y - 6,
            count(*number),
        );
    }
    let line = TOP + HEIGHT;
    let _ = write!(out, "<line class=\"base\" x1=\"0\" x2=\"{width}\" y1=\"{line}\" y2=\"{line}\"/></svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_never_rounded_to_nothing_or_all() {
        assert_eq!(percent(0, 0), "0 %");
        assert_eq!(percent(1, 1_000_000), "< 0.01 %");
        assert_eq!(percent(1, 200), "0.50 %");
        assert_eq!(percent(9_999, 10_000), "> 99.9 %");
        assert_eq!(percent(5, 5), "100.0 %");
    }
}
