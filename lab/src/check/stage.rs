//! Where a check is played: one server, the clients that the check plays, and all
//! that was said between them.

use std::cell::Cell;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use socket2::SockRef;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::Signal;

use super::watch::{PATIENCE, Watch};
use crate::client;
use crate::deadline::until_within;
use crate::diag::{Diag, Found};
use crate::observe;
use crate::port::Family;
use crate::program::Program;
use crate::server::{NotServing, Server};

/// A server that sleeps all this time beside bytes that it could read leaves them
/// there on purpose.
const LEFT_UNREAD: Duration = Duration::from_millis(250);

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
    /// The server reset its connection.
    Cut(Actor),
    /// So many others connected at once.
    Crowd(usize),
    /// Another client connected, sent so many bytes, and read nothing of what came.
    Deaf(usize),
    /// The server was started again, with no more descriptors than this.
    Limit(usize),
    /// The server was killed.
    Kill,
    /// The server was started again on the same port.
    Restart,
}

impl Event {
    /// Whose it is: a client's, by its number.
    pub fn actor(&self) -> Option<usize> {
        match self {
            Self::Connect(actor)
            | Self::Send(actor, _)
            | Self::Receive(actor, _)
            | Self::HalfClose(actor)
            | Self::Close(actor)
            | Self::Reset(actor)
            | Self::End(actor)
            | Self::Cut(actor) => Some(*actor),
            Self::Crowd(_)
            | Self::Deaf(_)
            | Self::Limit(_)
            | Self::Kill
            | Self::Restart => None,
        }
    }
}

/// An event and its time, from the first of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: Duration,
    /// What.
    pub event: Event,
}

/// What the clients did and what came to them, until something was missed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dialogue {
    /// In the order in which it happened.
    pub moments: Vec<Moment>,
    /// When it was missed.
    pub missed_at: Duration,
    /// Which client missed it, where it was one.
    pub missed_by: Option<usize>,
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

/// What a server may leave lying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lying {
    /// A client that it doesn't accept.
    Client,
    /// Words that it doesn't read.
    Words,
}

struct Client {
    /// `None`: it has left.
    socket: Option<TcpStream>,
    /// Its own address, and the server's.
    here: SocketAddr,
    there: SocketAddr,
    received: Vec<u8>,
    /// How much of that has been asked for already.
    read: usize,
    end: Option<Heard>,
}

impl Client {
    /// It has left, and the kernel hasn't sent the news yet: a process that we start
    /// at this very moment holds a copy of its socket, until it becomes another
    /// program.
    fn is_leaving(&self, ours: Option<Found>) -> bool {
        self.socket.is_none() && ours.is_some_and(|ours| ours.is_open)
    }
}

/// One server and its clients.
pub(crate) struct Stage {
    pub(crate) server: Server,
    clients: Vec<Client>,
    moments: Vec<Moment>,
    /// When the first of them was.
    since: Option<Instant>,
    /// How many of them there were when something was missed, when it was, and by
    /// whom.
    missed: Cell<Option<(usize, Duration, Option<Actor>)>>,
    tokens: u64,
    diag: Option<Diag>,
    /// The number of this check among those of its play, and of the first that is known
    /// to fail: nobody asks for the verdicts of those behind it.
    place: usize,
    given_up: Arc<AtomicUsize>,
}

impl Stage {
    /// Starts the server.
    pub(crate) fn open(program: &Program) -> Result<Self, NotServing> {
        Self::open_at(program, 0, &Arc::default())
    }

    /// Starts the server for the check of this number; `given_up` is that of the first
    /// that fails.
    pub(crate) fn open_at(
        program: &Program,
        place: usize,
        given_up: &Arc<AtomicUsize>,
    ) -> Result<Self, NotServing> {
        let server = Server::launch(program, PATIENCE)?;
        let seed = Instant::now();
        // Words that no server can know, another each time.
        let tokens = u64::from(std::process::id())
            ^ seed_of(&seed)
            ^ (u64::from(server.port()) << 32);
        Ok(Self {
            server,
            clients: Vec::new(),
            moments: Vec::new(),
            since: None,
            missed: Cell::new(None),
            tokens,
            diag: Diag::open(),
            place,
            given_up: Arc::clone(given_up),
        })
    }

    /// Plays on with another server, and nobody on the stage.
    ///
    /// # Errors
    ///
    /// It doesn't start.
    pub(crate) fn change(
        &mut self,
        program: &Program,
    ) -> Result<(), NotServing> {
        *self = Self::open_at(program, self.place, &self.given_up)?;
        Ok(())
    }

