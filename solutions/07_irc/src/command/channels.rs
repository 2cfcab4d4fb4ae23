//! Channels: JOIN, PART, TOPIC, NAMES, LIST, INVITE, KICK (RFC 1459, 4.2).

use super::target::{asked_for, is_for_me};
use crate::channel::{Channel, Signed};
use crate::ids::{ChannelId, UserId};
use crate::line::{self, Line, cut};
use crate::message::{Message, items};
use crate::names;
use crate::numeric::*;
use crate::server::Server;

pub(super) fn join(server: &mut Server, user: UserId, message: &Message) {
    let mut keys =
        message.parameter(1).unwrap_or_default().split(|b| *b == b',');
    let list = message.parameter(0).unwrap_or_default();
    let names: Vec<&[u8]> = items(list).collect();
    // What stands before the last `0` would be left at once. Said often enough
    // in one line, that would be a flood for the members of those channels.
    let zero = names.iter().rposition(|&name| name == b"0");
    for (number, &name) in names.iter().enumerate() {
        if name == b"0" {
            if zero == Some(number) {
                leave_all(server, user);
            }
            continue;
        }
        let key = keys.next().unwrap_or_default();
        if zero.is_none_or(|zero| zero < number) {
            join_one(server, user, name, key);
        }
    }
}

fn join_one(server: &mut Server, user: UserId, name: &[u8], key: &[u8]) {
    if !names::is_channel(name) {
        server.reply(user, ERR_NOSUCHCHANNEL, [&name]);
        return;
    }
    let found = server.state.find_channel(name);
    if found.is_some_and(|it| server.state.channels[it].has(user)) {
        return;
    }
    let most = server.config.limits.channels.size();
    if server.state.users[user].channels.len() >= most {
        server.reply(user, ERR_TOOMANYCHANNELS, [&name]);
        return;
    }
    if let Some(channel) = found
        && let Err(numeric) = may_join(server, user, channel, key)
    {
        server.reply(user, numeric, [&name]);
        return;
    }
    let channel = server.state.join(user, name, server.now);
    let name = server.state.channels[channel].name.clone();
    let line = server.from(user).word("JOIN").word(&name).end();
    server.send_to_channel(channel, &line, None);
    if server.state.channels[channel].topic.is_some() {
        tell_topic(server, user, channel);
    }
    let mut lines = Vec::new();
    list_members(server, user, channel, &mut lines);
    server.send_all(user, &lines);
    server.reply(user, RPL_ENDOFNAMES, [&name]);
}

/// An invitation helps against `i` (RFC 1459) and `b` (RFC 2811, 4.3.1).
fn may_join(
    server: &Server,
    user: UserId,
    channel: ChannelId,
    key: &[u8],
) -> Result<(), Numeric<1>> {
    let channel = &server.state.channels[channel];
    let is_invited = channel.invited.contains(&user);
    if channel.flags.invite_only && !is_invited {
        return Err(ERR_INVITEONLYCHAN);
    }
    let full_name = server.state.users[user].full_name();
    if channel.bans(&full_name) && !is_invited {
        return Err(ERR_BANNEDFROMCHAN);
    }
    if channel.key.as_deref().is_some_and(|right| right != key) {
        return Err(ERR_BADCHANNELKEY);
    }
    if channel.limit.is_some_and(|limit| channel.members.len() >= limit) {
        return Err(ERR_CHANNELISFULL);
    }
    Ok(())
}

/// `JOIN 0`: "as if the user had sent a PART command for each channel".
fn leave_all(server: &mut Server, user: UserId) {
    for channel in server.state.users[user].channels.clone() {
        leave(server, user, channel, None);
    }
}

fn leave(
    server: &mut Server,
    user: UserId,
    channel: ChannelId,
    text: Option<&[u8]>,
) {
    let name = &server.state.channels[channel].name;
    let line = server.from(user).word("PART").word(name);
    let line = match text {
        Some(text) => line.text(text),
        None => line,
    };
    server.send_to_channel(channel, &line.end(), None);
    server.state.part(user, channel);
}

