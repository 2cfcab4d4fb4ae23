//! MODE of a channel (RFC 1459, 4.2.3.1).

use super::channels::find_mine;
use crate::channel::{Flags, Signed};
use crate::ids::{ChannelId, UserId};
use crate::line::{self, Line};
use crate::mask;
use crate::message::{Message, are_modes};
use crate::names;
use crate::numeric::*;
use crate::server::Server;

/// "A restriction on a total of three per mode command".
pub(super) const MOST_PARAMETERS: usize = 3;

/// The longest key, in bytes.
pub(super) const KEY_LENGTH: usize = 23;

/// The longest ban, in bytes.
const BAN_LENGTH: usize = 150;

/// A change that one command has asked for.
struct Change<'a> {
    on: bool,
    letter: u8,
    parameter: Option<&'a [u8]>,
}

pub(super) fn mode(server: &mut Server, user: UserId, message: &Message) {
    let name = message.parameter(0).unwrap_or_default();
    let Some(channel) = server.state.find_channel(name) else {
        server.reply(user, ERR_NOSUCHCHANNEL, [&name]);
        return;
    };
    if message.parameters().len() < 2 {
        tell_modes(server, user, channel);
        return;
    }
    let changes = parse(server, user, &message.parameters()[1..]);
    let (questions, changes): (Vec<_>, Vec<_>) = changes
        .into_iter()
        .partition(|it| it.letter == b'b' && it.parameter.is_none());
    if !questions.is_empty() {
        tell_bans(server, user, channel);
    }
    if changes.is_empty() || find_mine(server, user, name).is_none() {
        return;
    }
    if !server.state.channels[channel].is_operator(user) {
        server.reply(user, ERR_CHANOPRIVSNEEDED, [&name]);
        return;
    }
    let mut done = Done::default();
    for change in &changes {
        apply(server, user, channel, change, &mut done);
    }
    for line in done.lines(server, user, channel) {
        server.send_to_channel(channel, &line, None);
    }
}

/// "It is recommended that the entire message be parsed first and then the
/// changes which resulted then passed on" (4.2.3).
fn parse<'a>(
    server: &mut Server,
    user: UserId,
    words: &[&'a [u8]],
) -> Vec<Change<'a>> {
    let mut changes = Vec::new();
    let mut with_parameter = 0;
    let mut words = words.iter().enumerate();
    while let Some((number, letters)) = words.next() {
        if !are_modes(number, letters) {
            continue;
        }
        let mut on = true;
        for &letter in *letters {
            let is_flag = Flags::default().by_letter(letter).is_some();
            let takes_one = match letter {
                b'+' | b'-' => {
                    on = letter == b'+';
                    continue;
                }
                _ if is_flag => false,
                b'l' => on,
                b'b' | b'k' | b'o' | b'v' => true,
                _ => {
                    server.reply(user, ERR_UNKNOWNMODE, [&[letter]]);
                    continue;
                }
            };
            let parameter = match takes_one {
                true => words.next().map(|(_, word)| *word),
                false => None,
            };
            if takes_one && parameter.is_some() {
                with_parameter += 1;
                if with_parameter > MOST_PARAMETERS {
                    continue;
                }
            }
            changes.push(Change { on, letter, parameter });
        }
    }
    changes
}

/// A change that has been made.
struct Made {
    on: bool,
    letter: u8,
    parameter: Option<Box<[u8]>>,
}

/// What has really changed, for lines to all.
#[derive(Default)]
struct Done {
    changes: Vec<Made>,
}

impl Done {
    fn add(&mut self, change: &Change, parameter: Option<&[u8]>) {
        let Change { on, letter, .. } = *change;
        let parameter = parameter.map(Into::into);
        self.changes.push(Made { on, letter, parameter });
    }

    /// As many lines as it takes: those who read one that is cut would believe
    /// in another ban than the server.
    fn lines(
        &self,
        server: &Server,
        user: UserId,
        channel: ChannelId,
    ) -> Vec<Line> {
        let name = &server.state.channels[channel].name;
        let frame = || server.from(user).word("MODE").word(name);
        let room = line::room_in(&frame().end());
        let mut lines = Vec::new();
        let (mut letters, mut words) = (Vec::new(), Vec::new());
        let mut last_sign = None;
        for Made { on, letter, parameter } in &self.changes {
            let word = parameter.as_deref().unwrap_or_default();
            // Beside these: two spaces, a sign and the letter.
            let length = letters.len() + words.len() + word.len() + 4;
            if length > room && !letters.is_empty() {
                lines.push(frame().word(&letters).raw(&words).end());
                (letters, words) = (Vec::new(), Vec::new());
                last_sign = None;
            }
            if last_sign != Some(on) {
                letters.push(if *on { b'+' } else { b'-' });
                last_sign = Some(on);
            }
            letters.push(*letter);
            if parameter.is_some() {
                words.push(b' ');
                words.extend_from_slice(word);
            }
        }
        if !letters.is_empty() {
            lines.push(frame().word(&letters).raw(&words).end());
        }
        lines
    }
}

fn apply(
    server: &mut Server,
    user: UserId,
    channel: ChannelId,
    change: &Change,
    done: &mut Done,
) {
    let it = &mut server.state.channels[channel];
    if let Some(flag) = it.flags.by_letter(change.letter) {
        if *flag != change.on {
            *flag = change.on;
            done.add(change, None);
        }
        return;
    }
    match change.letter {
        b'o' | b'v' => set_member(server, user, channel, change, done),
        b'b' => set_ban(server, user, channel, change, done),
        b'k' => set_key(server, user, channel, change, done),
        _ => set_limit(server, user, channel, change, done),
    }
}

