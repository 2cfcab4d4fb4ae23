//! From a chapter as its author wrote it to Markdown that mdBook knows.

use std::fmt::Write as _;
use std::path::Path;

use lab::texts::{Lang, Texts};

use crate::fault::{Fault, Problem};
use crate::markup::{self, Kind, Piece};
use crate::place::Course;
use crate::{diff, film, french, html, listing, plot, quiz, texts};

/// What a chapter is expanded with.
pub(crate) struct Expander<'a> {
    course: &'a Course,
    lang: Lang,
    /// Our solutions are left out of the book that goes with a class kit.
    with_solutions: bool,
    texts: Texts,
}

impl<'a> Expander<'a> {
    pub(crate) fn new(
        course: &'a Course,
        lang: Lang,
        with_solutions: bool,
    ) -> Self {
        Self { course, lang, with_solutions, texts: texts::table(lang) }
    }

    /// Expands the chapter in `path`; what can't be expanded is left out and told.
    pub(crate) fn chapter(
        &self,
        path: &Path,
        markdown: &str,
    ) -> (String, Vec<Fault>) {
        let mut run = Run {
            with: self,
            path,
            expanded: String::with_capacity(markdown.len() * 2),
            faults: Vec::new(),
            open: Vec::new(),
            films: 0,
        };
        run.pieces(&markup::scan(markdown), 0);
        for (name, line) in std::mem::take(&mut run.open) {
            run.fault(line, Problem::new("fault-open").with("name", name));
        }
        let expanded = match self.lang {
            Lang::En => run.expanded,
            Lang::Fr => french::spaces(&run.expanded),
        };
        (expanded, run.faults)
    }
}

struct Run<'a> {
    with: &'a Expander<'a>,
    path: &'a Path,
    expanded: String,
    faults: Vec<Fault>,
    /// The folds that are open, and the lines that opened them.
    open: Vec<(String, usize)>,
    /// So many so far: each has its own id.
    films: usize,
}

