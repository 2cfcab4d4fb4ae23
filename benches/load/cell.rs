//! The servers of a step, each with its clients, measured in turns.

use std::io;
use std::ops::Range;
use std::thread;
use std::time::{Duration, Instant};

use lab::Server;

use super::args::Options;
use super::crowd::Crowd;
use super::machine::{self, Cores};
use super::results::{Memory, Results, Row, Sample, Settings};
use super::scenes::{self, Scene};
use super::table::{Ready, STEPS, Wire};

/// The clients who talk beside those who do nothing.
const ACTIVE: usize = 10;

/// A server that serves.
struct Running {
    ready: Ready,
    server: Server,
    crowd: Crowd,
    /// Those who do something: the last to come.
    members: Range<usize>,
    /// Why it's measured no further.
    trouble: Option<String>,
}

/// Measures all the cells, and says how far it is.
pub(crate) fn measure_all(
    options: &Options,
    servers: &[Ready],
    tell: &mut dyn FnMut(&str),
) -> Result<Results, String> {
    let cores = Cores::split();
    let mut results = Results {
        settings: Settings {
            rounds: options.rounds,
            millis: options.sample.as_millis() as u64,
            clients: options.clients.clone(),
        },
        machine: machine::describe(&cores),
        rows: Vec::new(),
        memory: Vec::new(),
        troubles: Vec::new(),
    };
    let start = Instant::now();
    // Everything about this process stays where the clients are.
    cores.keep_clients();
    for step in STEPS {
        let its = |ready: &&Ready| ready.step == step.id;
        let servers: Vec<Ready> = servers.iter().filter(its).cloned().collect();
        let Some(first) = servers.first() else { continue };
        for (active, idle) in crowds(options, first.wire) {
            tell(&format!(
                "{:4} s  step {}, {active} clients{}",
                start.elapsed().as_secs(),
                step.id,
                if idle > 0 { format!(", {idle} idle") } else { String::new() }
            ));
            let cell = Cell { options, cores: &cores, active, idle };
            cell.measure(&servers, &mut results, tell);
        }
    }
    cores.let_go();
    tell(&format!("{:4} s  done", start.elapsed().as_secs()));
    Ok(results)
}

/// How many clients talk, and how many do nothing beside them.
fn crowds(options: &Options, wire: Wire) -> Vec<(usize, usize)> {
    let mut crowds: Vec<(usize, usize)> = match wire {
        Wire::Echo(most) => {
            options.clients.iter().map(|&n| (n.min(most), 0)).collect()
        }
        // Nobody hears the only one in a chat.
        _ => options.clients.iter().map(|&n| (n.max(2), 0)).collect(),
    };
    crowds.dedup();
    let most = options.clients.iter().max().copied().unwrap_or(0);
    // Where everybody hears everything, nobody is idle.
    let can_idle =
        matches!(wire, Wire::Echo(2..) | Wire::Channels) && most > ACTIVE;
    if can_idle && options.clients.contains(&ACTIVE) {
        crowds.push((ACTIVE, most));
    }
    crowds
}

struct Cell<'a> {
    options: &'a Options,
    cores: &'a Cores,
    active: usize,
    idle: usize,
}

impl Cell<'_> {
    fn measure(
        &self,
        servers: &[Ready],
        results: &mut Results,
        tell: &mut dyn FnMut(&str),
    ) {
        let mut all = Vec::new();
        for ready in servers {
            match self.start(ready, results) {
                Ok(running) => all.push(running),
                Err(why) => self.note(results, ready, &why, tell),
            }
        }
        let scenes: &[Scene] = match servers.first().map(|ready| ready.wire) {
            Some(wire) if wire.is_echo() => &[Scene::Echo],
            _ => &[Scene::Calm, Scene::Flood],
        };
        let mut latencies = Vec::with_capacity(4 << 20);
        for &scene in scenes {
            self.rounds(scene, &mut all, &mut latencies, results);
        }
        for running in all {
            if let Some(why) = &running.trouble {
                self.note(results, &running.ready, why, tell);
            }
            // First the server: that its clients leave is no news to it any more.
            drop(running.server);
        }
    }

    fn rounds(
        &self,
        scene: Scene,
        all: &mut [Running],
        latencies: &mut Vec<u64>,
        results: &mut Results,
    ) {
        let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); all.len()];
        for round in 0..=self.options.rounds {
            let is_warm_up = round == 0;
            let most = if is_warm_up {
                self.options.warm_up()
            } else {
                self.options.sample
            };
            for (running, samples) in all.iter_mut().zip(&mut samples) {
                if running.trouble.is_some() {
                    continue;
                }
                match running.sample(scene, most, latencies) {
                    Ok(sample) => {
                        if sample.lost > 0 || sample.dropped > 0 {
                            running.trouble = Some(format!(
                                "{}: {} lost, {} clients dropped",
                                scene.name(),
                                sample.lost,
                                sample.dropped
                            ));
                        }
                        if !is_warm_up || running.trouble.is_some() {
                            samples.push(sample);
                        }
                    }
                    Err(why) => running.trouble = Some(why.to_string()),
                }
            }
        }
        for (running, samples) in all.iter().zip(samples) {
            let Ready { step, kind, name, .. } = &running.ready;
            results.rows.push(Row {
                step: step.to_string(),
                kind: *kind,
                server: name.clone(),
                scene,
                clients: self.active,
                idle: self.idle,
                samples,
            });
        }
    }

    fn note(
        &self,
        results: &mut Results,
        ready: &Ready,
        why: &str,
        tell: &mut dyn FnMut(&str),
    ) {
        let Self { active, idle, .. } = self;
        let trouble = format!(
            "step {}, {} clients, {}: {why}",
            ready.step,
            active + idle,
            ready.name
        );
        tell(&format!("        {trouble}"));
        results.troubles.push(trouble);
    }

    /// Starts a server and brings everybody in.
    fn start(
        &self,
        ready: &Ready,
        results: &mut Results,
    ) -> Result<Running, String> {
        let server = Server::launch(&ready.program, lab::deadline())
            .map_err(|why| why.to_string())?;
        self.cores.keep_server(&server.processes());
        let before = machine::memory(&server.processes());
        let mut crowd = Crowd::new().map_err(|error| error.to_string())?;
        let all = self.active + self.idle;
        let members = self.idle..all;
        bring_in(&server, &mut crowd, all).map_err(|why| why.to_string())?;
        settle(&mut crowd, members.clone(), ready.wire)
            .map_err(|why| why.to_string())?;
        let after = machine::memory(&server.processes());
        if let (0, Some(before), Some(after)) = (self.idle, before, after) {
            results.memory.push(Memory {
                step: ready.step.to_string(),
                kind: ready.kind,
                server: ready.name.clone(),
                clients: all,
                empty: before,
                full: after,
            });
        }
        let (ready, trouble) = (ready.clone(), None);
        Ok(Running { ready, server, crowd, members, trouble })
    }
}

