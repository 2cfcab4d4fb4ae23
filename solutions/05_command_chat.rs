//! Step 05: a chat with commands: MSG, NICK, WHO, QUIT, KILL.
//!
//! The loop is that of step 04. A line is now a [`Command`]; the [`Room`] knows
//! who is there under which nick, and no socket: it answers a command with
//! [`Effect`]s, and the loop, which owns the sockets, carries them out.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, TcpListener};
use std::os::fd::AsFd;
use std::process::ExitCode;

use causette::cli::{self, About};
use causette::{Door, Gone, Id, Peer, listen};
use nix::errno::Errno;
use nix::sys::select::{FdSet, select};

const ABOUT: About = About {
    en: "A chat with commands: MSG, NICK, WHO, QUIT, KILL.",
    fr: "Un chat avec des commandes\u{a0}: MSG, NICK, WHO, QUIT, KILL.",
};

/// The longest nick, in bytes.
const WORD_LIMIT: usize = 32;

fn main() -> ExitCode {
    cli::run_with_admin(&ABOUT, |port, password| {
        serve(listen(port)?, Room::new(password))
    })
}

fn serve(listener: TcpListener, mut room: Room) -> io::Result<()> {
    let mut door = Door::new(listener)?;
    let mut clients: Vec<Peer> = Vec::new();
    loop {
        // select overwrites the sets with its answer: build them on every turn.
        let mut readable = FdSet::new();
        let mut writable = FdSet::new();
        if door.is_open() {
            readable.insert(door.as_fd());
        }
        for client in &clients {
            // Who doesn't take what it's owed isn't read: TCP slows it down.
            if client.is_owed() {
                writable.insert(client.as_fd());
            } else {
                readable.insert(client.as_fd());
            }
        }
        match select(None, &mut readable, &mut writable, None, None) {
            Err(Errno::EINTR) => continue,
            answer => answer?,
        };
        // The sets borrow the sockets: note their answer, then change the list.
        let is_ready = |client: &Peer| readable.contains(client.as_fd());
        let ready: Vec<bool> = clients.iter().map(is_ready).collect();
        let somebody_knocks = readable.contains(door.as_fd());

        for (i, ready) in ready.into_iter().enumerate() {
            if ready && handle(&mut clients, i, &mut room) == Err(Gone) {
                close(&mut clients, i, &mut room);
            }
        }
        for i in 0..clients.len() {
            if clients[i].flush() == Err(Gone) {
                close(&mut clients, i, &mut room);
            }
        }
        clients.retain(|client| !client.has_left());
        if somebody_knocks && let Some(client) = door.accept()? {
            let notices = room.enter(client.id(), client.name());
            clients.push(client);
            carry_out(notices, &mut clients, &mut room);
        }
    }
}

/// Executes the lines that the client number `i` has sent.
fn handle(clients: &mut [Peer], i: usize, room: &mut Room) -> Result<(), Gone> {
    clients[i].recv_lines()?;
    while let Some(line) = clients[i].next_line()? {
        let effects = room.execute(clients[i].id(), &line);
        carry_out(effects, clients, room);
    }
    Ok(())
}

/// Closes the client number `i`, and lets the others know.
fn close(clients: &mut [Peer], i: usize, room: &mut Room) {
    let gone = Effect::Close(clients[i].id());
    carry_out([gone], clients, room);
}

/// Does what the room has answered. That may show that more clients are gone,
/// and the others must hear of those too: until nothing is left to do.
fn carry_out(
    effects: impl Into<VecDeque<Effect>>,
    clients: &mut [Peer],
    room: &mut Room,
) {
    let mut effects = effects.into();
    while let Some(effect) = effects.pop_front() {
        match effect {
            Effect::Send(to, line) => {
                let message = format!("{line}\n");
                for id in to {
                    if let Some(client) = find(clients, id)
                        && client.send(message.as_bytes()) == Err(Gone)
                    {
                        effects.push_back(Effect::Close(id));
                    }
                }
            }
            Effect::Rename(id, nick) => {
                if let Some(client) = find(clients, id) {
                    client.rename(&nick);
                }
            }
            Effect::Close(id) => {
                if let Some(client) = find(clients, id) {
                    client.close();
                }
                effects.extend(room.leave(id));
            }
        }
    }
}

