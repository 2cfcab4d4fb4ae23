//! Steps 04 to 06: what is said is a line, however TCP cuts it.

use lab::{Client, Program};

use crate::on;
use crate::steps::{Chat, meet};

/// The limit that the README and the book tell: 8 KiB.
const LIMIT: usize = 8192;

fn what_one_says_all_the_others_get(program: &Program) {
    let (server, chat) = (program.start(), Chat::of(program));
    let [mut alice, mut bob, mut carol] =
        meet(&server, chat, ["alice", "bob", "carol"]);
    alice.send(chat.say("salut les gens"));
    bob.expect(chat.heard("alice", "salut les gens"));
    carol.expect(chat.heard("alice", "salut les gens"));
    // Were Alice to hear herself, that would come before Bob's answer.
    bob.send(chat.say("  deux  espaces "));
    alice.expect(chat.heard("bob", "  deux  espaces "));
    carol.expect(chat.heard("bob", "  deux  espaces "));
    server.expect_idle();
}
on!(what_one_says_all_the_others_get: broadcast_chat command_chat channels thread_chat);

/// The server has read all that Alice and Bob have sent before this returns: each
/// turn of `select` serves those who came first before Carol, who speaks to Bob.
#[track_caller]
fn let_it_read(chat: Chat, carol: &mut Client, bob: &mut Client) {
    carol.send(chat.say("."));
    bob.expect(chat.heard("carol", "."));
}

fn a_line_in_two_pieces_is_one_line(program: &Program) {
    let (server, chat) = (program.start(), Chat::of(program));
    let [mut alice, mut bob, mut carol] =
        meet(&server, chat, ["alice", "bob", "carol"]);
    let line = chat.say("l'été\u{1f422}");
    for cut in 1..line.len() {
        // Also in the middle of a character.
        let (start, end) = line.as_bytes().split_at(cut);
        alice.send(start);
        let_it_read(chat, &mut carol, &mut bob);
        alice.expect(chat.heard("carol", "."));
        alice.send(end);
        bob.expect(chat.heard("alice", "l'été\u{1f422}"));
        carol.expect(chat.heard("alice", "l'été\u{1f422}"));
    }
}
on!(a_line_in_two_pieces_is_one_line: broadcast_chat command_chat channels thread_chat);

fn lines_in_one_piece_are_several_lines(program: &Program) {
    let (server, chat) = (program.start(), Chat::of(program));
    let [mut alice, mut bob] = meet(&server, chat, ["alice", "bob"]);
    let words = ["un", "deux", "trois"];
    alice.send(words.map(|word| chat.say(word)).concat());
    bob.expect(words.map(|word| chat.heard("alice", word)).concat());
    // Byte by byte, two lines and a half; the other half comes with one more line.
    for byte in
        format!("{}{}{}qua", chat.say("un"), chat.say("deux"), chat.verb())
            .bytes()
    {
        alice.send([byte]);
    }
    alice.send(format!("tre\n{}", chat.say("cinq")));
    bob.expect(
        ["un", "deux", "quatre", "cinq"]
            .map(|word| chat.heard("alice", word))
            .concat(),
    );
}
on!(lines_in_one_piece_are_several_lines:
    broadcast_chat command_chat channels thread_chat);

fn the_end_of_a_line_is_lf_or_cr_lf(program: &Program) {
    let (server, chat) = (program.start(), Chat::of(program));
    let [mut alice, mut bob] = meet(&server, chat, ["alice", "bob"]);
    alice.send(format!("{}telnet\r\n", chat.verb()));
    bob.expect(chat.heard("alice", "telnet"));
    alice.send(format!("{}nc\n", chat.verb()));
    bob.expect(chat.heard("alice", "nc"));
}
on!(the_end_of_a_line_is_lf_or_cr_lf: broadcast_chat command_chat channels thread_chat);

fn bytes_that_are_no_text_are_replaced(program: &Program) {
    let (server, chat) = (program.start(), Chat::of(program));
    let [mut alice, mut bob] = meet(&server, chat, ["alice", "bob"]);
    alice.send([chat.verb().as_bytes(), b"a\xff\xfeb\n"].concat());
    bob.expect(chat.heard("alice", "a\u{fffd}\u{fffd}b"));
    // The first byte of an é, and no second.
    alice.send([chat.verb().as_bytes(), b"\xc3\n"].concat());
    bob.expect(chat.heard("alice", "\u{fffd}"));
}
on!(bytes_that_are_no_text_are_replaced:
    broadcast_chat command_chat channels thread_chat);

