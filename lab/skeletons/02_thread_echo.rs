//! Exercise 02: an echo server with a thread for each client.
//!
//! The main thread does nothing but `accept`; the conversation with each client
//! runs in a thread of its own, which may wait as long as it likes.
//!
//! Fill in the TODOs in the order of their numbers. Delete each once it's done,
//! start the server, see what is new: `nc localhost 7777` in two terminals.
//!
//! ```console
//! $ cargo run -p exercises --bin ex02_thread_echo
//! ```

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::thread;

use causette::accept::accept_patiently;
use causette::cli::{self, About};
use causette::{listen, log};

const ABOUT: About = About {
    en: "An echo server with a thread for each client.",
    fr: "Un serveur d'écho avec un thread par client.",
};

fn main() -> ExitCode {
    cli::run(&ABOUT, |port| serve(&listen(port)?))
}

fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        let (client, name) = accept_patiently(listener)?;
        // TODO 2.1: `conversation` is a closure that owns the client's socket
        // and gives it to `handle`; called right here, it serves one client.
        // TODO 2.2: it runs in a thread of its own, and the next client is
        // served at the same time.
        // TODO 2.3: when it ends, the log says who vanished and why, and who
        // disconnected.
        // TODO 2.4: if the system refuses a thread, the log says so and only
        // this client is lost (`thread::spawn` would panic).
        log!("nobody talks to {name:?} yet: TODO 2.1");
    }
}

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