    /// Notes what has happened now.
    pub(crate) fn note(&mut self, event: Event) {
        let since = *self.since.get_or_insert_with(Instant::now);
        self.moments.push(Moment { at: since.elapsed(), event });
    }

    /// So long after the first event.
    fn now(&self) -> Duration {
        self.since.map_or(Duration::ZERO, |since| since.elapsed())
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

    /// All that happened until something was missed: not the experiments that tell
    /// why.
    ///
    /// Of a server that has died the clients get the end one by one, whichever of them
    /// missed something first.
    pub(crate) fn into_dialogue(mut self, has_died: bool) -> Dialogue {
        let Some((count, mut missed_at, actor)) = self.missed.get() else {
            let missed_at = self.now();
            return Dialogue {
                moments: self.moments,
                missed_at,
                missed_by: None,
            };
        };
        if has_died {
            self.poll();
        }
        let mut moments = self.moments;
        let later = moments.split_off(count.min(moments.len()));
        let is_there = |actor| {
            let connects = |it: &Moment| it.event == Event::Connect(actor);
            moments.iter().any(connects)
        };
        let mut nothing_else = true;
        let later: Vec<Moment> = later
            .into_iter()
            .filter(|moment| match moment.event {
                Event::End(actor) | Event::Cut(actor) => {
                    has_died && is_there(actor)
                }
                Event::Receive(..) => has_died && nothing_else,
                _ => {
                    nothing_else = false;
                    false
                }
            })
            .collect();
        missed_at = later.last().map_or(missed_at, |moment| moment.at);
        moments.extend(later);
        Dialogue { moments, missed_at, missed_by: actor }
    }

    /// A client misses something now.
    pub(crate) fn miss(&self, actor: Actor) {
        self.miss_by(Some(actor));
    }

    /// Something is missed now, if it wasn't before; by a client or by nobody.
    pub(crate) fn miss_by(&self, actor: Option<Actor>) {
        if self.missed.get().is_none() {
            let missed = (self.moments.len(), self.now(), actor);
            self.missed.set(Some(missed));
        }
    }

    pub(crate) fn connect(&mut self) -> Option<Actor> {
        self.connect_by(Family::V4)
    }

    /// `None`: refused, or nobody answers.
    ///
    /// A server with a socket for each family opens one after the other: who is refused
    /// tries again, as long as the server is at work.
    pub(crate) fn connect_by(&mut self, family: Family) -> Option<Actor> {
        let address = family.loopback(self.server.port());
        let mut watch = None;
        let socket = loop {
            match client::open(address, None, Duration::from_secs(3)) {
                Ok(socket) => break socket,
                Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                    let watch =
                        watch.get_or_insert_with(|| Watch::start(&self.server));
                    if watch.look(&self.server).is_some()
                        || !self.server.is_running()
                    {
                        return None;
                    }
                    self.sleep(None);
                }
                Err(_) => return None,
            }
        };
        let client = Client {
            here: socket.local_addr().ok()?,
            there: address,
            socket: Some(socket),
            received: Vec::new(),
            read: 0,
            end: None,
        };
        self.clients.push(client);
        let actor = self.clients.len();
        self.note(Event::Connect(actor));
        Some(actor)
    }

    /// Those who are connected, as far as they know.
    pub(crate) fn present(&self) -> Vec<Actor> {
        let is_here =
            |client: &Client| client.socket.is_some() && client.end.is_none();
        let clients = self.clients.iter().enumerate();
        clients.filter(|(_, it)| is_here(it)).map(|(i, _)| i + 1).collect()
    }

    /// The address of a client as the server may print it.
    pub(crate) fn port_of(&self, actor: Actor) -> u16 {
        self.clients[actor - 1].here.port()
    }

