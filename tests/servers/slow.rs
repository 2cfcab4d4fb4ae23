//! A client that takes its time, or everybody's.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use lab::{Client, Program, Server, raise_descriptor_limit};
use nix::sys::signal::Signal;

use crate::descriptors::is_accepted;
use crate::faults::serves;
use crate::on;
use crate::steps::{Chat, meet, skip};

/// What 1,000 clients may cost is another matter: here there are five at most.
const MEMORY: usize = 64 << 20;

/// Sends without reading, until the server takes no more: it waits for us now.
fn stuff(server: &Server, client: &mut Client) -> usize {
    let chunk = vec![b'x'; 64 << 10];
    let mut sent = 0;
    loop {
        match client.send_what_goes(&chunk) {
            // Room may come once more while the server works: until it's idle.
            0 => {
                server.expect_idle();
                match client.send_what_goes(&chunk) {
                    0 => return sent,
                    n => sent += n,
                }
            }
            n => sent += n,
        }
        assert!(sent < 1 << 30, "the server keeps all that it can't send");
    }
}

#[track_caller]
fn is_bounded(server: &Server) {
    if let Some(peak) = server.peak_memory() {
        assert!(peak < MEMORY, "{} MiB", peak >> 20);
    }
}

fn an_echo_that_nobody_takes_stops_nobody_else(program: &Program) {
    let server = program.start();
    let mut other = Client::connect(&server);
    let mut stuck = Client::connect(&server);
    let sent = stuff(&server, &mut stuck);
    for i in 0..100 {
        other.send(format!("{i}\n"));
        other.expect(format!("{i}\n"));
    }
    server.expect_idle();
    is_bounded(&server);
    // Late is not lost.
    stuck.half_close();
    stuck.expect(vec![b'x'; sent]);
    stuck.expect_end();
    serves(&server, program);
}
on!(an_echo_that_nobody_takes_stops_nobody_else:
    thread_echo select_echo poll_echo);

fn a_client_may_vanish_while_it_is_written_to(program: &Program) {
    let server = program.start();
    for leave in [Client::reset, drop] {
        let mut stuck = Client::connect(&server);
        stuff(&server, &mut stuck);
        let line = format!("client disconnected \"{}\"", stuck.name());
        leave(stuck);
        server.log().expect_line(&line);
        serves(&server, program);
    }
}
on!(a_client_may_vanish_while_it_is_written_to:
    blocking_echo thread_echo select_echo poll_echo);

/// A word of Alice's that Bob has read: nothing of what was said is still on its way.
#[track_caller]
fn says(chat: Chat, alice: &mut Client, bob: &mut Client, words: &str) {
    alice.send(chat.say(words));
    bob.expect(chat.heard("alice", words));
}

/// Carol never reads. The others talk on at their pace; once a mebibyte waits for her
/// beyond what the sockets hold, she is dropped.
fn who_never_reads_is_dropped(program: &Program) {
    let (server, chat) = (program.start(), Chat::of(program));
    let [mut alice, mut bob, mut carol] =
        meet(&server, chat, ["alice", "bob", "carol"]);
    let name = if chat == Chat::Broadcast {
        carol.name()
    } else {
        "carol".to_string()
    };
    let dropped = format!("client \"{name}\" dropped: it does not read\n");
    let notice = "[server] client disconnected \"carol\"";
    let words = "x".repeat(8000);
    let heard = chat.heard("alice", &words);
    let mut is_told = chat == Chat::Broadcast;
    let mut said = 0;
    while !(is_told && server.log().text().contains(&dropped)) {
        alice.send(chat.say(&words));
        said += 1;
        assert!(said < 10_000, "80 MB wait for somebody");
        let mut line = bob.line();
        if line == notice {
            is_told = true;
            line = bob.line();
        }
        assert_eq!(line, heard.trim_end());
    }
    if chat != Chat::Broadcast {
        alice.send("WHO\n");
        alice.expect(format!("{notice}\n[server] alice bob\n"));
    }
    says(chat, &mut alice, &mut bob, "sans carol");
    is_bounded(&server);
    carol.expect_cut();
    server.log().expect_line(&format!("client disconnected \"{name}\""));
    serves(&server, program);
}
on!(who_never_reads_is_dropped: broadcast_chat command_chat channels thread_chat);

