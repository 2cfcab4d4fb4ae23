//! The connections, and what goes out on them.

use std::mem;

use crate::action::Action;
use crate::conn::{Conn, Phase};
use crate::ids::{ConnId, Table};
use crate::line::{Line, Writer};
use crate::logging::visible;
use crate::timers::Timers;

/// How long a client may take to read why it's closed, in milliseconds.
const FAREWELL: u64 = 5_000;

/// How many lines wait for the log at most. What one says in a large channel is
/// a line for each member.
const LOGGED: usize = 10_000;

/// All connections.
pub struct Wires {
    /// Each of them.
    pub conns: Table<ConnId, Conn>,
    /// What the loop shall do.
    pub actions: Vec<Action>,
    /// Those who don't read, and whose queue is full.
    pub overflowed: Vec<ConnId>,
    /// When something is due for one of them.
    pub timers: Timers,
    /// The most that may wait for one, in bytes.
    pub most: usize,
    /// How many haven't registered.
    pub unregistered: usize,
    /// Does a queue grow so fast that it should be written at once?
    /// (One that is long because its client doesn't read: no use in that.)
    pub is_pressed: bool,
    /// Does the log show every line?
    pub logs_lines: bool,
    /// How many it doesn't show, because too many waited.
    unlogged: u64,
}

impl Wires {
    /// None as yet.
    pub fn new(most: usize) -> Self {
        Self {
            conns: Table::default(),
            actions: Vec::new(),
            overflowed: Vec::new(),
            timers: Timers::default(),
            most,
            unregistered: 0,
            is_pressed: false,
            logs_lines: false,
            unlogged: 0,
        }
    }

    /// Queues a line for a connection. If there is no room for it, that is
    /// noted: whoever sends is in the middle of something, and nobody may leave
    /// now.
    pub fn send(&mut self, id: ConnId, line: &Line) {
        let Some(conn) = self.conns.get_mut(id) else { return };
        if conn.is_closing() || conn.is_overflowed {
            return;
        }
        if conn.queue.push(line, self.most).is_err() {
            conn.is_overflowed = true;
            conn.queue.clear();
            self.overflowed.push(id);
            return;
        }
        if self.logs_lines && self.actions.len() < LOGGED {
            let text = format!("{} < {}", conn.peer, visible(line));
            self.actions.push(Action::Log(text));
        } else if self.logs_lines {
            self.unlogged += 1;
        }
        conn.fresh += line.len();
        self.is_pressed |= conn.fresh > self.most / 4;
        if !conn.is_announced {
            conn.is_announced = true;
            self.actions.push(Action::Write(id));
        }
    }

    /// What the loop shall do, in this order.
    pub fn take_actions(&mut self) -> Vec<Action> {
        let unlogged = mem::take(&mut self.unlogged);
        if unlogged > 0 {
            let text = format!("{unlogged} lines of the log are lost");
            self.actions.push(Action::Log(text));
        }
        mem::take(&mut self.actions)
    }

    /// Is at least half of its queue free?
    pub fn has_room(&self, id: ConnId) -> bool {
        self.conns.get(id).is_some_and(|conn| {
            !conn.is_overflowed && conn.queue.len() <= self.most / 2
        })
    }

    /// Ends a connection, which is told why.
    pub fn close(&mut self, id: ConnId, reason: &[u8], now: u64) {
        let Some(conn) = self.conns.get(id) else { return };
        if conn.is_closing() {
            return;
        }
        let error = Writer::new()
            .word("ERROR")
            .text("Closing Link: ")
            .raw(&conn.host)
            .raw(b" (")
            .raw(reason)
            .raw(b")")
            .end();
        self.send(id, &error);
        if let Some(conn) = self.conns.get_mut(id) {
            let is_new = matches!(conn.phase, Phase::Registering(_));
            self.unregistered -= usize::from(is_new);
            conn.phase = Phase::Closing;
            conn.input = Default::default();
            let action = match conn.is_overflowed {
                true => Action::Abort(id),
                false => Action::Close(id),
            };
            self.actions.push(action);
        }
        self.wake(id, now + FAREWELL);
    }

    /// Looks at a connection at this time, in milliseconds, if not earlier.
    pub fn wake(&mut self, id: ConnId, at: u64) {
        let Some(conn) = self.conns.get_mut(id) else { return };
        match conn.due {
            Some(due) if due <= at => return,
            Some(due) => self.timers.remove(due, id),
            None => {}
        }
        conn.due = Some(at);
        self.timers.add(at, id);
    }

    /// A connection to look at, because something was due by `now`.
    pub fn take_due(&mut self, now: u64) -> Option<ConnId> {
        let id = self.timers.take(now)?;
        if let Some(conn) = self.conns.get_mut(id) {
            conn.due = None;
        }
        Some(id)
    }

    /// Takes a connection out: its id is free.
    pub fn remove(&mut self, id: ConnId) -> Option<Conn> {
        let conn = self.conns.remove(id)?;
        if let Some(due) = conn.due {
            self.timers.remove(due, id);
        }
        Some(conn)
    }
}
