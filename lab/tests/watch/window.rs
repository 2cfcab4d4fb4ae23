//! A terminal with a program in it, and what it shows.

use std::fs;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::process::Child;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use lab::until;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use pty_process::Size;
use pty_process::blocking::{Command, Pts, Pty, open};
use rustix::termios::{LocalModes, tcgetattr};

/// A window; with it ends what runs there.
pub(crate) struct Window {
    pty: Arc<Pty>,
    /// Open, so that the terminal is still there after the program.
    pts: Pts,
    child: Child,
    shown: Arc<Mutex<Shown>>,
}

struct Shown {
    parser: vt100::Parser,
    raw: Vec<u8>,
}

impl Window {
    pub(crate) fn open(mut command: Command, columns: u16, rows: u16) -> Self {
        let (pty, pts) = open().expect("there is a terminal");
        pty.resize(Size::new(rows, columns)).expect("it has a size");
        let child = command.spawn_borrowed(&pts).expect("it's started");
        let parser = vt100::Parser::new(size(rows), size(columns), 0);
        let shown = Shown { parser, raw: Vec::new() };
        let window = Self {
            pty: Arc::new(pty),
            pts,
            child,
            shown: Arc::new(Mutex::new(shown)),
        };
        let (pty, shown) = (Arc::clone(&window.pty), Arc::clone(&window.shown));
        let read = move || {
            let mut bytes = [0; 4096];
            while let Ok(n @ 1..) = (&*pty).read(&mut bytes) {
                let mut shown =
                    shown.lock().unwrap_or_else(PoisonError::into_inner);
                shown.raw.extend_from_slice(&bytes[..n]);
                shown.parser.process(&bytes[..n]);
            }
        };
        thread::Builder::new().spawn(read).expect("there is a thread");
        window
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn contents(&self) -> String {
        self.shown().parser.screen().contents()
    }

    /// All the bytes that came.
    pub(crate) fn raw(&self) -> String {
        String::from_utf8_lossy(&self.shown().raw).into_owned()
    }

    /// Waits until the window shows this.
    #[track_caller]
    pub(crate) fn expect(&self, words: &str) {
        if until(|| self.contents().contains(words).then_some(())).is_none() {
            panic!("expected {words:?} in\n{}", self.contents());
        }
    }

    fn bottom(&self) -> String {
        let shown = self.shown();
        let screen = shown.parser.screen();
        let (_, columns) = screen.size();
        screen.rows(0, columns.get()).last().unwrap_or_default()
    }

    /// Waits until the last line begins like this, or has it at all.
    #[track_caller]
    pub(crate) fn expect_bottom(&self, words: &str) {
        if until(|| self.bottom().contains(words).then_some(())).is_none() {
            panic!("expected {words:?} at the bottom of\n{}", self.contents());
        }
    }

    /// Has the first of these words a colour?
    pub(crate) fn is_coloured(&self, words: &str) -> bool {
        let shown = self.shown();
        let screen = shown.parser.screen();
        let (_, columns) = screen.size();
        let lines: Vec<String> = screen.rows(0, columns.get()).collect();
        let place = lines.iter().zip(0..).find_map(|(line, row)| {
            let column = line.find(words)?;
            Some((row, u16::try_from(column).ok()?))
        });
        place
            .and_then(|(row, column)| screen.cell(row, column))
            .is_some_and(|cell| cell.fgcolor() != vt100::Color::Default)
    }

    /// Does a line go on in the next because the window is too narrow?
    pub(crate) fn wraps(&self) -> bool {
        let shown = self.shown();
        let screen = shown.parser.screen();
        let (rows, _) = screen.size();
        (0..rows.get()).any(|row| screen.row_wrapped(row))
    }

    pub(crate) fn press(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).expect("it's open");
    }

    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        let mut shown = self.shown();
        shown.parser.screen_mut().set_size(size(rows), size(columns));
        self.pty.resize(Size::new(rows, columns)).expect("it's open");
    }

    /// What was shown so far is of no interest.
    pub(crate) fn clear(&self) {
        self.shown().parser.process(b"\x1b[H\x1b[2J");
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().cast_signed());
        kill(pid, signal).expect("it's there");
    }

    pub(crate) fn is_stopped(&self) -> bool {
        let stat =
            fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        stat.is_ok_and(|stat| stat.contains(") T "))
    }

    /// What the terminal does with keys now.
    pub(crate) fn modes(&self) -> LocalModes {
        tcgetattr(&self.pts).expect("it's open").local_modes
    }

    /// Waits for its end: the exit status, if it has one.
    #[track_caller]
    pub(crate) fn end(&mut self) -> Option<i32> {
        let child = &mut self.child;
        let Some(status) = until(|| child.try_wait().ok().flatten()) else {
            panic!("it's still there:\n{}", self.contents());
        };
        status.code()
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn size(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap_or(NonZeroU16::MIN)
}
