//! STATS and TRACE (RFC 1459, 4.3.2 and 4.3.6): what a server does, and for
//! whom.

use super::target::is_for_me;
use crate::conn::Phase;
use crate::ids::{ServerId, UserId};
use crate::line::Line;
use crate::message::Message;
use crate::names;
use crate::numeric::*;
use crate::server::{Server, VERSION};

/// STATS [letter [server]].
pub(super) fn stats(server: &mut Server, user: UserId, message: &Message) {
    if !is_for_me(server, user, message, 1) {
        return;
    }
    let Some(word) = message.word(0) else {
        server.reply(user, RPL_ENDOFSTATS, [&"*"]);
        return;
    };
    let lines = match word[0] {
        b'c' | b'C' => links(server, user),
        b'h' | b'H' => hubs(server, user),
        b'i' | b'I' => allowed(server, user),
        b'k' | b'K' => banned(server, user),
        b'l' | b'L' => connections(server, user),
        b'm' | b'M' => commands(server, user),
        b'o' | b'O' => operators(server, user),
        b'u' | b'U' => vec![uptime(server, user)],
        b'y' | b'Y' => vec![class(server, user)],
        _ => Vec::new(),
    };
    server.send_all(user, &lines);
    server.reply(user, RPL_ENDOFSTATS, [&&word[..1]]);
}

/// C and N lines: whom we connect to, and who may connect.
fn links(server: &Server, user: UserId) -> Vec<Line> {
    let lines = server.config.link.iter().flat_map(|link| {
        let (host, name) = (link.host.bytes(), link.name.bytes());
        let port = Count(link.port.into());
        [
            server.numeric(
                user,
                RPL_STATSCLINE,
                [&host, &name, &port, &"servers"],
            ),
            server.numeric(
                user,
                RPL_STATSNLINE,
                [&host, &name, &port, &"servers"],
            ),
        ]
    });
    lines.collect()
}

/// H and L lines: behind whom other servers may stand, and behind whom not.
fn hubs(server: &Server, user: UserId) -> Vec<Line> {
    let lines = server.config.link.iter().map(|link| {
        let name = link.name.bytes();
        if link.hub {
            server.numeric(user, RPL_STATSHLINE, [&"*", &name])
        } else {
            server.numeric(user, RPL_STATSLLINE, [&"*", &name, &"1"])
        }
    });
    lines.collect()
}

/// I lines: who may come. Without any, everyone.
fn allowed(server: &Server, user: UserId) -> Vec<Line> {
    let masks = server.config.allow.iter().map(|it| it.mask.bytes());
    let mut masks: Vec<&[u8]> = masks.collect();
    if masks.is_empty() {
        masks.push(b"*@*");
    }
    let line = |mask: &&[u8]| {
        let words: [&dyn Argument; 4] = [mask, mask, &"0", &"users"];
        server.numeric(user, RPL_STATSILINE, words)
    };
    masks.iter().map(line).collect()
}

/// K lines: who may not.
fn banned(server: &Server, user: UserId) -> Vec<Line> {
    let lines = server.config.ban.iter().map(|ban| {
        let mask = ban.mask.bytes();
        let at = mask.iter().position(|&byte| byte == b'@');
        let (name, host) = match at {
            Some(at) => (&mask[..at], &mask[at + 1..]),
            None => (&b"*"[..], mask),
        };
        server.numeric(user, RPL_STATSKLINE, [&host, &name])
    });
    lines.collect()
}

