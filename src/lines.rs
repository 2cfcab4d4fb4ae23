//! Lines out of bytes. TCP carries bytes, not messages: a line may come in
//! pieces, and several may come in one piece.

/// The most bytes that a line may have, its end not counted.
pub const LIMIT: usize = 8 << 10;

/// A line has more than [`LIMIT`] bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

/// Bytes as they come in, lines as they go out.
///
/// ```
/// let mut lines = causette::lines::LineBuffer::default();
/// lines.push(b"salut\r\nca ");
/// assert_eq!(lines.next_line(), Ok(Some("salut".to_string())));
/// assert_eq!(lines.next_line(), Ok(None));
/// lines.push(b"va ?\n");
/// assert_eq!(lines.next_line(), Ok(Some("ca va ?".to_string())));
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
        self.bytes.drain(..self.start);
        self.start = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// No more bytes will come: if a last line lacks its end, gives it one.
    /// Says whether there was such a line.
    pub fn finish(&mut self) -> bool {
        let unfinished = self.start < self.bytes.len();
        if unfinished {
            self.push(b"\n");
        }
        unfinished
    }

    /// The next line that is complete, without its LF or CR LF.
    ///
    /// It's decoded whole, because a character may be cut between two segments.
    /// Bytes that aren't UTF-8 become U+FFFD; control characters other than tab
    /// are dropped: on somebody's terminal they would move the cursor and
    /// repaint the screen.
    ///
    /// # Errors
    ///
    /// [`TooLong`]: this line, complete or not, is beyond the limit.
    pub fn next_line(&mut self) -> Result<Option<String>, TooLong> {
        let bytes = &self.bytes[self.start..];
        let end = bytes.iter().position(|&byte| byte == b'\n');
        let line = &bytes[..end.unwrap_or(bytes.len())];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.len() > LIMIT {
            return Err(TooLong);
        }
        let Some(end) = end else { return Ok(None) };
        let mut line = String::from_utf8_lossy(line).into_owned();
        line.retain(|c| c == '\t' || !c.is_control());
        self.start += end + 1;
        Ok(Some(line))
    }
}
