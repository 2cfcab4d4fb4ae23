//! Where a check is played: one server, the clients that the check plays, and all
//! that was said between them.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use socket2::SockRef;

use crate::client;
use crate::observe;
use crate::port::Family;
use crate::program::Program;
use crate::server::{NotServing, Server};

/// The longest that a check waits for a server that is busy with something.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server that has slept for so long, with our words before it, won't answer any
/// more. Longer than any machine takes to wake a process that has something to do.
const ASLEEP: Duration = Duration::from_millis(400);

/// A server that has used so much of a processor, and given nothing, turns in circles.
const BUSY: Duration = Duration::from_millis(1500);

/// Where nobody can see whether it sleeps, we wait for so long.
const BLIND: Duration = Duration::from_secs(3);

/// A client that a check plays, by its number: 1, 2, 3.
pub(crate) type Actor = usize;

/// What a client did or what came to it, in the order in which it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It connected.
    Connect(Actor),
    /// It sent these bytes.
    Send(Actor, Vec<u8>),
    /// These bytes came.
    Receive(Actor, Vec<u8>),
    /// It said that it would send no more.
    HalfClose(Actor),
    /// It left.
    Close(Actor),
    /// It vanished: a reset.
    Reset(Actor),
    /// The server closed its connection.
    End(Actor),
}

/// What came of waiting for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// It came.
    Yes,
    /// Nothing more comes: the server sleeps.
    Silence,
    /// Nothing more comes, and the server doesn't sleep.
    Busy,
    /// The server closed this connection.
    End,
    /// It reset this connection.
    Reset,
}

struct Client {
    /// `None`: it has left.
    socket: Option<TcpStream>,
    received: Vec<u8>,
    /// How much of that has been asked for already.
    read: usize,
    end: Option<Heard>,
}

/// One server and its clients.
pub(crate) struct Stage {
    pub(crate) server: Server,
    clients: Vec<Client>,
    events: Vec<Event>,
    tokens: u64,
}

impl Stage {
    /// Starts the server.
    pub(crate) fn open(program: &Program) -> Result<Self, NotServing> {
        let server = Server::launch(program, PATIENCE)?;
        let seed = Instant::now();
        // Words that no server can know, another each time.
        let tokens = u64::from(std::process::id())
            ^ seed_of(&seed)
            ^ (u64::from(server.port()) << 32);
        Ok(Self { server, clients: Vec::new(), events: Vec::new(), tokens })
    }

    /// A word that nobody has said before.
    pub(crate) fn token(&mut self) -> String {
        // xorshift; letters only, so that no server takes it for a number.
        self.tokens = self.tokens.max(1);
        self.tokens ^= self.tokens << 13;
        self.tokens ^= self.tokens >> 7;
        self.tokens ^= self.tokens << 17;
        let mut rest = self.tokens;
        let mut word = String::from("z");
        for _ in 0..7 {
            let letters = b"bcdfghjklmnpqrstvwxz";
            word.push(char::from(letters[(rest % 20) as usize]));
            rest /= 20;
        }
        word
    }

    /// All that happened.
    pub(crate) fn into_events(self) -> Vec<Event> {
        self.events
    }

    pub(crate) fn connect(&mut self) -> Option<Actor> {
        self.connect_by(Family::V4)
    }

    /// `None`: refused, or nobody answers.
    pub(crate) fn connect_by(&mut self, family: Family) -> Option<Actor> {
        let address = family.loopback(self.server.port());
        let socket =
            client::open(address, None, Duration::from_secs(3)).ok()?;
        let client = Client {
            socket: Some(socket),
            received: Vec::new(),
            read: 0,
            end: None,
        };
        self.clients.push(client);
        let actor = self.clients.len();
        self.events.push(Event::Connect(actor));
        Some(actor)
    }

    /// The address of a client as the server may print it.
    pub(crate) fn port_of(&self, actor: Actor) -> u16 {
        let socket = self.clients[actor - 1].socket.as_ref();
        socket
            .and_then(|socket| socket.local_addr().ok())
            .map_or(0, |address| address.port())
    }

