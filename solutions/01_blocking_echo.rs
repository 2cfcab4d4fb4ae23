//! Step 01: an echo server, one client at a time.
//!
//! Two sockets to tell apart: the *listening* socket waits for clients, and
//! each `accept` gives another one, the *client's*, to talk to that client.
//! While the server waits for one client's words it does nothing for the next:
//! try two `nc`.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;

use causette::cli::{self, About};
use causette::listen::{BACKLOG, listen_by};
use causette::{accept, log};
use socket2::{Domain, Protocol, Socket, Type};

const ABOUT: About = About {
    en: "An echo server that serves one client at a time.",
    fr: "Un serveur d'écho qui sert un seul client à la fois.",
};

// ANCHOR: main
fn main() -> ExitCode {
    cli::run(&ABOUT, |port| serve(&listen_by(port, open_listener)?))
}
// ANCHOR_END: main

// ANCHOR: open
/// Makes the listening socket by hand. `listen_by` calls it with `[::]:port`,
/// any address of this host; then with `0.0.0.0:port` if the host has no IPv6.
fn open_listener(address: SocketAddr) -> io::Result<TcpListener> {
    let domain = Domain::for_address(address);
    let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        // IPv4 clients too: they will show up as ::ffff:127.0.0.1.
        socket.set_only_v6(false)?;
    }
    // Without it, a server that was stopped while clients were connected can't
    // have its port back for a minute (TIME_WAIT).
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
// ANCHOR_END: open

// ANCHOR: serve
fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        // If `accept` fails, `?` stops the server. If `handle` fails, only this
        // client is lost.
        let (client, name) = accept(listener)?;
        if let Err(error) = handle(client) {
            log!("client {name:?} vanished: {error}");
        }
        log!("client disconnected {name:?}");
    }
}
// ANCHOR_END: serve

// ANCHOR: handle
/// Echoes until the client closes. Returning drops `client`, which closes the
/// socket.
fn handle(mut client: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1500];
    loop {
        let n = match client.read(&mut buffer) {
            Ok(0) => return Ok(()), // the client has closed
            Ok(n) => n,
            // A signal cut the wait short: Python's recv tries again by itself.
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        // Only the first n bytes are the message. write_all is Python's
        // sendall.
        client.write_all(&buffer[..n])?;
    }
}
// ANCHOR_END: handle
