//! A connection as the core knows it: where it comes from, how far it has come,
//! what it has said and what waits for it.

use crate::flood::{Pace, Timer};
use crate::ids::UserId;
use crate::line::LineBuffer;
use crate::outqueue::OutQueue;

/// What a connection has said about itself, while it isn't a user yet.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// By NICK.
    pub nick: Option<Box<[u8]>>,
    /// By USER.
    pub user: Option<DraftUser>,
    /// By PASS.
    pub password: Option<Box<[u8]>>,
    /// CAP has begun and not ended: the welcome waits.
    pub negotiating: bool,
}

/// What USER says.
#[derive(Clone, Debug)]
pub struct DraftUser {
    /// The name of the user there.
    pub name: Box<[u8]>,
    /// Modes to begin with: RFC 2812, 3.1.3.
    pub modes: u8,
    /// The last parameter.
    pub real_name: Box<[u8]>,
}

/// How far a connection has come.
#[derive(Clone, Debug)]
pub enum Phase {
    /// It says who it is.
    Registering(Box<Draft>),
    /// It is a user.
    User(UserId),
    /// It is told why it ends, and isn't heard any more.
    Closing,
}

/// A connection.
pub struct Conn {
    /// `address:port`, for the log.
    pub peer: String,
    /// The address, as others see it.
    pub host: Box<[u8]>,
    /// How far it has come.
    pub phase: Phase,
    /// Lines that aren't heard yet.
    pub input: LineBuffer,
    /// Lines that aren't written yet.
    pub queue: OutQueue,
    /// Was there no room left in the queue?
    pub is_overflowed: bool,
    /// Does the loop know that something waits?
    pub is_announced: bool,
    /// How many bytes have come into the queue since the loop last looked.
    pub fresh: usize,
    /// Flood control, if it's for this one.
    pub pace: Option<Pace>,
    /// Its message timer.
    pub flood: Timer,
    /// When its next line may be heard, while flood control holds it back; in
    /// milliseconds since the start, as all times here.
    pub held_until: Option<u64>,
    /// When it began.
    pub opened: u64,
    /// When anything last came from it.
    pub heard: u64,
    /// When it was asked whether it's there, unless it has answered.
    pub pinged: Option<u64>,
    /// When the core will look at it, in milliseconds since the start: its
    /// entry among the [timers](crate::timers).
    pub due: Option<u64>,
    /// Lines that ever came.
    pub messages: u64,
    /// Bytes that ever came.
    pub received: u64,
}

impl Conn {
    /// One that has just been accepted.
    pub fn new(peer: String, host: &str, pace: Option<Pace>, now: u64) -> Self {
        Self {
            peer,
            host: host.as_bytes().into(),
            phase: Phase::Registering(Box::default()),
            input: LineBuffer::default(),
            queue: OutQueue::default(),
            is_overflowed: false,
            is_announced: false,
            fresh: 0,
            pace,
            flood: Timer::default(),
            held_until: None,
            opened: now,
            heard: now,
            pinged: None,
            due: None,
            messages: 0,
            received: 0,
        }
    }

    /// The user that it is.
    pub fn user(&self) -> Option<UserId> {
        match self.phase {
            Phase::User(user) => Some(user),
            _ => None,
        }
    }

    /// Does it end?
    pub fn is_closing(&self) -> bool {
        matches!(self.phase, Phase::Closing)
    }
}