    /// Says it. That the server doesn't take it shows in what comes back.
    pub(crate) fn send(&mut self, actor: Actor, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        if let Some(socket) = &mut self.clients[actor - 1].socket {
            let _ = socket.set_nonblocking(false);
            let _ = socket.set_write_timeout(Some(Duration::from_secs(3)));
            let _ = socket.write_all(bytes);
        }
        self.events.push(Event::Send(actor, bytes.to_vec()));
    }

    pub(crate) fn half_close(&mut self, actor: Actor) {
        if let Some(socket) = &self.clients[actor - 1].socket {
            let _ = socket.shutdown(Shutdown::Write);
        }
        self.events.push(Event::HalfClose(actor));
    }

    pub(crate) fn close(&mut self, actor: Actor) {
        self.poll();
        self.clients[actor - 1].socket = None;
        self.events.push(Event::Close(actor));
    }

    pub(crate) fn reset(&mut self, actor: Actor) {
        if let Some(socket) = self.clients[actor - 1].socket.take() {
            let _ = SockRef::from(&socket).set_linger(Some(Duration::ZERO));
        }
        self.events.push(Event::Reset(actor));
    }

    /// All that came to a client, from the first byte.
    pub(crate) fn received(&self, actor: Actor) -> &[u8] {
        &self.clients[actor - 1].received
    }

    /// What came and wasn't asked for yet.
    pub(crate) fn unread(&self, actor: Actor) -> &[u8] {
        let client = &self.clients[actor - 1];
        &client.received[client.read..]
    }

    /// What came so far is no longer of interest.
    pub(crate) fn skip(&mut self, actor: Actor) {
        self.poll();
        let client = &mut self.clients[actor - 1];
        client.read = client.received.len();
    }

    /// What came to a client is of no use any more, and there may be much of it.
    pub(crate) fn forget(&mut self, actor: Actor) {
        self.poll();
        let client = &mut self.clients[actor - 1];
        (client.received, client.read) = (Vec::new(), 0);
        self.events.retain(
            |event| !matches!(event, Event::Receive(its, _) if *its == actor),
        );
    }

    /// Takes in what has come, for all clients.
    fn poll(&mut self) -> bool {
        let mut has_come = false;
        let mut buffer = [0; 16 << 10];
        for (i, client) in self.clients.iter_mut().enumerate() {
            let Some(socket) = &mut client.socket else { continue };
            if client.end.is_some() {
                continue;
            }
            let _ = socket.set_nonblocking(true);
            loop {
                match socket.read(&mut buffer) {
                    Ok(0) => {
                        client.end = Some(Heard::End);
                        self.events.push(Event::End(i + 1));
                        has_come = true;
                        break;
                    }
                    Ok(n) => {
                        client.received.extend_from_slice(&buffer[..n]);
                        self.events
                            .push(Event::Receive(i + 1, buffer[..n].to_vec()));
                        has_come = true;
                    }
                    Err(error) if error.kind() == ErrorKind::Interrupted => {
                        continue;
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {
                        break;
                    }
                    Err(_) => {
                        client.end = Some(Heard::Reset);
                        self.events.push(Event::End(i + 1));
                        has_come = true;
                        break;
                    }
                }
            }
        }
        has_come
    }

    /// Waits until `is_so`, or until nothing more will happen.
    pub(crate) fn wait(
        &mut self,
        mut is_so: impl FnMut(&Self) -> bool,
    ) -> Heard {
        let start = Instant::now();
        let mut quiet_since = Instant::now();
        let mut before = None;
        let mut used = self.server.cpu();
        loop {
            if self.poll() {
                quiet_since = Instant::now();
                used = self.server.cpu();
            }
            if is_so(self) {
                return Heard::Yes;
            }
            let asleep = observe::asleep(&self.server.processes());
            if !observe::is_observable() {
                if quiet_since.elapsed() > BLIND {
                    return Heard::Silence;
                }
            } else if asleep.is_none() || asleep != before {
                quiet_since = Instant::now();
                before = asleep;
            } else if quiet_since.elapsed() > ASLEEP {
                return Heard::Silence;
            }
            let busy = self
                .server
                .cpu()
                .zip(used)
                .map(|(now, then)| now.saturating_sub(then));
            if start.elapsed() > PATIENCE || busy > Some(BUSY) {
                return Heard::Busy;
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "several sockets and a process"
            )]
            std::thread::sleep(Duration::from_micros(
                if start.elapsed().as_millis() < 20 { 100 } else { 2000 },
            ));
        }
    }

