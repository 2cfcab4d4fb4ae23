//! The exercises as they are handed out, `lab/skeletons`: they compile, start, and do
//! too little. What a student makes of them, in `exercises`, is no concern of a test.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use lab::{Client, Program, Server};
use nix::sys::signal::Signal;

/// Each skeleton's name and text.
fn skeletons() -> BTreeMap<String, String> {
    let files = fs::read_dir("lab/skeletons").unwrap();
    let names = files.filter_map(|file| {
        let name = file.unwrap().file_name().into_string().unwrap();
        name.strip_suffix(".rs").map(str::to_string)
    });
    names.map(|name| (name.clone(), text("lab/skeletons", &name))).collect()
}

fn text(folder: &str, name: &str) -> String {
    fs::read_to_string(Path::new(folder).join(name).with_extension("rs"))
        .unwrap()
}

/// What cargo says when it compiles them. They are in no default member, so that it
/// must be asked to.
static BUILT: LazyLock<String> = LazyLock::new(|| {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "-p", "skeletons", "--message-format=json"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaints}{said}");
    said
});

fn program(name: &str) -> Program {
    let end = format!("/skeleton{name}");
    let paths = BUILT.split("\"executable\":\"").skip(1);
    let mut paths = paths.filter_map(|rest| rest.split('"').next());
    Program::new(paths.find(|path| path.ends_with(&end)).unwrap())
}

/// Ctrl-C ends it, as if nothing were missing.
#[track_caller]
fn ends(mut server: Server) {
    server.expect_idle();
    server.signal(Signal::SIGINT);
    let status = server.expect_exit();
    assert_eq!(status.signal(), Some(Signal::SIGINT as i32), "{status}");
    assert_eq!(server.errors().text(), "");
}

/// Two clients, of whom the server knows.
fn two(server: &Server) -> [Client; 2] {
    [(); 2].map(|()| {
        let client = Client::connect(server);
        let line = format!("client connected \"{}\"", client.name());
        server.log().expect_line(&line);
        client
    })
}

#[test]
fn they_compile_without_a_warning() {
    let warnings: Vec<&str> = BUILT
        .lines()
        .filter(|line| line.contains("\"reason\":\"compiler-message\""))
        .collect();
    assert!(warnings.is_empty(), "{warnings:#?}");
    for name in skeletons().keys() {
        program(name);
    }
}

#[test]
fn the_first_ends_and_says_what_comes_next() {
    let port = lab::free_port().to_string();
    let skeleton = program("01_blocking_echo");
    let output = skeleton.command(&[OsStr::new(&port)]).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("TODO 1.1"), "{errors}");
    assert_eq!(errors.lines().count(), 1, "{errors}");
}

#[test]
fn the_second_talks_to_nobody() {
    let server = program("02_thread_echo").start();
    for _ in 0..2 {
        let mut client = Client::connect(&server);
        client.expect_end();
        let name = client.name();
        server
            .log()
            .expect_line(&format!("nobody talks to \"{name}\" yet: TODO 2.1"));
    }
    ends(server);
}

#[test]
fn the_third_sleeps() {
    let server = program("03_select_echo").start();
    let mut client = Client::connect(&server);
    client.send("salut\n");
    server.expect_idle();
    assert_eq!(server.log().text().lines().count(), 1);
    ends(server);
}

#[test]
fn the_fourth_is_the_echo_of_the_third() {
    let server = program("04_broadcast_chat").start();
    let [mut alice, mut bob] = two(&server);
    alice.send("salut\n");
    alice.expect("salut\n");
    bob.send("hello\n");
    // Nothing of Alice's before.
    bob.expect("hello\n");
    ends(server);
}

#[test]
fn the_fifth_understands_no_argument_and_no_command_works() {
    let server = program("05_command_chat").start();
    let [mut alice, mut bob] = two(&server);
    alice.send("MSG salut\nMSG\n");
    alice.expect("[server] invalid command\n");
    alice.expect("[server] MSG waits for TODO 5.2\n");
    let waits =
        [("NICK", 4), ("WHO", 6), ("QUIT", 7), ("KILL", 8), ("ADMIN", 9)];
    for (command, number) in waits {
        bob.send(format!("{command}\n"));
        bob.expect(format!("[server] {command} waits for TODO 5.{number}\n"));
    }
    ends(server);
}

#[test]
fn the_sixth_has_no_channel() {
    let server = program("06_channels").start();
    let [mut alice, mut bob] = two(&server);
    let (a, b) = (alice.name(), bob.name());
    alice.expect(format!("[server] client connected \"{b}\"\n"));
    let waits = [
        ("JOIN salon", 1),
        ("MSG salon salut", 2),
        ("LIST", 3),
        ("PART", 4),
        ("KICK bob", 8),
    ];
    for (line, number) in waits {
        let command = line.split(' ').next().unwrap();
        alice.send(format!("{line}\n"));
        alice.expect(format!("[server] {command} waits for TODO 6.{number}\n"));
    }
    // What step 05 taught works.
    bob.send("WHO\n");
    bob.expect(format!("[server] {a} {b}\n"));
    ends(server);
}

/// A listing as the book shows it: without the marks that say what to show.
fn without_anchors(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.contains("// ANCHOR"));
    lines.map(|line| format!("{line}\n")).collect()
}

/// The parts of a file between empty lines, and the first of them, what it is about,
/// left out.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n").skip(1).map(str::trim)
}

#[test]
fn what_they_give_is_what_the_solutions_have() {
    for (name, skeleton) in skeletons() {
        let solution = without_anchors(&text("solutions", &name));
        let known: BTreeSet<&str> = parts(&solution).collect();
        for part in parts(&skeleton) {
            let is_incomplete =
                part.contains("TODO ") || part.contains(" goes on here");
            assert!(
                is_incomplete || known.contains(part),
                "not in the solution {name}:\n{part}"
            );
        }
    }
}

/// `TODO 3.1: …` says it once; `// 3.1 goes on here` only where there is such a one.
#[test]
fn their_questions_are_numbered() {
    for (name, skeleton) in skeletons() {
        // TODO 3.1 in step 03, TODO B.1 in the bonus.
        let step = match &name[..1] {
            "0" => &name[1..2],
            _ => "B",
        };
        let number = |text: &str| -> usize {
            let (left, right) = text.split_once('.').unwrap();
            assert_eq!(left, step, "{name}: {text}");
            right.parse().unwrap_or_else(|_| panic!("{name}: {text}"))
        };
        let mut asked: Vec<usize> = skeleton
            .split("// TODO ")
            .skip(1)
            .map(|rest| number(rest.split_once(": ").unwrap().0))
            .collect();
        asked.sort_unstable();
        assert!(asked.iter().copied().eq(1..=asked.len()), "{name}: {asked:?}");
        for (before, _) in skeleton.match_indices(" goes on here") {
            let (_, which) = skeleton[..before].rsplit_once(' ').unwrap();
            assert!(asked.contains(&number(which)), "{name}: {which}");
        }
        let run = format!("//! $ cargo run -p exercises --bin ex{name}\n");
        assert!(skeleton.contains(&run), "{name} doesn't say how to run it");
    }
}

#[test]
fn each_fails_its_first_check() {
    for step in lab::course::Step::ALL {
        let verdicts = lab::check::play(
            &program(step.name()),
            step,
            lab::check::Level::Lab,
        );
        let (check, verdict) = &verdicts[0];
        let failed = matches!(verdict, lab::check::Verdict::Failed(_));
        assert!(failed, "{} passes {}", step.name(), check.id);
    }
}
