//! Flood control: RFC 1459, 8.10.
//!
//! Each message moves a client's timer ahead, and while that is too far ahead
//! of the clock its messages wait: it may say some at once, then one at a time.

/// How much a client may say, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// What a message costs.
    pub cost: u64,
    /// How far ahead the timer may be.
    pub ahead: u64,
}

/// "Penalize the client by 2 seconds for each message … while the timer is less
/// than ten seconds ahead of the current time".
pub const OF_THE_RFC: Pace = Pace { cost: 2_000, ahead: 10_000 };

/// A client's message timer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timer {
    /// When all that it has said will be paid for, in milliseconds since the
    /// start.
    at: u64,
}

impl Timer {
    /// May the client be heard at `now`? If not, when?
    ///
    /// ```
    /// use irc::flood::{OF_THE_RFC, Timer};
    /// let mut timer = Timer::default();
    /// let mut heard = 0;
    /// while timer.may_speak(OF_THE_RFC, 0).is_ok() {
    ///     timer.spend(OF_THE_RFC);
    ///     heard += 1;
    /// }
    /// assert_eq!(heard, 5);
    /// assert_eq!(timer.may_speak(OF_THE_RFC, 0), Err(1));
    /// ```
    ///
    /// # Errors
    ///
    /// The time from which on it may.
    pub fn may_speak(&mut self, pace: Pace, now: u64) -> Result<(), u64> {
        self.at = self.at.max(now);
        if self.at >= now + pace.ahead {
            return Err((self.at + 1).saturating_sub(pace.ahead));
        }
        Ok(())
    }

    /// It has said one message.
    pub fn spend(&mut self, pace: Pace) {
        self.at += pace.cost;
    }
}
