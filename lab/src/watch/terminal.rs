//! The terminal: keys as they are pressed, the size of the window, and everything as it
//! was once we're gone.

use std::io::{self, IsTerminal, Stdin};

use nix::unistd::getpgrp;
use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr,
    tcgetpgrp, tcgetwinsize, tcsetattr,
};

/// A terminal that gives each key at once and doesn't show it. When this is dropped, it
/// is as before.
pub(super) struct Terminal {
    stdin: Stdin,
    before: Termios,
}

impl Terminal {
    /// `None`: we don't talk to a terminal, or to one that can do nothing.
    pub(super) fn open() -> Option<Self> {
        let is_dumb = std::env::var_os("TERM").is_none_or(|it| it == "dumb");
        let stdin = io::stdin();
        if is_dumb || !stdin.is_terminal() || !io::stdout().is_terminal() {
            return None;
        }
        let before = tcgetattr(&stdin).ok()?;
        let terminal = Self { stdin, before };
        terminal.take().ok()?;
        Some(terminal)
    }

    /// Ctrl-C and Ctrl-Z go on being signals, and what a server prints looks as ever.
    pub(super) fn take(&self) -> io::Result<()> {
        let mut modes = self.before.clone();
        modes
            .local_modes
            .remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::IEXTEN);
        modes.special_codes[SpecialCodeIndex::VMIN] = 1;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        // In the background this stops us until we're in the foreground.
        Ok(tcsetattr(&self.stdin, OptionalActions::Now, &modes)?)
    }

    pub(super) fn give_back(&self) {
        // In the background it belongs to somebody else.
        if tcgetpgrp(&self.stdin).is_ok_and(|group| {
            group.as_raw_nonzero().get() == getpgrp().as_raw()
        }) {
            let _ = tcsetattr(&self.stdin, OptionalActions::Now, &self.before);
        }
    }

    /// Columns and rows, as they are now.
    pub(super) fn size(&self) -> (usize, usize) {
        let size = tcgetwinsize(&self.stdin).ok();
        let size = size.filter(|size| size.ws_col > 0 && size.ws_row > 0);
        size.map_or((80, 24), |size| (size.ws_col.into(), size.ws_row.into()))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.give_back();
    }
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::io::Read;

    use pty_process::blocking::{Command, open};

    use super::*;

    /// Set in the process that panics.
    const INSIDE: &str = "CAUSETTE_IN_A_TERMINAL";

    #[test]
    fn a_panic_leaves_the_terminal_as_it_was() {
        if env::var_os(INSIDE).is_some() {
            let _terminal = Terminal::open().expect("it is a terminal");
            let cooked = LocalModes::ICANON | LocalModes::ECHO;
            let modes = tcgetattr(io::stdin()).expect("it is a terminal");
            assert!(!modes.local_modes.intersects(cooked));
            panic!("on purpose");
        }
        let (pty, pts) = open().expect("there is a terminal");
        let cooked = LocalModes::ICANON | LocalModes::ECHO;
        let modes = || tcgetattr(&pts).expect("it's open").local_modes;
        assert!(modes().contains(cooked));
        let me = env::current_exe().expect("we are a program");
        let path =
            "watch::terminal::tests::a_panic_leaves_the_terminal_as_it_was";
        let child = Command::new(me)
            .args(["--exact", path, "--nocapture"])
            .env(INSIDE, "1")
            .env("TERM", "xterm")
            .spawn_borrowed(&pts);
        let mut child = child.expect("it's started");
        // A terminal that nobody reads is full one day.
        let read = move || {
            let (mut said, mut bytes) = (String::new(), [0; 4096]);
            while let Ok(n @ 1..) = (&pty).read(&mut bytes) {
                said += &String::from_utf8_lossy(&bytes[..n]);
                if said.contains("test result") {
                    break;
                }
            }
            (said, pty)
        };
        let reader = std::thread::Builder::new().spawn(read);
        let (said, _pty) =
            reader.expect("there is a thread").join().expect("it reads");
        let status = lab::until(|| child.try_wait().ok().flatten());
        assert!(status.is_some_and(|status| !status.success()), "{said}");
        assert!(said.contains("on purpose"), "{said}");
        assert!(modes().contains(cooked));
    }
}
