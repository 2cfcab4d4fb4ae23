//! How a session ends, and how it leaves the terminal.

use nix::sys::signal::Signal;

use crate::server::Played;
use crate::terminal::{Setup, Terminal};

const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";

#[test]
fn the_servers_end_is_told_after_its_last_words() {
    let server = Played::new();
    let mut terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    terminal.keys("MSG hal");
    terminal.expect(&["> MSG hal"]);
    peer.send("[bob] bye\nno newline");
    drop(peer);
    assert_eq!(terminal.expect_exit().code(), Some(0));
    terminal.expect(&[
        "[bob] bye",
        "no newline",
        "> MSG hal",
        "-- the server closed the connection",
        "",
    ]);
}

#[test]
fn nothing_is_left_of_an_empty_prompt() {
    let server = Played::new();
    let mut terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    peer.send("[bob] bye\n");
    drop(peer);
    assert_eq!(terminal.expect_exit().code(), Some(0));
    let end = ["[bob] bye", "-- the server closed the connection", ""];
    terminal.expect(&end);
}

#[test]
fn a_broken_connection_is_an_error() {
    let server = Played::new();
    let mut terminal = Terminal::start(server.port());
    server.accept().reset();
    assert_eq!(terminal.expect_exit().code(), Some(1));
    terminal.expect(&["-- the connection is broken: the server reset it", ""]);
}

#[test]
fn ctrl_d_waits_for_the_last_words() {
    let server = Played::new();
    let mut terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    terminal.keys("QUIT\r");
    terminal.expect(&["> QUIT", ">"]);
    terminal.keys(CTRL_D);
    peer.expect("QUIT\n");
    peer.expect_end();
    let waiting = "-- you send no more; waiting for the server's last words";
    terminal.expect(&["> QUIT", waiting, ""]);
    peer.send("[server] one\n[server] two\n");
    drop(peer);
    assert_eq!(terminal.expect_exit().code(), Some(0));
    terminal.expect(&[
        "> QUIT",
        waiting,
        "[server] one",
        "[server] two",
        "-- the server closed the connection",
        "",
    ]);
}

#[test]
fn a_server_that_stays_silent_is_left() {
    let server = Played::new();
    let mut terminal = Terminal::start(server.port());
    let _peer = server.accept();
    terminal.keys(CTRL_D);
    assert_eq!(terminal.expect_exit().code(), Some(0));
    terminal
        .expect(&["-- the server says nothing more, and doesn't close", ""]);
}

#[test]
fn ctrl_d_in_a_line_does_not_end_it() {
    let server = Played::new();
    let terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    terminal.keys("WHO");
    terminal.keys(CTRL_D);
    terminal.keys("\r");
    peer.expect("WHO\n");
}

#[test]
fn ctrl_c_leaves() {
    for typed in ["", "MSG hal"] {
        let server = Played::new();
        let mut terminal = Terminal::start(server.port());
        let mut peer = server.accept();
        terminal.keys(typed);
        terminal.expect(&[format!("> {typed}").trim_end()]);
        terminal.keys(CTRL_C);
        assert_eq!(terminal.expect_exit().code(), Some(0));
        peer.expect_end();
    }
}

#[test]
fn ctrl_c_leaves_while_waiting_too() {
    let server = Played::new();
    let mut terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    terminal.keys(CTRL_D);
    peer.expect_end();
    terminal.keys(CTRL_C);
    assert_eq!(terminal.expect_exit().code(), Some(0));
}

#[test]
fn signals_leave_the_terminal_as_it_was() {
    let signals = [(Signal::SIGTERM, 143), (Signal::SIGINT, 0)];
    for (signal, status) in signals {
        let server = Played::new();
        let mut terminal = Terminal::start(server.port());
        terminal.keys("MSG hal");
        terminal.expect(&["> MSG hal"]);
        terminal.signal(signal);
        assert_eq!(terminal.expect_exit().code(), Some(status), "{signal}");
    }
}

#[test]
fn a_window_that_closes_ends_it() {
    let server = Played::new();
    let mut terminal = Terminal::start(server.port());
    terminal.hang_up();
    assert_eq!(terminal.expect_exit().code(), Some(129));
}

#[test]
fn the_end_is_told_in_french_too() {
    let server = Played::new();
    let setup = Setup::new().variable("LC_ALL", "fr_FR.UTF-8");
    let mut terminal = setup.start(server.port()).ready();
    drop(server.accept());
    assert_eq!(terminal.expect_exit().code(), Some(0));
    terminal.expect(&["-- le serveur a fermé la connexion", ""]);
}
