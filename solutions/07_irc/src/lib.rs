//! Step 07: an IRC server. RFC 1459, whole for clients; where today's expect
//! more, RFC 2812 and practice. Links to other servers are yet to come.
//!
//! The core knows no sockets and no clock: bytes and time go in, lines and
//! [actions](action) come out. Around it is one loop, that of step 03 grown up.
//! The way of one PRIVMSG:
//!
//! 1. [`event_loop`]: its bytes are read;
//! 2. [`core`]: they become lines, which flood control lets pass;
//! 3. [`message`]: a line is taken apart;
//! 4. [`command`]: its command is found in the table, and is a function;
//! 5. [`server`]: the channel's members get the same bytes in their
//!    [queues](outqueue);
//! 6. [`event_loop`]: at the end of the turn each queue is written, in one
//!    `writev`.
//!
//! | module | its one reason |
//! | --- | --- |
//! | `main` | the command line |
//! | [`event_loop`] | sockets |
//! | [`core`] | connections: they come, speak, fall silent, go |
//! | [`action`] | what the core asks the loop to do |
//! | [`command`] | what one may say, a module per family |
//! | [`server`] | who gets a line |
//! | [`state`] | who is where, and what must hold |
//! | [`user`], [`channel`], [`history`] | what is known of each |
//! | [`ids`] | how they name each other |
//! | [`wires`], [`conn`], [`outqueue`], [`timers`] | what goes out, and when |
//! | [`numeric`] | all replies, as the RFC writes them |
//! | [`message`], [`line`](mod@line), [`names`], [`mask`] | the grammar |
//! | [`flood`] | RFC 1459, 8.10 |
//! | [`config`], [`words`], [`logging`], [`clock`] | what people read |

pub mod action;
pub mod channel;
pub mod clock;
pub mod command;
pub mod config;
pub mod conn;
pub mod core;
pub mod event_loop;
pub mod flood;
pub mod history;
pub mod ids;
pub mod line;
pub mod logging;
pub mod mask;
pub mod message;
pub mod names;
pub mod numeric;
pub mod outqueue;
pub mod server;
pub mod state;
pub mod timers;
pub mod user;
pub mod wires;
pub mod words;
