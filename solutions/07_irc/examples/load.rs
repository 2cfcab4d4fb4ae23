//! How many lines a second an IRC server delivers, and how late.
//!
//! ```console
//! $ cargo run --release -p irc --bin 07_irc &
//! $ cargo run --release -p irc --example load -- 7777 9000 90
//! ```
//!
//! `load PORT MEMBERS CHANNELS [TALKERS [SECONDS [WINDOW]]]`: so many clients, spread
//! over so many channels, of each of which TALKERS (10) speak as fast as they can for
//! SECONDS (5), WINDOW (16) messages at a time, and wait until the server has heard
//! them. Works with any server whose flood control is off: `examples/compare` starts
//! those of Debian.

use std::env;
use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// How many connections are being made at once.
const AT_ONCE: usize = 200;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Registering,
    Joining,
    Ready,
}

struct Client {
    stream: TcpStream,
    phase: Phase,
    channel: usize,
    is_talker: bool,
    /// Its lines tell how late they are.
    is_sample: bool,
    /// The begin of a line whose end hasn't come.
    rest: Vec<u8>,
    unsent: Vec<u8>,
}

struct Load {
    poll: Poll,
    clients: Vec<Client>,
    started: Instant,
    window: usize,
    is_talking: bool,
    ready: usize,
    said: u64,
    delivered: u64,
    latencies: Vec<u64>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard)?;
    let words: Vec<usize> = env::args_os()
        .skip(1)
        .filter_map(|word| word.to_str()?.parse().ok())
        .collect();
    let [port, members, channels, rest @ ..] = &words[..] else {
        return Err(
            "load PORT MEMBERS CHANNELS [TALKERS [SECONDS [WINDOW]]]".into()
        );
    };
    let talkers = rest.first().copied().unwrap_or(10);
    let seconds = rest.get(1).copied().unwrap_or(5) as u64;
    let mut load = Load {
        poll: Poll::new()?,
        clients: Vec::new(),
        started: Instant::now(),
        window: rest.get(2).copied().unwrap_or(16),
        is_talking: false,
        ready: 0,
        said: 0,
        delivered: 0,
        latencies: Vec::new(),
    };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, *port as u16));
    let mut out = io::stdout();
    load.connect(address, *members, *channels, talkers)?;
    writeln!(
        out,
        "{members} clients in {channels} channels after {:?}",
        load.started.elapsed()
    )?;
    let took = load.talk(Duration::from_secs(seconds))?;
    load.latencies.sort_unstable();
    let at = |part: f64| {
        let index = (load.latencies.len() as f64 * part) as usize;
        load.latencies.get(index).map_or(0.0, |&ns| ns as f64 / 1e6)
    };
    writeln!(
        out,
        "{:.2} M deliveries a second of {} messages; late by {:.1} ms (p50), {:.1} ms (p99)",
        load.delivered as f64 / took.as_secs_f64() / 1e6,
        load.said,
        at(0.5),
        at(0.99),
    )?;
    Ok(())
}

impl Load {
    fn connect(
        &mut self,
        address: SocketAddr,
        members: usize,
        channels: usize,
        talkers: usize,
    ) -> io::Result<()> {
        let mut events = Events::with_capacity(4_096);
        while self.ready < members {
            while self.clients.len() < members
                && self.clients.len() < self.ready + AT_ONCE
            {
                let number = self.clients.len();
                let mut stream = TcpStream::connect(address)?;
                let interest = Interest::READABLE | Interest::WRITABLE;
                self.poll.registry().register(
                    &mut stream,
                    Token(number),
                    interest,
                )?;
                let hello = format!("NICK n{number}\r\nUSER u 0 * :load\r\n");
                self.clients.push(Client {
                    stream,
                    phase: Phase::Registering,
                    channel: number % channels,
                    is_talker: number / channels < talkers,
                    // The last one of each channel.
                    is_sample: number + channels >= members,
                    rest: Vec::new(),
                    unsent: hello.into_bytes(),
                });
            }
            self.turn(&mut events, Duration::from_secs(10))?;
        }
        Ok(())
    }