fn set_member(
    server: &mut Server,
    user: UserId,
    channel: ChannelId,
    change: &Change,
    done: &mut Done,
) {
    let Some(nick) = change.parameter.filter(|nick| !nick.is_empty()) else {
        server.reply(user, ERR_NEEDMOREPARAMS, [&"MODE"]);
        return;
    };
    let Some(target) = server.state.chase_user(nick, server.now) else {
        server.reply(user, ERR_NOSUCHNICK, [&nick]);
        return;
    };
    let it = &mut server.state.channels[channel];
    let Some(member) = it.members.get_mut(&target) else {
        let name = it.name.clone();
        server.reply(user, ERR_USERNOTINCHANNEL, [&nick, &name]);
        return;
    };
    let right = match change.letter {
        b'o' => &mut member.operator,
        _ => &mut member.voice,
    };
    if *right != change.on {
        *right = change.on;
        done.add(change, Some(&server.state.users[target].nick));
    }
}

fn set_ban(
    server: &mut Server,
    user: UserId,
    channel: ChannelId,
    change: &Change,
    done: &mut Done,
) {
    // Without a parameter it's a question, and answered.
    let Some(text) = change.parameter else { return };
    let most = server.config.limits.bans.size();
    let ban = mask::complete(text);
    let it = &mut server.state.channels[channel];
    let known = it.bans.iter().position(|old| names::same(&old.text, &ban));
    // A colon in front would be taken for the mark of a last parameter.
    if text.is_empty()
        || ban.len() > BAN_LENGTH
        || ban.contains(&b' ')
        || ban[0] == b':'
    {
        let name = it.name.clone();
        server.reply(user, ERR_INVALIDMODEPARAM, [&name, &"b", &text]);
    } else if !change.on {
        if let Some(known) = known {
            let old = it.bans.remove(known);
            done.add(change, Some(&old.text));
        }
    } else if known.is_none() && it.bans.len() >= most {
        let name = it.name.clone();
        server.reply(user, ERR_BANLISTFULL, [&name, &"b"]);
    } else if known.is_none() {
        let by = server.state.users[user].full_name().into();
        done.add(change, Some(&ban));
        it.bans.push(Signed { text: ban.into(), by, at: server.now.unix });
    }
}

fn set_key(
    server: &mut Server,
    user: UserId,
    channel: ChannelId,
    change: &Change,
    done: &mut Done,
) {
    let it = &mut server.state.channels[channel];
    if !change.on {
        // Today's servers take the key away whatever the parameter says.
        if let Some(key) = it.key.take() {
            done.add(change, Some(&key));
        }
        return;
    }
    let Some(key) = change.parameter else {
        server.reply(user, ERR_NEEDMOREPARAMS, [&"MODE"]);
        return;
    };
    let is_fit = |&byte: &u8| byte > b' ' && byte != b',' && byte != 0x7f;
    let name = it.name.clone();
    if key.is_empty()
        || key.len() > KEY_LENGTH
        || key[0] == b':'
        || !key.iter().all(is_fit)
    {
        server.reply(user, ERR_INVALIDKEY, [&name]);
    } else if it.key.is_some() {
        server.reply(user, ERR_KEYSET, [&name]);
    } else {
        it.key = Some(key.into());
        done.add(change, Some(key));
    }
}

fn set_limit(
    server: &mut Server,
    user: UserId,
    channel: ChannelId,
    change: &Change,
    done: &mut Done,
) {
    let it = &mut server.state.channels[channel];
    if !change.on {
        if it.limit.take().is_some() {
            done.add(change, None);
        }
        return;
    }
    let Some(text) = change.parameter else {
        server.reply(user, ERR_NEEDMOREPARAMS, [&"MODE"]);
        return;
    };
    let number =
        str::from_utf8(text).ok().and_then(|it| it.parse::<u32>().ok());
    let Some(limit) = number.filter(|&limit| limit > 0) else {
        let name = it.name.clone();
        server.reply(user, ERR_INVALIDMODEPARAM, [&name, &"l", &text]);
        return;
    };
    if it.limit != Some(limit as usize) {
        it.limit = Some(limit as usize);
        done.add(change, Some(limit.to_string().as_bytes()));
    }
}

/// "Servers will correctly reply to the MODE command" even about a channel that
/// they hide (RFC 2811, 4.2.6), but its key is for members.
fn tell_modes(server: &mut Server, user: UserId, channel: ChannelId) {
    let it = &server.state.channels[channel];
    let modes = it.modes(it.has(user));
    let lines = [
        server.numeric(user, RPL_CHANNELMODEIS, [&it.name, &Words(&modes)]),
        server.numeric(user, RPL_CREATIONTIME, [&it.name, &Count(it.formed)]),
    ];
    server.send_all(user, &lines);
}

fn tell_bans(server: &mut Server, user: UserId, channel: ChannelId) {
    let it = &server.state.channels[channel];
    let bans = it.bans.iter().map(|ban| {
        let line = |more: &[u8]| {
            let words: [&dyn Argument; 3] = [&it.name, &ban.text, &Words(more)];
            server.numeric(user, RPL_BANLIST, words)
        };
        // Practice: by whom and since when. A part of it would be wrong.
        let at = ban.at.to_string();
        let more = [b" ", &*ban.by, b" ", at.as_bytes()].concat();
        let short = line(b"");
        match short.len() + more.len() <= line::LIMIT + 2 {
            true => line(&more),
            false => short,
        }
    });
    let mut lines: Vec<Line> = bans.collect();
    lines.push(server.numeric(user, RPL_ENDOFBANLIST, [&it.name]));
    server.send_all(user, &lines);
}
