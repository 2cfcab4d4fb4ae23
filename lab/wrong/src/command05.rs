//! Step 05, a chat with commands: MSG, NICK, WHO, QUIT, KILL.

use std::io::{self, ErrorKind};
use std::mem;
use std::net::TcpStream;

use crate::chat::{Chat, Room, cut_lines, serve};
use crate::net::recv;
use crate::{Wrong, log, wrong};

pub(crate) const SERVERS: &[Wrong] = &[
    wrong(
        "05a_segment_is_command",
        "05a",
        "takes what one recv brings for one command",
        |port| serve(port, SegmentIsCommand),
    ),
    wrong(
        "05b_half_line_is_command",
        "05b",
        "cuts each segment at newlines, and takes half a line for a command",
        |port| serve(port, HalfLineIsCommand),
    ),
    wrong(
        "05b_half_line_is_lost",
        "05b",
        "cuts each segment at newlines, and forgets half a line",
        |port| serve(port, HalfLineIsLost),
    ),
    wrong(
        "05c_one_line_a_turn",
        "05c",
        "executes one line a recv: the others wait for the next segment",
        |port| serve(port, OneLineATurn),
    ),
    wrong(
        "05c_rest_is_lost",
        "05c",
        "keeps half a line, but one line a recv: it forgets the others",
        |port| serve(port, RestIsLost),
    ),
    wrong(
        "05d_newline_kept",
        "05d",
        "leaves the newline at the end of the argument",
        |port| serve(port, NewlineKept),
    ),
    wrong(
        "05d_cr_kept",
        "05d",
        "leaves telnet's carriage return at the end of the argument",
        |port| serve(port, CrKept),
    ),
    wrong(
        "05e_second_word",
        "05e",
        "cuts at every space, and takes the second word for the argument",
        |port| serve(port, SecondWord),
    ),
    wrong(
        "05e_spaces_lost",
        "05e",
        "cuts at every space and joins the words again by one",
        |port| serve(port, SpacesLost),
    ),
    wrong(
        "05f_decodes_segments",
        "05f",
        "decodes what one recv brings, then cuts lines",
        |port| serve(port, DecodesSegments),
    ),
    wrong(
        "05g_index_panics",
        "05g",
        "takes the argument by index: NICK alone makes it panic",
        |port| serve(port, IndexPanics),
    ),
    wrong(
        "05g_empty_line_panics",
        "05g",
        "unwraps the first word: an empty line makes it panic",
        |port| serve(port, EmptyLinePanics),
    ),
    wrong(
        "05g_kill_without_message_panics",
        "05g",
        "takes for granted that KILL comes with a message",
        |port| serve(port, KillWithoutMessagePanics),
    ),
    wrong(
        "05h_unknown_relayed",
        "05h",
        "relays an unknown command as a message",
        |port| serve(port, UnknownRelayed),
    ),
    wrong(
        "05h_unknown_cuts",
        "05h",
        "closes a client that sends an unknown command",
        |port| serve(port, UnknownCuts),
    ),
    wrong(
        "05i_renames_newest",
        "05i",
        "renames the newest client, whoever sends NICK",
        |port| serve(port, RenamesNewest),
    ),
    wrong(
        "05i_renames_first",
        "05i",
        "renames the first client, whoever sends NICK",
        |port| serve(port, RenamesFirst),
    ),
    wrong(
        "05j_duplicate",
        "05j",
        "lets two clients have the same nick",
        |port| serve(port, Duplicate),
    ),
    wrong("05j_empty", "05j", "lets a client have an empty nick", |port| {
        serve(port, Empty)
    }),
    wrong("05k_who_to_all", "05k", "answers WHO to everybody", |port| {
        serve(port, WhoToAll)
    }),
    wrong(
        "05k_no_nick",
        "05k",
        "relays messages without their sender's nick",
        |port| serve(port, NoNick),
    ),
    wrong(
        "05k_address_for_nick",
        "05k",
        "relays messages with their sender's address, also after NICK",
        |port| serve(port, AddressForNick),
    ),
    wrong(
        "05k_receivers_nick",
        "05k",
        "relays messages with the nick of the receiver",
        |port| serve(port, ReceiversNick),
    ),
    wrong(
        "05k_notice_too_late",
        "05k-late",
        "changes a nick, and then makes the notice with the old one",
        |port| serve(port, NoticeTooLate),
    ),
    wrong("05k_no_arrival", "05k", "doesn't announce arrivals", |port| {
        serve(port, NoArrival)
    }),
    wrong("05k_no_departure", "05k", "doesn't announce departures", |port| {
        serve(port, NoDeparture)
    }),
    wrong(
        "05k_departure_by_address",
        "05k",
        "announces departures by address, also after NICK",
        |port| serve(port, DepartureByAddress),
    ),
    wrong(
        "05l_getpeername",
        "05l",
        "asks for a client's address when it leaves, and unwraps",
        |port| serve(port, Getpeername),
    ),
    wrong(
        "05m_quit_silent",
        "05m",
        "doesn't pass the words of QUIT on",
        |port| serve(port, QuitSilent),
    ),
    wrong(
        "05m_quit_leaves_open",
        "05m",
        "forgets the client that quits, but never closes its socket",
        |port| serve(port, QuitLeavesOpen::default()),
    ),
    wrong(
        "05m_quit_stays_in_who",
        "05m",
        "closes the client that quits, but leaves its nick in the table",
        |port| serve(port, QuitStaysInWho::default()),
    ),
    wrong(
        "05m_quit_announced_twice",
        "05m",
        "announces a departure at QUIT, and again when the socket closes",
        |port| serve(port, QuitAnnouncedTwice),
    ),
    wrong(
        "05m_commands_after_quit",
        "05m",
        "still executes the lines that follow QUIT in the same segment",
        |port| serve(port, CommandsAfterQuit),
    ),
    wrong(
        "05n_unknown_nick_panics",
        "05n",
        "unwraps the search for KILL's victim",
        |port| serve(port, UnknownNickPanics),
    ),
    wrong(
        "05o_kills_the_killer",
        "05o",
        "closes the client that sends KILL instead of its victim",
        |port| serve(port, KillsTheKiller),
    ),
    wrong(
        "05o_only_talks",
        "05o",
        "sends KILL's message, and closes nobody",
        |port| serve(port, OnlyTalks),
    ),
    wrong(
        "05o_no_goodbye",
        "05o",
        "closes KILL's victim without a word",
        |port| serve(port, NoGoodbye),
    ),
    wrong(
        "05o_message_to_killer",
        "05o",
        "sends KILL's message to the killer, and closes the victim",
        |port| serve(port, MessageToKiller),
    ),
    wrong(
        "05p_gone_before_answered",
        "05p",
        "reads all there is, and drops it if the client has half closed",
        |port| serve(port, GoneBeforeAnswered),
    ),
    wrong(
        "05p_last_line_lost",
        "05p",
        "forgets a last line that has no newline",
        |port| serve(port, LastLineLost),
    ),
    wrong(
        "05_01k_decodes_or_dies",
        "01k",
        "decodes lines as UTF-8 and unwraps",
        |port| serve(port, DecodesOrDies),
    ),
    wrong(
        "05_01k_decodes_or_closes",
        "01k",
        "closes a client whose line is not UTF-8",
        |port| serve(port, DecodesOrCloses),
    ),
    wrong("right_05", "-", "is right", |port| serve(port, Right)),
];

