//! Bonus: the chat of step 04, with threads where 04 has `select`.
//!
//! Each client has two. One reads what the client says and puts it into the
//! mailboxes of the others; the other takes what is in the client's own, and
//! nobody else writes on its socket. Who is slow makes its own writer wait.

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

// ANCHOR: serve
fn serve(listener: &TcpListener) -> io::Result<()> {
    let room = Arc::new(Room::default());
    loop {
        let (socket, name) = take_patiently(listener)?;
        let client = Arc::new(Client::new(socket, name));
        // Here and not in its thread, which may start late: who has come first
        // hears all who come after.
        room.enter(&client);
        let stay = {
            let (client, room) = (Arc::clone(&client), Arc::clone(&room));
            move || handle(&client, &room)
        };
        // thread::spawn would panic if the system refuses one more thread.
        if let Err(error) = thread::Builder::new().spawn(stay) {
            client.refuse(&error);
            room.leave(&client);
        }
    }
}
// ANCHOR_END: serve

// ANCHOR: handle
/// A client's whole stay. This thread reads, a second one writes.
fn handle(client: &Arc<Client>, room: &Room) {
    // The scope waits for the writer, so that it may borrow the client.
    thread::scope(|scope| {
        let writer = || write(client).unwrap_or_else(|e| client.vanished(&e));
        match thread::Builder::new().spawn_scoped(scope, writer) {
            Ok(_) => read(client, room).unwrap_or_else(|e| client.vanished(&e)),
            Err(error) => client.refuse(&error),
        }
        room.leave(client);
        // The writer writes what is still in there, and ends.
        client.mailbox.close();
    });
}
// ANCHOR_END: handle

// ANCHOR: read
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
// ANCHOR_END: read

// ANCHOR: write
/// Writes what comes into the client's mailbox, until that is closed and empty.
/// All that has come meanwhile goes out in one write.
fn write(client: &Client) -> io::Result<()> {
    while let Some(bytes) = client.mailbox.take() {
        (&client.socket).write_all(&bytes)?;
    }
    Ok(())
}
// ANCHOR_END: write

// ANCHOR: room
/// The clients that are there. All threads share the list: whoever looks at it
/// holds its lock, and does nothing meanwhile that could wait.
#[derive(Default)]
struct Room(Mutex<Vec<Arc<Client>>>);

impl Room {
    fn enter(&self, client: &Arc<Client>) {
        self.lock().push(Arc::clone(client));
        log!("client connected {:?}", client.name);
    }

    fn leave(&self, client: &Arc<Client>) {
        self.lock().retain(|other| !Arc::ptr_eq(other, client));
        log!("client disconnected {:?}", client.name);
    }

    /// Puts `message` into everybody's mailbox but `from`'s.
    fn broadcast(&self, from: &Arc<Client>, message: &[u8]) {
        let (mut crowded, mut full) = (Vec::new(), Vec::new());
        for client in self.lock().iter() {
            if Arc::ptr_eq(client, from) {
                continue;
            }
            match client.mailbox.put(message) {
                Put::Done => (),
                Put::Crowded => crowded.push(Arc::clone(client)),
                Put::Full => full.push(Arc::clone(client)),
            }
        }
        // The lock is free again: for what follows nobody else waits.
        full.iter().for_each(|client| client.give_up());
        // Ten who talk at full speed fill a mailbox before the system gives its
        // writer a turn. Let it have one, or those who do read are dropped too.
        crowded.iter().for_each(|client| client.mailbox.wait_for_room());
    }

    /// A thread that panics while it holds the lock poisons it. The list is
    /// whole all the same, and the others need it.
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Client>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
// ANCHOR_END: room

// ANCHOR: client
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
// ANCHOR_END: client
