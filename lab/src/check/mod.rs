//! The self-checks: each plays a few clients against a server of its own, and says
//! what it saw where it expected something else, with the mistake that this usually
//! is.
//!
//! A check asks for *content and not wording*: every server says things in its own
//! words. It waits for what must come, or until the server sleeps with our words
//! before it: never for a fixed time, so that a busy machine changes nothing.

mod broadcast;
mod channels;
mod commands;
mod echo;
mod solid;
pub(crate) mod stage;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

pub use stage::Event;
use stage::{Actor, Heard, Stage};

use crate::course::Step;
use crate::deadline::until_within;
use crate::program::Program;
use crate::server::NotServing;

/// How much is asked of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What the lab asks for.
    Lab,
    /// What a server meets in the world.
    Solid,
}

/// A thing to say in the user's language: a key of the table, and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its key.
    pub key: &'static str,
    /// What stands in for its placeholders.
    pub arguments: Vec<(&'static str, String)>,
}

impl Text {
    pub(crate) fn new(key: &'static str) -> Self {
        Self { key, arguments: Vec::new() }
    }

    pub(crate) fn with(
        mut self,
        name: &'static str,
        value: impl Into<Argument>,
    ) -> Self {
        self.arguments.push((name, value.into().0));
        self
    }
}

/// What stands in for a placeholder.
pub(crate) struct Argument(String);

macro_rules! arguments {
    ($($kind:ty)+) => {
        $(impl From<$kind> for Argument {
            fn from(value: $kind) -> Self {
                Self(value.to_string())
            }
        })+
    };
}
arguments!(usize u16 i32 &str String &String &&str);

/// What a check saw where it expected something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The mistake that this usually is: `01a`, `03b`, …
    pub mistake: &'static str,
    /// What should have happened.
    pub expected: Text,
    /// What happened.
    pub saw: Text,
    /// What the clients did, and what came to them.
    pub events: Vec<Event>,
}

/// How a check went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As expected.
    Passed,
    /// Otherwise.
    Failed(Box<Failure>),
    /// It can't be judged here: why.
    NotObserved(Text),
    /// An earlier check failed, and this one depends on it or may fail for the same
    /// reason.
    Waits,
}

/// A check of the course.
pub struct Check {
    /// The end of its title's key.
    pub id: &'static str,
    /// How much it asks.
    pub level: Level,
    play: Play,
}

/// How a check is played.
type Play = fn(&mut Stage, Step) -> Outcome;

/// What a check answers.
type Outcome = Result<(), Trouble>;

