//! Each wrong server of `lab/wrong` gets its own diagnosis, before any other, and the
//! report that a good teacher would give: `reports/` has them all, in both languages.
//!
//! After a change of words or checks, `INSTA_UPDATE=always cargo test -p lab --test
//! wrong` writes them anew; `git diff` shows what a student will read now.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex, Once};
use std::thread;

use lab::Program;
use lab::check::{self, Level, Verdict};
use lab::course::Step;
use lab::report::Report;
use lab::texts::{Lang, Texts};

/// A wrong server, as `wrong --list` tells of it.
struct Wrong {
    name: String,
    step: Step,
    mistake: String,
    program: Program,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Those in Rust are in no default member: cargo must be asked to compile them.
static IN_RUST: LazyLock<PathBuf> = LazyLock::new(|| {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "-p", "wrong", "--message-format=json"])
        .current_dir(root())
        .output()
        .unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaints}");
    let said = String::from_utf8(output.stdout).unwrap();
    let mut paths = said.split("\"executable\":\"").skip(1);
    paths.find_map(|rest| rest.split('"').next()).unwrap().into()
});

/// What a command prints; `None` if it can't be started.
fn printed(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    assert!(output.status.success(), "{command:?}");
    Some(String::from_utf8(output.stdout).unwrap())
}

fn described(line: &str, command: &str) -> Wrong {
    let [name, step, mistake, _] =
        line.split('\t').collect::<Vec<_>>().try_into().unwrap();
    Wrong {
        name: name.to_string(),
        step: Step::named(step).unwrap(),
        mistake: mistake.to_string(),
        program: Program::of_line(command),
    }
}

/// The first thing in each test, before anything is opened: some wrong servers count
/// on the first numbers of descriptors.
fn close_inherited() {
    static ONCE: Once = Once::new();
    ONCE.call_once(lab::close_inherited_descriptors);
}

fn in_rust() -> Vec<Wrong> {
    close_inherited();
    let list = printed(Command::new(&*IN_RUST).arg("--list")).unwrap();
    let path = IN_RUST.display();
    let describe = |line: &str| {
        let name = line.split('\t').next().unwrap();
        described(line, &format!("exec {path} {name} {{port}}"))
    };
    list.lines().map(describe).collect()
}

fn in_python() -> Vec<Wrong> {
    close_inherited();
    let folder = root().join("lab/wrong");
    let files = std::fs::read_dir(folder).unwrap().flatten();
    let files = files.map(|file| file.path().display().to_string());
    let files = files.filter(|path| path.ends_with(".py"));
    let describe = |path: String| {
        let list = printed(Command::new("python3").args([&path, "--list"]))?;
        Some(described(list.trim(), &format!("exec python3 {path} {{port}}")))
    };
    files.filter_map(describe).collect()
}

/// Plays the checks against all of those that `is_wanted`, two at a time.
#[track_caller]
fn play(all: Vec<Wrong>, is_wanted: impl Fn(&Wrong) -> bool) {
    let wanted: Vec<Wrong> = all.into_iter().filter(is_wanted).collect();
    let (wanted, complaints) = (Mutex::new(wanted), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        let work = || {
            loop {
                let Some(wrong) = wanted.lock().unwrap().pop() else { break };
                if let Err(complaint) = judge(&wrong) {
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

fn judge(wrong: &Wrong) -> Result<(), String> {
    let verdicts = check::play(&wrong.program, wrong.step, Level::Solid);
    let report = Report { step: wrong.step, level: Level::Solid, verdicts };
    let found = report.failure().map_or("-", |(_, failure)| failure.mistake);
    let is_it = found == wrong.mistake
        || found.starts_with(&format!("{}-", wrong.mistake));
    let text = |lang| normalised(&report.text(&Texts::new(lang)));
    if !is_it {
        let (name, mistake) = (&wrong.name, &wrong.mistake);
        let text = text(Lang::En);
        return Err(format!("{name}: {found} instead of {mistake}\n{text}"));
    }
    let failed = |(_, it): &&(_, Verdict)| matches!(it, Verdict::Failed(_));
    let blamed = report.verdicts.iter().filter(failed).count();
    if blamed > 1 {
        return Err(format!("{}: {blamed} checks are blamed", wrong.name));
    }
    if found == "-" {
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
/// `word2`; ports `PORT`; this checkout's folder `HERE`.
fn normalised(text: &str) -> String {
    let text = text.replace(&root().display().to_string(), "HERE");
    let (mut said, mut words) = (String::new(), Vec::new());
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        let run = |is_it: fn(char) -> bool| {
            &rest[..rest.find(|c| !is_it(c)).unwrap_or(rest.len())]
        };
        let (letters, digits) =
            (run(|c| c.is_ascii_lowercase()), run(|c| c.is_ascii_digit()));
        if is_word(letters) {
            let known = words.iter().position(|word| *word == letters);
            let number = known.unwrap_or_else(|| {
                words.push(letters);
                words.len() - 1
            });
            let _ = write!(said, "word{}", number + 1);
            rest = &rest[letters.len()..];
        } else if digits.len() == 5 {
            said += "PORT";
            rest = &rest[5..];
        } else if !digits.is_empty() {
            said += digits;
            rest = &rest[digits.len()..];
        } else if !letters.is_empty() {
            said += letters;
            rest = &rest[letters.len()..];
        } else {
            said.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    said
}

/// A word of `Stage::token`, or what is left of one that was cut: no vowel in it.
fn is_word(letters: &str) -> bool {
    letters.len() == 8
        && letters.starts_with('z')
        && !letters.contains(['a', 'e', 'i', 'o', 'u', 'y'])
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
        let _ = writeln!(std::io::stderr(), "skipped: python3 is not installed");
    }
    play(all, |_| true);
}

#[test]
fn there_are_more_than_sixty() {
    let (rust, python) = (in_rust(), in_python());
    let wrong = rust.iter().chain(&python).filter(|it| it.mistake != "-");
    assert!(wrong.count() > 60);
}
