//! A server that runs, and the guard that ends it.

use std::ffi::OsStr;
use std::fmt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

use crate::deadline::{deadline, until, until_within};
use crate::observe::{self, Counters, Members};
use crate::output::Output;
use crate::port::free_port;
use crate::program::Program;
use crate::watchdog::{self, MARK};

/// How long nothing must happen in a server for it to be called idle.
const QUIET: Duration = Duration::from_millis(50);

/// The most processor time that a program may need before it listens: a virtual
/// machine that first compiles takes seconds of it.
const START: Duration = Duration::from_secs(8);

/// The processor time that these processes have used so far, all together.
fn cpu_of(pids: &[u32]) -> Duration {
    let all = pids.iter().filter_map(|&pid| observe::counters(pid));
    Duration::from_nanos(all.map(|counters| counters.cpu).sum())
}

/// Between two looks at all the sockets of the machine.
const SELDOM: Duration = Duration::from_millis(100);

/// A running server. When it's dropped, its whole process group ends; that happens
/// too when the process that holds it is killed.
pub struct Server {
    program: Program,
    port: u16,
    /// The process that listens: not the child where `strace` stands around it.
    pid: u32,
    group: Group,
    members: Mutex<Members>,
    log: Output,
    errors: Output,
}

/// Why a server doesn't serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotServing {
    /// The command itself can't be started.
    NoProgram(String),
    /// It ended before it listened.
    Ended {
        /// Its exit status; `None` after a signal.
        status: Option<i32>,
        /// The signal that ended it, if one did.
        signal: Option<i32>,
        /// The end of what it printed on stdout.
        stdout: String,
        /// The end of what it printed on stderr.
        stderr: String,
    },
    /// It ended, and left a process of its own in the background.
    Daemon,
    /// It runs, and nobody of its group listens on the port.
    Silent {
        /// The ports on which it listens instead.
        elsewhere: Vec<u16>,
        /// What it printed.
        stdout: String,
        /// What it printed on stderr.
        stderr: String,
    },
}

impl fmt::Display for NotServing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, stdout, stderr) = match self {
            Self::Daemon => return f.write_str("it went to the background"),
            Self::NoProgram(why) => {
                return write!(f, "it can't be started: {why}");
            }
            Self::Ended { status, signal, stdout, stderr } => (
                format!(
                    "the server ended: exit status {status:?}, signal {signal:?}"
                ),
                stdout,
                stderr,
            ),
            Self::Silent { elsewhere, stdout, stderr } => (
                format!(
                    "the server doesn't listen there, but on {elsewhere:?}"
                ),
                stdout,
                stderr,
            ),
        };
        write!(f, "{what}\nstdout:\n{stdout}\nstderr:\n{stderr}")
    }
}

impl Server {
    /// Starts `program` on a free port and waits until it listens: as long as it works
    /// for that, and at most `most` without its using a processor.
    ///
    /// # Errors
    ///
    /// It doesn't serve.
    pub fn launch(
        program: &Program,
        most: Duration,
    ) -> Result<Self, NotServing> {
        // Another process may take the port between our look and the server's bind,
        // and be gone again before we look who it was: that is tried again.
        for _ in 0..3 {
            let port = program.fixed_port().unwrap_or_else(free_port);
            match Self::start_on(program, port, most) {
                Err(NotServing::Ended { stderr, .. })
                    if says_port_taken(&stderr) => {}
                judged => return judged,
            }
        }
        let port = program.fixed_port().unwrap_or_else(free_port);
        Self::start_on(program, port, most)
    }

    #[track_caller]
    pub(crate) fn start(program: &Program) -> Self {
        Self::launch(program, deadline())
            .unwrap_or_else(|reason| panic!("{reason}"))
    }

