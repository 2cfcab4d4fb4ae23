//! How many lines a second an IRC server delivers, and how late.
//!
//! ```console
//! $ cargo run --release -p irc --bin 07_irc &
//! $ cargo run --release -p irc --example load -- 7777 9000 90
//! ```
//!
//! So many clients, spread over so many channels, of each of which ten speak as fast
//! as they can, 16 messages at a time, and wait until the server has heard them.
//! `--calm`: one speaks, a hundred messages a second. With 0 channels nobody says anything:
//! then it tells what the clients cost who are only there. `--server PID` looks at the
//! server's memory and processor time as well; `--json` is for `examples/compare`.
//!
//! Works with any server whose flood control is off: `examples/compare` starts those of
//! Debian.

mod outcome;

use std::error::Error;
use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use nix::sys::resource::{Resource, UsageWho, getrlimit, getrusage, setrlimit};
use nix::unistd::{SysconfVar, sysconf};

use outcome::Outcome;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Registering,
    Joining,
    Ready,
}

struct Client {
    stream: TcpStream,
    phase: Phase,
    /// `None`: it stays out of all.
    channel: Option<usize>,
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

#[derive(Parser)]
#[command(
    about = "How many lines a second an IRC server delivers, and how late"
)]
struct Options {
    /// Where the server listens, on 127.0.0.1
    port: u16,
    /// How many clients connect
    members: usize,
    /// Over how many channels they are spread; 0: they only connect
    channels: usize,
    /// How many in each channel speak
    #[arg(long, default_value_t = 10)]
    talkers: usize,
    /// How many messages each of them says at a time
    #[arg(long, default_value_t = 16)]
    window: usize,
    /// How many clients are on their way in at once: at most as many as the server's
    /// queue holds (the backlog of its listen)
    #[arg(long, default_value_t = 8)]
    at_once: usize,
    /// One speaks in each channel, a hundred messages a second
    #[arg(long)]
    calm: bool,
    /// For how long
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// The server's process: its memory and processor time are measured
    #[arg(long, value_name = "PID")]
    server: Option<u32>,
    /// For a program
    #[arg(long)]
    json: bool,
}

const DAY: Duration = Duration::from_secs(86_400);

/// Longer than any server takes to let in the next one.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "load: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    if options.calm && options.channels == 0 {
        return Err("--calm needs a channel to talk in".into());
    }
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard)?;
    let outcome = play(options)?;
    if options.json {
        writeln!(io::stdout(), "{}", serde_json::to_string(&outcome)?)?;
    } else {
        write!(io::stdout(), "{outcome}")?;
    }
    Ok(())
}

fn play(options: &Options) -> Result<Outcome, Box<dyn Error>> {
    let mut load = Load {
        poll: Poll::new()?,
        clients: Vec::new(),
        started: Instant::now(),
        window: options.window,
        is_talking: false,
        ready: 0,
        said: 0,
        delivered: 0,
        latencies: Vec::new(),
    };
    let time = Duration::try_from_secs_f64(options.seconds)?;
    if time.is_zero() || time > DAY {
        return Err("--seconds: more than none, a day at most".into());
    }
    let look = || options.server.map(Server::look).transpose();
    let alone = look()?;
    load.connect(options)?;
    let connected = load.started.elapsed();
    if options.channels == 0 {
        // What it does for them at once has been done then.
        load.wait(Duration::from_millis(500))?;
    }
    let (before, own) = (look()?, own_time()?);
    let took =
        if options.calm { load.talk_calmly(time) } else { load.talk(time) }?;
    let (after, own) = (look()?, own_time()?.saturating_sub(own));
    load.latencies.sort_unstable();
    let at = |part: f64| {
        let index = (load.latencies.len() as f64 * part) as usize;
        load.latencies.get(index).map_or(0.0, |&ns| ns as f64 / 1e6)
    };
    let used =
        after.zip(before).map(|(after, before)| after.used - before.used);
    let memory = before.zip(alone).map(|(before, alone)| {
        before.memory.saturating_sub(alone.memory)
            / options.members.max(1) as u64
    });
    Ok(Outcome {
        members: options.members,
        channels: options.channels,
        connected: connected.as_secs_f64(),
        took: took.as_secs_f64(),
        said: load.said,
        delivered: load.delivered,
        late_half: at(0.5),
        late_most: at(0.99),
        load: own.as_secs_f64() / took.as_secs_f64(),
        used,
        memory,
    })
}

/// The processor time of this process.
fn own_time() -> nix::Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let both = usage.user_time() + usage.system_time();
    let micros = both.tv_sec() * 1_000_000 + both.tv_usec();
    Ok(Duration::from_micros(micros.unsigned_abs()))
}

/// A look at the server's process.
#[derive(Clone, Copy)]
struct Server {
    /// The processor time of all its threads, user and system, in seconds.
    used: f64,
    /// Its resident set, in bytes.
    memory: u64,
}

