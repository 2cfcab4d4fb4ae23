//! Who ends what we started, should we die without a word: Ctrl-C, `kill -9`, a crash.
//!
//! One shell a process, started before anything else is. It reads a pipe that we alone
//! hold, and comes to its end when we do, however that happens.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::SystemTime;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// In the environment of what we start, so that it's known again if it leaves its
/// process group.
pub(crate) const MARK: &str = "CAUSETTE_GUARD";

/// `$1` is the beginning of our marks. The second look finds a child that was about to
/// become another program at the first.
const SCRIPT: &str = r#"
groups=
while read -r what group; do
  case $what in
    started) groups="$groups $group" ;;
    ended)
      others=
      for other in $groups; do
        [ "$other" = "$group" ] || others="$others $other"
      done
      groups=$others ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
for _ in 1 2; do
  for its in /proc/[0-9]*/environ; do
    if grep -qsz "^$1" "$its"; then
      its=${its%/environ}
      kill -s KILL "${its#/proc/}" 2>/dev/null
    fi
  done
  sleep 0.2
done
"#;

/// The mark of all that this process starts; a number follows.
pub(crate) fn mark() -> &'static str {
    static OURS: LazyLock<String> = LazyLock::new(|| {
        // Numbers of processes are used again.
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        format!("{}-{}-", std::process::id(), now.as_nanos())
    });
    &OURS
}

/// Starts the watchdog, if it isn't there yet.
///
/// # Errors
///
/// There is no shell: nothing may be started then.
pub(crate) fn start() -> Result<(), String> {
    with(|_| ())
}

/// The process groups that are there.
static GROUPS: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// A process group is there now.
pub(crate) fn started(group: u32) {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner).push(group);
    tell("started", group);
}

/// It has been ended, and not yet waited for: its number may soon be another's.
pub(crate) fn ended(group: u32) {
    let mut groups = GROUPS.lock().unwrap_or_else(PoisonError::into_inner);
    groups.retain(|&other| other != group);
    drop(groups);
    tell("ended", group);
}

/// Ends all the process groups that are there now. Who waits for one of them finds it
/// dead.
pub(crate) fn end_all() {
    // Under the lock none of these numbers can become another's.
    let groups = GROUPS.lock().unwrap_or_else(PoisonError::into_inner);
    for &group in groups.iter() {
        let _ = killpg(Pid::from_raw(group.cast_signed()), Signal::SIGKILL);
    }
}

fn tell(what: &str, group: u32) {
    let _ = with(|watchdog| {
        let _ = watchdog.stdin.as_mut().map(|pipe| {
            let _ = writeln!(pipe, "{what} {group}");
        });
    });
}

fn with(act: impl FnOnce(&mut Child)) -> Result<(), String> {
    static WATCHDOG: Mutex<Option<Child>> = Mutex::new(None);
    let mut watchdog = WATCHDOG.lock().unwrap_or_else(PoisonError::into_inner);
    if watchdog.is_none() {
        let mark = format!("{MARK}={}", mark());
        let started = Command::new("sh")
            .args(["-c", SCRIPT, "sh", &mark])
            // Ctrl-C in the terminal is for us, not for it.
            .process_group(0)
            .env_remove(MARK)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        *watchdog = Some(started.map_err(|error| format!("sh: {error}"))?);
    }
    if let Some(watchdog) = watchdog.as_mut() {
        act(watchdog);
    }
    Ok(())
}
