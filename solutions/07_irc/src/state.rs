//! Who is where: users, channels and servers, and what must hold among them.
//!
//! Only this module changes the ties between them, so that it can keep them
//! equal on both sides: a user lists the channels whose member it is, a nick
//! finds the user who has it, an empty channel is none.

use std::collections::HashMap;
use std::rc::Rc;

use crate::channel::{Channel, Member};
use crate::clock::Moment;
use crate::history::History;
use crate::ids::{ChannelId, ConnId, Id, ServerId, Table, UserId};
use crate::mask;
use crate::names::{self, Folded, fold};
use crate::user::User;

/// A server, as LINKS lists it.
#[derive(Clone, Debug)]
pub struct ServerInfo {
    /// Its name, which history shares.
    pub name: Rc<[u8]>,
    /// What it says about itself.
    pub description: Box<[u8]>,
    /// How many links away.
    pub hops: u32,
    /// The link through which it's reached; none to this server itself.
    pub route: Option<ConnId>,
}

/// The whole network as this server knows it.
#[derive(Default)]
pub struct State {
    /// All users.
    pub users: Table<UserId, User>,
    /// All channels.
    pub channels: Table<ChannelId, Channel>,
    /// All servers, this one first.
    pub servers: Table<ServerId, ServerInfo>,
    /// Those who were here.
    pub history: History,
    nicks: HashMap<Folded, UserId>,
    channel_names: HashMap<Folded, ChannelId>,
    /// How many users hide (`+i`), and how many are operators: LUSERS is part
    /// of every welcome, and must not count them all.
    invisible: usize,
    operators: usize,
    /// The most users there have been at once.
    most_users: usize,
    serial: u64,
}

impl State {
    /// The user with this nick.
    pub fn find_user(&self, nick: &[u8]) -> Option<UserId> {
        self.nicks.get(&fold(nick)).copied()
    }

    /// The same, or whoever had this nick a moment ago (RFC 1459, 8.9).
    pub fn chase_user(&self, nick: &[u8], now: Moment) -> Option<UserId> {
        self.find_user(nick).or_else(|| {
            let (id, serial) = self.history.chase(nick, now)?;
            let user = self.users.get(id)?;
            (user.serial == serial).then_some(id)
        })
    }

    /// The channel with this name.
    pub fn find_channel(&self, name: &[u8]) -> Option<ChannelId> {
        self.channel_names.get(&fold(name)).copied()
    }

    /// The first server that this name or mask means, or the one that the user
    /// of this name is on.
    pub fn find_server(&self, name: &[u8]) -> Option<ServerId> {
        let mut servers = self.servers.iter();
        let found = servers.find(|(_, it)| mask::matches(name, &it.name));
        found.map(|(id, _)| id).or_else(|| {
            self.find_user(name).map(|user| self.users[user].server)
        })
    }

    /// A new user, whose nick is free.
    pub fn add_user(&mut self, mut user: User) -> UserId {
        self.serial += 1;
        user.serial = self.serial;
        let nick = fold(&user.nick);
        self.invisible += usize::from(user.modes.invisible);
        self.operators += usize::from(user.modes.operator);
        let id = self.users.insert(user);
        self.most_users = self.most_users.max(self.users.len());
        self.nicks.insert(nick, id);
        id
    }

    /// Gives a user another nick, which is free or differs only in case.
    pub fn rename(&mut self, id: UserId, nick: &[u8], now: Moment) {
        let user = &mut self.users[id];
        if !names::same(&user.nick, nick) {
            let server = self.servers[user.server].name.clone();
            self.history.add(user, server, Some(id), now);
        }
        self.nicks.remove(&fold(&user.nick));
        self.nicks.insert(fold(nick), id);
        user.nick = nick.into();
    }

    /// Takes a user out of everything.
    pub fn remove_user(&mut self, id: UserId, now: Moment) -> Option<User> {
        let channels = self.users.get(id)?.channels.clone();
        for channel in channels {
            self.part(id, channel);
        }
        let user = self.users.remove(id)?;
        for channel in &user.invited {
            if let Some(channel) = self.channels.get_mut(*channel) {
                channel.invited.remove(&id);
            }
        }
        self.nicks.remove(&fold(&user.nick));
        self.invisible -= usize::from(user.modes.invisible);
        self.operators -= usize::from(user.modes.operator);
        let server = self.servers[user.server].name.clone();
        self.history.add(&user, server, None, now);
        Some(user)
    }

    /// Sets or clears the user mode of this letter; whether that changed it.
    pub fn set_mode(&mut self, id: UserId, letter: u8, on: bool) -> bool {
        let Some(mode) = self.users[id].modes.by_letter(letter) else {
            return false;
        };
        if *mode == on {
            return false;
        }
        *mode = on;
        let count = match letter {
            b'i' => &mut self.invisible,
            b'o' => &mut self.operators,
            _ => return true,
        };
        *count = if on { *count + 1 } else { *count - 1 };
        true
    }

