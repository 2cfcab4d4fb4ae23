//! `07_irc [PORT] [--config FILE]`, and what it says when that makes no sense.

use std::ffi::OsStr;
use std::net::TcpListener;
use std::process::Output;

use lab::Program;

use crate::net::{Irc, program, serves};

fn run(program: &Program, words: &[&str]) -> Output {
    let words: Vec<&OsStr> = words.iter().map(OsStr::new).collect();
    program.command(&words).output().expect("it runs")
}

fn in_french() -> Program {
    program().env("LC_ALL", "fr_FR.UTF-8")
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn it_works_without_a_configuration_for_both_families() {
    let server = program().start();
    serves(&server);
    let begin = format!("listening on port {}; try: ", server.port());
    // Written before anybody could connect, but read when it's read.
    let is_said = || server.log().text().starts_with(&begin).then_some(());
    assert_eq!(lab::until(is_said), Some(()), "{}", server.log().text());
}

#[test]
fn help_comes_in_both_languages_and_ends_with_0() {
    let english = run(&program(), &["--help"]);
    let french = run(&in_french(), &["-h"]);
    for (output, word) in
        [(&english, "Usage: "), (&french, "Utilisation\u{a0}: ")]
    {
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains(word) && text.contains("--config"), "{text}");
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn a_wrong_command_line_is_explained_and_ends_with_2() {
    let wrong: [(&[&str], &str, &str); 8] = [
        (&["x"], "\"x\" is not a port", "«\u{a0}x\u{a0}» n'est pas un port"),
        (&["65536"], "\"65536\" is not a port", "n'est pas un port"),
        (&["+7"], "\"+7\" is not a port", "n'est pas un port"),
        (&["7777", "x"], "unexpected argument \"x\"", "argument inattendu"),
        (&["--foo"], "unexpected argument \"--foo\"", "argument inattendu"),
        (&["--config"], "--config needs a file", "--config attend un fichier"),
        (&["--log"], "--log needs errors, ", "--log attend errors, "),
        (&["--log", "all"], "--log needs errors, ", "--log attend errors, "),
    ];
    for (words, english, french) in wrong {
        let output = run(&program(), words);
        assert!(errors(&output).contains(english), "{output:?}");
        assert!(errors(&output).contains("--help"), "{output:?}");
        assert_eq!(output.status.code(), Some(2));
        let output = run(&in_french(), words);
        assert!(errors(&output).contains(french), "{output:?}");
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn a_port_that_is_taken_is_said_and_ends_with_1() {
    let taken =
        TcpListener::bind("[::]:0").or_else(|_| TcpListener::bind("0.0.0.0:0"));
    let taken = taken.expect("a port");
    let port = taken.local_addr().expect("a port").port();
    let output = run(&program(), &[&port.to_string()]);
    assert!(errors(&output).contains(&format!("port {port} is in use")));
    assert_eq!(output.status.code(), Some(1));
    let output = run(&in_french(), &[&port.to_string()]);
    assert!(errors(&output).contains(&format!("port {port} est déjà utilisé")));
}

#[test]
fn nobody_needs_to_read_its_log() {
    // A pipe that nobody reads holds 64 KiB: the server must not wait for it.
    let server = program().shell("\"$@\" | sleep 1000").start();
    for _ in 0..1_000 {
        drop(Irc::connect(&server));
    }
    serves(&server);
}
