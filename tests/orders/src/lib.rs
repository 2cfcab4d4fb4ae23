//! The mailbox of `bonus_thread_chat`, and the list behind its lock, in every order in
//! which their threads may meet: loom plays them all, and finds a thread that waits for
//! ever, where a test that runs a thousand times may see none.
//!
//! ```console
//! $ cargo test -p orders
//! ```
//!
//! The package compiles the course's own file, with loom's locks in place of std's, and
//! with a limit of a few bytes in place of a mebibyte.

#[path = "../../../src/mailbox.rs"]
pub mod mailbox;

/// In place of the course's: small, so that a mailbox is full at once.
pub mod outbox {
    /// Crowded from two bytes on.
    pub const LIMIT: usize = 4;
}

#[cfg(test)]
mod tests {
    use loom::sync::{Arc, Mutex};
    use loom::thread;

    use super::mailbox::{Mailbox, Put};

    /// All that comes until the mailbox is closed and empty: the writer's part.
    fn all_of(mailbox: &Mailbox) -> Vec<u8> {
        let mut taken = Vec::new();
        while let Some(bytes) = mailbox.take() {
            taken.extend(bytes);
        }
        taken
    }

    fn writer(mailbox: &Arc<Mailbox>) -> thread::JoinHandle<Vec<u8>> {
        let mailbox = mailbox.clone();
        thread::spawn(move || all_of(&mailbox))
    }

    fn join<T>(thread: thread::JoinHandle<T>) -> T {
        thread.join().unwrap_or_else(|_| panic!("a thread has panicked"))
    }

    #[test]
    fn what_is_put_is_taken_in_order_and_the_end_is_seen() {
        loom::model(|| {
            let mailbox = Arc::new(Mailbox::default());
            let writer = writer(&mailbox);
            assert_eq!(mailbox.put(b"a"), Put::Done);
            assert_ne!(mailbox.put(b"b"), Put::Full);
            mailbox.close();
            assert_eq!(join(writer), b"ab");
        });
    }

    #[test]
    fn who_waits_for_something_is_woken() {
        loom::model(|| {
            let mailbox = Arc::new(Mailbox::default());
            let taker = {
                let mailbox = mailbox.clone();
                thread::spawn(move || mailbox.take())
            };
            mailbox.put(b"a");
            assert_eq!(join(taker), Some(b"a".to_vec()));
        });
    }

    #[test]
    fn two_may_put_at_once() {
        loom::model(|| {
            let mailbox = Arc::new(Mailbox::default());
            let writer = writer(&mailbox);
            let other = {
                let mailbox = mailbox.clone();
                thread::spawn(move || mailbox.put(b"aa"))
            };
            assert_ne!(mailbox.put(b"bb"), Put::Full);
            assert_ne!(join(other), Put::Full);
            mailbox.close();
            let taken = join(writer);
            assert!(taken == b"aabb" || taken == b"bbaa", "{taken:?}");
        });
    }

    /// It's full or not: never half a message, and never a thread that waits.
    #[test]
    fn what_is_full_stays_whole() {
        loom::model(|| {
            let mailbox = Arc::new(Mailbox::default());
            let writer = writer(&mailbox);
            let second = match (mailbox.put(b"abc"), mailbox.put(b"de")) {
                (_, Put::Full) => "",
                _ => "de",
            };
            mailbox.close();
            let expected = format!("abc{second}");
            assert_eq!(join(writer), expected.as_bytes());
        });
    }

    #[test]
    fn who_is_given_up_ends() {
        loom::model(|| {
            let mailbox = Arc::new(Mailbox::default());
            let writer = writer(&mailbox);
            let other = {
                let mailbox = mailbox.clone();
                thread::spawn(move || mailbox.abandon())
            };
            mailbox.put(b"a");
            assert!(join(other));
            let taken = join(writer);
            assert!(taken.is_empty() || taken == b"a", "{taken:?}");
        });
    }

    /// Who writes and who speaks find it out at the same moment: one says it.
    #[test]
    fn one_is_the_first_to_give_up() {
        loom::model(|| {
            let mailbox = Arc::new(Mailbox::default());
            let other = {
                let mailbox = mailbox.clone();
                thread::spawn(move || mailbox.abandon())
            };
            let is_first = mailbox.abandon();
            assert!(is_first != join(other));
        });
    }

    /// loom's `wait_timeout` has no time: who isn't woken waits for ever.
    #[test]
    fn who_waits_for_room_is_woken() {
        for is_taken in [true, false] {
            loom::model(move || {
                let mailbox = Arc::new(Mailbox::default());
                assert_eq!(mailbox.put(b"ab"), Put::Crowded);
                let waiters = [(); 2].map(|()| {
                    let mailbox = mailbox.clone();
                    thread::spawn(move || mailbox.wait_for_room())
                });
                if is_taken {
                    assert_eq!(mailbox.take(), Some(b"ab".to_vec()));
                } else {
                    assert!(mailbox.abandon());
                }
                waiters.into_iter().for_each(join);
            });
        }
    }

    /// The list of `bonus_thread_chat`, without its sockets.
    #[derive(Default)]
    struct Room(Mutex<Vec<Arc<Mailbox>>>);

    impl Room {
        fn of(mailboxes: &[Arc<Mailbox>]) -> Arc<Self> {
            Arc::new(Self(Mutex::new(mailboxes.to_vec())))
        }

        fn broadcast(&self, message: &[u8]) {
            let clients = self.0.lock().unwrap_or_else(|_| panic!("poisoned"));
            for mailbox in clients.iter() {
                mailbox.put(message);
            }
        }

        fn leave(&self, mailbox: &Arc<Mailbox>) {
            let clients = self.0.lock();
            let mut clients = clients.unwrap_or_else(|_| panic!("poisoned"));
            clients.retain(|other| !Arc::ptr_eq(other, mailbox));
            drop(clients);
            mailbox.close();
        }
    }

    #[test]
    fn who_leaves_while_another_speaks_gets_it_all_or_nothing_and_ends() {
        loom::model(|| {
            let mailbox = Arc::new(Mailbox::default());
            let room = Room::of(std::slice::from_ref(&mailbox));
            let writer = writer(&mailbox);
            let speaker = {
                let room = room.clone();
                thread::spawn(move || room.broadcast(b"ab"))
            };
            room.leave(&mailbox);
            join(speaker);
            let taken = join(writer);
            assert!(taken.is_empty() || taken == b"ab", "{taken:?}");
        });
    }

    #[test]
    fn everybody_hears_the_same_order() {
        loom::model(|| {
            let mailboxes = [(); 2].map(|()| Arc::new(Mailbox::default()));
            let room = Room::of(&mailboxes);
            let speaker = {
                let room = room.clone();
                thread::spawn(move || room.broadcast(b"a"))
            };
            room.broadcast(b"b");
            join(speaker);
            let heard = mailboxes.map(|mailbox| {
                mailbox.close();
                all_of(&mailbox)
            });
            assert_eq!(heard[0], heard[1]);
            assert_eq!(heard[0].len(), 2);
        });
    }
}
