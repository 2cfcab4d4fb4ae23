//! The whole program, over real sockets: the command line, signals, and clients
//! that a server doesn't wish for.

mod abuse;
mod command_line;
mod configuration;
mod ending;
mod log;
mod net;
mod real_clients;
