//! What the chapter on threads shows of those who do without a lock: a chat in Python
//! that goes wrong when the threads meet badly, and three programs that Rust refuses.
//! `book/naive` has them, and what is said of them; and what becomes of lines that two
//! threads write on one socket.
//!
//! `NAIVE_UPDATE=yes cargo test --test naive` writes that anew.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The compiler whose words are kept. Another one must refuse for the same reason, in
/// whatever words.
const COMPILER: &str = "rustc 1.95.";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("book/naive")
}

fn run(command: &mut Command) -> Option<Output> {
    command.current_dir(folder()).stdin(Stdio::null()).output().ok()
}

fn skip(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Compares with what is kept, or keeps it.
#[track_caller]
fn is_kept(name: &str, said: &str) {
    let file = folder().join(name);
    if env::var_os("NAIVE_UPDATE").is_some() {
        fs::write(&file, said).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(said, kept, "{name}");
}

/// The same whenever it's played: the threads wait for each other, and never for time.
#[track_caller]
fn goes_wrong(play: &str) {
    // timeout ends a play whose threads would wait for ever.
    let mut python = Command::new("timeout");
    python.args(["20", "python3", "-B", "race.py", play]);
    if run(Command::new("python3").arg("--version")).is_none() {
        return skip("python3 is not installed");
    }
    for _ in 0..3 {
        let output = run(&mut python).unwrap();
        let errors = text(&output.stderr);
        assert!(output.status.success(), "{}\n{errors}", output.status);
        is_kept(&format!("{play}.txt"), &text(&output.stdout));
    }
}

#[test]
fn who_stands_behind_a_client_that_leaves_is_skipped() {
    goes_wrong("skipped");
}

#[test]
fn who_speaks_to_a_client_that_leaves_is_never_heard_again() {
    goes_wrong("closed");
}

/// How many lines came out with both threads' letters in them.
#[track_caller]
fn mixed(arguments: &[&str]) -> Option<usize> {
    run(Command::new("python3").arg("--version"))?;
    // timeout ends a play whose threads would wait for ever.
    let mut python = Command::new("timeout");
    python.args(["60", "python3", "-B", "mixed.py"]).args(arguments);
    let output = run(&mut python).unwrap();
    let (said, errors) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{}\n{errors}", output.status);
    let said = said.strip_prefix("40000 lines came, ").expect(&said);
    said.split(' ').next()?.parse().ok()
}

/// Forty megabytes, and a socket takes a few: who writes must wait in the middle of a
/// line, and the other goes on from there.
#[test]
fn two_who_write_on_one_socket_mix_their_lines() {
    let Some(mixed) = mixed(&[]) else {
        return skip("python3 is not installed");
    };
    assert!(mixed > 0, "no line was mixed");
}

#[test]
fn a_lock_around_each_write_keeps_lines_whole() {
    let Some(mixed) = mixed(&["lock"]) else {
        return skip("python3 is not installed");
    };
    assert_eq!(mixed, 0);
}

/// `error[E0382]`
fn code(said: &str) -> Option<&str> {
    let (_, rest) = said.split_once("error[")?;
    rest.split(']').next()
}

/// Where std's source lies is another place on each machine.
fn without_places(said: &str) -> String {
    let line = |line: &str| match line.split_once("/library/std/") {
        Some((before, after)) if before.contains("--> /") => {
            let (arrow, _) = before.split_once("--> ").unwrap_or((before, ""));
            let file = after.split(':').next().unwrap_or_default();
            format!("{arrow}--> std/{file}\n")
        }
        _ => format!("{line}\n"),
    };
    said.lines().map(line).collect()
}

#[track_caller]
fn is_refused(name: &str, reason: &str) {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let Some(version) = run(Command::new(&rustc).arg("--version")) else {
        return skip("rustc can't be called");
    };
    let mut compiler = Command::new(&rustc);
    compiler.args(["--edition=2024", "--color=never", "--emit=metadata"]);
    compiler.args(["-o", "/dev/null"]).arg(format!("{name}.rs"));
    let output = run(&mut compiler).unwrap();
    let said = without_places(&text(&output.stderr));
    assert!(!output.status.success(), "Rust takes it");
    assert_eq!(code(&said), Some(reason), "{said}");
    if text(&version.stdout).starts_with(COMPILER) {
        is_kept(&format!("{name}.stderr"), &said);
    } else {
        skip(&format!("{name}.stderr has the words of {COMPILER}"));
    }
}

/// One thread has it, and the next can't.
#[test]
fn a_list_that_was_moved_is_gone() {
    is_refused("moved", "E0382");
}

/// A count that two threads change at once would be wrong one day.
#[test]
fn a_count_of_shares_stays_in_its_thread() {
    is_refused("counted", "E0277");
}

/// `Arc` lets all threads look, and nobody change.
#[test]
fn what_is_shared_is_not_changed() {
    is_refused("shared", "E0596");
}
