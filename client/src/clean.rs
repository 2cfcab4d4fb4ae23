//! What the server sends, made harmless for a terminal: cut into lines, with nothing
//! in them that moves a cursor.

use std::mem;

/// The longest piece of a line that is kept waiting for its end.
const LIMIT: usize = 16 << 10;

/// A line, or a piece of one: of a line that is very long or that wasn't ended in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) begins: bool,
    pub(crate) ends: bool,
}

/// Cuts what comes into lines, however it was cut on its way.
#[derive(Default)]
pub(crate) struct Lines {
    pending: Vec<u8>,
    /// A piece of this line has been handed out already.
    continues: bool,
}

impl Lines {
    /// The lines that these bytes end.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut parts = bytes.split(|&byte| byte == b'\n');
        let last = parts.next_back().unwrap_or_default();
        for part in parts {
            self.extend(part, &mut pieces);
            let mut line = mem::take(&mut self.pending);
            while line.last() == Some(&b'\r') {
                line.pop();
            }
            // The end of a line that is all there already is nothing to show.
            if !(line.is_empty() && self.continues) {
                pieces.push(self.piece(&line, true));
            }
            self.continues = false;
        }
        self.extend(last, &mut pieces);
        pieces
    }

    /// Is there the beginning of a line?
    pub(crate) fn has_half(&self) -> bool {
        !self.pending.is_empty()
    }

    /// The line that wasn't ended, as far as it came: a prompt, for instance. Not the
    /// beginning of a character, nor the beginning of a CRLF.
    pub(crate) fn half(&mut self) -> Option<Piece> {
        let mut end = whole(&self.pending);
        while self.pending[..end].last() == Some(&b'\r') {
            end -= 1;
        }
        self.take(end)
    }

    /// All that is left once the server has closed.
    pub(crate) fn finish(&mut self) -> Option<Piece> {
        self.take(self.pending.len())
    }

    fn extend(&mut self, bytes: &[u8], pieces: &mut Vec<Piece>) {
        for chunk in bytes.chunks(LIMIT) {
            self.pending.extend_from_slice(chunk);
            if self.pending.len() > LIMIT {
                pieces.extend(self.half());
            }
        }
    }

    fn take(&mut self, end: usize) -> Option<Piece> {
        if end == 0 {
            return None;
        }
        let half: Vec<u8> = self.pending.drain(..end).collect();
        let piece = self.piece(&half, false);
        self.continues = true;
        Some(piece)
    }

    fn piece(&self, bytes: &[u8], ends: bool) -> Piece {
        Piece { text: clean(bytes), begins: !self.continues, ends }
    }
}

/// How many of these bytes are whole characters: all but the beginning of one.
fn whole(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => {
            // Something invalid before: look at the end alone.
            let tail = bytes.len().saturating_sub(3);
            (tail..bytes.len())
                .find(|&i| {
                    matches!(std::str::from_utf8(&bytes[i..]),
                        Err(error) if error.valid_up_to() == 0
                            && error.error_len().is_none())
                })
                .unwrap_or(bytes.len())
        }
    }
}

/// Text that only shows: what would control the terminal is a picture of itself, and
/// what isn't UTF-8 is U+FFFD.
pub(crate) fn clean(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().map(harmless).collect()
}

