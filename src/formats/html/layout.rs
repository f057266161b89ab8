//! Lines made of pieces of text and the breaks between them.

/// White space as HTML collapses it; U+00A0 is not part of it.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
}

/// A text in the making. Breaks are only noted when they are asked for, and written before the next text: so there are
/// none at the beginning, none at the end, and never two blank lines in a row.
#[derive(Debug, Default)]
pub(super) struct Layout {
    out: Vec<u8>,
    line_start: usize,
    /// Line feeds before the next text.
    breaks: usize,
    /// Whether white space stands before the next text.
    space: bool,
    /// Whether a cell begins in this line, behind another one.
    cell: bool,
    /// Where the tab stands that sets off the cell that is open.
    tab: Option<usize>,
    /// Whether the cell that is open has more than one line.
    many_lines: bool,
    /// Whether nothing of the cell that is open has been written.
    fresh: bool,
}

impl Layout {
    /// Adds text whose white space collapses.
    pub(super) fn text(&mut self, mut text: &[u8]) {
        while let Some(first) = text.first() {
            let spaces = is_space(*first);
            let end = text.iter().position(|byte| is_space(*byte) != spaces).unwrap_or(text.len());
            let (run, rest) = text.split_at(end);
            if spaces {
                self.space = true;
            } else {
                self.word(run);
            }
            text = rest;
        }
    }

    /// Adds text whose lines and spaces stay.
    pub(super) fn preformatted(&mut self, text: &[u8]) {
        for (at, line) in text.split(|byte| *byte == b'\n').enumerate() {
            if at > 0 {
                self.breaks += 1;
            }
            if !line.is_empty() {
                self.space = false;
                self.word(line);
            }
        }
    }

    /// Ends the line.
    pub(super) fn line(&mut self) {
        self.breaks = self.breaks.max(1);
    }

    /// Ends the line, or adds a blank one behind it: what `<br>` does.
    pub(super) fn line_break(&mut self) {
        self.breaks = if self.breaks < 2 { self.breaks + 1 } else { self.breaks };
    }

    /// Ends the line and sets a blank one behind it.
    pub(super) fn blank(&mut self) {
        self.breaks = self.breaks.max(2);
    }

    /// Begins a table, which may stand in a cell of another.
    pub(super) fn table(&mut self) {
        self.set_off_cell();
        self.end_table();
    }

    /// Ends a table.
    pub(super) fn end_table(&mut self) {
        self.row();
        self.blank();
    }

    /// Begins a row of a table, or ends one.
    pub(super) fn row(&mut self) {
        self.line();
        (self.tab, self.many_lines, self.cell, self.fresh) = (None, false, false, true);
    }

    /// Begins a cell: behind a tab, or in a line of its own when the cell before has more lines than one.
    pub(super) fn cell(&mut self) {
        if self.breaks == 0 && self.many_lines {
            self.line();
        }
        self.cell = self.breaks == 0;
        (self.tab, self.many_lines, self.fresh) = (None, false, true);
    }

    /// The text, which ends in a line feed unless it is empty.
    pub(super) fn finish(mut self) -> String {
        self.close_line();
        while self.out.last() == Some(&b'\n') {
            self.out.pop();
        }
        if !self.out.is_empty() {
            self.out.push(b'\n');
        }
        String::from_utf8(self.out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    fn word(&mut self, word: &[u8]) {
        match (self.breaks, self.out.is_empty()) {
            (0, true) => {}
            (0, false) if self.cell => {
                self.tab = Some(self.out.len());
                self.out.push(b'\t');
            }
            (0, false) if self.space => self.out.push(b' '),
            (0, false) => {}
            _ => self.write_breaks(),
        }
        (self.breaks, self.cell, self.space, self.fresh) = (0, false, false, false);
        self.out.extend_from_slice(word);
    }

    fn write_breaks(&mut self) {
        self.close_line();
        if self.out.is_empty() {
            return;
        }
        if !self.fresh {
            self.many_lines = true;
            self.set_off_cell();
        }
        self.out.extend(std::iter::repeat_n(b'\n', self.breaks));
        self.line_start = self.out.len();
    }

    /// Gives a cell that turns out to have several lines a line of its own from the start.
    fn set_off_cell(&mut self) {
        if let Some(tab) = self.tab.take().and_then(|at| self.out.get_mut(at))
            && *tab == b'\t'
        {
            *tab = b'\n';
        }
    }

    /// Takes white space from the end of the line, and the line itself if it holds nothing but U+00A0.
    fn close_line(&mut self) {
        while self.out.len() > self.line_start && matches!(self.out.last(), Some(b' ' | b'\t')) {
            self.out.pop();
        }
        let line = self.out.get(self.line_start..).unwrap_or_default();
        if !line.is_empty() && line.chunks(2).all(|pair| pair == [0xC2, 0xA0]) {
            self.out.truncate(self.line_start);
            self.breaks = self.breaks.max(self.breaks_before());
            while self.out.last() == Some(&b'\n') {
                self.out.pop();
            }
        }
    }

    /// The line feeds at the end of what was written.
    fn breaks_before(&self) -> usize {
        self.out.iter().rev().take(2).take_while(|byte| **byte == b'\n').count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_collapses_across_pieces() {
        let mut layout = Layout::default();
        for piece in [" a\n", "\t b", "c ", ""] {
            layout.text(piece.as_bytes());
        }
        assert_eq!(layout.finish(), "a bc\n");
    }

    #[test]
    fn there_are_no_blank_lines_at_the_edges_and_never_two() {
        let mut layout = Layout::default();
        layout.blank();
        layout.text(b"a");
        for _ in 0..5 {
            layout.blank();
            layout.line_break();
        }
        layout.text(b" b ");
        layout.blank();
        assert_eq!(layout.finish(), "a\n\nb\n");
    }

    #[test]
    fn a_line_of_nothing_but_no_break_spaces_is_blank() {
        let mut layout = Layout::default();
        for piece in ["a", "\u{a0}", "\u{a0}\u{a0}", "\u{a0}b\u{a0}c"] {
            layout.text(piece.as_bytes());
            layout.line();
        }
        assert_eq!(layout.finish(), "a\n\u{a0}b\u{a0}c\n");
    }

    #[test]
    fn cells_are_set_off_by_tabs_while_they_are_parts_of_a_line() {
        let mut layout = Layout::default();
        for rows in [["a", "b", "c"], ["d", "e", "f"]] {
            layout.row();
            for cell in rows {
                layout.cell();
                layout.text(cell.as_bytes());
            }
        }
        assert_eq!(layout.finish(), "a\tb\tc\nd\te\tf\n");
    }

    #[test]
    fn a_cell_of_several_lines_stands_alone() {
        let mut layout = Layout::default();
        layout.row();
        for lines in [["a", ""], ["b", "c"], ["d", ""]] {
            layout.cell();
            for line in lines {
                layout.text(line.as_bytes());
                layout.line_break();
            }
            layout.breaks = 0;
        }
        assert_eq!(layout.finish(), "a\nb\nc\nd\n");
    }
}
