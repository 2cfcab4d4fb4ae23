//! The recorder: strace around a program as it is, and a driver that plays the
//! clients. It does the next thing once the kernel has delivered the last one and
//! the server sleeps again, however long that takes; it never waits for a time.

use std::env;
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use super::tell::{self, CALLS, Cast, Played};
use super::{Bytes, Deed, Film};
use crate::check::{Text, not_serving};
use crate::client;
use crate::observe;
use crate::port::Family;
use crate::program::Program;
use crate::server::{NotServing, Server};

/// How long a server may take to start, with strace around it.
const START: Duration = Duration::from_secs(20);

/// The longest that the driver waits for a server that never sleeps.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server that has used so much of a processor for one thing turns in circles.
const BUSY: Duration = Duration::from_millis(1500);

/// The same once that is known.
const BUSY_AGAIN: Duration = Duration::from_millis(100);

/// How often in a row all its threads must be seen asleep, none of them with a turn
/// in between: then they all slept at the same time, with nothing left to do.
const LOOKS: u32 = 6;

/// How often in a row a client must find no room for more: what frees some may be an
/// acknowledgement that the kernel puts off.
const REFUSALS: u32 = 8;

/// The most that a client sends which doesn't read. Servers with a queue for each
/// client take all they're given.
const FLOOD: u64 = 16 << 20;

/// Room for so many unread bytes at such a client.
const LITTLE: usize = 4096;

/// What the clients play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    /// Alice connects and stays silent, Bob and Carol connect and talk, then Alice
    /// talks and leaves.
    ThreeClients,
    /// Alice sends much and doesn't read, Bob talks, Carol connects; then Alice
    /// reads.
    SlowReader,
    /// Alice says half a line, Bob a whole one, Alice the other half. Carol listens.
    HalfLine,
    /// Alice, Bob and Carol connect; Alice speaks, and leaves.
    Chat,
}

impl Scene {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::ThreeClients, Self::SlowReader, Self::HalfLine, Self::Chat];

    /// As it's called in a film.
    pub fn name(self) -> &'static str {
        match self {
            Self::ThreeClients => "three-clients",
            Self::SlowReader => "slow-reader",
            Self::HalfLine => "half-line",
            Self::Chat => "chat",
        }
    }

    /// The scene with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scene| scene.name() == name)
    }
}

/// Why there is no film.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotFilmed {
    /// strace isn't installed.
    NoStrace,
    /// strace may not look at other processes.
    NoPtrace,
    /// The program doesn't serve.
    NotServing(NotServing),
    /// Nobody could connect.
    NoClient,
    /// The recording can't be kept: why.
    NoFile(String),
}

impl NotFilmed {
    /// In the user's words.
    pub fn text(&self) -> Text {
        match self {
            Self::NoStrace => Text::new("film-no-strace"),
            Self::NoPtrace => Text::new("film-no-ptrace"),
            Self::NotServing(why) => not_serving(why).saw,
            Self::NoClient => Text::new("saw-refused"),
            Self::NoFile(error) => {
                Text::new("film-no-file").with("error", error)
            }
        }
    }
}

/// Can programs be filmed here?
///
/// # Errors
///
/// Why not.
pub fn can_film() -> Result<(), NotFilmed> {
    let tried = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "true"])
        .stdin(Stdio::null())
        .output();
    match tried {
        Err(_) => Err(NotFilmed::NoStrace),
        Ok(output) if !output.status.success() => Err(NotFilmed::NoPtrace),
        Ok(_) => Ok(()),
    }
}

/// Films `program`, called `server`, while the clients play `scene`.
///
/// # Errors
///
/// Why there is no film.
pub fn record(
    program: &Program,
    scene: Scene,
    server: &str,
) -> Result<Film, NotFilmed> {
    can_film()?;
    let file = Scratch::new();
    let script = format!(
        "exec strace -f -q -ttt -T -s 256 -o \"${FILE}\" -e trace={CALLS} \
         \"$@\""
    );
    let program = program.clone().env(FILE, &file.0).shell(&script);
    let started = Server::launch(&program, START);
    let mut driver = Driver::new(started.map_err(NotFilmed::NotServing)?);
    driver.play(scene);
    if driver.played.is_empty() {
        return Err(NotFilmed::NoClient);
    }
    let text = fs::read(&file.0)
        .map_err(|error| NotFilmed::NoFile(error.to_string()))?;
    let text = String::from_utf8_lossy(&text);
    let events =
        tell::tell(&text, &driver.cast, &driver.played, driver.never_sleeps);
    Ok(Film {
        scene: scene.name().to_string(),
        server: server.to_string(),
        who: driver.cast.who,
        restless: driver.never_sleeps,
        outside: false,
        events,
    })
}

