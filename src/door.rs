//! The door of a server with one thread: the listening socket that `select`
//! watches, as long as there is room for a newcomer.

use std::io::{self, ErrorKind};
use std::net::TcpListener;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::sync::Once;

use nix::sys::select::FD_SETSIZE;

use crate::accept::{is_out_of_resources, say_that_it_is_full, take};
use crate::log;
use crate::peer::Peer;

/// The listening socket of a server that calls `select`: it never blocks.
pub struct Door {
    listener: TcpListener,
    last_id: u64,
    /// How many clients there were when descriptors ran out.
    full_at: Option<usize>,
    /// The first descriptor that can't be watched.
    limit: usize,
}

impl Door {
    /// Makes `listener` non-blocking: a newcomer that `select` announced may
    /// have given up before `accept`, which would then wait for the next one.
    ///
    /// # Errors
    ///
    /// Those of `fcntl`; or its descriptor is beyond those that `select` watches.
    pub fn new(listener: TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        if number(&listener) >= FD_SETSIZE {
            return Err(io::Error::other("too many descriptors for select"));
        }
        Ok(Self { listener, last_id: 0, full_at: None, limit: FD_SETSIZE })
    }

    /// Lets in clients whose descriptor `select` couldn't watch: for `poll`.
    #[must_use]
    pub fn without_limit(self) -> Self {
        Self { limit: usize::MAX, ..self }
    }

    // ANCHOR: room
    /// Is there room for a newcomer, beside so many clients? Without a descriptor
    /// left, the listening socket would stay ready and `select` never sleep:
    /// leave it out of the set until a client leaves.
    pub fn is_open(&self, clients: usize) -> bool {
        self.full_at.is_none_or(|full| clients < full)
    }
    // ANCHOR_END: room

    /// The client that waits, if it's still there and can be served beside so
    /// many others.
    ///
    /// # Errors
    ///
    /// The listening socket can't be used any more; or no descriptor is left
    /// and there is no client that could give one back.
    pub fn accept(&mut self, clients: usize) -> io::Result<Option<Peer>> {
        let (socket, name) = match take(&self.listener) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                return Ok(None);
            }
            Err(error) if is_out_of_resources(&error) && clients > 0 => {
                say_that_it_is_full(&error);
                self.full_at = Some(clients);
                return Ok(None);
            }
            accepted => accepted?,
        };
        self.full_at = None;
        // FdSet::insert panics from 1,024 on; C's FD_SET would write past the end
        // of the set.
        if number(&socket) >= self.limit {
            static SAID: Once = Once::new();
            SAID.call_once(|| {
                log!("client refused {name:?}: select ends at {FD_SETSIZE}");
            });
            return Ok(None);
        }
        self.last_id += 1;
        log!("client connected {name:?}");
        Ok(Peer::new(self.last_id, socket, name).ok())
    }
}

impl AsFd for Door {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.listener.as_fd()
    }
}

fn number(socket: &impl AsRawFd) -> usize {
    socket.as_raw_fd() as usize
}
