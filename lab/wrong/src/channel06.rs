//! Step 06, channels. What step 05 knows is right here.

use std::collections::HashMap;
use std::io;

use crate::chat::{Channel, Chat, Room, cut, serve};
use crate::{Wrong, log, wrong};

pub(crate) const SERVERS: &[Wrong] = &[
    wrong(
        "06_to_all_members",
        "06-echo",
        "sends a message to all members of the channel, its sender included",
        |port| run(port, ToAllMembers),
    ),
    wrong(
        "06a_to_every_channel",
        "06a",
        "sends a message to all clients, whatever their channel",
        |port| run(port, ToEveryChannel),
    ),
    wrong(
        "06a_outsider_speaks",
        "06a",
        "relays a message to a channel whose sender isn't in it",
        |port| run(port, OutsiderSpeaks),
    ),
    wrong(
        "06b_part_does_nothing",
        "06b",
        "answers PART, and leaves the client in its channel",
        |port| run(port, PartDoesNothing),
    ),
    wrong(
        "06b_join_keeps_the_old",
        "06b",
        "lets a client that joins another channel stay in its former one",
        |port| run(port, JoinKeepsTheOld),
    ),
    wrong(
        "06b_join_refused",
        "06b",
        "refuses JOIN to a client that is in another channel",
        |port| run(port, JoinRefused),
    ),
    wrong(
        "06c_list_repeats",
        "06c",
        "lists the channel of each client, so several times the same",
        |port| run(port, ListRepeats),
    ),
    wrong(
        "06c_dead_channels",
        "06c",
        "lists channels that everybody has left",
        |port| run(port, DeadChannels),
    ),
    wrong(
        "06c_dies_of_the_last",
        "crash",
        "dies when the last member leaves a channel",
        |port| run(port, DiesOfTheLast),
    ),
    wrong(
        "06d_kick_disconnects",
        "06d",
        "closes the client that is kicked",
        |port| run(port, KickDisconnects),
    ),
    wrong("06d_anyone_kicks", "06d", "lets any member KICK", |port| {
        run(port, AnyoneKicks)
    }),
    wrong(
        "06d_rights_by_nick",
        "06d",
        "knows the creator of a channel by nick, which NICK changes",
        |port| run(port, RightsByNick::default()),
    ),
    wrong(
        "06e_part_outside",
        "06e",
        "counts on a sender of PART to be in a channel",
        |port| run(port, PartOutside),
    ),
    wrong(
        "06e_join_leaves_first",
        "06e-join",
        "leaves the old channel before it looks at the name of the new one",
        |port| run(port, JoinLeavesFirst),
    ),
    wrong("right_06", "-", "is right", |port| run(port, Right)),
];

trait Channels {
    fn msg(&mut self, room: &mut Room, me: usize, channel: &str, text: &str) {
        let Some(i) =
            room.channel_of(me).filter(|&i| room.channels[i].name == channel)
        else {
            room.send(me, &format!("[server] you are not in {channel}"));
            return;
        };
        let line = format!("[{}] {text}", room.clients[me].nick);
        room.send_to_channel(i, me, &line);
    }

    fn join(&mut self, room: &mut Room, me: usize, name: &str) {
        if let Some(i) = room.channel_of(me) {
            if room.channels[i].name == name {
                room.send(me, "[server] you are in it already");
                return;
            }
            self.leave_channel(room, me);
        }
        self.enter_channel(room, me, name);
    }

    /// JOIN of what is no name.
    fn refuse_join(&mut self, room: &mut Room, me: usize) {
        room.send(me, "[server] JOIN expects a channel");
    }

    fn enter_channel(&mut self, room: &mut Room, me: usize, name: &str) {
        let i = room.channels.iter().position(|it| it.name == name);
        let i = i.unwrap_or_else(|| {
            let (name, members) = (name.to_string(), Vec::new());
            room.channels.push(Channel { name, members });
            room.channels.len() - 1
        });
        room.channels[i].members.push(room.clients[me].id);
        let nick = &room.clients[me].nick;
        let notice = format!("[server] client \"{nick}\" joined \"{name}\"");
        room.send_to_channel(i, me, &notice);
        room.send(me, &notice);
    }

    fn part(&mut self, room: &mut Room, me: usize) {
        if room.channel_of(me).is_none() {
            room.send(me, "[server] you are in no channel");
            return;
        }
        room.send(me, "[server] you left your channel");
        self.leave_channel(room, me);
    }

    fn leave_channel(&mut self, room: &mut Room, me: usize) {
        let Some(i) = room.channel_of(me) else { return };
        let id = room.clients[me].id;
        let Channel { name, members } = &mut room.channels[i];
        members.retain(|&member| member != id);
        let nick = &room.clients[me].nick;
        let notice = format!("[server] client \"{nick}\" left \"{name}\"");
        room.send_to_channel(i, me, &notice);
        self.forget_empty(room, i);
    }

