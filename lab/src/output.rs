//! What a program prints, as it prints it.

use std::io::Read;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::deadline::deadline;

/// The most that is kept of what a program prints: its first bytes. The rest is
/// read, so that the program never waits, and thrown away.
const LIMIT: usize = 1 << 20;

/// How long the last words of a program that has ended may take to come through.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What has come through a pipe so far. Nothing waits for the pipe's end alone: a
/// process that the program left behind may keep it open for ever.
#[derive(Clone, Default)]
pub struct Output {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    printed: Mutex<Printed>,
    changed: Condvar,
}

#[derive(Default)]
struct Printed {
    bytes: Vec<u8>,
    /// How many came, with those that weren't kept.
    count: u64,
    is_whole: bool,
}

impl Printed {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Printed> {
        self.printed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `seen` finds what it looks for; `None` after `most`.
    fn wait<T>(
        &self,
        most: Duration,
        seen: impl Fn(&Printed) -> Option<T>,
    ) -> Option<T> {
        let start = Instant::now();
        let mut printed = self.lock();
        loop {
            if let Some(found) = seen(&printed) {
                return Some(found);
            }
            let left = most.checked_sub(start.elapsed())?;
            let waited = self.changed.wait_timeout(printed, left);
            printed = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Output {
    /// Reads `pipe` in a thread of its own.
    ///
    /// # Panics
    ///
    /// If the system refuses a thread.
    #[track_caller]
    pub fn of(mut pipe: impl Read + Send + 'static) -> Self {
        let output = Self::default();
        let shared = Arc::clone(&output.shared);
        let read = move || {
            let mut buffer = [0; 4096];
            while let Ok(n @ 1..) = pipe.read(&mut buffer) {
                let mut printed = shared.lock();
                printed.count += n as u64;
                let room = LIMIT - printed.bytes.len();
                printed.bytes.extend_from_slice(&buffer[..n.min(room)]);
                shared.changed.notify_all();
            }
            shared.lock().is_whole = true;
            shared.changed.notify_all();
        };
        if let Err(error) = thread::Builder::new().spawn(read) {
            panic!("no thread to read the program's output: {error}");
        }
        output
    }

    /// How many bytes have come so far, also those that weren't kept.
    pub(crate) fn count(&self) -> u64 {
        self.shared.lock().count
    }

    /// Everything so far; what isn't UTF-8 shows as U+FFFD.
    pub fn text(&self) -> String {
        self.shared.lock().text()
    }

    /// Everything that a program which has ended said: its last words may still be
    /// on their way.
    pub fn last_words(&self) -> String {
        self.shared.wait(LAST_WORDS, |printed| printed.is_whole.then_some(()));
        self.text()
    }

    /// Waits for a line.
    ///
    /// # Panics
    ///
    /// At the deadline, with all that came.
    #[track_caller]
    pub fn expect_line(&self, line: &str) {
        let is_there = |printed: &Printed| {
            let lines = printed.bytes.split(|&byte| byte == b'\n');
            lines
                .into_iter()
                .any(|printed| printed == line.as_bytes())
                .then_some(())
        };
        if self.shared.wait(deadline(), is_there).is_none() {
            panic!(
                "expected a line\n    {line}\nof what was printed:\n{}",
                self.text()
            );
        }
    }
}
