//! A client as a server with one thread sees it: nothing that is done with it
//! waits, and nothing that goes wrong with it concerns the others.

use std::io::{self, ErrorKind, Read};
use std::net::TcpStream;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use socket2::SockRef;

use crate::lines::LineBuffer;
use crate::outbox::Outbox;
use crate::{log, parting};

/// The most bytes taken from a client in a turn: the others get theirs.
const TURN: usize = 16 << 10;

/// The same for lines, which may be short, many, and go to everybody.
const LINES_TURN: usize = 2 << 10;

/// Nothing to read now: try again when `select` says so.
const PASSING: [ErrorKind; 2] = [ErrorKind::WouldBlock, ErrorKind::Interrupted];

// ANCHOR: gone
/// This client can't go on: close it. The server can.
///
/// The other kind of error is [`io::Error`]: the server can't go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;
// ANCHOR_END: gone

/// Identifies a client for good, as its descriptor can't: the system uses that
/// number again. Grows in order of arrival.
pub type Id = u64;

/// A client: its socket, its name, the bytes that wait for it, its half line.
pub struct Peer {
    id: Id,
    socket: TcpStream,
    name: String,
    outbox: Outbox,
    lines: LineBuffer,
    leaving: bool,
}

impl Peer {
    pub(crate) fn new(
        id: Id,
        socket: TcpStream,
        name: String,
    ) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        let (outbox, lines) = (Outbox::default(), LineBuffer::default());
        Ok(Self { id, socket, name, outbox, lines, leaving: false })
    }

    /// Who it is.
    pub fn id(&self) -> Id {
        self.id
    }

    /// `<address>:<port>`, or what [`Peer::rename`] gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives it another name in the log.
    pub fn rename(&mut self, name: &str) {
        log!("client {:?} => {name:?}", self.name);
        self.name = name.to_string();
    }

    /// Receives what has arrived, without waiting. An empty answer means "nothing
    /// now": `select` may be wrong. Unlike with Python's recv, the end of the
    /// connection isn't empty but [`Gone`].
    ///
    /// # Errors
    ///
    /// [`Gone`]: `recv` returned 0, so the client is done; or it has vanished.
    pub fn recv(&mut self) -> Result<Vec<u8>, Gone> {
        self.recv_at_most(TURN)
    }

    // ANCHOR: recv
    fn recv_at_most(&mut self, most: usize) -> Result<Vec<u8>, Gone> {
        let mut buffer = [0; TURN];
        match self.socket.read(&mut buffer[..most]) {
            Ok(0) => Err(Gone),
            Ok(n) => Ok(buffer[..n].to_vec()),
            Err(error) if PASSING.contains(&error.kind()) => Ok(Vec::new()),
            Err(error) => Err(self.vanished(&error)),
        }
    }
    // ANCHOR_END: recv

    /// Receives for [`Peer::next_line`]. What the client sent last, before its
    /// half-close, counts as a line also without its newline.
    ///
    /// # Errors
    ///
    /// Those of [`Peer::recv`].
    // ANCHOR: recv-lines
    pub fn recv_lines(&mut self) -> Result<(), Gone> {
        match self.recv_at_most(LINES_TURN) {
            Ok(bytes) => self.lines.push(&bytes),
            Err(Gone) => {
                let has_last_line = self.lines.finish();
                if !has_last_line {
                    return Err(Gone);
                }
                // That line now; the next turn reads the end again.
            }
        }
        Ok(())
    }
    // ANCHOR_END: recv-lines

    /// The next whole line that has come; none from a client that is leaving.
    ///
    /// # Errors
    ///
    /// [`Gone`]: the line is too long, and the client has been told.
    pub fn next_line(&mut self) -> Result<Option<String>, Gone> {
        if self.leaving {
            return Ok(None);
        }
        self.lines.next_line().map_err(|_| {
            let _ = self.send(b"[server] line too long\n");
            Gone
        })
    }

    /// Queues these bytes for the client; [`Peer::flush`] writes them.
    ///
    /// # Errors
    ///
    /// [`Gone`]: too much waits for it already, because it doesn't read.
    // ANCHOR: send
    pub fn send(&mut self, bytes: &[u8]) -> Result<(), Gone> {
        if self.leaving || self.outbox.push(bytes).is_ok() {
            return Ok(());
        }
        // Full: the socket may have room again for some of it.
        self.flush()?;
        if self.outbox.push(bytes).is_err() {
            self.give_up();
            return Err(Gone);
        }
        Ok(())
    }
    // ANCHOR_END: send

    /// Writes what waits for the client, as far as its socket takes it now.
    ///
    /// # Errors
    ///
    /// [`Gone`]: it has vanished.
    pub fn flush(&mut self) -> Result<(), Gone> {
        let written = self.outbox.write_to(&self.socket);
        written.map_err(|error| self.vanished(&error))
    }

    /// Does something wait that its socket didn't take yet?
    pub fn has_unsent(&self) -> bool {
        !self.outbox.is_empty()
    }

    /// Closes the client: its socket goes once all that waits is written.
    pub fn close(&mut self) {
        if !self.leaving {
            log!("client disconnected {:?}", self.name);
        }
        self.leaving = true;
    }

    /// Is it closed, and does nothing wait for it any more? Then drop it.
    pub fn has_left(&self) -> bool {
        self.leaving && self.outbox.is_empty()
    }

    fn give_up(&mut self) {
        log!("client {:?} dropped: it does not read", self.name);
        self.outbox.clear();
        // The system may hold megabytes for it too. With a linger of zero, closing
        // resets the connection and throws them away.
        let socket = SockRef::from(&self.socket);
        let _ = socket.set_linger(Some(Duration::ZERO));
    }

    fn vanished(&mut self, error: &io::Error) -> Gone {
        log!("client {:?} vanished: {error}", self.name);
        self.outbox.clear();
        self.lines = LineBuffer::default();
        Gone
    }
}

impl AsFd for Peer {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        parting::drain(&self.socket);
    }
}
