//! 07_irc beside Debian's IRC servers: deliveries a second, how late they are, what
//! they cost the server; all on loopback, in turns, on one machine.
//!
//! ```console
//! $ cargo build --release -p irc --bins --examples
//! $ cargo run --release -p irc --example compare > benches/irc.md
//! $ cargo bench -- --replot                      # BENCHMARKS.md contains it
//! ```
//!
//! Let nothing else run meanwhile. A server that isn't installed (ngircd, inspircd,
//! ircd-hybrid) is left out; Debian's packages of ngircd and ircd-hybrid exclude each
//! other: `apt-get download ircd-hybrid && dpkg -x ircd-hybrid_*.deb /` unpacks the
//! second one. ircd-hybrid asks the DNS for the name of each client, and can't be told
//! not to: where the DNS is slow, so is its beginning. Their throttles are off, and so
//! are ours; each is started anew for each measurement.

#[path = "../load/outcome.rs"]
mod outcome;
mod page;
mod servers;

use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Parser;
use nix::sched::{CpuSet, sched_setaffinity};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::Pid;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use outcome::Outcome;
use servers::Kind;

#[derive(Parser)]
#[command(about = "07_irc beside Debian's IRC servers, as tables")]
struct Options {
    /// How often everything is measured; the tables show the medians
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// How long each time
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Only these scenes: flood, calm, idle
    #[arg(long, value_delimiter = ',', default_value = "flood,calm,idle")]
    scenes: Vec<Scene>,
    /// At most so many clients
    #[arg(long, default_value_t = usize::MAX)]
    clients: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Scene {
    /// Ten in each channel talk as fast as they can.
    Flood,
    /// One in each channel talks, a hundred lines a second.
    Calm,
    /// Nobody talks.
    Idle,
}

impl Scene {
    /// Members and channels.
    fn sizes(self) -> &'static [(usize, usize)] {
        match self {
            Self::Flood => &[
                (10, 1),
                (100, 1),
                (900, 1),
                (1000, 1),
                (900, 9),
                (900, 90),
                (5000, 50),
                (9000, 90),
                (10_000, 100),
            ],
            Self::Calm => &[(10, 1), (100, 1), (900, 1), (900, 90)],
            Self::Idle => &[(10_000, 0)],
        }
    }
}

/// What was measured of one server in one scene.
struct Cell {
    scene: Scene,
    members: usize,
    channels: usize,
    kind: Kind,
    /// How many messages a talker said at a time, at last.
    window: usize,
    outcomes: Vec<Outcome>,
    trouble: Option<String>,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "compare: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    // A signal ends it after the measurement, so that no server is left behind.
    let is_interrupted = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        flag::register(signal, Arc::clone(&is_interrupted))?;
    }
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard)?;
    let programs = std::env::current_exe()?
        .ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .ok_or("this program has no folder")?;
    for program in ["07_irc", "examples/load"] {
        if !programs.join(program).is_file() {
            return Err(format!(
                "{program} is not in {}: first \
                 cargo build --release -p irc --bins --examples",
                programs.display()
            )
            .into());
        }
    }
    let kinds = Kind::installed(&programs);
    let mut cells = Vec::new();
    for &scene in &options.scenes {
        for &(members, channels) in scene.sizes() {
            if members > options.clients {
                continue;
            }
            cells.extend(kinds.iter().map(|&kind| Cell {
                scene,
                members,
                channels,
                kind,
                window: 16,
                outcomes: Vec::new(),
                trouble: None,
            }));
        }
    }
    for round in 1..=options.rounds {
        for cell in &mut cells {
            cell.measure(&programs, options.seconds, &is_interrupted);
            if is_interrupted.load(Ordering::Relaxed) {
                return Err("interrupted".into());
            }
            let news = cell.news();
            writeln!(io::stderr(), "round {round}: {news}")?;
        }
    }
    write!(io::stdout(), "{}", page::page(options, &kinds, &cells))?;
    Ok(())
}

impl Cell {
    /// Measures once. Where the server cuts clients because too much waits for them,
    /// the talkers say less at a time.
    fn measure(&mut self, programs: &Path, seconds: f64, end: &AtomicBool) {
        loop {
            match self.play(programs, seconds) {
                Ok(outcome) => {
                    self.trouble = None;
                    return self.outcomes.push(outcome);
                }
                Err(error) => self.trouble = Some(error.to_string()),
            }
            let is_last = self.scene != Scene::Flood || self.window == 1;
            if is_last || end.load(Ordering::Relaxed) {
                return;
            }
            // Those of other windows say nothing about this one.
            self.outcomes.clear();
            self.window /= 2;
        }
    }

    fn play(
        &self,
        programs: &Path,
        seconds: f64,
    ) -> Result<Outcome, Box<dyn Error>> {
        let server = servers::Running::start(self.kind, programs)?;
        keep(server.pid(), 0);
        let program: PathBuf = programs.join("examples/load");
        let mut command = Command::new(program);
        command
            .arg(server.port().to_string())
            .arg(self.members.to_string())
            .arg(self.channels.to_string())
            .args(["--json", "--window", &self.window.to_string()])
            .args(["--at-once", &self.kind.at_once().to_string()])
            .args(["--seconds", &seconds.to_string()])
            .args(["--server", &server.pid().to_string()]);
        if self.scene == Scene::Calm {
            command.arg("--calm");
        }
        // It inherits the processor that this program has left.
        keep(0, 1);
        let output = command.output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(said.trim().into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    fn news(&self) -> String {
        let Self { scene, members, channels, .. } = self;
        let name = self.kind.name();
        let said = match (self.outcomes.last(), &self.trouble) {
            (_, Some(trouble)) => trouble.clone(),
            (Some(outcome), None) => outcome.to_string().replace('\n', "; "),
            (None, None) => String::new(),
        };
        format!("{scene:?} {members} in {channels}, {name}: {said}")
    }
}

/// Keeps a process on one of the first two processors, where there are two.
fn keep(pid: u32, core: usize) {
    let mut cores = CpuSet::new();
    if cores.set(core).is_ok() {
        // With a single one the system refuses, and all share it.
        let _ = sched_setaffinity(Pid::from_raw(pid.cast_signed()), &cores);
    }
}
