//! Step 04: a chat. What one says, all the others get.
//!
//! The loop is that of step 03; what a client sends goes into the queues of the
//! others, line by line, and no queue is allowed to grow for ever.

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

/// Sends what the client number `i` has said to all the others.
fn handle(clients: &mut [Peer], i: usize) -> Result<(), Gone> {
    clients[i].recv_lines()?;
    while let Some(line) = clients[i].next_line()? {
        broadcast(clients, i, &line);
    }
    Ok(())
}

/// Queues `line` for everybody but the client number `from`.
fn broadcast(clients: &mut [Peer], from: usize, line: &str) {
    let message = format!("{line}\n");
    for (i, client) in clients.iter_mut().enumerate() {
        if i != from && client.send(message.as_bytes()) == Err(Gone) {
            client.close();
        }
    }
}
