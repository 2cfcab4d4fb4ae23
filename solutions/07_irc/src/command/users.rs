//! What one may ask about users (RFC 1459, 4.5, 5.7 and 5.8): WHO, WHOIS,
//! WHOWAS, USERHOST, ISON.

use super::target::{asked_for, is_for_me};
use crate::clock::date;
use crate::ids::{ChannelId, ServerId, UserId};
use crate::line::{self, Line};
use crate::mask;
use crate::message::Message;
use crate::numeric::*;
use crate::server::Server;

pub(super) fn who(server: &mut Server, user: UserId, message: &Message) {
    let only_operators = message.word(1).is_some_and(|it| it == b"o");
    let list = message.word(0).unwrap_or(b"*");
    let most = server.config.limits.targets.size();
    for (number, name) in asked_for(list).into_iter().enumerate() {
        let wanted = if name == b"0" { b"*" } else { name };
        let is_whole = number < most && {
            let channel = server.state.find_channel(wanted);
            let mut found = match channel {
                Some(it) => members_of(server, user, it),
                None => matching(server, user, wanted),
            };
            if only_operators {
                found.retain(|&id| server.state.users[id].modes.operator);
            }
            server.tell_of_each(user, found, |server, id| {
                vec![who_reply(server, user, id, channel)]
            })
        };
        if !is_whole {
            server.reply(user, ERR_TOOMANYMATCHES, [&"WHO", &name]);
        }
        server.reply(user, RPL_ENDOFWHO, [&name]);
        if !is_whole {
            return;
        }
    }
}

fn members_of(
    server: &Server,
    viewer: UserId,
    channel: ChannelId,
) -> Vec<UserId> {
    let state = &server.state;
    if !state.sees_channel(viewer, channel) {
        return Vec::new();
    }
    let it = &state.channels[channel];
    let is_inside = it.has(viewer);
    let members = it.members.keys().copied();
    members.filter(|&id| is_inside || state.sees_user(viewer, id)).collect()
}

/// "Matched against users' host, server, real name and nickname". A whole nick
/// is no search: it finds those who hide, too.
fn matching(server: &Server, viewer: UserId, wanted: &[u8]) -> Vec<UserId> {
    let state = &server.state;
    if let Some(id) = state.find_user(wanted) {
        return vec![id];
    }
    let fits = |id: &UserId| {
        let user = &state.users[*id];
        let server = &state.servers[user.server].name;
        let names: [&[u8]; 5] =
            [&user.nick, &user.user, &user.host, server, &user.real_name];
        names.into_iter().any(|name| mask::matches(wanted, name))
            && state.sees_user(viewer, *id)
    };
    state.users.iter().map(|(id, _)| id).filter(fits).collect()
}

/// A line of WHO: the user as a member of `channel`, or else of the first one
/// that the viewer may know of.
fn who_reply(
    server: &Server,
    viewer: UserId,
    id: UserId,
    channel: Option<ChannelId>,
) -> Line {
    let state = &server.state;
    let user = &state.users[id];
    let there = &state.servers[user.server];
    let channel = channel.or_else(|| {
        let mut channels = user.channels.iter().copied();
        channels.find(|&it| state.sees_channel(viewer, it))
    });
    let channel = channel.map(|channel| &state.channels[channel]);
    let member = channel.and_then(|it| it.members.get(&id));
    let flags = [
        if user.away.is_some() { "G" } else { "H" },
        if user.modes.operator { "*" } else { "" },
        member.map_or("", |member| member.sign()),
    ]
    .concat();
    let channel = channel.map_or(&b"*"[..], |it| &it.name);
    server.numeric(
        viewer,
        RPL_WHOREPLY,
        [
            &channel,
            &user.user,
            &user.host,
            &there.name,
            &user.nick,
            &flags,
            &Count(there.hops.into()),
            &user.real_name,
        ],
    )
}

/// WHOIS [server] nick{,nick}.
pub(super) fn whois(server: &mut Server, user: UserId, message: &Message) {
    let number = usize::from(message.parameters().len() > 1);
    let Some(list) = message.word(number) else {
        server.reply(user, ERR_NONICKNAMEGIVEN, []);
        return;
    };
    if number == 1 && !is_for_me(server, user, message, 0) {
        return;
    }
    let most = server.config.limits.targets.size();
    for (number, wanted) in asked_for(list).into_iter().enumerate() {
        let is_whole = number < most && {
            let found = found_by(server, user, wanted);
            if found.is_empty() {
                server.reply(user, ERR_NOSUCHNICK, [&wanted]);
            }
            server.tell_of_each(user, found, |server, id| {
                whois_reply(server, user, id)
            })
        };
        if !is_whole {
            server.reply(user, ERR_TOOMANYMATCHES, [&"WHOIS", &wanted]);
            break;
        }
    }
    server.reply(user, RPL_ENDOFWHOIS, [&list]);
}

/// Who has this nick, or those who can be seen and whose nick fits this mask.
fn found_by(server: &Server, viewer: UserId, wanted: &[u8]) -> Vec<UserId> {
    let state = &server.state;
    match state.find_user(wanted) {
        Some(id) => vec![id],
        None if mask::is_mask(wanted) => state
            .users
            .iter()
            .filter(|(_, it)| mask::matches(wanted, &it.nick))
            .map(|(id, _)| id)
            .filter(|&id| state.sees_user(viewer, id))
            .collect(),
        None => Vec::new(),
    }
}