    fn forget_empty(&mut self, room: &mut Room, i: usize) {
        if room.channels[i].members.is_empty() {
            room.channels.remove(i);
        }
    }

    fn list(&mut self, room: &mut Room, me: usize) {
        let names: Vec<_> =
            room.channels.iter().map(|it| it.name.as_str()).collect();
        let line = format!("[server] {}", names.join(" "));
        room.send(me, &line);
    }

    fn kick(&mut self, room: &mut Room, me: usize, nick: &str) {
        let victim = room.find(nick);
        let victim = victim
            .filter(|&victim| room.channel_of(victim) == room.channel_of(me));
        match (room.channel_of(me), victim) {
            (Some(i), _) if !self.may_kick(room, me, i) => {
                room.send(me, "[server] KICK is for the moderator");
            }
            (Some(_), Some(victim)) => {
                room.send(victim, "[server] you were kicked");
                self.leave_channel(room, victim);
            }
            _ => room.send(me, &format!("[server] {nick} isn't here")),
        }
    }

    fn may_kick(&self, room: &Room, me: usize, channel: usize) -> bool {
        room.channels[channel].members.first() == Some(&room.clients[me].id)
    }
}

impl Room {
    fn channel_of(&self, who: usize) -> Option<usize> {
        let id = self.clients[who].id;
        self.channels.iter().position(|it| it.members.contains(&id))
    }

    fn send_to_channel(&mut self, channel: usize, me: usize, line: &str) {
        for i in self.others(me) {
            if self.channels[channel].members.contains(&self.clients[i].id) {
                self.send(i, line);
            }
        }
    }
}

fn run(port: u16, channels: impl Channels) -> io::Result<()> {
    serve(port, WithChannels(channels))
}

struct WithChannels<C>(C);

impl<C: Channels> Chat for WithChannels<C> {
    fn command(
        &mut self,
        room: &mut Room,
        me: usize,
        command: &str,
        argument: &str,
    ) {
        let without_hash = |it: &str| it.trim_start_matches('#').to_string();
        let channels = &mut self.0;
        match command.to_ascii_uppercase().as_str() {
            "MSG" => {
                let (channel, text) = cut(argument);
                channels.msg(room, me, &without_hash(channel), text);
            }
            "JOIN" if argument.is_empty() || argument.contains(' ') => {
                channels.refuse_join(room, me);
            }
            "JOIN" => channels.join(room, me, &without_hash(argument)),
            "PART" => channels.part(room, me),
            "LIST" => channels.list(room, me),
            "KICK" => channels.kick(room, me, argument),
            "NICK" => self.nick(room, me, argument),
            "WHO" => self.who(room, me),
            "QUIT" => self.quit(room, me, argument),
            "KILL" => {
                let (nick, message) = cut(argument);
                self.kill(room, me, nick, message);
            }
            _ => self.unknown(room, me, command),
        }
    }

    fn audience(&self, room: &Room, me: usize) -> Vec<usize> {
        let mine = room.channel_of(me);
        let mut others = room.others(me);
        others.retain(|&i| mine.is_some() && room.channel_of(i) == mine);
        others
    }

    fn leave(&mut self, room: &mut Room, me: usize) {
        let notice =
            format!("client disconnected \"{}\"", room.clients[me].nick);
        room.notify_others(me, &notice);
        self.0.leave_channel(room, me);
    }
}

struct Right;

impl Channels for Right {}

struct ToAllMembers;

impl Channels for ToAllMembers {
    fn msg(&mut self, room: &mut Room, me: usize, channel: &str, text: &str) {
        let line = format!("[{}] {text}", room.clients[me].nick);
        match room.channel_of(me) {
            Some(i) if room.channels[i].name == channel => {
                room.send_to_channel(i, me, &line);
                room.send(me, &line);
            }
            _ => room.send(me, "[server] you are not in it"),
        }
    }
}

struct ToEveryChannel;

impl Channels for ToEveryChannel {
    fn msg(&mut self, room: &mut Room, me: usize, channel: &str, text: &str) {
        if room.channel_of(me).is_none() {
            room.send(me, &format!("[server] you are not in {channel}"));
            return;
        }
        let line = format!("[{}] {text}", room.clients[me].nick);
        for i in room.others(me) {
            room.send(i, &line);
        }
    }
}

struct OutsiderSpeaks;

impl Channels for OutsiderSpeaks {
    fn msg(&mut self, room: &mut Room, me: usize, channel: &str, text: &str) {
        let line = format!("[{}] {text}", room.clients[me].nick);
        match room.channels.iter().position(|it| it.name == channel) {
            Some(i) => room.send_to_channel(i, me, &line),
            None => room.send(me, "[server] no such channel"),
        }
    }
}

