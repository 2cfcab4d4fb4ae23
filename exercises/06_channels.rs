//! Exercise 06: a chat with channels: JOIN, PART, LIST, KICK.
//!
//! The loop and the commands are those of step 05, but for MSG, which now names
//! its channel. A client is in one channel at a time; a channel is the list of
//! those who are in it, oldest first, and the first of them is its moderator.
//!
//! All there is to change is in the [`Room`].
//!
//! Fill in the TODOs in the order of their numbers. Delete each once it's done,
//! start the server, see what is new: `nc localhost 7777` in three terminals.
//!
//! ```console
//! $ cargo run -p exercises --bin ex06_channels
//! ```

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
    en: "A chat server with channels: JOIN, PART, LIST, KICK.",
    fr: "Un serveur de chat avec des canaux\u{a0}: JOIN, PART, LIST, KICK.",
};

/// The longest nick or channel, in bytes.
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
        if door.is_open(clients.len()) {
            readable.insert(door.as_fd());
        }
        for client in &clients {
            // A client with unsent bytes isn't read until it takes them: TCP
            // makes it slow down.
            if client.has_unsent() {
                writable.insert(client.as_fd());
            } else {
                readable.insert(client.as_fd());
            }
        }
        match select(None, &mut readable, &mut writable, None, None) {
            Err(Errno::EINTR) => continue,
            answer => answer?,
        };
        // The sets borrow the clients, and while they do the compiler refuses
        // any change to the list: note who is ready, then change it.
        let ready: Vec<usize> = (0..clients.len())
            .filter(|&i| readable.contains(clients[i].as_fd()))
            .collect();
        let newcomer = readable.contains(door.as_fd());

        for i in ready {
            if handle(&mut clients, i, &mut room) == Err(Gone) {
                close(&mut clients, i, &mut room);
            }
        }
        for i in 0..clients.len() {
            if clients[i].flush() == Err(Gone) {
                close(&mut clients, i, &mut room);
            }
        }
        clients.retain(|client| !client.has_left());
        if newcomer && let Some(client) = door.accept(clients.len())? {
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
    let id = clients[i].id();
    carry_out(vec![Effect::Close(id)], clients, room);
}

