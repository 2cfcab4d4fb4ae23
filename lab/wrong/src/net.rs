//! The sockets that all these servers share, made right.

use std::io::{self, ErrorKind, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};

use nix::errno::Errno;
use nix::libc::MSG_DONTWAIT;
use socket2::{Domain, Protocol, SockRef, Socket, Type};

use crate::log;

/// A listening socket for IPv6 and IPv4, as the lab wants it.
pub(crate) fn listen(port: u16) -> io::Result<TcpListener> {
    let socket = bound(SocketAddr::from(([0; 16], port)), true)?;
    socket.listen(1024)?;
    Ok(socket.into())
}

/// A socket that doesn't listen yet.
pub(crate) fn bound(address: SocketAddr, reuse: bool) -> io::Result<Socket> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.set_reuse_address(reuse)?;
    socket.bind(&address.into())?;
    Ok(socket)
}

/// A client's socket and its `<address>:<port>`.
pub(crate) fn accept(
    listener: &TcpListener,
) -> io::Result<(TcpStream, String)> {
    let (socket, address) = listener.accept()?;
    let _ = socket.set_nodelay(true);
    let name = format!("{}:{}", address.ip(), address.port());
    log(&format!("client connected {name:?}"));
    Ok((socket, name))
}

pub(crate) fn is_out_of_descriptors(error: &io::Error) -> bool {
    let wanting = [Errno::EMFILE, Errno::ENFILE];
    wanting.map(|errno| Some(errno as i32)).contains(&error.raw_os_error())
}

/// What has arrived; nothing if the client has closed.
pub(crate) fn recv(mut socket: &TcpStream) -> io::Result<Vec<u8>> {
    let mut buffer = [0; 4096];
    loop {
        match socket.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            Ok(n) => return Ok(buffer[..n].to_vec()),
        }
    }
}

/// Writes as much of `out` as the socket takes without waiting.
pub(crate) fn send_now(
    socket: &TcpStream,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    while !out.is_empty() {
        match SockRef::from(socket).send_with_flags(out, MSG_DONTWAIT) {
            Ok(n) => drop(out.drain(..n)),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
