//! How text is put into a window: lines that fit, and one at the bottom.

use std::io::{self, Write};

use anstream::adapter::strip_str;

/// Puts all of `text` into lines of at most `width` characters, cut at spaces where
/// there are some. A line goes on under its own beginning, or under its second column,
/// unless that leaves too little room. Escape sequences take none.
pub(super) fn fit(text: &str, width: usize) -> String {
    text.split('\n')
        .map(|line| fit_line(line, width))
        .collect::<Vec<_>>()
        .join("\n")
}

fn fit_line(line: &str, width: usize) -> String {
    let plain = strip_str(line).to_string();
    if plain.chars().count() <= width || width == 0 {
        return line.to_string();
    }
    let start = plain.len() - plain.trim_start_matches(' ').len();
    let start = start.min(width / 4);
    let indent = second_column(&plain).filter(|&it| it <= width / 2);
    let indent = indent.unwrap_or(start);
    let (mut fitted, mut room) = (" ".repeat(start), width - start);
    let mut is_first = true;
    for word in line.trim_start_matches(' ').split(' ') {
        let length = strip_str(word).to_string().chars().count();
        if !is_first {
            if length < room {
                fitted.push(' ');
                room -= 1;
            } else {
                fitted.push('\n');
                fitted.push_str(&" ".repeat(indent));
                room = width - indent;
            }
        }
        is_first = false;
        fitted.push_str(word);
        // One that is too long for any line: the terminal cuts it.
        room = room.saturating_sub(length);
    }
    fitted
}

/// Where the text begins behind the first gap of two spaces or more.
fn second_column(line: &str) -> Option<usize> {
    let start = line.len() - line.trim_start_matches(' ').len();
    let gap = start + line[start..].find("  ")?;
    let behind = line[gap..].trim_start_matches(' ');
    Some(line[..line.len() - behind.len()].chars().count())
}

/// As many of these as fit into a line of `width` characters, two spaces between them.
pub(super) fn row(parts: &[String], width: usize) -> String {
    let mut row = String::new();
    let mut length = 0;
    for part in parts {
        let gap = if row.is_empty() { 0 } else { 2 };
        let count = part.chars().count();
        if length + gap + count > width {
            break;
        }
        row.push_str(&" ".repeat(gap));
        row.push_str(part);
        length += gap + count;
    }
    row
}

/// The window of a terminal.
pub(super) struct Screen {
    pub(super) columns: usize,
    pub(super) rows: usize,
    colours: bool,
}

impl Screen {
    pub(super) fn new((columns, rows): (usize, usize), colours: bool) -> Self {
        Self { columns, rows, colours }
    }

    /// What fits into a line, with a column left for the cursor.
    pub(super) fn width(&self) -> usize {
        self.columns.saturating_sub(1)
    }

    /// Nothing but this, and a line at the bottom.
    pub(super) fn show(&self, text: &str, bottom: &str) -> io::Result<()> {
        let text = self.coloured(text.trim_end());
        let bottom = self.bottom(bottom);
        let rows = self.rows;
        let mut out = io::stdout().lock();
        // The bottom comes after a long text, or at the end of the window.
        write!(out, "\x1b[H\x1b[2J{text}\n\n\x1b[{rows};1H{bottom}")?;
        out.flush()
    }

    /// Another line at the bottom.
    pub(super) fn say(&self, bottom: &str) -> io::Result<()> {
        let bottom = self.bottom(bottom);
        let mut out = io::stdout().lock();
        write!(out, "\r\x1b[2K{bottom}")?;
        out.flush()
    }

    /// A window for somebody else.
    pub(super) fn clear(&self, text: &str) -> io::Result<()> {
        let text = self.coloured(text.trim_end());
        let mut out = io::stdout().lock();
        write!(out, "\x1b[H\x1b[2J{text}\n\n")?;
        out.flush()
    }

    /// After us comes the shell.
    pub(super) fn leave(&self) {
        let mut out = io::stdout().lock();
        let _ = write!(out, "\r\x1b[2K").and_then(|()| out.flush());
    }

    fn coloured(&self, text: &str) -> String {
        match self.colours {
            true => text.to_string(),
            false => strip_str(text).to_string(),
        }
    }

    fn bottom(&self, words: &str) -> String {
        let words: String = words.chars().take(self.width()).collect();
        match self.colours {
            true => format!("\x1b[2m{words}\x1b[0m"),
            false => words,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_go_on_under_themselves() {
        assert_eq!(fit("  one two three", 9), "  one two\n  three");
        assert_eq!(fit("short\n", 9), "short\n");
        let red = "\x1b[31mone\x1b[0m two";
        assert_eq!(fit(red, 7), red);
        assert_eq!(fit(red, 4), "\x1b[31mone\x1b[0m\ntwo");
        assert_eq!(
            fit("  ok   one two three", 15),
            "  ok   one two\n       three"
        );
        // Far to the right there is no room.
        assert_eq!(fit("                    one two", 12), "   one two");
    }

    #[test]
    fn a_row_leaves_out_what_has_no_room() {
        let parts = ["h hint", "l list", "q quit"].map(str::to_string);
        assert_eq!(row(&parts, 80), "h hint  l list  q quit");
        assert_eq!(row(&parts, 15), "h hint  l list");
        assert_eq!(row(&parts, 3), "");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_lines_fit(
            text in "[ a-zé]{0,120}",
            width in 8usize..60,
        ) {
            let fitted = fit(&text, width);
            let words = |text: &str| -> Vec<String> {
                text.split_whitespace().map(str::to_string).collect()
            };
            prop_assert_eq!(words(&fitted), words(&text));
            for line in fitted.lines() {
                let longest = words(line).iter()
                    .map(|word| word.chars().count()).max();
                prop_assert!(
                    line.trim_end().chars().count()
                        <= width.max(longest.unwrap_or(0) + width / 2),
                    "{:?}", line
                );
            }
        }
    }
}