struct PartDoesNothing;

impl Channels for PartDoesNothing {
    fn part(&mut self, room: &mut Room, me: usize) {
        room.send(me, "[server] you left your channel");
    }
}

struct JoinKeepsTheOld;

impl Channels for JoinKeepsTheOld {
    fn join(&mut self, room: &mut Room, me: usize, name: &str) {
        let id = room.clients[me].id;
        let is_in = |it: &&Channel| it.name == name && it.members.contains(&id);
        if room.channels.iter().find(is_in).is_none() {
            self.enter_channel(room, me, name);
        }
    }
    fn msg(&mut self, room: &mut Room, me: usize, channel: &str, text: &str) {
        let id = room.clients[me].id;
        let line = format!("[{}] {text}", room.clients[me].nick);
        let named = room.channels.iter().position(|it| it.name == channel);
        match named.filter(|&i| room.channels[i].members.contains(&id)) {
            Some(i) => room.send_to_channel(i, me, &line),
            None => room.send(me, "[server] you are not in it"),
        }
    }
    /// Out of all of them.
    fn leave_channel(&mut self, room: &mut Room, me: usize) {
        let id = room.clients[me].id;
        for channel in &mut room.channels {
            channel.members.retain(|&member| member != id);
        }
        room.channels.retain(|channel| !channel.members.is_empty());
    }
}

struct JoinRefused;

impl Channels for JoinRefused {
    fn join(&mut self, room: &mut Room, me: usize, name: &str) {
        if room.channel_of(me).is_some() {
            room.send(me, "[server] you are in a channel already");
            return;
        }
        self.enter_channel(room, me, name);
    }
}

struct ListRepeats;

impl Channels for ListRepeats {
    fn list(&mut self, room: &mut Room, me: usize) {
        let mut names = Vec::new();
        for i in 0..room.clients.len() {
            if let Some(channel) = room.channel_of(i) {
                names.push(room.channels[channel].name.as_str());
            }
        }
        let line = format!("[server] {}", names.join(" "));
        room.send(me, &line);
    }
}

struct DeadChannels;

impl Channels for DeadChannels {
    fn forget_empty(&mut self, _: &mut Room, _: usize) {}
}

struct DiesOfTheLast;

impl Channels for DiesOfTheLast {
    fn forget_empty(&mut self, room: &mut Room, i: usize) {
        let heir = room.channels[i].members.first().unwrap();
        log(&format!("its moderator is client {heir}"));
    }
}

struct KickDisconnects;

impl Channels for KickDisconnects {
    fn kick(&mut self, room: &mut Room, me: usize, nick: &str) {
        let (Some(channel), Some(victim)) =
            (room.channel_of(me), room.find(nick))
        else {
            room.send(me, &format!("[server] {nick} isn't here"));
            return;
        };
        if !self.may_kick(room, me, channel)
            || room.channel_of(victim) != Some(channel)
        {
            room.send(me, "[server] you may not KICK");
            return;
        }
        room.send(victim, "[server] you were kicked");
        room.clients[victim].is_closing = true;
        let notice = format!("client disconnected \"{nick}\"");
        room.notify_others(victim, &notice);
        self.leave_channel(room, victim);
    }
}

struct AnyoneKicks;

impl Channels for AnyoneKicks {
    fn may_kick(&self, _: &Room, _: usize, _: usize) -> bool {
        true
    }
}

/// The nick of each channel's creator.
#[derive(Default)]
struct RightsByNick(HashMap<String, String>);

impl Channels for RightsByNick {
    fn join(&mut self, room: &mut Room, me: usize, name: &str) {
        self.leave_channel(room, me);
        self.enter_channel(room, me, name);
        let nick = room.clients[me].nick.clone();
        self.0.entry(name.to_string()).or_insert(nick);
    }
    fn forget_empty(&mut self, room: &mut Room, i: usize) {
        if room.channels[i].members.is_empty() {
            let channel = room.channels.remove(i);
            self.0.remove(&channel.name);
        }
    }
    fn may_kick(&self, room: &Room, me: usize, channel: usize) -> bool {
        let creator = self.0.get(&room.channels[channel].name);
        creator == Some(&room.clients[me].nick)
    }
}

struct PartOutside;

impl Channels for PartOutside {
    fn part(&mut self, room: &mut Room, me: usize) {
        let i = room.channel_of(me).unwrap();
        let line = format!("[server] you left {}", room.channels[i].name);
        room.send(me, &line);
        self.leave_channel(room, me);
    }
}

struct JoinLeavesFirst;

impl Channels for JoinLeavesFirst {
    fn refuse_join(&mut self, room: &mut Room, me: usize) {
        self.leave_channel(room, me);
        room.send(me, "[server] JOIN expects a channel");
    }
}
