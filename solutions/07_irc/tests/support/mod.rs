//! What the tests of the core share: a server without sockets, clients that are
//! names, and a reader of lines that knows nothing of the server's own.

#![allow(dead_code, reason = "each test binary uses its part")]

use std::collections::BTreeMap;
use std::io::{self, IoSlice, Write};
use std::path::Path;

use irc::action::Action;
use irc::clock::Moment;
use irc::config::Config;
use irc::core::Core;
use irc::ids::ConnId;

/// Short limits, so that they are met.
pub(crate) const CONFIG: &str = r#"
name = "irc.test"
tilde = true
operator = [{ name = "root", password = "sesame" }]
ban = [{ mask = "*@10.9.*" }]
[limits]
nick = 9
topic = 40
channels = 3
bans = 2
targets = 3
sendq = 65536
per_address = 3
ping = 60
"#;

/// When the world begins, in seconds since 1970.
const BEGIN: u64 = 1_700_000_000;

/// A client, seen from outside.
pub(crate) struct Client {
    pub(crate) id: ConnId,
    /// What it has got and nobody has looked at yet.
    pub(crate) inbox: Vec<Vec<u8>>,
    pub(crate) is_closed: bool,
    /// It doesn't read: its lines stay in the server's queue.
    pub(crate) is_stuck: bool,
}

/// A server and its clients.
pub(crate) struct World {
    pub(crate) core: Core,
    pub(crate) clients: BTreeMap<String, Client>,
    pub(crate) log: Vec<String>,
    pub(crate) rehashes: usize,
    pub(crate) ended: Option<Action>,
    now: Moment,
    /// How far somebody has set the machine's clock, in seconds.
    ahead: i64,
    ports: u16,
}

impl World {
    pub(crate) fn new(config: &str) -> Self {
        let config = Config::parse(config, Path::new("irc.toml"));
        let config = config.unwrap_or_else(|wrong| panic!("{wrong:?}"));
        let now = Moment { ms: 0, unix: BEGIN };
        Self {
            core: Core::new(config, now),
            clients: BTreeMap::new(),
            log: Vec::new(),
            rehashes: 0,
            ended: None,
            now,
            ahead: 0,
            ports: 1024,
        }
    }

    /// The configuration has been read again.
    pub(crate) fn reconfigure(&mut self, config: &str) {
        let config = Config::parse(config, Path::new("irc.toml"));
        let config = config.unwrap_or_else(|wrong| panic!("{wrong:?}"));
        self.core.reconfigure(config);
        self.settle();
    }

    pub(crate) fn connect(&mut self, name: &str, address: &str) {
        self.ports = self.ports.wrapping_add(1);
        let address: std::net::IpAddr = address.parse().expect("an address");
        let id = self.core.connected((address, self.ports).into());
        let client =
            Client { id, inbox: Vec::new(), is_closed: false, is_stuck: false };
        self.clients.insert(name.to_string(), client);
        self.settle();
    }

    /// Connects and registers; forgets the welcome.
    pub(crate) fn register(&mut self, name: &str, nick: &str, address: &str) {
        self.connect(name, address);
        let lines = format!("NICK {nick}\r\nUSER {name} 0 * :Real {nick}\r\n");
        self.say(name, lines.as_bytes());
        self.clients.get_mut(name).expect("a client").inbox.clear();
    }

    pub(crate) fn say(&mut self, name: &str, bytes: &[u8]) {
        let id = self.clients[name].id;
        self.core.receive(id, bytes);
        self.settle();
    }

    pub(crate) fn hang_up(&mut self, name: &str) {
        let id = self.clients[name].id;
        self.core.hung_up(id, "Connection closed");
        self.settle();
    }

    pub(crate) fn pass(&mut self, ms: u64) {
        // As the loop does it: at the time at which something is due.
        let until = self.now.ms + ms;
        while let Some(due) = self.core.next_due().filter(|&due| due <= until) {
            self.set_clock(due.max(self.now.ms));
        }
        self.set_clock(until);
    }

    fn set_clock(&mut self, ms: u64) {
        let unix = (BEGIN + ms / 1_000).saturating_add_signed(self.ahead);
        self.now = Moment { ms, unix };
        self.core.tick(self.now);
        self.settle();
    }

