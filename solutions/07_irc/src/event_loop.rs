//! The loop: that of step 03, grown up. It alone knows sockets.
//!
//! Each turn waits until something can be done, reads what has come, and writes
//! at its end: what was said to one client during the turn goes out in one
//! `writev`, and it's that which makes a server fast.

use std::io::{self, ErrorKind, Read};
use std::mem;
use std::net::{Shutdown, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use causette::accept::{gave_up, is_out_of_resources};
use mio::event::Event;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use nix::errno::Errno;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook_mio::v1_0::Signals;
use socket2::SockRef;

use crate::action::Action;
use crate::clock::Moment;
use crate::config::Config;
use crate::core::Core;
use crate::ids::{ConnId, Id};
use crate::logging::{Level, Log};

const SIGNALS: Token = Token(usize::MAX);
/// The first listener; the others count down from here.
const LISTENER: usize = usize::MAX - 1;

/// What is read from one client in one turn: the others have theirs.
const READ: usize = 16 << 10;

/// How many newcomers are let in in one turn.
const NEWCOMERS: usize = 256;

/// How many sockets one turn hears of. Those beyond come in the next one.
const EVENTS: usize = 4_096;

/// How long newcomers wait for a descriptor if nobody here gives one back:
/// another program may.
const AGAIN: Duration = Duration::from_secs(1);

/// How long everyone may take to read that the server ends.
const FAREWELL: Duration = Duration::from_millis(500);

/// What the command line says beside the port: it holds whatever the
/// configuration says, also when that is read again.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where the configuration is.
    pub config: Option<PathBuf>,
    /// How much the log says.
    pub log: Option<Level>,
}

impl Options {
    fn applied(&self, mut config: Config) -> Config {
        config.log = self.log.unwrap_or(config.log);
        config
    }
}

/// Why the loop has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A signal or DIE.
    Stop,
    /// RESTART.
    Restart,
}

struct Door {
    listener: mio::net::TcpListener,
    is_ready: bool,
}

struct Socket {
    stream: TcpStream,
    /// Is there something to read, as far as we know?
    is_readable: bool,
    /// Does it stand in the list of those to read?
    is_listed: bool,
    /// Read on until the end: it's in sight.
    is_at_end: bool,
    /// Does it take bytes, as far as we know?
    is_writable: bool,
    /// Close it when nothing waits for it any more.
    is_closing: bool,
}

/// A running server.
pub struct EventLoop {
    poll: Poll,
    signals: Signals,
    doors: Vec<Door>,
    core: Core,
    sockets: Vec<Option<Socket>>,
    /// Those to read in the next turn.
    to_read: Vec<ConnId>,
    /// When to try again to let in those who wait for a descriptor.
    again: Option<Instant>,
    /// Has the log said that they wait?
    is_full_said: bool,
    buffer: Vec<u8>,
    started: Instant,
    options: Options,
    log: Log,
    end: Option<End>,
}

impl EventLoop {
    /// A server that doesn't listen yet, but hears signals: whoever sees it
    /// listen may send one. With the `options`, whatever `config` says.
    ///
    /// # Errors
    ///
    /// What the system refuses.
    pub fn new(config: Config, options: Options) -> io::Result<Self> {
        let poll = Poll::new()?;
        let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
        let registry = poll.registry();
        registry.register(&mut signals, SIGNALS, Interest::READABLE)?;
        let started = Instant::now();
        Ok(Self {
            poll,
            signals,
            doors: Vec::new(),
            core: Core::new(options.applied(config), moment(started)),
            sockets: Vec::new(),
            to_read: Vec::new(),
            again: None,
            is_full_said: false,
            buffer: vec![0; READ],
            started,
            options,
            log: Log::default(),
            end: None,
        })
    }

    /// Lets in those who connect to `listener`.
    ///
    /// # Errors
    ///
    /// What the system refuses.
    pub fn add_door(&mut self, listener: TcpListener) -> io::Result<()> {
        listener.set_nonblocking(true)?;
        let mut listener = mio::net::TcpListener::from_std(listener);
        let token = Token(LISTENER - self.doors.len());
        let registry = self.poll.registry();
        registry.register(&mut listener, token, Interest::READABLE)?;
        self.doors.push(Door { listener, is_ready: true });
        Ok(())
    }

    /// Serves until a signal or an operator ends it.
    ///
    /// # Errors
    ///
    /// The server can't go on.
    pub fn run(&mut self) -> io::Result<End> {
        let mut events = Events::with_capacity(EVENTS);
        while self.end.is_none() {
            self.turn(&mut events)?;
        }
        let end = self.end.unwrap_or(End::Stop);
        self.say_goodbye(&mut events, end)?;
        Ok(end)
    }

