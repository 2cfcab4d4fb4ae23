//! The machine: its processors, what is installed, what a process uses of it.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, SystemTime};

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

/// Which processors the clients use, and which are left to the servers.
pub(crate) struct Cores {
    all: Option<CpuSet>,
    clients: Option<CpuSet>,
    servers: Option<CpuSet>,
}

impl Cores {
    /// The last one for the clients, all others for the servers. With a single one
    /// nobody is kept anywhere.
    pub(crate) fn split() -> Self {
        let nobody = Self { all: None, clients: None, servers: None };
        let Ok(all) = sched_getaffinity(Pid::from_raw(0)) else {
            return nobody;
        };
        let allowed: Vec<usize> = (0..CpuSet::count())
            .filter(|&core| all.is_set(core) == Ok(true))
            .collect();
        let Some((&last, others @ [_, ..])) = allowed.split_last() else {
            return nobody;
        };
        let set = |cores: &[usize]| {
            let mut set = CpuSet::new();
            cores.iter().try_for_each(|&core| set.set(core)).ok()?;
            Some(set)
        };
        Self { all: Some(all), clients: set(&[last]), servers: set(others) }
    }

    pub(crate) fn keep_clients(&self) {
        keep(0, self.clients.as_ref());
    }

    /// Its threads to come too: they inherit it.
    pub(crate) fn keep_server(&self, pids: &[u32]) {
        for &pid in pids {
            keep(pid.cast_signed(), self.servers.as_ref());
        }
    }

    pub(crate) fn let_go(&self) {
        keep(0, self.all.as_ref());
    }

    fn tell(&self) -> &'static str {
        match (&self.clients, &self.servers) {
            (Some(_), Some(_)) => {
                "the clients have one of their own, the server the others"
            }
            _ => "clients and server share one",
        }
    }
}

fn keep(pid: i32, cores: Option<&CpuSet>) {
    if let Some(cores) = cores {
        // Where it's not allowed, the system decides.
        let _ = sched_setaffinity(Pid::from_raw(pid), cores);
    }
}

/// The processor time of this thread so far.
pub(crate) fn own_cpu() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanos))
}

/// The memory of these processes, in bytes: their resident set. The proportional one
/// would change with who else on the machine runs a Python.
pub(crate) fn memory(pids: &[u32]) -> Option<u64> {
    let of = |pid: &u32| -> Option<u64> {
        let text =
            fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("Rss:"))?;
        Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
    };
    let all: Option<Vec<u64>> = pids.iter().map(of).collect();
    all.filter(|all| !all.is_empty()).map(|all| all.iter().sum())
}

/// What a reader must know to compare: a name and what it is, in this order.
pub(crate) fn describe(cores: &Cores) -> Vec<(String, String)> {
    let first_line = |command: &str| {
        let output = Command::new(command).arg("--version").output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        output.status.success().then_some(())?;
        text.lines().next().map(str::to_string)
    };
    let not_here = || "not here".to_string();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease");
    let count = thread::available_parallelism().map_or(1, usize::from);
    let build = if cfg!(debug_assertions) {
        ", **not optimized**"
    } else {
        ", release"
    };
    let facts = [
        ("date", date()),
        ("processor", processor().unwrap_or_else(not_here)),
        ("cores", format!("{count}; {}", cores.tell())),
        ("kernel", kernel.map_or_else(|_| not_here(), |it| it.trim().into())),
        ("Rust", first_line("rustc").unwrap_or_else(not_here) + build),
        ("C", first_line("cc").unwrap_or_else(not_here) + ", -O2"),
        ("Python", first_line("python3").unwrap_or_else(not_here)),
    ];
    facts.map(|(name, fact)| (name.to_string(), fact)).to_vec()
}

fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_string())
}

/// Today, as `2026-01-31`, in UTC.
fn date() -> String {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    let (year, month, day) = civil((now.as_secs() / 86_400) as i64);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The date of a day counted from 1970: years of 365.2425 days that begin in March,
/// so that the day that some of them have more is their last.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524
        - day_of_era / 146_096)
        / 365;
    let day = day_of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) =
        if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (year + era * 400 + next, month, day)
}