    /// Says it, and tells whether the server took it: it may sleep, and leave it there.
    pub(crate) fn send(
        &mut self,
        actor: Actor,
        bytes: impl AsRef<[u8]>,
    ) -> bool {
        let bytes = bytes.as_ref();
        if !bytes.is_empty() {
            self.note(Event::Send(actor, bytes.to_vec()));
        }
        let mut watch = Watch::start(&self.server);
        let mut sent = 0;
        while sent < bytes.len() {
            let Some(socket) = &mut self.clients[actor - 1].socket else {
                return false;
            };
            let _ = socket.set_nonblocking(true);
            match socket.write(&bytes[sent..]) {
                Ok(n) => {
                    sent += n;
                    watch.again(&self.server);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    if self.poll() {
                        watch.again(&self.server);
                    }
                    if self.nobody_waits() {
                        return false;
                    }
                    match watch.look(&self.server) {
                        Some(Heard::Silence) if self.is_carried() => {
                            watch.again(&self.server);
                        }
                        Some(_) => return false,
                        None => {}
                    }
                    self.sleep(Some(actor));
                }
                Err(_) => return false,
            }
        }
        true
    }

    pub(crate) fn half_close(&mut self, actor: Actor) {
        if let Some(socket) = &self.clients[actor - 1].socket {
            let _ = socket.shutdown(Shutdown::Write);
        }
        self.note(Event::HalfClose(actor));
    }

    pub(crate) fn close(&mut self, actor: Actor) {
        self.poll();
        self.clients[actor - 1].socket = None;
        self.note(Event::Close(actor));
    }

    pub(crate) fn reset(&mut self, actor: Actor) {
        if let Some(socket) = self.clients[actor - 1].socket.take() {
            let _ = SockRef::from(&socket).set_linger(Some(Duration::ZERO));
        }
        self.note(Event::Reset(actor));
    }

    /// Lets the server find all of what `act` does at once, when it wakes up.
    pub(crate) fn while_stopped(&mut self, act: impl FnOnce(&mut Self)) {
        self.server.signal(Signal::SIGSTOP);
        // Until then it may still see the first of it alone; and it has to run for a
        // moment to be stopped.
        let _ =
            until_within(PATIENCE, || self.server.is_stopped().then_some(()));
        act(self);
        // On a busy machine the kernel itself may take a moment.
        let _ =
            until_within(PATIENCE, || (!self.is_on_its_way()).then_some(()));
        self.server.signal(Signal::SIGCONT);
    }

    /// Has the server's side not yet got all that the clients did?
    fn is_on_its_way(&mut self) -> bool {
        let Some(diag) = &mut self.diag else { return false };
        self.clients.iter().any(|client| {
            let ours = diag.connection(client.here, client.there);
            client.is_leaving(ours) || ours.is_some_and(|it| it.unsent > 0)
        })
    }

    /// Is anything on its way that the kernel carries while the server sleeps: to one of
    /// our clients, which takes it in, or to the server, which will then wake up? Where
    /// the kernel doesn't tell, there is nothing.
    fn is_carried(&mut self) -> bool {
        let Some(diag) = &mut self.diag else { return false };
        let reads = |it: &&Client| it.socket.is_some() && it.end.is_none();
        self.clients.iter().filter(reads).any(|client| {
            let ours = diag.connection(client.here, client.there);
            let its = diag.connection(client.there, client.here);
            let Some((ours, its)) = ours.zip(its) else { return false };
            its.unsent > 0 || ours.unsent > 0 && its.unread == 0
        })
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
        self.moments.retain(|moment| {
            !matches!(&moment.event, Event::Receive(its, _) if *its == actor)
        });
    }