/// Connects the clients one by one, each once the one before is accepted: a server
/// with a short queue would let the others wait for a second.
fn bring_in(
    server: &Server,
    crowd: &mut Crowd,
    count: usize,
) -> io::Result<()> {
    let own = server.descriptors();
    for i in 1..=count {
        crowd.connect(server.port())?;
        let start = Instant::now();
        let is_in = || {
            let now = server.descriptors();
            own.zip(now).is_none_or(|(own, now)| now >= own + i)
        };
        while !is_in() {
            if start.elapsed() > lab::deadline() {
                return Err(io::Error::other(format!(
                    "client {i} was never accepted"
                )));
            }
            // A chat tells everybody of each newcomer.
            crowd.drain()?;
            thread::yield_now();
        }
        crowd.drain()?;
    }
    Ok(())
}

/// Waits until everything is said that the arrival of the clients had said, and until
/// every member hears the others.
fn settle(
    crowd: &mut Crowd,
    members: Range<usize>,
    wire: Wire,
) -> io::Result<()> {
    if wire.is_echo() {
        let all = 0..crowd.len();
        let most = Duration::ZERO;
        let heard =
            scenes::play(Scene::Echo, crowd, all, wire, most, &mut Vec::new())?;
        return match heard.lost {
            0 => Ok(()),
            lost => Err(io::Error::other(format!("{lost} hear no echo"))),
        };
    }
    if let Some(greeting) = wire.greeting() {
        for member in members.clone() {
            crowd.send(member, greeting);
            crowd.drain()?;
        }
    }
    let start = Instant::now();
    for attempt in 0.. {
        if start.elapsed() > lab::deadline() {
            break;
        }
        if everybody_hears(crowd, members.clone(), wire, attempt)? {
            return Ok(());
        }
    }
    Err(io::Error::other("not everybody hears what is said"))
}

/// The first two members say something that was never said before. What everybody was
/// told until then has come before it.
fn everybody_hears(
    crowd: &mut Crowd,
    members: Range<usize>,
    wire: Wire,
    attempt: usize,
) -> io::Result<bool> {
    const MOST: Duration = Duration::from_secs(1);
    let words = ["a", "b"].map(|who| format!("sync {attempt}{who}."));
    let mut missing = [members.len() - 1; 2];
    let mut texts = vec![Vec::new(); crowd.len()];
    for (i, words) in words.iter().enumerate() {
        crowd.send(members.start + i, wire.say(words).as_bytes());
    }
    let start = Instant::now();
    while missing != [0; 2] && start.elapsed() < MOST {
        crowd.hear(Duration::from_millis(10), |client, _, bytes| {
            let text: &mut Vec<u8> = &mut texts[client];
            text.extend_from_slice(bytes);
            // Whole lines alone: what follows a token is measured.
            let Some(end) = text.iter().rposition(|&byte| byte == b'\n') else {
                return;
            };
            let lines: Vec<u8> = text.drain(..=end).collect();
            let lines = String::from_utf8_lossy(&lines);
            for (words, missing) in words.iter().zip(&mut missing) {
                let count = lines.matches(words.as_str()).count();
                *missing = missing.saturating_sub(count);
            }
        })?;
    }
    Ok(missing == [0; 2])
}

impl Running {
    fn sample(
        &mut self,
        scene: Scene,
        most: Duration,
        latencies: &mut Vec<u64>,
    ) -> io::Result<Sample> {
        latencies.clear();
        let gone = self.crowd.gone();
        let (server, own) = (self.server.cpu(), machine::own_cpu());
        let heard = scenes::play(
            scene,
            &mut self.crowd,
            self.members.clone(),
            self.ready.wire,
            most,
            latencies,
        )?;
        let own = own.zip(machine::own_cpu()).map(|(before, now)| now - before);
        let server =
            server.zip(self.server.cpu()).map(|(before, now)| now - before);
        let seconds = heard.time.as_secs_f64();
        latencies.sort_unstable();
        let at = |share: f64| {
            let last = latencies.len().checked_sub(1)?;
            let i = (last as f64 * share).round() as usize;
            Some(latencies[i.min(last)] as f64 / 1e3)
        };
        Ok(Sample {
            done: heard.done,
            lost: heard.lost,
            dropped: self.crowd.gone() - gone,
            seconds,
            cpu: server.map(|it| it.as_secs_f64()),
            clients_cpu: own.map(|it| it.as_secs_f64()),
            p50: at(0.5),
            p99: at(0.99),
            slowest: at(1.0),
        })
    }
}