struct Right;

impl Chat for Right {}

/// The text of a line, or of several.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end().to_string()
}

struct SegmentIsCommand;

impl Chat for SegmentIsCommand {
    fn lines(&self, _: &mut Vec<u8>, bytes: &[u8]) -> Vec<Vec<u8>> {
        vec![bytes.to_vec()]
    }
    fn decode(&self, segment: &[u8]) -> Option<String> {
        Some(text(segment))
    }
}

struct HalfLineIsCommand;

impl Chat for HalfLineIsCommand {
    fn lines(&self, _: &mut Vec<u8>, bytes: &[u8]) -> Vec<Vec<u8>> {
        bytes.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect()
    }
}

struct HalfLineIsLost;

impl Chat for HalfLineIsLost {
    fn lines(&self, _: &mut Vec<u8>, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut lines: Vec<_> =
            bytes.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
        lines.pop();
        lines
    }
}

struct OneLineATurn;

impl Chat for OneLineATurn {
    fn lines(&self, input: &mut Vec<u8>, bytes: &[u8]) -> Vec<Vec<u8>> {
        input.extend_from_slice(bytes);
        match input.iter().position(|&byte| byte == b'\n') {
            Some(end) => vec![input.drain(..=end).collect()],
            None => Vec::new(),
        }
    }
}

