//! `client`: what `nc` can't do in a terminal, and what it does outside of one.
//!
//! In a terminal the line being typed can be edited, and what comes in meanwhile is
//! shown above it. Everywhere else bytes pass untouched.

mod clean;
mod colour;
mod command_line;
mod connect;
mod history;
mod names;
mod pipe;
mod session;

use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use lab::texts::Texts;

use crate::connect::why;
use crate::pipe::Fault;
use crate::session::Session;

/// It's over, in peace.
const OVER: u8 = 0;
/// No connection, or a broken one.
const BROKEN: u8 = 1;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().collect();
    let texts = command_line::table(&arguments);
    ExitCode::from(run(&arguments, &texts))
}

fn run(arguments: &[OsString], texts: &Texts) -> u8 {
    let target = match command_line::parse(arguments, texts) {
        Ok(target) => target,
        Err(status) => return status,
    };
    let path = arguments.first().map(Path::new);
    let name = path.and_then(Path::file_name).unwrap_or("client".as_ref());
    let name = name.to_string_lossy();
    let (socket, address) = match connect::connect(&target, &name, texts) {
        Ok(connected) => connected,
        Err(said) => return complain(&said),
    };
    if io::stdin().is_terminal()
        && io::stdout().is_terminal()
        && let Some(session) = Session::new()
    {
        return session.run(socket, address, texts);
    }
    match pipe::pass(socket) {
        Ok(()) => OVER,
        Err(fault) => {
            let (key, error) = match fault {
                Fault::Connection(error) => ("error-connection", error),
                Fault::Output(error) => ("error-output", error),
                Fault::Input(error) => ("error-input", error),
            };
            let facts =
                [("name", name.into_owned()), ("why", why(&error, texts))];
            complain(&texts.say(key, &facts))
        }
    }
}

fn complain(words: &str) -> u8 {
    let _ = writeln!(io::stderr(), "{words}");
    BROKEN
}
