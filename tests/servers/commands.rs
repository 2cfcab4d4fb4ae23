//! Step 05, and what step 06 keeps of it: each sentence of the wire.

use lab::{Client, Family, Program, Server};

use crate::on;
use crate::steps::{self, Chat, meet};

fn connected(who: &str) -> String {
    format!("[server] client connected \"{who}\"\n")
}

fn disconnected(who: &str) -> String {
    format!("[server] client disconnected \"{who}\"\n")
}

fn renamed(from: &str, to: &str) -> String {
    format!("[server] client \"{from}\" => \"{to}\"\n")
}

/// A client who has been accepted, as its own WHO shows.
#[track_caller]
fn enter(server: &Server, family: Family) -> Client {
    let mut client = Client::connect_by(server, family);
    client.send("WHO\n");
    assert!(client.line().ends_with(&client.name()));
    client
}

/// An evening of three, told line by line: who reads what, and nothing else.
#[test]
fn alice_bob_and_carol_spend_an_evening() {
    let server = steps::command_chat().start();
    let mut alice = enter(&server, Family::V4);
    let mut bob = enter(&server, Family::V4);
    let mut carol = enter(&server, Family::V6);
    let (a, b, c) = (alice.name(), bob.name(), carol.name());
    alice.send("NICK alice\n");
    alice.expect([connected(&b), connected(&c), renamed(&a, "alice")].concat());
    bob.expect([connected(&c), renamed(&a, "alice")].concat());
    carol.expect(renamed(&a, "alice"));
    bob.send("NICK bob\n");
    carol.expect(renamed(&b, "bob"));
    carol.send("NICK carol\n");
    for client in [&mut alice, &mut bob] {
        client.expect([renamed(&b, "bob"), renamed(&c, "carol")].concat());
    }
    carol.expect(renamed(&c, "carol"));
    carol.send("WHO\n");
    carol.expect("[server] alice bob carol\n");
    carol.send("MSG good evening\n");
    alice.expect("[carol] good evening\n");
    bob.expect("[carol] good evening\n");
    alice.send("QUIT sleep well\n");
    alice.expect_end();
    for client in [&mut bob, &mut carol] {
        client.expect(format!("[alice] sleep well\n{}", disconnected("alice")));
    }
    carol.send("KILL bob the bar is closed\n");
    bob.expect("[carol] the bar is closed\n");
    bob.expect_end();
    carol.expect(disconnected("bob"));
    carol.send("QUIT\n");
    carol.expect_end();
    server.log().expect_line("client disconnected \"carol\"");
    let port = server.port();
    let expected = [
        format!("listening on port {port}; try: nc localhost {port}"),
        format!("client connected \"{a}\""),
        format!("client connected \"{b}\""),
        format!("client connected \"{c}\""),
        format!("client \"{a}\" => \"alice\""),
        format!("client \"{b}\" => \"bob\""),
        format!("client \"{c}\" => \"carol\""),
        "client disconnected \"alice\"".to_string(),
        "client disconnected \"bob\"".to_string(),
        "client disconnected \"carol\"".to_string(),
    ];
    assert_eq!(server.log().text().lines().collect::<Vec<_>>(), expected);
    assert!(a.starts_with("::ffff:127.0.0.1:") && c.starts_with("::1:"));
    server.expect_idle();
}

fn commands_are_taken_in_any_case_and_empty_lines_ignored(program: &Program) {
    let server = program.start();
    let [mut alice, mut bob] =
        meet(&server, Chat::of(program), ["alice", "bob"]);
    alice.send("\n\r\n   \nwho\nWho\nnick al\n");
    alice.expect("[server] alice bob\n[server] alice bob\n");
    alice.expect(renamed("alice", "al"));
    bob.expect(renamed("alice", "al"));
}
on!(commands_are_taken_in_any_case_and_empty_lines_ignored: command_chat channels);

fn what_makes_no_sense_is_told_to_its_sender_alone(program: &Program) {
    let server = program.start();
    let [mut alice, mut bob] =
        meet(&server, Chat::of(program), ["alice", "bob"]);
    for line in ["FROB", "FROB with words", "MSGhello", "/quit", "\u{fffd}"] {
        alice.send(format!("{line}\n"));
        alice.expect("[server] invalid command\n");
    }
    for line in
        ["MSG", "MSG ", "NICK", "NICK ", "KILL", "KILL ", "KILL nobody x"]
    {
        alice.send(format!("{line}\n"));
        assert!(alice.line().starts_with("[server] "), "{line}");
    }
    bob.send("WHO\n");
    bob.expect("[server] alice bob\n");
}
on!(what_makes_no_sense_is_told_to_its_sender_alone: command_chat channels);