struct RestIsLost;

impl Chat for RestIsLost {
    fn lines(&self, input: &mut Vec<u8>, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut lines = cut_lines(input, bytes);
        if !lines.is_empty() {
            input.clear();
        }
        lines.truncate(1);
        lines
    }
}

struct NewlineKept;

impl Chat for NewlineKept {
    fn decode(&self, line: &[u8]) -> Option<String> {
        Some(String::from_utf8_lossy(line).into_owned())
    }
}

struct CrKept;

impl Chat for CrKept {
    fn decode(&self, line: &[u8]) -> Option<String> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        Some(String::from_utf8_lossy(line).into_owned())
    }
}

struct SecondWord;

impl Chat for SecondWord {
    fn execute(&mut self, room: &mut Room, me: usize, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["KILL", nick, message, ..] => self.kill(room, me, nick, message),
            [command, argument, ..] => {
                self.command(room, me, command, argument);
            }
            [""] | [] => {}
            [command] => self.command(room, me, command, ""),
        }
    }
}

struct SpacesLost;

impl Chat for SpacesLost {
    fn execute(&mut self, room: &mut Room, me: usize, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [command, arguments @ ..] = &words[..] {
            self.command(room, me, command, &arguments.join(" "));
        }
    }
}

struct DecodesSegments;

impl Chat for DecodesSegments {
    fn lines(&self, input: &mut Vec<u8>, bytes: &[u8]) -> Vec<Vec<u8>> {
        cut_lines(input, String::from_utf8_lossy(bytes).as_bytes())
    }
}

struct IndexPanics;

impl Chat for IndexPanics {
    fn execute(&mut self, room: &mut Room, me: usize, line: &str) {
        let words: Vec<&str> = line.splitn(2, ' ').collect();
        match words[0] {
            "" => {}
            "WHO" => self.who(room, me),
            "QUIT" => self.quit(room, me, words.get(1).unwrap_or(&"")),
            "MSG" | "NICK" | "KILL" => {
                self.command(room, me, words[0], words[1]);
            }
            _ => self.unknown(room, me, line),
        }
    }
}

struct EmptyLinePanics;

impl Chat for EmptyLinePanics {
    fn execute(&mut self, room: &mut Room, me: usize, line: &str) {
        let command = line.split_whitespace().next().unwrap();
        let argument = line.split_once(' ').map_or("", |(_, it)| it);
        self.command(room, me, command, argument);
    }
}

struct KillWithoutMessagePanics;

impl Chat for KillWithoutMessagePanics {
    fn command(&mut self, room: &mut Room, me: usize, name: &str, rest: &str) {
        match name {
            "MSG" => self.msg(room, me, rest),
            "NICK" => self.nick(room, me, rest),
            "WHO" => self.who(room, me),
            "QUIT" => self.quit(room, me, rest),
            "KILL" => {
                let (nick, message) = rest.split_once(' ').unwrap();
                self.kill(room, me, nick, message);
            }
            _ => self.unknown(room, me, name),
        }
    }
}

struct UnknownRelayed;

impl Chat for UnknownRelayed {
    fn unknown(&mut self, room: &mut Room, me: usize, line: &str) {
        self.msg(room, me, line);
    }
}

struct UnknownCuts;

impl Chat for UnknownCuts {
    fn unknown(&mut self, room: &mut Room, me: usize, _: &str) {
        room.send(me, "[server] invalid command");
        self.close(room, me);
    }
}

/// Renames `who`, and tells everybody.
fn rename(room: &mut Room, who: usize, nick: &str) {
    let old = mem::replace(&mut room.clients[who].nick, nick.to_string());
    for i in 0..room.clients.len() {
        room.send(i, &format!("[server] client \"{old}\" => \"{nick}\""));
    }
}

struct RenamesNewest;

impl Chat for RenamesNewest {
    fn rename(&mut self, room: &mut Room, _: usize, nick: &str) {
        let newest = room.clients.len() - 1;
        rename(room, newest, nick);
    }
}

struct RenamesFirst;

impl Chat for RenamesFirst {
    fn rename(&mut self, room: &mut Room, _: usize, nick: &str) {
        rename(room, 0, nick);
    }
}

struct Duplicate;

