//! Exercise 01: an echo server, one client at a time.
//!
//! Two sockets to tell apart: the *listening* socket waits for clients, and
//! each `accept` gives another one, the *client's*, to talk to that client.
//!
//! Fill in the TODOs in the order of their numbers. Delete each once it's done,
//! start the server, see what is new; from 1.3 on, try `nc localhost 7777`.
//!
//! ```console
//! $ cargo run -p exercises --bin ex01_blocking_echo
//! ```

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
    cli::run(&ABOUT, |port| serve(&listen_by(port, open_listener)?))
}

/// Makes the listening socket by hand. `listen_by` calls it with `[::]:port`,
/// any address of this host; then with `0.0.0.0:port` if the host has no IPv6.
fn open_listener(address: SocketAddr) -> io::Result<TcpListener> {
    // TODO 1.1: a TCP socket of this address's family is bound to `address`; an
    // IPv6 one takes IPv4 clients too.
    // TODO 1.2: it listens, up to BACKLOG clients may wait, and it is returned.
    // TODO 1.4: a server that ended while a client was connected gets its port
    // back at once (SO_REUSEADDR, before bind).
    Err(io::Error::other("it doesn't listen yet: TODO 1.1, then 1.2"))
}

fn serve(listener: &TcpListener) -> io::Result<()> {
    // TODO 1.3: one client is accepted, and `handle` gets its socket.
    // TODO 1.7: once `handle` is done, the log says who disconnected, and the
    // next client is accepted.
    // TODO 1.8: an error in `handle` is logged, and costs this client only.
    Err(io::Error::other("it accepts nobody yet: TODO 1.3"))
}

/// Echoes until the client closes. Returning drops `client`, which closes the
/// socket.
fn handle(mut client: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1500];
    // TODO 1.5: what one `read` receives (the lab's recv) is sent back, and
    // nothing else.
    // TODO 1.6: so is all that follows, until the client has closed (`read`
    // gives 0).
    Err(io::Error::other("it sends nothing back yet: TODO 1.5"))
}