    /// Starts `program` on this very port, and waits until it listens: as long as it
    /// works for that, and at most `most` without its using a processor.
    ///
    /// # Errors
    ///
    /// It doesn't serve.
    pub fn start_on(
        program: &Program,
        port: u16,
        most: Duration,
    ) -> Result<Self, NotServing> {
        let mut command = program.command(&[OsStr::new(&port.to_string())]);
        let mut group =
            Group::start(&mut command).map_err(NotServing::NoProgram)?;
        let log = group.child.stdout.take().map(Output::of).unwrap_or_default();
        let errors =
            group.child.stderr.take().map(Output::of).unwrap_or_default();
        let mut members = Members::new(group.id());
        let mut looked = Instant::now();
        let (mut used, mut idle) = (Duration::ZERO, Instant::now());
        let listening =
            until_within(most * 6, || match group.child.try_wait() {
                Ok(None) => {
                    let thorough = looked.elapsed() > SELDOM;
                    if thorough {
                        looked = Instant::now();
                        // One that wakes up now and then to look at something doesn't
                        // work.
                        let now = cpu_of(members.now());
                        if now > used + SELDOM / 10 {
                            idle = Instant::now();
                        }
                        used = now;
                        if idle.elapsed() > most || used > START {
                            return Some(None);
                        }
                    }
                    match observe::listener(members.now(), port, thorough) {
                        Some(listener) => listener.map(|pid| Some(Ok(pid))),
                        // No /proc: the log is all there is to see.
                        None => log
                            .text()
                            .contains("listening")
                            .then(|| Some(Ok(group.id()))),
                    }
                }
                Ok(Some(status)) => Some(Some(Err(status))),
                Err(_) => None,
            });
        match listening.flatten() {
            Some(Ok(pid)) => {
                let (program, members) = (program.clone(), Mutex::new(members));
                Ok(Self { program, port, pid, group, members, log, errors })
            }
            Some(Err(status))
                if status.success() && group.has_left_somebody() =>
            {
                Err(NotServing::Daemon)
            }
            Some(Err(status)) => Err(NotServing::Ended {
                status: status.code(),
                signal: status.signal(),
                stdout: log.last_words(),
                stderr: errors.last_words(),
            }),
            None => Err(NotServing::Silent {
                elsewhere: observe::ports(&observe::members(group.id())),
                stdout: log.text(),
                stderr: errors.text(),
            }),
        }
    }

    /// What was started.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Its exit status, or the signal that ended it; `None` while it runs.
    pub fn status(&mut self) -> Option<(Option<i32>, Option<i32>)> {
        let status = self.group.child.try_wait().ok()??;
        Some((status.code(), status.signal()))
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What it prints on stdout.
    pub fn log(&self) -> &Output {
        &self.log
    }

    /// What it prints on stderr.
    pub fn errors(&self) -> &Output {
        &self.errors
    }

    /// The processor time that it has used so far. `None`: this machine doesn't tell.
    pub fn cpu(&self) -> Option<Duration> {
        self.counters().map(|counters| Duration::from_nanos(counters.cpu))
    }

    /// The processes of its group. Empty: this machine doesn't tell.
    pub fn processes(&self) -> Vec<u32> {
        observe::members(self.group.id())
    }

    /// Do all its threads sleep, and with which counters? `None` if one of them runs
    /// or wants to.
    pub(crate) fn asleep(&self) -> Option<Vec<Counters>> {
        let mut members =
            self.members.lock().unwrap_or_else(PoisonError::into_inner);
        observe::asleep(members.now())
    }

    /// Is it stopped, all of it (SIGSTOP)? Where that can't be seen, it's believed to
    /// be.
    pub(crate) fn is_stopped(&self) -> bool {
        let mut members =
            self.members.lock().unwrap_or_else(PoisonError::into_inner);
        observe::is_stopped(members.now())
    }

    /// The processor time that all the processes of its group have used so far.
    /// Zero: this machine doesn't tell.
    pub(crate) fn cpu_of_all(&self) -> Duration {
        let mut members =
            self.members.lock().unwrap_or_else(PoisonError::into_inner);
        cpu_of(members.now())
    }

    /// How many threads it has. `None`: this machine doesn't tell.
    pub fn threads(&self) -> Option<usize> {
        observe::threads(self.pid)
    }

    /// How many descriptors it has open. `None`: this machine doesn't tell.
    pub fn descriptors(&self) -> Option<usize> {
        observe::descriptors(self.pid)
    }

    /// The most memory it has had at once, in bytes. `None`: this machine doesn't tell.
    pub fn peak_memory(&self) -> Option<usize> {
        observe::peak_memory(self.pid)
    }

    /// Waits until all its threads sleep and go on sleeping. A server that spins never
    /// does; one that waits for its clients uses no time at all, also on a busy machine.
    ///
    /// # Panics
    ///
    /// At the deadline, with what it used in the meantime. Does nothing where this
    /// machine doesn't tell.
    #[track_caller]
    pub fn expect_idle(&self) {
        let start = Instant::now();
        let Some(mut before) = self.counters() else { return };
        loop {
            #[expect(
                clippy::disallowed_methods,
                reason = "that nothing happens is no event"
            )]
            thread::sleep(QUIET);
            let Some(now) = self.counters() else {
                panic!("the server ended:\n{}", self.errors.text())
            };
            if now == before {
                return;
            }
            if start.elapsed() > deadline() {
                let (cpu, turns) =
                    (now.cpu - before.cpu, now.turns - before.turns);
                panic!(
                    "the server never sleeps: in {QUIET:?} it used {:?} in {turns} turns",
                    Duration::from_nanos(cpu)
                );
            }
            before = now;
        }
    }

    fn counters(&self) -> Option<Counters> {
        observe::counters(self.pid)
    }

    /// Does anybody listen on its port, after its end: a process of its own that it
    /// left behind?
    pub(crate) fn is_still_listened_to(&self) -> bool {
        observe::listener(&self.group.marked(), self.port, true)
            .flatten()
            .is_some()
    }

    /// Has it printed more than a server says of a few clients?
    pub(crate) fn is_noisy(&self) -> bool {
        self.log.count() + self.errors.count() > 64 << 10
    }

    /// Does it print on and on? Looked at for a moment.
    pub(crate) fn prints(&self) -> bool {
        let count = || self.log.count() + self.errors.count();
        let before = count();
        until_within(QUIET, || (count() > before + 1000).then_some(()))
            .is_some()
    }

    /// Does it still listen? Where that can't be seen, it's believed to.
    pub fn listens(&self) -> bool {
        observe::listener(&self.processes(), self.port, true)
            .is_none_or(|pid| pid.is_some())
    }

    /// Does it wait for what one client says, and for nothing else? `None`: this
    /// machine doesn't tell.
    pub fn is_in_recv(&self) -> Option<bool> {
        observe::is_in_recv(self.pid)
    }

    /// Sends a signal to the whole group.
    pub fn signal(&self, signal: Signal) {
        self.group.signal(signal);
    }

    /// Waits for its end.
    ///
    /// # Panics
    ///
    /// If it still runs at the deadline.
    #[track_caller]
    pub fn expect_exit(&mut self) -> ExitStatus {
        let child = &mut self.group.child;
        let Some(status) = until(|| child.try_wait().transpose()) else {
            panic!("the server still runs; it said:\n{}", self.errors.text());
        };
        status.unwrap_or_else(|error| panic!("the server is lost: {error}"))
    }

    /// Is it still there?
    pub fn is_running(&mut self) -> bool {
        matches!(self.group.child.try_wait(), Ok(None))
    }
}

