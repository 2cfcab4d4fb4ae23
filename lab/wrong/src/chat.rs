//! The right chat of steps 04 to 06, cut into small functions: a wrong server does
//! one of them in its own way.

use std::io::{self, Read};
use std::mem;
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::net::{accept, is_out_of_descriptors, listen, recv, send_now};

/// The longest line, and the most bytes that may wait for a client.
const LINE_LIMIT: usize = 8 << 10;
const OUT_LIMIT: usize = 1 << 20;

pub(crate) struct Client {
    pub(crate) id: u64,
    pub(crate) socket: TcpStream,
    pub(crate) address: String,
    pub(crate) nick: String,
    /// The start of a line whose end is still to come.
    pub(crate) input: Vec<u8>,
    /// What it didn't take yet.
    out: Vec<u8>,
    /// It's forgotten by all; it gets what is in `out`, then it's closed.
    pub(crate) is_closing: bool,
    /// Nothing can be sent to it any more.
    is_lost: bool,
}

pub(crate) struct Channel {
    pub(crate) name: String,
    /// The ids of its members; the first is its moderator.
    pub(crate) members: Vec<u64>,
}

impl Client {
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        send_now(&self.socket, &mut self.out)
    }
}

#[derive(Default)]
pub(crate) struct Room {
    pub(crate) clients: Vec<Client>,
    pub(crate) channels: Vec<Channel>,
    last_id: u64,
    is_full: bool,
}

/// What a server does, each part right unless it says otherwise. A client is its
/// number in `room.clients`, which nobody leaves while a line is treated.
pub(crate) trait Chat {
    /// A client has come.
    fn enter(&mut self, room: &mut Room, me: usize) {
        let notice = format!("client connected \"{}\"", room.clients[me].nick);
        room.notify_others(me, &notice);
    }

    /// A client is about to leave.
    fn leave(&mut self, room: &mut Room, me: usize) {
        let notice =
            format!("client disconnected \"{}\"", room.clients[me].nick);
        room.notify_others(me, &notice);
    }

    /// `poll` has said that there is something to read.
    fn readable(&mut self, room: &mut Room, me: usize) -> io::Result<()> {
        let bytes = recv(&room.clients[me].socket).unwrap_or_default();
        self.received(room, me, &bytes);
        Ok(())
    }

    /// Some bytes, or the end.
    fn received(&mut self, room: &mut Room, me: usize, bytes: &[u8]) {
        let is_end = bytes.is_empty();
        let bytes = match room.clients[me].input.len() {
            0 => bytes,
            // The last line may lack its newline.
            _ if is_end => b"\n",
            _ => bytes,
        };
        let lines = self.lines(&mut room.clients[me].input, bytes);
        for line in lines {
            if line.len() > LINE_LIMIT + 2 {
                room.clients[me].input = line;
                break;
            }
            match self.decode(&line) {
                Some(line) => self.execute(room, me, &line),
                None => self.close(room, me),
            }
            if self.is_done(room, me) {
                return;
            }
        }
        if room.clients[me].input.len() > LINE_LIMIT + 2 {
            room.clients[me].input.clear();
            room.send(me, "[server] line too long");
            self.close(room, me);
        }
        if is_end {
            self.close(room, me);
        }
    }

    /// Are the lines that follow no concern of ours any more?
    fn is_done(&self, room: &Room, me: usize) -> bool {
        room.clients[me].is_closing
    }

    /// The lines that are complete now, with their ends.
    fn lines(&self, input: &mut Vec<u8>, bytes: &[u8]) -> Vec<Vec<u8>> {
        cut_lines(input, bytes)
    }

    /// A line as text, without its end. Without text its sender is refused.
    fn decode(&self, line: &[u8]) -> Option<String> {
        let mut text = String::from_utf8_lossy(line).into_owned();
        text.retain(|c| c == '\t' || !c.is_control());
        Some(text)
    }

    fn execute(&mut self, room: &mut Room, me: usize, line: &str) {
        if line.trim().is_empty() {
            return;
        }
        let (command, argument) = cut(line);
        self.command(room, me, command.trim(), argument);
    }

