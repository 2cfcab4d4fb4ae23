//! Bytes that wait until the thread that writes to a client takes them.

#[cfg(loom)] // every order in which threads may meet: see tests/orders
use loom::sync::{Condvar, Mutex, MutexGuard};
use std::mem;
use std::sync::PoisonError;
#[cfg(not(loom))]
use std::sync::{Condvar, Mutex, MutexGuard};

use std::time::{Duration, Instant};

use crate::outbox::LIMIT;

/// From so many bytes on a mailbox is crowded, if its owner may still take them.
const CROWDED: usize = 256 << 10;

/// When bytes have waited longer than this, nobody waits for it to take them: a
/// client that doesn't read delays nobody twice. So the room goes at the pace of its
/// readers, but never slower than at [`CROWDED`] bytes in this time.
const PATIENCE: Duration = Duration::from_millis(200);

/// How putting something into a mailbox went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It's in; or it's lost, because the mailbox is closed.
    Done,
    /// It's in, and much is already there: [`Mailbox::wait_for_room`].
    Crowded,
    /// It's not in, and no part of it: half a message is worse than none.
    Full,
}

/// A queue of at most [`LIMIT`] bytes, into which any thread puts and from which
/// one takes.
#[derive(Debug)]
pub struct Mailbox {
    inside: Mutex<Inside>,
    /// Something has come, or nothing will come any more.
    filled: Condvar,
    /// Nothing is there any more.
    emptied: Condvar,
}

#[derive(Debug)]
struct Inside {
    bytes: Vec<u8>,
    /// When the first of these bytes came.
    since: Instant,
    is_open: bool,
}

impl Inside {
    /// How long it's still worth waiting for the bytes to be taken, if there are
    /// many.
    fn patience(&self) -> Option<Duration> {
        if self.bytes.len() <= CROWDED {
            return None;
        }
        PATIENCE.checked_sub(self.since.elapsed())
    }
}

impl Default for Mailbox {
    fn default() -> Self {
        let (bytes, since) = (Vec::new(), Instant::now());
        let inside = Inside { bytes, since, is_open: true };
        Self {
            inside: Mutex::new(inside),
            filled: Condvar::new(),
            emptied: Condvar::new(),
        }
    }
}

impl Mailbox {
    /// Adds `bytes`, without waiting.
    pub fn put(&self, bytes: &[u8]) -> Put {
        let mut inside = self.lock();
        if !inside.is_open || bytes.is_empty() {
            return Put::Done;
        }
        if inside.bytes.len() + bytes.len() > LIMIT {
            return Put::Full;
        }
        let was_empty = inside.bytes.is_empty();
        if was_empty {
            inside.since = Instant::now();
        }
        inside.bytes.extend(bytes);
        let is_crowded = inside.patience().is_some();
        drop(inside);
        // To wake somebody is a system call, and who takes sleeps only when there
        // is nothing.
        if was_empty {
            self.filled.notify_one();
        }
        if is_crowded { Put::Crowded } else { Put::Done }
    }

