//! What the kernel knows of one TCP socket, asked for by its addresses: `sock_diag(7)`.
//!
//! `/proc/net/tcp` says the same of all sockets at once, and takes milliseconds on a
//! machine with much memory; this takes microseconds. Where there is no such thing
//! (macOS, an old or a closed-up kernel) the answer is `None`.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

/// A TCP socket of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Does it wait for connections?
    pub(crate) listens: bool,
    /// Has neither side said yet that it's over?
    pub(crate) is_open: bool,
    /// Bytes that its program hasn't read; of one that listens, clients that its
    /// program hasn't accepted.
    pub(crate) unread: u32,
    /// Bytes that its peer hasn't acknowledged.
    pub(crate) unsent: u32,
    /// Its name in `/proc/PID/fd` is `socket:[inode]`.
    pub(crate) inode: u32,
}

/// `linux/netlink.h`, `linux/sock_diag.h`, `linux/inet_diag.h`.
const AF_NETLINK: i32 = 16;
const NETLINK_SOCK_DIAG: i32 = 4;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
const NLM_F_REQUEST: u16 = 1;
const IPPROTO_TCP: u8 = 6;
const TCP_ESTABLISHED: u8 = 1;
const TCP_LISTEN: u8 = 10;
const NO_COOKIE: u32 = u32::MAX;

/// An open line to the kernel.
pub(crate) struct Diag {
    socket: Socket,
}

impl Diag {
    /// `None`: this kernel doesn't answer such questions.
    pub(crate) fn open() -> Option<Self> {
        if !cfg!(target_os = "linux") {
            return None;
        }
        let protocol = Protocol::from(NETLINK_SOCK_DIAG);
        let socket =
            Socket::new(Domain::from(AF_NETLINK), Type::DGRAM, Some(protocol))
                .ok()?;
        // It answers at once; and if not, nobody waits for ever.
        socket.set_read_timeout(Some(Duration::from_secs(1))).ok()?;
        Some(Self { socket })
    }

    /// The socket at `local` that is connected to `remote`.
    pub(crate) fn connection(
        &mut self,
        local: SocketAddr,
        remote: SocketAddr,
    ) -> Option<Found> {
        // Where there is none, the kernel tells of the socket that listens there.
        self.ask(local, remote).filter(|found| !found.listens)
    }

    /// The socket that takes the clients who come to `local`.
    pub(crate) fn listener(&mut self, local: SocketAddr) -> Option<Found> {
        let nobody: SocketAddr = match local {
            SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
            SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
        };
        self.ask(local, nobody).filter(|found| found.listens)
    }

    fn ask(&mut self, local: SocketAddr, remote: SocketAddr) -> Option<Found> {
        self.socket.write_all(&request(local, remote)).ok()?;
        let mut answer = [0; 1024];
        let n = self.socket.read(&mut answer).ok()?;
        found(&answer[..n])
    }
}

/// A `nlmsghdr` and an `inet_diag_req_v2`.
fn request(local: SocketAddr, remote: SocketAddr) -> Vec<u8> {
    const LENGTH: u32 = 16 + 56;
    let mut bytes = Vec::new();
    bytes.extend(LENGTH.to_ne_bytes());
    bytes.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    bytes.extend(NLM_F_REQUEST.to_ne_bytes());
    bytes.extend([0; 8]); // sequence number, port: one question at a time
    let family = if local.is_ipv4() { Domain::IPV4 } else { Domain::IPV6 };
    bytes.extend([i32::from(family) as u8, IPPROTO_TCP, 0, 0]);
    bytes.extend(u32::MAX.to_ne_bytes()); // in any state
    bytes.extend(local.port().to_be_bytes());
    bytes.extend(remote.port().to_be_bytes());
    for address in [local, remote] {
        let mut octets = [0; 16];
        match address {
            SocketAddr::V4(v4) => {
                octets[..4].copy_from_slice(&v4.ip().octets());
            }
            SocketAddr::V6(v6) => octets = v6.ip().octets(),
        }
        bytes.extend(octets);
    }
    bytes.extend(0_u32.to_ne_bytes()); // on any interface
    bytes.extend(NO_COOKIE.to_ne_bytes());
    bytes.extend(NO_COOKIE.to_ne_bytes());
    bytes
}

/// Reads a `nlmsghdr` and an `inet_diag_msg`; anything else is an error message.
fn found(answer: &[u8]) -> Option<Found> {
    let kind = u16::from_ne_bytes(answer.get(4..6)?.try_into().ok()?);
    if kind != SOCK_DIAG_BY_FAMILY {
        return None;
    }
    let message = answer.get(16..)?;
    let number = |at: usize| {
        let bytes = message.get(at..at + 4)?;
        Some(u32::from_ne_bytes(bytes.try_into().ok()?))
    };
    Some(Found {
        listens: *message.get(1)? == TCP_LISTEN,
        is_open: *message.get(1)? == TCP_ESTABLISHED,
        unread: number(56)?,
        unsent: number(60)?,
        inode: number(68)?,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::{TcpListener, TcpStream};

    use super::*;
    use crate::deadline::until;

    #[test]
    fn the_kernel_tells_what_waits_in_a_socket() {
        let Some(mut diag) = Diag::open() else {
            let _ = writeln!(std::io::stderr(), "skipped: no sock_diag");
            return;
        };
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(listener) = TcpListener::bind(address) else { continue };
            let here = listener.local_addr().expect("it's bound");
            let mut client = TcpStream::connect(here).expect("it listens");
            let there = client.local_addr().expect("it's connected");
            let waiting =
                until(|| diag.listener(here).filter(|found| found.unread == 1));
            assert!(waiting.is_some(), "one client waits to be accepted");
            let (server, _) = listener.accept().expect("somebody waits");
            client.write_all(b"salut").expect("it's connected");
            let unread = until(|| {
                diag.connection(here, there).filter(|found| found.unread == 5)
            });
            assert!(unread.is_some(), "five bytes wait to be read");
            assert_eq!(diag.listener(here).map(|found| found.unread), Some(0));
            drop((client, server, listener));
            assert_eq!(diag.listener(here), None);
        }
    }

    #[test]
    fn an_answer_that_makes_no_sense_is_no_answer() {
        for length in 0..88 {
            let mut answer = vec![0xff; length];
            assert_eq!(found(&answer), None);
            if let Some(kind) = answer.get_mut(4..6) {
                kind.copy_from_slice(&SOCK_DIAG_BY_FAMILY.to_ne_bytes());
                assert_eq!(found(&answer), None);
            }
        }
    }
}