pub(super) fn part(server: &mut Server, user: UserId, message: &Message) {
    for name in items(message.parameter(0).unwrap_or_default()) {
        if let Some(channel) = find_mine(server, user, name) {
            leave(server, user, channel, message.word(1));
        }
    }
}

/// The channel with this name, which the user is in; if not, it's told.
pub(super) fn find_mine(
    server: &mut Server,
    user: UserId,
    name: &[u8],
) -> Option<ChannelId> {
    let Some(channel) = server.state.find_channel(name) else {
        server.reply(user, ERR_NOSUCHCHANNEL, [&name]);
        return None;
    };
    if !server.state.channels[channel].has(user) {
        server.reply(user, ERR_NOTONCHANNEL, [&name]);
        return None;
    }
    Some(channel)
}

pub(super) fn topic(server: &mut Server, user: UserId, message: &Message) {
    let name = message.parameter(0).unwrap_or_default();
    // A secret channel is none to those outside (RFC 2811, 4.2.6).
    if let Some(channel) = server.state.find_channel(name)
        && server.state.channels[channel].flags.secret
        && !server.state.sees_channel(user, channel)
    {
        server.reply(user, ERR_NOSUCHCHANNEL, [&name]);
        return;
    }
    let Some(channel) = find_mine(server, user, name) else { return };
    let Some(text) = message.parameter(1) else {
        if server.state.channels[channel].topic.is_some() {
            tell_topic(server, user, channel);
        } else {
            server.reply(user, RPL_NOTOPIC, [&name]);
        }
        return;
    };
    let it = &server.state.channels[channel];
    if it.flags.topic && !it.is_operator(user) {
        server.reply(user, ERR_CHANOPRIVSNEEDED, [&name]);
        return;
    }
    let mut text = text.to_vec();
    cut(&mut text, server.config.limits.topic.size());
    let name = server.state.channels[channel].name.clone();
    let line = server.from(user).word("TOPIC").word(name).text(&text).end();
    let signed = Signed {
        text: text.into(),
        by: server.state.users[user].full_name().into(),
        at: server.now.unix,
    };
    let is_cleared = signed.text.is_empty();
    let topic = &mut server.state.channels[channel].topic;
    *topic = (!is_cleared).then_some(signed);
    server.send_to_channel(channel, &line, None);
}

/// The topic, and as in practice who set it and when.
fn tell_topic(server: &mut Server, user: UserId, channel: ChannelId) {
    let Channel { name, topic, .. } = &server.state.channels[channel];
    let Some(topic) = topic else { return };
    let lines = [
        server.numeric(user, RPL_TOPIC, [name, &topic.text]),
        server.numeric(
            user,
            RPL_TOPICWHOTIME,
            [name, &topic.by, &Count(topic.at)],
        ),
    ];
    server.send_all(user, &lines);
}

pub(super) fn names(server: &mut Server, user: UserId, message: &Message) {
    if !is_for_me(server, user, message, 1) {
        return;
    }
    let Some(list) = message.word(0) else {
        all_names(server, user);
        return;
    };
    let is_whole =
        server.tell_of_each(user, asked_for(list), |server, name| {
            let mut lines = Vec::new();
            if let Some(channel) = server.state.find_channel(name)
                && server.state.sees_channel(user, channel)
            {
                list_members(server, user, channel, &mut lines);
            }
            lines.push(server.numeric(user, RPL_ENDOFNAMES, [&name]));
            lines
        });
    if !is_whole {
        server.reply(user, ERR_TOOMANYMATCHES, [&"NAMES", &list]);
        server.reply(user, RPL_ENDOFNAMES, [&list]);
    }
}

