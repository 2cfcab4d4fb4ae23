//! The core: bytes and time in, actions out. It knows no socket, no clock and
//! no file, so that whatever happens to it can be made to happen in a test.

use std::collections::HashMap;
use std::mem;
use std::net::SocketAddr;
use std::rc::Rc;

use crate::action::Action;
use crate::clock::Moment;
use crate::command;
use crate::config::{Config, host_of};
use crate::conn::{Conn, Phase};
use crate::ids::{ConnId, ServerId};
use crate::logging::{Level, visible};
use crate::message::Message;
use crate::numeric::ERR_FILEERROR;
use crate::outqueue::OutQueue;
use crate::server::Server;
use crate::state::State;

/// While so much of a client's input waits for flood control, don't read more:
/// TCP makes it slow down.
const INPUT_LIMIT: usize = 8 << 10;

/// Does this hold a password? No log should.
fn is_secret(message: &Message) -> bool {
    let is_it = |name: &[u8]| message.command.eq_ignore_ascii_case(name);
    is_it(b"PASS") || is_it(b"OPER")
}

/// A server without its sockets.
pub struct Core {
    server: Server,
    /// How many connections each address has.
    addresses: HashMap<Box<[u8]>, u64>,
}

impl Core {
    /// A server where nobody is yet.
    pub fn new(config: Config, now: Moment) -> Self {
        let server = Server::new(config, now);
        Self { server, addresses: HashMap::new() }
    }

    /// Who is where, to look at.
    pub fn state(&self) -> &State {
        &self.server.state
    }

    /// How many connections there are, those included that are closing.
    pub fn connections(&self) -> usize {
        self.server.wires.conns.len()
    }

    /// How many times there are at which the core wants to look at somebody: no
    /// more than connections.
    pub fn timers(&self) -> usize {
        self.server.wires.timers.len()
    }

    /// Somebody has connected. The id is the loop's until it says
    /// [`gone`](Self::gone).
    pub fn connected(&mut self, peer: SocketAddr) -> ConnId {
        let host = host_of(peer.ip());
        let limits = &self.server.config.limits;
        let pace = limits.pace(host.as_bytes());
        let is_exempt = limits.is_exempt(host.as_bytes());
        let (per_address, clients) = (limits.per_address.0, limits.clients.0);
        let registration = limits.registration.0 * 1_000;
        let now = self.server.now;
        let wires = &mut self.server.wires;
        let peer = format!("{}:{}", peer.ip(), peer.port());
        let conn = Conn::new(peer.clone(), &host, pace, now.ms);
        let id = wires.conns.insert(conn);
        wires.unregistered += 1;
        wires.wake(id, now.ms + registration);
        self.server.log(|| format!("client connected {peer:?}"));
        let count = self.addresses.entry(host.as_bytes().into()).or_default();
        *count += 1;
        let is_full = self.server.wires.conns.len() as u64 > clients;
        if is_full {
            self.server.drop_conn(id, b"", b"Server is full");
        } else if *count > per_address && !is_exempt {
            let reason = b"Too many connections from your host";
            self.server.drop_conn(id, b"", reason);
        }
        id
    }

    /// Bytes have come.
    pub fn receive(&mut self, id: ConnId, bytes: &[u8]) {
        let Some(conn) = self.server.wires.conns.get_mut(id) else { return };
        if conn.is_closing() {
            return;
        }
        conn.received += bytes.len() as u64;
        conn.heard = self.server.now.ms;
        conn.pinged = None;
        conn.input.push(bytes);
        self.execute_lines(id);
    }