    /// Takes in what has come, for all clients.
    fn poll(&mut self) -> bool {
        let mut come = Vec::new();
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
                        come.push(Event::End(i + 1));
                        break;
                    }
                    Ok(n) => {
                        acknowledge(socket);
                        client.received.extend_from_slice(&buffer[..n]);
                        come.push(Event::Receive(i + 1, buffer[..n].to_vec()));
                    }
                    Err(error) if error.kind() == ErrorKind::Interrupted => {
                        continue;
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {
                        break;
                    }
                    Err(_) => {
                        client.end = Some(Heard::Reset);
                        come.push(Event::Cut(i + 1));
                        break;
                    }
                }
            }
        }
        let has_come = !come.is_empty();
        for event in come {
            self.note(event);
        }
        has_come
    }

    /// Waits until `is_so`, or until nothing more will happen.
    pub(crate) fn wait(
        &mut self,
        mut is_so: impl FnMut(&Self) -> bool,
    ) -> Heard {
        let mut watch = Watch::start(&self.server);
        loop {
            if self.poll() {
                watch.again(&self.server);
            }
            if is_so(self) {
                return Heard::Yes;
            }
            if self.nobody_waits() {
                return Heard::Busy;
            }
            match watch.look(&self.server) {
                Some(Heard::Silence) if self.poll() || self.is_carried() => {
                    watch.again(&self.server);
                }
                Some(heard) => return heard,
                None => self.sleep(None),
            }
        }
    }

    /// Is the verdict of this check of no interest any more?
    fn nobody_waits(&self) -> bool {
        self.given_up.load(Ordering::Relaxed) < self.place
    }

    /// Until something comes, or `speaker` can say more, or it's time to look at the
    /// server again.
    fn sleep(&self, speaker: Option<Actor>) {
        const LOOK_AGAIN: u8 = 3; // milliseconds
        let mut sockets = Vec::new();
        for (i, client) in self.clients.iter().enumerate() {
            let Some(socket) = &client.socket else { continue };
            let mut events = PollFlags::empty();
            events.set(PollFlags::POLLIN, client.end.is_none());
            events.set(PollFlags::POLLOUT, speaker == Some(i + 1));
            // Of one that has ended poll would speak for ever.
            if !events.is_empty() {
                sockets.push(PollFd::new(socket.as_fd(), events));
            }
        }
        // What goes wrong here shows when the sockets are read.
        let _ = poll(&mut sockets, PollTimeout::from(LOOK_AGAIN));
    }

    /// Waits until the bytes that a client hasn't read contain `needle`, and skips
    /// them up to its end.
    pub(crate) fn hear(
        &mut self,
        actor: Actor,
        needle: impl AsRef<[u8]>,
    ) -> Heard {
        let needle = needle.as_ref().to_vec();
        let mut search = Search::default();
        let heard = self.wait(|stage| {
            search.finds(stage.unread(actor), &needle)
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
        let mut search = Search::default();
        let mut is_there =
            |stage: &Self| search.finds(stage.unread(actor), word.as_bytes());
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

    /// Waits until the server has done what there was to do: all its threads sleep,
    /// and nothing is left that it could read. What was sent before has been read
    /// then, and a client that connected before has been accepted, by a server that
    /// does so at all.
    ///
    /// Says whether it sleeps: a server that spins never does.
    pub(crate) fn calm(&mut self) -> bool {
        /// So often it must be seen asleep, without a turn in between.
        const TIMES: u32 = 3;
        /// The same where the kernel doesn't tell what is left to read.
        const TIMES_BLIND: u32 = 8;
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
        let (mut looks, mut awake, mut left) = (0, 0, None);
        let at_first = self.server.cpu_of_all();
        // One that spins soon has had a second of a processor, even on a busy machine.
        while start.elapsed() < PATIENCE
            && !self.nobody_waits()
            && self.server.cpu_of_all() < at_first + Duration::from_millis(700)
        {
            self.poll();
            let asleep = self.server.asleep();
            looks += 1;
            awake += u32::from(asleep.is_none());
            if asleep.is_some() && asleep == before {
                times += 1;
            } else {
                (before, times) = (asleep, 0);
            }
            if times >= TIMES {
                let is_calm = match self.is_unread() {
                    // It may wake up by the clock now and then.
                    Some(true) => {
                        let left = left.get_or_insert_with(Instant::now);
                        left.elapsed() > LEFT_UNREAD && awake * 5 < looks
                    }
                    Some(false) => true,
                    None => times >= TIMES_BLIND,
                };
                if is_calm {
                    return true;
                }
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "a process sleeps without a word"
            )]
            std::thread::sleep(Duration::from_millis(1));
        }
        self.poll();
        false
    }

    /// What the server has left lying, of a client who waits in vain: the client
    /// itself, or its words. `None`: neither, or this kernel doesn't tell.
    pub(crate) fn left_lying(&mut self, actor: Actor) -> Option<Lying> {
        let port = self.server.port();
        let diag = self.diag.as_mut()?;
        let (here, there) =
            (self.clients[actor - 1].here, self.clients[actor - 1].there);
        let doors = [Family::V4, Family::V6].map(|it| it.loopback(port));
        let mut at_the_door =
            doors.into_iter().filter_map(|door| diag.listener(door));
        if at_the_door.any(|door| door.unread > 0) {
            return Some(Lying::Client);
        }
        let its = diag.connection(there, here)?;
        (its.unread > 0).then_some(Lying::Words)
    }

    /// Does the server sleep as long as nothing happens? One that prints or computes on
    /// its own account can't be told from one that spins because of a client.
    pub(crate) fn is_quiet(&mut self) -> bool {
        /// Long enough for one that works to be seen at it, also on a busy machine.
        const WHILE: Duration = Duration::from_millis(50);
        if !self.calm() || self.server.is_noisy() {
            return false;
        }
        let before = self.server.cpu_of_all();
        #[expect(
            clippy::disallowed_methods,
            reason = "that nothing happens is no event"
        )]
        std::thread::sleep(WHILE);
        (self.server.cpu_of_all() - before) * 10 < WHILE
    }

    /// Is there anything on its way, or before the server, that it hasn't taken yet?
    /// `None`: this kernel doesn't tell.
    fn is_unread(&mut self) -> Option<bool> {
        let diag = self.diag.as_mut()?;
        let port = self.server.port();
        for family in [Family::V4, Family::V6] {
            let door = diag.listener(family.loopback(port));
            if door.is_some_and(|door| door.unread > 0) {
                return Some(true);
            }
        }
        for client in &self.clients {
            let ours = diag.connection(client.here, client.there);
            let Some(socket) = &client.socket else {
                if client.is_leaving(ours) {
                    return Some(true);
                }
                continue;
            };
            let its = diag.connection(client.there, client.here);
            if ours.is_some_and(|ours| ours.unsent > 0)
                || its.is_some_and(|its| its.unread > 0)
            {
                return Some(true);
            }
            if its.is_some_and(|its| its.unsent > 0) {
                acknowledge(socket);
                return Some(true);
            }
        }
        Some(false)
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

/// Tells the server's kernel at once that its bytes have come. Else it may hold the
/// next ones back for 40 ms (RFC 896, RFC 1122 section 4.2.3.2), where a server's
/// answer is several small writes.
fn acknowledge(socket: &TcpStream) {
    #[cfg(target_os = "linux")]
    let _ = SockRef::from(socket).set_tcp_quickack(true);
    #[cfg(not(target_os = "linux"))]
    let _ = socket;
}

fn seed_of(instant: &Instant) -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(instant)
}

