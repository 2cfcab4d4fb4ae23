//! Step 03: an echo server with one thread for all clients.
//!
//! `select` sleeps until one of many sockets is ready, and says which. Nothing
//! else here waits: neither for a client that is silent, nor for one that
//! doesn't take what it's sent.

use std::io;
use std::net::TcpListener;
use std::os::fd::AsFd;
use std::process::ExitCode;

use causette::cli::{self, About};
use causette::{Door, Gone, Peer, listen};
use nix::errno::Errno;
use nix::sys::select::{FdSet, select};

const ABOUT: About = About {
    en: "An echo server with one thread for all clients: select.",
    fr: "Un serveur d'écho avec un thread pour tous les clients\u{a0}: select.",
};

fn main() -> ExitCode {
    cli::run(&ABOUT, |port| serve(listen(port)?))
}

fn serve(listener: TcpListener) -> io::Result<()> {
    let mut door = Door::new(listener)?;
    let mut clients: Vec<Peer> = Vec::new();
    loop {
        // select overwrites the sets with its answer: build them on every turn.
        let mut readable = FdSet::new();
        let mut writable = FdSet::new();
        if door.is_open() {
            readable.insert(door.as_fd());
        }
        for client in &clients {
            // Who doesn't take its echo isn't read: TCP slows it down.
            if client.is_owed() {
                writable.insert(client.as_fd());
            } else {
                readable.insert(client.as_fd());
            }
        }
        match select(None, &mut readable, &mut writable, None, None) {
            Err(Errno::EINTR) => continue,
            answer => answer?,
        };
        // The sets borrow the sockets: note their answer, then change the list.
        let is_ready = |client: &Peer| readable.contains(client.as_fd());
        let ready: Vec<bool> = clients.iter().map(is_ready).collect();
        let somebody_knocks = readable.contains(door.as_fd());

        for (client, ready) in clients.iter_mut().zip(ready) {
            if ready && handle(client) == Err(Gone) {
                client.close();
            }
        }
        for client in &mut clients {
            if client.flush() == Err(Gone) {
                client.close();
            }
        }
        clients.retain(|client| !client.has_left());
        if somebody_knocks {
            clients.extend(door.accept()?);
        }
    }
}

/// Sends back what has come. One `recv`: a second might wait.
fn handle(client: &mut Peer) -> Result<(), Gone> {
    let message = client.recv()?;
    client.send(&message)
}