fn whois_reply(server: &Server, viewer: UserId, id: UserId) -> Vec<Line> {
    let state = &server.state;
    let user = &state.users[id];
    let there = &state.servers[user.server];
    let nick = &user.nick;
    let (name, host) = (&user.user, &user.host);
    let mut lines = vec![server.numeric(
        viewer,
        RPL_WHOISUSER,
        [nick, name, host, &user.real_name],
    )];
    channels_of(server, viewer, id, &mut lines);
    lines.push(server.numeric(
        viewer,
        RPL_WHOISSERVER,
        [nick, &there.name, &there.description],
    ));
    if let Some(away) = &user.away {
        lines.push(server.numeric(viewer, RPL_AWAY, [nick, away]));
    }
    if user.modes.operator {
        lines.push(server.numeric(viewer, RPL_WHOISOPERATOR, [nick]));
    }
    // "Only the local server knows that information".
    if user.server == ServerId::ME {
        let idle = Count(server.now.ms.saturating_sub(user.spoke) / 1_000);
        let since = Count(user.since);
        let words: [&dyn Argument; 3] = [nick, &idle, &since];
        lines.push(server.numeric(viewer, RPL_WHOISIDLE, words));
    }
    lines
}

/// As many 319 as it takes.
fn channels_of(
    server: &Server,
    viewer: UserId,
    id: UserId,
    lines: &mut Vec<Line>,
) {
    let state = &server.state;
    let user = &state.users[id];
    let frame = server.numeric(viewer, RPL_WHOISCHANNELS, [&user.nick, &""]);
    let seen = user.channels.iter().copied();
    let seen = seen.filter(|&it| state.sees_channel(viewer, it)).map(|it| {
        let channel = &state.channels[it];
        let member = channel.members.get(&id);
        (member.map_or("", |member| member.sign()), &*channel.name)
    });
    for text in line::pack(seen, line::room_in(&frame)) {
        let words: [&dyn Argument; 2] = [&user.nick, &text];
        lines.push(server.numeric(viewer, RPL_WHOISCHANNELS, words));
    }
}

/// WHOWAS nick{,nick} [count [server]].
pub(super) fn whowas(server: &mut Server, user: UserId, message: &Message) {
    let Some(list) = message.word(0) else {
        server.reply(user, ERR_NONICKNAMEGIVEN, []);
        return;
    };
    if !is_for_me(server, user, message, 2) {
        return;
    }
    // "If a non-positive number is passed … then a full search is done".
    let count = message.word(1).and_then(|it| str::from_utf8(it).ok());
    let count = count.and_then(|it| it.parse::<i64>().ok());
    let most = count.and_then(|it| usize::try_from(it).ok());
    let most = most.filter(|&most| most > 0).unwrap_or(usize::MAX);
    let asked = asked_for(list);
    let targets = server.config.limits.targets.size();
    let is_all = asked.len() <= targets;
    let asked = asked.into_iter().take(targets);
    let is_whole = server.tell_of_each(user, asked, |server, nick| {
        past_of(server, user, nick, most)
    });
    if !is_all || !is_whole {
        server.reply(user, ERR_TOOMANYMATCHES, [&"WHOWAS", &list]);
    }
    server.reply(user, RPL_ENDOFWHOWAS, [&list]);
}

fn past_of(
    server: &Server,
    viewer: UserId,
    nick: &[u8],
    most: usize,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for past in server.state.history.of(nick).take(most) {
        let (nick, there) = (&past.nick, &past.server);
        let (name, host) = (&past.user, &past.host);
        lines.push(server.numeric(
            viewer,
            RPL_WHOWASUSER,
            [nick, name, host, &past.real_name],
        ));
        lines.push(server.numeric(
            viewer,
            RPL_WHOISSERVER,
            [nick, there, &date(past.at.unix)],
        ));
    }
    if lines.is_empty() {
        lines.push(server.numeric(viewer, ERR_WASNOSUCHNICK, [&nick]));
    }
    lines
}

/// "Takes a list of up to 5 nicknames".
pub(super) fn userhost(server: &mut Server, user: UserId, message: &Message) {
    let names = nicks(message).take(5);
    let found = names.filter_map(|nick| {
        let user = &server.state.users[server.state.find_user(nick)?];
        let star = if user.modes.operator { &b"*"[..] } else { b"" };
        let here = if user.away.is_some() { b"=-" } else { b"=+" };
        let at = [&user.user, &b"@"[..], &user.host].concat();
        Some([&user.nick, star, here, &at].concat())
    });
    let text = found.collect::<Vec<_>>().join(&b' ');
    server.reply(user, RPL_USERHOST, [&text]);
}

pub(super) fn ison(server: &mut Server, user: UserId, message: &Message) {
    let frame = server.numeric(user, RPL_ISON, [&""]);
    let state = &server.state;
    let found = nicks(message).filter_map(|nick| state.find_user(nick));
    let found = found.map(|id| ("", &*state.users[id].nick));
    // One reply only: those who don't fit in aren't told.
    let texts = line::pack(found, line::room_in(&frame));
    let text = texts.into_iter().next().unwrap_or_default();
    server.reply(user, RPL_ISON, [&text]);
}

/// All parameters, and the words of each of them: some send one long parameter.
fn nicks<'a>(message: &'a Message) -> impl Iterator<Item = &'a [u8]> {
    let parameters = message.parameters().iter();
    parameters
        .flat_map(|parameter| parameter.split(|&byte| byte == b' '))
        .filter(|nick| !nick.is_empty())
}