    /// Executes the lines that have come, as far as flood control lets them.
    fn execute_lines(&mut self, id: ConnId) {
        let Some(conn) = self.server.wires.conns.get_mut(id) else { return };
        let mut input = mem::take(&mut conn.input);
        loop {
            let now = self.server.now.ms;
            let Some(conn) = self.server.wires.conns.get_mut(id) else {
                return;
            };
            if conn.is_closing() {
                return;
            }
            if let Some(pace) = conn.pace
                && let Err(until) = conn.flood.may_speak(pace, now)
            {
                conn.held_until = Some(until);
                conn.input = input;
                self.server.wires.wake(id, until);
                return;
            }
            let Some(line) = input.next_line() else { break };
            if let Some(pace) = conn.pace {
                conn.flood.spend(pace);
            }
            conn.messages += 1;
            if let Some(message) = Message::parse(line) {
                if self.server.wires.logs_lines {
                    let text = match is_secret(&message) {
                        true => visible(&[message.command, b" ..."].concat()),
                        false => visible(line),
                    };
                    let text = format!("{} > {text}", conn.peer);
                    self.server.wires.actions.push(Action::Log(text));
                }
                let size = line.len() + 2;
                command::execute(&mut self.server, id, &message, size);
                self.drop_the_overflowed();
            }
        }
        if let Some(conn) = self.server.wires.conns.get_mut(id) {
            conn.input = input;
        }
    }

    /// Those whose queue is full leave, which may fill the queue of others.
    fn drop_the_overflowed(&mut self) {
        while let Some(id) = self.server.wires.overflowed.pop() {
            self.server.drop_conn(id, b"SendQ exceeded", b"SendQ exceeded");
        }
    }

    /// May more be read from this connection now? If not, [`Action::Resume`]
    /// will say when.
    pub fn is_listening(&self, id: ConnId) -> bool {
        let conn = self.server.wires.conns.get(id);
        conn.is_some_and(|it| it.input.len() < INPUT_LIMIT)
    }

    /// How many bytes of it aren't executed yet.
    pub fn unheard(&self, id: ConnId) -> usize {
        self.server.wires.conns.get(id).map_or(0, |it| it.input.len())
    }

    /// The connection has ended, or can't be used any more: `why`.
    pub fn hung_up(&mut self, id: ConnId, why: &str) {
        self.server.drop_conn(id, why.as_bytes(), why.as_bytes());
        self.drop_the_overflowed();
    }

    /// The loop has closed the connection: its id is free.
    pub fn gone(&mut self, id: ConnId) {
        self.hung_up(id, "Connection closed");
        let Some(conn) = self.server.wires.remove(id) else { return };
        if let Some(count) = self.addresses.get_mut(&conn.host) {
            *count -= 1;
            if *count == 0 {
                self.addresses.remove(&conn.host);
            }
        }
    }

    /// Time has passed: does what is due.
    pub fn tick(&mut self, now: Moment) {
        self.server.now = now;
        while let Some(id) = self.server.wires.take_due(now.ms) {
            let Some(conn) = self.server.wires.conns.get_mut(id) else {
                continue;
            };
            if conn.held_until.is_some_and(|until| until <= now.ms) {
                conn.held_until = None;
                self.server.wires.actions.push(Action::Resume(id));
                self.execute_lines(id);
            }
            self.look_after(id);
        }
        self.drop_the_overflowed();
    }