    /// Waits until the bytes that a client hasn't read contain `needle`, and skips
    /// them up to its end.
    pub(crate) fn hear(
        &mut self,
        actor: Actor,
        needle: impl AsRef<[u8]>,
    ) -> Heard {
        let needle = needle.as_ref().to_vec();
        let heard = self.wait(|stage| {
            find(stage.unread(actor), &needle).is_some()
                || stage.clients[actor - 1].end.is_some()
        });
        let client = &mut self.clients[actor - 1];
        if let Some(at) = find(&client.received[client.read..], &needle) {
            client.read += at + needle.len();
            return Heard::Yes;
        }
        if heard == Heard::Yes {
            client.end.unwrap_or(Heard::Silence)
        } else {
            heard
        }
    }

    /// Waits until what a client hasn't read contains `word`, and leaves it there.
    pub(crate) fn wait_for(&mut self, actor: Actor, word: &str) -> Heard {
        let is_there =
            |stage: &Self| find(stage.unread(actor), word.as_bytes()).is_some();
        let heard =
            self.wait(|stage| is_there(stage) || stage.has_ended(actor));
        match self.clients[actor - 1].end {
            _ if is_there(self) => Heard::Yes,
            Some(end) => end,
            None => heard,
        }
    }

    /// Has a client ever received this word?
    pub(crate) fn has_received(&self, actor: Actor, word: &str) -> bool {
        find(self.received(actor), word.as_bytes()).is_some()
    }

    /// Has the server closed this connection, as far as was seen?
    pub(crate) fn has_ended(&self, actor: Actor) -> bool {
        self.clients[actor - 1].end.is_some()
    }

    /// Takes in what has come by now.
    pub(crate) fn poll_now(&mut self) {
        self.poll();
    }

    /// Waits until the server has done what there was to do: all its threads sleep.
    /// What was sent before has been read then, and a client that connected before
    /// has been accepted, by a server that does so at all.
    ///
    /// Says whether it sleeps: a server that spins never does.
    pub(crate) fn calm(&mut self) -> bool {
        if !observe::is_observable() {
            #[expect(
                clippy::disallowed_methods,
                reason = "nothing tells what it does"
            )]
            std::thread::sleep(Duration::from_millis(100));
            self.poll();
            return true;
        }
        let start = Instant::now();
        let (mut before, mut times) = (None, 0);
        let used = |stage: &Self| stage.server.cpu().unwrap_or_default();
        let at_first = used(self);
        // One that spins soon has had a second of a processor, even on a busy machine.
        while times < 6
            && start.elapsed() < PATIENCE
            && used(self) < at_first + Duration::from_millis(700)
        {
            let asleep = observe::asleep(&self.server.processes());
            times = if asleep.is_some() && asleep == before {
                times + 1
            } else {
                0
            };
            before = asleep;
            #[expect(
                clippy::disallowed_methods,
                reason = "a process sleeps without a word"
            )]
            std::thread::sleep(Duration::from_millis(1));
        }
        self.poll();
        times == 6
    }

    /// Waits until the server closes a client's connection.
    pub(crate) fn hear_end(&mut self, actor: Actor) -> Heard {
        let heard = self.wait(|stage| stage.clients[actor - 1].end.is_some());
        if heard == Heard::Yes {
            self.clients[actor - 1].end.unwrap_or(heard)
        } else {
            heard
        }
    }

    /// Has the server closed this connection, as far as was seen?
    pub(crate) fn is_over(&mut self, actor: Actor) -> bool {
        self.poll();
        self.clients[actor - 1].end.is_some()
    }
}

fn seed_of(instant: &Instant) -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(instant)
}

/// Where `needle` stands in `bytes`.
pub(crate) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len().max(1)).position(|window| window == needle)
}
