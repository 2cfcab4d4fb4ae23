//! When something is due: so that the loop can sleep until then and no shorter.

use std::collections::BTreeSet;

use crate::ids::ConnId;

/// Times in milliseconds since the start, the next one first; at most one for
/// each connection.
///
/// A client that speaks doesn't move its time: the connection knows what is
/// due, and once looked at gets another time if it's not yet so far.
#[derive(Default)]
pub struct Timers {
    times: BTreeSet<(u64, ConnId)>,
}

impl Timers {
    /// Looks at `conn` at this time.
    pub fn add(&mut self, at: u64, conn: ConnId) {
        self.times.insert((at, conn));
    }

    /// Doesn't look at `conn` at this time any more.
    pub fn remove(&mut self, at: u64, conn: ConnId) {
        self.times.remove(&(at, conn));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Is nothing due, ever?
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The next time.
    pub fn next(&self) -> Option<u64> {
        self.times.first().map(|(at, _)| *at)
    }

    /// A connection to look at, for its time has come by `now`.
    pub fn take(&mut self, now: u64) -> Option<ConnId> {
        if self.next()? > now {
            return None;
        }
        self.times.pop_first().map(|(_, conn)| conn)
    }
}