/// Alice, Bob, and Carol who doesn't read and is owed half a mebibyte: more than the
/// sockets hold, less than she'd be dropped for. Gives what she's owed in all.
fn carol_is_owed(server: &Server, chat: Chat) -> ([Client; 3], String) {
    let words = "x".repeat(8000);
    let mut room = Vec::from(meet(server, chat, ["alice", "bob"]));
    let heard = chat.heard("alice", &words);
    // How much do the sockets hold? Dave shows it: a mebibyte more, and he's dropped.
    let dave = Client::connect_with_little_room(server);
    let address = dave.name();
    crate::steps::arrive(&mut room, dave, chat, "dave");
    let name = if chat == Chat::Broadcast { &address } else { "dave" };
    let gone = format!("client disconnected \"{name}\"");
    let notice = format!("[server] {gone}\n");
    let mut is_told = chat == Chat::Broadcast;
    let mut said = 0;
    while !(is_told && room[2].was_reset()) {
        said += 1;
        assert!(said < 10_000, "80 MB wait for somebody");
        room[0].send(chat.say(&words));
        let mut line = room[1].line();
        if line == notice.trim_end() {
            is_told = true;
            line = room[1].line();
        }
        assert_eq!(line, heard.trim_end());
    }
    drop(room.pop());
    if chat != Chat::Broadcast {
        room[0].expect(notice);
    }
    let carol = Client::connect_with_little_room(server);
    crate::steps::arrive(&mut room, carol, chat, "carol");
    let count = said - (1 << 19) / words.len();
    for _ in 0..count {
        room[0].send(chat.say(&words));
        room[1].expect(&heard);
    }
    let clients = room.try_into().unwrap_or_else(|_| panic!("they are three"));
    (clients, heard.repeat(count))
}

fn who_is_owed_something_may_vanish(program: &Program) {
    for leave in [Client::reset, drop] {
        let (server, chat) = (program.start(), Chat::of(program));
        let ([mut alice, mut bob, carol], _) = carol_is_owed(&server, chat);
        let name = if chat == Chat::Broadcast {
            carol.name()
        } else {
            "carol".to_string()
        };
        leave(carol);
        let gone = format!("client disconnected \"{name}\"");
        server.log().expect_line(&gone);
        if chat != Chat::Broadcast {
            alice.expect(format!("[server] {gone}\n"));
            bob.expect(format!("[server] {gone}\n"));
        }
        says(chat, &mut alice, &mut bob, "et sans elle");
        drop((alice, bob));
        serves(&server, program);
    }
}
on!(who_is_owed_something_may_vanish: broadcast_chat command_chat channels thread_chat);

/// Who says no more still reads: what was said before is written, then comes the end.
/// With threads it's out at once; 04 doesn't read from a client until that one reads.
fn who_half_closes_reads_late_what_it_is_owed(program: &Program) {
    let (server, chat) = (program.start(), Chat::of(program));
    let ([mut alice, mut bob, mut carol], owed) = carol_is_owed(&server, chat);
    carol.half_close();
    let gone = format!("client disconnected \"{}\"", carol.name());
    server.log().expect_line(&gone);
    // Nothing is added to it any more.
    says(chat, &mut alice, &mut bob, "et sans elle");
    server.expect_idle();
    carol.expect(owed);
    carol.expect_end();
    drop((alice, bob));
    serves(&server, program);
}
on!(who_half_closes_reads_late_what_it_is_owed: thread_chat);

