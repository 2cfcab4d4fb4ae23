//! A listening socket for clients of both families, IPv4 and IPv6.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use nix::errno::Errno;
use socket2::{Domain, Protocol, Socket, Type};

use crate::log;

/// How many clients may wait for `accept`. When 500 come at once, half of them wait
/// for seconds with the lab's 1, some for a second with 128, none with this. The
/// system may cap it (Linux: `net.core.somaxconn`).
pub const BACKLOG: i32 = 1024;

/// Listens on `port` (0: any free one) for IPv4 and IPv6 clients.
///
/// # Errors
///
/// What `socket`, `bind` or `listen` answered: the port is taken
/// (`AddrInUse`), or not for this user (`PermissionDenied`).
pub fn listen(port: u16) -> io::Result<TcpListener> {
    listen_by(port, open)
}

/// The same with a socket opened by `open`: step 01 makes its own by hand.
///
/// # Errors
///
/// Those of `open`, but for a host without IPv6: there it is called again for
/// IPv4.
pub fn listen_by(
    port: u16,
    open: impl Fn(SocketAddr) -> io::Result<TcpListener>,
) -> io::Result<TcpListener> {
    let listener = match open((Ipv6Addr::UNSPECIFIED, port).into()) {
        Err(error) if is_without_ipv6(&error) => {
            log!("this host has no IPv6: IPv4 clients only");
            open((Ipv4Addr::UNSPECIFIED, port).into())?
        }
        opened => opened?,
    };
    let port = listener.local_addr()?.port();
    log!("listening on port {port}; try: nc localhost {port}");
    Ok(listener)
}

/// Listens on one address. An IPv6 one takes IPv4 clients too.
///
/// # Errors
///
/// What `socket`, `bind` or `listen` answered.
pub fn open(address: SocketAddr) -> io::Result<TcpListener> {
    let domain = Domain::for_address(address);
    let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

fn is_without_ipv6(error: &io::Error) -> bool {
    let no_ipv6 = [Errno::EAFNOSUPPORT, Errno::EADDRNOTAVAIL];
    no_ipv6.map(|errno| Some(errno as i32)).contains(&error.raw_os_error())
}
