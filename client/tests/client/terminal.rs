//! `client` in a terminal that a test looks at: a pseudo-terminal, and a screen that
//! shows what comes out of it.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use lab::{deadline, until};
use nix::sys::signal::{Signal, kill};
use nix::sys::termios::{LocalFlags, tcgetattr};
use nix::unistd::Pid;
use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use tempfile::TempDir;

/// More rows than any test fills.
const SCROLLBACK: usize = 20_000;

/// How to start it.
pub(crate) struct Setup {
    rows: u16,
    columns: u16,
    state: Option<OsString>,
    variables: Vec<(&'static str, OsString)>,
}

impl Setup {
    pub(crate) fn new() -> Self {
        Self { rows: 24, columns: 80, state: None, variables: Vec::new() }
    }

    pub(crate) fn size(mut self, rows: u16, columns: u16) -> Self {
        (self.rows, self.columns) = (rows, columns);
        self
    }

    /// Where it keeps what is to be remembered: a folder of its own otherwise.
    pub(crate) fn state(mut self, folder: &Path) -> Self {
        self.state = Some(folder.into());
        self
    }

    pub(crate) fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// Starts it with this argument, the port.
    #[track_caller]
    pub(crate) fn start(self, port: u16) -> Terminal {
        let (pty, pts) = open().unwrap();
        pty.resize(Size::new(self.rows, self.columns)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let state = self.state.unwrap_or_else(|| folder.path().into());
        let mut command = Command::new(env!("CARGO_BIN_EXE_client"))
            .args(["127.0.0.1", &port.to_string()])
            .env("TERM", "xterm-256color")
            .env("LC_ALL", "C.UTF-8")
            .env("XDG_STATE_HOME", state)
            .env("RUST_BACKTRACE", "0")
            .env_remove("NO_COLOR");
        command = command.envs(self.variables);
        let child = command.spawn(pts).unwrap();
        let screen = Arc::new(Screen {
            parser: Mutex::new(vt100::Parser::new(
                self.rows.try_into().unwrap(),
                self.columns.try_into().unwrap(),
                SCROLLBACK,
            )),
            raw: Mutex::default(),
            changed: Condvar::new(),
        });
        let pty = Arc::new(pty);
        let (source, target) = (Arc::clone(&pty), Arc::clone(&screen));
        thread::Builder::new()
            .spawn(move || {
                let mut buffer = [0; 4096];
                while let Ok(n @ 1..) = (&*source).read(&mut buffer) {
                    target.raw.lock().unwrap().extend(&buffer[..n]);
                    target.lock().process(&buffer[..n]);
                    target.changed.notify_all();
                }
            })
            .unwrap();
        Terminal { pty: Some(pty), child, screen, _folder: folder }
    }
}

struct Screen {
    parser: Mutex<vt100::Parser>,
    raw: Mutex<Vec<u8>>,
    changed: Condvar,
}

impl Screen {
    fn lock(&self) -> MutexGuard<'_, vt100::Parser> {
        // A test that fails holds it.
        self.parser.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A client in its terminal.
pub(crate) struct Terminal {
    pty: Option<Arc<Pty>>,
    child: Child,
    screen: Arc<Screen>,
    _folder: TempDir,
}

/// What a terminal shows.
#[derive(Debug)]
pub(crate) struct Shown {
    /// The rows down to that of the cursor.
    pub(crate) rows: Vec<String>,
    /// The row and the column of the cursor, from 0.
    pub(crate) cursor: (usize, usize),
}

impl Shown {
    /// The last rows.
    pub(crate) fn end(&self, count: usize) -> &[String] {
        &self.rows[self.rows.len().saturating_sub(count)..]
    }

    /// Does a row end like this?
    pub(crate) fn ends_a_row(&self, words: &str) -> bool {
        self.rows.iter().any(|row| row.ends_with(words))
    }
}

impl Terminal {
    /// Starts the client, and waits for its prompt.
    #[track_caller]
    pub(crate) fn start(port: u16) -> Self {
        Setup::new().start(port).ready()
    }

    #[track_caller]
    pub(crate) fn ready(self) -> Self {
        self.wait("the prompt", |shown| shown.end(1) == [">"]);
        self
    }

    /// Types these keys.
    #[track_caller]
    pub(crate) fn keys(&self, keys: impl AsRef<[u8]>) {
        let pty = self.pty.as_ref().unwrap();
        (&**pty).write_all(keys.as_ref()).unwrap();
    }