    fn talk(&mut self, time: Duration) -> io::Result<Duration> {
        let mut events = Events::with_capacity(4_096);
        self.is_talking = true;
        (self.delivered, self.said) = (0, 0);
        let begin = Instant::now();
        for number in 0..self.clients.len() {
            if self.clients[number].is_talker {
                self.say(number)?;
            }
        }
        while begin.elapsed() < time {
            self.turn(&mut events, Duration::from_millis(100))?;
        }
        Ok(begin.elapsed())
    }

    fn turn(&mut self, events: &mut Events, most: Duration) -> io::Result<()> {
        self.poll.poll(events, Some(most))?;
        for event in events.iter() {
            let Token(number) = event.token();
            if event.is_writable() {
                self.write(number)?;
            }
            if event.is_readable() {
                self.read(number)?;
            }
        }
        Ok(())
    }

    /// A window of messages, and a PING whose PONG says that they are heard.
    fn say(&mut self, number: usize) -> io::Result<()> {
        let now = self.started.elapsed().as_nanos();
        let client = &mut self.clients[number];
        for _ in 0..self.window {
            let line = format!(
                "PRIVMSG #c{} :{now} some text to say\r\n",
                client.channel
            );
            client.unsent.extend_from_slice(line.as_bytes());
        }
        self.said += self.window as u64;
        client.unsent.extend_from_slice(b"PING :next\r\n");
        self.write(number)
    }

    fn write(&mut self, number: usize) -> io::Result<()> {
        let client = &mut self.clients[number];
        while !client.unsent.is_empty() {
            match client.stream.write(&client.unsent) {
                Ok(written) => drop(client.unsent.drain(..written)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::NotConnected => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn read(&mut self, number: usize) -> io::Result<()> {
        let mut buffer = [0; 65_536];
        loop {
            let count = match self.clients[number].stream.read(&mut buffer) {
                Ok(0) => {
                    return Err(io::Error::other(format!(
                        "client {number} is cut"
                    )));
                }
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return Ok(());
                }
                Err(error) => return Err(error),
            };
            let bytes = &buffer[..count];
            if self.is_talking
                && !self.clients[number].is_talker
                && !self.clients[number].is_sample
            {
                // The most of them only count.
                self.delivered +=
                    bytes.iter().filter(|&&byte| byte == b'\n').count() as u64;
            } else {
                self.hear(number, bytes)?;
            }
            if count < buffer.len() {
                return Ok(());
            }
        }
    }

    fn hear(&mut self, number: usize, bytes: &[u8]) -> io::Result<()> {
        let mut text = std::mem::take(&mut self.clients[number].rest);
        text.extend_from_slice(bytes);
        let end =
            text.iter().rposition(|&byte| byte == b'\n').map_or(0, |it| it + 1);
        self.clients[number].rest = text.split_off(end);
        for line in text.split(|&byte| byte == b'\n') {
            let mut words = line.split(|&byte| byte == b' ');
            let (first, command) = (words.next(), words.next().unwrap_or(b""));
            let client = &mut self.clients[number];
            match (client.phase, command) {
                _ if first == Some(b"PING") => {
                    client.unsent.extend_from_slice(b"PONG :x\r\n");
                    self.write(number)?;
                }
                (Phase::Registering, b"001") => {
                    client.phase = Phase::Joining;
                    let line = format!("JOIN #c{}\r\n", client.channel);
                    client.unsent.extend_from_slice(line.as_bytes());
                    self.write(number)?;
                }
                (Phase::Joining, b"366") => {
                    client.phase = Phase::Ready;
                    self.ready += 1;
                }
                (Phase::Ready, b"PRIVMSG") => {
                    self.delivered += 1;
                    let stamp =
                        words.nth(1).and_then(|it| it.strip_prefix(b":"));
                    let stamp = stamp.and_then(|it| {
                        str::from_utf8(it).ok()?.parse::<u64>().ok()
                    });
                    if let (true, Some(stamp)) = (client.is_sample, stamp) {
                        let now = self.started.elapsed().as_nanos() as u64;
                        self.latencies.push(now.saturating_sub(stamp));
                    }
                }
                (Phase::Ready, b"PONG") if self.is_talking => {
                    self.say(number)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}