fn who_is_in_order_of_connection_and_for_its_sender(program: &Program) {
    let server = program.start();
    let nicks = ["marc", "zoe", "alice"];
    let [mut marc, zoe, mut alice] = meet(&server, Chat::of(program), nicks);
    alice.send("WHO\n");
    alice.expect("[server] marc zoe alice\n");
    drop(zoe);
    alice.expect(disconnected("zoe"));
    marc.expect(disconnected("zoe"));
    let paul = enter(&server, Family::V4);
    marc.expect(connected(&paul.name()));
    marc.send("WHO\n");
    marc.expect(format!("[server] marc alice {}\n", paul.name()));
}
on!(who_is_in_order_of_connection_and_for_its_sender: command_chat channels);

fn a_nick_is_one_word_that_is_nobody_elses(program: &Program) {
    let server = program.start();
    let [mut alice, mut bob] =
        meet(&server, Chat::of(program), ["alice", "bob"]);
    let paul = enter(&server, Family::V4);
    let (long, longest) = ("x".repeat(33), "x".repeat(32));
    // 17 letters, and 34 bytes.
    let accents = "é".repeat(17);
    alice.expect(connected(&paul.name()));
    let name = paul.name();
    let (ip, port) = name.rsplit_once(':').unwrap_or_default();
    let bracketed = format!("[{ip}]:{port}");
    for nick in [
        &bracketed,
        "bob",
        "server",
        "two words",
        "tab\tbed",
        &long,
        &accents,
        &paul.name(),
    ] {
        alice.send(format!("NICK {nick}\n"));
        let answer = alice.line();
        assert!(answer.starts_with("[server] "), "{nick}: {answer}");
        assert!(!answer.contains("=>"), "{nick}: {answer}");
    }
    alice.send("WHO\n");
    alice.expect(format!("[server] alice bob {}\n", paul.name()));
    // Refused to one, told to nobody else; and the longest is not too long.
    alice.send(format!("NICK {longest}\r\n"));
    alice.expect(renamed("alice", &longest));
    bob.expect([connected(&paul.name()), renamed("alice", &longest)].concat());
    // What somebody gave up is free, and one's own address is one's own.
    bob.send("NICK alice\n");
    bob.expect(renamed("bob", "alice"));
    bob.send(format!("NICK {}\n", bob.name()));
    bob.expect(renamed("alice", &bob.name()));
}
on!(a_nick_is_one_word_that_is_nobody_elses: command_chat channels);

/// Control characters never reach the nick; the line that is left counts.
#[test]
fn a_nick_has_no_control_character() {
    let server = steps::command_chat().start();
    let [mut alice] = meet(&server, Chat::Commands, ["alice"]);
    alice.send("NICK a\u{1b}[2Jl\n");
    alice.expect(renamed("alice", "a[2Jl"));
}

/// Whatever way a client leaves, the others get one notice, and it's gone from WHO.
fn a_departure_is_told_once(program: &Program) {
    let server = program.start();
    type Leave = fn(Client);
    let ways: [(&str, Leave); 5] = [
        ("closes", drop),
        ("resets", Client::reset),
        ("half-closes", |mut client| {
            client.half_close();
            client.expect_end();
        }),
        ("quits", |mut client| {
            // What follows QUIT isn't executed any more.
            client.send("QUIT\nNICK ghost\n");
            client.expect_end();
        }),
        ("quits and closes", |mut client| {
            client.send("QUIT\n");
            client.half_close();
            client.expect_end();
        }),
    ];
    let mut room =
        Vec::from(meet(&server, Chat::of(program), ["alice", "bob"]));
    for (way, leave) in ways {
        let client = Client::connect(&server);
        steps::arrive(&mut room, client, Chat::of(program), "carol");
        leave(room.remove(2));
        for client in &mut room {
            client.expect(disconnected("carol"));
            client.send("WHO\n");
            assert_eq!(client.line(), "[server] alice bob", "{way}");
        }
    }
    server.expect_idle();
}
on!(a_departure_is_told_once: command_chat channels);

fn quit_says_goodbye_when_there_is_one(program: &Program) {
    let server = program.start();
    let nicks = ["carol", "bob", "alice"];
    let [mut carol, mut bob, mut alice] =
        meet(&server, Chat::of(program), nicks);
    alice.send("QUIT à demain\n");
    alice.expect_end();
    for client in [&mut bob, &mut carol] {
        client.expect(format!("[alice] à demain\n{}", disconnected("alice")));
    }
    bob.send("QUIT\n");
    bob.expect_end();
    carol.expect(disconnected("bob"));
}
on!(quit_says_goodbye_when_there_is_one: command_chat channels);

