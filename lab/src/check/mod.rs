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
mod threads;
mod watch;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use stage::{Actor, Heard, Lying, Stage};
pub use stage::{Dialogue, Event, Moment};

use crate::course::Step;
use crate::deadline::until_within;
use crate::port::Family;
use crate::program::Program;
use crate::server::NotServing;
use crate::watchdog;

/// How much is asked of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What the lab asks for.
    Lab,
    /// What a server meets in the world.
    Solid,
}

impl Level {
    /// `lab` or `solid`, as the command line takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lab => "lab",
            Self::Solid => "solid",
        }
    }

    /// The other way round.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Lab, Self::Solid].into_iter().find(|it| it.name() == word)
    }
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
    pub dialogue: Dialogue,
    /// What the server, which is still there, complained of: an error that ended a
    /// thread, say.
    pub complaint: Option<String>,
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
        Step::ThreadChat => threads::checks(),
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
    let verdicts = play_until(program, step, of(step, level), &Stop::default());
    verdicts.unwrap_or_default()
}

/// What ends a play before its end, from another thread.
#[derive(Clone)]
pub struct Stop {
    /// The number of the first check that failed, from 1 on. Nobody asks any more for
    /// the verdicts of those behind it; behind 0, which is none, are all.
    first_failed: Arc<AtomicUsize>,
}

impl Default for Stop {
    fn default() -> Self {
        Self { first_failed: Arc::new(AtomicUsize::new(usize::MAX)) }
    }
}

impl Stop {
    /// Ends the play that has it, with all the servers that this process has started.
    pub fn stop(&self) {
        self.first_failed.store(0, Ordering::Relaxed);
        watchdog::end_all();
    }

    fn first_failed(&self) -> usize {
        self.first_failed.load(Ordering::Relaxed)
    }
}

/// The same for some checks of a step. `None`: it was stopped.
pub fn play_until(
    program: &Program,
    step: Step,
    checks: Vec<Check>,
    stop: &Stop,
) -> Option<Vec<(Check, Verdict)>> {
    let next = AtomicUsize::new(1);
    let verdicts: Vec<Mutex<Verdict>> =
        checks.iter().map(|_| Mutex::new(Verdict::Waits)).collect();
    // A program that listens where it likes can't be started twice at a time.
    let hands = if program.fixed_port().is_some() { 1 } else { 4 };
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some((check, verdict)) =
                checks.get(number - 1).zip(verdicts.get(number - 1))
            else {
                break;
            };
            // What comes behind a failure is of no interest: it may fail for the same
            // reason.
            if number > stop.first_failed() {
                break;
            }
            let stage = Stage::open_at(program, number, &stop.first_failed);
            let judged = judge(check, stage, step);
            if matches!(judged, Verdict::Failed(_)) {
                stop.first_failed.fetch_min(number, Ordering::Relaxed);
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
    // Which of the later ones were played before the first had failed depends on
    // the machine: none of them counts.
    let first_failed = stop.first_failed();
    if first_failed == 0 {
        return None;
    }
    let judged = verdicts.into_iter().zip(1..).map(|(verdict, number)| {
        if number > first_failed {
            return Verdict::Waits;
        }
        verdict.into_inner().unwrap_or(Verdict::Waits)
    });
    let judged: Vec<Verdict> = judged.collect();
    Some(checks.into_iter().zip(judged).collect())
}

fn judge(
    check: &Check,
    stage: Result<Stage, NotServing>,
    step: Step,
) -> Verdict {
    let mut stage = match stage {
        Ok(stage) => stage,
        Err(why) => return Verdict::Failed(Box::new(not_serving(&why))),
    };
    match (check.play)(&mut stage, step) {
        Ok(()) => Verdict::Passed,
        Err(Trouble::NotObserved(why)) => Verdict::NotObserved(why),
        Err(Trouble::Failed { mistake, expected, saw }) => {
            let mistake = match step {
                Step::ThreadChat => threads::rather(&mut stage, mistake),
                _ => mistake,
            };
            // Whatever was missed: a server that has died of it says so.
            let death = stage.death();
            let has_no_door = death.is_none() && !stage.server.listens();
            // It may have been about to end, with its socket closed first.
            let death = if has_no_door { stage.death() } else { death };
            let has_died = death.is_some();
            let (mistake, expected, saw) = match death {
                // That one was killed by the check itself.
                Some(_) if mistake.starts_with("01m") => {
                    (mistake, expected, saw)
                }
                Some(death) if !dies_of(mistake) => {
                    (crash(&death), expected, death.saw())
                }
                Some(death) => (mistake, expected, death.saw()),
                None if has_no_door => {
                    let expected = Text::new("expected-connect");
                    ("no-accept", expected, Text::new("saw-no-door"))
                }
                None => (mistake, expected, saw),
            };
            let complaint = match stage.server.is_running() {
                true => complaint(&stage.server.errors().text()),
                false => None,
            };
            let dialogue = stage.into_dialogue(has_died);
            Verdict::Failed(Box::new(Failure {
                mistake,
                expected,
                saw,
                dialogue,
                complaint,
            }))
        }
    }
}

/// The mistakes that show by the server's death, and have a sentence of their own.
fn dies_of(mistake: &str) -> bool {
    const DEATHS: [&str; 18] = [
        "01c-dies",
        "01i",
        "01j",
        "01k",
        "02-crowd",
        "03a",
        "03f",
        "03h",
        "03i",
        "03i-thread",
        "04c",
        "05g",
        "05l",
        "05m-after",
        "05n",
        "05o-list",
        "06e",
        "bonus-poisoned",
    ];
    DEATHS.contains(&mistake)
}

fn crash(death: &Death) -> &'static str {
    match death.of_a_departure() {
        // A socket that was closed, and is used all the same.
        "03a" => "03a",
        _ if death.status == Some(0) => "stops",
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
            let mistake = match status {
                Some(0) => "ends-at-once",
                _ if stderr.trim().is_empty() => "dies-silently",
                _ => "dies-at-once",
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
    let dialogue = Dialogue::default();
    Failure { mistake, expected, saw, dialogue, complaint: None }
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
        let text = match (self.status, self.signal) {
            (Some(status), _) => Text::new("saw-exit").with("status", status),
            (None, signal) => {
                Text::new("saw-killed").with("signal", signal.unwrap_or(0))
            }
        };
        text.with("words", last_words(&self.stderr))
    }

    /// What it usually is when a server dies of a client that leaves.
    pub(crate) fn of_a_departure(&self) -> &'static str {
        let words = self.stderr.to_lowercase();
        let has = |these: &[&str]| these.iter().any(|it| words.contains(it));
        if self.status == Some(0) {
            "01i"
        } else if has(&["index out of", "out of range", "out of bounds"]) {
            "03f"
        } else if has(&["file descriptor", "not a socket", "ebadf", "errno 9]"])
        {
            "03a"
        } else {
            "crash"
        }
    }

    /// ENOTCONN is what `getpeername` says of a client that has vanished.
    pub(crate) fn asked_a_vanished_client(&self) -> bool {
        let words = self.stderr.to_lowercase();
        ["not connected", "notconnected", "enotconn", "errno 107"]
            .iter()
            .any(|word| words.contains(word))
    }
}

