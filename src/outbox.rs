//! What a client is owed: bytes that wait until its socket takes them.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Write};

/// The most that one client may be owed, in bytes.
pub const LIMIT: usize = 1 << 20;

/// An emptied queue that grew beyond this gives its memory back.
const KEPT: usize = 16 << 10;

/// There is no room for these bytes: the client doesn't read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// A queue of at most [`LIMIT`] bytes.
#[derive(Debug, Default)]
pub struct Outbox {
    bytes: VecDeque<u8>,
}

impl Outbox {
    /// Is nothing owed?
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Adds `bytes`.
    ///
    /// # Errors
    ///
    /// [`Full`], and nothing is added: half a message is worse than none.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Full> {
        if self.bytes.len() + bytes.len() > LIMIT {
            return Err(Full);
        }
        self.bytes.extend(bytes);
        Ok(())
    }

    /// Forgets everything: nobody is left to read it.
    pub fn clear(&mut self) {
        self.bytes = VecDeque::new();
    }

    /// Writes as much as `socket` takes now. What it doesn't take stays.
    ///
    /// # Errors
    ///
    /// Those of `socket`, except that it would block or was interrupted.
    pub fn write_to(&mut self, mut socket: impl Write) -> io::Result<()> {
        while !self.is_empty() {
            let (bytes, _) = self.bytes.as_slices();
            match socket.write(bytes) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(n) => drop(self.bytes.drain(..n)),
                Err(error) if error.kind() == ErrorKind::Interrupted => {
                    continue;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        if self.bytes.capacity() > KEPT {
            self.clear();
        }
        Ok(())
    }
}
