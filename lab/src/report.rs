//! The verdicts of a step as a student reads them, and as a program does.

use std::path::{Path, absolute};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use crate::check::{Check, Event, Failure, Level, Moment, Verdict, shown};
use crate::course::Step;
use crate::film::MOST_LINES;
use crate::picture;
use crate::texts::Texts;

/// The width of the labels of a failure.
const LABELS: usize = 15;

/// Where a report is read.
#[derive(Clone, Copy)]
pub struct Window<'w> {
    /// In columns.
    pub width: usize,
    /// Where the picture of the failure lies.
    pub picture: Option<&'w Path>,
    /// How many lines of the dialogue of a failure there is room for.
    pub dialogue: usize,
}

impl Default for Window<'_> {
    /// A terminal as it comes, and no picture.
    fn default() -> Self {
        Self { width: 80, picture: None, dialogue: MOST_LINES }
    }
}

/// The verdicts of one step.
pub struct Report {
    /// Which step.
    pub step: Step,
    /// How much was asked.
    pub level: Level,
    /// The checks and how they went, in order.
    pub verdicts: Vec<(Check, Verdict)>,
}

impl Report {
    /// Does all that the lab asks for pass?
    pub fn is_done(&self) -> bool {
        self.passed(Level::Lab) == self.count(Level::Lab)
    }

    /// How many checks of a level were made.
    pub fn count(&self, level: Level) -> usize {
        self.verdicts.iter().filter(|(check, _)| check.level == level).count()
    }

    /// How many of them didn't fail.
    pub fn passed(&self, level: Level) -> usize {
        let passes = |(check, verdict): &&(Check, Verdict)| {
            check.level == level
                && matches!(verdict, Verdict::Passed | Verdict::NotObserved(_))
        };
        self.verdicts.iter().filter(passes).count()
    }

    /// The failure to look at first.
    pub fn failure(&self) -> Option<(&Check, &Failure)> {
        self.verdicts.iter().find_map(|(check, verdict)| match verdict {
            Verdict::Failed(failure) => Some((check, failure.as_ref())),
            _ => None,
        })
    }

    /// For people.
    pub fn text(&self, texts: &Texts) -> String {
        self.written(texts, &Window::default(), Paint::Plain)
    }

    /// For people, with the escape sequences of a terminal that shows colours.
    pub fn styled(&self, texts: &Texts, window: &Window) -> String {
        self.written(texts, window, Paint::Ansi)
    }

    /// The verdicts alone, with the escape sequences of colours; those that wait are
    /// counted, and so are those that passed where there is `little_room`. For a window
    /// that says the rest.
    pub fn verdicts(
        &self,
        texts: &Texts,
        window: &Window,
        little_room: bool,
    ) -> String {
        let counted = |key: &str, verdict: Verdict| {
            let is_it = |(_, its): &&(Check, Verdict)| *its == verdict;
            let count = self.verdicts.iter().filter(is_it).count();
            if count == 0 {
                return String::new();
            }
            let title = texts.say(key, &[("count", count.to_string())]);
            titled(&verdict, &title, texts, Paint::Ansi)
        };
        let passed = |(_, its): &&(Check, Verdict)| *its == Verdict::Passed;
        // One is as short as the count of it, and says more.
        let little_room =
            little_room && self.verdicts.iter().filter(passed).count() > 1;
        let mut text = self.head(texts);
        if little_room {
            text += &counted("verdict-passed", Verdict::Passed);
        }
        for (check, verdict) in &self.verdicts {
            let is_told = match verdict {
                Verdict::Waits => false,
                Verdict::Passed => !little_room,
                Verdict::Failed(_) | Verdict::NotObserved(_) => true,
            };
            if is_told {
                text += &self.row(check, verdict, texts, window, Paint::Ansi);
            }
        }
        text + &counted("verdict-others", Verdict::Waits)
    }

