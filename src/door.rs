//! The door of a server with one thread: the listening socket that `select`
//! watches, as long as there is room for a newcomer.

use std::io::{self, ErrorKind};
use std::net::TcpListener;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::rc::Rc;

use nix::sys::select::FD_SETSIZE;

use crate::accept::{is_out_of_descriptors, take};
use crate::log;
use crate::peer::Peer;

/// The listening socket of a server that calls `select`: it never blocks.
pub struct Door {
    listener: TcpListener,
    last_id: u64,
    /// Each [`Peer`] holds a copy: their count is that of the clients.
    badge: Rc<()>,
    /// How many clients there were when descriptors ran out.
    full_at: Option<usize>,
    said_too_many: bool,
}

impl Door {
    /// Makes `listener` non-blocking: a newcomer that `select` announced may
    /// have given up before `accept`, which would then wait for the next one.
    ///
    /// # Errors
    ///
    /// Those of `fcntl`.
    pub fn new(listener: TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let badge = Rc::new(());
        let (last_id, full_at, said_too_many) = (0, None, false);
        Ok(Self { listener, last_id, badge, full_at, said_too_many })
    }

    /// Is there room for a newcomer? Without a descriptor left, the listening
    /// socket would stay ready and `select` never sleep: leave it out until a
    /// client leaves.
    pub fn is_open(&self) -> bool {
        let clients = Rc::strong_count(&self.badge) - 1;
        self.full_at.is_none_or(|then| clients < then)
    }

    /// The client that waits, if it's still there and can be served.
    ///
    /// # Errors
    ///
    /// The listening socket is of no use any more; or no descriptor is left and
    /// no client is there that could give one back.
    pub fn accept(&mut self) -> io::Result<Option<Peer>> {
        let clients = Rc::strong_count(&self.badge) - 1;
        let (socket, name) = match take(&self.listener) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                return Ok(None);
            }
            Err(error) if is_out_of_descriptors(&error) && clients > 0 => {
                log!("no descriptor left, newcomers wait: {error}");
                self.full_at = Some(clients);
                return Ok(None);
            }
            accepted => accepted?,
        };
        self.full_at = None;
        // FdSet::insert panics from there on; C's FD_SET would spoil memory.
        if socket.as_raw_fd() as usize >= FD_SETSIZE {
            if !self.said_too_many {
                log!("client refused {name:?}: select stops at {FD_SETSIZE}");
            }
            self.said_too_many = true;
            return Ok(None);
        }
        self.said_too_many = false;
        self.last_id += 1;
        log!("client connected {name:?}");
        Ok(Peer::new(self.last_id, socket, name, Rc::clone(&self.badge)).ok())
    }
}

impl AsFd for Door {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.listener.as_fd()
    }
}
