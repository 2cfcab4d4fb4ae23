//! Bonus exercise: the chat of step 04, with threads where 04 has `select`.
//!
//! Each client has two. One reads what the client says and puts it into the
//! mailboxes of the others; the other takes what is in the client's own, and
//! nobody else writes on its socket. As it stands, the server lets one client
//! in at a time, and nobody says anything to it.
//!
//! Fill in the TODOs in the order of their numbers. Delete each once it's done,
//! start the server, see what is new: `nc localhost 7777` in three terminals.
//!
//! ```console
//! $ cargo run -p exercises --bin exbonus_thread_chat
//! ```

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use causette::accept::take_patiently;
use causette::cli::{self, About};
use causette::lines::{LineBuffer, TooLong};
use causette::mailbox::{Mailbox, Put};
use causette::{listen, log, parting};
use socket2::SockRef;

const ABOUT: About = About {
    en: "A chat server with two threads for each client.",
    fr: "Un serveur de chat avec deux threads par client.",
};

fn main() -> ExitCode {
    cli::run(&ABOUT, |port| serve(&listen(port)?))
}

fn serve(listener: &TcpListener) -> io::Result<()> {
    let room = Arc::new(Room::default());
    loop {
        let (socket, name) = take_patiently(listener)?;
        let client = Arc::new(Client::new(socket, name));
        // Here and not in its thread, which may start late: who has come first
        // hears all who come after.
        room.enter(&client);
        // TODO B.1: this call runs in a thread of its own, which has its own
        // share of the client and of the room (`Arc::clone`). If the system
        // refuses the thread, the log says so, and only this client leaves.
        handle(&client, &room);
    }
}

/// A client's whole stay. This thread reads, a second one writes.
fn handle(client: &Arc<Client>, room: &Room) {
    // TODO B.2: meanwhile a second thread calls `write`, within a scope that
    // waits for it (`thread::scope`). If the system refuses it, the log says
    // so, and the client isn't read.
    read(client, room).unwrap_or_else(|error| client.vanished(&error));
    room.leave(client);
    // TODO B.4: the second thread writes what the client is still owed, and
    // ends: then the client sees the end of its connection.
}

/// Says to the room what the client says, until it closes.
fn read(client: &Arc<Client>, room: &Room) -> io::Result<()> {
    let mut lines = LineBuffer::default();
    // Lines may be short, many, and go to everybody: no more of them at a time.
    let mut buffer = [0; 2 << 10];
    loop {
        let n = match (&client.socket).read(&mut buffer) {
            Ok(n) => n,
            // A signal cut the wait short: Python's recv tries again by itself.
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        // What comes last, before the client closes, may lack its newline: it's
        // a line all the same, and the next turn reads the end again.
        if n == 0 && !lines.finish() {
            return Ok(());
        }
        lines.push(&buffer[..n]);
        let mut said = String::new();
        let next = loop {
            match lines.next_line() {
                Ok(Some(line)) => said += &(line + "\n"),
                other => break other,
            }
        };
        if !client.mailbox.is_open() {
            return Ok(()); // it was dropped while it spoke
        }
        room.broadcast(client, said.as_bytes());
        if next == Err(TooLong) {
            client.mailbox.put(b"[server] line too long\n");
            return Ok(());
        }
    }
}

/// Writes what comes into the client's mailbox, until that is closed and empty.
/// All that has come meanwhile goes out in one write.
fn write(client: &Client) -> io::Result<()> {
    // B.2 goes on here
    Ok(())
}

/// The clients that are there. All threads share the list: whoever looks at it
/// holds its lock, and does nothing meanwhile that could wait.
#[derive(Default)]
struct Room(Mutex<Vec<Arc<Client>>>);

impl Room {
    fn enter(&self, client: &Arc<Client>) {
        // TODO B.3: the client is in the list until it leaves, and what one
        // says, all the others get.
        log!("client connected {:?}", client.name);
    }

    fn leave(&self, client: &Arc<Client>) {
        // B.3 goes on here
        log!("client disconnected {:?}", client.name);
    }

    /// Puts `message` into everybody's mailbox but `from`'s.
    fn broadcast(&self, from: &Arc<Client>, message: &[u8]) {
        // B.3 goes on here
        // TODO B.5: a client whose mailbox is `Full` is given up; while one is
        // `Crowded`, this thread waits for room in it. Nobody else waits
        // meanwhile: the lock is free again.
    }

    /// A thread that panics while it holds the lock poisons it. The list is
    /// whole all the same, and the others need it.
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Client>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the two threads of a client and the room share.
struct Client {
    name: String,
    socket: TcpStream,
    mailbox: Mailbox,
}

impl Client {
    fn new(socket: TcpStream, name: String) -> Self {
        Self { name, socket, mailbox: Mailbox::default() }
    }

    fn refuse(&self, error: &io::Error) {
        let name = &self.name;
        log!("client refused {name:?}, no thread left for it: {error}");
    }

    fn vanished(&self, error: &io::Error) {
        self.cut(&format!("vanished: {error}"));
    }

    fn give_up(&self) {
        // The system may hold megabytes for it too. With a linger of zero,
        // closing resets the connection and throws them away.
        let socket = SockRef::from(&self.socket);
        let _ = socket.set_linger(Some(Duration::ZERO));
        self.cut("dropped: it does not read");
    }

    /// Ends the two threads of this client, wherever they are: one may wait in
    /// `read`, the other in `write` or for its mailbox.
    fn cut(&self, why: &str) {
        if self.mailbox.abandon() {
            log!("client {:?} {why}", self.name);
        }
        let _ = self.socket.shutdown(Shutdown::Both);
    }
}

impl Drop for Client {
    /// Neither thread nor list holds it any more, and the socket closes.
    fn drop(&mut self) {
        parting::drain(&self.socket);
    }
}
