//! Has `src/mailbox.rs` use loom's locks, here and nowhere else.

use std::io::{self, Write};

fn main() -> io::Result<()> {
    writeln!(io::stdout(), "cargo::rustc-cfg=loom")
}
