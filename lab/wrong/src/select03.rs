//! Step 03, an echo server with `select`. Most of its mistakes are in the loop,
//! hence a loop with switches.

use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, AsRawFd};

use nix::sys::select::{FD_SETSIZE, FdSet, select};
use nix::unistd::close;

use crate::net::{accept, is_out_of_descriptors, listen, recv, send_now};
use crate::{Wrong, log, wrong};

pub(crate) const SERVERS: &[Wrong] = &[
    wrong(
        "03a_ignores_the_end",
        "03a",
        "does nothing when recv returns 0: the client stays in the list",
        |port| serve(port, Mistake::IgnoresTheEnd),
    ),
    wrong(
        "03a_closed_but_listed",
        "03a",
        "shuts the socket of a client that leaves, and leaves it in the list",
        |port| serve(port, Mistake::ClosedButListed),
    ),
    wrong(
        "03b_never_closes",
        "03b",
        "takes a client that leaves off the list and never closes its socket",
        |port| serve(port, Mistake::NeverCloses),
    ),
    wrong(
        "03c_set_built_once",
        "03c",
        "fills its set at accept and never again, as with C's fd_set",
        |port| serve_with_one_set(port, false),
    ),
    wrong(
        "03c_only_listener_rebuilt",
        "03c",
        "puts the listener back into the set on every turn, not the clients",
        |port| serve_with_one_set(port, true),
    ),
    wrong(
        "03d_listens_for_one",
        "03d",
        "leaves the listener out of the set as soon as it has a client",
        |port| serve(port, Mistake::ListensForOne),
    ),
    wrong(
        "03d_listens_once",
        "03d",
        "has the listener in the set until its first client, never again",
        |port| serve(port, Mistake::ListensOnce),
    ),
    wrong(
        "03e_receives_until_the_end",
        "03e",
        "loops on recv once select has said that a client is ready",
        |port| serve(port, Mistake::ReceivesUntilTheEnd),
    ),
    wrong(
        "03f_removes_while_walking",
        "03f",
        "removes by index while it walks the list of those who are ready",
        |port| serve(port, Mistake::RemovesWhileWalking),
    ),
    wrong(
        "03g_counts_sockets",
        "03g",
        "gives select the number of its sockets, as if nobody ever left",
        |port| serve(port, Mistake::CountsSockets),
    ),
    wrong(
        "03g_newest_is_highest",
        "03g",
        "takes the newest client's descriptor for the highest one",
        |port| serve(port, Mistake::NewestIsHighest),
    ),
    wrong(
        "03h_above_1024",
        "03h",
        "puts any descriptor into the set, also those above 1023",
        |port| serve(port, Mistake::Above1024),
    ),
    wrong(
        "03i_accept_stops",
        "03i",
        "ends when accept fails for want of descriptors",
        |port| serve(port, Mistake::AcceptStops),
    ),
    wrong(
        "03i_accept_spins",
        "03i",
        "tries accept again and again when no descriptor is left",
        |port| serve(port, Mistake::AcceptSpins),
    ),
    wrong(
        "03_01j_reset_returned",
        "01j",
        "ends when recv fails, because one client has reset its connection",
        |port| serve(port, Mistake::ResetReturned),
    ),
    wrong(
        "03_04e_blocking_write",
        "04e",
        "waits until a client that doesn't read takes its echo",
        |port| serve(port, Mistake::BlockingWrite),
    ),
    wrong(
        "03_late_without_second_set",
        "03-late",
        "watches nobody for writing, and lets go whom it owes a megabyte",
        |port| serve(port, Mistake::WithoutSecondSet),
    ),
    wrong(
        "03_late_set_not_given",
        "03-late",
        "fills a set of those to watch for writing, and gives select none",
        |port| serve(port, Mistake::SetNotGiven),
    ),
    wrong("right_03", "-", "is right", |port| serve(port, Mistake::None)),
];

/// The most that is kept for a client. A right server never comes near it: it owes a
/// client no more than one message.
const OUT_LIMIT: usize = 1 << 20;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mistake {
    None,
    IgnoresTheEnd,
    ClosedButListed,
    NeverCloses,
    ListensForOne,
    ListensOnce,
    ReceivesUntilTheEnd,
    RemovesWhileWalking,
    CountsSockets,
    NewestIsHighest,
    Above1024,
    AcceptStops,
    AcceptSpins,
    ResetReturned,
    BlockingWrite,
    WithoutSecondSet,
    SetNotGiven,
}

struct Client {
    socket: TcpStream,
    /// What it didn't take yet.
    out: Vec<u8>,
    is_gone: bool,
}

