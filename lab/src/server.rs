//! A server that runs, and the guard that ends it.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::deadline::{deadline, until};
use crate::observe::{self, Counters};
use crate::output::Output;
use crate::port::{Family, free_port};
use crate::program::Program;

/// How long nothing must happen in a server for it to be called idle.
const QUIET: Duration = Duration::from_millis(100);

/// A running server. When it's dropped, its whole process group ends; that happens
/// too when the process that holds it is killed.
pub struct Server {
    port: u16,
    /// The process that listens: not the child where `strace` stands around it.
    pid: u32,
    group: Group,
    log: Output,
    errors: Output,
}

impl Server {
    #[track_caller]
    pub(crate) fn start(program: &Program) -> Self {
        // Another process may take the port between our look and the server's bind.
        for _ in 0..5 {
            let port = free_port();
            match Self::start_on(program, port) {
                Ok(server) => return server,
                Err(reason) if port_is_free(port) => panic!("{reason}"),
                Err(_) => continue,
            }
        }
        panic!("somebody else takes every port before the server does");
    }

    /// Starts `program` on this very port.
    ///
    /// # Errors
    ///
    /// It didn't listen: what it said, and its status if it ended.
    pub fn start_on(program: &Program, port: u16) -> Result<Self, String> {
        let mut command = program.command(&[OsStr::new(&port.to_string())]);
        let mut group = Group::start(&mut command);
        let log = group.child.stdout.take().map(Output::of).unwrap_or_default();
        let errors =
            group.child.stderr.take().map(Output::of).unwrap_or_default();
        let pid = until(|| match group.child.try_wait() {
            Ok(None) => {
                let pids = observe::members(group.id());
                match observe::listener(&pids, port) {
                    Some(listener) => listener.map(Ok),
                    // No /proc: the log is all there is to see.
                    None => {
                        log.text().contains("listening").then(|| Ok(group.id()))
                    }
                }
            }
            Ok(Some(status)) => {
                Some(Err(format!("the server ended: {status}")))
            }
            Err(error) => Some(Err(format!("the server is lost: {error}"))),
        });
        let pid = pid
            .unwrap_or_else(|| Err(format!("nobody listens on port {port}")));
        let pid = pid.map_err(|why| {
            format!(
                "{why}\nstdout:\n{}\nstderr:\n{}",
                log.last_words(),
                errors.last_words()
            )
        })?;
        Ok(Self { port, pid, group, log, errors })
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

    /// The processes of its group. Empty: this machine doesn't tell.
    pub fn processes(&self) -> Vec<u32> {
        observe::members(self.group.id())
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

fn port_is_free(port: u16) -> bool {
    std::net::TcpListener::bind(Family::V4.loopback(port)).is_ok()
}

/// A child in a process group of its own, and a watchdog that ends the group should
/// our own process die without a word: it reads a pipe that only we hold.
struct Group {
    child: Child,
    watchdog: Child,
}

impl Group {
    #[track_caller]
    fn start(command: &mut Command) -> Self {
        let started = command.process_group(0).spawn();
        let child = started
            .unwrap_or_else(|error| panic!("{command:?} can't start: {error}"));
        let watchdog = Command::new("sh")
            .args([
                "-c",
                "read -r _; kill -s KILL -- \"-$0\"",
                &child.id().to_string(),
            ])
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let watchdog =
            watchdog.unwrap_or_else(|error| panic!("sh can't start: {error}"));
        Self { child, watchdog }
    }

    fn id(&self) -> u32 {
        self.child.id()
    }

    fn signal(&self, signal: Signal) {
        // The group is empty where all of it has ended.
        let _ = killpg(Pid::from_raw(self.id().cast_signed()), signal);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // The watchdog first: once the child is reaped, its number is free for others.
        let _ = self.watchdog.kill();
        let _ = self.watchdog.wait();
        self.signal(Signal::SIGKILL);
        let _ = self.child.wait();
    }
}
