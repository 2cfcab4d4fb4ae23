//! What the core asks the loop to do: all that it can't do without sockets,
//! files and a clock.

use crate::ids::ConnId;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Something waits in this connection's queue: write it at the turn's end.
    Write(ConnId),
    /// Flood control hears this connection again: go on reading.
    Resume(ConnId),
    /// Close it once what waits for it is written.
    Close(ConnId),
    /// Close it at once.
    Abort(ConnId),
    /// Say this in the log.
    Log(String),
    /// Read the configuration again.
    Rehash,
    /// End, and start anew.
    Restart,
    /// End.
    Die,
}
