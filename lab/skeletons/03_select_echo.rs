//! Exercise 03: an echo server with one thread for all clients.
//!
//! `select` sleeps until one of many sockets is ready, and says which. In the
//! lab's words: `Door` is the listening socket, a `Peer` is a client's socket,
//! and their `accept`, `recv` and `send` never wait.
//!
//! As it stands, `select` watches an empty set and sleeps for ever.
//!
//! Fill in the TODOs in the order of their numbers. Delete each once it's done,
//! start the server, see what is new: `nc localhost 7777` in two terminals.
//!
//! ```console
//! $ cargo run -p exercises --bin ex03_select_echo
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
    en: "An echo server with a single thread for all clients: select.",
    fr: "Un serveur d'écho avec un seul thread pour tous\u{a0}: select.",
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
        // TODO 3.1: select wakes up when a newcomer is at the door, and
        // `newcomer`, below, says so.
        // TODO 3.2: it wakes up when a client has sent something, and `ready`,
        // below, says which ones: their places in `clients`.
        // TODO 3.5: a client with unsent bytes isn't read until it takes them:
        // it's in a second set, `writable`, instead.
        // TODO 3.6: while there is no room for a newcomer (`is_open`), the door
        // is in no set, and select sleeps.
        match select(None, &mut readable, None, None, None) {
            Err(Errno::EINTR) => continue,
            answer => answer?,
        };
        // The sets borrow the clients, and while they do the compiler refuses
        // any change to the list: note who is ready, then change it.
        let ready: Vec<usize> = Vec::new(); // 3.2 goes on here
        let newcomer = false; // 3.1 goes on here

        for i in ready {
            // TODO 3.4: a client that is Gone is closed, here and below, and
            // once it has left it's no longer in the list.
            let _ = handle(&mut clients[i]);
        }
        for client in &mut clients {
            let _ = client.flush(); // 3.4 goes on here
        }
        // 3.4 goes on here
        if newcomer {
            clients.extend(door.accept(clients.len())?);
        }
    }
}

/// Sends back what has arrived. One `recv` a turn, so that a talkative client
/// leaves the others theirs.
fn handle(client: &mut Peer) -> Result<(), Gone> {
    let message = client.recv()?;
    // TODO 3.3: the message goes back to the client.
    causette::log!("{} bytes came, none go back yet: TODO 3.3", message.len());
    Ok(())
}
