//! PRIVMSG and NOTICE (RFC 1459, 4.4).

use crate::ids::{ChannelId, ServerId, UserId};
use crate::line::Line;
use crate::mask;
use crate::message::{Message, items};
use crate::names;
use crate::numeric::*;
use crate::server::Server;

pub(super) fn privmsg(server: &mut Server, user: UserId, message: &Message) {
    say(server, user, message, "PRIVMSG");
}

pub(super) fn notice(server: &mut Server, user: UserId, message: &Message) {
    say(server, user, message, "NOTICE");
}

/// Why a message isn't delivered: told by a numeric, but for a NOTICE, which
/// must never be answered.
type Refusal = Result<(), Line>;

fn say(server: &mut Server, user: UserId, message: &Message, command: &str) {
    let complain = |server: &mut Server, line: Line| {
        if command == "PRIVMSG" {
            server.send(user, &line);
        }
    };
    let Some(targets) = message.word(0) else {
        let line = server.numeric(user, ERR_NORECIPIENT, [&command]);
        return complain(server, line);
    };
    let Some(text) = message.word(1) else {
        let line = server.numeric(user, ERR_NOTEXTTOSEND, []);
        return complain(server, line);
    };
    server.state.users[user].spoke = server.now.ms;
    let mut said: Vec<&[u8]> = Vec::new();
    for target in items(targets) {
        if said.iter().any(|other| names::same(other, target)) {
            continue;
        }
        if said.len() >= server.config.limits.targets.size() {
            let words: [&dyn Argument; 2] = [&target, &"Too many"];
            let line = server.numeric(user, ERR_TOOMANYTARGETS, words);
            return complain(server, line);
        }
        said.push(target);
        let said = Said { user, command, text };
        if let Err(line) = deliver(server, &said, target) {
            complain(server, line);
        }
    }
}

/// What somebody says, to whomever.
struct Said<'a> {
    user: UserId,
    command: &'a str,
    text: &'a [u8],
}

impl Said<'_> {
    /// The line for those who get it, as being said to `target`.
    fn line(&self, server: &Server, target: &[u8]) -> Line {
        let line = server.from(self.user).word(self.command).word(target);
        line.text(self.text).end()
    }
}

/// Delivers it to one target: a channel, a user, or a mask. Whoever gets it
/// sees the target as it's called, however the sender has written it.
fn deliver(server: &mut Server, said: &Said, target: &[u8]) -> Refusal {
    let user = said.user;
    if let Some(channel) = server.state.find_channel(target) {
        may_speak(server, user, channel, target)?;
        let line = said.line(server, &server.state.channels[channel].name);
        server.send_to_channel(channel, &line, Some(user));
        return Ok(());
    }
    let is_mask = match target[0] {
        b'$' => true,
        b'#' => target.iter().any(|byte| b"*?.".contains(byte)),
        _ => false,
    };
    if is_mask {
        return deliver_to_mask(server, said, target);
    }
    let found = match server.state.find_user(target) {
        Some(to) => Some(to),
        None => find_elsewhere(server, user, target)?,
    };
    let Some(to) = found else {
        return Err(server.numeric(user, ERR_NOSUCHNICK, [&target]));
    };
    let line = said.line(server, &server.state.users[to].nick);
    server.send(to, &line);
    let away = &server.state.users[to].away;
    if let (Some(away), "PRIVMSG") = (away, said.command) {
        let nick = &server.state.users[to].nick;
        let line = server.numeric(user, RPL_AWAY, [nick, away]);
        server.send(user, &line);
    }
    Ok(())
}

/// `n`, `m`; and the banned are silent too (RFC 2812, 404).
fn may_speak(
    server: &Server,
    user: UserId,
    channel: ChannelId,
    name: &[u8],
) -> Refusal {
    let it = &server.state.channels[channel];
    let member = it.members.get(&user);
    let may_always = member.is_some_and(|it| it.operator || it.voice);
    let is_silent = it.flags.moderated
        || (it.flags.no_outside && member.is_none())
        || (!it.bans.is_empty()
            && it.bans(&server.state.users[user].full_name()));
    if may_always || !is_silent {
        return Ok(());
    }
    Err(server.numeric(user, ERR_CANNOTSENDTOCHAN, [&name]))
}

/// `$mask` is for all users of the servers with such a name, `#mask` for all
/// with such a host; for operators only.
fn deliver_to_mask(server: &mut Server, said: &Said, target: &[u8]) -> Refusal {
    let user = said.user;
    if !server.state.users[user].modes.operator {
        return Err(match target[0] {
            b'$' => server.numeric(user, ERR_NOPRIVILEGES, []),
            _ => server.numeric(user, ERR_NOSUCHNICK, [&target]),
        });
    }
    let wanted = &target[1..];
    let Some(dot) = wanted.iter().rposition(|&byte| byte == b'.') else {
        return Err(server.numeric(user, ERR_NOTOPLEVEL, [&target]));
    };
    if mask::is_mask(&wanted[dot..]) {
        return Err(server.numeric(user, ERR_WILDTOPLEVEL, [&target]));
    }
    let state = &server.state;
    let fits = |id: UserId| {
        let user = &state.users[id];
        let name = match target[0] {
            b'$' => &state.servers[user.server].name[..],
            _ => &user.host,
        };
        mask::matches(wanted, name)
    };
    let all = state.users.iter().map(|(id, _)| id);
    let to: Vec<UserId> = all.filter(|&id| id != user && fits(id)).collect();
    let line = said.line(server, target);
    for id in to {
        server.send(id, &line);
    }
    Ok(())
}

/// `user@server`, `user%host@server`, `user%host` and `nick!user@host`: RFC
/// 2812, 3.3.1.
fn find_elsewhere(
    server: &Server,
    user: UserId,
    target: &[u8],
) -> Result<Option<UserId>, Line> {
    let state = &server.state;
    if let Some(bang) = target.iter().position(|&byte| byte == b'!') {
        let found = state.find_user(&target[..bang]);
        return Ok(found
            .filter(|&id| names::same(&state.users[id].full_name(), target)));
    }
    let at = target.iter().rposition(|&byte| byte == b'@');
    let (who, there) = match at {
        Some(at) => (&target[..at], state.find_server(&target[at + 1..])),
        None if target.contains(&b'%') => (target, Some(ServerId::ME)),
        None => return Ok(None),
    };
    let Some(there) = there else { return Ok(None) };
    let mut parts = who.splitn(2, |&byte| byte == b'%');
    let name = parts.next().unwrap_or_default();
    let host = parts.next();
    let mut found = state.users.iter().filter(|(_, it)| {
        it.server == there
            && names::same(&it.user, name)
            && host.is_none_or(|host| names::same(&it.host, host))
    });
    let first = found.next().map(|(id, _)| id);
    if found.next().is_some() {
        let words: [&dyn Argument; 2] = [&target, &"Duplicate"];
        return Err(server.numeric(user, ERR_TOOMANYTARGETS, words));
    }
    Ok(first)
}
