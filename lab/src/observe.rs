//! What a process does to the machine, read from `/proc`. Where there is no `/proc`
//! nothing is observed, and the answer says so: it's `None`, never a zero.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::diag::Diag;
use crate::port::Family;

/// Can the processes of this machine be observed? On Linux they can.
pub fn is_observable() -> bool {
    Path::new("/proc/self/schedstat").exists()
}

/// What the processes of a group have used so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counters {
    /// Time on a processor, in nanoseconds, all threads together.
    pub cpu: u64,
    /// How often a thread was given a processor.
    pub turns: u64,
}

/// Does this process still run? One that has ended and waits to be asked for its
/// status doesn't.
pub fn is_alive(pid: u32) -> bool {
    group_of(pid).is_some()
}

/// The processes of a group, by their identifiers.
pub(crate) fn members(group: u32) -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|&pid| group_of(pid) == Some(group)).collect()
}

/// The processes of a group, of which a look at the whole machine isn't needed at
/// every moment.
pub(crate) struct Members {
    group: u32,
    pids: Vec<u32>,
    looked: Option<Instant>,
}

impl Members {
    /// How long a process may stay unseen whose parent has ended.
    const STALE: Duration = Duration::from_millis(100);

    pub(crate) fn new(group: u32) -> Self {
        Self { group, pids: Vec::new(), looked: None }
    }

    /// Those of this moment.
    pub(crate) fn now(&mut self) -> &[u32] {
        let is_fresh = |looked: Instant| looked.elapsed() < Self::STALE;
        if !self.looked.is_some_and(is_fresh) || self.add_children().is_none() {
            self.pids = members(self.group);
            self.looked = Some(Instant::now());
        }
        // One of them may have gone to a group of its own.
        let group = Some(self.group);
        self.pids.retain(|&pid| group_of(pid) == group);
        &self.pids
    }

    /// `None`: this kernel doesn't tell who a process's children are.
    fn add_children(&mut self) -> Option<()> {
        let mut seen = 0;
        while let Some(&pid) = self.pids.get(seen) {
            seen += 1;
            let tasks = fs::read_dir(format!("/proc/{pid}/task"));
            // It has ended.
            let Ok(tasks) = tasks else { continue };
            for task in tasks.flatten() {
                let children =
                    match fs::read_to_string(task.path().join("children")) {
                        Ok(children) => children,
                        // The thread has ended, or there is no such file.
                        Err(_) if !task.path().exists() => continue,
                        Err(_) => return None,
                    };
                let children = children.split(' ');
                for child in children.filter_map(|pid| pid.parse().ok()) {
                    if !self.pids.contains(&child)
                        && group_of(child) == Some(self.group)
                    {
                        self.pids.push(child);
                    }
                }
            }
        }
        Some(())
    }
}

/// `/proc/PID/stat`: `PID (name) state parent group …`; the name may hold anything.
fn group_of(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    if fields.starts_with('Z') {
        return None;
    }
    fields.split(' ').nth(2)?.parse().ok()
}

/// The sum over the threads of one process. `None`: it has ended.
pub(crate) fn counters(pid: u32) -> Option<Counters> {
    let mut sum = None;
    for thread in fs::read_dir(format!("/proc/{pid}/task")).ok()?.flatten() {
        // schedstat: time on a processor, time waiting for one, number of turns.
        let text = fs::read_to_string(thread.path().join("schedstat"));
        // A thread may end while we look.
        let Ok(text) = text else { continue };
        let mut fields =
            text.split_whitespace().map(|field| field.parse::<u64>().ok());
        let sum = sum.get_or_insert(Counters { cpu: 0, turns: 0 });
        sum.cpu += fields.next()??;
        sum.turns += fields.nth(1)??;
    }
    sum
}

/// How many threads a process has.
pub(crate) fn threads(pid: u32) -> Option<usize> {
    Some(fs::read_dir(format!("/proc/{pid}/task")).ok()?.count())
}

/// How many descriptors a process has open.
pub(crate) fn descriptors(pid: u32) -> Option<usize> {
    Some(fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count())
}

/// The most memory that a process has had at once, in bytes.
pub(crate) fn peak_memory(pid: u32) -> Option<usize> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<usize>().ok()? * 1024)
}

