//! Keys, from the bytes that a terminal sends.
//!
//! Each has a letter in both languages, and no letter means two things: all of them
//! work whatever the language, so that whoever changes it need not learn anew.

use lab::texts::Lang;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Hint,
    List,
    Run,
    Check,
    Next,
    Previous,
    Help,
    Speak(Lang),
    Enter,
    Redraw,
    Quit,
}

impl Key {
    fn of(byte: u8) -> Option<Self> {
        Some(match byte.to_ascii_lowercase() {
            // hint, indice
            b'h' | b'i' => Self::Hint,
            b'l' => Self::List,
            // run, démarrer
            b'r' | b'd' => Self::Run,
            // check, vérifier
            b'c' | b'v' => Self::Check,
            // next, suivante
            b'n' | b's' => Self::Next,
            b'p' => Self::Previous,
            b'?' => Self::Help,
            b'e' => Self::Speak(Lang::En),
            b'f' => Self::Speak(Lang::Fr),
            b'\r' | b'\n' => Self::Enter,
            0x0c => Self::Redraw,
            // Ctrl-D, too.
            b'q' | 0x04 => Self::Quit,
            _ => return None,
        })
    }
}

/// Between two bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Within {
    #[default]
    Nothing,
    /// After an escape.
    Escape,
    /// In the sequence of an arrow or another key, until its last byte.
    Sequence,
}

/// Takes the bytes as they come: the sequence of a key may come in pieces.
#[derive(Default)]
pub(super) struct Keys {
    within: Within,
}

impl Keys {
    /// A byte; the key that it completes, if it means something here.
    pub(super) fn byte(&mut self, byte: u8) -> Option<Key> {
        const ESCAPE: u8 = 0x1b;
        let (within, key) = match (self.within, byte) {
            (_, ESCAPE) => (Within::Escape, None),
            (Within::Nothing, _) => (Within::Nothing, Key::of(byte)),
            (Within::Escape, b'[' | b'O') => (Within::Sequence, None),
            // Alt with a letter, or Escape and then a letter: the letter.
            (Within::Escape, _) => (Within::Nothing, Key::of(byte)),
            (Within::Sequence, b'@'..=b'~') => (Within::Nothing, None),
            (Within::Sequence, b' '..=b'?') => (Within::Sequence, None),
            // No sequence has such a byte.
            (Within::Sequence, _) => (Within::Nothing, Key::of(byte)),
        };
        self.within = within;
        key
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys(bytes: &[u8]) -> Vec<Key> {
        let mut keys = Keys::default();
        bytes.iter().filter_map(|&byte| keys.byte(byte)).collect()
    }

    #[test]
    fn letters_of_both_languages_mean_the_same() {
        for (one, other) in ["hi", "rd", "cv", "ns"].map(|it| it.split_at(1)) {
            assert_eq!(keys(one.as_bytes()), keys(other.as_bytes()));
            assert_eq!(keys(one.as_bytes()).len(), 1);
        }
        assert_eq!(keys(b"Q"), [Key::Quit]);
    }

    #[test]
    fn arrows_and_accents_mean_nothing() {
        let strange: [&[u8]; 6] = [
            b"\x1b[A",
            b"\x1bOP",
            b"\x1b[15~",
            b"\x1b[1;5D",
            "é".as_bytes(),
            b"\x00\xff",
        ];
        for bytes in strange {
            assert_eq!(keys(bytes), [], "{bytes:?}");
            assert_eq!(keys(&[bytes, b"h"].concat()), [Key::Hint]);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_lock_the_keyboard(bytes: Vec<u8>) {
            let all = [&bytes[..], b"\n\nq"].concat();
            prop_assert_eq!(keys(&all).pop(), Some(Key::Quit));
        }
    }
}