    /// Somebody sets the machine's clock.
    pub(crate) fn set_wall_clock(&mut self, ahead: i64) {
        self.ahead = ahead;
        self.set_clock(self.now.ms);
    }

    /// Nothing grows beyond what it may, whatever clients do.
    pub(crate) fn look_at_memory(&mut self) {
        for (name, client) in &self.clients {
            if client.is_closed {
                continue;
            }
            let unheard = self.core.unheard(client.id);
            assert!(unheard < 100_000, "{name} has {unheard} bytes unheard");
            let waiting = self.core.queue(client.id).map_or(0, |it| it.len());
            assert!(waiting <= 65_536, "{waiting} bytes wait for {name}");
        }
    }

    /// What the loop does at the end of a turn.
    pub(crate) fn settle(&mut self) {
        loop {
            let actions = self.core.take_actions();
            if actions.is_empty() {
                break;
            }
            for action in actions {
                self.carry_out(action);
            }
        }
        let (timers, conns) = (self.core.timers(), self.core.connections());
        assert!(timers <= conns, "{timers} timers for {conns} connections");
        if let Err(what) = self.core.state().check() {
            panic!("the state is broken: {what}");
        }
    }

    fn carry_out(&mut self, action: Action) {
        match action {
            Action::Write(id) => self.write(id),
            Action::Close(id) => {
                self.write(id);
                // Who doesn't read is given time.
                if self.core.queue(id).is_none_or(|queue| queue.is_empty()) {
                    self.close(id);
                }
            }
            Action::Abort(id) => self.close(id),
            Action::Resume(_) => {}
            Action::Log(text) => self.log.push(text),
            Action::Rehash => self.rehashes += 1,
            Action::Restart | Action::Die => self.ended = Some(action),
        }
    }

    fn write(&mut self, id: ConnId) {
        let mut clients = self.clients.values_mut();
        let Some(client) = clients.find(|it| it.id == id && !it.is_closed)
        else {
            return;
        };
        if client.is_stuck {
            return;
        }
        let Some(queue) = self.core.queue(id) else { return };
        let mut socket = Narrow::default();
        while !queue.is_empty() {
            let taken = queue.write_to(&mut socket).expect("it takes some");
            queue.advance(taken);
        }
        let bytes = socket.taken;
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            if let Err(what) = well_formed(line) {
                let line = String::from_utf8_lossy(line);
                panic!("{what}: {line:?}");
            }
            client.inbox.push(line[..line.len() - 2].to_vec());
        }
    }

    fn close(&mut self, id: ConnId) {
        let mut clients = self.clients.values_mut();
        if let Some(client) = clients.find(|it| it.id == id && !it.is_closed) {
            client.is_closed = true;
        }
        self.core.gone(id);
    }
}

/// A socket that takes a hundred bytes at a time, of whatever it's given.
#[derive(Default)]
struct Narrow {
    taken: Vec<u8>,
}