fn serve(port: u16, mistake: Mistake) -> io::Result<()> {
    let listener = listen(port)?;
    let mut clients: Vec<Client> = Vec::new();
    let mut lost = Vec::new();
    let (mut is_full, mut had_client) = (false, false);
    loop {
        let mut readable = FdSet::new();
        let mut writable = FdSet::new();
        let listens = match mistake {
            Mistake::ListensForOne => clients.is_empty(),
            Mistake::ListensOnce => !had_client,
            _ => !is_full || clients.is_empty(),
        };
        if listens {
            readable.insert(listener.as_fd());
        }
        for client in &clients {
            if client.out.is_empty() || mistake == Mistake::WithoutSecondSet {
                readable.insert(client.socket.as_fd());
            } else {
                writable.insert(client.socket.as_fd());
            }
        }
        let nfds = match mistake {
            Mistake::CountsSockets => {
                // 0, 1, 2, the listener, then the clients.
                Some(listener.as_raw_fd() + 1 + clients.len() as i32)
            }
            Mistake::NewestIsHighest => {
                let newest = clients.last().map(|it| it.socket.as_raw_fd());
                Some(newest.unwrap_or(listener.as_raw_fd()) + 1)
            }
            _ => None,
        };
        let given = match mistake {
            Mistake::SetNotGiven => None,
            _ => Some(&mut writable),
        };
        select(nfds, &mut readable, given, None, None)?;
        let ready: Vec<usize> = (0..clients.len())
            .filter(|&i| readable.contains(clients[i].socket.as_fd()))
            .collect();
        let newcomer = readable.contains(listener.as_fd());

        for i in ready {
            let before = clients[i].is_gone;
            handle(&mut clients[i], mistake)?;
            if clients[i].is_gone && !before {
                log("client disconnected");
                if mistake == Mistake::RemovesWhileWalking {
                    clients.remove(i);
                }
            }
        }
        for client in &mut clients {
            let is_lost = send_now(&client.socket, &mut client.out).is_err();
            client.is_gone |= is_lost || client.out.len() > OUT_LIMIT;
        }
        match mistake {
            Mistake::IgnoresTheEnd | Mistake::ClosedButListed => {}
            Mistake::NeverCloses => {
                lost.extend(clients.extract_if(.., |client| client.is_gone));
            }
            _ => {
                let before = clients.len();
                clients.retain(|client| !client.is_gone);
                is_full &= clients.len() == before;
            }
        }
        if newcomer {
            match accept(&listener) {
                Ok((socket, _)) => {
                    let is_above = socket.as_raw_fd() as usize >= FD_SETSIZE;
                    if !is_above || mistake == Mistake::Above1024 {
                        let out = Vec::new();
                        clients.push(Client { socket, out, is_gone: false });
                    }
                    had_client = true;
                }
                Err(_) if mistake == Mistake::AcceptSpins => {}
                Err(error)
                    if is_out_of_descriptors(&error)
                        && !clients.is_empty()
                        && mistake != Mistake::AcceptStops =>
                {
                    log("no descriptor left");
                    is_full = true;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

fn handle(client: &mut Client, mistake: Mistake) -> io::Result<()> {
    loop {
        let message = match recv(&client.socket) {
            Err(error) if mistake == Mistake::ResetReturned => {
                return Err(error);
            }
            received => received.unwrap_or_default(),
        };
        if message.is_empty() {
            if mistake == Mistake::ClosedButListed {
                let _ = client.socket.shutdown(std::net::Shutdown::Both);
            }
            client.is_gone = true;
            return Ok(());
        }
        if mistake == Mistake::BlockingWrite {
            client.is_gone |= client.socket.write_all(&message).is_err();
        } else {
            client.out.extend(message);
        }
        if mistake != Mistake::ReceivesUntilTheEnd {
            return Ok(());
        }
        let _ = send_now(&client.socket, &mut client.out);
    }
}

/// As in C: one `fd_set` for the whole life of the server, `select` takes out of it
/// whoever isn't ready, and a client is no more than a number to `close`.
fn serve_with_one_set(port: u16, listener_rebuilt: bool) -> io::Result<()> {
    let listener: &TcpListener = Box::leak(Box::new(listen(port)?));
    let mut clients: Vec<&'static TcpStream> = Vec::new();
    let mut readable = FdSet::new();
    readable.insert(listener.as_fd());
    loop {
        if listener_rebuilt {
            readable.insert(listener.as_fd());
        }
        select(None, &mut readable, None, None, None)?;
        clients.retain(|&client| {
            if !readable.contains(client.as_fd()) {
                return true;
            }
            let message = recv(client).unwrap_or_default();
            if message.is_empty() {
                readable.remove(client.as_fd());
                let _ = close(client.as_raw_fd());
                return false;
            }
            let _ = { client }.write_all(&message);
            true
        });
        if readable.contains(listener.as_fd()) {
            let client: &TcpStream = Box::leak(Box::new(accept(listener)?.0));
            readable.insert(client.as_fd());
            clients.push(client);
        }
    }
}