impl Run<'_> {
    fn fault(&mut self, line: usize, problem: Problem) {
        self.faults.push(problem.at(self.path, line));
    }

    fn say(&self, key: &str) -> String {
        self.with.texts.say(key, &[])
    }

    /// Expands pieces whose first line is `before` lines below the file's first.
    fn pieces(&mut self, pieces: &[Piece<'_>], before: usize) {
        let only = markup::only(pieces);
        for (piece, only) in pieces.iter().zip(only) {
            if only.is_some_and(|lang| lang != self.with.lang.code()) {
                continue;
            }
            let line = before + piece.line;
            let is_left_out = !self.with.with_solutions
                && self.open.iter().any(|(name, _)| name == "solution");
            match &piece.kind {
                Kind::End(name) => self.end(name, line),
                Kind::Directive {
                    name: name @ ("solution" | "hint"),
                    arguments,
                } => self.begin(name, arguments, line),
                _ if is_left_out => {}
                Kind::Text(text) => {
                    if is_stray(text) {
                        self.fault(line, Problem::new("fault-stray"));
                    }
                    self.expanded.push_str(text);
                    self.expanded.push('\n');
                }
                Kind::Heading { level, id, text } => {
                    let _ = write!(self.expanded, "{:#<level$} {text}", "");
                    if let Some(id) = id {
                        let _ = write!(self.expanded, " {{#{id}}}");
                    }
                    self.expanded.push('\n');
                }
                Kind::Fence { indent, info, body, closed } => {
                    if !closed {
                        self.fault(line, Problem::new("fault-fence-open"));
                    }
                    self.fence(indent, info, body, line);
                }
                Kind::Directive { name, arguments } => {
                    match self.directive(name, arguments, line) {
                        Ok(block) => {
                            let _ = write!(self.expanded, "\n{block}\n\n");
                        }
                        Err(fault) => self.faults.push(fault),
                    }
                }
                Kind::Admonition { name, body } => {
                    self.admonition(name, body, line);
                }
                Kind::Only(_) | Kind::EndOnly => {}
            }
        }
    }

    /// `{{#solution}}` and `{{#hint}}`; a hint may say what for: `{{#hint 1.1, 1.2}}`.
    fn begin(&mut self, name: &str, arguments: &[&str], line: usize) {
        self.open.push((name.to_string(), line));
        if name == "solution" && !arguments.is_empty() {
            self.fault(
                line,
                Problem::new("fault-directive").with("name", name),
            );
        }
        if name == "hint" || self.with.with_solutions {
            let title = if arguments.is_empty() {
                self.say(&format!("fold-{name}"))
            } else {
                let what = html::escape(&arguments.join(" "));
                self.with.texts.say("fold-hint-for", &[("what", what)])
            };
            let _ = write!(
                self.expanded,
                "\n<details class=\"{name}\">\n<summary>{title}</summary>\n\n",
            );
        }
    }

    fn end(&mut self, name: &str, line: usize) {
        if self.open.last().is_none_or(|(open, _)| open != name) {
            self.fault(line, Problem::new("fault-end").with("name", name));
            return;
        }
        self.open.pop();
        if name == "hint" || self.with.with_solutions {
            self.expanded.push_str("\n</details>\n\n");
        }
    }

    fn directive(
        &mut self,
        name: &str,
        arguments: &[&str],
        line: usize,
    ) -> Result<String, Fault> {
        let Expander { course, lang, texts, .. } = self.with;
        self.films += usize::from(name.starts_with("film"));
        // On the page to print all chapters are one.
        let chapter = self.path.file_stem().unwrap_or_default();
        let id = format!("film-{}-{}", chapter.to_string_lossy(), self.films);
        match (name, arguments) {
            ("diff", arguments) => diff::figure(course, texts, arguments)
                .map_err(|problem| problem.at(self.path, line)),
            ("film", [name]) => film::figure(course, *lang, name, &id)
                .map_err(|fault| fault.here(self.path, line)),
            ("films", names) if names.len() > 1 => {
                film::side_by_side(course, *lang, names, &id)
                    .map_err(|fault| fault.here(self.path, line))
            }
            ("plot", [name]) => plot::figure(course, *lang, name)
                .map_err(|fault| fault.here(self.path, line)),
            ("quiz", [name]) => quiz::read(&course.quiz(name))
                .map(|quiz| quiz.form(name, *lang, texts))
                .map_err(|fault| fault.here(self.path, line)),
            _ => Err(Problem::new("fault-directive")
                .with("name", name)
                .at(self.path, line)),
        }
    }

    /// A listing, where the fence holds nothing but an `{{#include}}`; else the fence
    /// as it is.
    fn fence(&mut self, indent: &str, info: &str, body: &[&str], line: usize) {
        if let Some(what) = included(body) {
            let folder = self.path.parent().unwrap_or(self.path);
            match listing::read(folder, what) {
                Ok(found) => {
                    let file =
                        html::escape(&self.with.course.known_as(&found.path));
                    let ticks = "`".repeat(ticks_around(&found.text));
                    let _ = write!(
                        self.expanded,
                        "\n<figure class=\"listing\">\n\
                         <figcaption><code>{file}</code></figcaption>\n\n\
                         {ticks}{info}\n{}{ticks}\n\n</figure>\n\n",
                        found.text
                    );
                }
                Err(problem) => self.fault(line + 1, problem),
            }
            return;
        }
        let body = body.join("\n");
        let ticks = "`".repeat(ticks_around(&body));
        let _ = write!(
            self.expanded,
            "{indent}{ticks}{info}\n{body}\n{indent}{ticks}\n"
        );
    }

    /// mdBook has admonitions of its own, with titles in English.
    fn admonition(&mut self, name: &str, body: &[&str], line: usize) {
        let Some(name) = ADMONITIONS.iter().find(|known| **known == name)
        else {
            let known = ADMONITIONS.join(", ");
            let problem = Problem::new("fault-admonition")
                .with("name", name)
                .with("known", known);
            self.fault(line, problem);
            return;
        };
        let name = name.to_ascii_lowercase();
        let _ = write!(
            self.expanded,
            "\n<div class=\"admonition admonition-{name}\" role=\"note\">\n\
             <p class=\"admonition-title\">{}</p>\n\n",
            self.say(&format!("admonition-{name}"))
        );
        let body = body.join("\n");
        self.pieces(&markup::scan(&body), line);
        self.expanded.push_str("\n</div>\n\n");
    }
}

/// Those of GitHub that the book uses.
pub(crate) const ADMONITIONS: [&str; 3] = ["NOTE", "TIP", "WARNING"];

/// The `file:anchor` of a fence that holds nothing but `{{#include file:anchor}}`.
pub(crate) fn included<'a>(body: &[&'a str]) -> Option<&'a str> {
    match body {
        [line] => line
            .trim()
            .strip_prefix("{{#include ")
            .and_then(|rest| rest.strip_suffix("}}"))
            .map(str::trim),
        _ => None,
    }
}

/// A directive that shares its line with something else, and isn't quoted as code.
fn is_stray(text: &str) -> bool {
    text.split('`')
        .step_by(2)
        .any(|plain| plain.contains("{{#") || plain.contains("{{/"))
}