    fn command(
        &mut self,
        room: &mut Room,
        me: usize,
        command: &str,
        argument: &str,
    ) {
        match command.to_ascii_uppercase().as_str() {
            "MSG" => self.msg(room, me, argument),
            "NICK" => self.nick(room, me, argument),
            "WHO" => self.who(room, me),
            "QUIT" => self.quit(room, me, argument),
            "KILL" => {
                let (nick, message) = cut(argument);
                self.kill(room, me, nick, message);
            }
            _ => self.unknown(room, me, &format!("{command} {argument}")),
        }
    }

    fn unknown(&mut self, room: &mut Room, me: usize, _line: &str) {
        room.send(me, "[server] invalid command");
    }

    fn msg(&mut self, room: &mut Room, me: usize, text: &str) {
        if text.trim().is_empty() {
            room.send(me, "[server] MSG expects a message");
            return;
        }
        let line = format!("[{}] {text}", room.clients[me].nick);
        self.relay(room, me, &line);
    }

    /// Sends a line to all who hear this client.
    fn relay(&mut self, room: &mut Room, me: usize, line: &str) {
        for i in self.audience(room, me) {
            room.send(i, line);
        }
    }

    fn audience(&self, room: &Room, me: usize) -> Vec<usize> {
        room.others(me)
    }

    fn nick(&mut self, room: &mut Room, me: usize, nick: &str) {
        match self.check_nick(room, me, nick) {
            Ok(()) => self.rename(room, me, nick),
            Err(reason) => room.send(me, &format!("[server] {reason}")),
        }
    }

    fn check_nick(
        &self,
        room: &Room,
        me: usize,
        nick: &str,
    ) -> Result<(), String> {
        if nick.is_empty() || nick.contains(' ') || nick.len() > 32 {
            return Err("a nick is one word of at most 32 bytes".to_string());
        }
        let is_reserved = nick.eq_ignore_ascii_case("server")
            || nick.contains(':') && nick != room.clients[me].address;
        if is_reserved || room.find(nick).is_some() {
            return Err(format!("{nick} is taken"));
        }
        Ok(())
    }

    fn rename(&mut self, room: &mut Room, me: usize, nick: &str) {
        let old = mem::replace(&mut room.clients[me].nick, nick.to_string());
        let notice = format!("client \"{old}\" => \"{nick}\"");
        room.notify_others(me, &notice);
        room.send(me, &format!("[server] {notice}"));
    }

    fn who(&mut self, room: &mut Room, me: usize) {
        let list = room.nicks().join(" ");
        room.send(me, &format!("[server] {list}"));
    }

    fn quit(&mut self, room: &mut Room, me: usize, message: &str) {
        self.farewell(room, me, message);
        self.close(room, me);
    }

    fn farewell(&mut self, room: &mut Room, me: usize, message: &str) {
        if !message.trim().is_empty() {
            let line = format!("[{}] {message}", room.clients[me].nick);
            self.relay(room, me, &line);
        }
    }

    fn kill(&mut self, room: &mut Room, me: usize, nick: &str, message: &str) {
        match room.find(nick) {
            Some(victim) => self.kill_client(room, me, victim, message),
            None => room.send(me, &format!("[server] no client \"{nick}\"")),
        }
    }

    fn kill_client(
        &mut self,
        room: &mut Room,
        me: usize,
        victim: usize,
        message: &str,
    ) {
        let line = format!("[{}] {message}", room.clients[me].nick);
        room.send(victim, &line);
        self.close(room, victim);
    }

    /// Closes a client, once.
    fn close(&mut self, room: &mut Room, who: usize) {
        if !room.clients[who].is_closing {
            room.clients[who].is_closing = true;
            self.leave(room, who);
        }
    }
}

impl Room {
    /// Sends a line; it's written at the end of the turn.
    pub(crate) fn send(&mut self, to: usize, line: &str) {
        let client = &mut self.clients[to];
        client.out.extend_from_slice(line.as_bytes());
        client.out.push(b'\n');
        client.is_lost |= client.out.len() > OUT_LIMIT;
    }

    pub(crate) fn notify_others(&mut self, me: usize, notice: &str) {
        for i in self.others(me) {
            self.send(i, &format!("[server] {notice}"));
        }
    }

