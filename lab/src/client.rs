//! A client, played by a test.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use socket2::{Domain, SockRef, Socket, Type};

use crate::deadline::deadline;
use crate::port::Family;
use crate::server::Server;

/// A client that is connected. Every read has a deadline.
pub struct Client {
    socket: TcpStream,
    /// What has come and wasn't asked for yet.
    received: Vec<u8>,
}

impl Client {
    /// Connects over IPv4, as `nc localhost` mostly does.
    ///
    /// # Panics
    ///
    /// If it can't.
    #[track_caller]
    pub fn connect(server: &Server) -> Self {
        Self::connect_by(server, Family::V4)
    }

    /// Connects over IPv4 or IPv6.
    ///
    /// # Panics
    ///
    /// If it can't.
    #[track_caller]
    pub fn connect_by(server: &Server, family: Family) -> Self {
        Self::connect_to(family.loopback(server.port()), None)
    }

    /// Connects with room for few unread bytes, so that a server soon has to wait.
    ///
    /// # Panics
    ///
    /// If it can't.
    #[track_caller]
    pub fn connect_with_little_room(server: &Server) -> Self {
        Self::connect_to(Family::V4.loopback(server.port()), Some(4096))
    }

    #[track_caller]
    fn connect_to(address: SocketAddr, room: Option<usize>) -> Self {
        match open(address, room, deadline()) {
            Ok(socket) => Self { socket, received: Vec::new() },
            Err(error) => panic!("can't connect to {address}: {error}"),
        }
    }

    /// How the lab's server calls this client until it has a nick.
    ///
    /// # Panics
    ///
    /// Never, on a socket that was connected.
    pub fn name(&self) -> String {
        let address =
            self.socket.local_addr().unwrap_or_else(|error| panic!("{error}"));
        match address {
            SocketAddr::V4(v4) => format!("::ffff:{}:{}", v4.ip(), v4.port()),
            SocketAddr::V6(v6) => format!("{}:{}", v6.ip(), v6.port()),
        }
    }

    /// Sends all of it.
    ///
    /// # Panics
    ///
    /// If the server doesn't take it.
    #[track_caller]
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        if let Err(error) = self.try_send(bytes) {
            panic!("the server doesn't take what is sent: {error}");
        }
    }

    /// Sends all of it, or says why not: the server may have closed.
    ///
    /// # Errors
    ///
    /// Those of the socket; at the deadline `WouldBlock`.
    pub fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> std::io::Result<()> {
        self.socket.write_all(bytes.as_ref())
    }

    /// Sends as much as goes without waiting, and says how much that was.
    ///
    /// # Panics
    ///
    /// If the server has closed.
    #[track_caller]
    pub fn send_what_goes(&mut self, bytes: &[u8]) -> usize {
        let _ = self.socket.set_nonblocking(true);
        let sent = self.socket.write(bytes);
        let _ = self.socket.set_nonblocking(false);
        match sent {
            Ok(n) => n,
            Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
            Err(error) => {
                panic!("the server doesn't take what is sent: {error}")
            }
        }
    }

    /// Waits for exactly these bytes, and takes them.
    ///
    /// # Panics
    ///
    /// If others come, the end, or nothing until the deadline.
    #[track_caller]
    pub fn expect(&mut self, bytes: impl AsRef<[u8]>) {
        let expected = bytes.as_ref();
        while self.received.len() < expected.len()
            && expected.starts_with(&self.received)
        {
            if let Err(why) = self.receive() {
                self.disappointed(expected, &why);
            }
        }
        if !self.received.starts_with(expected) {
            self.disappointed(expected, "other bytes came");
        }
        self.received.drain(..expected.len());
    }

    /// Waits for a line and takes it, without its newline.
    ///
    /// # Panics
    ///
    /// If none comes until the deadline.
    #[track_caller]
    pub fn line(&mut self) -> String {
        loop {
            if let Some(end) =
                self.received.iter().position(|&byte| byte == b'\n')
            {
                let line: Vec<u8> = self.received.drain(..=end).collect();
                return String::from_utf8_lossy(&line[..end]).into_owned();
            }
            if let Err(why) = self.receive() {
                self.disappointed(b"a line", &why);
            }
        }
    }

    /// Waits for the end of the connection, and says whether it was a clean one.
    ///
    /// # Panics
    ///
    /// If bytes come instead, or nothing until the deadline.
    #[track_caller]
    pub fn expect_end(&mut self) {
        match self.receive() {
            Err(Silence::End) if self.received.is_empty() => (),
            Err(why) => self.disappointed(b"", &why),
            Ok(()) => self.disappointed(b"", "bytes came"),
        }
    }

    /// Waits for the end, clean or by a reset, whatever comes before: for a client
    /// that was cut in the middle of something.
    ///
    /// # Panics
    ///
    /// If it isn't over at the deadline.
    #[track_caller]
    pub fn expect_cut(&mut self) {
        loop {
            match self.receive() {
                Ok(()) => self.received.clear(),
                Err(Silence::End | Silence::Reset) => return,
                Err(why) => self.disappointed(b"", &why),
            }
        }
    }

    /// Says that it will send no more; it still receives. What `nc -N` does.
    pub fn half_close(&mut self) {
        let _ = self.socket.shutdown(Shutdown::Write);
    }

    /// Vanishes: the server's next read or write on this connection fails.
    pub fn reset(self) {
        let _ = SockRef::from(&self.socket).set_linger(Some(Duration::ZERO));
    }

    /// Has the server reset this connection? Says so once.
    pub fn was_reset(&self) -> bool {
        matches!(self.socket.take_error(), Ok(Some(_)))
    }

    fn receive(&mut self) -> Result<(), Silence> {
        let mut buffer = vec![0; 64 << 10];
        let start = Instant::now();
        loop {
            let left = deadline().saturating_sub(start.elapsed());
            if left.is_zero() {
                return Err(Silence::Deadline);
            }
            let _ = self.socket.set_read_timeout(Some(left));
            match self.socket.read(&mut buffer) {
                Ok(0) => return Err(Silence::End),
                Ok(n) => {
                    self.received.extend_from_slice(&buffer[..n]);
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {
                    continue;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
                Err(_) => return Err(Silence::Reset),
            }
        }
    }

    #[track_caller]
    fn disappointed(
        &self,
        expected: &[u8],
        why: &(impl ToString + ?Sized),
    ) -> ! {
        let shown = |bytes: &[u8]| {
            let end = bytes.len().min(2000);
            bytes[..end].escape_ascii().to_string()
        };
        panic!(
            "{}\n  expected  {}\n  got       {}",
            why.to_string(),
            shown(expected),
            shown(&self.received)
        );
    }
}

/// A connection that waits for nobody longer than `most`; with `room` for so many
/// unread bytes, if that's asked for.
pub(crate) fn open(
    address: SocketAddr,
    room: Option<usize>,
    most: Duration,
) -> std::io::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    if let Some(room) = room {
        socket.set_recv_buffer_size(room)?;
    }
    socket.connect_timeout(&address.into(), most)?;
    socket.set_tcp_nodelay(true)?;
    socket.set_write_timeout(Some(most))?;
    Ok(socket.into())
}

/// Why nothing came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Silence {
    End,
    Reset,
    Deadline,
}

impl std::fmt::Display for Silence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::End => "the server closed the connection",
            Self::Reset => "the connection was reset",
            Self::Deadline => "nothing came",
        })
    }
}