/// The client called `id`: they stand in order of arrival, and so do their ids.
fn find(clients: &mut [Peer], id: Id) -> Option<&mut Peer> {
    let i = clients.binary_search_by_key(&id, Peer::id).ok()?;
    clients.get_mut(i)
}

/// What a client may ask for.
#[derive(Debug, PartialEq, Eq)]
enum Command<'a> {
    Msg(&'a str),
    Nick(&'a str),
    Who,
    Quit(&'a str),
    Kill { nick: &'a str, message: &'a str },
    Admin(&'a str),
}

impl<'a> Command<'a> {
    /// `<cmd> <arg>`: the first space separates, the argument keeps the others.
    fn parse(line: &'a str) -> Result<Self, String> {
        let (command, argument) = cut(line);
        match command.to_ascii_uppercase().as_str() {
            "MSG" => Ok(Self::Msg(argument)),
            "NICK" => Ok(Self::Nick(argument.trim())),
            "WHO" => Ok(Self::Who),
            "QUIT" => Ok(Self::Quit(argument)),
            "KILL" => {
                let (nick, message) = cut(argument);
                Ok(Self::Kill { nick, message })
            }
            "ADMIN" => Ok(Self::Admin(argument.trim())),
            _ => Err("invalid command".to_string()),
        }
    }
}

/// The first word, and what follows the space behind it.
fn cut(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(' ').unwrap_or((text, ""))
}

/// What the loop must do for the room.
#[derive(Debug, PartialEq, Eq)]
enum Effect {
    Send(Vec<Id>, String),
    Rename(Id, String),
    Close(Id),
}

/// The effects of a command; or why it's refused, for its sender alone.
type Answer = Result<Vec<Effect>, String>;

/// A line that shows who speaks.
fn say(to: Vec<Id>, from: &str, text: &str) -> Effect {
    Effect::Send(to, format!("[{from}] {text}"))
}

struct Member {
    id: Id,
    /// Its first nick, kept from `accept`: nobody can tell the address of a
    /// client that has vanished.
    address: String,
    nick: String,
    is_admin: bool,
}

/// Who is there, in order of arrival.
struct Room {
    members: Vec<Member>,
    /// What ADMIN expects; without it anyone may KILL.
    password: Option<String>,
}

impl Room {
    fn new(password: Option<String>) -> Self {
        Self { members: Vec::new(), password }
    }

    fn enter(&mut self, id: Id, address: &str) -> Vec<Effect> {
        let (address, nick) = (address.to_string(), address.to_string());
        let notice = format!("client connected \"{nick}\"");
        self.members.push(Member { id, address, nick, is_admin: false });
        vec![say(self.others(id), "server", &notice)]
    }

    /// Forgets a client; does nothing where that was done before.
    fn leave(&mut self, id: Id) -> Vec<Effect> {
        let Some(i) = self.members.iter().position(|member| member.id == id)
        else {
            return Vec::new();
        };
        let nick = self.members.remove(i).nick;
        let notice = format!("client disconnected \"{nick}\"");
        vec![say(self.others(id), "server", &notice)]
    }

    fn execute(&mut self, id: Id, line: &str) -> Vec<Effect> {
        let Some(me) = self.members.iter().position(|member| member.id == id)
        else {
            return Vec::new();
        };
        if line.trim().is_empty() {
            return Vec::new();
        }
        let answer = Command::parse(line).and_then(|command| match command {
            Command::Msg(text) => self.msg(me, text),
            Command::Nick(nick) => self.nick(me, nick),
            Command::Who => self.who(me),
            Command::Quit(message) => self.quit(me, message),
            Command::Kill { nick, message } => self.kill(me, nick, message),
            Command::Admin(password) => self.admin(me, password),
        });
        answer.unwrap_or_else(|reason| vec![say(vec![id], "server", &reason)])
    }

    fn msg(&self, me: usize, text: &str) -> Answer {
        if text.trim().is_empty() {
            return Err("MSG expects a message".to_string());
        }
        let Member { id, nick, .. } = &self.members[me];
        Ok(vec![say(self.others(*id), nick, text)])
    }

    fn nick(&mut self, me: usize, nick: &str) -> Answer {
        check_word("nick", nick)?;
        let member = &self.members[me];
        let is_reserved = nick.eq_ignore_ascii_case("server");
        if is_reserved || (is_address(nick) && nick != member.address) {
            return Err(format!("\"{nick}\" is reserved"));
        }
        if self.members.iter().any(|member| member.nick == nick) {
            return Err(format!("\"{nick}\" is taken"));
        }
        let notice = format!("client \"{}\" => \"{nick}\"", member.nick);
        let id = member.id;
        self.members[me].nick = nick.to_string();
        let everyone = self.members.iter().map(|member| member.id).collect();
        let renamed = Effect::Rename(id, nick.to_string());
        Ok(vec![renamed, say(everyone, "server", &notice)])
    }

    fn who(&self, me: usize) -> Answer {
        let nicks: Vec<&str> =
            self.members.iter().map(|member| member.nick.as_str()).collect();
        Ok(vec![say(vec![self.members[me].id], "server", &nicks.join(" "))])
    }

    fn quit(&self, me: usize, message: &str) -> Answer {
        let Member { id, nick, .. } = &self.members[me];
        let mut effects = Vec::new();
        if !message.trim().is_empty() {
            effects.push(say(self.others(*id), nick, message));
        }
        effects.push(Effect::Close(*id));
        Ok(effects)
    }

    fn kill(&self, me: usize, nick: &str, message: &str) -> Answer {
        let killer = &self.members[me];
        if self.password.is_some() && !killer.is_admin {
            return Err("KILL is for the administrator".to_string());
        }
        let Some(victim) =
            self.members.iter().find(|member| member.nick == nick)
        else {
            return Err(format!("nobody here is \"{nick}\""));
        };
        let mut effects = Vec::new();
        if !message.trim().is_empty() {
            effects.push(say(vec![victim.id], &killer.nick, message));
        }
        effects.push(Effect::Close(victim.id));
        Ok(effects)
    }

    fn admin(&mut self, me: usize, password: &str) -> Answer {
        match &self.password {
            None => Err("no need of ADMIN here: anyone may KILL".to_string()),
            Some(expected) if expected != password => {
                Err("wrong password".to_string())
            }
            Some(_) => {
                self.members[me].is_admin = true;
                let me = self.members[me].id;
                Ok(vec![say(vec![me], "server", "you are the administrator")])
            }
        }
    }

    fn others(&self, me: Id) -> Vec<Id> {
        self.members
            .iter()
            .map(|member| member.id)
            .filter(|&id| id != me)
            .collect()
    }
}

fn check_word(what: &str, word: &str) -> Result<(), String> {
    let is_word = !word.is_empty() && !word.contains(char::is_whitespace);
    if is_word && word.len() <= WORD_LIMIT {
        return Ok(());
    }
    Err(format!("a {what} is one word of at most {WORD_LIMIT} bytes"))
}

/// A nick that looks like an address could be taken for somebody who hasn't
/// chosen one, or who is yet to come.
fn is_address(nick: &str) -> bool {
    nick.rsplit_once(':').is_some_and(|(ip, port)| {
        ip.parse::<IpAddr>().is_ok() && port.parse::<u16>().is_ok()
    })
}

#[cfg(test)]
#[path = "../tests/rooms/05_command_chat.rs"]
mod tests;
