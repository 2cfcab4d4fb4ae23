//! Step 03: an echo server with one thread for all clients.
//!
//! `select` sleeps until one of many sockets is ready, and says which. In the
//! lab's words: `Door` is the listening socket, a `Peer` is a client's socket,
//! and their `accept`, `recv` and `send` never wait.

use std::io;
use std::net::TcpListener;
use std::os::fd::AsFd;
use std::process::ExitCode;

use causette::cli::{self, About};
use causette::{Door, Gone, Peer, listen};
use nix::errno::Errno;
use nix::sys::select::{FdSet, select};

const ABOUT: About = About {
    en: "An echo server with a single thread for all clients: select.",
    fr: "Un serveur d'écho avec un seul thread pour tous\u{a0}: select.",
};

fn main() -> ExitCode {
    cli::run(&ABOUT, |port| serve(listen(port)?))
}

// ANCHOR: serve
fn serve(listener: TcpListener) -> io::Result<()> {
    let mut door = Door::new(listener)?;
    let mut clients: Vec<Peer> = Vec::new();
    loop {
        // ANCHOR: watch
        // select overwrites the sets with its answer: build them on every turn.
        let mut readable = FdSet::new();
        let mut writable = FdSet::new();
        if door.is_open(clients.len()) {
            readable.insert(door.as_fd());
        }
        for client in &clients {
            // A client with unsent bytes isn't read until it takes them: TCP
            // makes it slow down.
            if client.has_unsent() {
                writable.insert(client.as_fd());
            } else {
                readable.insert(client.as_fd());
            }
        }
        // Python's select.select(l + [s], unsent, []), with no time limit.
        match select(None, &mut readable, &mut writable, None, None) {
            Err(Errno::EINTR) => continue,
            answer => answer?,
        };
        // ANCHOR_END: watch
        // ANCHOR: ready
        // The sets borrow the clients, and while they do the compiler refuses
        // any change to the list: note who is ready, then change it.
        let ready: Vec<usize> = (0..clients.len())
            .filter(|&i| readable.contains(clients[i].as_fd()))
            .collect();
        let newcomer = readable.contains(door.as_fd());
        // ANCHOR_END: ready

        // ANCHOR: walk
        for i in ready {
            if handle(&mut clients[i]) == Err(Gone) {
                clients[i].close();
            }
        }
        for client in &mut clients {
            if client.flush() == Err(Gone) {
                client.close();
            }
        }
        clients.retain(|client| !client.has_left());
        if newcomer {
            clients.extend(door.accept(clients.len())?);
        }
        // ANCHOR_END: walk
    }
}
// ANCHOR_END: serve

// ANCHOR: handle
/// Sends back what has arrived. One `recv` a turn, so that a talkative client
/// leaves the others theirs.
fn handle(client: &mut Peer) -> Result<(), Gone> {
    let message = client.recv()?;
    client.send(&message)
}
// ANCHOR_END: handle