/// Which of these processes listens on `port`? `None` where that can't be seen.
///
/// Who listens on an address of their own, not on the loopback, is found by a
/// `thorough` look alone, which takes long.
pub(crate) fn listener(
    pids: &[u32],
    port: u16,
    thorough: bool,
) -> Option<Option<u32>> {
    let owner = |inodes: &[PathBuf]| {
        let its = |pid: &u32| links(*pid).iter().any(|it| inodes.contains(it));
        pids.iter().copied().find(its)
    };
    if let Some(mut diag) = Diag::open() {
        let loopbacks = [Family::V6, Family::V4].map(|it| it.loopback(port));
        let found = loopbacks.into_iter().filter_map(|it| diag.listener(it));
        let inodes: Vec<PathBuf> =
            found.map(|found| name(found.inode)).collect();
        let owner = owner(&inodes);
        if owner.is_some() || !thorough {
            return Some(owner);
        }
    }
    let sockets = listening()?.into_iter().filter(|(there, _)| *there == port);
    let inodes: Vec<PathBuf> = sockets.map(|(_, inode)| inode).collect();
    Some(owner(&inodes))
}

/// What `/proc/PID/fd` calls a socket.
fn name(inode: impl std::fmt::Display) -> PathBuf {
    PathBuf::from(format!("socket:[{inode}]"))
}

/// The ports on which these processes listen.
pub(crate) fn ports(pids: &[u32]) -> Vec<u16> {
    let links: Vec<PathBuf> = pids.iter().flat_map(|&pid| links(pid)).collect();
    let sockets = listening().unwrap_or_default();
    let mut ports: Vec<u16> = sockets
        .into_iter()
        .filter(|(_, inode)| links.contains(inode))
        .map(|(port, _)| port)
        .collect();
    ports.dedup();
    ports
}

/// What the descriptors of a process are.
fn links(pid: u32) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(format!("/proc/{pid}/fd")) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| fs::read_link(entry.path()).ok())
        .collect()
}

/// The sockets that listen: their ports, and their names in `/proc/PID/fd`.
fn listening() -> Option<Vec<(u16, PathBuf)>> {
    /// The state of a listening socket in `/proc/net/tcp`, in hexadecimal.
    const LISTEN: &str = "0A";
    let mut sockets = Vec::new();
    let mut is_there = false;
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        let Ok(text) = fs::read_to_string(table) else { continue };
        is_there = true;
        for line in text.lines().skip(1) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [_, local, _, state, _, _, _, _, _, inode, ..] = fields[..]
            else {
                continue;
            };
            let port = local
                .rsplit(':')
                .next()
                .and_then(|hex| u16::from_str_radix(hex, 16).ok());
            if let (LISTEN, Some(port)) = (state, port) {
                sockets.push((port, name(inode)));
            }
        }
    }
    is_there.then_some(sockets)
}

/// Do all the threads of these processes sleep, and with which counters? `None` if
/// one of them runs or wants to.
pub(crate) fn asleep(pids: &[u32]) -> Option<Vec<Counters>> {
    // Sleeping, or at its end.
    let is_asleep = |state: char| ['S', 'Z', 'X'].contains(&state);
    if !pids.iter().all(|&pid| all_threads(pid, is_asleep)) {
        return None;
    }
    // One that has ended in the meantime has no counters.
    Some(pids.iter().filter_map(|&pid| counters(pid)).collect())
}

/// Are these processes stopped?
pub(crate) fn is_stopped(pids: &[u32]) -> bool {
    let is_stopped = |state: char| ['T', 't', 'Z', 'X'].contains(&state);
    pids.iter().all(|&pid| all_threads(pid, is_stopped))
}

/// Are all the threads of a process in such a state (`proc_pid_stat(5)`)? Of one that
/// has ended they are.
fn all_threads(pid: u32, is_so: impl Fn(char) -> bool) -> bool {
    let Ok(tasks) = fs::read_dir(format!("/proc/{pid}/task")) else {
        return true;
    };
    tasks.flatten().all(|thread| {
        let stat = fs::read_to_string(thread.path().join("stat"));
        let stat = stat.unwrap_or_default();
        let state =
            stat.rsplit_once(") ").and_then(|(_, it)| it.chars().next());
        state.is_some_and(&is_so)
    })
}

/// Is this process blocked in `recv` or `read`? `None` where that can't be seen.
pub(crate) fn is_in_recv(pid: u32) -> Option<bool> {
    // The numbers of read, recvfrom and recvmsg.
    let numbers = if cfg!(target_arch = "x86_64") {
        ["0", "45", "47"]
    } else if cfg!(target_arch = "aarch64") {
        ["63", "207", "212"]
    } else {
        return None;
    };
    let text = fs::read_to_string(format!("/proc/{pid}/syscall")).ok()?;
    let number = text.split_whitespace().next()?;
    (number != "running").then(|| numbers.contains(&number))
}

/// The processes that run with this in their environment: `NAME=value`.
pub(crate) fn marked(mark: &str) -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let has_it = |pid: &u32| {
        let environment =
            fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment
            .split(|&byte| byte == 0)
            .any(|variable| variable == mark.as_bytes())
    };
    pids.filter(|pid| has_it(pid) && is_alive(*pid)).collect()
}