/// What goes over each connection: all of them for operators, one's own for the
/// others.
fn connections(server: &Server, user: UserId) -> Vec<Line> {
    let is_operator = server.state.users[user].modes.operator;
    let mut lines = Vec::new();
    for (_, conn) in server.wires.conns.iter() {
        let name = match &conn.phase {
            Phase::User(id) if is_operator || *id == user => {
                server.state.users[*id].full_name()
            }
            Phase::Registering(_) if is_operator => conn.host.to_vec(),
            _ => continue,
        };
        let open = server.now.ms.saturating_sub(conn.opened) / 1_000;
        let waiting = Count::of(conn.queue.len());
        let [sent, sent_bytes, messages, received, open] = [
            conn.queue.messages,
            conn.queue.sent,
            conn.messages,
            conn.received,
            open,
        ]
        .map(Count);
        lines.push(server.numeric(
            user,
            RPL_STATSLINKINFO,
            [&name, &waiting, &sent, &sent_bytes, &messages, &received, &open],
        ));
    }
    lines
}

/// How often each command was used, and how many bytes it took.
fn commands(server: &Server, user: UserId) -> Vec<Line> {
    let lines = server.usage.iter().map(|(name, usage)| {
        let counts = format!("{} {} 0", usage.count, usage.bytes);
        let counts = Words(counts.as_bytes());
        server.numeric(user, RPL_STATSCOMMANDS, [name, &counts])
    });
    lines.collect()
}

/// O lines: who may become operator.
fn operators(server: &Server, user: UserId) -> Vec<Line> {
    let lines = server.config.operator.iter().map(|it| {
        let (mask, name) = (it.mask.bytes(), it.name.bytes());
        server.numeric(user, RPL_STATSOLINE, [&mask, &name])
    });
    lines.collect()
}

fn uptime(server: &Server, user: UserId) -> Line {
    let seconds = (server.now.ms.saturating_sub(server.started.ms)) / 1_000;
    let hours = (seconds / 3_600 % 24).to_string();
    let [minutes, rest] =
        [seconds / 60 % 60, seconds % 60].map(|it| format!("{it:02}"));
    let days = Count(seconds / 86_400);
    server.numeric(user, RPL_STATSUPTIME, [&days, &hours, &minutes, &rest])
}

/// Y lines: there is one class of clients, and it says what holds for them.
fn class(server: &Server, user: UserId) -> Line {
    let limits = &server.config.limits;
    let [ping, sendq] = [limits.ping.0, limits.sendq.0].map(Count);
    server.numeric(user, RPL_STATSYLINE, [&"users", &ping, &"0", &sendq])
}

/// TRACE [server or nick]: "although only operators are permitted to see users
/// present" (4.3.6), everyone sees operators, and itself.
pub(super) fn trace(server: &mut Server, user: UserId, message: &Message) {
    if !is_for_me(server, user, message, 0) {
        return;
    }
    let mut lines = Vec::new();
    let state = &server.state;
    let named = message.word(0).and_then(|name| {
        let is_me = names::same(name, server.name());
        state.find_user(name).filter(|_| !is_me)
    });
    let is_operator = state.users[user].modes.operator;
    for (_, conn) in server.wires.conns.iter() {
        match &conn.phase {
            Phase::User(id) => {
                let it = &state.users[*id];
                let is_shown = match named {
                    Some(named) => named == *id,
                    None => is_operator || it.modes.operator || *id == user,
                };
                if is_shown && it.modes.operator {
                    let words: [&dyn Argument; 2] = [&"users", &it.nick];
                    lines.push(server.numeric(user, RPL_TRACEOPERATOR, words));
                } else if is_shown {
                    let words: [&dyn Argument; 2] = [&"users", &it.nick];
                    lines.push(server.numeric(user, RPL_TRACEUSER, words));
                }
            }
            Phase::Registering(_) if is_operator && named.is_none() => {
                let words: [&dyn Argument; 2] = [&"users", &conn.host];
                lines.push(server.numeric(user, RPL_TRACEUNKNOWN, words));
            }
            _ => {}
        }
    }
    let name = &state.servers[ServerId::ME].name;
    let version = format!("{VERSION}.");
    lines.push(server.numeric(user, RPL_TRACEEND, [name, &version]));
    server.send_all(user, &lines);
}