/// A client that is put out is out at once, and reads all it's owed all the same.
fn who_is_killed_reads_late_what_it_is_owed(program: &Program) {
    let (server, chat) = (program.start(), Chat::of(program));
    let ([mut alice, mut bob, mut carol], owed) = carol_is_owed(&server, chat);
    alice.send("KILL carol dors bien\nWHO\n");
    alice
        .expect("[server] client disconnected \"carol\"\n[server] alice bob\n");
    bob.expect("[server] client disconnected \"carol\"\n");
    // Nothing is added to it any more.
    says(chat, &mut alice, &mut bob, "elle dort");
    server.expect_idle();
    carol.expect(owed);
    carol.expect("[alice] dors bien\n");
    carol.expect_end();
    drop((alice, bob));
    serves(&server, program);
}
on!(who_is_killed_reads_late_what_it_is_owed: command_chat channels);

/// Reads late, loses nothing, as long as the queue holds it.
fn who_reads_late_reads_it_all(program: &Program) {
    let (server, chat) = (program.start(), Chat::of(program));
    let [mut alice, mut bob, mut carol] =
        meet(&server, chat, ["alice", "bob", "carol"]);
    let words = "x".repeat(8000);
    for i in 0..120 {
        says(chat, &mut alice, &mut bob, &format!("{i} {words}"));
    }
    for i in 0..120 {
        carol.expect(chat.heard("alice", &format!("{i} {words}")));
    }
    serves(&server, program);
}
on!(who_reads_late_reads_it_all: broadcast_chat command_chat channels thread_chat);

/// Says that it's over when the test ends, be it by a panic.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// One that never stops talking.
fn a_flood_stops_nobody_else(program: &Program) {
    let server = program.start();
    let is_over = AtomicBool::new(false);
    let mut flooder = Client::connect(&server);
    let mut other = Client::connect(&server);
    thread::scope(|scope| {
        let _over = Over(&is_over);
        let flood = || {
            let bytes = b"x".repeat(16 << 10);
            while !is_over.load(Ordering::Relaxed)
                && flooder.try_send(&bytes).is_ok()
            {
                flooder.expect(&bytes);
            }
        };
        let started = thread::Builder::new().spawn_scoped(scope, flood);
        assert!(started.is_ok(), "no thread for the flood");
        for i in 0..50 {
            other.send(format!("{i}\n"));
            other.expect(format!("{i}\n"));
        }
    });
    drop((flooder, other));
    serves(&server, program);
}
on!(a_flood_stops_nobody_else: thread_echo select_echo);

/// Megabytes wait from Alice, a line from Bob: he has his turn after her first few
/// kilobytes, and Carol hears them in that order.
fn a_flood_leaves_the_others_their_turn(program: &Program) {
    let (server, chat) = (program.start(), Chat::of(program));
    let [mut alice, mut bob, mut carol] =
        meet(&server, chat, ["alice", "bob", "carol"]);
    server.signal(Signal::SIGSTOP);
    let flood = chat.say("moi ! moi ! moi !").repeat(1000);
    let mut sent = 0;
    while sent < 8 << 20 {
        match alice.send_what_goes(flood.as_bytes()) {
            0 => break,
            n => sent += n,
        }
    }
    assert!(sent > 256 << 10, "{sent} bytes are no flood");
    bob.send(chat.say("et moi ?"));
    server.signal(Signal::SIGCONT);
    let mut heard = 0;
    while carol.line() != chat.heard("bob", "et moi ?").trim_end() {
        heard += flood.len() / 1000;
        assert!(heard < 4 << 10, "{heard} bytes of Alice's came first");
    }
    drop((alice, bob, carol));
    serves(&server, program);
}
on!(a_flood_leaves_the_others_their_turn: broadcast_chat command_chat channels);