    /// All but `me`, in order of arrival.
    pub(crate) fn others(&self, me: usize) -> Vec<usize> {
        let here = (0..self.clients.len())
            .filter(|&i| i != me && !self.clients[i].is_closing);
        here.collect()
    }

    pub(crate) fn find(&self, nick: &str) -> Option<usize> {
        self.clients.iter().position(|it| it.nick == nick && !it.is_closing)
    }

    pub(crate) fn nicks(&self) -> Vec<&str> {
        let here = self.clients.iter().filter(|client| !client.is_closing);
        here.map(|client| client.nick.as_str()).collect()
    }

    fn push(&mut self, socket: TcpStream, address: String) -> usize {
        self.last_id += 1;
        self.clients.push(Client {
            id: self.last_id,
            socket,
            nick: address.clone(),
            address,
            input: Vec::new(),
            out: Vec::new(),
            is_closing: false,
            is_lost: false,
        });
        self.clients.len() - 1
    }

    /// Waits, and says who is ready and whether there is a newcomer.
    fn wait(&self, listener: &TcpListener) -> io::Result<(Vec<usize>, bool)> {
        let mut sockets = Vec::new();
        for client in &self.clients {
            let events = if client.out.is_empty() {
                PollFlags::POLLIN
            } else {
                PollFlags::POLLOUT
            };
            sockets.push(PollFd::new(client.socket.as_fd(), events));
        }
        if !self.is_full {
            sockets.push(PollFd::new(listener.as_fd(), PollFlags::POLLIN));
        }
        poll(&mut sockets, PollTimeout::NONE)?;
        let is_ready = |i: usize| {
            let answer = sockets[i].revents().unwrap_or(PollFlags::empty());
            answer.intersects(!PollFlags::POLLOUT)
        };
        let ready = (0..self.clients.len()).filter(|&i| is_ready(i));
        let newcomer = !self.is_full && is_ready(self.clients.len());
        Ok((ready.collect(), newcomer))
    }

    /// Writes what waits; the numbers of those to whom it can't be written.
    fn flush(&mut self) -> Vec<usize> {
        for client in &mut self.clients {
            client.is_lost |= client.flush().is_err();
            if client.is_lost {
                client.out.clear();
            }
        }
        let lost = |&i: &usize| self.clients[i].is_lost;
        (0..self.clients.len()).filter(lost).collect()
    }

    /// Closes those who are to be closed and have got everything.
    fn sweep(&mut self) {
        let is_done =
            |client: &mut Client| client.is_closing && client.out.is_empty();
        for client in self.clients.extract_if(.., is_done) {
            self.is_full = false;
            // Closing with unread bytes would reset the connection, and what we
            // wrote last would be lost.
            let _ = client.socket.set_nonblocking(true);
            let mut rest = (&client.socket).take(1 << 20);
            let _ = io::copy(&mut rest, &mut io::sink());
        }
    }

    fn accept(&mut self, listener: &TcpListener) -> io::Result<Option<usize>> {
        match accept(listener) {
            Ok((socket, address)) => Ok(Some(self.push(socket, address))),
            Err(error)
                if is_out_of_descriptors(&error)
                    && !self.clients.is_empty() =>
            {
                self.is_full = true;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// The loop.
pub(crate) fn serve(port: u16, mut chat: impl Chat) -> io::Result<()> {
    let listener = listen(port)?;
    let mut room = Room::default();
    loop {
        let (ready, newcomer) = room.wait(&listener)?;
        for i in ready {
            if !room.clients[i].is_closing {
                chat.readable(&mut room, i)?;
            }
        }
        for i in room.flush() {
            chat.close(&mut room, i);
        }
        room.sweep();
        if newcomer && let Some(i) = room.accept(&listener)? {
            chat.enter(&mut room, i);
        }
    }
}

/// Adds `bytes` to `input`, and cuts off the lines that are complete.
pub(crate) fn cut_lines(input: &mut Vec<u8>, bytes: &[u8]) -> Vec<Vec<u8>> {
    input.extend_from_slice(bytes);
    let mut lines = Vec::new();
    while let Some(end) = input.iter().position(|&byte| byte == b'\n') {
        lines.push(input.drain(..=end).collect());
    }
    lines
}

/// The first word, and what follows the space behind it.
pub(crate) fn cut(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(' ').unwrap_or((text, ""))
}
