//! `client` as it's used: in a terminal, through pipes, from the command line.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod chatting;
mod command_line;
mod ends;
mod remembering;
mod screen;
mod server;
mod terminal;
mod through_pipes;
