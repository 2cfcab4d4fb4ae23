//! How it ends: SIGTERM, DIE, RESTART.

use nix::sys::signal::Signal;

use crate::net::{Irc, configured, program};

#[test]
fn sigterm_tells_everyone_and_ends_it_with_0() {
    let mut server = program().start();
    let mut anna = Irc::register(&server, "anna");
    let mut nobody = Irc::connect(&server);
    nobody.say("PING :x");
    nobody.wait_for("PONG");
    server.signal(Signal::SIGTERM);
    for client in [&mut anna, &mut nobody] {
        let line = client.wait_for("ERROR ");
        assert!(line.contains("(Server ends)"), "{line}");
        client.client.expect_end();
    }
    assert_eq!(server.expect_exit().code(), Some(0));
}

#[test]
fn sigint_too() {
    let mut server = program().start();
    server.signal(Signal::SIGINT);
    assert_eq!(server.expect_exit().code(), Some(0));
}

#[test]
fn one_who_does_not_read_cannot_delay_the_end() {
    // More than the system takes for it waits in the server.
    let config = "[limits]\nsendq = 100_000_000\n";
    let mut server = configured("ending", config).0.start();
    let mut anna = Irc::register(&server, "anna");
    let mut stuck = Irc::connect_with_little_room(&server);
    stuck.register_as("stuck");
    let line = format!("PRIVMSG stuck :{}\r\n", "x".repeat(400));
    for _ in 0..100 {
        anna.client.send(line.repeat(400));
        anna.sync();
    }
    server.signal(Signal::SIGTERM);
    assert_eq!(server.expect_exit().code(), Some(0));
}

const OPERATOR: &str =
    "operator = [{ name = \"root\", password = \"sesame\" }]\n";

#[test]
fn die_ends_it() {
    let mut server = configured("die", OPERATOR).0.start();
    let mut anna = Irc::register(&server, "anna");
    anna.say("DIE");
    anna.wait_for(" 481 ");
    anna.say("OPER root sesame");
    anna.say("DIE");
    anna.wait_for("ERROR ");
    assert_eq!(server.expect_exit().code(), Some(0));
}

#[test]
fn restart_starts_it_anew_on_the_same_port() {
    let server = configured("restart", OPERATOR).0.start();
    let mut anna = Irc::register(&server, "anna");
    anna.say("OPER root sesame");
    anna.say("RESTART");
    let line = anna.wait_for("ERROR ");
    assert!(line.contains("(Server restarts)"), "{line}");
    anna.client.expect_end();
    lab::until(|| server.listens().then_some(())).expect("it listens again");
    Irc::register(&server, "anna");
}
