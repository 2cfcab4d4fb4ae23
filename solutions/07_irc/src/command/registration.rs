//! Coming, being there, going: PASS, NICK, USER, CAP, PING, PONG, QUIT
//! (RFC 1459, 4.1 and 4.6).

use super::{queries, support, user_modes};
use crate::config::HostMask;
use crate::conn::{Draft, DraftUser, Phase};
use crate::ids::{ConnId, ServerId, UserId};
use crate::line::cut;
use crate::mask;
use crate::message::Message;
use crate::names::{self, fold};
use crate::numeric::*;
use crate::server::{Server, VERSION};
use crate::user::{Route, User, UserModes};
use crate::{channel, clock};

/// The longest real name, in bytes.
const REAL_NAME_LENGTH: usize = 100;

/// What a connection has said about itself, until it's a user.
fn draft(server: &mut Server, conn: ConnId) -> Option<&mut Draft> {
    match &mut server.wires.conns.get_mut(conn)?.phase {
        Phase::Registering(draft) => Some(draft),
        _ => None,
    }
}

pub(super) fn pass(server: &mut Server, conn: ConnId, message: &Message) {
    match draft(server, conn) {
        Some(draft) => draft.password = message.word(0).map(Into::into),
        None => server.reply_early(conn, ERR_ALREADYREGISTRED, []),
    }
}

pub(super) fn user(server: &mut Server, conn: ConnId, message: &Message) {
    let Some(draft) = draft(server, conn) else {
        server.reply_early(conn, ERR_ALREADYREGISTRED, []);
        return;
    };
    let given = |number| message.parameter(number).unwrap_or_default();
    let mut real_name = given(3).to_vec();
    cut(&mut real_name, REAL_NAME_LENGTH);
    let modes = str::from_utf8(given(1)).ok().and_then(|it| it.parse().ok());
    draft.user = Some(DraftUser {
        name: names::user_name(given(0), names::USER_LENGTH).into(),
        modes: modes.unwrap_or(0),
        real_name: real_name.into(),
    });
    welcome_if_ready(server, conn);
}

pub(super) fn nick(server: &mut Server, conn: ConnId, message: &Message) {
    let Some(nick) = message.word(0) else {
        server.reply_early(conn, ERR_NONICKNAMEGIVEN, []);
        return;
    };
    if !names::is_nick(nick, server.config.limits.nick.size()) {
        server.reply_early(conn, ERR_ERRONEUSNICKNAME, [&nick]);
        return;
    }
    let me = server.wires.conns.get(conn).and_then(|conn| conn.user());
    let owner = server.state.find_user(nick);
    let claimer = server.claims.get(&fold(nick)).copied();
    let is_taken = owner.is_some_and(|owner| Some(owner) != me)
        || claimer.is_some_and(|claimer| claimer != conn);
    if is_taken {
        server.reply_early(conn, ERR_NICKNAMEINUSE, [&nick]);
        return;
    }
    if let Some(me) = me {
        rename(server, me, nick);
    } else if let Some(draft) = draft(server, conn) {
        if let Some(old) = draft.nick.replace(nick.into()) {
            server.claims.remove(&fold(&old));
        }
        server.claims.insert(fold(nick), conn);
        welcome_if_ready(server, conn);
    }
}

fn rename(server: &mut Server, user: UserId, nick: &[u8]) {
    let old = server.state.users[user].nick.clone();
    if &*old == nick {
        return;
    }
    let line = server.from(user).word("NICK").text(nick).end();
    server.send(user, &line);
    server.send_to_neighbours(user, &line);
    server.state.rename(user, nick, server.now);
    let [old, new] = [&*old, nick].map(String::from_utf8_lossy);
    server.log(|| format!("client {old:?} => {new:?}"));
}

/// Capabilities: none is offered, but a client of today begins with asking, and
/// waits for the answer.
pub(super) fn cap(server: &mut Server, conn: ConnId, message: &Message) {
    let given = message.word(0).unwrap_or_default();
    let asked = message.parameter(1).unwrap_or_default();
    let name = match (draft(server, conn), given.to_ascii_uppercase()) {
        (Some(draft), word) if word == b"LS" || word == b"REQ" => {
            draft.negotiating = true;
            word
        }
        (Some(draft), word) if word == b"END" => {
            draft.negotiating = false;
            welcome_if_ready(server, conn);
            return;
        }
        (_, word) => word,
    };
    let answer = match &name[..] {
        b"LS" | b"LIST" => (&name[..], &b""[..]),
        b"REQ" => (&b"NAK"[..], asked),
        b"END" => return,
        _ => {
            server.reply_early(conn, ERR_INVALIDCAPCMD, [&given]);
            return;
        }
    };
    let who = who(server, conn);
    let line = server.from_me().word("CAP").word(who).word(answer.0);
    let line = line.text(answer.1).end();
    server.wires.send(conn, &line);
}

/// The nick of a connection, or `*`.
fn who(server: &mut Server, conn: ConnId) -> Box<[u8]> {
    if let Some(draft) = draft(server, conn) {
        return draft.nick.clone().unwrap_or_else(|| b"*"[..].into());
    }
    let user = server.wires.conns.get(conn).and_then(|conn| conn.user());
    user.map_or(b"*"[..].into(), |user| server.state.users[user].nick.clone())
}

pub(super) fn ping(server: &mut Server, conn: ConnId, message: &Message) {
    let Some(token) = message.word(0) else {
        server.reply_early(conn, ERR_NOORIGIN, []);
        return;
    };
    if let Some(target) = message.word(1)
        && server.state.find_server(target) != Some(ServerId::ME)
    {
        server.reply_early(conn, ERR_NOSUCHSERVER, [&target]);
        return;
    }
    let line = server.from_me().word("PONG").word(server.name());
    let line = line.text(token).end();
    server.wires.send(conn, &line);
}

