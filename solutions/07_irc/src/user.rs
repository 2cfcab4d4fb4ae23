//! A user: who has registered, here or on another server.

use crate::ids::{ChannelId, ConnId, ServerId};

/// How a user is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// By its own connection.
    Here(ConnId),
    /// Behind a link to another server.
    Behind(ConnId),
}

impl Route {
    /// The connection that what is for the user goes to.
    pub fn conn(self) -> ConnId {
        match self {
            Self::Here(conn) | Self::Behind(conn) => conn,
        }
    }
}

/// What a user may set about itself: RFC 1459, 4.2.3.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UserModes {
    /// `i`: seen only by those who share a channel with it.
    pub invisible: bool,
    /// `w`: receives WALLOPS.
    pub wallops: bool,
    /// `s`: receives the server's notices.
    pub notices: bool,
    /// `o`: an operator.
    pub operator: bool,
}

impl UserModes {
    /// All letters, in the order of 004.
    pub const LETTERS: &'static str = "iosw";

    /// The mode of this letter.
    pub fn by_letter(&mut self, letter: u8) -> Option<&mut bool> {
        match letter {
            b'i' => Some(&mut self.invisible),
            b'o' => Some(&mut self.operator),
            b's' => Some(&mut self.notices),
            b'w' => Some(&mut self.wallops),
            _ => None,
        }
    }

    /// `+` and the letters of the modes that are set.
    pub fn text(mut self) -> String {
        let is_set = |&letter: &u8| self.by_letter(letter) == Some(&mut true);
        let letters = Self::LETTERS.bytes().filter(is_set).map(char::from);
        "+".chars().chain(letters).collect()
    }
}

/// Who it is, as others see it.
#[derive(Clone, Debug)]
pub struct User {
    /// The name in use.
    pub nick: Box<[u8]>,
    /// What it calls itself on its own machine.
    pub user: Box<[u8]>,
    /// Where it is.
    pub host: Box<[u8]>,
    /// Whatever it likes.
    pub real_name: Box<[u8]>,
    /// A number that no other user has or will have.
    pub serial: u64,
    /// How it's reached.
    pub route: Route,
    /// Where its own connection is.
    pub server: ServerId,
    /// What it has set about itself.
    pub modes: UserModes,
    /// Why it doesn't answer.
    pub away: Option<Box<[u8]>>,
    /// The channels that it's in, in the order of joining. They aren't many.
    pub channels: Vec<ChannelId>,
    /// Those that it may join because an operator has invited it.
    pub invited: Vec<ChannelId>,
    /// Since when it's here, in seconds since 1970.
    pub since: u64,
    /// When it last said something, in milliseconds.
    pub spoke: u64,
}

impl User {
    /// `nick!user@host`: what its lines begin with.
    pub fn full_name(&self) -> Vec<u8> {
        [&self.nick, &b"!"[..], &self.user, b"@", &self.host].concat()
    }
}