    /// What time does to a connection, and when to look again.
    fn look_after(&mut self, id: ConnId) {
        let Some(conn) = self.server.wires.conns.get_mut(id) else { return };
        let now = self.server.now.ms;
        if conn.input.len() >= INPUT_LIMIT {
            // It isn't read from now: its PONG couldn't be heard.
            (conn.heard, conn.pinged) = (now, None);
        }
        let limits = &self.server.config.limits;
        let ping = limits.ping.0 * 1_000;
        let registration = conn.opened + limits.registration.0 * 1_000;
        let next = match (&conn.phase, conn.pinged) {
            (Phase::Closing, _) => {
                self.server.wires.actions.push(Action::Abort(id));
                return;
            }
            (Phase::Registering(_), _) if now >= registration => {
                let reason = b"Registration timed out";
                self.server.drop_conn(id, reason, reason);
                return;
            }
            (Phase::Registering(_), _) => registration,
            (Phase::User(_), Some(pinged)) if now >= pinged + ping => {
                let reason = format!("Ping timeout: {} seconds", ping / 1_000);
                self.hung_up(id, &reason);
                return;
            }
            (Phase::User(_), Some(pinged)) => pinged + ping,
            (Phase::User(_), None) if now >= conn.heard + ping => {
                conn.pinged = Some(now);
                // To the client, a PING has no prefix (RFC 1459, 4.6.2).
                let me = self.server.name();
                let line = crate::line::Writer::new().word("PING").text(me);
                self.server.wires.send(id, &line.end());
                now + ping
            }
            (Phase::User(_), None) => conn.heard + ping,
        };
        self.server.wires.wake(id, next);
        let held = self.server.wires.conns.get(id).and_then(|it| it.held_until);
        if let Some(until) = held {
            self.server.wires.wake(id, until);
        }
    }

    /// When something will be due, in milliseconds since the start.
    pub fn next_due(&self) -> Option<u64> {
        self.server.wires.timers.next()
    }

    /// What the loop shall do, in this order.
    pub fn take_actions(&mut self) -> Vec<Action> {
        self.server.wires.take_actions()
    }

    /// Does a queue grow so fast that it should be written at once? Says so
    /// once.
    pub fn take_pressed(&mut self) -> bool {
        mem::take(&mut self.server.wires.is_pressed)
    }

    /// What waits for a connection. Whoever asks writes it, or waits until it
    /// can be written.
    pub fn queue(&mut self, id: ConnId) -> Option<&mut OutQueue> {
        let conn = self.server.wires.conns.get_mut(id)?;
        (conn.is_announced, conn.fresh) = (false, 0);
        Some(&mut conn.queue)
    }

    /// Takes a new configuration; nobody is dropped. The server's name stays:
    /// too many have been told.
    pub fn reconfigure(&mut self, config: Config) {
        let me = &mut self.server.state.servers[ServerId::ME];
        me.description = config.description.bytes().into();
        self.server.wires.most = config.limits.sendq.size();
        self.server.wires.logs_lines = config.log >= Level::Lines;
        for id in self.all() {
            if let Some(conn) = self.server.wires.conns.get_mut(id) {
                conn.pace = config.limits.pace(&conn.host);
            }
        }
        self.server.config = Rc::new(config);
        for id in self.all() {
            self.look_again(id);
        }
        self.server.rehashing = None;
        self.server.report("The configuration is read again");
        self.drop_the_overflowed();
    }

    fn all(&self) -> Vec<ConnId> {
        self.server.wires.conns.iter().map(|(id, _)| id).collect()
    }

    /// A shorter time-out may be over.
    fn look_again(&mut self, id: ConnId) {
        let now = self.server.now.ms;
        self.server.wires.wake(id, now);
    }

    /// SIGHUP: the same as REHASH.
    pub fn ask_for_rehash(&mut self) {
        self.server.wires.actions.push(Action::Rehash);
    }

    /// The configuration is wrong, and the old one stays: tells who has asked
    /// for it, and those who watch.
    pub fn keep_configuration(&mut self, what: &str) {
        if let Some((id, serial)) = self.server.rehashing.take()
            && let Some(user) = self.server.state.users.get(id)
            && user.serial == serial
        {
            let path = self.server.config.path.to_string_lossy().into_owned();
            self.server.reply(id, ERR_FILEERROR, [&"REHASH", &path]);
        }
        // What is wrong may quote the file, and the file holds passwords.
        self.server.notice_watchers(what, true);
        self.drop_the_overflowed();
    }

    /// Everyone gets ERROR.
    pub fn shut_down(&mut self, reason: &str) {
        for id in self.all() {
            self.server.wires.close(id, reason.as_bytes(), self.server.now.ms);
        }
    }
}
