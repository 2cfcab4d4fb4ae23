//! When something is due: so that the loop can sleep until then and no shorter.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::ids::ConnId;

/// Times in milliseconds, the next one first.
///
/// An entry is only a hint: the connection knows what is due, and a client that
/// speaks moves it away without searching for its entry here.
#[derive(Default)]
pub struct Timers {
    heap: BinaryHeap<Reverse<(u64, ConnId)>>,
}

impl Timers {
    /// Looks at `conn` again at this time.
    pub fn add(&mut self, at: u64, conn: ConnId) {
        self.heap.push(Reverse((at, conn)));
    }

    /// The next time.
    pub fn next(&self) -> Option<u64> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    /// A time that has come, and the connection to look at.
    pub fn take(&mut self, now: u64) -> Option<(u64, ConnId)> {
        if self.next()? > now {
            return None;
        }
        self.heap.pop().map(|Reverse(entry)| entry)
    }
}