/// In the environment: where strace writes.
const FILE: &str = "CAUSETTE_FILM";

/// A file that goes away.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("causette-{}-{count}.strace", std::process::id());
        Self(env::temp_dir().join(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

struct Client {
    /// `None`: it has left.
    socket: Option<TcpStream>,
    port: u16,
    /// Does it read what comes?
    reads: bool,
    /// Has its connection been seen at the server's side?
    was_there: bool,
    received: u64,
}

struct Driver {
    server: Server,
    clients: Vec<Option<Client>>,
    cast: Cast,
    played: Vec<Played>,
    never_sleeps: bool,
}

const ALICE: usize = 0;
const BOB: usize = 1;
const CAROL: usize = 2;

impl Driver {
    fn new(server: Server) -> Self {
        let who = ["Alice", "Bob", "Carol"].map(str::to_string).to_vec();
        let cast =
            Cast { ports: vec![None; who.len()], server: server.port(), who };
        let clients = cast.who.iter().map(|_| None).collect();
        let played = Vec::new();
        Self { server, clients, cast, played, never_sleeps: false }
    }

    fn play(&mut self, scene: Scene) {
        self.settle();
        match scene {
            Scene::ThreeClients => {
                self.connect(ALICE, None);
                self.connect(BOB, None);
                self.say(BOB, "hello\n");
                self.connect(CAROL, None);
                self.say(CAROL, "hola\n");
                self.say(ALICE, "salut\n");
                self.leave(ALICE);
            }
            Scene::SlowReader => {
                self.connect(ALICE, Some(LITTLE));
                self.connect(BOB, None);
                self.pause(ALICE);
                self.flood(ALICE);
                self.say(BOB, "hello\n");
                self.connect(CAROL, None);
                self.resume(ALICE);
            }
            Scene::HalfLine => {
                self.connect(ALICE, None);
                self.connect(BOB, None);
                self.connect(CAROL, None);
                self.say(ALICE, "shall we ");
                self.say(BOB, "no\n");
                self.say(ALICE, "eat?\n");
            }
            Scene::Chat => {
                self.connect(ALICE, None);
                self.connect(BOB, None);
                self.connect(CAROL, None);
                self.say(ALICE, "salut\n");
                self.leave(ALICE);
            }
        }
    }

    fn note(&mut self, time: u64, client: usize, deed: Deed) {
        self.played.push(Played { time, client, deed });
    }

    fn socket(&mut self, client: usize) -> Option<&mut TcpStream> {
        self.clients[client].as_mut()?.socket.as_mut()
    }

    fn connect(&mut self, client: usize, room: Option<usize>) {
        let address = Family::V4.loopback(self.server.port());
        let time = now();
        let Ok(socket) = client::open(address, room, PATIENCE) else { return };
        let _ = socket.set_nonblocking(true);
        let port = socket.local_addr().map_or(0, |address| address.port());
        self.cast.ports[client] = Some(port);
        self.clients[client] = Some(Client {
            socket: Some(socket),
            port,
            reads: true,
            was_there: false,
            received: 0,
        });
        self.note(time, client, Deed::Connect);
        self.settle();
    }

    fn say(&mut self, client: usize, words: &str) {
        let time = now();
        let Some(socket) = self.socket(client) else { return };
        // A few bytes always have room.
        if socket.write_all(words.as_bytes()).is_err() {
            return;
        }
        let bytes = Bytes {
            n: words.len() as u64,
            data: Some(words.to_string()),
            times: 1,
        };
        self.note(time, client, Deed::Write(bytes));
        self.settle();
    }

    fn leave(&mut self, client: usize) {
        // What it hasn't read yet would turn its end into a reset.
        self.drain();
        let time = now();
        let Some(its) = &mut self.clients[client] else { return };
        let Some(socket) = its.socket.take() else { return };
        let _ = socket.shutdown(Shutdown::Both);
        drop(socket);
        self.note(time, client, Deed::Leave);
        self.settle();
    }

    fn pause(&mut self, client: usize) {
        self.drain();
        let time = now();
        let Some(its) = &mut self.clients[client] else { return };
        its.reads = false;
        self.note(time, client, Deed::Pause);
    }

    /// Sends until nothing more goes: the server sleeps, and doesn't take any more.
    fn flood(&mut self, client: usize) {
        const PIECE: [u8; 16 << 10] = [b'.'; 16 << 10];
        // The clock has microseconds, and a film an order.
        let time =
            now().max(self.played.last().map_or(0, |last| last.time + 1));
        let (mut sent, mut refusals) = (0, 0);
        let start = Instant::now();
        while sent < FLOOD && refusals < REFUSALS && start.elapsed() < PATIENCE
        {
            let Some(socket) = self.socket(client) else { return };
            match socket.write(&PIECE) {
                Ok(n) => {
                    sent += n as u64;
                    refusals = 0;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    refusals += 1;
                    self.settle();
                }
                Err(_) => break,
            }
        }
        self.settle();
        let bytes = Bytes { n: sent, data: None, times: 1 };
        self.note(time, client, Deed::Write(bytes));
    }

    fn resume(&mut self, client: usize) {
        let time = now();
        let Some(its) = &mut self.clients[client] else { return };
        its.reads = true;
        self.note(time, client, Deed::Resume);
        self.settle();
    }

    /// Reads what has come for those who read. Has anything?
    fn drain(&mut self) -> bool {
        let mut has_come = false;
        let mut buffer = vec![0; 64 << 10];
        for client in self.clients.iter_mut().flatten() {
            let Some(socket) = client.socket.as_mut().filter(|_| client.reads)
            else {
                continue;
            };
            while let Ok(n @ 1..) = socket.read(&mut buffer) {
                client.received += n as u64;
                has_come = true;
            }
        }
        has_come
    }

    /// Waits until all that was done has arrived, and the server sleeps again.
    fn settle(&mut self) {
        let start = Instant::now();
        let used = self.server.cpu();
        let (mut before, mut looks) = (None, 0);
        let mut is_delivered = false;
        while looks < LOOKS && start.elapsed() < PATIENCE {
            let has_come = self.drain();
            is_delivered = is_delivered || self.is_delivered();
            let asleep = observe::asleep(&self.server.processes());
            let is_same = asleep.is_some() && asleep == before;
            let is_quiet = is_delivered && !has_come && is_same;
            looks = if is_quiet { looks + 1 } else { 0 };
            before = asleep;
            let busy = self.server.cpu().zip(used);
            let busy = busy.map(|(now, then)| now.saturating_sub(then));
            let most = if self.never_sleeps { BUSY_AGAIN } else { BUSY };
            if busy > Some(most) && looks == 0 && !self.drain() {
                self.never_sleeps = true;
                return;
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "a process falls asleep without a word"
            )]
            std::thread::sleep(Duration::from_millis(1));
        }
        self.drain();
    }

    /// Has the kernel taken everything to the server's side? On a busy machine even
    /// loopback takes its time.
    fn is_delivered(&mut self) -> bool {
        let port = self.server.port();
        let sockets = Sockets::of(port);
        self.clients.iter_mut().flatten().all(|client| {
            let there = sockets.find(port, client.port);
            if client.socket.is_none() {
                // Its end has arrived once the server's side isn't "established".
                return there.is_none_or(|its| its.state != ESTABLISHED);
            }
            let here = sockets.find(client.port, port);
            let (here, there) = match (here, there) {
                (Some(here), Some(there)) => (here, there),
                // On its way; or the server has had it, and closed it.
                (Some(_), None) => return client.was_there,
                // Not to be seen on this machine, or reset.
                (None, _) => return true,
            };
            client.was_there = there.state != SYN_RECEIVED;
            there.state != SYN_RECEIVED
                && (!client.reads || here.unacknowledged == 0)
        })
    }
}

fn now() -> u64 {
    let time = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    u64::try_from(time.as_micros()).unwrap_or_default()
}

const ESTABLISHED: &str = "01";
const SYN_RECEIVED: &str = "03";

/// The connections of this machine, as `/proc/net/tcp` tells.
struct Sockets(Vec<Connection>);

struct Connection {
    local: u16,
    remote: u16,
    state: String,
    /// Bytes that the other side hasn't acknowledged.
    unacknowledged: u64,
}

impl Sockets {
    /// Those of a server's port, both ends. The tables may be long.
    fn of(port: u16) -> Self {
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"];
        let texts =
            tables.map(|table| fs::read_to_string(table).unwrap_or_default());
        let its = format!(":{port:04X} ");
        let lines = texts.iter().flat_map(|text| text.lines().skip(1));
        let lines = lines.filter(|line| line.contains(&its));
        Self(lines.filter_map(connection).collect())
    }

    fn find(&self, local: u16, remote: u16) -> Option<&Connection> {
        self.0.iter().find(|its| its.local == local && its.remote == remote)
    }
}

/// `0: 0100007F:1E61 0100007F:9C40 01 00000000:00000000 …`
fn connection(line: &str) -> Option<Connection> {
    let mut fields = line.split_whitespace().skip(1);
    let mut port = || {
        let (_, port) = fields.next()?.rsplit_once(':')?;
        u16::from_str_radix(port, 16).ok()
    };
    let (local, remote) = (port()?, port()?);
    let state = fields.next()?.to_string();
    let (unacknowledged, _) = fields.next()?.split_once(':')?;
    let unacknowledged = u64::from_str_radix(unacknowledged, 16).ok()?;
    Some(Connection { local, remote, state, unacknowledged })
}
