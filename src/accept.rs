//! `accept`, and what to do when it fails.
//!
//! It fails for three reasons, which want three answers: *this newcomer* gave
//! up while it waited (take the next one); *no descriptor is left* (serve those
//! who are there, let the others wait); *the listening socket* is of no use
//! (stop).

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Once;
use std::thread;
use std::time::Duration;

use nix::errno::Errno;

use crate::log;

/// Waits for a client: its socket, and its name as the lab prints it.
///
/// # Errors
///
/// Those of [accept(2)](https://man7.org/linux/man-pages/man2/accept.2.html)
/// that the next client would meet as well.
pub fn accept(listener: &TcpListener) -> io::Result<(TcpStream, String)> {
    let (socket, name) = take(listener)?;
    log!("client connected {name:?}");
    Ok((socket, name))
}

/// Like [`accept`], for a server whose threads hold the descriptors: see
/// [`take_patiently`].
///
/// # Errors
///
/// Those of [`accept`], except running out of descriptors.
pub fn accept_patiently(
    listener: &TcpListener,
) -> io::Result<(TcpStream, String)> {
    let (socket, name) = take_patiently(listener)?;
    log!("client connected {name:?}");
    Ok((socket, name))
}

// ANCHOR: patiently
/// Waits for a client, and says nothing. When no descriptor is left it says so,
/// once, and tries again every 100 ms.
///
/// # Errors
///
/// Those of [`accept`], except running out of descriptors.
pub fn take_patiently(
    listener: &TcpListener,
) -> io::Result<(TcpStream, String)> {
    loop {
        match take(listener) {
            Err(error) if is_out_of_resources(&error) => {
                say_that_it_is_full(&error);
                #[expect(
                    clippy::disallowed_methods,
                    reason = "nothing tells that one is free"
                )]
                thread::sleep(Duration::from_millis(100));
            }
            taken => return taken,
        }
    }
}
// ANCHOR_END: patiently

/// The next client that has not given up while it waited.
pub(crate) fn take(listener: &TcpListener) -> io::Result<(TcpStream, String)> {
    loop {
        match listener.accept() {
            Ok((socket, address)) => {
                // Nagle's algorithm holds a small segment back while earlier
                // bytes are unacknowledged, and the other side delays its
                // acknowledgement: 44 ms for an answer in two pieces.
                let _ = socket.set_nodelay(true);
                return Ok((socket, name_of(address)));
            }
            Err(error) if gave_up(&error) => continue,
            Err(error) => return Err(error),
        }
    }
}

/// `<address>:<port>` as the lab writes it: no brackets around an IPv6 address.
fn name_of(address: SocketAddr) -> String {
    format!("{}:{}", address.ip(), address.port())
}

/// Once, however often newcomers come and have to wait.
pub(crate) fn say_that_it_is_full(error: &io::Error) {
    static SAID: Once = Once::new();
    SAID.call_once(|| log!("no descriptor left, newcomers wait: {error}"));
}

/// Is no descriptor left, or no memory? Those who are there can be served.
pub fn is_out_of_resources(error: &io::Error) -> bool {
    let wanting = [Errno::EMFILE, Errno::ENFILE, Errno::ENOBUFS, Errno::ENOMEM];
    wanting.map(|errno| Some(errno as i32)).contains(&error.raw_os_error())
}

/// What [accept(2)](https://man7.org/linux/man-pages/man2/accept.2.html) tells us
/// to retry: it reports the errors that are pending on the new connection, and
/// EPERM where a firewall forbids it.
pub fn gave_up(error: &io::Error) -> bool {
    let passing = [
        Errno::ECONNABORTED,
        Errno::EHOSTDOWN,
        Errno::EHOSTUNREACH,
        Errno::ENETDOWN,
        Errno::ENETUNREACH,
        Errno::ENOPROTOOPT,
        Errno::EOPNOTSUPP,
        Errno::EPERM,
        Errno::EPROTO,
        Errno::ETIMEDOUT,
        #[cfg(target_os = "linux")]
        Errno::ENONET,
    ];
    let passing = passing.map(|errno| Some(errno as i32));
    passing.contains(&error.raw_os_error())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pending_on_one_connection_is_no_end_of_the_server() {
        let error = |errno: Errno| io::Error::from(errno);
        for errno in [Errno::ECONNABORTED, Errno::EPERM, Errno::EHOSTDOWN] {
            assert!(gave_up(&error(errno)), "{errno}");
        }
        for errno in [Errno::EBADF, Errno::EINVAL, Errno::EMFILE, Errno::EAGAIN]
        {
            assert!(!gave_up(&error(errno)), "{errno}");
        }
    }

    #[test]
    fn a_name_has_no_brackets() {
        let name = |text: &str| name_of(text.parse().unwrap());
        assert_eq!(name("127.0.0.1:80"), "127.0.0.1:80");
        assert_eq!(name("[::1]:5000"), "::1:5000");
        assert_eq!(name("[::ffff:127.0.0.1]:5000"), "::ffff:127.0.0.1:5000");
    }
}
