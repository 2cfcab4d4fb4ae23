//! Step 04, a chat that sends what one says to all the others.

use std::io::{self, Write};

use crate::chat::{Chat, Room, serve};
use crate::net::recv;
use crate::{Wrong, wrong};

pub(crate) const SERVERS: &[Wrong] = &[
    wrong(
        "04a_also_to_sender",
        "04a",
        "sends to everybody, the sender too",
        |port| {
            broadcast(port, |room, _, line| {
                for i in 0..room.clients.len() {
                    room.send(i, line);
                }
            })
        },
    ),
    wrong(
        "04b_only_sender",
        "04b",
        "is an echo still: sends to the sender alone",
        |port| broadcast(port, |room, me, line| room.send(me, line)),
    ),
    wrong(
        "04b_only_first_other",
        "04b",
        "stops after the first of the others",
        |port| {
            broadcast(port, |room, me, line| {
                if let Some(&first) = room.others(me).first() {
                    room.send(first, line);
                }
            })
        },
    ),
    wrong(
        "04b_only_those_before",
        "04b",
        "stops its loop at the sender, instead of skipping it",
        |port| {
            broadcast(port, |room, me, line| {
                for i in 0..room.clients.len() {
                    if i == me {
                        break;
                    }
                    room.send(i, line);
                }
            })
        },
    ),
    wrong(
        "04c_write_unwrapped",
        "04c",
        "panics when it writes to a client that has vanished",
        |port| {
            broadcast(port, |room, me, line| {
                for i in room.others(me) {
                    write_now(room, i, line).unwrap();
                }
            })
        },
    ),
    wrong(
        "04c_write_ends_the_loop",
        "04c",
        "gives up its loop over the others at the first that has vanished",
        |port| {
            broadcast(port, |room, me, line| {
                for i in room.others(me) {
                    if write_now(room, i, line).is_err() {
                        break;
                    }
                }
            })
        },
    ),
    wrong(
        "04d_second_list",
        "04d",
        "has a second list, of those to send to, and removes the last from it",
        |port| {
            let second = |list: &mut Vec<u64>, _| {
                list.pop();
            };
            serve(port, TwoLists { to: Vec::new(), remove: second })
        },
    ),
    wrong(
        "04d_index_shifted",
        "04d",
        "has a second list, in which it removes the neighbour",
        |port| {
            let second = |list: &mut Vec<u64>, i: usize| {
                let next = if i + 1 < list.len() { i + 1 } else { 0 };
                list.remove(next);
            };
            serve(port, TwoLists { to: Vec::new(), remove: second })
        },
    ),
    wrong(
        "04d_closes_the_newest",
        "04d",
        "closes the newest client when another one leaves",
        |port| serve(port, ClosesTheNewest),
    ),
    wrong(
        "04e_blocking_write",
        "04e",
        "waits until a client that doesn't read takes its messages",
        |port| {
            broadcast(port, |room, me, line| {
                for i in room.others(me) {
                    let _ = write(room, i, line);
                }
            })
        },
    ),
    wrong(
        "04_01j_reset_returned",
        "01j",
        "ends when recv fails, because one client has reset its connection",
        |port| serve(port, ResetReturned),
    ),
    wrong("right_04", "-", "is right", |port| {
        broadcast(port, |room, me, line| {
            for i in room.others(me) {
                room.send(i, line);
            }
        })
    }),
];

type Relay = fn(&mut Room, usize, &str);

/// Whatever `relay` does with a line, the rest is right.
fn broadcast(port: u16, relay: Relay) -> io::Result<()> {
    serve(port, Broadcast(relay))
}

struct Broadcast(Relay);

impl Chat for Broadcast {
    fn execute(&mut self, room: &mut Room, me: usize, line: &str) {
        (self.0)(room, me, line);
    }
    fn enter(&mut self, _: &mut Room, _: usize) {}
    fn leave(&mut self, _: &mut Room, _: usize) {}
}

/// Writes at once, and leaves to the end of the turn what the socket doesn't take.
fn write_now(room: &mut Room, to: usize, line: &str) -> io::Result<()> {
    room.send(to, line);
    room.clients[to].flush()
}

/// As a student writes: at once, and waiting until the socket takes it.
fn write(room: &Room, to: usize, line: &str) -> io::Result<()> {
    (&room.clients[to].socket).write_all(format!("{line}\n").as_bytes())
}

struct TwoLists {
    to: Vec<u64>,
    remove: fn(&mut Vec<u64>, usize),
}

impl Chat for TwoLists {
    fn execute(&mut self, room: &mut Room, me: usize, line: &str) {
        for i in room.others(me) {
            if self.to.contains(&room.clients[i].id) {
                room.send(i, line);
            }
        }
    }
    fn enter(&mut self, room: &mut Room, me: usize) {
        self.to.push(room.clients[me].id);
    }
    fn leave(&mut self, room: &mut Room, me: usize) {
        let id = room.clients[me].id;
        let i = self.to.iter().position(|&it| it == id).unwrap_or(0);
        if !self.to.is_empty() {
            (self.remove)(&mut self.to, i);
        }
    }
}

struct ClosesTheNewest;

impl Chat for ClosesTheNewest {
    fn execute(&mut self, room: &mut Room, me: usize, line: &str) {
        self.relay(room, me, line);
    }
    fn enter(&mut self, _: &mut Room, _: usize) {}
    fn leave(&mut self, room: &mut Room, me: usize) {
        if let Some(&newest) = room.others(me).last() {
            room.clients[newest].is_closing = true;
        }
    }
}

struct ResetReturned;

impl Chat for ResetReturned {
    fn readable(&mut self, room: &mut Room, me: usize) -> io::Result<()> {
        let bytes = recv(&room.clients[me].socket)?;
        self.received(room, me, &bytes);
        Ok(())
    }
    fn execute(&mut self, room: &mut Room, me: usize, line: &str) {
        self.relay(room, me, line);
    }
    fn enter(&mut self, _: &mut Room, _: usize) {}
    fn leave(&mut self, _: &mut Room, _: usize) {}
}
