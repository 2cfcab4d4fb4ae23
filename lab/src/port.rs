//! Ports that nobody uses.

use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::SystemTime;

/// Which addresses a client comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// `127.0.0.1`; a server with a dual-stack socket sees `::ffff:127.0.0.1`.
    V4,
    /// `::1`.
    V6,
}

impl Family {
    /// A port of this host, by its loopback address of this family.
    pub fn loopback(self, port: u16) -> SocketAddr {
        match self {
            Self::V4 => (Ipv4Addr::LOCALHOST, port).into(),
            Self::V6 => (Ipv6Addr::LOCALHOST, port).into(),
        }
    }
}

/// The ports that the system gives to nobody of its own accord begin here; the
/// lower ones need rights or belong to known services.
const FIRST: u16 = 10_000;

/// A port on which nobody listens now. Somebody may the next moment: who starts a
/// server on it makes sure that the listener is that server's.
///
/// It's taken below the range from which the system picks a client's port, so that
/// no client that leaves or arrives meanwhile can hold it.
///
/// # Panics
///
/// If there is none.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let last = first_of_the_clients().max(FIRST + 1000);
    if NEXT.load(Ordering::Relaxed) == 0 {
        // Two processes that look at the same time begin at different places.
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let start = now.subsec_nanos() ^ (std::process::id() << 8);
        NEXT.store((start % u32::from(last - FIRST)) as u16, Ordering::Relaxed);
    }
    for _ in FIRST..last {
        let port =
            FIRST + NEXT.fetch_add(1, Ordering::Relaxed) % (last - FIRST);
        let is_free = |address: SocketAddr| TcpListener::bind(address).is_ok();
        if is_free(Family::V4.loopback(port))
            && is_free((Ipv4Addr::UNSPECIFIED, port).into())
        {
            return port;
        }
    }
    panic!("no free port between {FIRST} and {last}");
}

fn first_of_the_clients() -> u16 {
    let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range")
        .unwrap_or_default();
    range
        .split_whitespace()
        .next()
        .and_then(|first| first.parse().ok())
        .unwrap_or(32_768)
}