fn kill_tells_its_victim_why_and_closes(program: &Program) {
    let server = program.start();
    let nicks = ["carol", "bob", "alice"];
    let [mut carol, mut bob, mut alice] =
        meet(&server, Chat::of(program), nicks);
    carol.send("KILL alice  du balai !\n");
    alice.expect("[carol]  du balai !\n");
    alice.expect_end();
    bob.expect(disconnected("alice"));
    carol.expect(disconnected("alice"));
    // Without a message; and by the address, where there is no nick yet.
    carol.send("KILL bob\n");
    bob.expect_end();
    carol.expect(disconnected("bob"));
    let mut paul = enter(&server, Family::V6);
    carol.expect(connected(&paul.name()));
    carol.send(format!("kill {} out\n", paul.name()));
    paul.expect("[carol] out\n");
    paul.expect_end();
    carol.expect(disconnected(&paul.name()));
    carol.send("KILL alice\nWHO\n");
    carol.expect("[server] nobody here is \"alice\"\n[server] carol\n");
    // Oneself too.
    carol.send("KILL carol enough\n");
    carol.expect("[carol] enough\n");
    carol.expect_end();
    server.log().expect_line("client disconnected \"carol\"");
}
on!(kill_tells_its_victim_why_and_closes: command_chat channels);

/// What the victim has sent and nobody has read must not cost it its last line.
fn a_victim_that_talks_reads_why(program: &Program) {
    let server = program.start();
    for _ in 0..20 {
        let [mut carol, mut bob] =
            meet(&server, Chat::of(program), ["carol", "bob"]);
        server.signal(nix::sys::signal::Signal::SIGSTOP);
        carol.send("KILL bob out!\n");
        bob.send("WHO\n".repeat(5000));
        server.signal(nix::sys::signal::Signal::SIGCONT);
        bob.expect("[carol] out!\n");
        bob.expect_end();
        carol.expect(disconnected("bob"));
        carol.send("QUIT\n");
        carol.expect_end();
    }
}
on!(a_victim_that_talks_reads_why: command_chat channels);

fn an_administrator_keeps_kill(program: &Program) {
    let server = program.clone().arg("--admin").arg("sesame").start();
    let [mut alice, mut bob] =
        meet(&server, Chat::of(program), ["alice", "bob"]);
    alice.send("KILL bob\nADMIN\nADMIN open\nKILL bob\n");
    for _ in 0..4 {
        assert!(alice.line().starts_with("[server] "));
    }
    bob.send("WHO\n");
    bob.expect("[server] alice bob\n");
    alice.send("ADMIN sesame\nKILL bob out\n");
    alice.expect("[server] you are the administrator\n");
    bob.expect("[alice] out\n");
    bob.expect_end();
    alice.expect(disconnected("bob"));
    // It's this client, and not its nick, that has the right.
    alice.send("NICK boss\nQUIT\n");
    alice.expect(renamed("alice", "boss"));
    alice.expect_end();
    let [mut boss, mut bob] = meet(&server, Chat::of(program), ["boss", "bob"]);
    boss.send("KILL bob\n");
    boss.expect("[server] KILL is for the administrator\n");
    bob.send("WHO\n");
    bob.expect("[server] boss bob\n");
}
on!(an_administrator_keeps_kill: command_chat channels);

#[test]
fn without_a_password_anyone_may_kill() {
    let server = steps::command_chat().start();
    let [mut alice] = meet(&server, Chat::Commands, ["alice"]);
    alice.send("ADMIN sesame\n");
    alice.expect("[server] no need of ADMIN here: anyone may KILL\n");
}

/// `printf 'WHO' | nc -N localhost 7777`.
fn a_question_before_the_half_close_is_answered(program: &Program) {
    let server = program.start();
    for question in ["WHO", "WHO\n", "WHO\r\n"] {
        let mut client = Client::connect(&server);
        client.send(question);
        client.half_close();
        client.expect(format!("[server] {}\n", client.name()));
        client.expect_end();
    }
    // Also when the answers fill more than the sockets hold.
    let mut client = Client::connect(&server);
    client.send("WHO\n".repeat(100_000));
    client.half_close();
    client.expect(format!("[server] {}\n", client.name()).repeat(100_000));
    client.expect_end();
    server.expect_idle();
}
on!(a_question_before_the_half_close_is_answered: command_chat channels);
