//! The verdicts of a step as a student reads them, and as a program does.

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use crate::check::{Check, Event, Failure, Level, Verdict, shown};
use crate::course::Step;
use crate::texts::Texts;

/// The width of the labels of a failure.
const LABELS: usize = 15;

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
        self.written(texts, Paint::Plain)
    }

    /// For people, with the escape sequences of a terminal that shows colours.
    pub fn styled(&self, texts: &Texts) -> String {
        self.written(texts, Paint::Ansi)
    }

    fn written(&self, texts: &Texts, paint: Paint) -> String {
        let row = |level: Level| match self.count(level) {
            0 => "–".to_string(),
            count => format!("{}/{count}", self.passed(level)),
        };
        let word = |key: &str| texts.say(key, &[]);
        let mut text = format!(
            "{}   {} {}   {} {}\n",
            self.step.name(),
            word("level-lab"),
            row(Level::Lab),
            word("level-solid"),
            row(Level::Solid),
        );
        let width = ["verdict-ok", "verdict-fail", "verdict-waits"]
            .map(|key| word(key).chars().count());
        let width = width.into_iter().max().unwrap_or(4);
        for (check, verdict) in &self.verdicts {
            let (key, more) = match verdict {
                Verdict::Passed => ("verdict-ok", String::new()),
                Verdict::Waits => ("verdict-waits", String::new()),
                Verdict::Failed(failure) => {
                    ("verdict-fail", failure_text(failure, texts, paint))
                }
                Verdict::NotObserved(why) => {
                    let why = [("why", texts.text(why))];
                    (
                        "verdict-not-observed",
                        format!(
                            "{}\n",
                            indented(
                                "",
                                &texts.say("not-observed", &why),
                                paint
                            )
                        ),
                    )
                }
            };
            let style = match verdict {
                Verdict::Passed => AnsiColor::Green.on_default(),
                Verdict::Failed(_) => AnsiColor::Red.on_default().bold(),
                Verdict::NotObserved(_) => AnsiColor::Yellow.on_default(),
                Verdict::Waits => Style::new().dimmed(),
            };
            let verdict = paint.with(style, &format!("{:width$}", word(key)));
            let title = word(&format!("check-{}", check.id));
            text += &format!("  {verdict} {title}\n{more}");
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

/// Four facts, always: did, expected, saw, usually; and what the server complained of.
fn failure_text(failure: &Failure, texts: &Texts, paint: Paint) -> String {
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
    let facts = facts.into_iter().map(|(label, fact)| {
        indented(&texts.say(label, &[]), &fact, paint) + "\n"
    });
    facts.collect()
}

/// What the clients did, a sentence each; the last few where it was much.
fn did(failure: &Failure, texts: &Texts) -> Vec<String> {
    /// What is longer is said by its size.
    const LONG: usize = 300;
    let mut all: Vec<String> = Vec::new();
    // So many bytes one client has sent, one message after the other.
    let (mut speaker, mut sent) = (0, 0);
    for event in &failure.events {
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
        if matches!(event, Event::Receive(..) | Event::End(_)) {
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
            Event::Receive(..) | Event::End(_) => continue,
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
fn indented(label: &str, fact: &str, paint: Paint) -> String {
    /// As wide as a terminal is at least, the indentation taken off.
    const WIDTH: usize = 60;
    let lines = wrapped(fact, WIDTH);
    let indent = " ".repeat(7 + LABELS);
    let label = paint.with(Style::new().bold(), &format!("{label:LABELS$}"));
    format!("       {label}{}", lines.join(&format!("\n{indent}")))
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
