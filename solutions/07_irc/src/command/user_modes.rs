//! What users set about themselves: MODE of a user (RFC 1459, 4.2.3.2) and AWAY
//! (5.1).

use crate::ids::UserId;
use crate::line::cut;
use crate::message::{Message, are_modes};
use crate::names;
use crate::numeric::*;
use crate::server::Server;

pub(super) fn mode(server: &mut Server, user: UserId, message: &Message) {
    let nick = message.parameter(0).unwrap_or_default();
    if !names::same(nick, &server.state.users[user].nick) {
        match server.state.find_user(nick) {
            Some(_) => server.reply(user, ERR_USERSDONTMATCH, []),
            None => server.reply(user, ERR_NOSUCHNICK, [&nick]),
        }
        return;
    }
    if message.parameters().len() < 2 {
        let modes = server.state.users[user].modes.text();
        server.reply(user, RPL_UMODEIS, [&modes]);
        return;
    }
    let mut done: Vec<u8> = Vec::new();
    let mut last_sign = None;
    let mut is_unknown = false;
    let words = message.parameters()[1..].iter().enumerate();
    for (_, letters) in words.filter(|(number, it)| are_modes(*number, it)) {
        let mut on = true;
        for &letter in *letters {
            match letter {
                b'+' | b'-' => on = letter == b'+',
                // "If a user attempts to make themselves an operator using the
                // +o flag, the attempt should be ignored".
                b'o' if on => {}
                _ if server.state.set_mode(user, letter, on) => {
                    if last_sign != Some(on) {
                        done.push(if on { b'+' } else { b'-' });
                        last_sign = Some(on);
                    }
                    done.push(letter);
                }
                _ => {
                    let mut modes = server.state.users[user].modes;
                    is_unknown |= modes.by_letter(letter).is_none();
                }
            }
        }
    }
    if is_unknown {
        server.reply(user, ERR_UMODEUNKNOWNFLAG, []);
    }
    if !done.is_empty() {
        tell(server, user, &done);
    }
}

/// Shows a user how its modes have changed.
pub(super) fn tell(server: &mut Server, user: UserId, change: &[u8]) {
    let nick = &server.state.users[user].nick;
    let line = server.from(user).word("MODE").word(nick).text(change).end();
    server.send(user, &line);
}

pub(super) fn away(server: &mut Server, user: UserId, message: &Message) {
    let most = server.config.limits.topic.size();
    let away = message.word(0).map(|text| {
        let mut text = text.to_vec();
        cut(&mut text, most);
        text.into()
    });
    let is_away = away.is_some();
    server.state.users[user].away = away;
    if is_away {
        server.reply(user, RPL_NOWAWAY, []);
    } else {
        server.reply(user, RPL_UNAWAY, []);
    }
}