impl Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let bytes = &bytes[..bytes.len().min(100)];
        self.taken.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let bytes: Vec<u8> =
            slices.iter().flat_map(|it| it.iter().copied()).collect();
        self.write(&bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Plays a script on a new server, of which any bytes are one: each line is for
/// the client that its first byte names.
///
/// ```text
/// a+10.0.0.1      a connects, and registers as alice
/// a PRIVMSG …     a says this line
/// a.BYTES         a says these bytes, without an end
/// a-              a hangs up
/// a!              a doesn't read any more
/// t30             30 seconds pass
/// ```
///
/// What is remarkable in it: which reply followed which.
pub(crate) fn play(script: &[u8], config: &str) -> Vec<u64> {
    let mut world = World::new(config);
    let mut seen = Vec::new();
    for line in script.split(|&byte| byte == b'\n') {
        let Some((&first, rest)) = line.split_first() else { continue };
        let name = char::from(b'a' + first.wrapping_sub(b'a') % 5).to_string();
        let is_there =
            world.clients.get(&name).is_some_and(|client| !client.is_closed);
        match (first, rest.split_first()) {
            (b't', Some(_)) => {
                let text = String::from_utf8_lossy(rest);
                let seconds: u64 = text.trim().parse().unwrap_or(1);
                world.pass(seconds.min(1_000) * 1_000);
            }
            (_, Some((b'+', address))) if !is_there => {
                let text = String::from_utf8_lossy(address);
                let address = text.parse::<std::net::IpAddr>();
                let address =
                    address.map_or("127.0.0.1".into(), |it| it.to_string());
                let nicks = ["alice", "bob", "carol", "dave", "eve"];
                let nick = nicks[usize::from(name.as_bytes()[0] - b'a')];
                world.register(&name, nick, &address);
            }
            _ if !is_there => world.connect(&name, "10.0.0.1"),
            (_, Some((b'-', _))) => world.hang_up(&name),
            (_, Some((b'!', _))) => {
                world.clients.get_mut(&name).expect("a client").is_stuck = true;
            }
            (_, Some((b'.', bytes))) => world.say(&name, bytes),
            (_, Some((b' ', words))) => {
                world.say(&name, &[words, b"\r\n"].concat());
            }
            _ => world.say(&name, &[rest, b"\r\n"].concat()),
        }
        world.look_at_memory();
        for (name, client) in &mut world.clients {
            let mut last = 0_u64;
            for line in client.inbox.drain(..) {
                let words = line.split(|&byte| byte == b' ').skip(1).take(1);
                let word = words.flatten().fold(
                    u64::from(name.as_bytes()[0]),
                    |hash, &byte| {
                        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
                    },
                );
                seen.push(last.rotate_left(17) ^ word);
                last = word;
            }
        }
    }
    seen
}

/// Is this a line that a client can read? By the grammar of RFC 1459, 2.3.1, read
/// anew here, so that a mistake of the server's own writer doesn't hide.
///
/// ```text
/// message  = [ ":" prefix SPACE ] command *14( SPACE middle ) [ SPACE ":" trailing ] crlf
/// prefix   = servername / nick "!" user "@" host
/// command  = 1*letter / 3digit
/// middle   = nospcrlfcl *( ":" / nospcrlfcl )
/// ```
pub(crate) fn well_formed(line: &[u8]) -> Result<(), &'static str> {
    if line.len() > 512 {
        return Err("longer than 512 bytes");
    }
    let Some(text) = line.strip_suffix(b"\r\n") else {
        return Err("doesn't end with CR LF");
    };
    if text.iter().any(|byte| matches!(byte, 0 | b'\r' | b'\n')) {
        return Err("holds a NUL, a CR or a LF");
    }
    let (head, trailing) =
        match text.windows(2).skip(1).position(|it| it == b" :") {
            Some(at) => (&text[..at + 1], Some(&text[at + 3..])),
            None => (text, None),
        };
    let mut words: Vec<&[u8]> = head.split(|&byte| byte == b' ').collect();
    if words.iter().any(|word| word.is_empty()) {
        return Err("has an empty word");
    }
    if let Some(prefix) = words[0].strip_prefix(b":") {
        let is_user = {
            let bang = prefix.iter().position(|&byte| byte == b'!');
            let at = prefix.iter().rposition(|&byte| byte == b'@');
            matches!((bang, at), (Some(bang), Some(at))
                if bang > 0 && bang + 1 < at && at + 1 < prefix.len())
        };
        let is_server = prefix.contains(&b'.')
            && prefix.iter().all(|byte| {
                byte.is_ascii_alphanumeric() || b".-_".contains(byte)
            });
        if !is_user && !is_server {
            return Err("comes from nobody");
        }
        words.remove(0);
    } else if words[0] != b"PING" && words[0] != b"ERROR" {
        return Err("has no prefix");
    }
    let Some(command) = words.first() else { return Err("has no command") };
    let is_numeric =
        command.len() == 3 && command.iter().all(u8::is_ascii_digit);
    if !is_numeric && !command.iter().all(u8::is_ascii_uppercase) {
        return Err("has no right command");
    }
    let parameters = words.len() - 1 + usize::from(trailing.is_some());
    if parameters > 15 {
        return Err("has too many parameters");
    }
    if is_numeric && parameters < 2 {
        return Err("is a numeric that says nothing");
    }
    if words[1..].iter().any(|word| word[0] == b':') {
        return Err("has a colon where none can be");
    }
    Ok(())
}