    fn written(&self, texts: &Texts, window: &Window, paint: Paint) -> String {
        let word = |key: &str| texts.say(key, &[]);
        let mut text = self.head(texts);
        for (check, verdict) in &self.verdicts {
            text += &self.row(check, verdict, texts, window, paint);
        }
        if self.is_done() {
            let label = word("label-done");
            text += &format!("  {label}: {}\n", word("step-done"));
            if self.level == Level::Lab {
                text += &format!("  {}\n", word("step-go-on"));
            } else {
                let solid =
                    self.passed(Level::Solid) == self.count(Level::Solid);
                text += &format!(
                    "  {}\n",
                    word(if solid { "step-solid" } else { "step-not-solid" })
                );
            }
        }
        text
    }

    /// The step, and how many checks pass.
    fn head(&self, texts: &Texts) -> String {
        let row = |level: Level| match self.count(level) {
            0 => "–".to_string(),
            count => format!("{}/{count}", self.passed(level)),
        };
        let word = |key: &str| texts.say(key, &[]);
        format!(
            "{}   {} {}   {} {}\n",
            self.step.name(),
            word("level-lab"),
            row(Level::Lab),
            word("level-solid"),
            row(Level::Solid),
        )
    }

    /// A check, its verdict, and what there is to say of it.
    fn row(
        &self,
        check: &Check,
        verdict: &Verdict,
        texts: &Texts,
        window: &Window,
        paint: Paint,
    ) -> String {
        let title = texts.say(&format!("check-{}", check.id), &[]);
        let mut text = titled(verdict, &title, texts, paint);
        match verdict {
            Verdict::Passed | Verdict::Waits => {}
            Verdict::Failed(failure) => {
                text += &failure_text(failure, texts, window.width, paint);
                text += &self.drawn(failure, texts, window, paint);
            }
            Verdict::NotObserved(why) => {
                let why = [("why", texts.text(why))];
                let why = texts.say("not-observed", &why);
                text += &indented("", &why, window.width, paint);
                text.push('\n');
            }
        }
        text
    }

    /// The dialogue of a failure, and where there is more of it.
    fn drawn(
        &self,
        failure: &Failure,
        texts: &Texts,
        window: &Window,
        paint: Paint,
    ) -> String {
        let Window { width, dialogue, .. } = *window;
        let lines =
            picture::diagram(self.step, failure, texts, width, dialogue);
        let mut text = String::new();
        for (is_missing, line) in lines {
            let line = match is_missing {
                true => paint.with(AnsiColor::Red.on_default().bold(), &line),
                false => line,
            };
            text += &format!("{line}\n");
        }
        if let Some(file) = window.picture {
            let label = texts.say("picture-file", &[]);
            let address = address(file);
            text += &(indented(&label, &address, window.width, paint) + "\n");
        }
        text
    }

    /// For programs: the same facts, with their keys.
    pub fn json(&self, texts: &Texts) -> Value {
        let checks = self.verdicts.iter().map(|(check, verdict)| {
            let mut value = json!({
                "check": check.id,
                "level": if check.level == Level::Lab { "lab" } else { "solid" },
                "title": texts.say(&format!("check-{}", check.id), &[]),
                "verdict": match verdict {
                    Verdict::Passed => "passed",
                    Verdict::Failed(_) => "failed",
                    Verdict::NotObserved(_) => "not observed",
                    Verdict::Waits => "waits",
                },
            });
            if let Verdict::Failed(failure) = verdict {
                value["mistake"] = json!(failure.mistake);
                value["did"] = json!(did(failure, texts));
                value["expected"] = json!(texts.text(&failure.expected));
                value["saw"] = json!(texts.text(&failure.saw));
                let dialogue = &failure.dialogue;
                value["events"] = dialogue.moments.iter().map(event).collect();
                value["missed"] = json!({
                    "us": micros(dialogue.missed_at),
                    "client": dialogue.missed_by,
                });
                value["complaint"] = json!(failure.complaint);
                value["usually"] = json!(texts.say(&format!("usually-{}", failure.mistake), &[]));
            }
            value
        });
        json!({
            "step": self.step.name(),
            "done": self.is_done(),
            "checks": checks.collect::<Vec<_>>(),
        })
    }
}

