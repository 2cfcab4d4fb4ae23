//! The log, as much of it as one wants.

use std::fs;

use lab::Server;
use nix::sys::signal::Signal;

use crate::net::{Irc, configured};

const OPERATOR: &str =
    "operator = [{ name = \"root\", password = \"sesame\" }]\n";

/// Somebody comes, becomes operator, and goes.
fn visit(server: &Server) {
    let mut anna = Irc::register(server, "anna");
    let mut bert = Irc::register(server, "bert");
    bert.say("OPER root guess");
    bert.wait_for(" 464 bert ");
    anna.say("OPER root sesame");
    anna.wait_for("MODE anna :+o");
    anna.say("KILL bert :enough");
    bert.wait_for("ERROR ");
    anna.say("QUIT :good\tnight");
    anna.wait_for("ERROR ");
    anna.client.expect_end();
}

/// Ends the server, and gives all that it has said.
fn all(mut server: Server) -> String {
    server.signal(Signal::SIGTERM);
    server.expect_exit();
    server.log().expect_line("the server has ended");
    server.log().text()
}

#[test]
fn events_tell_who_comes_and_goes_and_why_and_what_operators_do() {
    let (program, _) = configured("log", OPERATOR);
    let server = program.start();
    visit(&server);
    let log = all(server);
    for part in [
        "client connected \"",
        "\" => \"anna\"\n",
        "OPER root refused to bert!bert@127.0.0.1\n",
        "anna is now an operator\n",
        "anna has killed bert (enough)\n",
        "client disconnected \"bert\": Killed (anna (enough))\n",
        "client disconnected \"anna\": good\\tnight\n",
    ] {
        assert!(log.contains(part), "{part:?} isn't in\n{log}");
    }
    assert!(!log.contains("OPER root sesame"), "{log}");
    assert!(!log.contains(" 001 anna "), "{log}");
}

#[test]
fn errors_say_nothing_of_clients() {
    let (program, _) = configured("log", OPERATOR);
    let server = program.arg("--log").arg("errors").start();
    visit(&server);
    let log = all(server);
    let lines: Vec<&str> = log.lines().collect();
    assert!(lines[0].starts_with("listening on port "), "{log}");
    assert_eq!(lines[1..], ["the server has ended"], "{log}");
}

#[test]
fn lines_show_every_one_but_no_password() {
    let (program, _) = configured("log", OPERATOR);
    let server = program.arg("--log").arg("lines").start();
    let mut carl = Irc::connect(&server);
    carl.say("PASS secret");
    carl.register_as("carl");
    visit(&server);
    let log = all(server);
    for part in [
        " > PASS ...\n",
        " > NICK carl\n",
        " < :irc.localhost 001 anna :",
        " > OPER ...\n",
        " > QUIT :good\\tnight\n",
        " < ERROR :Closing Link: 127.0.0.1 (Quit: good\\tnight)\n",
    ] {
        assert!(log.contains(part), "{part:?} isn't in\n{log}");
    }
    for secret in ["secret", "sesame", "guess"] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[test]
fn the_file_may_change_it_but_the_option_comes_first() {
    for (option, is_told) in [(None, true), (Some("events"), false)] {
        let (mut program, path) = configured("log", OPERATOR);
        if let Some(level) = option {
            program = program.arg("--log").arg(level);
        }
        let server = program.start();
        let mut anna = Irc::register(&server, "anna");
        fs::write(&path, "log = \"lines\"\n").expect("written");
        server.signal(Signal::SIGHUP);
        server.log().expect_line("The configuration is read again");
        anna.say("PING :aloud");
        anna.wait_for("PONG");
        drop(anna);
        let log = all(server);
        assert_eq!(log.contains(" > PING :aloud\n"), is_told, "{log}");
    }
}
