//! Wrong servers, each with one student mistake, that the checks must diagnose.
//!
//! `wrong NAME PORT` runs one of them; `wrong --list` prints a line for each:
//! its name, its step, the mistake that must be the first diagnosis (`-` if it
//! must pass) and what it does, separated by tabs. The ids of mistakes are those of
//! the checks, or their beginning: `05k` is `05k-prefix` as well.
//!
//! This is what students write: sockets block, `unwrap` is everywhere. Apart from
//! its one mistake a server is right, also for clients that vanish or don't read.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "students write them"
)]

mod bonus;
mod broadcast04;
mod channel06;
mod chat;
mod command05;
mod echo01;
mod net;
mod process00;
mod select03;
mod thread02;

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

/// One wrong server.
pub(crate) struct Wrong {
    name: &'static str,
    mistake: &'static str,
    about: &'static str,
    run: fn(u16) -> io::Result<()>,
}

pub(crate) const fn wrong(
    name: &'static str,
    mistake: &'static str,
    about: &'static str,
    run: fn(u16) -> io::Result<()>,
) -> Wrong {
    Wrong { name, mistake, about, run }
}

/// The servers, by the step that they pretend to be.
const STEPS: [(&str, &[Wrong]); 8] = [
    ("01", process00::SERVERS),
    ("01", echo01::SERVERS),
    ("02", thread02::SERVERS),
    ("03", select03::SERVERS),
    ("04", broadcast04::SERVERS),
    ("05", command05::SERVERS),
    ("06", channel06::SERVERS),
    ("bonus", bonus::SERVERS),
];

fn main() -> ExitCode {
    let words: Vec<_> = env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["--list"] => list(),
        [name, port] => match (find(name), port.parse()) {
            (Some(server), Ok(port)) => run(server, port),
            _ => usage(),
        },
        _ => usage(),
    }
}

fn list() -> ExitCode {
    for (step, servers) in STEPS {
        for Wrong { name, mistake, about, .. } in servers {
            log(&format!("{name}\t{step}\t{mistake}\t{about}"));
        }
    }
    ExitCode::SUCCESS
}

fn find(name: &str) -> Option<&'static Wrong> {
    let mut all = STEPS.iter().flat_map(|(_, servers)| servers.iter());
    all.find(|server| server.name == name)
}

/// An error ends it as it ends a `main` that returns one.
fn run(server: &Wrong, port: u16) -> ExitCode {
    match (server.run)(port) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "Error: {error:?}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    let _ = writeln!(io::stderr(), "Usage: wrong NAME PORT, or wrong --list");
    ExitCode::from(2)
}

/// A line of the server's log.
pub(crate) fn log(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}