fn harmless(c: char) -> char {
    match c {
        '\t' => c,
        '\0'..='\x1f' => {
            char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}')
        }
        '\x7f' => '\u{2421}',
        // The other control characters; then those that turn the direction of what
        // follows, or end a line in some terminals.
        '\u{80}'..='\u{9f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{2028}'
        | '\u{2029}' => '\u{fffd}',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(text: &str) -> Piece {
        Piece { text: text.to_string(), begins: true, ends: true }
    }

    #[test]
    fn an_escape_sequence_is_shown_and_not_obeyed() {
        assert_eq!(clean(b"\x1b[2J\rhi\x07\x7f\x00"), "␛[2J␍hi␇␡␀");
        // The same sequence in one character, and in eight bits.
        assert_eq!(clean("\u{9b}2J".as_bytes()), "\u{fffd}2J");
        assert_eq!(clean(b"\x9b2J"), "\u{fffd}2J");
        assert_eq!(clean("\u{202e}ecila".as_bytes()), "\u{fffd}ecila");
    }

    #[test]
    fn what_is_text_stays_as_it_is() {
        for text in ["salut à tous", "日本語 😀", "a\tb", "שלום"] {
            assert_eq!(clean(text.as_bytes()), text);
        }
    }

    #[test]
    fn lines_end_with_lf_or_crlf() {
        let mut lines = Lines::default();
        assert_eq!(lines.push(b"a\r\n\nb"), [line("a"), line("")]);
        assert_eq!(lines.push(b"c\n"), [line("bc")]);
        assert!(!lines.has_half());
    }

    #[test]
    fn a_half_line_can_be_had_and_its_end_comes_after() {
        let mut lines = Lines::default();
        assert_eq!(lines.push(b"password? "), []);
        let half =
            Piece { text: "password? ".to_string(), begins: true, ends: false };
        assert_eq!(lines.half(), Some(half));
        assert_eq!(lines.half(), None);
        assert_eq!(lines.push(b"\nnext\n"), [line("next")]);
        lines.push(b"o");
        lines.half();
        let rest = Piece { begins: false, ..line("k") };
        assert_eq!(lines.push(b"k\n"), [rest]);
    }

    #[test]
    fn half_a_character_waits_for_its_end() {
        let mut lines = Lines::default();
        lines.push(&"é".as_bytes()[..1]);
        assert_eq!(lines.half(), None);
        lines.push(&"é".as_bytes()[1..]);
        assert_eq!(lines.half().map(|half| half.text), Some("é".to_string()));
        lines.push(b"\xff\xe2\x82");
        assert_eq!(lines.half().unwrap().text, "\u{fffd}");
        // At the end it's shown for what it is.
        assert_eq!(lines.finish().unwrap().text, "\u{fffd}");
    }

    #[test]
    fn a_line_without_end_comes_in_pieces() {
        let mut lines = Lines::default();
        let pieces = lines.push(&vec![b'x'; 1 << 20]);
        assert!(pieces.len() > 10);
        assert!(pieces[0].begins && pieces[1..].iter().all(|it| !it.begins));
        let left = lines.finish().map_or(0, |piece| piece.text.len());
        let shown: usize = pieces.iter().map(|piece| piece.text.len()).sum();
        assert_eq!(shown + left, 1 << 20);
    }

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        // Much of what cuts and hurts, and a little of everything.
        let piece = prop_oneof![
            Just(b"\n".to_vec()),
            Just(b"\r".to_vec()),
            Just(b"\x1b[31m".to_vec()),
            Just("é😀".as_bytes().to_vec()),
            prop::collection::vec(any::<u8>(), 0..8),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn nothing_that_controls_gets_through(bytes in bytes()) {
            let text = clean(&bytes);
            prop_assert!(!text.contains(|c: char| c.is_control() && c != '\t'));
        }

        #[test]
        fn however_it_is_cut_the_same_lines_come(
            bytes in bytes(),
            cuts in prop::collection::vec(1_usize..9, 1..20),
        ) {
            let mut whole = Lines::default();
            let expected = (whole.push(&bytes), whole.finish());
            let mut cut = Lines::default();
            let (mut got, mut rest) = (Vec::new(), &bytes[..]);
            for size in cuts.iter().cycle() {
                if rest.is_empty() { break; }
                let (chunk, after) = rest.split_at(rest.len().min(*size));
                got.extend(cut.push(chunk));
                rest = after;
            }
            prop_assert_eq!((got, cut.finish()), expected);
        }

        /// Asked at any time for what is there, nothing is lost and nothing twice.
        #[test]
        fn halves_make_a_whole(text in "[a-zé😀]{0,40}", cut in 0_usize..80) {
            let bytes = text.as_bytes();
            let (first, second) = bytes.split_at(cut.min(bytes.len()));
            let mut lines = Lines::default();
            let mut got = String::new();
            lines.push(first);
            got.extend(lines.half().map(|piece| piece.text));
            lines.push(second);
            got.extend(lines.finish().map(|piece| piece.text));
            prop_assert_eq!(got, text);
        }
    }
}