/// A search in bytes that become more: it looks at each of them once. Megabytes may come,
/// piece by piece, and the server mustn't seem silent because we are busy looking.
#[derive(Default)]
struct Search {
    looked_at: usize,
}

impl Search {
    /// Is `needle` there by now?
    fn finds(&mut self, bytes: &[u8], needle: &[u8]) -> bool {
        // It may have begun before.
        let from = (self.looked_at + 1).saturating_sub(needle.len().max(1));
        if let Some(at) = find(bytes.get(from..).unwrap_or(bytes), needle) {
            self.looked_at = from + at;
            return true;
        }
        self.looked_at = bytes.len();
        false
    }
}

/// Where `needle` stands in `bytes`.
pub(crate) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len().max(1)).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Says as much as the kernel takes at once, and then waits.
    const MUCH: &str = r#"exec python3 -c '
import socket, sys
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as listener:
    client, _ = listener.accept()
    client.setblocking(False)
    try:
        while True:
            client.send(bytes(65536))
    except BlockingIOError:
        client.setblocking(True)
        client.recv(1)
' {port}"#;

    #[test]
    fn what_the_kernel_carries_is_waited_for() {
        use std::io::Write as _;
        let has_python =
            std::process::Command::new("python3").arg("-V").output();
        if has_python.is_err() || Diag::open().is_none() {
            let _ =
                writeln!(std::io::stderr(), "skipped: python3 or sock_diag");
            return;
        }
        let program = Program::of_line(MUCH);
        let mut stage = Stage::open(&program).expect("it listens");
        let client = stage.connect().expect("it accepts");
        // It has said everything, and sleeps beside what we don't take.
        let is_carried = || stage.is_carried().then_some(());
        until_within(PATIENCE, is_carried).expect("there is more than fits");
        assert_eq!(stage.wait(|_| false), Heard::Silence);
        assert!(!stage.is_carried());
        assert!(stage.received(client).len() > 65536);
    }

    proptest! {
        #[test]
        fn a_word_is_found_once_it_is_whole(
            bytes in "[ab]{0,40}",
            needle in "[ab]{0,4}",
            mut ends in prop::collection::vec(0usize..41, 0..9),
        ) {
            ends.sort_unstable();
            let mut search = Search::default();
            for end in ends {
                let come = &bytes.as_bytes()[..end.min(bytes.len())];
                let is_there = find(come, needle.as_bytes()).is_some();
                prop_assert_eq!(
                    search.finds(come, needle.as_bytes()),
                    is_there
                );
            }
        }
    }
}
