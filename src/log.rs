//! The log of a server: one line on stdout for each event, as in the lab.

use std::fmt;
use std::io::{self, Write};

/// Logs one line; takes what `println!` takes.
///
/// `println!` panics when stdout is closed (`03_select_echo | head -1`), and a
/// server must not stop because nobody reads its log.
#[macro_export]
macro_rules! log {
    ($($argument:tt)*) => { $crate::log::line(format_args!($($argument)*)) };
}

/// Writes `text` and a newline on stdout in one piece, at once; a log that
/// can't be written is lost.
pub fn line(text: fmt::Arguments<'_>) {
    let mut stdout = io::stdout().lock();
    let _ = stdout.write_all(format!("{text}\n").as_bytes());
    let _ = stdout.flush();
}
