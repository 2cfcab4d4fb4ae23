//! `cargo lab solution`: what differs between the student's exercise and our solution.
//!
//! Programs are compared, not texts: comments, blank lines and indentation differ
//! without a meaning. Ours keeps its comments where it says something else: they tell
//! why.

use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use clap::ArgMatches;
use lab::course::Step;
use lab::progress::Progress;
use lab::texts::Texts;
use similar::{Algorithm, DiffTag, capture_diff_slices, group_diff_ops};

use crate::exercises::shown;
use crate::workspace::{self, exercise, root};
use crate::{DONE, NOT_CHECKED, NOT_YET, complain, step_of};

/// Unchanged lines around a change.
const CONTEXT: usize = 2;

pub(crate) fn solution(matches: &ArgMatches, texts: &Texts) -> u8 {
    let step = match step_of(matches, texts) {
        Ok(Some(step)) => step,
        Ok(None) => return NOT_CHECKED,
        Err(status) => return status,
    };
    let number = || ("step", step.short().to_string());
    let file = root().join("solutions").join(format!("{}.rs", step.name()));
    let Ok(ours) = fs::read_to_string(&file) else {
        return complain(&texts.say("solution-missing", &[number()]));
    };
    let mine = exercise(step);
    let yours = match fs::read(&mine) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => return complain(&texts.say("exercise-missing", &[number()])),
    };
    let progress = Progress::read(&workspace::progress()).unwrap_or_default();
    let is_done = progress.of(step).done.is_some();
    if !is_done && !matches.get_flag("yes") && !is_meant(step, texts) {
        return NOT_YET;
    }
    let page = page(&yours, &ours);
    let files = [("yours", shown(&mine)), ("ours", shown(&file))];
    let key = if page.is_empty() { "solution-same" } else { "solution-legend" };
    let said = format!("{}\n{page}", texts.say(key, &files));
    // Colours, where there is a terminal that wants them.
    let _ = anstream::stdout().write_all(said.as_bytes());
    DONE
}

/// Whoever looks too soon has nothing left to find. So it takes a word, and where
/// nobody can be asked, `--yes`.
fn is_meant(step: Step, texts: &Texts) -> bool {
    let number = [("step", step.short().to_string())];
    complain(&texts.say("solution-not-done", &number));
    if !io::stdin().is_terminal() {
        complain(&texts.say("solution-how", &number));
        return false;
    }
    let mut out = io::stderr();
    let _ = write!(out, "{} ", texts.say("solution-ask", &[]));
    let _ = out.flush();
    let mut answer = String::new();
    let _ = io::stdin().lock().read_line(&mut answer);
    let answer = answer.trim().to_lowercase();
    ["y", "yes", "o", "oui"].contains(&answer.as_str())
}

/// A line of a program, with what stands above it and doesn't count.
struct Line<'a> {
    text: &'a str,
    /// What counts: no indentation, no comment. Of a closing bracket alone, also how
    /// deep it stands, or it would be taken for any other.
    code: String,
    comments: Vec<&'a str>,
    /// Is there a blank line above?
    is_apart: bool,
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let (mut comments, mut is_apart) = (Vec::new(), false);
    let mut depth = 0_usize;
    for text in text.lines() {
        let trimmed = text.trim_start();
        if trimmed.is_empty() {
            is_apart = true;
        } else if trimmed.starts_with("//") {
            if !trimmed.starts_with("//!") && !trimmed.starts_with("// ANCHOR")
            {
                comments.push(text);
            }
        } else {
            let mut code = code(trimmed);
            depth = depth.saturating_sub(code.matches('}').count());
            if !code.contains(char::is_alphanumeric) {
                code = format!("{depth}{code}");
            }
            depth += code.matches('{').count();
            lines.push(Line {
                text,
                code,
                comments: std::mem::take(&mut comments),
                is_apart: std::mem::take(&mut is_apart),
            });
        }
    }
    lines
}

