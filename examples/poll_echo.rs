//! Beyond step 03: its echo server, with `poll` in place of `select`. The loop is
//! the same, and there is no limit of 1,024.
//!
//! `cargo run --example poll_echo`

use std::io;
use std::net::TcpListener;
use std::os::fd::AsFd;
use std::process::ExitCode;

use causette::cli::{self, About};
use causette::{Door, Gone, Peer, listen};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

const ABOUT: About = About {
    en: "An echo server with a single thread for all clients: poll.",
    fr: "Un serveur d'écho avec un seul thread pour tous\u{a0}: poll.",
};

fn main() -> ExitCode {
    cli::run(&ABOUT, |port| serve(listen(port)?))
}

fn serve(listener: TcpListener) -> io::Result<()> {
    let mut door = Door::new(listener)?.without_limit();
    let mut clients: Vec<Peer> = Vec::new();
    loop {
        // ANCHOR: watch
        // One entry for each client, in their order; then the door.
        let mut watched: Vec<PollFd> = Vec::new();
        for client in &clients {
            // A client with unsent bytes isn't read until it takes them: TCP
            // makes it slow down.
            let event = if client.has_unsent() {
                PollFlags::POLLOUT
            } else {
                PollFlags::POLLIN
            };
            watched.push(PollFd::new(client.as_fd(), event));
        }
        if door.is_open(clients.len()) {
            watched.push(PollFd::new(door.as_fd(), PollFlags::POLLIN));
        }
        match poll(&mut watched, PollTimeout::NONE) {
            Err(Errno::EINTR) => continue,
            answer => answer?,
        };
        // ANCHOR_END: watch
        // ANCHOR: ready
        // Who waits to write isn't read: `flush` below sees what became of it.
        let is_ready = |entry: &PollFd| {
            entry.any() == Some(true) && entry.events() == PollFlags::POLLIN
        };
        let mut ready: Vec<usize> =
            (0..watched.len()).filter(|&i| is_ready(&watched[i])).collect();
        let newcomer = ready.pop_if(|last| *last == clients.len()).is_some();
        // ANCHOR_END: ready

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
    }
}

/// Sends back what has arrived. One `recv` a turn, so that a talkative client
/// leaves the others theirs.
fn handle(client: &mut Peer) -> Result<(), Gone> {
    let message = client.recv()?;
    client.send(&message)
}
