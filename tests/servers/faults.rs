//! What a client, the network or the system does wrong concerns nobody else.

use lab::{Client, Program, Server, can_inject};
use nix::sys::signal::Signal;

use crate::descriptors::talk;
use crate::on;
use crate::steps::{Chat, meet, skip};

/// Is the server as good as new? Once it's done with those who left, newcomers are
/// served, and then all is quiet.
#[track_caller]
pub(crate) fn serves(server: &Server, program: &Program) {
    server.expect_idle();
    let is_echo = format!("{program:?}").contains("_echo\"");
    if is_echo {
        let mut client = Client::connect(server);
        client.send("salut\n");
        client.expect("salut\n");
    } else {
        let chat = Chat::of(program);
        let [mut alice, mut bob] = meet(server, chat, ["ada", "ben"]);
        alice.send(chat.say("salut"));
        bob.expect(chat.heard("ada", "salut"));
    }
    server.expect_idle();
}

/// It talks, and vanishes while the server still has something to tell it.
fn a_reset_concerns_one_client(program: &Program) {
    let mut server = program.start();
    for words in ["", "MSG salut\n", "WHO\nWHO\n"] {
        let mut client = Client::connect(&server);
        let name = client.name();
        client.send(words);
        server.log().expect_line(&format!("client connected \"{name}\""));
        client.reset();
        server.log().expect_line(&format!("client disconnected \"{name}\""));
    }
    assert!(server.is_running());
    assert_eq!(server.errors().text(), "");
    serves(&server, program);
}
on!(a_reset_concerns_one_client:
    blocking_echo thread_echo select_echo broadcast_chat command_chat channels
    thread_chat);

/// It was accepted by the system, and is gone before the server calls `accept`.
fn a_client_may_vanish_in_the_queue(program: &Program) {
    let server = program.start();
    server.signal(Signal::SIGSTOP);
    for _ in 0..5 {
        let mut client = Client::connect(&server);
        client.send("salut\n");
        client.reset();
    }
    server.signal(Signal::SIGCONT);
    serves(&server, program);
    assert_eq!(server.errors().text(), "");
}
on!(a_client_may_vanish_in_the_queue:
    blocking_echo thread_echo select_echo broadcast_chat command_chat channels
    thread_chat);

/// The server finds three of five gone in one answer of `select`, each in its way.
fn several_may_leave_in_the_same_turn(program: &Program) {
    let server = program.start();
    let mut clients: Vec<Client> = Vec::new();
    for _ in 0..5 {
        let client = Client::connect(&server);
        let line = format!("client connected \"{}\"", client.name());
        server.log().expect_line(&line);
        clients.push(client);
    }
    let last = clients.pop();
    server.signal(Signal::SIGSTOP);
    let mut gone: Vec<Client> = clients.drain(1..).collect();
    let names: Vec<String> = gone.iter().map(Client::name).collect();
    gone[0].half_close();
    gone.pop().into_iter().for_each(Client::reset);
    drop(gone.pop());
    server.signal(Signal::SIGCONT);
    for name in names {
        server.log().expect_line(&format!("client disconnected \"{name}\""));
    }
    // The first and the last are as they were.
    clients.extend(last);
    talk(program, &mut clients);
    drop(clients);
    serves(&server, program);
}
on!(several_may_leave_in_the_same_turn:
    thread_echo select_echo broadcast_chat command_chat channels thread_chat);

/// The recipients are gone when the message comes, and the server doesn't know yet.
fn a_message_to_the_dead_reaches_the_living(program: &Program) {
    let (server, chat) = (program.start(), Chat::of(program));
    let nicks = ["alice", "bob", "carol", "dave"];
    let [mut alice, bob, carol, mut dave] = meet(&server, chat, nicks);
    server.signal(Signal::SIGSTOP);
    alice.send(chat.say("qui est là ?"));
    bob.reset();
    drop(carol);
    server.signal(Signal::SIGCONT);
    dave.expect(chat.heard("alice", "qui est là ?"));
    if chat != Chat::Broadcast {
        let gone = ["bob", "carol"]
            .map(|nick| format!("[server] client disconnected \"{nick}\""));
        let mut told = [dave.line(), dave.line()];
        told.sort();
        assert_eq!(told, gone);
    }
    serves(&server, program);
}
on!(a_message_to_the_dead_reaches_the_living:
    broadcast_chat command_chat channels thread_chat);

/// System calls that are interrupted, or fail for reasons that pass.
fn what_passes_is_tried_again(program: &Program) {
    if let Err(why) = can_inject() {
        return skip(&why);
    }
    let program = program
        .clone()
        .inject("?select,pselect6:error=EINTR:when=1+2")
        .inject("accept4:error=ECONNABORTED:when=1+3")
        .inject("recvfrom:error=EINTR:when=1+2")
        .inject("sendto:error=EINTR:when=1+2");
    let mut server = program.start();
    serves(&server, &program);
    serves(&server, &program);
    assert!(server.is_running());
    assert!(
        !server.log().text().contains("os error 4)"),
        "{}",
        server.log().text()
    );
    assert_eq!(server.errors().text(), "");
}
on!(what_passes_is_tried_again:
    blocking_echo thread_echo select_echo broadcast_chat command_chat channels
    thread_chat);

/// `select` may be wrong: here it often says at once that everybody is ready, and
/// nothing is there to be read, nobody to be accepted.
fn a_false_alarm_does_not_stop_the_server(program: &Program) {
    if let Err(why) = can_inject() {
        return skip(&why);
    }
    let program = program.clone().inject("?select,pselect6:retval=1:when=2+3");
    let mut server = program.start();
    serves(&server, &program);
    serves(&server, &program);
    assert!(server.is_running());
    assert!(
        !server.log().text().contains("os error 11)"),
        "{}",
        server.log().text()
    );
}
on!(a_false_alarm_does_not_stop_the_server:
    select_echo broadcast_chat command_chat channels);
