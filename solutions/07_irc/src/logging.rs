//! The log: one line on stdout for each event, as in the other steps; but one
//! that can never make the server wait.

use std::io::{self, Write};
use std::os::fd::AsFd;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use serde::Deserialize;

/// How much is said.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, PartialOrd, Ord,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// That it listens and that it ends, and what goes wrong.
    Errors,
    /// Who comes and goes and why, and what operators do.
    #[default]
    Events,
    /// Every line that comes and goes, too.
    Lines,
}

impl Level {
    /// The level of this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "errors" => Self::Errors,
            "events" => Self::Events,
            "lines" => Self::Lines,
            _ => return None,
        })
    }
}

/// A line as the log shows it: nothing in it moves a terminal's cursor.
pub fn visible(line: &[u8]) -> String {
    let mut shown = String::new();
    for c in String::from_utf8_lossy(line.trim_ascii_end()).chars() {
        match c.is_control() {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    shown
}

/// Where the log goes.
#[derive(Default)]
pub struct Log {
    lost: u64,
}

impl Log {
    /// Writes a line, if stdout takes it now. A pipe that nobody reads is full
    /// after 64 KiB: what comes then is counted, and the count is said later.
    pub fn line(&mut self, text: &str) {
        if !takes_more() {
            self.lost += 1;
            return;
        }
        let mut lines = String::new();
        if self.lost > 0 {
            lines = format!("{} lines of the log are lost\n", self.lost);
            self.lost = 0;
        }
        lines.push_str(text);
        lines.push('\n');
        let mut stdout = io::stdout().lock();
        let _ = stdout.write_all(lines.as_bytes());
        let _ = stdout.flush();
    }
}

/// A pipe that poll calls writable has room for a page, more than a line.
fn takes_more() -> bool {
    let stdout = io::stdout();
    let mut fds = [PollFd::new(stdout.as_fd(), PollFlags::POLLOUT)];
    poll(&mut fds, PollTimeout::ZERO).is_ok_and(|ready| ready > 0)
}