/// What Rust, Python and Java print when a thread ends by an error that nobody took.
const UNCAUGHT: [&str; 3] =
    ["panicked at", "Traceback (most recent call last)", "Exception in thread"];

/// The error that ended a thread, on a line, if one did.
fn complaint(stderr: &str) -> Option<String> {
    let is_there = UNCAUGHT.iter().any(|words| stderr.contains(words));
    is_there.then(|| last_words(stderr))
}

/// What a program that has died of an error says of it, on a line.
fn last_words(stderr: &str) -> String {
    let lines: Vec<&str> =
        stderr.lines().filter(|line| !line.trim().is_empty()).collect();
    // A panic of Rust says it in its first lines, an exception of Python in its last.
    let panic = lines.iter().position(|line| line.contains("panicked at"));
    let words = match panic {
        Some(at) => lines[at..lines.len().min(at + 2)].join(" "),
        None => lines.last().copied().unwrap_or_default().to_string(),
    };
    // Where a crate lies on this machine is of no interest: `nix-0.31.3/src/…` is; nor
    // is the number that the system gives a thread.
    let is_number = |word: &&str| {
        let inside = word.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
        inside.is_some_and(|it| it.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let words = words.split(' ').filter(|word| !is_number(word));
    let words: Vec<&str> = words.map(without_registry).collect();
    words.join(" ").chars().filter(|c| !c.is_control()).take(200).collect()
}

fn without_registry(path: &str) -> &str {
    let inside = path.split_once("/registry/src/").map(|(_, rest)| rest);
    inside.and_then(|rest| rest.split_once('/')).map_or(path, |(_, rest)| rest)
}

impl Stage {
    /// Has the server ended? One that has closed its listening socket without a word
    /// may be about to.
    pub(crate) fn death(&mut self) -> Option<Death> {
        /// How long an interpreter may take to end, on a busy machine.
        const AT_ITS_END: Duration = Duration::from_secs(5);
        if !self.server.listens() {
            let (mut before, mut since) = (None, Instant::now());
            until_within(AT_ITS_END, || {
                let asleep = self.server.asleep();
                if asleep.is_none() || asleep != before {
                    (before, since) = (asleep, Instant::now());
                }
                let is_over = !self.server.is_running()
                    || since.elapsed() > Duration::from_millis(300);
                is_over.then_some(())
            });
        }
        let status = self.server.status()?;
        Some(Death {
            status: status.0,
            signal: status.1,
            stderr: self.server.errors().last_words(),
        })
    }

    /// Why a client whom nobody answers may have been overlooked: it wasn't accepted,
    /// or not read. `None`: it was, and the mistake is another.
    pub(crate) fn overlooked(
        &mut self,
        actor: Actor,
        step: Step,
    ) -> Option<&'static str> {
        match (self.left_lying(actor)?, step) {
            (Lying::Client, Step::BlockingEcho | Step::ThreadEcho) => {
                Some("never-accepts")
            }
            (Lying::Client, Step::ThreadChat) => Some("02a"),
            (Lying::Client, _) => Some("03d"),
            (Lying::Words, Step::BlockingEcho) => Some("never-reads"),
            (Lying::Words, Step::ThreadEcho | Step::ThreadChat) => {
                Some("02-unread")
            }
            (Lying::Words, _) => Some("03-unwatched"),
        }
    }

    /// The mistake behind something that went wrong after a client had left: what the
    /// server died of, if it did; else this one.
    pub(crate) fn departure(
        &mut self,
        step: Step,
        mistake: &'static str,
    ) -> &'static str {
        match self.death() {
            Some(death) if step >= Step::SelectEcho => death.of_a_departure(),
            _ => mistake,
        }
    }

    /// A client that's connected; that it can't be is a failure.
    pub(crate) fn enter(&mut self) -> Result<Actor, Trouble> {
        if let Some(actor) = self.connect() {
            return Ok(actor);
        }
        // Refused by IPv4 alone?
        let takes_v6 = self.connect_by(Family::V6).is_some();
        Err(Trouble::Failed {
            mistake: if takes_v6 { "01l-v6" } else { "no-accept" },
            expected: Text::new("expected-connect"),
            saw: Text::new("saw-refused"),
        })
    }

    /// What came instead of what was waited for.
    pub(crate) fn instead(&self, heard: Heard, actor: Actor) -> Text {
        self.miss(actor);
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
    /// From so many on, the same character again and again is counted.
    const MANY: usize = 10;
    let pieces = bytes.utf8_chunks().flat_map(|chunk| {
        let text = chunk.valid().chars().map(|c| match c {
            '\'' => c.to_string(),
            c => c.escape_debug().collect(),
        });
        let others =
            chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}"));
        text.chain(others)
    });
    let (mut shown, mut length) = (String::new(), 0);
    let mut rest = pieces.peekable();
    while let Some(c) = rest.next() {
        if length >= 160 {
            shown.push('…');
            break;
        }
        let mut times = 1;
        while rest.next_if_eq(&c).is_some() {
            times += 1;
        }
        let run = if times < MANY {
            c.repeat(times)
        } else {
            format!("{c}…(×{times})")
        };
        length += run.chars().count();
        shown += &run;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_short() {
        assert_eq!(shown(b"salut\n"), "salut\\n");
        assert_eq!(shown(b"ok\0\0"), "ok\\0\\0");
        assert_eq!(shown(&[0; 1500]), "\\0…(×1500)");
        assert_eq!(shown(b"\xff\x1b[2J"), "\\xFF\\u{1b}[2J");
        assert_eq!(shown("l'\u{202e}été\"".as_bytes()), "l'\\u{202e}été\\\"");
        let long = shown("ab".repeat(500).as_bytes());
        assert_eq!(long, format!("{}…", "ab".repeat(80)));
    }

    #[test]
    fn last_words_are_on_a_line() {
        let panic = "noise\nthread 'main' (4711) panicked at \
                     /home/a/.cargo/registry/src/host/nix-1.0/src/x.rs:1:2:\n\
                     fd must be small\nnote: run with …\n";
        assert_eq!(
            last_words(panic),
            "thread 'main' panicked at nix-1.0/src/x.rs:1:2: fd must be small"
        );
        let traceback = "Traceback (most recent call last):\n  File …\n\
                         ValueError: no \x1b[31mway\n";
        assert_eq!(last_words(traceback), "ValueError: no [31mway");
        assert_eq!(last_words(""), "");
        assert!(last_words(&"x".repeat(5000)).len() <= 200);
    }
}
