//! Bytes that wait until a client's socket takes them.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Write};

/// The most that may wait for one client, in bytes.
pub const LIMIT: usize = 1 << 20;

/// An emptied queue that grew beyond this gives its memory back.
const KEPT: usize = 16 << 10;

/// There is no room for these bytes: the client doesn't read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// A queue of at most [`LIMIT`] bytes.
#[derive(Debug, Default)]
pub struct Outbox {
    bytes: VecDeque<u8>,
}

impl Outbox {
    /// Does nothing wait?
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Adds `bytes`.
    ///
    /// # Errors
    ///
    /// [`Full`], and nothing is added: half a message is worse than none.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Full> {
        if self.bytes.len() + bytes.len() > LIMIT {
            return Err(Full);
        }
        self.bytes.extend(bytes);
        Ok(())
    }

    /// Forgets everything: nobody is left to read it.
    pub fn clear(&mut self) {
        self.bytes = VecDeque::new();
    }

    /// Writes as much as `socket` takes now. What it doesn't take stays.
    ///
    /// # Errors
    ///
    /// Those of `socket`, except that it would block or was interrupted.
    pub fn write_to(&mut self, mut socket: impl Write) -> io::Result<()> {
        while !self.is_empty() {
            let (bytes, _) = self.bytes.as_slices();
            match socket.write(bytes) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(n) => drop(self.bytes.drain(..n)),
                Err(error) if error.kind() == ErrorKind::Interrupted => {
                    continue;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        if self.bytes.capacity() > KEPT {
            self.clear();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A socket that takes a few bytes, or none, or is interrupted: as told.
    struct Moody {
        taken: Vec<u8>,
        moods: Vec<Mood>,
    }

    #[derive(Clone, Copy, Debug)]
    enum Mood {
        Takes(usize),
        Blocks,
        Interrupts,
    }

    impl Write for &mut Moody {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            match self.moods.pop() {
                Some(Mood::Blocks) | None => Err(ErrorKind::WouldBlock.into()),
                Some(Mood::Interrupts) => Err(ErrorKind::Interrupted.into()),
                Some(Mood::Takes(most)) => {
                    let n = most.min(bytes.len());
                    self.taken.extend_from_slice(&bytes[..n]);
                    Ok(n)
                }
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn mood() -> impl Strategy<Value = Mood> {
        prop_oneof![
            (1..50_usize).prop_map(Mood::Takes),
            Just(Mood::Blocks),
            Just(Mood::Interrupts),
        ]
    }

    proptest! {
        /// However the socket takes them, the bytes arrive in order, each once.
        #[test]
        fn nothing_is_lost_and_nothing_said_twice(
            messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..20),
            moods in prop::collection::vec(mood(), 0..60),
        ) {
            let mut socket = Moody { taken: Vec::new(), moods };
            let mut outbox = Outbox::default();
            for message in &messages {
                outbox.push(message).unwrap();
                outbox.write_to(&mut socket).unwrap();
            }
            while !outbox.is_empty() {
                socket.moods.push(Mood::Takes(7));
                outbox.write_to(&mut socket).unwrap();
            }
            prop_assert_eq!(socket.taken, messages.concat());
        }
    }

    #[test]
    fn it_holds_its_limit_and_not_a_byte_more() {
        let mut outbox = Outbox::default();
        assert_eq!(outbox.push(&vec![0; LIMIT - 1]), Ok(()));
        assert_eq!(outbox.push(&[1, 2]), Err(Full));
        assert_eq!(outbox.push(&[3]), Ok(()));
        assert_eq!(outbox.push(&[4]), Err(Full));
        let mut socket =
            Moody { taken: Vec::new(), moods: vec![Mood::Takes(LIMIT); 2] };
        outbox.write_to(&mut socket).unwrap();
        assert!(outbox.is_empty());
        assert_eq!(
            (socket.taken.len(), socket.taken.last()),
            (LIMIT, Some(&3))
        );
        assert!(
            outbox.bytes.capacity() <= KEPT,
            "an empty queue keeps no mebibyte"
        );
    }

    #[test]
    fn a_socket_that_fails_or_takes_nothing_is_an_error() {
        struct Broken(Option<ErrorKind>);
        impl Write for Broken {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                self.0.map_or(Ok(0), |kind| Err(kind.into()))
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut outbox = Outbox::default();
        assert!(outbox.write_to(Broken(None)).is_ok(), "nothing to write");
        outbox.push(b"salut").unwrap();
        let reset = outbox.write_to(Broken(Some(ErrorKind::ConnectionReset)));
        assert_eq!(reset.unwrap_err().kind(), ErrorKind::ConnectionReset);
        assert_eq!(
            outbox.write_to(Broken(None)).unwrap_err().kind(),
            ErrorKind::WriteZero
        );
    }
}