    fn turn(&mut self, events: &mut Events) -> io::Result<()> {
        if self.again.is_some_and(|at| at <= Instant::now()) {
            self.try_doors();
        }
        let is_waiting = self.to_read.is_empty()
            && !self.doors.iter().any(|door| door.is_ready);
        let timeout = match is_waiting {
            true => self.until_next_due(),
            false => Some(Duration::ZERO),
        };
        match self.poll.poll(events, timeout) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {
                return Ok(());
            }
            polled => polled?,
        }
        self.core.tick(moment(self.started));
        for event in events.iter() {
            match event.token() {
                SIGNALS => self.hear_signals(),
                Token(number) if LISTENER - number < self.doors.len() => {
                    self.doors[LISTENER - number].is_ready = true;
                }
                Token(number) => self.note(ConnId::from_index(number), event),
            }
        }
        for id in mem::take(&mut self.to_read) {
            self.read(id);
            // Somebody's queue grows faster than the turn ends.
            if self.core.take_pressed() {
                self.settle();
            }
        }
        self.settle();
        self.let_in()
    }

    /// How long the loop may sleep; without a limit if nothing will be due.
    fn until_next_due(&self) -> Option<Duration> {
        let due = self.core.next_due().map(Duration::from_millis);
        let due = due.map(|due| self.started + due);
        let next = due.into_iter().chain(self.again).min()?;
        // A timer must not fire a fraction too early and spin: round up.
        let left = next.saturating_duration_since(Instant::now());
        Some(left + Duration::from_millis(1))
    }

    /// Newcomers may be there: tries to let them in at the end of the turn.
    fn try_doors(&mut self) {
        self.again = None;
        for door in &mut self.doors {
            door.is_ready = true;
        }
    }

    /// Notes what the system says about a socket.
    fn note(&mut self, id: ConnId, event: &Event) {
        let Some(socket) = self.socket(id) else { return };
        socket.is_at_end |= event.is_read_closed() || event.is_error();
        if event.is_readable() || socket.is_at_end {
            socket.is_readable = true;
            self.list(id);
        }
        if event.is_writable() {
            if let Some(socket) = self.socket(id) {
                socket.is_writable = true;
            }
            self.write(id);
        }
    }

    fn socket(&mut self, id: ConnId) -> Option<&mut Socket> {
        self.sockets.get_mut(id.index())?.as_mut()
    }

    /// This one shall be read.
    fn list(&mut self, id: ConnId) {
        if let Some(socket) = self.socket(id)
            && socket.is_readable
            && !socket.is_listed
        {
            socket.is_listed = true;
            self.to_read.push(id);
        }
    }

    /// Reads once from a socket, and gives the core what has come.
    fn read(&mut self, id: ConnId) {
        let is_listening = self.core.is_listening(id);
        let Some(socket) = self.sockets.get_mut(id.index()) else { return };
        let Some(socket) = socket else { return };
        socket.is_listed = false;
        if !is_listening || socket.is_closing {
            return;
        }
        match socket.stream.read(&mut self.buffer) {
            Ok(0) => self.core.hung_up(id, "Connection closed"),
            Ok(count) => {
                // Less than there was room for: that's all, and more will be
                // told. At the end it isn't.
                socket.is_readable = count == READ || socket.is_at_end;
                self.core.receive(id, &self.buffer[..count]);
                self.list(id);
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                socket.is_readable = false;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {
                self.list(id);
            }
            Err(error) => self.fail(id, &error),
        }
    }

    /// Writes what waits for a socket, as far as it takes it.
    fn write(&mut self, id: ConnId) {
        let Some(Some(socket)) = self.sockets.get_mut(id.index()) else {
            return;
        };
        let Some(queue) = self.core.queue(id) else { return };
        while socket.is_writable && !queue.is_empty() {
            match queue.write_to(&mut socket.stream) {
                Ok(written) => queue.advance(written),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    socket.is_writable = false;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return self.fail(id, &error),
            }
        }
        if socket.is_closing && queue.is_empty() {
            self.close(id);
        }
    }

    /// This client can't go on.
    fn fail(&mut self, id: ConnId, error: &io::Error) {
        let why = match error.kind() {
            ErrorKind::ConnectionReset => "Connection reset by peer",
            ErrorKind::BrokenPipe => "Broken pipe",
            ErrorKind::TimedOut => "Connection timed out",
            _ => "Connection failed",
        };
        self.core.hung_up(id, why);
        self.close(id);
    }

    /// Does what the core wants, until it wants nothing more.
    fn settle(&mut self) {
        loop {
            let actions = self.core.take_actions();
            if actions.is_empty() {
                return;
            }
            for action in actions {
                self.carry_out(action);
            }
        }
    }

    fn carry_out(&mut self, action: Action) {
        match action {
            Action::Write(id) => self.write(id),
            Action::Resume(id) => self.list(id),
            Action::Close(id) => {
                if let Some(socket) = self.socket(id) {
                    socket.is_closing = true;
                    self.write(id);
                }
            }
            Action::Abort(id) => {
                if let Some(socket) = self.socket(id) {
                    // The system may hold megabytes for it too. With a linger
                    // of zero, closing throws them away.
                    let socket = SockRef::from(&socket.stream);
                    let _ = socket.set_linger(Some(Duration::ZERO));
                    self.close(id);
                }
            }
            Action::Log(text) => self.log.line(&text),
            Action::Rehash => self.rehash(),
            Action::Restart => self.end = Some(End::Restart),
            Action::Die => self.end = Some(End::Stop),
        }
    }

    /// Closes a socket. Reads before what has already arrived, a mebibyte at
    /// most: closing with unread bytes resets the connection, and what was
    /// written but hasn't arrived is lost.
    fn close(&mut self, id: ConnId) {
        let Some(socket) = self.sockets.get_mut(id.index()) else { return };
        let Some(mut socket) = socket.take() else { return };
        let _ = socket.stream.shutdown(Shutdown::Write);
        for _ in 0..(1 << 20) / READ {
            if !socket.stream.read(&mut self.buffer).is_ok_and(|n| n == READ) {
                break;
            }
        }
        let _ = self.poll.registry().deregister(&mut socket.stream);
        self.core.gone(id);
        // Newcomers may have waited for a descriptor.
        self.try_doors();
    }

    /// Lets some newcomers in. Those who are there come first: this is the end
    /// of the turn.
    fn let_in(&mut self) -> io::Result<()> {
        for number in 0..self.doors.len() {
            for _ in 0..NEWCOMERS {
                let door = &mut self.doors[number];
                if !door.is_ready {
                    break;
                }
                match door.listener.accept() {
                    Ok((stream, peer)) => self.add(stream, peer),
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {
                        door.is_ready = false;
                    }
                    Err(error) if gave_up(&error) => {}
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    Err(error) if self.may_pass(&error) => {
                        self.doors[number].is_ready = false;
                        self.let_wait(&error);
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        self.settle();
        Ok(())
    }

    /// Is nothing left to let somebody in with, which can change? Not if this
    /// program has all the descriptors that it may have, and no client.
    fn may_pass(&self, error: &io::Error) -> bool {
        let is_own_limit = error.raw_os_error() == Some(Errno::EMFILE as i32);
        let is_hopeless = is_own_limit && self.core.connections() == 0;
        is_out_of_resources(error) && !is_hopeless
    }

    /// Newcomers wait until a client leaves, or for a while.
    fn let_wait(&mut self, error: &io::Error) {
        self.again = Some(Instant::now() + AGAIN);
        // Once, however often newcomers come and have to wait.
        if !mem::replace(&mut self.is_full_said, true) {
            let text = format!("no descriptor left, newcomers wait: {error}");
            self.log.line(&text);
        }
    }

    fn add(&mut self, mut stream: TcpStream, peer: SocketAddr) {
        // Nagle's algorithm would hold a line back while another is on its way.
        let _ = stream.set_nodelay(true);
        let id = self.core.connected(peer);
        let interest = Interest::READABLE | Interest::WRITABLE;
        let token = Token(id.index());
        let registry = self.poll.registry();
        if let Err(error) = registry.register(&mut stream, token, interest) {
            // This one can't be served: no reason to leave the others alone.
            self.log.line(&format!("client {peer} can't be watched: {error}"));
            self.core.gone(id);
            self.settle();
            return;
        }
        let socket = Socket {
            stream,
            is_readable: false,
            is_listed: false,
            is_at_end: false,
            is_writable: true,
            is_closing: false,
        };
        if self.sockets.len() <= id.index() {
            self.sockets.resize_with(id.index() + 1, || None);
        }
        self.sockets[id.index()] = Some(socket);
        self.settle();
    }

    fn hear_signals(&mut self) {
        for signal in self.signals.pending() {
            match signal {
                SIGHUP => self.core.ask_for_rehash(),
                _ => self.end = Some(End::Stop),
            }
        }
    }

    fn rehash(&mut self) {
        let Some(path) = &self.options.config else {
            self.log.line("there is no configuration file to read again");
            return;
        };
        match Config::load(path) {
            Ok(config) => {
                self.core.reconfigure(self.options.applied(config));
            }
            Err(wrong) => {
                self.core.keep_configuration(&wrong.to_string());
                self.log.line(&format!("configuration kept: {wrong}"));
            }
        }
    }

    /// Everyone gets ERROR, and a moment to read it.
    fn say_goodbye(&mut self, events: &mut Events, end: End) -> io::Result<()> {
        self.doors.clear();
        self.core.shut_down(match end {
            End::Stop => "Server ends",
            End::Restart => "Server restarts",
        });
        self.settle();
        let until = Instant::now() + FAREWELL;
        while self.core.connections() > 0 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            match self.poll.poll(events, Some(left)) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {
                    continue;
                }
                polled => polled?,
            }
            for event in events.iter() {
                if event.token() != SIGNALS {
                    self.note(ConnId::from_index(event.token().0), event);
                }
            }
            self.settle();
        }
        self.log.line("the server has ended");
        Ok(())
    }
}

fn moment(started: Instant) -> Moment {
    let unix = SystemTime::now().duration_since(UNIX_EPOCH);
    Moment {
        ms: started.elapsed().as_millis() as u64,
        unix: unix.map_or(0, |since| since.as_secs()),
    }
}
