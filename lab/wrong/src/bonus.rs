//! The bonus: a chat with two threads for each client, one that reads and one that
//! writes what comes through its channel.

use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{self, Receiver, SyncSender, TryRecvError};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use crate::net::recv;
use crate::thread02::{accept_all, for_each_client};
use crate::{Wrong, log, wrong};

pub(crate) const SERVERS: &[Wrong] = &[
    wrong(
        "bonus_one_at_a_time",
        "02a",
        "reads each client in the thread that accepts",
        |port| chat(port, Mistake::OneAtATime),
    ),
    wrong(
        "bonus_locks_twice",
        "bonus-stuck",
        "takes the lock again, to count the clients, while it holds it",
        |port| chat(port, Mistake::LocksTwice),
    ),
    wrong(
        "bonus_never_removed",
        "bonus-kept",
        "leaves those who have left in the list",
        |port| chat(port, Mistake::NeverRemoved),
    ),
    wrong(
        "bonus_writer_never_ends",
        "bonus-thread",
        "keeps the sending side of a client's channel in the writer itself",
        |port| chat(port, Mistake::WriterNeverEnds),
    ),
    wrong(
        "bonus_writer_survives_its_socket",
        "bonus-thread",
        "shuts the socket down, and lets the writer wait for ever",
        |port| chat(port, Mistake::WriterSurvives),
    ),
    wrong(
        "bonus_copy_survives",
        "02b",
        "keeps a clone of each client's socket in the thread that accepts",
        |port| chat(port, Mistake::CopySurvives),
    ),
    wrong(
        "bonus_spins",
        "bonus-spins",
        "asks the channel again and again whether something has come",
        |port| chat(port, Mistake::Spins),
    ),
    wrong(
        "bonus_thread_panics",
        "02d",
        "unwraps what recv returns: a reset makes the thread panic",
        |port| chat(port, Mistake::ThreadPanics),
    ),
    wrong(
        "bonus_panics_with_lock",
        "bonus-poisoned",
        "asks a client that has vanished for its address, under the lock",
        |port| chat(port, Mistake::PanicsWithLock),
    ),
    wrong(
        "bonus_accept_unwrapped",
        "03i",
        "ends when accept fails for want of descriptors",
        |port| chat(port, Mistake::AcceptUnwrapped),
    ),
    wrong(
        "bonus_writes_under_lock",
        "bonus-frozen",
        "writes to a client that doesn't read, under the lock of the list",
        |port| chat(port, Mistake::WritesUnderLock),
    ),
    wrong(
        "bonus_writes_itself",
        "bonus-frozen",
        "writes to all the others in the thread of who speaks, without the lock",
        |port| chat(port, Mistake::WritesItself),
    ),
    wrong("right_bonus", "-", "is right", |port| chat(port, Mistake::None)),
];

/// What one of these servers does in its own way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mistake {
    None,
    OneAtATime,
    LocksTwice,
    NeverRemoved,
    WriterNeverEnds,
    WriterSurvives,
    CopySurvives,
    Spins,
    ThreadPanics,
    PanicsWithLock,
    AcceptUnwrapped,
    WritesUnderLock,
    WritesItself,
}

/// So many lines may wait for a client.
const LINES: usize = 16 << 10;

struct Client {
    socket: Arc<TcpStream>,
    outbox: SyncSender<Arc<[u8]>>,
}

#[derive(Default)]
struct Room(Mutex<Vec<Arc<Client>>>);

impl Room {
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Client>>> {
        self.0.lock().unwrap()
    }
}

fn chat(port: u16, mistake: Mistake) -> io::Result<()> {
    let room = Arc::new(Room::default());
    let mut copies = Vec::new();
    let start = move |socket: TcpStream| {
        if mistake == Mistake::CopySurvives {
            copies.extend(socket.try_clone());
        }
        let (outbox, mail) = mpsc::sync_channel(LINES);
        let socket = Arc::new(socket);
        let client = Arc::new(Client { socket: socket.clone(), outbox });
        room.lock().push(client.clone());
        let kept = match mistake {
            Mistake::WriterNeverEnds | Mistake::WriterSurvives => {
                Some(client.outbox.clone())
            }
            _ => None,
        };
        thread::spawn(move || {
            let _kept = kept;
            write(&socket, &mail, mistake);
        });
        let room = room.clone();
        let reader = thread::spawn(move || read(&client, &room, mistake));
        if mistake == Mistake::OneAtATime {
            let _ = reader.join();
        }
    };
    match mistake {
        Mistake::AcceptUnwrapped => accept_all(port, start),
        _ => for_each_client(port, start),
    }
}

fn write(socket: &TcpStream, mail: &Receiver<Arc<[u8]>>, mistake: Mistake) {
    let mut is_alive = true;
    loop {
        let next = match mistake {
            Mistake::Spins => match mail.try_recv() {
                Err(TryRecvError::Empty) => {
                    thread::yield_now();
                    continue;
                }
                next => next.ok(),
            },
            _ => mail.recv().ok(),
        };
        let Some(bytes) = next else { break };
        is_alive = is_alive && { socket }.write_all(&bytes).is_ok();
    }
}

fn read(client: &Arc<Client>, room: &Room, mistake: Mistake) {
    let mut input = Vec::new();
    loop {
        let bytes = match recv(&client.socket) {
            Err(error) if mistake == Mistake::ThreadPanics => panic!("{error}"),
            bytes => bytes.unwrap_or_default(),
        };
        let is_end = bytes.is_empty();
        input.extend(&bytes);
        // The last line may lack its newline.
        if is_end && !input.is_empty() {
            input.push(b'\n');
        }
        while let Some(end) = input.iter().position(|&byte| byte == b'\n') {
            let line: Arc<[u8]> = input.drain(..=end).collect();
            broadcast(client, room, &line, mistake);
        }
        if is_end {
            break;
        }
    }
    if mistake == Mistake::PanicsWithLock {
        let _clients = room.lock();
        log(&format!("goodbye {}", client.socket.peer_addr().unwrap()));
    }
    if mistake != Mistake::NeverRemoved {
        room.lock().retain(|other| !Arc::ptr_eq(other, client));
    }
    if mistake == Mistake::WriterSurvives {
        let _ = client.socket.shutdown(Shutdown::Both);
    }
}

fn broadcast(
    from: &Arc<Client>,
    room: &Room,
    line: &Arc<[u8]>,
    mistake: Mistake,
) {
    let clients = room.lock();
    let others = clients.iter().filter(|it| !Arc::ptr_eq(it, from));
    match mistake {
        Mistake::WritesUnderLock => {
            for other in others {
                let _ = (&*other.socket).write_all(line);
            }
        }
        Mistake::WritesItself => {
            let others: Vec<Arc<Client>> = others.cloned().collect();
            drop(clients);
            for other in others {
                let _ = (&*other.socket).write_all(line);
            }
        }
        _ => {
            for other in others {
                // It doesn't read, and too much waits for it.
                if other.outbox.try_send(line.clone()).is_err() {
                    let _ = other.socket.shutdown(Shutdown::Both);
                }
            }
            if mistake == Mistake::LocksTwice {
                log(&format!("said to {} clients", room.lock().len() - 1));
            }
        }
    }
}