impl Server {
    /// proc_pid_stat(5): `utime` and `stime`, the 14th and the 15th, in ticks of the
    /// clock; `rss`, the 24th, in pages.
    fn look(pid: u32) -> Result<Self, Box<dyn Error>> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"));
        let stat = stat.map_err(|error| format!("process {pid}: {error}"))?;
        let (_, rest) = stat.rsplit_once(") ").ok_or("no such process")?;
        let fields: Vec<u64> =
            rest.split(' ').map(|it| it.trim().parse().unwrap_or(0)).collect();
        let system = |what| {
            let value = sysconf(what).ok().flatten();
            value.ok_or("sysconf doesn't say it")
        };
        let ticks = system(SysconfVar::CLK_TCK)? as f64;
        let page = system(SysconfVar::PAGE_SIZE)?.unsigned_abs();
        let [user, kernel, pages] = [14, 15, 24].map(|it| fields[it - 3]);
        Ok(Self { used: (user + kernel) as f64 / ticks, memory: pages * page })
    }
}

impl Load {
    fn connect(&mut self, options: &Options) -> Result<(), Box<dyn Error>> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
        let (members, channels) = (options.members, options.channels.max(1));
        let talkers = if options.calm { 1 } else { options.talkers };
        let mut events = Events::with_capacity(4_096);
        let mut last = (self.ready, Instant::now());
        while self.ready < members {
            if self.ready > last.0 {
                last = (self.ready, Instant::now());
            } else if last.1.elapsed() > PATIENCE {
                let (ready, time) = (self.ready, PATIENCE.as_secs());
                return Err(format!(
                    "the server at {address} has let in {ready} of {members} \
                     clients, and nobody for {time} seconds"
                )
                .into());
            }
            while self.clients.len() < members
                && self.clients.len() < self.ready + options.at_once.max(1)
            {
                let number = self.clients.len();
                let mut stream = TcpStream::connect(address)?;
                stream.set_nodelay(true)?;
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
                    channel: (options.channels > 0)
                        .then_some(number % channels),
                    is_talker: options.channels > 0
                        && number / channels < talkers,
                    // The last one of each channel; all, if it's not too much.
                    is_sample: options.calm || number + channels >= members,
                    rest: Vec::new(),
                    unsent: hello.into_bytes(),
                });
            }
            let turned = self.turn(&mut events, Duration::from_secs(1));
            turned.map_err(|error| format!("{address}: {error}"))?;
        }
        Ok(())
    }

    /// Reads what comes, and says nothing.
    fn wait(&mut self, time: Duration) -> io::Result<()> {
        let mut events = Events::with_capacity(4_096);
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.turn(
                &mut events,
                end.saturating_duration_since(Instant::now()),
            )?;
        }
        Ok(())
    }

    fn talk(&mut self, time: Duration) -> io::Result<Duration> {
        self.is_talking = true;
        (self.delivered, self.said) = (0, 0);
        let begin = Instant::now();
        for number in 0..self.clients.len() {
            if self.clients[number].is_talker {
                self.say(number)?;
            }
        }
        self.wait(time)?;
        Ok(begin.elapsed())
    }

    /// The talkers in turn, each every 10 ms.
    fn talk_calmly(&mut self, time: Duration) -> io::Result<Duration> {
        let talkers: Vec<usize> = (0..self.clients.len())
            .filter(|&it| self.clients[it].is_talker)
            .collect();
        let pause = Duration::from_millis(10) / talkers.len().max(1) as u32;
        (self.delivered, self.said) = (0, 0);
        let begin = Instant::now();
        let mut next = begin;
        for &number in talkers.iter().cycle() {
            if begin.elapsed() >= time {
                break;
            }
            self.queue(number, 1);
            self.write(number)?;
            next += pause;
            self.wait(next.saturating_duration_since(Instant::now()))?;
        }
        Ok(begin.elapsed())
    }

    fn turn(&mut self, events: &mut Events, most: Duration) -> io::Result<()> {
        match self.poll.poll(events, Some(most)) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {
                return Ok(());
            }
            polled => polled?,
        }
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
        self.queue(number, self.window);
        self.clients[number].unsent.extend_from_slice(b"PING :next\r\n");
        self.write(number)
    }

    fn queue(&mut self, number: usize, count: usize) {
        let now = self.started.elapsed().as_nanos();
        let client = &mut self.clients[number];
        let Some(channel) = client.channel else { return };
        for _ in 0..count {
            let line =
                format!("PRIVMSG #c{channel} :{now} some text to say\r\n");
            client.unsent.extend_from_slice(line.as_bytes());
        }
        self.said += count as u64;
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
                _ if first == Some(b"ERROR") => {
                    let line = String::from_utf8_lossy(line);
                    let what = format!("client {number}: {}", line.trim_end());
                    return Err(io::Error::other(what));
                }
                _ if first == Some(b"PING") => {
                    client.unsent.extend_from_slice(b"PONG :x\r\n");
                    self.write(number)?;
                }
                (Phase::Registering, b"001") => {
                    if let Some(channel) = client.channel {
                        client.phase = Phase::Joining;
                        let line = format!("JOIN #c{channel}\r\n");
                        client.unsent.extend_from_slice(line.as_bytes());
                        self.write(number)?;
                    } else {
                        client.phase = Phase::Ready;
                        self.ready += 1;
                    }
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
