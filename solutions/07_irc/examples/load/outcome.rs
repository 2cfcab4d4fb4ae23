//! What a run of the load has measured.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Times are in seconds, if nothing else is said.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Outcome {
    pub(crate) members: usize,
    pub(crate) channels: usize,
    /// Until all were connected, and in their channels.
    pub(crate) connected: f64,
    /// How long they talked.
    pub(crate) took: f64,
    pub(crate) said: u64,
    pub(crate) delivered: u64,
    /// From the moment a message is said until a listener reads it: half are not later
    /// than this, in milliseconds.
    pub(crate) late_half: f64,
    /// And 99 of 100 not later than this.
    pub(crate) late_most: f64,
    /// How much of a processor the clients took: near 1 they are what was measured.
    pub(crate) load: f64,
    /// The server's processor time while they talked, if its process is known.
    pub(crate) used: Option<f64>,
    /// How many bytes of its resident set each client takes.
    pub(crate) memory: Option<u64>,
}

impl Outcome {
    /// Deliveries a second.
    pub(crate) fn rate(&self) -> f64 {
        self.delivered as f64 / self.took
    }

    /// The server's processor time for one delivery, in nanoseconds.
    pub(crate) fn each(&self) -> Option<f64> {
        let used = self.used.filter(|_| self.delivered > 0)?;
        Some(used * 1e9 / self.delivered as f64)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { members, channels, connected, said, .. } = self;
        writeln!(
            f,
            "{members} clients in {channels} channels after {connected:.2} s"
        )?;
        if let Some(memory) = self.memory {
            writeln!(f, "{memory} bytes of the server's memory each")?;
        }
        if let (0, Some(used)) = (*channels, self.used) {
            return writeln!(
                f,
                "{used:.2} s of a processor in {:.1} s",
                self.took
            );
        }
        writeln!(
            f,
            "{:.2} M deliveries a second of {said} messages; late by {:.2} ms (p50), \
             {:.2} ms (p99); the clients took {:.0} % of a processor",
            self.rate() / 1e6,
            self.late_half,
            self.late_most,
            self.load * 100.0,
        )?;
        if let Some(each) = self.each() {
            writeln!(f, "{each:.0} ns of the server's processor each")?;
        }
        Ok(())
    }
}