/// That anything has come is noted already.
pub(super) fn pong(server: &mut Server, conn: ConnId, message: &Message) {
    if message.word(0).is_none() {
        server.reply_early(conn, ERR_NOORIGIN, []);
    } else if let Some(target) = message.word(1)
        && server.state.find_server(target) != Some(ServerId::ME)
    {
        server.reply_early(conn, ERR_NOSUCHSERVER, [&target]);
    }
}

/// "It must not be accepted from any normal unknown clients" (4.6.4).
pub(super) fn error(_: &mut Server, _: ConnId, _: &Message) {}

/// Links to other servers are yet to come.
pub(super) fn server(server: &mut Server, conn: ConnId, _: &Message) {
    if draft(server, conn).is_some() {
        server.drop_conn(conn, b"", b"No link is configured for this host");
    } else {
        server.reply_early(conn, ERR_ALREADYREGISTRED, []);
    }
}

/// "If a quit message is given, this will be sent instead of the default
/// message, the nickname" (4.1.6).
pub(super) fn quit(server: &mut Server, conn: ConnId, message: &Message) {
    let nick = who(server, conn);
    let text = message.word(0).unwrap_or(&nick).to_vec();
    let reason = [b"Quit: ", &text[..]].concat();
    server.drop_conn(conn, &text, &reason);
}

/// NICK and USER have come, and CAP isn't going on: lets the client in, or not.
fn welcome_if_ready(server: &mut Server, id: ConnId) {
    let Some(conn) = server.wires.conns.get_mut(id) else { return };
    let Phase::Registering(draft) = &conn.phase else { return };
    let (Some(nick), Some(user), false) =
        (&draft.nick, &draft.user, draft.negotiating)
    else {
        return;
    };
    let (nick, modes) = (nick.clone(), user.modes);
    let real_name = user.real_name.clone();
    let tilde = if server.config.tilde { &b"~"[..] } else { b"" };
    let name: Box<[u8]> = [tilde, &user.name].concat().into();
    let host = conn.host.clone();
    if let Err((numeric, reason)) = may_enter(server, id, &name, &host) {
        server.reply_early(id, numeric, []);
        server.drop_conn(id, b"", &reason);
        return;
    }
    server.claims.remove(&fold(&nick));
    server.wires.unregistered -= 1;
    let new = server.state.add_user(User {
        nick,
        user: name,
        host,
        real_name,
        serial: 0,
        route: Route::Here(id),
        server: ServerId::ME,
        // "If the bit 2 is set, the user mode 'w' will be set and if the bit 3
        // is set, the user mode 'i' will be set" (RFC 2812, 3.1.3).
        modes: UserModes {
            wallops: modes & 4 != 0,
            invisible: modes & 8 != 0,
            ..UserModes::default()
        },
        away: None,
        channels: Vec::new(),
        invited: Vec::new(),
        since: server.now.unix,
        spoke: server.now.ms,
    });
    let Some(conn) = server.wires.conns.get_mut(id) else { return };
    conn.phase = Phase::User(new);
    let nick = &server.state.users[new].nick;
    let nick = String::from_utf8_lossy(nick).into_owned();
    let (peer, modes) = (conn.peer.clone(), server.state.users[new].modes);
    server.log(|| format!("client {peer:?} => {nick:?}"));
    welcome(server, new);
    if modes != UserModes::default() {
        user_modes::tell(server, new, modes.text().as_bytes());
    }
}

/// The password, the I lines and the K lines: a numeric and a reason if not.
fn may_enter(
    server: &Server,
    id: ConnId,
    name: &[u8],
    host: &[u8],
) -> Result<(), (Numeric<0>, Vec<u8>)> {
    let config = &server.config;
    let who = [name, b"@", host].concat();
    let fits = |it: &&HostMask| mask::matches(it.mask.bytes(), &who);
    if !config.allow.is_empty() && !config.allow.iter().any(|it| fits(&it)) {
        let reason = b"No permission for this host".to_vec();
        return Err((ERR_NOPERMFORHOST, reason));
    }
    if let Some(ban) = config.ban.iter().find(fits) {
        let reason = match ban.reason.bytes() {
            b"" => b"Banned".to_vec(),
            reason => [b"Banned: ", reason].concat(),
        };
        return Err((ERR_YOUREBANNEDCREEP, reason));
    }
    let Some(Phase::Registering(draft)) = server.phase(id) else {
        return Ok(());
    };
    match &config.password {
        Some(right) if draft.password.as_deref() != Some(right.bytes()) => {
            Err((ERR_PASSWDMISMATCH, b"Bad password".to_vec()))
        }
        _ => Ok(()),
    }
}

fn welcome(server: &mut Server, user: UserId) {
    let full_name = server.state.users[user].full_name();
    let name = server.name().to_vec();
    let date = clock::date(server.started.unix);
    let channel_modes = channel_mode_letters();
    server.reply(user, RPL_WELCOME, [&full_name]);
    server.reply(user, RPL_YOURHOST, [&name, &VERSION]);
    server.reply(user, RPL_CREATED, [&date]);
    let user_modes = UserModes::LETTERS;
    server.reply(
        user,
        RPL_MYINFO,
        [&name, &VERSION, &user_modes, &channel_modes, &"bklov"],
    );
    support::tell(server, user);
    queries::tell_counts(server, user);
    queries::tell_motd(server, user);
}

fn channel_mode_letters() -> String {
    let mut letters: Vec<char> = channel::Flags::LETTERS.chars().collect();
    letters.extend("bklov".chars());
    letters.sort_unstable();
    letters.into_iter().collect()
}
