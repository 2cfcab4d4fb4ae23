//! What a program prints, as it prints it.

use std::io::Read;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use crate::deadline::DEADLINE;

/// The most that is kept of what a program prints: its first bytes. The rest is
/// read, so that the program never waits, and thrown away.
const LIMIT: usize = 1 << 20;

/// What has come through a pipe so far. Nothing ever waits for the pipe's end: a
/// process that the program left behind may keep it open.
#[derive(Clone, Default)]
pub struct Output {
    shared: Arc<(Mutex<Vec<u8>>, Condvar)>,
}

impl Output {
    /// Reads `pipe` in a thread of its own.
    pub(crate) fn of(mut pipe: impl Read + Send + 'static) -> Self {
        let output = Self::default();
        let theirs = output.clone();
        let read = move || {
            let mut buffer = [0; 4096];
            while let Ok(n @ 1..) = pipe.read(&mut buffer) {
                let (bytes, changed) = &*theirs.shared;
                let mut bytes =
                    bytes.lock().unwrap_or_else(PoisonError::into_inner);
                let room = LIMIT - bytes.len();
                bytes.extend_from_slice(&buffer[..n.min(room)]);
                changed.notify_all();
            }
        };
        if let Err(error) = thread::Builder::new().spawn(read) {
            panic!("no thread to read the program's output: {error}");
        }
        output
    }

    /// Everything so far; what isn't UTF-8 shows as U+FFFD.
    pub fn text(&self) -> String {
        let (bytes, _) = &*self.shared;
        let bytes = bytes.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Waits for a line, and says which number it has, from 0.
    ///
    /// # Panics
    ///
    /// At the deadline, with all that came.
    #[track_caller]
    pub fn expect_line(&self, line: &str) -> usize {
        let start = Instant::now();
        let (bytes, changed) = &*self.shared;
        let mut guard = bytes.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let text = String::from_utf8_lossy(&guard);
            if let Some(number) =
                text.lines().position(|printed| printed == line)
            {
                return number;
            }
            let Some(left) = DEADLINE.checked_sub(start.elapsed()) else {
                panic!(
                    "expected a line\n    {line}\nof what was printed:\n{text}"
                );
            };
            drop(text);
            let waited = changed.wait_timeout(guard, left);
            guard = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