/// With threads it's the system that gives turns: Bob has his while Alice's flood goes
/// on, however much of it comes first.
fn a_flood_without_end_stops_nobody(program: &Program) {
    let (server, chat) = (program.start(), Chat::of(program));
    let [mut alice, mut bob, mut carol] =
        meet(&server, chat, ["alice", "bob", "carol"]);
    let is_over = AtomicBool::new(false);
    let flood = chat.say("moi ! moi ! moi !").repeat(100);
    thread::scope(|scope| {
        let _over = Over(&is_over);
        let talk = || {
            while !is_over.load(Ordering::Relaxed) {
                if alice.try_send(&flood).is_err() {
                    break;
                }
            }
        };
        let started = thread::Builder::new().spawn_scoped(scope, talk);
        assert!(started.is_ok(), "no thread for the flood");
        let heard = chat.heard("alice", "moi ! moi ! moi !");
        assert_eq!(carol.line(), heard.trim_end());
        for words in ["et moi ?", "encore moi"] {
            bob.send(chat.say(words));
            while carol.line() != chat.heard("bob", words).trim_end() {}
        }
    });
    is_bounded(&server);
    drop((alice, bob, carol));
    serves(&server, program);
}
on!(a_flood_without_end_stops_nobody: thread_chat);

/// Of two hundred, twenty never read and twenty vanish in the middle of something. The
/// others hear everything that all the others say, in order.
fn the_crowd_does_not_notice(program: &Program) {
    const TALKERS: usize = 160;
    const ROUNDS: usize = 2;
    const LINES: usize = 3;
    if let Err(why) = raise_descriptor_limit(4096) {
        return skip(&why);
    }
    let server = program.start();
    let deaf: Vec<Client> =
        (0..20).map(|_| Client::connect_with_little_room(&server)).collect();
    let all_are_in = |clients: &[Client]| {
        clients.iter().for_each(|client| is_accepted(&server, client));
    };
    all_are_in(&deaf);
    // As much as their sockets hold, and more: from here on the server holds the rest.
    let [mut alice, mut bob] =
        meet(&server, Chat::of(program), ["alice", "bob"]);
    let words = "x".repeat(8000) + "\n";
    for _ in 0..400 {
        alice.send(&words);
        bob.expect(&words);
    }
    drop((alice, bob));
    let mut clients: Vec<Client> = Vec::new();
    let mut vanishing: Vec<Client> = Vec::new();
    for i in 0..TALKERS + 20 {
        let client = Client::connect(&server);
        let list = if i % 9 == 0 { &mut vanishing } else { &mut clients };
        list.push(client);
    }
    assert_eq!((clients.len(), vanishing.len()), (TALKERS, 20));
    all_are_in(&clients);
    all_are_in(&vanishing);
    // xorshift: the same moments each time.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let padding = "x".repeat(400);
    let line = |who: usize, number: usize| format!("{who} {number} {padding}");
    // A few speak, and all read: what nobody reads makes the kernel wait and try again.
    const FEW: usize = 20;
    for turn in 0..ROUNDS * TALKERS / FEW {
        let (round, first) = (turn * FEW / TALKERS, turn * FEW % TALKERS);
        let few = clients.iter_mut().enumerate().skip(first).take(FEW);
        for (i, client) in few {
            let lines = (0..LINES).map(|n| line(i, round * LINES + n) + "\n");
            client.send(lines.collect::<String>());
            if random(16) == 0
                && let Some(mut leaver) = vanishing.pop()
            {
                leaver.send("a line without an e");
                leaver.reset();
            }
        }
        for (i, client) in clients.iter_mut().enumerate() {
            let mut next = vec![round * LINES; TALKERS];
            let speaks = usize::from((first..first + FEW).contains(&i));
            for _ in 0..(FEW - speaks) * LINES {
                let heard = client.line();
                let who = heard.split(' ').next().unwrap_or_default();
                let who: usize = who.parse().unwrap_or(i);
                assert_ne!(who, i, "{heard}");
                assert_eq!(heard, line(who, next[who]), "client {i}");
                next[who] += 1;
            }
        }
    }
    drop((deaf, clients, vanishing));
    serves(&server, program);
    assert_eq!(server.errors().text(), "");
}
on!(the_crowd_does_not_notice: broadcast_chat thread_chat);
