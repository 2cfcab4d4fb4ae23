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

fn main() -> ExitCode {
    cli::run(&ABOUT, |port| serve(&listen_by(port, open)?))
}

/// Makes the listening socket by hand. `address` is `[::]:port`, which means
/// any address of this host; or `0.0.0.0:port` where the host has no IPv6.
fn open(address: SocketAddr) -> io::Result<TcpListener> {
    let domain = Domain::for_address(address);
    let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        // IPv4 clients too: they will show up as ::ffff:127.0.0.1.
        socket.set_only_v6(false)?;
    }
    // Without it the port stays taken for a minute after a server has stopped.
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        // This `?` is the server's end. An error of `handle` is one client's.
        let (client, name) = accept(listener)?;
        if let Err(error) = handle(client) {
            log!("client {name:?} vanished: {error}");
        }
        log!("client disconnected {name:?}");
    }
}

/// Sends back what comes, until the client says no more. The socket closes
/// here: `client` is dropped.
fn handle(mut client: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1500];
    loop {
        let n = match client.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            received => received?,
        };
        if n == 0 {
            return Ok(());
        }
        // Only the first n bytes are the message; and `write` may take fewer.
        client.write_all(&buffer[..n])?;
    }
}