/// Carries out what the room has decided. A send may show that another client
/// is gone, which the rest must be told too: hence a queue, until it's empty.
fn carry_out(effects: Vec<Effect>, clients: &mut [Peer], room: &mut Room) {
    let mut to_do = VecDeque::from(effects);
    while let Some(effect) = to_do.pop_front() {
        match effect {
            Effect::Send(to, line) => {
                let message = format!("{line}\n");
                for id in to {
                    if let Some(client) = find(clients, id)
                        && client.send(message.as_bytes()) == Err(Gone)
                    {
                        to_do.push_back(Effect::Close(id));
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
                to_do.extend(room.leave(id));
            }
        }
    }
}

/// The client with this `id`. Ids grow in order of arrival, so that `clients`
/// is sorted by them.
fn find(clients: &mut [Peer], id: Id) -> Option<&mut Peer> {
    let i = clients.binary_search_by_key(&id, Peer::id).ok()?;
    clients.get_mut(i)
}

/// What a client may ask for.
#[derive(Debug, PartialEq, Eq)]
enum Command<'a> {
    Msg { channel: &'a str, text: &'a str },
    Nick(&'a str),
    Who,
    Quit(&'a str),
    Kill { nick: &'a str, message: &'a str },
    Admin(&'a str),
    Join(&'a str),
    Part,
    List,
    Kick(&'a str),
}

impl<'a> Command<'a> {
    /// `<cmd> <arg>`: the first space separates, the argument keeps the others.
    fn parse(line: &'a str) -> Result<Self, String> {
        let (command, argument) = cut(line);
        match command.to_ascii_uppercase().as_str() {
            "MSG" => {
                let (channel, text) = cut(argument);
                Ok(Self::Msg { channel: without_hash(channel), text })
            }
            "NICK" => Ok(Self::Nick(argument.trim())),
            "WHO" => Ok(Self::Who),
            "QUIT" => Ok(Self::Quit(argument)),
            "KILL" => {
                let (nick, message) = cut(argument);
                Ok(Self::Kill { nick, message })
            }
            "ADMIN" => Ok(Self::Admin(argument.trim())),
            "JOIN" => Ok(Self::Join(without_hash(argument.trim()))),
            "PART" => Ok(Self::Part),
            "LIST" => Ok(Self::List),
            "KICK" => Ok(Self::Kick(argument.trim())),
            _ => Err("invalid command".to_string()),
        }
    }
}

/// The first word, and what follows the space behind it.
fn cut(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(' ').unwrap_or((text, ""))
}

/// `#rust` is the channel `rust`.
fn without_hash(channel: &str) -> &str {
    channel.strip_prefix('#').unwrap_or(channel)
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
    /// `<address>:<port>`: its first nick, which nobody else may take.
    address: String,
    nick: String,
    is_admin: bool,
}

struct Channel {
    name: String,
    /// Who is in it, oldest first, never nobody. The first is the moderator: a
    /// client and not a nick, so that a new nick changes nothing.
    members: Vec<Id>,
}

/// Who is there, in order of arrival, and in which channels.
struct Room {
    members: Vec<Member>,
    channels: Vec<Channel>,
    /// What ADMIN expects; without it anyone may KILL.
    password: Option<String>,
}

impl Room {
    fn new(password: Option<String>) -> Self {
        Self { members: Vec::new(), channels: Vec::new(), password }
    }

    /// `address` comes from `accept`: getpeername would fail once the client
    /// has vanished.
    fn enter(&mut self, id: Id, address: &str) -> Vec<Effect> {
        let (address, nick) = (address.to_string(), address.to_string());
        let notice = format!("client connected \"{nick}\"");
        self.members.push(Member { id, address, nick, is_admin: false });
        vec![say(self.others(id), "server", &notice)]
    }

    /// Forgets a client; does nothing the second time.
    fn leave(&mut self, id: Id) -> Vec<Effect> {
        let Some(i) = self.members.iter().position(|member| member.id == id)
        else {
            return Vec::new();
        };
        let nick = self.members.remove(i).nick;
        let notice = format!("client disconnected \"{nick}\"");
        // TODO 6.6: it has left its channel too.
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
        let answer = match Command::parse(line) {
            Ok(Command::Msg { channel, text }) => self.msg(me, channel, text),
            Ok(Command::Nick(nick)) => self.nick(me, nick),
            Ok(Command::Who) => self.who(me),
            Ok(Command::Quit(message)) => self.quit(me, message),
            Ok(Command::Kill { nick, message }) => self.kill(me, nick, message),
            Ok(Command::Admin(password)) => self.admin(me, password),
            Ok(Command::Join(channel)) => self.join(me, channel),
            Ok(Command::Part) => self.part(me),
            Ok(Command::List) => self.list(me),
            Ok(Command::Kick(nick)) => self.kick(me, nick),
            Err(reason) => Err(reason),
        };
        answer.unwrap_or_else(|reason| vec![say(vec![id], "server", &reason)])
    }

    fn msg(&self, me: usize, channel: &str, text: &str) -> Answer {
        // TODO 6.2: the others in the sender's channel get the text; an empty
        // text is refused, and so is another channel.
        Err("MSG waits for TODO 6.2".to_string())
    }

    fn nick(&mut self, me: usize, nick: &str) -> Answer {
        check_word("nick", nick)?;
        let member = &self.members[me];
        let is_reserved = nick.eq_ignore_ascii_case("server");
        if is_reserved || (is_address(nick) && nick != member.address) {
            return Err(format!("\"{nick}\" is reserved"));
        }
        if nick == member.nick {
            return Err(format!("you are \"{nick}\" already"));
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
            // TODO 6.7: those in the sender's channel get it, nobody else.
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
        if nick.is_empty() {
            return Err("KILL expects a nick".to_string());
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
                let id = self.members[me].id;
                Ok(vec![say(vec![id], "server", "you are the administrator")])
            }
        }
    }

    fn join(&mut self, me: usize, name: &str) -> Answer {
        // TODO 6.5: a sender that is in another channel leaves it first; to
        // join its own is refused.
        // TODO 6.1: the sender is the newest in this channel, and all who are
        // in it are told; a name that is no word (`check_word`) is refused.
        Err("JOIN waits for TODO 6.1".to_string())
    }

    /// The number of the channel with this name, which is new if need be.
    fn find_or_create(&mut self, name: &str) -> usize {
        let found = self.channels.iter().position(|it| it.name == name);
        found.unwrap_or_else(|| {
            let (name, members) = (name.to_string(), Vec::new());
            self.channels.push(Channel { name, members });
            self.channels.len() - 1
        })
    }

    fn part(&mut self, me: usize) -> Answer {
        // TODO 6.4: the sender has left its channel (`leave_channel`), and all
        // who were in it are told; without a channel that is refused.
        Err("PART waits for TODO 6.4".to_string())
    }

    fn list(&self, me: usize) -> Answer {
        // TODO 6.3: the sender alone gets the names of the channels on one
        // line, or is told that there is none.
        Err("LIST waits for TODO 6.3".to_string())
    }

    fn kick(&mut self, me: usize, nick: &str) -> Answer {
        // TODO 6.8: the moderator, and nobody else, can take the client with
        // this nick out of the channel; it stays connected, and all who were in
        // the channel are told.
        Err("KICK waits for TODO 6.8".to_string())
    }

    fn channel_of(&self, id: Id) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.members.contains(&id))
    }

    /// Takes a client out of its channel, if it's in one. An empty channel
    /// disappears.
    fn leave_channel(&mut self, id: Id) -> Vec<Effect> {
        // 6.4 goes on here
        // TODO 6.9: if it was the moderator, those who stay are told who is
        // now.
        Vec::new()
    }

    fn others(&self, id: Id) -> Vec<Id> {
        let ids = self.members.iter().map(|member| member.id);
        ids.filter(|&other| other != id).collect()
    }
}

impl Channel {
    fn others(&self, id: Id) -> Vec<Id> {
        let ids = self.members.iter().copied();
        ids.filter(|&other| other != id).collect()
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
    let is_ip = |text: &str| text.parse::<IpAddr>().is_ok();
    let is_port = |text: &str| text.parse::<u16>().is_ok();
    // Some write an IPv6 address in brackets.
    nick.rsplit_once(':').is_some_and(|(ip, port)| {
        is_ip(ip.trim_matches(['[', ']'])) && is_port(port)
    })
}