fn titled(
    verdict: &Verdict,
    title: &str,
    texts: &Texts,
    paint: Paint,
) -> String {
    let word = |key: &str| texts.say(key, &[]);
    let width = ["verdict-ok", "verdict-fail", "verdict-waits"]
        .map(|key| word(key).chars().count());
    let width = width.into_iter().max().unwrap_or(4);
    let (key, style) = match verdict {
        Verdict::Passed => ("verdict-ok", AnsiColor::Green.on_default()),
        Verdict::Failed(_) => {
            ("verdict-fail", AnsiColor::Red.on_default().bold())
        }
        Verdict::NotObserved(_) => {
            ("verdict-not-observed", AnsiColor::Yellow.on_default())
        }
        Verdict::Waits => ("verdict-waits", Style::new().dimmed()),
    };
    let verdict = paint.with(style, &format!("{:width$}", word(key)));
    format!("  {verdict} {title}\n")
}

fn micros(time: Duration) -> u64 {
    time.as_micros().try_into().unwrap_or(u64::MAX)
}

/// An event for programs.
fn event(moment: &Moment) -> Value {
    /// Nobody needs more of a message.
    const MOST: usize = 4096;
    let (name, bytes, count) = match &moment.event {
        Event::Connect(_) => ("connect", None, None),
        Event::Send(_, bytes) => ("send", Some(bytes), None),
        Event::Receive(_, bytes) => ("receive", Some(bytes), None),
        Event::HalfClose(_) => ("half-close", None, None),
        Event::Close(_) => ("close", None, None),
        Event::Reset(_) => ("reset", None, None),
        Event::End(_) => ("end", None, None),
        Event::Cut(_) => ("cut", None, None),
        Event::Crowd(count) => ("crowd", None, Some(count)),
        Event::Deaf(count) => ("deaf", None, Some(count)),
        Event::Limit(count) => ("limit", None, Some(count)),
        Event::Kill => ("kill", None, None),
        Event::Restart => ("restart", None, None),
    };
    let mut value = json!({ "us": micros(moment.at), "event": name });
    if let Some(actor) = moment.event.actor() {
        value["client"] = json!(actor);
    }
    if let Some(count) = count {
        value["count"] = json!(count);
    }
    if let Some(bytes) = bytes {
        let some = &bytes[..bytes.len().min(MOST)];
        value["size"] = json!(bytes.len());
        match str::from_utf8(some) {
            Ok(text) => value["text"] = json!(text),
            Err(_) => value["bytes"] = json!(some),
        }
    }
    value
}

/// As a terminal makes a link of it, and a browser opens it.
fn address(file: &Path) -> String {
    let file = absolute(file).unwrap_or_else(|_| file.to_path_buf());
    let mut address = String::from("file://");
    for byte in file.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'/'
            | b'.'
            | b'_'
            | b'-'
            | b'~' => address.push(char::from(*byte)),
            byte => address += &format!("%{byte:02X}"),
        }
    }
    address
}

/// Four facts, always: did, expected, saw, usually; and what the server complained of.
pub(crate) fn facts(failure: &Failure, texts: &Texts) -> Vec<(String, String)> {
    let did: Vec<String> = did(failure, texts);
    let mut facts = vec![
        ("label-did", did.join(", ")),
        ("label-expected", texts.text(&failure.expected)),
        ("label-saw", texts.text(&failure.saw)),
    ];
    if let Some(complaint) = &failure.complaint {
        facts.push(("label-complaint", complaint.clone()));
    }
    let usually = format!("usually-{}", failure.mistake);
    facts.push(("label-usually", texts.say(&usually, &[])));
    let facts = facts.into_iter();
    facts.map(|(label, fact)| (texts.say(label, &[]), fact)).collect()
}

fn failure_text(
    failure: &Failure,
    texts: &Texts,
    width: usize,
    paint: Paint,
) -> String {
    let facts = facts(failure, texts).into_iter();
    facts
        .map(|(label, fact)| indented(&label, &fact, width, paint) + "\n")
        .collect()
}

