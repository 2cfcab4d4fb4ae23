//! Lines: out of bytes as they come in, and into bytes as they go out.
//!
//! "These messages shall not exceed 512 characters in length, counting all
//! characters including the trailing CR-LF" (RFC 1459, 2.3).

use std::mem;
use std::rc::Rc;

/// The longest line in bytes, without its CR LF.
pub const LIMIT: usize = 510;

/// A line as it goes out, with its CR LF. All who get it share its bytes.
pub type Line = Rc<[u8]>;

/// Bytes as they come in, lines as they go out.
///
/// Any CR or LF ends a line (RFC 1459, 8), an empty line is none, and a NUL,
/// which no message may hold, is dropped. Of a line that is too long the first
/// [`LIMIT`] bytes count; so it never holds more than what came last and one
/// line.
///
/// ```
/// let mut lines = irc::line::LineBuffer::default();
/// lines.push(b"NICK alice\r\n\r\nUSER a");
/// assert_eq!(lines.next_line(), Some(&b"NICK alice"[..]));
/// assert_eq!(lines.next_line(), None);
/// ```
#[derive(Debug, Default)]
pub struct LineBuffer {
    bytes: Vec<u8>,
    /// The bytes before this one have gone out.
    start: usize,
}

impl LineBuffer {
    /// Takes bytes in as they came.
    pub fn push(&mut self, bytes: &[u8]) {
        // Where flood control holds lines back there is always one left, and
        // those before it would stay for ever.
        self.bytes.drain(..self.start);
        self.start = 0;
        if bytes.contains(&0) {
            self.bytes.extend(bytes.iter().filter(|&&byte| byte != 0));
        } else {
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// The next line that is complete, without its end. With none left it gives
    /// its memory back: most clients are idle, and have nothing half said.
    pub fn next_line(&mut self) -> Option<&[u8]> {
        loop {
            let rest = &self.bytes[self.start..];
            let Some(length) = rest.iter().position(is_end) else {
                self.keep_the_rest();
                return None;
            };
            let line = self.start..self.start + length.min(LIMIT);
            self.start += length + 1;
            if !line.is_empty() {
                return Some(&self.bytes[line]);
            }
        }
    }

    /// How many bytes wait for [`next_line`](Self::next_line).
    pub fn len(&self) -> usize {
        self.bytes.len() - self.start
    }

    /// Does nothing wait?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn keep_the_rest(&mut self) {
        if self.start == self.bytes.len() {
            *self = Self::default();
            return;
        }
        self.bytes.drain(..self.start);
        self.start = 0;
        // Of a line that is too long already, what comes won't count.
        self.bytes.truncate(LIMIT);
        self.bytes.shrink_to(LIMIT);
    }
}

/// How many bytes `line` has room for.
pub fn room_in(line: &Line) -> usize {
    (LIMIT + 2).saturating_sub(line.len())
}

/// Words in as few texts as it takes, none of them longer than `room` bytes and
/// none empty; in front of each word stands its sign.
///
/// ```
/// let words = [("@", &b"wiz"[..]), ("", b"jto"), ("", b"angel")];
/// assert_eq!(irc::line::pack(words, 9), [&b"@wiz jto"[..], b"angel"]);
/// ```
pub fn pack<'a>(
    words: impl IntoIterator<Item = (&'static str, &'a [u8])>,
    room: usize,
) -> Vec<Vec<u8>> {
    let (mut texts, mut text) = (Vec::new(), Vec::new());
    for (sign, word) in words {
        let length = text.len() + 1 + sign.len() + word.len();
        if length > room && !text.is_empty() {
            texts.push(mem::take(&mut text));
        }
        if !text.is_empty() {
            text.push(b' ');
        }
        text.extend_from_slice(sign.as_bytes());
        text.extend_from_slice(word);
    }
    if !text.is_empty() {
        texts.push(text);
    }
    texts
}

fn is_end(byte: &u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// Writes one line, and cuts it where it would get too long.
///
/// ```
/// use irc::line::Writer;
/// let line = Writer::new().word(":irc.localhost").word("PONG").end();
/// assert_eq!(&*line, b":irc.localhost PONG\r\n");
/// ```
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// An empty line.
    #[expect(clippy::new_without_default, reason = "nothing is by default")]
    pub fn new() -> Self {
        Self { bytes: Vec::with_capacity(128) }
    }

    /// Adds a word, behind a space unless it's the first one.
    #[must_use]
    pub fn word(mut self, word: impl AsRef<[u8]>) -> Self {
        if !self.bytes.is_empty() {
            self.bytes.push(b' ');
        }
        self.bytes.extend_from_slice(word.as_ref());
        self
    }

    /// Adds the last parameter, which may hold spaces, or nothing.
    #[must_use]
    pub fn text(self, text: impl AsRef<[u8]>) -> Self {
        let mut line = self.word(":");
        line.bytes.extend_from_slice(text.as_ref());
        line
    }

    /// Adds bytes as they are.
    #[must_use]
    pub fn raw(mut self, bytes: &[u8]) -> Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// The line, with its end.
    pub fn end(mut self) -> Line {
        if self.bytes.len() > LIMIT {
            cut(&mut self.bytes, LIMIT);
            // What would have come behind it is gone: it separates nothing.
            while self.bytes.last() == Some(&b' ') {
                self.bytes.pop();
            }
        }
        self.bytes.extend_from_slice(b"\r\n");
        self.bytes.into()
    }
}

/// Cuts `bytes` to `most`; not in the middle of an UTF-8 character, if it can
/// be helped.
pub fn cut(bytes: &mut Vec<u8>, most: usize) {
    if bytes.len() <= most {
        return;
    }
    let is_within = |&at: &usize| bytes[at] & 0xc0 == 0x80;
    let begin = (most.saturating_sub(3)..=most).rev().find(|at| !is_within(at));
    bytes.truncate(begin.unwrap_or(most));
}
