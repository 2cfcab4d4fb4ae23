//! What changes from one step to the next, shown line by line.
//!
//! Made from the real files at each build, so that a change of a program can't leave the
//! book behind.

use std::fmt::Write as _;

use lab::texts::Texts;
use similar::{ChangeTag, TextDiff};

use crate::fault::Problem;
use crate::html;
use crate::listing;
use crate::place::Course;

/// Unchanged lines around a change.
const CONTEXT: usize = 3;

/// The figure of `{{#diff OLD NEW}}`, `{{#diff OLD NEW ANCHOR}}` or
/// `{{#diff OLD NEW fn NAME}}`.
pub(crate) fn figure(
    course: &Course,
    texts: &Texts,
    arguments: &[&str],
) -> Result<String, Problem> {
    let [old, new, part @ ..] = arguments else {
        return Err(Problem::new("fault-diff-usage"));
    };
    let (names, part) = ([old, new], part.join(" "));
    let mut sources = Vec::new();
    for name in names {
        let path = course.shown(&course.program(name));
        let what =
            if part.is_empty() { path } else { format!("{path}:{part}") };
        sources.push(listing::read(course.root(), &what)?.text);
    }
    let (lines, added, removed) = lines(&sources[0], &sources[1]);
    if added + removed == 0 {
        return Err(Problem::new("fault-diff-equal")
            .with("old", names[0])
            .with("new", names[1]));
    }
    let files = names.map(|name| course.program(name));
    let stems = files.each_ref().map(|file| file.file_stem());
    let [old, new] = files.each_ref().map(|file| {
        let shown = if stems[0] == stems[1] {
            course.known_as(file)
        } else {
            file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
        };
        format!("<code>{}</code>", html::escape(&shown))
    });
    let caption = texts.say(
        "diff-caption",
        &[
            ("old", old),
            ("new", new),
            ("added", added.to_string()),
            ("removed", removed.to_string()),
        ],
    );
    Ok(format!(
        "<figure class=\"diff\"><figcaption>{caption}</figcaption>\
         <pre><code class=\"nohighlight\">{}</code></pre></figure>\n",
        html::one_block(&lines)
    ))
}

/// The rows as HTML, and how many lines were added and removed.
fn lines(old: &str, new: &str) -> (String, usize, usize) {
    let diff = TextDiff::from_lines(old, new);
    let (mut added, mut removed) = (0, 0);
    let mut rows = String::new();
    for (i, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if i > 0 {
            rows.push_str("<span class=\"gap\">⋯</span>\n");
        }
        for change in group.iter().flat_map(|op| diff.iter_inline_changes(op)) {
            let tag = change.tag();
            let (name, sign) = match tag {
                ChangeTag::Delete => ("del", '−'),
                ChangeTag::Insert => ("ins", '+'),
                ChangeTag::Equal => ("span", ' '),
            };
            added += usize::from(tag == ChangeTag::Insert);
            removed += usize::from(tag == ChangeTag::Delete);
            let _ = write!(rows, "<{name}><b aria-hidden=\"true\">{sign} </b>");
            for (is_changed, value) in change.iter_strings_lossy() {
                let value = html::escape(value.trim_end_matches('\n'));
                let word = value.trim_start();
                if is_changed && tag != ChangeTag::Equal && !word.is_empty() {
                    let (space, _) = value.split_at(value.len() - word.len());
                    let _ = write!(
                        rows,
                        "{space}<span class=\"word\">{word}</span>"
                    );
                } else {
                    rows.push_str(&value);
                }
            }
            let _ = writeln!(rows, "</{name}>");
        }
    }
    (rows, added, removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_marked_and_counted() {
        let (rows, added, removed) = lines("a\nb < c\n", "a\nd && e\nf\n");
        assert_eq!((added, removed), (2, 1));
        assert!(rows.contains("<span><b aria-hidden=\"true\">  </b>a</span>"));
        assert!(rows.contains("<ins>"), "{rows}");
        assert!(rows.contains("&amp;&amp;") && rows.contains("&lt;"), "{rows}");
    }

    #[test]
    fn far_apart_changes_have_a_gap_between() {
        let old: String = (0..40).map(|i| format!("{i}\n")).collect();
        let new = old.replace("\n3\n", "\nx\n").replace("\n30\n", "\ny\n");
        let (rows, ..) = lines(&old, &new);
        assert_eq!(rows.matches('⋯').count(), 1);
        assert!(!rows.contains(">15<"), "{rows}");
    }
}