    pub(crate) fn shown(&self) -> Shown {
        shown(self.screen.lock().screen())
    }

    /// Waits until the screen is as it must be.
    #[track_caller]
    pub(crate) fn wait(&self, what: &str, is_so: impl Fn(&Shown) -> bool) {
        let start = Instant::now();
        let mut parser = self.screen.lock();
        loop {
            let shown = shown(parser.screen());
            if is_so(&shown) {
                return;
            }
            let Some(left) = deadline().checked_sub(start.elapsed()) else {
                panic!("{what}: not on the screen\n{shown:#?}");
            };
            parser = self.screen.changed.wait_timeout(parser, left).unwrap().0;
        }
    }

    /// Waits until these are the last rows, down to the cursor's.
    #[track_caller]
    pub(crate) fn expect(&self, rows: &[&str]) {
        self.wait(&format!("{rows:#?}"), |shown| shown.end(rows.len()) == rows);
    }

    /// Everything that has been shown so far and went out at the top, and the screen.
    pub(crate) fn everything(&self) -> Vec<String> {
        let mut parser = self.screen.lock();
        let (rows, columns) = parser.screen().size();
        let mut all = Vec::new();
        let screen = parser.screen_mut();
        screen.set_scrollback(usize::MAX);
        let mut above = screen.scrollback();
        while above > 0 {
            screen.set_scrollback(above);
            let here = screen.rows(0, columns.get());
            all.extend(here.take(above.min(rows.get().into())));
            above = above.saturating_sub(rows.get().into());
        }
        screen.set_scrollback(0);
        all.extend(screen.rows(0, columns.get()));
        all.into_iter().map(|row| row.trim_end().to_string()).collect()
    }

    /// What came, as it came.
    pub(crate) fn raw(&self) -> String {
        String::from_utf8(self.screen.raw.lock().unwrap().clone()).unwrap()
    }

    /// The colour of the first character of this text, on the screen.
    pub(crate) fn colour(&self, text: &str) -> vt100::Color {
        let parser = self.screen.lock();
        let screen = parser.screen();
        let (rows, columns) = screen.size();
        for row in 0..rows.get() {
            for column in 0..columns.get() {
                let wanted = text.chars().enumerate();
                let is_here = wanted.into_iter().all(|(i, c)| {
                    let column = column + u16::try_from(i).unwrap();
                    let cell = screen.cell(row, column);
                    cell.is_some_and(|cell| cell.contents() == c.to_string())
                });
                if is_here {
                    return screen.cell(row, column).unwrap().fgcolor();
                }
            }
        }
        panic!("{text} isn't on the screen: {}", screen.contents());
    }

    pub(crate) fn resize(&self, rows: u16, columns: u16) {
        let mut parser = self.screen.lock();
        let nonzero = |n: u16| n.try_into().unwrap();
        parser.screen_mut().set_size(nonzero(rows), nonzero(columns));
        let pty = self.pty.as_ref().unwrap();
        pty.resize(Size::new(rows, columns)).unwrap();
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(self.pid(), signal).unwrap();
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed())
    }

    /// The terminal goes away, as when its window is closed.
    pub(crate) fn hang_up(&mut self) {
        // The thread that reads holds it too, and sleeps until something comes: the
        // signal is what the client gets in both cases.
        self.pty = None;
        self.signal(Signal::SIGHUP);
    }

    /// Waits for its end: its status. The terminal must be as it was before.
    #[track_caller]
    pub(crate) fn expect_exit(&mut self) -> ExitStatus {
        let status = until(|| self.child.try_wait().transpose());
        let Some(status) = status else {
            panic!("the client still runs:\n{:#?}", self.shown());
        };
        if let Some(pty) = &self.pty {
            let flags = tcgetattr(&**pty).unwrap().local_flags;
            let cooked =
                LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::ISIG;
            assert!(flags.contains(cooked), "the terminal is raw: {flags:?}");
            self.wait("no bracketed paste", |_| true);
            let is_off = || {
                let pasting = self.screen.lock().screen().bracketed_paste();
                (!pasting).then_some(())
            };
            assert!(until(is_off).is_some(), "bracketed paste stays on");
        }
        status.unwrap()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn shown(screen: &vt100::Screen) -> Shown {
    let (row, column) = screen.cursor_position();
    let (_, columns) = screen.size();
    let rows = screen.rows(0, columns.get()).take(usize::from(row) + 1);
    let rows = rows.map(|row| row.trim_end().to_string()).collect();
    Shown { rows, cursor: (row.into(), column.into()) }
}