impl Chat for Duplicate {
    fn check_nick(&self, _: &Room, _: usize, nick: &str) -> Result<(), String> {
        let is_word = !nick.is_empty() && !nick.contains(' ');
        is_word.then_some(()).ok_or("a nick is one word".to_string())
    }
}

struct Empty;

impl Chat for Empty {
    fn nick(&mut self, room: &mut Room, me: usize, nick: &str) {
        match room.find(nick) {
            Some(_) => room.send(me, "[server] this nick is taken"),
            None => self.rename(room, me, nick),
        }
    }
}

struct WhoToAll;

impl Chat for WhoToAll {
    fn who(&mut self, room: &mut Room, me: usize) {
        let list = room.nicks().join(" ");
        room.notify_others(me, &list);
        room.send(me, &format!("[server] {list}"));
    }
}

struct NoNick;

impl Chat for NoNick {
    fn msg(&mut self, room: &mut Room, me: usize, text: &str) {
        self.relay(room, me, text);
    }
}

struct AddressForNick;

impl Chat for AddressForNick {
    fn msg(&mut self, room: &mut Room, me: usize, text: &str) {
        let line = format!("[{}] {text}", room.clients[me].address);
        self.relay(room, me, &line);
    }
}

struct ReceiversNick;

impl Chat for ReceiversNick {
    fn msg(&mut self, room: &mut Room, me: usize, text: &str) {
        for i in room.others(me) {
            let line = format!("[{}] {text}", room.clients[i].nick);
            room.send(i, &line);
        }
    }
}

struct NoticeTooLate;

impl Chat for NoticeTooLate {
    fn rename(&mut self, room: &mut Room, me: usize, nick: &str) {
        room.clients[me].nick = nick.to_string();
        let old = &room.clients[me].nick;
        let notice = format!("client \"{old}\" => \"{nick}\"");
        room.notify_others(me, &notice);
        room.send(me, &format!("[server] {notice}"));
    }
}

struct NoArrival;

impl Chat for NoArrival {
    fn enter(&mut self, room: &mut Room, me: usize) {
        log(&format!("client connected {:?}", room.clients[me].nick));
    }
}

struct NoDeparture;

impl Chat for NoDeparture {
    fn leave(&mut self, room: &mut Room, me: usize) {
        log(&format!("client disconnected {:?}", room.clients[me].nick));
    }
}

struct DepartureByAddress;

impl Chat for DepartureByAddress {
    fn leave(&mut self, room: &mut Room, me: usize) {
        let address = &room.clients[me].address;
        let notice = format!("client disconnected \"{address}\"");
        room.notify_others(me, &notice);
    }
}

struct Getpeername;

impl Chat for Getpeername {
    fn leave(&mut self, room: &mut Room, me: usize) {
        let address = room.clients[me].socket.peer_addr().unwrap();
        let nick = &room.clients[me].nick;
        log(&format!("client disconnected {nick:?}, from {address}"));
        let notice = format!("client disconnected \"{nick}\"");
        room.notify_others(me, &notice);
    }
}

struct QuitSilent;

impl Chat for QuitSilent {
    fn quit(&mut self, room: &mut Room, me: usize, _: &str) {
        self.close(room, me);
    }
}

/// The sockets that it has forgotten to close.
#[derive(Default)]
struct QuitLeavesOpen(Vec<TcpStream>);

impl Chat for QuitLeavesOpen {
    fn quit(&mut self, room: &mut Room, me: usize, message: &str) {
        self.farewell(room, me, message);
        self.0.extend(room.clients[me].socket.try_clone());
        self.close(room, me);
    }
}

/// The nicks of those who are there, or were.
#[derive(Default)]
struct QuitStaysInWho(Vec<(u64, String)>);

impl Chat for QuitStaysInWho {
    fn enter(&mut self, room: &mut Room, me: usize) {
        let client = &room.clients[me];
        self.0.push((client.id, client.nick.clone()));
        let notice = format!("client connected \"{}\"", client.nick);
        room.notify_others(me, &notice);
    }
    fn leave(&mut self, room: &mut Room, me: usize) {
        let client = &room.clients[me];
        self.0.retain(|(id, _)| *id != client.id);
        let notice = format!("client disconnected \"{}\"", client.nick);
        room.notify_others(me, &notice);
    }
    fn quit(&mut self, room: &mut Room, me: usize, message: &str) {
        self.farewell(room, me, message);
        room.clients[me].is_closing = true;
        let nick = &room.clients[me].nick;
        let notice = format!("client disconnected \"{nick}\"");
        room.notify_others(me, &notice);
    }
    fn rename(&mut self, room: &mut Room, me: usize, nick: &str) {
        for (id, its) in &mut self.0 {
            if *id == room.clients[me].id {
                *its = nick.to_string();
            }
        }
        rename(room, me, nick);
    }
    fn who(&mut self, room: &mut Room, me: usize) {
        let nicks: Vec<_> = self.0.iter().map(|(_, it)| it.as_str()).collect();
        room.send(me, &format!("[server] {}", nicks.join(" ")));
    }
}