    /// Waits until what crowds it has been taken, or has waited for too long.
    pub fn wait_for_room(&self) {
        let mut inside = self.lock();
        while let Some(left) = inside.patience() {
            let waited = self.emptied.wait_timeout(inside, left);
            (inside, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits until there is something, and takes all of it at once. `None`: it's
    /// closed and empty, nothing will come any more.
    pub fn take(&self) -> Option<Vec<u8>> {
        let mut inside = self.lock();
        // A thread may wake without a reason: look again.
        while inside.bytes.is_empty() && inside.is_open {
            let waited = self.filled.wait(inside);
            inside = waited.unwrap_or_else(PoisonError::into_inner);
        }
        let bytes = mem::take(&mut inside.bytes);
        drop(inside);
        if bytes.len() > CROWDED {
            self.emptied.notify_all();
        }
        (!bytes.is_empty()).then_some(bytes)
    }

    /// Takes no more in. What waits can still be taken.
    pub fn close(&self) {
        self.lock().is_open = false;
        self.filled.notify_one();
    }

    /// Closes it and throws away what waits. Says whether it was open.
    pub fn abandon(&self) -> bool {
        let mut inside = self.lock();
        inside.bytes = Vec::new();
        let was_open = mem::replace(&mut inside.is_open, false);
        drop(inside);
        self.filled.notify_one();
        self.emptied.notify_all();
        was_open
    }

    /// Is something taken in?
    pub fn is_open(&self) -> bool {
        self.lock().is_open
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        // Poisoned: a thread has panicked with the lock. No line above can leave
        // the bytes half changed, so they are as good as before.
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::thread;

    use proptest::prelude::*;

    use super::*;

    /// One that holds many bytes, and is said to be crowded.
    fn crowded() -> Mailbox {
        let mailbox = Mailbox::default();
        assert_eq!(mailbox.put(&[0; CROWDED]), Put::Done);
        assert_eq!(mailbox.put(&[1]), Put::Crowded);
        mailbox
    }

    /// As if nobody had taken what is in there for so long.
    fn grow_old(mailbox: &Mailbox) {
        let mut inside = mailbox.lock();
        inside.since =
            inside.since.checked_sub(PATIENCE * 2).expect("an hour ago");
    }

    proptest! {
        /// However often it is emptied, the bytes come out in order, each once.
        #[test]
        fn nothing_is_lost_and_nothing_said_twice(
            messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..40),
            takes in prop::collection::vec(any::<bool>(), 40),
        ) {
            let mailbox = Mailbox::default();
            let mut taken = Vec::new();
            let mut waiting = 0;
            for (message, is_taken) in messages.iter().zip(takes) {
                prop_assert_eq!(mailbox.put(message), Put::Done);
                waiting += message.len();
                if is_taken && waiting > 0 {
                    taken.extend(mailbox.take().unwrap());
                    waiting = 0;
                }
            }
            mailbox.close();
            taken.extend(mailbox.take().unwrap_or_default());
            prop_assert_eq!(mailbox.take(), None);
            prop_assert_eq!(taken, messages.concat());
        }
    }

    #[test]
    fn several_put_while_one_takes() {
        let mailbox = Mailbox::default();
        let put = |who: u8| {
            for _ in 0..1000 {
                assert_eq!(mailbox.put(&[who; 7]), Put::Done);
            }
        };
        thread::scope(|scope| {
            let talk = || {
                thread::scope(|scope| {
                    scope.spawn(|| put(0));
                    scope.spawn(|| put(1));
                });
                mailbox.close();
            };
            scope.spawn(talk);
            let mut taken: Vec<u8> = Vec::new();
            while let Some(bytes) = mailbox.take() {
                taken.extend(bytes);
            }
            assert_eq!(taken.len(), 2 * 7 * 1000);
            // No message in the middle of another.
            assert!(taken.chunks(7).all(|seven| seven == [seven[0]; 7]));
        });
    }

    #[test]
    fn it_holds_its_limit_and_not_a_byte_more() {
        let mailbox = Mailbox::default();
        assert_eq!(mailbox.put(&vec![0; LIMIT - 1]), Put::Crowded);
        assert_eq!(mailbox.put(&[1, 2]), Put::Full);
        assert_eq!(mailbox.put(&[3]), Put::Crowded);
        assert_eq!(mailbox.put(&[4]), Put::Full);
        let taken = mailbox.take().unwrap();
        assert_eq!((taken.len(), taken.last()), (LIMIT, Some(&3)));
        assert_eq!(mailbox.put(&[5]), Put::Done);
    }

    #[test]
    fn who_takes_is_woken_by_a_put_a_close_and_an_abandon() {
        let acts: [fn(&Mailbox); 3] = [
            |mailbox| assert_eq!(mailbox.put(b"salut"), Put::Done),
            Mailbox::close,
            |mailbox| assert!(mailbox.abandon()),
        ];
        for (act, taken) in acts.into_iter().zip([Some("salut"), None, None]) {
            let mailbox = Mailbox::default();
            thread::scope(|scope| {
                let taker = scope.spawn(|| mailbox.take());
                act(&mailbox);
                let taken = taken.map(|words| words.as_bytes().to_vec());
                assert_eq!(taker.join().unwrap(), taken);
            });
        }
    }

    #[test]
    fn closed_it_gives_what_it_has_and_takes_no_more() {
        let mailbox = Mailbox::default();
        mailbox.put(b"salut");
        assert!(mailbox.is_open());
        mailbox.close();
        assert!(!mailbox.is_open());
        assert_eq!(mailbox.put(b"trop tard"), Put::Done);
        assert_eq!(mailbox.take(), Some(b"salut".to_vec()));
        assert_eq!(mailbox.take(), None);
        assert_eq!(mailbox.put(&vec![0; 2 * LIMIT]), Put::Done);
        assert!(!mailbox.abandon(), "it was closed before");
    }

    #[test]
    fn abandoned_it_has_nothing_left() {
        let mailbox = crowded();
        assert!(mailbox.abandon());
        assert_eq!(mailbox.take(), None);
        assert!(!mailbox.abandon(), "once is enough");
        mailbox.wait_for_room();
    }

    #[test]
    fn who_waits_for_room_is_woken_by_a_take_and_an_abandon() {
        let acts: [fn(&Mailbox); 2] = [
            |mailbox| assert!(mailbox.take().is_some()),
            |mailbox| assert!(mailbox.abandon()),
        ];
        for act in acts {
            let mailbox = crowded();
            thread::scope(|scope| {
                scope.spawn(|| mailbox.wait_for_room());
                scope.spawn(|| mailbox.wait_for_room());
                act(&mailbox);
            });
        }
    }

    #[test]
    fn nobody_waits_for_an_owner_who_has_taken_nothing_for_long() {
        let mailbox = crowded();
        grow_old(&mailbox);
        mailbox.wait_for_room();
        assert_eq!(mailbox.put(&[2]), Put::Done);
        // Once it has taken, it's waited for again.
        assert!(mailbox.take().is_some());
        assert_eq!(mailbox.put(&[0; CROWDED + 1]), Put::Crowded);
        // What begins to wait after a long silence hasn't waited long.
        assert!(mailbox.take().is_some());
        grow_old(&mailbox);
        assert_eq!(mailbox.put(&[0; CROWDED + 1]), Put::Crowded);
    }

    #[test]
    fn a_thread_that_panics_with_the_lock_stops_nobody() {
        let mailbox = Mailbox::default();
        mailbox.put(b"avant ");
        thread::scope(|scope| {
            let panics = || {
                let _lock = mailbox.lock();
                panic!("with the lock");
            };
            assert!(scope.spawn(panics).join().is_err());
        });
        assert_eq!(mailbox.put(b"et apres"), Put::Done);
        assert_eq!(mailbox.take(), Some(b"avant et apres".to_vec()));
    }
}