/// More backticks than the text has in a row: Rust's documentation has fences too.
fn ticks_around(text: &str) -> usize {
    let longest =
        text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    longest.max(2) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(lang: Lang, markdown: &str) -> String {
        let course = Course::own();
        let path = course.chapters(lang).join("x.md");
        let expander = Expander::new(&course, lang, true);
        let (expanded, faults) = expander.chapter(&path, markdown);
        assert_eq!(faults, []);
        expanded
    }

    fn faults(markdown: &str) -> Vec<(usize, &'static str)> {
        let course = Course::own();
        let path = course.chapters(Lang::En).join("x.md");
        let expander = Expander::new(&course, Lang::En, true);
        let (_, faults) = expander.chapter(&path, markdown);
        faults.iter().map(|f| (f.line, f.problem.key)).collect()
    }

    #[test]
    fn a_fold_holds_markdown() {
        let expanded = expand(Lang::Fr, "{{#hint}}\n\n*Ici* !\n\n{{/hint}}");
        assert!(expanded.contains("<details class=\"hint\">"), "{expanded}");
        assert!(expanded.contains("\n\n*Ici*\u{202f}!\n"), "{expanded}");
        assert!(expanded.contains("</details>"), "{expanded}");
    }

    #[test]
    fn a_hint_may_say_what_for() {
        let expanded = expand(Lang::En, "{{#hint 1.1, 1.2}}\n\na\n\n{{/hint}}");
        assert!(expanded.contains(">A hint for 1.1, 1.2<"), "{expanded}");
        assert_eq!(
            faults("{{#solution 1.1}}\n{{/solution}}"),
            [(1, "fault-directive")]
        );
    }

    #[test]
    fn a_class_kit_has_hints_and_no_solution() {
        let course = Course::own();
        let expander = Expander::new(&course, Lang::En, false);
        let text = "a\n{{#solution}}\nb\n{{#quiz none}}\n{{/solution}}\n\
                    {{#hint}}\nc\n{{/hint}}\n";
        let (expanded, faults) = expander.chapter(Path::new("x.md"), text);
        assert_eq!(faults, []);
        assert!(!expanded.contains('b') || !expanded.contains("solution"));
        assert!(expanded.contains("hint") && expanded.contains("\nc\n"));
    }

    #[test]
    fn folds_close_in_order() {
        assert_eq!(faults("{{#hint}}\na"), [(1, "fault-open")]);
        assert_eq!(faults("a\n{{/hint}}"), [(2, "fault-end")]);
        let crossed =
            "{{#hint}}\n{{#solution}}\n{{/hint}}\n{{/solution}}\n{{/hint}}";
        assert_eq!(faults(crossed), [(3, "fault-end")]);
    }

    #[test]
    fn a_directive_that_is_unknown_or_not_alone_is_told() {
        assert_eq!(faults("\n{{#movie a}}"), [(2, "fault-directive")]);
        assert_eq!(faults("see {{#film a}}"), [(1, "fault-stray")]);
        assert_eq!(faults("see `{{#film a}}`"), []);
    }

    #[test]
    fn an_admonition_has_its_title_in_the_pages_language() {
        let note = "> [!WARNING]\n> Un *seul* thread.\n";
        let expanded = expand(Lang::Fr, note);
        assert!(expanded.contains(">Attention</p>"), "{expanded}");
        assert!(expanded.contains("\nUn *seul* thread.\n"), "{expanded}");
        assert_eq!(faults("> [!HINT]\n> a"), [(1, "fault-admonition")]);
    }

    #[test]
    fn a_passage_for_one_language_is_in_that_one_alone() {
        let text = "a\n<!-- only fr -->\nb\n<!-- /only -->\nc\n";
        assert_eq!(expand(Lang::Fr, text), "a\nb\nc\n");
        assert_eq!(expand(Lang::En, text), "a\nc\n");
    }

    #[test]
    fn a_listing_says_where_it_is_from() {
        let fence = "```rust\n{{#include ../../../src/lib.rs}}\n```\n";
        let expanded = expand(Lang::En, fence);
        assert!(expanded.contains("<code>src/lib.rs</code>"), "{expanded}");
        let skeleton = "lab/skeletons/05_command_chat.rs:fn cut";
        let fence_of_it = fence.replace("src/lib.rs", skeleton);
        let expanded = expand(Lang::En, &fence_of_it);
        let known = "<code>exercises/05_command_chat.rs</code>";
        assert!(expanded.contains(known), "{expanded}");
        assert!(expanded.contains("fn cut(text: &str)"), "{expanded}");
        let gone = fence.replace("lib.rs", "lib.rs:nowhere");
        assert_eq!(faults(&gone), [(2, "fault-anchor")]);
    }

    #[test]
    fn typed_fences_stay_as_they_are() {
        let text = "- one\n\n  ```console\n  $ nc localhost 7777\n  ```\n";
        assert_eq!(expand(Lang::Fr, text), text);
    }
}