/// What the clients did, a sentence each; the last few where it was much.
fn did(failure: &Failure, texts: &Texts) -> Vec<String> {
    /// What is longer is said by its size.
    const LONG: usize = 300;
    let mut all: Vec<String> = Vec::new();
    // So many bytes one client has sent, one message after the other.
    let (mut speaker, mut sent) = (0, 0);
    for Moment { event, .. } in &failure.dialogue.moments {
        let client = |actor: &usize| ("client", actor.to_string());
        if let Event::Send(actor, bytes) = event
            && bytes.len() > LONG
        {
            let size = |sent: usize| ("size", (sent / 1000).to_string());
            if *actor == speaker && sent > 0 {
                all.pop();
            } else {
                (speaker, sent) = (*actor, 0);
            }
            sent += bytes.len();
            let facts = [client(actor), size(sent)];
            all.push(texts.say("did-send-much", &facts));
            continue;
        }
        if matches!(event, Event::Receive(..) | Event::End(_) | Event::Cut(_)) {
            continue;
        }
        sent = 0;
        all.push(match event {
            Event::Connect(actor) => texts.say("did-connect", &[client(actor)]),
            Event::Send(actor, bytes) => {
                texts.say("did-send", &[client(actor), ("bytes", shown(bytes))])
            }
            Event::HalfClose(actor) => {
                texts.say("did-half-close", &[client(actor)])
            }
            Event::Close(actor) => texts.say("did-close", &[client(actor)]),
            Event::Reset(actor) => texts.say("did-reset", &[client(actor)]),
            Event::Crowd(count) => {
                texts.say("did-crowd", &[("count", count.to_string())])
            }
            Event::Deaf(0) => texts.say("did-deaf", &[]),
            Event::Deaf(bytes) => {
                let size = (bytes / 1000).to_string();
                texts.say("did-deaf-echo", &[("size", size)])
            }
            Event::Limit(count) => {
                texts.say("did-limit", &[("count", count.to_string())])
            }
            Event::Kill => texts.say("did-kill", &[]),
            Event::Restart => texts.say("did-restart", &[]),
            Event::Receive(..) | Event::End(_) | Event::Cut(_) => continue,
        });
    }
    if all.is_empty() {
        return vec![texts.say("did-start", &[])];
    }
    let few = all.len().saturating_sub(12);
    let mut some: Vec<String> = all[few..].to_vec();
    if few > 0 {
        some.insert(0, "…".to_string());
    }
    some
}

/// A label and its fact, which goes on under itself.
fn indented(label: &str, fact: &str, width: usize, paint: Paint) -> String {
    // Where there is little room the fact stands below its label.
    let is_narrow = width < 60;
    let indent = if is_narrow { 4 } else { 7 + LABELS };
    // Longer lines are hard to read.
    let width = width.saturating_sub(indent).clamp(10, 58);
    let lines = wrapped(fact, width);
    let under = format!("\n{}", " ".repeat(indent));
    let lines = lines.join(&under);
    let bold = Style::new().bold();
    if is_narrow {
        return format!("  {}{under}{lines}", paint.with(bold, label));
    }
    format!("       {}{lines}", paint.with(bold, &format!("{label:LABELS$}")))
}

/// The lines of a text, of at most `width` signs where words allow it.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.len() - 1;
        if !lines[line].is_empty()
            && lines[line].chars().count() + 1 + word.chars().count() > width
        {
            lines.push(word.to_string());
        } else {
            if !lines[line].is_empty() {
                lines[line].push(' ');
            }
            lines[line].push_str(word);
        }
    }
    lines
}

/// Whether there are colours. Words carry the meaning; these only help the eye.
#[derive(Clone, Copy)]
enum Paint {
    Plain,
    Ansi,
}

impl Paint {
    fn with(self, style: Style, words: &str) -> String {
        match self {
            Self::Plain => words.to_string(),
            Self::Ansi => format!("{style}{words}{style:#}"),
        }
    }
}
