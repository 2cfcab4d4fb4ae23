//! With the servers of the course.

use lab::Client;

use crate::server::solution;
use crate::terminal::Terminal;

#[test]
fn echoes_come_back() {
    for name in ["01_blocking_echo", "02_thread_echo", "03_select_echo"] {
        let server = solution(name);
        let mut terminal = Terminal::start(server.port());
        terminal.keys("salut\r");
        terminal.expect(&["> salut", "salut", ">"]);
        terminal.keys("\x04");
        assert_eq!(terminal.expect_exit().code(), Some(0), "{name}");
    }
}

#[test]
fn two_clients_and_another_program_chat() {
    let server = solution("05_command_chat");
    let alice = Terminal::start(server.port());
    let mut bob = Terminal::start(server.port());
    let mut carol = Client::connect(&server);
    // Else one may miss what another says first.
    alice.wait("the others", |shown| {
        let came = |row: &&String| row.contains("client connected");
        shown.rows.iter().filter(came).count() == 2
    });
    alice.keys("NICK alice\r");
    bob.keys("NICK bob\r");
    carol.send("NICK carol\n");
    for terminal in [&alice, &bob] {
        terminal.wait("the nicks", |shown| {
            let mut nicks = ["alice", "bob", "carol"].iter();
            nicks.all(|nick| shown.ends_a_row(&format!("=> \"{nick}\"")))
        });
    }
    bob.keys("MSG I am typ");
    bob.expect(&["> MSG I am typ"]);
    alice.keys("MSG hello\r");
    bob.expect(&["[alice] hello", "> MSG I am typ"]);
    carol.send("MSG me too\n");
    bob.expect(&["[alice] hello", "[carol] me too", "> MSG I am typ"]);
    bob.keys("ing\r");
    alice.expect(&["[carol] me too", "[bob] I am typing", ">"]);
    alice.keys("KILL b\t\r");
    assert_eq!(bob.expect_exit().code(), Some(0));
    bob.expect(&["-- the server closed the connection", ""]);
}

#[test]
fn channels_are_completed_as_the_server_names_them() {
    let server = solution("06_channels");
    let alice = Terminal::start(server.port());
    let mut bob = Client::connect(&server);
    bob.send("JOIN rust\n");
    // Her own arrival may come after his.
    while !bob.line().contains("joined") {}
    alice.keys("LIST\r");
    alice.expect(&["[server] rust", ">"]);
    alice.keys("JOIN r\t\r");
    alice.wait("being there", |shown| shown.ends_a_row("joined \"rust\""));
}
