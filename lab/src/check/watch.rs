//! When does nothing more come? A server that sleeps has said all that it had to
//! say; one that never sleeps may turn in circles. Seen from `/proc`, never measured
//! by a time alone: on a busy machine a server takes longer, and that's no fault.

use std::time::{Duration, Instant};

use super::stage::Heard;
use crate::observe::{self, Counters};
use crate::server::Server;

/// The longest that a check waits for a server that is busy with something.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// A server that has slept for so long, with our words before it, won't answer any
/// more. Longer than any machine takes to wake a process that has something to do.
const ASLEEP: Duration = Duration::from_millis(400);

/// A server that has used so much of a processor, and given nothing, turns in circles.
const BUSY: Duration = Duration::from_millis(1000);

/// One that wakes up by the clock, and has had nothing to give for so long while it
/// mostly slept, won't give anything either.
const TICKING: Duration = Duration::from_millis(1500);

/// Where nobody can see whether it sleeps, we wait for so long.
const BLIND: Duration = Duration::from_secs(3);

/// A look at a server again and again, from the moment something is expected of it.
pub(super) struct Watch {
    start: Instant,
    /// When something came last, and how much of a processor it had used then.
    news: Instant,
    used: Duration,
    /// How often it was looked at since, and how often it didn't sleep.
    looks: u32,
    awake: u32,
    /// What it had used at the last look, and since when it has used no more.
    before: Option<Vec<Counters>>,
    quiet: Instant,
}

impl Watch {
    pub(super) fn start(server: &Server) -> Self {
        let now = Instant::now();
        Self {
            start: now,
            news: now,
            used: server.cpu_of_all(),
            looks: 0,
            awake: 0,
            before: None,
            quiet: now,
        }
    }

    /// Something came: all that follows is judged from here.
    pub(super) fn again(&mut self, server: &Server) {
        *self = Self { start: self.start, ..Self::start(server) };
    }

    /// Will nothing more come? `None`: something may.
    pub(super) fn look(&mut self, server: &Server) -> Option<Heard> {
        if !observe::is_observable() {
            return (self.news.elapsed() > BLIND).then_some(Heard::Silence);
        }
        let asleep = server.asleep();
        self.looks += 1;
        if asleep.is_none() {
            self.awake += 1;
        }
        if asleep.is_none() || asleep != self.before {
            (self.before, self.quiet) = (asleep, Instant::now());
        } else if self.quiet.elapsed() > ASLEEP {
            return Some(Heard::Silence);
        }
        let since = self.news.elapsed();
        let used = server.cpu_of_all().saturating_sub(self.used);
        let sleeps_mostly = self.awake * 5 < self.looks && used * 10 < since;
        if since > TICKING && sleeps_mostly {
            return Some(Heard::Silence);
        }
        let is_busy = used > BUSY || self.start.elapsed() > PATIENCE;
        is_busy.then_some(Heard::Busy)
    }
}
