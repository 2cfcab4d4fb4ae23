//! A channel: its members and its modes (RFC 1459, 4.2.3.1).

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::ids::UserId;
use crate::mask;
use crate::user::Route;

/// What a member may do, and how it's reached: all that a message needs.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// The same as the user's, so that a message reads one list only.
    pub route: Route,
    /// `o`: a channel operator.
    pub operator: bool,
    /// `v`: may speak where not everyone may.
    pub voice: bool,
}

impl Member {
    /// What stands before its nick.
    pub fn sign(&self) -> &'static str {
        match (self.operator, self.voice) {
            (true, _) => "@",
            (false, true) => "+",
            (false, false) => "",
        }
    }
}

/// The modes without a parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `i`: only for those who are invited.
    pub invite_only: bool,
    /// `m`: only operators and those with a voice may speak.
    pub moderated: bool,
    /// `n`: only members may speak.
    pub no_outside: bool,
    /// `p`: named to nobody outside.
    pub private: bool,
    /// `s`: unknown to everybody outside.
    pub secret: bool,
    /// `t`: only operators set the topic.
    pub topic: bool,
}

impl Flags {
    /// All letters.
    pub const LETTERS: &'static str = "imnpst";

    /// The flag of this letter.
    pub fn by_letter(&mut self, letter: u8) -> Option<&mut bool> {
        match letter {
            b'i' => Some(&mut self.invite_only),
            b'm' => Some(&mut self.moderated),
            b'n' => Some(&mut self.no_outside),
            b'p' => Some(&mut self.private),
            b's' => Some(&mut self.secret),
            b't' => Some(&mut self.topic),
            _ => None,
        }
    }
}

/// A text that somebody has set.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The text.
    pub text: Box<[u8]>,
    /// Who.
    pub by: Box<[u8]>,
    /// When, in seconds since 1970.
    pub at: u64,
}

/// Some users, and what they have agreed on.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Its name as the first one has written it.
    pub name: Box<[u8]>,
    /// When that was, in seconds since 1970.
    pub formed: u64,
    /// What it's about.
    pub topic: Option<Signed>,
    /// Modes without a parameter.
    pub flags: Flags,
    /// `k`: what JOIN must say.
    pub key: Option<Box<[u8]>>,
    /// `l`: how many may be in it.
    pub limit: Option<usize>,
    /// `b`: who may not.
    pub bans: Vec<Signed>,
    /// Who is in it, never nobody.
    pub members: IndexMap<UserId, Member>,
    /// Who may come though `i` or `b` says no.
    pub invited: HashSet<UserId>,
}

impl Channel {
    /// A new one, as yet with nobody in it.
    pub fn new(name: &[u8], formed: u64) -> Self {
        Self {
            name: name.into(),
            formed,
            topic: None,
            flags: Flags::default(),
            key: None,
            limit: None,
            bans: Vec::new(),
            members: IndexMap::new(),
            invited: HashSet::new(),
        }
    }

    /// Is it named to those who aren't in it?
    pub fn is_public(&self) -> bool {
        !self.flags.private && !self.flags.secret
    }

    /// Is this user in it?
    pub fn has(&self, user: UserId) -> bool {
        self.members.contains_key(&user)
    }

    /// Is this user an operator of it?
    pub fn is_operator(&self, user: UserId) -> bool {
        self.members.get(&user).is_some_and(|member| member.operator)
    }

    /// Does a ban match this `nick!user@host`?
    pub fn bans(&self, full_name: &[u8]) -> bool {
        self.bans.iter().any(|ban| mask::matches(&ban.text, full_name))
    }

    /// `+nt` and the like, and the parameters; the key is for members only.
    pub fn modes(&self, with_key: bool) -> Vec<u8> {
        let mut flags = self.flags;
        let mut letters = vec![b'+'];
        letters.extend(Flags::LETTERS.bytes().filter(|&letter| {
            flags.by_letter(letter).is_some_and(|flag| *flag)
        }));
        let mut parameters = Vec::new();
        if let Some(limit) = self.limit {
            letters.push(b'l');
            parameters.extend_from_slice(format!(" {limit}").as_bytes());
        }
        if let Some(key) = &self.key {
            letters.push(b'k');
            if with_key {
                parameters.push(b' ');
                parameters.extend_from_slice(key);
            }
        }
        letters.extend_from_slice(&parameters);
        letters
    }
}