    /// Lets a user into a channel. The first one forms it, and is its operator.
    pub fn join(&mut self, id: UserId, name: &[u8], now: Moment) -> ChannelId {
        let channel = self.find_channel(name).unwrap_or_else(|| {
            let channel = Channel::new(name, now.unix);
            let channel = self.channels.insert(channel);
            self.channel_names.insert(fold(name), channel);
            channel
        });
        self.forget_invitation(id, channel);
        let members = &mut self.channels[channel].members;
        let operator = members.is_empty();
        let user = &mut self.users[id];
        let member = Member { route: user.route, operator, voice: false };
        if members.insert(id, member).is_none() {
            user.channels.push(channel);
        }
        channel
    }

    /// Takes a user out of a channel, which ends with its last member.
    pub fn part(&mut self, id: UserId, channel: ChannelId) {
        self.users[id].channels.retain(|&other| other != channel);
        let members = &mut self.channels[channel].members;
        members.swap_remove(&id);
        if !members.is_empty() {
            return;
        }
        if let Some(gone) = self.channels.remove(channel) {
            self.channel_names.remove(&fold(&gone.name));
            for user in gone.invited {
                self.users[user].invited.retain(|&other| other != channel);
            }
        }
    }

    /// An operator of the channel has invited this user. Of many invitations
    /// the last ones count.
    pub fn invite(&mut self, id: UserId, channel: ChannelId, most: usize) {
        self.forget_invitation(id, channel);
        let invited = &mut self.users[id].invited;
        if invited.len() >= most {
            let oldest = invited.remove(0);
            self.channels[oldest].invited.remove(&id);
        }
        self.users[id].invited.push(channel);
        self.channels[channel].invited.insert(id);
    }

    fn forget_invitation(&mut self, id: UserId, channel: ChannelId) {
        if self.channels[channel].invited.remove(&id) {
            self.users[id].invited.retain(|&other| other != channel);
        }
    }

    /// Are these two in one channel? (Nobody is in many.)
    pub fn share_a_channel(&self, one: UserId, other: UserId) -> bool {
        let mut channels = self.users[one].channels.iter();
        channels.any(|&channel| self.channels[channel].has(other))
    }

    /// May `viewer` find `user` by a mask or in a list? RFC 1459, 4.5: "a
    /// combination of the user's mode and the common set of channels".
    pub fn sees_user(&self, viewer: UserId, user: UserId) -> bool {
        viewer == user
            || !self.users[user].modes.invisible
            || self.users[viewer].modes.operator
            || self.share_a_channel(viewer, user)
    }

    /// May `viewer` know that this channel exists?
    pub fn sees_channel(&self, viewer: UserId, channel: ChannelId) -> bool {
        let channel = &self.channels[channel];
        channel.is_public() || channel.has(viewer)
    }

    /// Users that don't hide, those who do, operators.
    pub fn user_counts(&self) -> (usize, usize, usize) {
        let visible = self.users.len() - self.invisible;
        (visible, self.invisible, self.operators)
    }

    /// The most users there have been at once.
    pub fn most_users(&self) -> usize {
        self.most_users
    }

    /// What must always hold; tests ask after every step.
    ///
    /// # Errors
    ///
    /// What doesn't.
    pub fn check(&self) -> Result<(), String> {
        let hold = |holds: bool, what: &dyn Fn() -> String| {
            if holds { Ok(()) } else { Err(what()) }
        };
        hold(self.nicks.len() == self.users.len(), &|| {
            format!("{} nicks, {} users", self.nicks.len(), self.users.len())
        })?;
        hold(self.channel_names.len() == self.channels.len(), &|| {
            "names without a channel".to_string()
        })?;
        hold(self.history.is_whole(), &|| "a long history".to_string())?;
        let (mut invisible, mut operators) = (0, 0);
        for (id, user) in self.users.iter() {
            hold(self.find_user(&user.nick) == Some(id), &|| {
                format!("{id:?} isn't found by its nick")
            })?;
            for &channel in &user.channels {
                let channel = self.channels.get(channel);
                hold(channel.is_some_and(|it| it.has(id)), &|| {
                    format!("{id:?} isn't in its channel")
                })?;
            }
            for &channel in &user.invited {
                let channel = self.channels.get(channel);
                hold(
                    channel.is_some_and(|it| it.invited.contains(&id)),
                    &|| format!("{id:?} isn't invited where it thinks"),
                )?;
            }
            invisible += usize::from(user.modes.invisible);
            operators += usize::from(user.modes.operator);
        }
        hold(
            (invisible, operators) == (self.invisible, self.operators),
            &|| "wrong counts of users".to_string(),
        )?;
        for (id, channel) in self.channels.iter() {
            let index = id.index();
            hold(self.find_channel(&channel.name) == Some(id), &|| {
                format!("channel {index} isn't found by its name")
            })?;
            hold(!channel.members.is_empty(), &|| {
                format!("channel {index} is empty")
            })?;
            for (&member, how) in &channel.members {
                let user = self.users.get(member);
                let is_tied = user.is_some_and(|user| {
                    user.channels.contains(&id) && user.route == how.route
                });
                hold(is_tied, &|| format!("{member:?} isn't in {index}"))?;
            }
            for &guest in &channel.invited {
                let user = self.users.get(guest);
                hold(user.is_some_and(|it| it.invited.contains(&id)), &|| {
                    format!("{guest:?} doesn't know of its invitation")
                })?;
            }
        }
        Ok(())
    }
}
