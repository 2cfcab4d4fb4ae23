//! What the window shows: texts put together, nothing else.

use std::path::PathBuf;

use lab::check::Level;
use lab::course::Step;
use lab::film::MOST_LINES;
use lab::report::{Report, Window};
use lab::texts::Texts;

use super::screen::{fit, row};
use super::state::{Doing, Watch};
use crate::exercises::{first_todo, next_todo, shown};
use crate::workspace::{exercise, progress};

/// What the last go has to say.
#[derive(Default)]
pub(super) struct Outcome {
    /// The compiler's words.
    pub(super) words: String,
    /// It doesn't compile.
    pub(super) is_broken: bool,
    /// A sentence about something that went wrong around it.
    pub(super) trouble: Option<String>,
    /// The verdicts.
    pub(super) report: Option<Report>,
    /// Where the picture of a failure lies.
    pub(super) picture: Option<PathBuf>,
}

impl Outcome {
    /// The compiler's words keep their lines, and the window cuts them; what is said of
    /// the checks stands below, and has to fit.
    pub(super) fn page(
        &self,
        step: Step,
        texts: &Texts,
        width: usize,
        rows: usize,
    ) -> String {
        let mut text = self.words.clone();
        if !text.is_empty() {
            text.push('\n');
        }
        text + &self.fitted(step, texts, width, rows)
    }

    /// Where there is no room for all, what passes is counted; then the dialogue becomes
    /// shorter, and in a very low window the end is missing. What failed stands first.
    fn fitted(
        &self,
        step: Step,
        texts: &Texts,
        width: usize,
        rows: usize,
    ) -> String {
        let told = |little_room: bool, dialogue: usize| {
            self.told(step, texts, width, little_room, dialogue)
        };
        let fits = |text: &String| text.lines().count() <= rows;
        let whole = told(false, MOST_LINES);
        if fits(&whole) {
            return whole;
        }
        let shorter = (0..=MOST_LINES).rev().map(|most| told(true, most));
        let mut text = String::new();
        for shorter in shorter {
            text = shorter;
            if fits(&text) {
                return text;
            }
        }
        if self.report.is_none() {
            return text;
        }
        let lines = text.lines().take(rows.saturating_sub(1).max(1));
        let lines: String = lines.map(|line| format!("{line}\n")).collect();
        lines + &texts.say("watch-higher", &[]) + "\n"
    }

    fn told(
        &self,
        step: Step,
        texts: &Texts,
        width: usize,
        little_room: bool,
        dialogue: usize,
    ) -> String {
        let mut text = String::new();
        let mut say = |words: &str| {
            text += &fit(words, width);
            text.push('\n');
        };
        match &self.report {
            Some(report) => {
                let picture = self.picture.as_deref();
                let window = Window { width, picture, dialogue };
                say(&report.verdicts(texts, &window, little_room));
            }
            None => say(&title(step, texts)),
        }
        if let Some(trouble) = &self.trouble {
            say(trouble);
        } else if self.is_broken {
            say(&texts.say("watch-build", &[]));
        }
        let Some(report) = &self.report else { return text };
        if !report.is_done() {
            if let Some(next) = next_todo(report, texts) {
                say(&next);
            }
            return text;
        }
        say(&texts.say(&format!("learnt-{}", step.number()), &[]));
        say("");
        let solid = [report.passed(Level::Solid), report.count(Level::Solid)];
        if solid[1] > 0 && solid[0] == solid[1] {
            say(&texts.say("step-solid", &[]));
        } else if solid[1] > 0 {
            say(&texts.say("watch-stay", &[]));
        }
        text
    }
}

fn title(step: Step, texts: &Texts) -> String {
    let about = texts.say(&format!("step-{}", step.number()), &[]);
    format!("{}   {about}\n", step.name())
}

/// How to get from a finished step to the next.
pub(super) fn onward(watch: &Watch, has_keys: bool, texts: &Texts) -> String {
    let Some(next) = watch.next_if_done() else {
        return texts.say("watch-end", &[]);
    };
    let key = match has_keys {
        true if next == Step::ThreadChat => "watch-enter-bonus",
        true => "watch-enter",
        false => "watch-enter-plain",
    };
    let about = texts.say(&format!("step-{}", next.number()), &[]);
    let facts = [("step", next.number().to_string()), ("about", about)];
    texts.say(key, &facts)
}

/// For whoever is here for the first time: what to open, and what to do.
pub(super) fn welcome(step: Step, texts: &Texts) -> String {
    let file = shown(&exercise(step));
    let todo = first_todo(step).unwrap_or_default();
    let facts = [("file", file), ("todo", todo)];
    let lines = [
        "watch-welcome",
        "watch-welcome-open",
        "watch-welcome-todo",
        "watch-welcome-save",
        "watch-welcome-run",
        "watch-welcome-stuck",
        "watch-welcome-read",
    ];
    let lines = lines.map(|key| texts.say(key, &facts));
    format!(
        "{}\n\n  {}\n\n{}\n\n",
        lines[0],
        lines[1..6].join("\n  "),
        lines[6]
    )
}

/// The keys, and what they do.
pub(super) fn help(texts: &Texts) -> String {
    let file = [("file", shown(&progress()))];
    let lines = [
        "watch-help-save",
        "watch-help-enter",
        "watch-help-hint",
        "watch-help-run",
        "watch-help-check",
        "watch-help-list",
        "watch-help-next",
        "watch-help-previous",
        "watch-help-language",
        "watch-help-quit",
    ];
    let lines = lines.map(|key| format!("  {}\n", texts.say(key, &file)));
    let head = texts.say("watch-help", &[]);
    format!("{head}\n\n{}", lines.concat())
}

/// The file isn't there.
pub(super) fn missing(step: Step, texts: &Texts) -> String {
    let facts =
        [("file", shown(&exercise(step))), ("step", step.number().to_string())];
    texts.say("watch-missing", &facts)
}

/// The line at the bottom: what is being done, or the keys.
pub(super) fn bottom(watch: &Watch, texts: &Texts, width: usize) -> String {
    let step = [("step", watch.step().number().to_string())];
    let key = match watch.doing() {
        Doing::Building { waits: false } => "watch-compiling",
        Doing::Building { waits: true } => "watch-waits",
        Doing::Checking(Level::Lab) => "watch-checking",
        Doing::Checking(Level::Solid) => "watch-checking-solid",
        Doing::Served => "watch-served",
        Doing::Serving => return String::new(),
        Doing::Nothing => return keys(watch, texts, width),
    };
    texts.say(key, &step)
}

/// The most needed first: a narrow window leaves out the last.
fn keys(watch: &Watch, texts: &Texts, width: usize) -> String {
    let mut parts = Vec::new();
    if let Some(next) = watch.next_if_done() {
        let step = [("step", next.number().to_string())];
        let key = match next {
            Step::ThreadChat => "watch-key-bonus",
            _ => "watch-key-enter",
        };
        parts.push(texts.say(key, &step));
    }
    let keys = [
        "watch-key-help",
        "watch-key-quit",
        "watch-key-hint",
        "watch-key-run",
        "watch-key-check",
        "watch-key-language",
        "watch-key-steps",
        "watch-key-list",
    ];
    parts.extend(keys.map(|key| texts.say(key, &[])));
    row(&parts, width)
}