struct QuitAnnouncedTwice;

impl Chat for QuitAnnouncedTwice {
    fn quit(&mut self, room: &mut Room, me: usize, message: &str) {
        self.farewell(room, me, message);
        let nick = &room.clients[me].nick;
        let notice = format!("client disconnected \"{nick}\"");
        room.notify_others(me, &notice);
        self.close(room, me);
    }
}

struct CommandsAfterQuit;

impl Chat for CommandsAfterQuit {
    fn is_done(&self, _: &Room, _: usize) -> bool {
        false
    }
}

struct UnknownNickPanics;

impl Chat for UnknownNickPanics {
    fn kill(&mut self, room: &mut Room, me: usize, nick: &str, message: &str) {
        if nick.is_empty() {
            room.send(me, "[server] KILL expects a nick");
            return;
        }
        let victim = room.find(nick).unwrap();
        self.kill_client(room, me, victim, message);
    }
}

/// What KILL's victim gets.
fn goodbye(room: &mut Room, me: usize, to: usize, message: &str) {
    let line = format!("[{}] {message}", room.clients[me].nick);
    room.send(to, &line);
}

struct KillsTheKiller;

impl Chat for KillsTheKiller {
    fn kill_client(
        &mut self,
        room: &mut Room,
        me: usize,
        victim: usize,
        message: &str,
    ) {
        goodbye(room, me, victim, message);
        self.close(room, me);
    }
}

struct OnlyTalks;

impl Chat for OnlyTalks {
    fn kill_client(
        &mut self,
        room: &mut Room,
        me: usize,
        victim: usize,
        message: &str,
    ) {
        goodbye(room, me, victim, message);
    }
}

struct NoGoodbye;

impl Chat for NoGoodbye {
    fn kill_client(
        &mut self,
        room: &mut Room,
        _: usize,
        victim: usize,
        _: &str,
    ) {
        self.close(room, victim);
    }
}

struct MessageToKiller;

impl Chat for MessageToKiller {
    fn kill_client(
        &mut self,
        room: &mut Room,
        me: usize,
        victim: usize,
        message: &str,
    ) {
        goodbye(room, me, me, message);
        self.close(room, victim);
    }
}

struct GoneBeforeAnswered;

impl Chat for GoneBeforeAnswered {
    fn readable(&mut self, room: &mut Room, me: usize) -> io::Result<()> {
        let mut all = Vec::new();
        room.clients[me].socket.set_nonblocking(true)?;
        let is_gone = loop {
            match recv(&room.clients[me].socket) {
                Ok(bytes) if !bytes.is_empty() => all.extend(bytes),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    break false;
                }
                _ => break true,
            }
        };
        if is_gone {
            self.close(room, me);
        } else if !all.is_empty() {
            self.received(room, me, &all);
        }
        Ok(())
    }
}

struct LastLineLost;

impl Chat for LastLineLost {
    fn readable(&mut self, room: &mut Room, me: usize) -> io::Result<()> {
        let bytes = recv(&room.clients[me].socket).unwrap_or_default();
        if bytes.is_empty() {
            room.clients[me].input.clear();
        }
        self.received(room, me, &bytes);
        Ok(())
    }
}

struct DecodesOrDies;

impl Chat for DecodesOrDies {
    fn decode(&self, line: &[u8]) -> Option<String> {
        let text = String::from_utf8(line.to_vec()).unwrap();
        Some(text.trim_end_matches(['\r', '\n']).to_string())
    }
}

struct DecodesOrCloses;

impl Chat for DecodesOrCloses {
    fn decode(&self, line: &[u8]) -> Option<String> {
        let text = str::from_utf8(line).ok()?;
        Some(text.trim_end_matches(['\r', '\n']).to_string())
    }
}
