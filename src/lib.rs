//! The plumbing that the steps of *Causette* share: what a student would copy
//! from one step to the next without thinking about it. What a step is *about*
//! (the sets, the `select` call, the walk over the clients that are ready)
//! stays in its own file in `solutions/`.
//!
//! *The lab* is the one that the course follows, for students of networking, in
//! Python (see `NOTICE`).
//!
//! | module | what it spares the steps |
//! | --- | --- |
//! | [`cli`] | `NAME [PORT]`, `--help`, errors in both languages, exit status |
//! | [`mod@listen`] | a listening socket that takes IPv4 and IPv6 clients |
//! | [`mod@accept`] | `accept`, and the three ways in which it fails |
//! | [`door`] | a listening socket that is watched only while there is room |
//! | [`peer`] | a client that must never make the server wait |
//! | [`outbox`] | the bytes that wait until a client takes them |
//! | [`mailbox`] | the same between threads |
//! | [`parting`] | the end of a connection, without loss |
//! | [`lines`] | lines out of bytes, which TCP cuts where it likes |
//! | [`words`] | what a program says to whoever starts it, in both languages |
//! | [`mod@log`] | a line on stdout for each event |

pub mod accept;
pub mod cli;
pub mod door;
pub mod lines;
pub mod listen;
pub mod log;
pub mod mailbox;
pub mod outbox;
pub mod parting;
pub mod peer;
pub mod words;

pub use accept::accept;
pub use door::Door;
pub use listen::listen;
pub use peer::{Gone, Id, Peer};
