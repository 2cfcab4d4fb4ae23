//! Each wrong server of `lab/wrong` gets its own diagnosis, before any other, and the
//! report that a good teacher would give: `reports/` has them all, in both languages.
//!
//! After a change of words or checks, `INSTA_UPDATE=always cargo test -p lab --test
//! wrong` writes them anew; `git diff` shows what a student will read now.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once};
use std::thread;

use lab::cast::{self, Member};
use lab::check::{self, Level, Verdict};
use lab::course::Step;
use lab::report::Report;
use lab::texts::{Lang, Texts};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// The first thing in each test, before anything is opened: some wrong servers count
/// on the first numbers of descriptors.
fn close_inherited() {
    static ONCE: Once = Once::new();
    ONCE.call_once(lab::close_inherited_descriptors);
}

/// Compiled by one test at a time: cargo would say that it waits.
fn in_rust() -> Vec<Member> {
    static TURN: Mutex<()> = Mutex::new(());
    close_inherited();
    let _turn = TURN.lock();
    cast::wrong_in_rust(&root()).unwrap()
}

fn in_python() -> Vec<Member> {
    close_inherited();
    cast::wrong_in_python(&root()).unwrap()
}

/// Plays the checks against all of those that `is_wanted`, two at a time.
#[track_caller]
fn play(all: Vec<Member>, is_wanted: impl Fn(&Member) -> bool) {
    let wanted: Vec<Member> = all.into_iter().filter(is_wanted).collect();
    let (wanted, complaints) = (Mutex::new(wanted), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        let work = || {
            loop {
                let Some(wrong) = wanted.lock().unwrap().pop() else { break };
                // Twice: a machine that is busy enough may cut a report short once.
                // A wrong diagnosis comes again.
                if let Err(complaint) = judge(&wrong).or_else(|_| judge(&wrong))
                {
                    complaints.lock().unwrap().push(complaint);
                }
            }
        };
        thread::Builder::new().spawn_scoped(scope, work).unwrap();
        work();
    });
    let complaints = complaints.into_inner().unwrap();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn judge(wrong: &Member) -> Result<(), String> {
    let verdicts = check::play(&wrong.program, wrong.step, Level::Solid);
    let report = Report { step: wrong.step, level: Level::Solid, verdicts };
    let found = report.failure().map(|(_, failure)| failure.mistake);
    let text = |lang| normalised(&report.text(&Texts::new(lang)));
    if !wrong.is_it(found) {
        let (name, mistake) = (&wrong.name, &wrong.mistake);
        let text = text(Lang::En);
        return Err(format!(
            "{name}: {found:?} instead of {mistake:?}\n{text}"
        ));
    }
    let failed = |(_, it): &&(_, Verdict)| matches!(it, Verdict::Failed(_));
    let blamed = report.verdicts.iter().filter(failed).count();
    if blamed > 1 {
        return Err(format!("{}: {blamed} checks are blamed", wrong.name));
    }
    if found.is_none() {
        return Ok(());
    }
    let both = format!("{}\n{}", text(Lang::En), text(Lang::Fr));
    let compare = || {
        insta::with_settings!({
            snapshot_path => "reports",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(wrong.name.replace('.', "_"), both);
        });
    };
    std::panic::catch_unwind(compare)
        .map_err(|_| format!("{}: another report, see above", wrong.name))
}

/// The same whenever it's played: words that nobody had said before become `word1`,
/// `word2`, a part of one `part`; ports `PORT`; this checkout's folder `HERE`.
fn normalised(text: &str) -> String {
    let text = text.replace(&root().display().to_string(), "HERE");
    let (mut said, mut words) = (String::new(), Vec::new());
    let mut is_quoted = false;
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        let run = |is_it: fn(char) -> bool| {
            &rest[..rest.find(|c| !is_it(c)).unwrap_or(rest.len())]
        };
        let letters = run(|c| c.is_ascii_lowercase());
        let digits = run(|c| c.is_ascii_digit());
        // What is left of a text that was cut.
        let is_cut = |run: &str| {
            said.ends_with('…') || rest[run.len()..].starts_with('…')
        };
        let taken = if c == '\\' {
            // The letter of an escape belongs to no word.
            let escape: String = rest.chars().take(2).collect();
            said += &escape;
            escape.len()
        } else if !letters.is_empty() {
            if is_word(letters) {
                let known = words.iter().position(|word| *word == letters);
                let number = known.unwrap_or_else(|| {
                    words.push(letters);
                    words.len() - 1
                });
                let _ = write!(said, "word{}", number + 1);
            } else if is_part(letters)
                && !is_address(&said, letters, &rest[letters.len()..])
                && (is_cut(letters) || is_quoted && letters.len() > 2)
            {
                said += "part";
            } else {
                said += letters;
            }
            letters.len()
        } else if !digits.is_empty() {
            let behind = &rest[digits.len()..];
            let is_port = digits.len() == 5
                || (digits.len() == 4 && digits.starts_with("77"))
                || (is_cut(digits) && !behind.starts_with(".0"));
            let unit = behind.strip_prefix([' ', '\u{a0}']).unwrap_or("");
            let is_size =
                ["kB", "ko", "MB", "Mo"].iter().any(|it| unit.starts_with(it));
            said += match (is_size, is_port) {
                (true, _) => "SIZE",
                (_, true) => "PORT",
                _ => digits,
            };
            digits.len()
        } else {
            is_quoted ^= c == '"';
            said.push(c);
            c.len_utf8()
        };
        rest = &rest[taken..];
    }
    said
}

/// A word of a check.
fn is_word(letters: &str) -> bool {
    letters.len() == 8 && letters.starts_with('z') && is_part(letters)
}

/// Such words have no vowels.
fn is_part(letters: &str) -> bool {
    !letters.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

/// Of `::ffff:127.0.0.1`, however much of it is there.
fn is_address(before: &str, letters: &str, behind: &str) -> bool {
    let touches = before.ends_with(':') || behind.starts_with(':');
    touches && letters.bytes().all(|letter| letter == b'f')
}

macro_rules! steps {
    ($($name:ident: $number:literal $step:ident;)+) => {
        $(
            #[test]
            fn $name() {
                play(in_rust(), |wrong| {
                    wrong.step == Step::$step && wrong.name.starts_with($number)
                });
            }
        )+
    };
}

steps! {
    wrong_blocking_echoes: "01" BlockingEcho;
    wrong_thread_echoes: "02" ThreadEcho;
    wrong_select_echoes: "03" SelectEcho;
    wrong_broadcast_chats: "04" BroadcastChat;
    wrong_command_chats: "05" CommandChat;
    wrong_channels: "06" Channels;
    wrong_thread_chats: "bonus" ThreadChat;
}

/// Those that are no servers at all, and the right ones that behave strangely.
#[test]
fn strange_programs() {
    play(in_rust(), |wrong| !wrong.name.starts_with(wrong.step.number()));
}

/// The same mistake shows differently from one language to another.
#[test]
fn wrong_servers_in_python() {
    let all = in_python();
    if all.is_empty() {
        let _ =
            writeln!(std::io::stderr(), "skipped: python3 is not installed");
    }
    play(all, |_| true);
}

#[test]
fn there_are_more_than_sixty() {
    let (rust, python) = (in_rust(), in_python());
    let wrong = rust.iter().chain(&python).filter(|it| it.mistake.is_some());
    assert!(wrong.count() > 60);
}
