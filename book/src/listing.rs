//! Listings are never typed: they are cut out of the files that run.
//!
//! mdBook's own `{{#include file:anchor}}` keeps the indentation that the lines have in
//! their file, and silently includes nothing when the anchor isn't there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fault::Problem;

/// The widest line that fits on paper and on a phone held sideways.
const WIDTH: usize = 80;

/// Lines of a file, as a reader sees them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Listing {
    pub(crate) path: PathBuf,
    /// Each ends with a line feed.
    pub(crate) text: String,
}

/// Reads `path/to/file.rs` or `path/to/file.rs:anchor`, relative to `folder`.
pub(crate) fn read(folder: &Path, what: &str) -> Result<Listing, Problem> {
    let (file, anchor) = match what.split_once(':') {
        Some((file, anchor)) => (file, Some(anchor)),
        None => (what, None),
    };
    let path = folder.join(file);
    let text = fs::read_to_string(&path).map_err(|error| {
        Problem::new("fault-unreadable").with("file", file).with("error", error)
    })?;
    let text = cut(&text, anchor)
        .map_err(|problem| problem.with("file", file))
        .map(|lines| dedent(&lines))?;
    if text.lines().any(|line| line.chars().count() > WIDTH) {
        return Err(Problem::new("fault-wide")
            .with("what", what)
            .with("width", WIDTH));
    }
    let path = path.canonicalize().unwrap_or(path);
    Ok(Listing { path, text })
}

/// The lines between `ANCHOR: name` and `ANCHOR_END: name`, or all; without the lines
/// that hold anchors.
fn cut<'a>(
    text: &'a str,
    anchor: Option<&str>,
) -> Result<Vec<&'a str>, Problem> {
    let mut lines = Vec::new();
    let mut inside = anchor.is_none();
    let mut found = false;
    for line in text.lines() {
        if let Some(name) = marked(line, "ANCHOR:") {
            if Some(name) == anchor {
                inside = true;
                found = true;
            }
        } else if let Some(name) = marked(line, "ANCHOR_END:") {
            if Some(name) == anchor {
                inside = false;
            }
        } else if inside {
            lines.push(line);
        }
    }
    match anchor {
        Some(anchor) if !found => {
            Err(Problem::new("fault-anchor").with("anchor", anchor))
        }
        Some(anchor) if inside => {
            Err(Problem::new("fault-anchor-open").with("anchor", anchor))
        }
        _ => Ok(lines),
    }
}

fn marked<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    line.split_once(mark).map(|(_, name)| name.trim())
}

/// Takes away the indentation that all lines share, and the empty lines at both ends.
fn dedent(lines: &[&str]) -> String {
    let is_blank = |line: &&str| line.trim().is_empty();
    let first = lines.iter().position(|line| !is_blank(line));
    let last = lines.iter().rposition(|line| !is_blank(line));
    let (Some(first), Some(last)) = (first, last) else {
        return String::new();
    };
    let lines = &lines[first..=last];
    let indentation = lines
        .iter()
        .filter(|line| !is_blank(line))
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    let mut text = String::new();
    for line in lines {
        text.push_str(line.get(indentation..).unwrap_or_default());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
fn serve() {
    // ANCHOR: loop
    loop {

        // ANCHOR: call
        select();
        // ANCHOR_END: call
    }
    // ANCHOR_END: loop
}
";

    #[test]
    fn an_anchor_is_dedented_and_its_marks_are_gone() {
        let lines = cut(FILE, Some("loop")).unwrap();
        assert_eq!(dedent(&lines), "loop {\n\n    select();\n}\n");
        let lines = cut(FILE, Some("call")).unwrap();
        assert_eq!(dedent(&lines), "select();\n");
    }

    #[test]
    fn a_whole_file_loses_its_marks_alone() {
        let text = dedent(&cut(FILE, None).unwrap());
        assert_eq!(text.lines().count(), 6);
        assert!(text.starts_with("fn serve() {\n    loop {\n"), "{text}");
    }

    #[test]
    fn an_anchor_that_is_not_there_is_a_problem() {
        assert_eq!(cut(FILE, Some("lop")).unwrap_err().key, "fault-anchor");
        let open = "// ANCHOR: a\nb\n";
        assert_eq!(cut(open, Some("a")).unwrap_err().key, "fault-anchor-open");
    }
}
