//! Who was who: for WHOWAS, and to follow those who change their nick while
//! others speak about them (RFC 1459, 8.9).

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use crate::clock::Moment;
use crate::ids::UserId;
use crate::names::{Folded, fold};
use crate::user::User;

/// How many nicks are remembered.
const KEPT: usize = 10_000;

/// How long a nick that was given up leads to its user, in milliseconds.
const CHASE: u64 = 90_000;

/// A nick that was given up: by now somebody else may have it.
#[derive(Clone, Debug)]
pub struct Past {
    /// The nick.
    pub nick: Box<[u8]>,
    /// What its owner called itself on its own machine.
    pub user: Box<[u8]>,
    /// Where from.
    pub host: Box<[u8]>,
    /// The real name, or whatever stood there.
    pub real_name: Box<[u8]>,
    /// On which server: its name, for the server may be gone too.
    pub server: Rc<[u8]>,
    /// When it was given up.
    pub at: Moment,
    /// Who gave it up for another one.
    owner: Option<Owner>,
}

/// A user and its serial number: by now its id may name somebody else.
type Owner = (UserId, u64);

/// The nicks of the past.
#[derive(Default)]
pub struct History {
    entries: VecDeque<Past>,
    /// How many entries have been forgotten: entry `n` is `entries[n - gone]`.
    gone: usize,
    by_nick: HashMap<Folded, VecDeque<usize>>,
}

impl History {
    /// `user` leaves `server`; or changes its nick, and then its id is `still`.
    pub fn add(
        &mut self,
        user: &User,
        server: Rc<[u8]>,
        still: Option<UserId>,
        now: Moment,
    ) {
        let past = Past {
            nick: user.nick.clone(),
            user: user.user.clone(),
            host: user.host.clone(),
            real_name: user.real_name.clone(),
            server,
            at: now,
            owner: still.map(|id| (id, user.serial)),
        };
        let number = self.gone + self.entries.len();
        self.by_nick.entry(fold(&past.nick)).or_default().push_back(number);
        self.entries.push_back(past);
        if self.entries.len() > KEPT {
            self.forget_one();
        }
    }

    /// What must always hold: a nick without an entry would stay for ever.
    pub fn is_whole(&self) -> bool {
        self.by_nick.len() <= self.entries.len() && self.entries.len() <= KEPT
    }

    fn forget_one(&mut self) {
        let Some(past) = self.entries.pop_front() else { return };
        self.gone += 1;
        let nick = fold(&past.nick);
        if let Some(numbers) = self.by_nick.get_mut(&nick) {
            numbers.pop_front();
            if numbers.is_empty() {
                self.by_nick.remove(&nick);
            }
        }
    }

    /// Those who had this nick, the last one first.
    pub fn of(&self, nick: &[u8]) -> impl Iterator<Item = &Past> {
        let numbers = self.by_nick.get(&fold(nick)).into_iter().flatten();
        numbers.rev().filter_map(|number| self.entries.get(number - self.gone))
    }

    /// Who had this nick a moment ago, and took another one.
    pub fn chase(&self, nick: &[u8], now: Moment) -> Option<Owner> {
        let last = self.of(nick).next()?;
        last.owner.filter(|_| now.ms.saturating_sub(last.at.ms) <= CHASE)
    }
}