/// EADDRINUSE, as programs of several languages say it.
fn says_port_taken(stderr: &str) -> bool {
    let words = stderr.to_lowercase();
    ["in use", "addrinuse", "errno 98", "déjà utilisée"]
        .iter()
        .any(|word| words.contains(word))
}

/// A child in a process group of its own. When it's dropped all of the group ends, and
/// so it does when this process is killed.
pub struct Group {
    child: Child,
    mark: String,
}

impl Group {
    /// Starts a command.
    ///
    /// # Errors
    ///
    /// It can't be started: why.
    pub fn start(command: &mut Command) -> Result<Self, String> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let mark = format!("{}{count}", watchdog::mark());
        watchdog::start()?;
        let child = command
            .env(MARK, &mark)
            .process_group(0)
            .spawn()
            .map_err(|error| error.to_string())?;
        watchdog::started(child.id());
        Ok(Self { child, mark })
    }

    /// The process that was started.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    fn id(&self) -> u32 {
        self.child.id()
    }

    fn signal(&self, signal: Signal) {
        // The group is empty where all of it has ended.
        let _ = killpg(Pid::from_raw(self.id().cast_signed()), signal);
    }

    /// Is a process still there, once the child has ended? One that is about to become
    /// another program is in the group, and has no environment yet by which it's known.
    fn has_left_somebody(&self) -> bool {
        /// For one that has an environment of its own, and will end.
        const MOST: Duration = Duration::from_secs(3);
        let looked = until_within(MOST, || {
            let is_group_empty = observe::members(self.id()).is_empty();
            let is_somebody_known = !self.marked().is_empty();
            (is_group_empty || is_somebody_known).then_some(is_somebody_known)
        });
        looked.unwrap_or(false)
    }

    /// The processes that it started and that are still there, also those that have
    /// left the group.
    fn marked(&self) -> Vec<u32> {
        observe::marked(&format!("{MARK}={}", self.mark))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        /// One that starts others all the time may be a step ahead of us.
        const MOST: Duration = Duration::from_secs(2);
        self.signal(Signal::SIGKILL);
        // Once the child is reaped, its number is free for others.
        watchdog::ended(self.id());
        let _ = self.child.wait();
        let _ = until_within(MOST, || {
            let left = self.marked();
            for &pid in &left {
                let _ = kill(Pid::from_raw(pid.cast_signed()), Signal::SIGKILL);
            }
            left.is_empty().then_some(())
        });
    }
}
