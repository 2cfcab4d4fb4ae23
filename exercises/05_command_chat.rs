//! Exercise 05: a chat with commands: MSG, NICK, WHO, QUIT, KILL.
//!
//! The loop is that of step 04. A line is now a [`Command`]; the [`Room`] knows
//! the clients and their nicks, but no socket: it answers a command with
//! [`Effect`]s, and the loop, which owns the sockets, carries them out. All
//! there is to change is in `cut` and in the room.
//!
//! Fill in the TODOs in the order of their numbers. Delete each once it's done,
//! start the server, see what is new: `nc localhost 7777` in three terminals.
//!
//! ```console
//! $ cargo run -p exercises --bin ex05_command_chat
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
    en: "A chat server with commands: MSG, NICK, WHO, QUIT, KILL.",
    fr: "Un serveur de chat à commandes\u{a0}: MSG, NICK, WHO, QUIT, KILL.",
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
    // TODO 5.1: the first space separates the two, and what follows it keeps
    // all its spaces; those in front of the word don't count.
    (text, "")
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

    /// `address` comes from `accept`: getpeername would fail once the client
    /// has vanished.
    fn enter(&mut self, id: Id, address: &str) -> Vec<Effect> {
        let (address, nick) = (address.to_string(), address.to_string());
        self.members.push(Member { id, address, nick, is_admin: false });
        // TODO 5.3: the others are told who connected, and who disconnected
        // (`leave`, below).
        Vec::new()
    }

    /// Forgets a client; does nothing the second time.
    fn leave(&mut self, id: Id) -> Vec<Effect> {
        let Some(i) = self.members.iter().position(|member| member.id == id)
        else {
            return Vec::new();
        };
        let nick = self.members.remove(i).nick;
        // 5.3 goes on here
        Vec::new()
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
            Ok(Command::Msg(text)) => self.msg(me, text),
            Ok(Command::Nick(nick)) => self.nick(me, nick),
            Ok(Command::Who) => self.who(me),
            Ok(Command::Quit(message)) => self.quit(me, message),
            Ok(Command::Kill { nick, message }) => self.kill(me, nick, message),
            Ok(Command::Admin(password)) => self.admin(me, password),
            Err(reason) => Err(reason),
        };
        answer.unwrap_or_else(|reason| vec![say(vec![id], "server", &reason)])
    }

    fn msg(&self, me: usize, text: &str) -> Answer {
        // TODO 5.2: the others get the text, with the nick of who said it; an
        // empty text is refused.
        Err("MSG waits for TODO 5.2".to_string())
    }

    fn nick(&mut self, me: usize, nick: &str) -> Answer {
        // TODO 5.5: a nick is refused if it's no word (`check_word`), or
        // `server`, or another's address, or in use.
        // TODO 5.4: the sender has this nick, in the log too
        // (`Effect::Rename`), and everybody is told the old one and the new.
        Err("NICK waits for TODO 5.4".to_string())
    }

    fn who(&self, me: usize) -> Answer {
        // TODO 5.6: the sender alone gets all the nicks, on one line.
        Err("WHO waits for TODO 5.6".to_string())
    }

    fn quit(&self, me: usize, message: &str) -> Answer {
        // TODO 5.7: the others get the message, if there is one, and the sender
        // is closed (`Effect::Close`).
        Err("QUIT waits for TODO 5.7".to_string())
    }

    fn kill(&self, me: usize, nick: &str, message: &str) -> Answer {
        // 5.9 goes on here
        // TODO 5.8: whoever has this nick gets the message, if there is one,
        // and is closed; if nobody has it, the sender is told.
        Err("KILL waits for TODO 5.8".to_string())
    }

    fn admin(&mut self, me: usize, password: &str) -> Answer {
        // TODO 5.9: if the server has a password, who sends it is
        // administrator, and KILL is refused to all others.
        Err("ADMIN waits for TODO 5.9".to_string())
    }

    fn others(&self, id: Id) -> Vec<Id> {
        let ids = self.members.iter().map(|member| member.id);
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
