//! Operators: OPER, KILL, WALLOPS, REHASH, RESTART, DIE, and CONNECT and SQUIT,
//! which wait for links.

use super::target::is_for_me;
use super::user_modes;
use crate::action::Action;
use crate::ids::{ServerId, UserId};
use crate::logging::visible;
use crate::mask;
use crate::message::Message;
use crate::numeric::*;
use crate::server::Server;
use crate::user::Route;

/// OPER name password: "if a client's host is not among the O lines, this error
/// must be returned" is 491, a wrong password 464.
pub(super) fn oper(server: &mut Server, user: UserId, message: &Message) {
    let name = message.parameter(0).unwrap_or_default();
    let password = message.parameter(1).unwrap_or_default();
    let it = &server.state.users[user];
    let from = [&it.user, &b"@"[..], &it.host].concat();
    let config = server.config.clone();
    let mut lines = config.operator.iter().filter(|line| {
        line.name.bytes() == name && mask::matches(line.mask.bytes(), &from)
    });
    let Some(first) = lines.next() else {
        refuse(server, user, message);
        server.reply(user, ERR_NOOPERHOST, []);
        return;
    };
    let mut passwords = [first].into_iter().chain(lines);
    if !passwords.any(|line| line.password.bytes() == password) {
        refuse(server, user, message);
        server.reply(user, ERR_PASSWDMISMATCH, []);
        return;
    }
    let is_new = server.state.set_mode(user, b'o', true);
    server.reply(user, RPL_YOUREOPER, []);
    if is_new {
        user_modes::tell(server, user, b"+o");
        let who = name_of(server, user);
        server.report(&format!("{who} is now an operator"));
    }
}

/// Somebody tries: who watches the server should know.
fn refuse(server: &mut Server, user: UserId, message: &Message) {
    let who = server.state.users[user].full_name();
    let (who, name) =
        (visible(&who), visible(message.parameter(0).unwrap_or_default()));
    server.log(|| format!("OPER {name} refused to {who}"));
}

/// The nick of a user, for a sentence.
fn name_of(server: &Server, user: UserId) -> String {
    String::from_utf8_lossy(&server.state.users[user].nick).into_owned()
}

/// KILL nick comment. "To prevent fake KILLs … the comment also shows a
/// kill-path" (4.6.1): the server, and the operator who did it.
pub(super) fn kill(server: &mut Server, user: UserId, message: &Message) {
    let nick = message.parameter(0).unwrap_or_default();
    let comment = message.parameter(1).unwrap_or_default();
    let Some(victim) = server.state.chase_user(nick, server.now) else {
        let is_server =
            nick.contains(&b'.') && server.state.find_server(nick).is_some();
        if is_server {
            server.reply(user, ERR_CANTKILLSERVER, []);
        } else {
            server.reply(user, ERR_NOSUCHNICK, [&nick]);
        }
        return;
    };
    let killer = server.state.users[user].nick.clone();
    let name = server.name().to_vec();
    let path = [&name, &b"!"[..], &killer, b" (", comment, b")"].concat();
    let nick = server.state.users[victim].nick.clone();
    let line = server.from(user).word("KILL").word(&nick).text(path).end();
    server.send(victim, &line);
    let (who, whom) = (name_of(server, user), name_of(server, victim));
    let text = visible(comment);
    let reason = [b"Killed (", &killer[..], b" (", comment, b"))"].concat();
    if let Route::Here(conn) = server.state.users[victim].route {
        server.drop_conn(conn, &reason, &reason);
    }
    server.report(&format!("{who} has killed {whom} ({text})"));
}

/// "Used to send a message to all currently connected users who have set the
/// 'w' user mode" (RFC 2812, 4.7).
pub(super) fn wallops(server: &mut Server, user: UserId, message: &Message) {
    let text = message.parameter(0).unwrap_or_default();
    let line = server.from(user).word("WALLOPS").text(text).end();
    let users = server.state.users.iter();
    let to: Vec<UserId> =
        users.filter(|(_, it)| it.modes.wallops).map(|(id, _)| id).collect();
    for id in to {
        server.send(id, &line);
    }
}

pub(super) fn rehash(server: &mut Server, user: UserId, _: &Message) {
    let path = server.config.path.to_string_lossy().replace(' ', "_");
    server.reply(user, RPL_REHASHING, [&path]);
    let who = name_of(server, user);
    server.report(&format!("{who} reads the configuration again"));
    server.rehashing = Some((user, server.state.users[user].serial));
    server.wires.actions.push(Action::Rehash);
}

pub(super) fn restart(server: &mut Server, user: UserId, _: &Message) {
    end(server, user, "restarts", Action::Restart);
}

pub(super) fn die(server: &mut Server, user: UserId, _: &Message) {
    end(server, user, "ends", Action::Die);
}

fn end(server: &mut Server, user: UserId, how: &str, action: Action) {
    let who = name_of(server, user);
    server.log(|| format!("the server {how}: {who} says so"));
    server.wires.actions.push(action);
}

/// CONNECT server [port [from]].
pub(super) fn connect(server: &mut Server, user: UserId, message: &Message) {
    let wanted = message.parameter(0).unwrap_or_default();
    if !is_for_me(server, user, message, 2) {
        return;
    }
    let config = server.config.clone();
    let mut links = config.link.iter();
    if !links.any(|link| mask::matches(wanted, link.name.bytes())) {
        server.reply(user, ERR_NOSUCHSERVER, [&wanted]);
        return;
    }
    tell_that_links_are_missing(server, user, "CONNECT");
}

/// SQUIT server [comment].
pub(super) fn squit(server: &mut Server, user: UserId, message: &Message) {
    let wanted = message.parameter(0).unwrap_or_default();
    match server.state.find_server(wanted) {
        Some(ServerId::ME) => {
            tell_that_links_are_missing(server, user, "SQUIT");
        }
        _ => server.reply(user, ERR_NOSUCHSERVER, [&wanted]),
    }
}

fn tell_that_links_are_missing(server: &mut Server, user: UserId, what: &str) {
    let nick = &server.state.users[user].nick;
    let line = server.from_me().word("NOTICE").word(nick);
    let line = line.text(what).raw(b": this server has no links yet").end();
    server.send(user, &line);
}