/// All visible channels; then those users that are in none of them, "as being
/// on channel *".
fn all_names(server: &mut Server, viewer: UserId) {
    let state = &server.state;
    let channels = state.channels.iter().map(|(id, _)| id);
    let visible: Vec<ChannelId> =
        channels.filter(|&id| state.sees_channel(viewer, id)).collect();
    let is_whole = server.tell_of_each(
        viewer,
        visible.into_iter().map(Some).chain([None]),
        |server, channel| {
            let mut lines = Vec::new();
            match channel {
                Some(it) => list_members(server, viewer, it, &mut lines),
                None => list_the_others(server, viewer, &mut lines),
            }
            lines
        },
    );
    if !is_whole {
        server.reply(viewer, ERR_TOOMANYMATCHES, [&"NAMES", &"*"]);
    }
    server.reply(viewer, RPL_ENDOFNAMES, [&"*"]);
}

/// 353 for those who are in no channel that `viewer` may see.
fn list_the_others(server: &Server, viewer: UserId, lines: &mut Vec<Line>) {
    let state = &server.state;
    let is_elsewhere = |&id: &UserId| {
        let mut channels = state.users[id].channels.iter();
        state.sees_user(viewer, id)
            && !channels.any(|&channel| state.sees_channel(viewer, channel))
    };
    let ids = state.users.iter().map(|(id, _)| id).filter(is_elsewhere);
    let nicks = ids.map(|id| ("", &*state.users[id].nick));
    list_names(server, viewer, "*", b"*", nicks, lines);
}

/// 353 for the members of a channel that `viewer` may see.
fn list_members(
    server: &Server,
    viewer: UserId,
    channel: ChannelId,
    lines: &mut Vec<Line>,
) {
    let state = &server.state;
    let it = &state.channels[channel];
    let is_inside = it.has(viewer);
    let sign = match it.flags {
        flags if flags.secret => "@",
        flags if flags.private => "*",
        _ => "=",
    };
    let visible = it
        .members
        .iter()
        .filter(|&(&id, _)| is_inside || state.sees_user(viewer, id))
        .map(|(&id, member)| (member.sign(), &*state.users[id].nick));
    list_names(server, viewer, sign, &it.name, visible, lines);
}

/// As many 353 as it takes, none of them too long or with a space at its end.
fn list_names<'a>(
    server: &Server,
    viewer: UserId,
    sign: &str,
    channel: &[u8],
    names: impl Iterator<Item = (&'static str, &'a [u8])>,
    lines: &mut Vec<Line>,
) {
    let nick = &server.state.users[viewer].nick;
    let frame = RPL_NAMREPLY.line(server.name(), nick, [&sign, &channel, &""]);
    for text in line::pack(names, line::room_in(&frame)) {
        let words: [&dyn Argument; 3] = [&sign, &channel, &text];
        lines.push(server.numeric(viewer, RPL_NAMREPLY, words));
    }
}

pub(super) fn list(server: &mut Server, user: UserId, message: &Message) {
    if !is_for_me(server, user, message, 1) {
        return;
    }
    let state = &server.state;
    let (asked, channels): (&[u8], Vec<ChannelId>) = match message.word(0) {
        Some(list) => {
            let named = asked_for(list).into_iter();
            let named = named.filter_map(|it| state.find_channel(it));
            (list, named.collect())
        }
        None => (b"*", state.channels.iter().map(|(id, _)| id).collect()),
    };
    server.reply(user, RPL_LISTSTART, []);
    let is_whole = server.tell_of_each(user, channels, |server, channel| {
        listed(server, user, channel).into_iter().collect()
    });
    if !is_whole {
        server.reply(user, ERR_TOOMANYMATCHES, [&"LIST", &asked]);
    }
    server.reply(user, RPL_LISTEND, []);
}

/// A line of LIST. "Private channels are listed (without their topics) as
/// channel Prv … secret channels are not listed at all" (4.2.6), but to their
/// members.
fn listed(server: &Server, user: UserId, channel: ChannelId) -> Option<Line> {
    let state = &server.state;
    let it = &state.channels[channel];
    let is_inside = it.has(user);
    let is_visible = |id: &&UserId| is_inside || state.sees_user(user, **id);
    let count = Count::of(it.members.keys().filter(is_visible).count());
    let topic = it.topic.as_ref().map_or(&b""[..], |topic| &topic.text);
    if is_inside || it.is_public() {
        Some(server.numeric(user, RPL_LIST, [&it.name, &count, &topic]))
    } else if it.flags.secret {
        None
    } else {
        Some(server.numeric(user, RPL_LIST, [&"Prv", &count, &""]))
    }
}

