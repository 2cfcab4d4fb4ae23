//! Step 02: an echo server with a thread for each client.
//!
//! The main thread does nothing but `accept`; each client's talk goes on in a
//! thread of its own, which may wait as long as it likes. It's simple, and
//! costs a thread a client.

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
        // `move` gives the socket to the thread: the thread closes it.
        let talk = move || {
            if let Err(error) = handle(client) {
                log!("client {name:?} vanished: {error}");
            }
            log!("client disconnected {name:?}");
        };
        // thread::spawn would panic where the system refuses one more thread.
        if let Err(error) = thread::Builder::new().spawn(talk) {
            log!("the last client is refused, no thread left for it: {error}");
        }
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
