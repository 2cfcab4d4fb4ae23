//! Step 02: an echo server with a thread for each client.
//!
//! The main thread does nothing but `accept`; the conversation with each client
//! runs in a thread of its own, which may wait as long as it likes. It's
//! simple, and costs one thread per client.

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

// ANCHOR: serve
fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        let (client, name) = accept_patiently(listener)?;
        // `move` gives the socket to the thread: the thread closes it.
        let who = name.clone();
        let conversation = move || {
            if let Err(error) = handle(client) {
                log!("client {name:?} vanished: {error}");
            }
            log!("client disconnected {name:?}");
        };
        // thread::spawn would panic if the system refuses one more thread.
        if let Err(error) = thread::Builder::new().spawn(conversation) {
            log!("client refused {who:?}, no thread left for it: {error}");
        }
    }
}
// ANCHOR_END: serve

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
