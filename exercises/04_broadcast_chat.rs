//! Exercise 04: a chat. What one says, all the others get.
//!
//! The loop is that of step 03, and as it stands the server is its echo. All
//! there is to change comes after it.
//!
//! Fill in the TODOs in the order of their numbers. Delete each once it's done,
//! start the server, see what is new: `nc localhost 7777` in three terminals.
//!
//! ```console
//! $ cargo run -p exercises --bin ex04_broadcast_chat
//! ```

use std::io;
use std::net::TcpListener;
use std::os::fd::AsFd;
use std::process::ExitCode;

use causette::cli::{self, About};
use causette::{Door, Gone, Peer, listen};
use nix::errno::Errno;
use nix::sys::select::{FdSet, select};

const ABOUT: About = About {
    en: "A chat server: what one says, all the others get.",
    fr: "Un serveur de chat\u{a0}: ce que dit l'un, les autres le reçoivent.",
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
        match select(None, &mut readable, &mut writable, None, None) {
            Err(Errno::EINTR) => continue,
            answer => answer?,
        };
        // The sets borrow the clients, and while they do the compiler refuses
        // any change to the list: note who is ready, then change it.
        let ready: Vec<usize> = (0..clients.len())
            .filter(|&i| readable.contains(clients[i].as_fd()))
            .collect();
        let newcomer = readable.contains(door.as_fd());

        for i in ready {
            if handle(&mut clients, i) == Err(Gone) {
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
    }
}

/// Sends back what the client number `i` has said.
fn handle(clients: &mut [Peer], i: usize) -> Result<(), Gone> {
    // TODO 4.1: the message goes to everybody, through `broadcast`.
    // TODO 4.3: it goes line by line, so that a line in two pieces goes out in
    // one (`recv_lines`, `next_line`).
    let message = clients[i].recv()?;
    clients[i].send(&message)
}

/// Queues `message` for all clients.
fn broadcast(clients: &mut [Peer], from: usize, message: &[u8]) {
    // 4.1 goes on here
    // TODO 4.2: everybody gets it but the client number `from`, who said it.
    // TODO 4.4: a client that is Gone is closed, and the others get the message
    // all the same.
}