pub(super) fn invite(server: &mut Server, user: UserId, message: &Message) {
    let nick = message.parameter(0).unwrap_or_default();
    let name = message.parameter(1).unwrap_or_default();
    let Some(guest) = server.state.find_user(nick) else {
        server.reply(user, ERR_NOSUCHNICK, [&nick]);
        return;
    };
    // "There is no requirement that the channel … must exist" (4.2.7).
    let mut name: Box<[u8]> = name.into();
    if let Some(channel) = server.state.find_channel(&name) {
        let it = &server.state.channels[channel];
        name = it.name.clone();
        let is_operator = it.is_operator(user);
        if !it.has(user) {
            server.reply(user, ERR_NOTONCHANNEL, [&name]);
            return;
        }
        if it.has(guest) {
            let nick = server.state.users[guest].nick.clone();
            server.reply(user, ERR_USERONCHANNEL, [&nick, &name]);
            return;
        }
        if it.flags.invite_only && !is_operator {
            server.reply(user, ERR_CHANOPRIVSNEEDED, [&name]);
            return;
        }
        if is_operator {
            let most = server.config.limits.channels.size();
            server.state.invite(guest, channel, most);
        }
    } else if !names::is_channel(&name) {
        server.reply(user, ERR_NOSUCHCHANNEL, [&name]);
        return;
    }
    let nick = server.state.users[guest].nick.clone();
    server.reply(user, RPL_INVITING, [&nick, &name]);
    let line = server.from(user).word("INVITE").word(&nick).text(&name).end();
    server.send(guest, &line);
    if let Some(away) = server.state.users[guest].away.clone() {
        server.reply(user, RPL_AWAY, [&nick, &away]);
    }
}

/// KICK: one channel and any number of users, or as many of both.
pub(super) fn kick(server: &mut Server, user: UserId, message: &Message) {
    let channels: Vec<&[u8]> =
        items(message.parameter(0).unwrap_or_default()).collect();
    let victims: Vec<&[u8]> =
        items(message.parameter(1).unwrap_or_default()).collect();
    if channels.len() != 1 && channels.len() != victims.len() {
        server.reply(user, ERR_NEEDMOREPARAMS, [&"KICK"]);
        return;
    }
    let nick = server.state.users[user].nick.clone();
    let mut comment = message.word(2).unwrap_or(&nick).to_vec();
    cut(&mut comment, server.config.limits.topic.size());
    for (number, victim) in victims.iter().enumerate() {
        let channel = channels.get(number).unwrap_or(&channels[0]);
        kick_one(server, user, channel, victim, &comment);
    }
}

fn kick_one(
    server: &mut Server,
    user: UserId,
    name: &[u8],
    victim: &[u8],
    comment: &[u8],
) {
    let Some(channel) = find_mine(server, user, name) else { return };
    if !server.state.channels[channel].is_operator(user) {
        server.reply(user, ERR_CHANOPRIVSNEEDED, [&name]);
        return;
    }
    let Some(target) = server.state.chase_user(victim, server.now) else {
        server.reply(user, ERR_NOSUCHNICK, [&victim]);
        return;
    };
    if !server.state.channels[channel].has(target) {
        server.reply(user, ERR_USERNOTINCHANNEL, [&victim, &name]);
        return;
    }
    let name = server.state.channels[channel].name.clone();
    let nick = server.state.users[target].nick.clone();
    let line = server.from(user).word("KICK").word(name).word(nick);
    let line = line.text(comment).end();
    server.send_to_channel(channel, &line, None);
    server.state.part(target, channel);
}
