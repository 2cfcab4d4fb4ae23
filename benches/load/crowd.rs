//! Many clients in one thread.
//!
//! What stands between a server and its figures must cost little: one `epoll`, one
//! buffer, no allocation once everybody is there.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use lab::Family;
use nix::errno::Errno;
use nix::sys::epoll::{
    Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout,
};

/// The clients of one server, numbered from 0 in order of arrival.
pub(crate) struct Crowd {
    epoll: Epoll,
    events: Vec<EpollEvent>,
    sockets: Vec<Option<TcpStream>>,
    buffer: Vec<u8>,
    gone: usize,
}

impl Crowd {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            epoll: Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?,
            events: vec![EpollEvent::empty(); 256],
            sockets: Vec::new(),
            buffer: vec![0; 64 << 10],
            gone: 0,
        })
    }

    /// One more client.
    pub(crate) fn connect(&mut self, port: u16) -> io::Result<()> {
        let socket = TcpStream::connect_timeout(
            &Family::V4.loopback(port),
            lab::deadline(),
        )?;
        socket.set_nodelay(true)?;
        socket.set_nonblocking(true)?;
        let number = self.sockets.len() as u64;
        let event = EpollEvent::new(EpollFlags::EPOLLIN, number);
        self.epoll.add(&socket, event)?;
        self.sockets.push(Some(socket));
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.sockets.len()
    }

    /// How many the server has closed or dropped.
    pub(crate) fn gone(&self) -> usize {
        self.gone
    }

    /// Sends as much of `bytes` as the socket takes now; says how much.
    pub(crate) fn send(&mut self, client: usize, bytes: &[u8]) -> usize {
        let Some(mut socket) = self.sockets[client].as_ref() else { return 0 };
        // What is wrong with it, reading will tell.
        socket.write(bytes).unwrap_or(0)
    }

    /// Waits, at most so long, and gives what has arrived to `heard`: the client, its
    /// socket to answer on, and the bytes.
    pub(crate) fn hear(
        &mut self,
        most: Duration,
        mut heard: impl FnMut(usize, &TcpStream, &[u8]),
    ) -> io::Result<()> {
        let most =
            EpollTimeout::try_from(most).unwrap_or(EpollTimeout::from(100_u8));
        let count = match self.epoll.wait(&mut self.events, most) {
            Err(Errno::EINTR) => 0,
            count => count?,
        };
        for event in &self.events[..count] {
            let client = event.data() as usize;
            let Some(mut socket) = self.sockets[client].as_ref() else {
                continue;
            };
            match socket.read(&mut self.buffer) {
                Ok(n) if n > 0 => heard(client, socket, &self.buffer[..n]),
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
                    ) => {}
                Ok(_) | Err(_) => {
                    self.sockets[client] = None;
                    self.gone += 1;
                }
            }
        }
        Ok(())
    }

    /// Reads away what has already arrived.
    pub(crate) fn drain(&mut self) -> io::Result<()> {
        loop {
            let mut any = false;
            self.hear(Duration::ZERO, |_, _, _| any = true)?;
            if !any {
                return Ok(());
            }
        }
    }
}
