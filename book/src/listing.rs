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

/// Reads `path/to/file.rs`, `path/to/file.rs:anchor` or `path/to/file.rs:fn name`,
/// relative to `folder`.
pub(crate) fn read(folder: &Path, what: &str) -> Result<Listing, Problem> {
    let (file, part) = match what.split_once(':') {
        Some((file, part)) => (file, Some(part)),
        None => (what, None),
    };
    let path = folder.join(file);
    let text = fs::read_to_string(&path).map_err(|error| {
        Problem::new("fault-unreadable").with("file", file).with("error", error)
    })?;
    let text = match part {
        Some(item) if item.contains(' ') => cut_item(&text, item),
        anchor => cut(&text, anchor),
    };
    let text = text
        .map_err(|problem| problem.with("file", file))
        .map(|lines| dedent(&lines))?;
    if is_too_wide(&path, &text) {
        return Err(Problem::new("fault-wide")
            .with("what", what)
            .with("width", WIDTH));
    }
    let path = path.canonicalize().unwrap_or(path);
    Ok(Listing { path, text })
}

/// A compiler's words are as wide as they are: nobody may break its lines.
fn is_too_wide(path: &Path, text: &str) -> bool {
    let is_said = path.extension().is_some_and(|it| it == "stderr");
    !is_said && text.lines().any(|line| line.chars().count() > WIDTH)
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

/// The item whose first line begins with these words, `fn msg` or `def obey`, and the
/// comments right above it. rustfmt and Python's own rules tell where it ends.
fn cut_item<'a>(text: &'a str, item: &str) -> Result<Vec<&'a str>, Problem> {
    let lines = cut(text, None)?;
    let mut found = (0..lines.len()).filter(|&i| begins(lines[i], item));
    let Some(start) = found.next() else {
        return Err(Problem::new("fault-item").with("item", item));
    };
    if found.next().is_some() {
        return Err(Problem::new("fault-item-twice").with("item", item));
    }
    let length = if item.starts_with("def ") || item.starts_with("class ") {
        python_length(&lines[start..])
    } else {
        rust_length(&lines[start..])
    };
    let is_comment = |line: &&&str| {
        let line = line.trim_start();
        line.starts_with("//") || line.starts_with('#')
    };
    let above = lines[..start].iter().rev().take_while(is_comment).count();
    Ok(lines[start - above..start + length].to_vec())
}

/// Does the line begin with these words, whoever may see the item?
fn begins(line: &str, item: &str) -> bool {
    let line = line.trim_start();
    let line = ["pub ", "pub(crate) "]
        .iter()
        .find_map(|visible| line.strip_prefix(visible))
        .unwrap_or(line);
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.strip_prefix(item).is_some_and(|rest| !rest.starts_with(is_word))
}

fn rust_length(lines: &[&str]) -> usize {
    let start = indentation(lines[0]);
    let mut has_block = false;
    let end = lines.iter().position(|line| {
        has_block |= line.ends_with('{');
        let closes =
            indentation(line) == start && line.trim_start().starts_with('}');
        closes || (!has_block && line.ends_with([';', '}']))
    });
    end.map_or(lines.len(), |end| end + 1)
}

fn python_length(lines: &[&str]) -> usize {
    let start = indentation(lines[0]);
    let is_outside =
        |line: &&str| !line.trim().is_empty() && indentation(line) <= start;
    let end = lines.iter().skip(1).position(is_outside);
    end.map_or(lines.len(), |end| end + 1)
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
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
        .map(|line| indentation(line))
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
    fn programs_fit_and_compilers_say_what_they_say() {
        let wide = "x".repeat(WIDTH + 1);
        assert!(is_too_wide(Path::new("chat.rs"), &wide));
        assert!(!is_too_wide(Path::new("chat.rs"), &wide[1..]));
        assert!(!is_too_wide(Path::new("chat.stderr"), &wide));
    }

    const ITEMS: &str = "\
/// Where each ends.
#[derive(Debug)]
pub(crate) enum Effect {
    Send,
}

type Answer = Result<Vec<Effect>, String>;

impl Room {
    /// Says it.
    fn msg(
        &self,
        me: usize,
    ) -> Answer {
        if true {
        }
    }

    fn msg_all(&self) {}
    // ANCHOR: x
    fn new() {}
    // ANCHOR_END: x
}

fn new() {}
";

    fn item(text: &str, item: &str) -> String {
        dedent(&cut_item(text, item).unwrap())
    }

    #[test]
    fn an_item_is_found_by_its_name() {
        let effect = item(ITEMS, "enum Effect");
        assert!(effect.starts_with("/// Where"), "{effect}");
        assert!(effect.ends_with("    Send,\n}\n"), "{effect}");
        let answer = "type Answer = Result<Vec<Effect>, String>;\n";
        assert_eq!(item(ITEMS, "type Answer"), answer);
        let msg = item(ITEMS, "fn msg");
        assert!(msg.starts_with("/// Says it.\nfn msg(\n    &self"), "{msg}");
        assert!(msg.ends_with("    if true {\n    }\n}\n"), "{msg}");
        assert_eq!(item(ITEMS, "fn msg_all"), "fn msg_all(&self) {}\n");
        let room = item(ITEMS, "impl Room");
        assert!(
            !room.contains("ANCHOR") && room.ends_with("{}\n}\n"),
            "{room}"
        );
    }

    #[test]
    fn an_item_of_python_ends_where_its_indentation_does() {
        let file = "x = 1\n\n# To all.\ndef tell(\n        who):\n    a()\n\n    \
                    b()\n\n\nclass A:\n    pass\n";
        let tell = "# To all.\ndef tell(\n        who):\n    a()\n\n    b()\n";
        assert_eq!(item(file, "def tell"), tell);
        assert_eq!(item(file, "class A"), "class A:\n    pass\n");
    }

    #[test]
    fn an_item_that_is_not_there_or_there_twice_is_a_problem() {
        let key = |item| cut_item(ITEMS, item).unwrap_err().key;
        assert_eq!(key("fn ms"), "fault-item");
        assert_eq!(key("fn new"), "fault-item-twice");
    }

    #[test]
    fn an_anchor_that_is_not_there_is_a_problem() {
        assert_eq!(cut(FILE, Some("lop")).unwrap_err().key, "fault-anchor");
        let open = "// ANCHOR: a\nb\n";
        assert_eq!(cut(open, Some("a")).unwrap_err().key, "fault-anchor-open");
    }
}