/// Why a check doesn't pass.
pub(crate) enum Trouble {
    Failed { mistake: &'static str, expected: Text, saw: Text },
    NotObserved(Text),
}

fn failed(mistake: &'static str, expected: Text, saw: Text) -> Outcome {
    Err(Trouble::Failed { mistake, expected, saw })
}

/// The checks of a step, in the order in which a student meets them.
pub fn of(step: Step, level: Level) -> Vec<Check> {
    let mut checks = match step {
        Step::BlockingEcho | Step::ThreadEcho | Step::SelectEcho => {
            echo::checks(step)
        }
        Step::BroadcastChat => broadcast::checks(),
        Step::CommandChat => commands::checks(),
        Step::Channels => channels::checks(),
    };
    checks.extend(solid::checks(step));
    checks.retain(|check| check.level <= level);
    checks
}

/// Plays the checks of a step against `program`, several at a time.
///
/// The verdicts stand in the order of the checks. The first that failed is the one
/// to look at: those behind it that failed too may do so for the same reason, and
/// say `Waits`.
pub fn play(
    program: &Program,
    step: Step,
    level: Level,
) -> Vec<(Check, Verdict)> {
    let checks = of(step, level);
    let next = AtomicUsize::new(0);
    let verdicts: Vec<Mutex<Verdict>> =
        checks.iter().map(|_| Mutex::new(Verdict::Waits)).collect();
    // A program that listens where it likes can't be started twice at a time.
    let hands = if program.fixed_port().is_some() { 1 } else { 4 };
    // What comes behind a failure is of no interest: it may fail for the same reason.
    let first_failed = AtomicUsize::new(usize::MAX);
    let work = || {
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some((check, verdict)) = checks.get(i).zip(verdicts.get(i))
            else {
                break;
            };
            if i > first_failed.load(Ordering::Relaxed) {
                break;
            }
            let judged = judge(check, program, step);
            if matches!(judged, Verdict::Failed(_)) {
                first_failed.fetch_min(i, Ordering::Relaxed);
            }
            if let Ok(mut verdict) = verdict.lock() {
                *verdict = judged;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..hands {
            // Without another thread one does it all.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    let mut has_failed = false;
    let judged = verdicts
        .into_iter()
        .map(|verdict| verdict.into_inner().unwrap_or(Verdict::Waits));
    let judged = judged.map(|verdict| match verdict {
        Verdict::Failed(_) if has_failed => Verdict::Waits,
        Verdict::Failed(_) => {
            has_failed = true;
            verdict
        }
        verdict => verdict,
    });
    let judged: Vec<Verdict> = judged.collect();
    checks.into_iter().zip(judged).collect()
}

fn judge(check: &Check, program: &Program, step: Step) -> Verdict {
    let mut stage = match Stage::open(program) {
        Ok(stage) => stage,
        Err(why) => return Verdict::Failed(Box::new(not_serving(&why))),
    };
    match (check.play)(&mut stage, step) {
        Ok(()) => Verdict::Passed,
        Err(Trouble::NotObserved(why)) => Verdict::NotObserved(why),
        Err(Trouble::Failed { mistake, expected, saw }) => {
            // Whatever was missed: a server that has died of it says so.
            let (mistake, saw) = match stage.death() {
                // That one was killed by the check itself.
                Some(_) if mistake == "01m" => (mistake, saw),
                Some(death) if !DEATHS.contains(&mistake) => {
                    (crash(mistake, &death), death.saw())
                }
                Some(death) => (mistake, death.saw()),
                None if stage.server.is_running()
                    && !stage.server.listens() =>
                {
                    ("no-accept", saw)
                }
                None => (mistake, saw),
            };
            let events = stage.into_events();
            Verdict::Failed(Box::new(Failure {
                mistake,
                expected,
                saw,
                events,
            }))
        }
    }
}

/// The mistakes that show by the server's death, and have a sentence of their own.
const DEATHS: [&str; 12] = [
    "01i", "01j", "01k", "03a", "03f", "03h", "03i", "04c", "05g", "05l",
    "05n", "crash",
];

fn crash(mistake: &'static str, death: &Death) -> &'static str {
    match (mistake, death.status) {
        (_, Some(0)) => "01i",
        _ => "crash",
    }
}

pub(crate) fn not_serving(why: &NotServing) -> Failure {
    let expected = Text::new("expected-listen");
    let (mistake, saw) = match why {
        NotServing::NoProgram(error) => {
            ("no-program", Text::new("saw-no-program").with("error", error))
        }
        NotServing::Daemon => ("daemonizes", Text::new("saw-daemon")),
        // What a shell says of a command that it can't find, or may not run.
        NotServing::Ended { status: Some(126 | 127), stderr, .. } => {
            let error = stderr.lines().last().unwrap_or_default();
            ("no-program", Text::new("saw-no-program").with("error", error))
        }
        NotServing::Ended { status, signal, stdout: _, stderr } => {
            let death = Death {
                status: *status,
                signal: *signal,
                stderr: stderr.clone(),
            };
            let mistake = if *status == Some(0) {
                "ends-at-once"
            } else {
                "dies-at-once"
            };
            (mistake, death.saw())
        }
        NotServing::Silent { elsewhere, .. } if elsewhere.is_empty() => {
            ("never-listens", Text::new("saw-no-listener"))
        }
        NotServing::Silent { elsewhere, .. } => {
            let ports: Vec<String> =
                elsewhere.iter().map(u16::to_string).collect();
            (
                "other-port",
                Text::new("saw-other-port").with("ports", ports.join(", ")),
            )
        }
    };
    Failure { mistake, expected, saw, events: Vec::new() }
}

/// The end of a server.
pub(crate) struct Death {
    pub(crate) status: Option<i32>,
    pub(crate) signal: Option<i32>,
    pub(crate) stderr: String,
}

impl Death {
    /// With its last words.
    pub(crate) fn saw(&self) -> Text {
        let end: Vec<&str> = self
            .stderr
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        // A panic of Rust says it in its first lines, an exception of Python in its last.
        let words =
            match end.iter().position(|line| line.contains("panicked at")) {
                Some(at) => end[at..end.len().min(at + 2)].join(" "),
                None => end.last().copied().unwrap_or_default().to_string(),
            };
        let words: String =
            words.chars().filter(|c| !c.is_control()).take(200).collect();
        let text = match (self.status, self.signal) {
            (Some(status), _) => Text::new("saw-exit").with("status", status),
            (None, signal) => {
                Text::new("saw-killed").with("signal", signal.unwrap_or(0))
            }
        };
        text.with("words", words)
    }
}

impl Stage {
    /// Has the server ended? One that has closed its listening socket without a word
    /// may be about to.
    pub(crate) fn death(&mut self) -> Option<Death> {
        if !self.server.listens() {
            until_within(Duration::from_millis(500), || {
                (!self.server.is_running()).then_some(())
            });
        }
        let status = self.server.status()?;
        Some(Death {
            status: status.0,
            signal: status.1,
            stderr: self.server.errors().last_words(),
        })
    }

    /// A client that's connected; that it can't be is a failure.
    pub(crate) fn enter(&mut self) -> Result<Actor, Trouble> {
        self.connect().ok_or_else(|| Trouble::Failed {
            mistake: "no-accept",
            expected: Text::new("expected-connect"),
            saw: Text::new("saw-refused"),
        })
    }

    /// What came instead of what was waited for.
    pub(crate) fn instead(&self, heard: Heard, actor: Actor) -> Text {
        let bytes = self.unread(actor);
        match heard {
            Heard::End if bytes.is_empty() => Text::new("saw-end"),
            Heard::Reset if bytes.is_empty() => Text::new("saw-reset"),
            Heard::Busy if bytes.is_empty() => Text::new("saw-busy"),
            _ if bytes.is_empty() => Text::new("saw-nothing"),
            Heard::End => {
                Text::new("saw-bytes-end").with("bytes", shown(bytes))
            }
            _ => Text::new("saw-bytes").with("bytes", shown(bytes)),
        }
    }
}

/// Bytes for people: as text where they are text, cut where there are many.
pub fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(160)]);
    let mut shown: String = text.chars().flat_map(char::escape_debug).collect();
    if bytes.len() > 160 {
        shown.push('…');
    }
    shown
}
