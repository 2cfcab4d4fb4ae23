//! Lines out of bytes. TCP carries bytes, not messages: a line may come in
//! pieces, and several may come in one piece.

/// The longest line, in bytes, without its end.
pub const LIMIT: usize = 8 << 10;

/// A line has more than [`LIMIT`] bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

/// Bytes as they come in, lines as they go out.
///
/// ```
/// let mut lines = causette::lines::LineBuffer::default();
/// lines.push(b"salut\r\n\xc3");
/// assert_eq!(lines.next_line(), Ok(Some("salut".to_string())));
/// assert_eq!(lines.next_line(), Ok(None));
/// // "ç" is two bytes, and was cut between them.
/// lines.push(b"\xa7a va ?\n");
/// assert_eq!(lines.next_line(), Ok(Some("ça va ?".to_string())));
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
        let is_plain = |byte: &u8| (b' '..0x7f).contains(byte);
        let all_plain = line.iter().all(is_plain);
        let mut line = String::from_utf8_lossy(line).into_owned();
        // One character at a time, which a flood of lines would feel: most have
        // none to be taken out.
        if !all_plain {
            line.retain(|c| c == '\t' || !c.is_control());
        }
        self.start += end + 1;
        Ok(Some(line))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// All the lines of `pieces`, as a server takes them out: after each piece.
    fn lines_of<'a>(
        pieces: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Vec<String>, TooLong> {
        let mut buffer = LineBuffer::default();
        let mut lines = Vec::new();
        for piece in pieces {
            buffer.push(piece);
            while let Some(line) = buffer.next_line()? {
                lines.push(line);
            }
        }
        if buffer.finish() {
            lines.extend(buffer.next_line()?);
        }
        Ok(lines)
    }

    #[test]
    fn it_does_not_matter_where_the_bytes_are_cut() {
        let text = "MSG l'été\r\n\n\r\nWHO\n\u{1f422} last".as_bytes();
        let expected = ["MSG l'été", "", "", "WHO", "\u{1f422} last"];
        for first in 0..=text.len() {
            for second in first..=text.len() {
                let pieces =
                    [&text[..first], &text[first..second], &text[second..]];
                assert_eq!(lines_of(pieces).unwrap(), expected);
            }
        }
        assert_eq!(lines_of(text.chunks(1)).unwrap(), expected);
    }

    #[test]
    fn the_limit_counts_the_line_and_not_its_end() {
        for end in ["", "\n", "\r\n"] {
            let longest = "x".repeat(LIMIT) + end;
            assert_eq!(
                lines_of([longest.as_bytes()]).unwrap().len(),
                1,
                "{end:?}"
            );
            let longer = "x".repeat(LIMIT + 1) + end;
            assert_eq!(lines_of([longer.as_bytes()]), Err(TooLong), "{end:?}");
        }
        // A CR counts unless LF follows.
        let text = "x".repeat(LIMIT) + "\rx";
        assert_eq!(lines_of([text.as_bytes()]), Err(TooLong));
    }

    #[test]
    fn lines_before_one_that_is_too_long_are_not_lost() {
        let mut buffer = LineBuffer::default();
        buffer.push(b"first\n");
        buffer.push(&[b'x'; LIMIT + 1]);
        assert_eq!(buffer.next_line(), Ok(Some("first".to_string())));
        assert_eq!(buffer.next_line(), Err(TooLong));
    }

    #[test]
    fn finishing_says_whether_a_line_was_left() {
        let mut buffer = LineBuffer::default();
        assert!(!buffer.finish());
        buffer.push(b"a\nb");
        assert_eq!(buffer.next_line(), Ok(Some("a".to_string())));
        assert!(buffer.finish());
        assert_eq!(buffer.next_line(), Ok(Some("b".to_string())));
        assert!(!buffer.finish());
    }

    proptest! {
        /// The same as to take all the bytes at once, decode them and split them.
        #[test]
        fn any_bytes_give_the_lines_of_the_whole(
            pieces in prop::collection::vec(
                prop::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..30), 0..20),
        ) {
            let bytes = pieces.concat();
            let text = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
            let mut expected: Vec<String> = Vec::new();
            for line in text.split(|&byte| byte == b'\n') {
                let line = String::from_utf8_lossy(line).into_owned();
                expected.push(line.chars().filter(|&c| c == '\t' || !c.is_control()).collect());
            }
            if bytes.is_empty() {
                expected.clear();
            }
            prop_assert_eq!(lines_of(pieces.iter().map(Vec::as_slice)).unwrap(), expected);
        }
    }
}