/// A line without the comment at its end, and with single spaces.
fn code(line: &str) -> String {
    let mut parts = line.split(" //");
    let mut code = parts.next().unwrap_or_default().to_string();
    for part in parts {
        // Inside of a text, that is no comment.
        if code.matches('"').count().is_multiple_of(2) {
            break;
        }
        code.push_str(" //");
        code.push_str(part);
    }
    code.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The differences, with colours; nothing when there are none.
fn page(yours: &str, ours: &str) -> String {
    let (yours, ours) = (lines(yours), lines(ours));
    let codes = |lines: &[Line<'_>]| -> Vec<String> {
        lines.iter().map(|line| line.code.clone()).collect()
    };
    let operations =
        capture_diff_slices(Algorithm::Patience, &codes(&yours), &codes(&ours));
    let mut page = String::new();
    for group in group_diff_ops(operations, CONTEXT) {
        page += "\n";
        let mut is_first = true;
        for operation in group {
            let (tag, mine, theirs) = operation.as_tag_tuple();
            if tag == DiffTag::Equal {
                for line in &yours[mine] {
                    if line.is_apart && !is_first {
                        page += "\n";
                    }
                    page += &row(' ', Style::new(), line.text);
                    is_first = false;
                }
                continue;
            }
            for line in &yours[mine] {
                page += &row('-', AnsiColor::Red.on_default(), line.text);
                is_first = false;
            }
            let green = AnsiColor::Green.on_default();
            for line in &ours[theirs] {
                for text in &line.comments {
                    page += &row('+', green.dimmed(), text);
                }
                page += &row('+', green, line.text);
                is_first = false;
            }
        }
    }
    page
}

fn row(sign: char, style: Style, text: &str) -> String {
    // A terminal is told nothing by what a file contains.
    let text: String = text
        .trim_end()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    format!("{style}{sign} {text}{style:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(yours: &str, ours: &str) -> String {
        anstream::adapter::strip_str(&page(yours, ours)).to_string()
    }

    #[test]
    fn what_has_no_meaning_is_no_difference() {
        let ours = "//! Ours.\n\n// ANCHOR: a\nfn a() {\n    // why\n    b(); // so\n}\n";
        let yours = "//! Mine.\nfn a()  {\n\n\n  // TODO 1.1: b\n\tb();\n}\n";
        assert_eq!(page(yours, ours), "");
        assert_eq!(page("", ""), "");
    }

    #[test]
    fn a_difference_has_its_signs_and_our_reasons() {
        let yours = "a\nb\nc\nmine\nd\ne\nf\n";
        let ours = "a\nb\nc\n// why\nours\nd\ne\nf\n";
        let expected = "\n  b\n  c\n- mine\n+ // why\n+ ours\n  d\n  e\n";
        assert_eq!(plain(yours, ours), expected);
    }

    #[test]
    fn a_bracket_is_not_taken_for_another() {
        let yours = "for a {\n  b();\n}\nc();\n";
        let ours = "for a {\n    if b() {\n        d();\n    }\n}\nc();\n";
        let expected = "\n  for a {\n-   b();\n+     if b() {\n+         d();\n+     }\n  }\n  c();\n";
        assert_eq!(plain(yours, ours), expected);
    }

    #[test]
    fn slashes_in_a_text_are_no_comment() {
        assert_eq!(code("a(\"x // y\"); // z"), "a(\"x // y\");");
        assert_eq!(code("a  =  1; // \"b"), "a = 1;");
    }

    #[test]
    fn a_file_sends_the_terminal_nothing() {
        let page = page("a\u{1b}[2J\u{7}\n", "b\n");
        assert!(!page.contains("\u{1b}[2J") && !page.contains('\u{7}'));
    }

    #[test]
    fn each_exercise_differs_from_its_solution() {
        for step in Step::ALL {
            let file = root().join(format!("solutions/{}.rs", step.name()));
            let ours = fs::read_to_string(file).expect("it's there");
            let page = plain(crate::exercises::pristine(step), &ours);
            assert!(page.contains("\n+ "), "{step:?}");
            assert!(!page.contains("TODO 1.1: "), "{page}");
            assert!(!page.contains("ANCHOR"), "{page}");
            assert_eq!(plain(&ours, &ours), "");
        }
    }
}