fn control_characters_stay_here(program: &Program) {
    let (server, chat) = (program.start(), Chat::of(program));
    let [mut alice, mut bob] = meet(&server, chat, ["alice", "bob"]);
    alice.send(chat.say("\u{1b}[2Ja\tb\0\r\u{7f}\u{9b}c\u{8}"));
    bob.expect(chat.heard("alice", "[2Ja\tbc"));
}
on!(control_characters_stay_here: broadcast_chat command_chat channels thread_chat);

fn the_last_line_needs_no_newline(program: &Program) {
    let (server, chat) = (program.start(), Chat::of(program));
    let [mut alice, mut bob] = meet(&server, chat, ["alice", "bob"]);
    alice.send(chat.say("adieu").trim_end());
    alice.half_close();
    bob.expect(chat.heard("alice", "adieu"));
    if chat != Chat::Broadcast {
        bob.expect("[server] client disconnected \"alice\"\n");
    }
    alice.expect_end();
    server.log().expect_line(&left(&alice, chat, "alice"));
}
on!(the_last_line_needs_no_newline: broadcast_chat command_chat channels thread_chat);

/// The line of the log about a client that left.
fn left(client: &Client, chat: Chat, nick: &str) -> String {
    match chat {
        Chat::Broadcast => format!("client disconnected \"{}\"", client.name()),
        Chat::Commands | Chat::Channels => {
            format!("client disconnected \"{nick}\"")
        }
    }
}

fn a_line_of_8_kib_passes_and_a_longer_one_is_the_end(program: &Program) {
    let (server, chat) = (program.start(), Chat::of(program));
    let [mut bob, mut alice, mut carol] =
        meet(&server, chat, ["bob", "alice", "carol"]);
    let longest = "x".repeat(LIMIT - chat.verb().len());
    for end in ["\n", "\r\n"] {
        alice.send(format!("{}{longest}{end}", chat.verb()));
        bob.expect(chat.heard("alice", &longest));
        carol.expect(chat.heard("alice", &longest));
    }
    // A last word that comes with the line that is too long is not lost.
    let first = chat.say("avant");
    alice.send(format!("{first}{}{longest}x\n", chat.verb()));
    bob.expect(chat.heard("alice", "avant"));
    alice.expect("[server] line too long\n");
    alice.expect_cut();
    // Without an end to wait for.
    carol.expect(chat.heard("alice", "avant"));
    if chat != Chat::Broadcast {
        bob.expect("[server] client disconnected \"alice\"\n");
        carol.expect("[server] client disconnected \"alice\"\n");
    }
    let _ = carol.try_send("y".repeat(20 * LIMIT));
    carol.expect("[server] line too long\n");
    carol.expect_cut();
    server.expect_idle();
}
on!(a_line_of_8_kib_passes_and_a_longer_one_is_the_end:
    broadcast_chat command_chat channels thread_chat);

/// Any bytes at all from some, and a talk among others that doesn't notice.
fn noise_harms_nobody(program: &Program) {
    let (server, chat) = (program.start(), Chat::of(program));
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move || {
        // xorshift: the same noise each time.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut noisy: Vec<Client> =
        (0..4).map(|_| Client::connect(&server)).collect();
    let verbs = [
        "MSG ", "NICK ", "WHO", "KILL ", "JOIN ", "PART", "KICK ", "ADMIN ",
        "LIST",
    ];
    for round in 0..200 {
        let mut bytes: Vec<u8> = Vec::new();
        for _ in 0..random() % 40 {
            match random() % 8 {
                0 => bytes.push(b'\n'),
                1 => bytes.extend(verbs[(random() % 9) as usize].as_bytes()),
                _ => bytes.push(random() as u8),
            }
        }
        let i = round % noisy.len();
        if noisy[i].try_send(&bytes).is_err() {
            noisy[i] = Client::connect(&server);
        }
    }
    drop(noisy);
    let mut server = server;
    assert!(server.is_running(), "{}", server.errors().text());
    server.expect_idle();
    assert_eq!(server.errors().text(), "");
    let [mut alice, mut bob] = meet(&server, chat, ["alice", "bob"]);
    alice.send(chat.say("quel calme"));
    bob.expect(chat.heard("alice", "quel calme"));
}
on!(noise_harms_nobody: broadcast_chat command_chat channels thread_chat);
