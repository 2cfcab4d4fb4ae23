//! What waits for a client: lines that many clients may share, until its socket
//! takes them.

use std::collections::VecDeque;
use std::io::{self, IoSlice, Write};

use crate::line::Line;

/// How many lines go out in one system call.
const SLICES: usize = 256;

/// There is no room for a line: the client doesn't read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// Lines in the order in which they go out.
#[derive(Debug, Default)]
pub struct OutQueue {
    lines: VecDeque<Line>,
    /// How much of the first line is written.
    written: usize,
    /// How much waits.
    bytes: usize,
    /// Lines that ever went in.
    pub messages: u64,
    /// Bytes that ever went out.
    pub sent: u64,
}

impl OutQueue {
    /// Does nothing wait?
    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// How many bytes wait.
    pub fn len(&self) -> usize {
        self.bytes
    }

    /// Adds a line.
    ///
    /// # Errors
    ///
    /// [`Full`]: more than `most` bytes would wait, and nothing is added.
    pub fn push(&mut self, line: &Line, most: usize) -> Result<(), Full> {
        if self.bytes + line.len() > most {
            return Err(Full);
        }
        self.bytes += line.len();
        self.messages += 1;
        self.lines.push_back(Line::clone(line));
        Ok(())
    }

    /// Writes what waits, in one system call; how many bytes were taken. They
    /// stay here until [`advance`](Self::advance).
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_to(&self, out: &mut impl Write) -> io::Result<usize> {
        if let (Some(line), 1) = (self.lines.front(), self.lines.len()) {
            // When nobody floods, it's one; and for one, `write` costs less.
            return out.write(&line[self.written..]);
        }
        let mut slices = [IoSlice::new(&[]); SLICES];
        let mut count = 0;
        for (slice, line) in slices.iter_mut().zip(&self.lines) {
            *slice = IoSlice::new(line);
            count += 1;
        }
        if let Some(line) = self.lines.front() {
            slices[0] = IoSlice::new(&line[self.written..]);
        }
        out.write_vectored(&slices[..count])
    }

    /// The first `count` bytes are written. What is empty gives its memory
    /// back: most clients are idle.
    pub fn advance(&mut self, count: usize) {
        self.bytes -= count;
        self.sent += count as u64;
        let mut count = count + self.written;
        while let Some(first) = self.lines.front()
            && count >= first.len()
        {
            count -= first.len();
            self.lines.pop_front();
        }
        self.written = count;
        if self.lines.is_empty() && self.lines.capacity() > 16 {
            self.lines = VecDeque::new();
        }
    }

    /// Forgets what waits: nobody is left to read it.
    pub fn clear(&mut self) {
        self.lines = VecDeque::new();
        (self.written, self.bytes) = (0, 0);
    }
}
