//! The harness of the course: it starts a server, plays its clients, looks at what
//! it does to the machine, and ends everything it started.
//!
//! It knows a server only as a command to start and a TCP port to talk to, so that
//! it serves a program in any language. Three rules hold everywhere: a guard ends
//! what it started, whatever happens; every wait has a deadline and waits for an
//! event, never for a time; and a failure shows what was expected beside what came.
//!
//! ```no_run
//! use lab::{Client, Program};
//!
//! let server = Program::new("target/debug/03_select_echo").start();
//! let mut alice = Client::connect(&server);
//! alice.send("salut\n");
//! alice.expect("salut\n");
//! ```

pub mod cast;
pub mod check;
mod client;
pub mod course;
mod deadline;
mod diag;
pub mod film;
mod observe;
mod output;
pub mod picture;
mod port;
mod program;
pub mod report;
mod server;
pub mod texts;
pub mod usage;
mod watchdog;

pub use client::Client;
pub use deadline::{deadline, until, until_within};
pub use observe::{Counters, is_alive, is_observable};
pub use output::Output;
pub use port::{Family, free_port};
pub use program::{
    Program, can_inject, close_inherited_descriptors, raise_descriptor_limit,
};
pub use server::{NotServing, Server};
