//! Step 02, an echo server with a thread for each client.

use std::io::{self, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use crate::echo01::{echo, one_by_one};
use crate::net::{accept, is_out_of_descriptors, listen, recv};
use crate::{Wrong, log, wrong};

pub(crate) const SERVERS: &[Wrong] = &[
    wrong(
        "02a_joins_at_once",
        "02a",
        "starts a thread and joins it at once",
        |port| {
            for_each_client(port, |client| {
                let conversation = thread::spawn(move || echo(&client));
                let _ = conversation.join();
            })
        },
    ),
    wrong(
        "02a_calls_handle",
        "02a",
        "calls the thread's function itself and gives the thread its result",
        |port| {
            for_each_client(port, |client| {
                let result = echo(&client);
                drop(client);
                thread::spawn(move || result);
            })
        },
    ),
    wrong(
        "02b_keeps_a_clone",
        "02b",
        "keeps a clone of each client's socket in a list",
        |port| {
            let mut clients = Vec::new();
            for_each_client(port, move |client| {
                clients.extend(client.try_clone());
                thread::spawn(move || echo(&client));
            })
        },
    ),
    wrong(
        "02b_shares_with_main",
        "02b",
        "keeps its own share (Arc) of each client's socket",
        |port| {
            let mut clients = Vec::new();
            for_each_client(port, move |client| {
                let client = Arc::new(client);
                clients.push(client.clone());
                thread::spawn(move || echo(&client));
            })
        },
    ),
    wrong(
        "02c_two_threads",
        "02c",
        "starts two threads that accept, and no more",
        |port| {
            let listener = listen(port)?;
            thread::scope(|threads| {
                for _ in 0..2 {
                    threads.spawn(|| one_by_one(&listener, |it| echo(&it)));
                }
            });
            Ok(())
        },
    ),
    wrong(
        "02c_eight_workers",
        "02c",
        "hands its clients to a pool of eight threads",
        |port| {
            let (queue, clients) = mpsc::channel::<TcpStream>();
            let clients = Arc::new(Mutex::new(clients));
            for _ in 0..8 {
                let clients = clients.clone();
                thread::spawn(move || {
                    loop {
                        let next = clients.lock().unwrap().recv();
                        let _ = echo(&next.unwrap());
                    }
                });
            }
            for_each_client(port, move |client| queue.send(client).unwrap())
        },
    ),
    wrong(
        "02d_thread_panics",
        "02d",
        "unwraps in the thread: a reset makes it panic",
        |port| {
            for_each_client(port, |client| {
                thread::spawn(move || echo(&client).unwrap());
            })
        },
    ),
    wrong(
        "02e_shared_variable",
        "02e",
        "every thread answers through one shared variable, the newest client",
        |port| {
            let newest: Arc<Mutex<Option<Arc<TcpStream>>>> = Arc::default();
            for_each_client(port, move |client| {
                let client = Arc::new(client);
                *newest.lock().unwrap() = Some(client.clone());
                let newest = newest.clone();
                thread::spawn(move || {
                    while let Ok(message) = recv(&client) {
                        if message.is_empty() {
                            break;
                        }
                        let sc = newest.lock().unwrap().clone().unwrap();
                        let _ = (&*sc).write_all(&message);
                    }
                });
            })
        },
    ),
    wrong(
        "03i_accept_unwrapped",
        "03i",
        "ends when accept fails for want of descriptors",
        |port| {
            accept_all(port, |client| {
                thread::spawn(move || echo(&client));
            })
        },
    ),
    wrong("right_02", "-", "is right", |port| {
        for_each_client(port, |client| {
            thread::spawn(move || echo(&client));
        })
    }),
];

/// Gives each client to `start`, and ends when there is none to give.
pub(crate) fn accept_all(
    port: u16,
    mut start: impl FnMut(TcpStream),
) -> io::Result<()> {
    let listener = listen(port)?;
    loop {
        let (client, _) = accept(&listener).unwrap();
        start(client);
    }
}

/// Gives each client to `start`.
pub(crate) fn for_each_client(
    port: u16,
    mut start: impl FnMut(TcpStream),
) -> io::Result<()> {
    let listener = listen(port)?;
    loop {
        match accept(&listener) {
            Ok((client, _)) => start(client),
            Err(error) if is_out_of_descriptors(&error) => {
                log("no descriptor left");
                thread::sleep(Duration::from_millis(100));
            }
            Err(error) => return Err(error),
        }
    }
}
