//! The commands: one table, a module for each family.

mod channel_modes;
mod channels;
mod messages;
mod operators;
mod queries;
mod registration;
mod stats;
mod support;
mod target;
mod user_modes;
mod users;

use crate::conn::Phase;
use crate::ids::{ConnId, UserId};
use crate::message::Message;
use crate::names;
use crate::numeric::*;
use crate::server::Server;

/// Who may use a command, and the function that is it.
#[derive(Clone, Copy)]
enum Run {
    /// Anyone, as soon as it's connected.
    Anyone(fn(&mut Server, ConnId, &Message)),
    /// Those who are registered.
    User(fn(&mut Server, UserId, &Message)),
    /// IRC operators.
    Operator(fn(&mut Server, UserId, &Message)),
}

/// A line of the table.
struct Command {
    name: &'static str,
    /// With fewer parameters: 461.
    least: usize,
    run: Run,
}

const fn anyone(
    name: &'static str,
    least: usize,
    run: fn(&mut Server, ConnId, &Message),
) -> Command {
    Command { name, least, run: Run::Anyone(run) }
}

const fn user(
    name: &'static str,
    least: usize,
    run: fn(&mut Server, UserId, &Message),
) -> Command {
    Command { name, least, run: Run::User(run) }
}

const fn operator(
    name: &'static str,
    least: usize,
    run: fn(&mut Server, UserId, &Message),
) -> Command {
    Command { name, least, run: Run::Operator(run) }
}

/// All commands, in the order of the alphabet.
const COMMANDS: &[Command] = &[
    user("ADMIN", 0, queries::admin),
    user("AWAY", 0, user_modes::away),
    anyone("CAP", 1, registration::cap),
    operator("CONNECT", 1, operators::connect),
    operator("DIE", 0, operators::die),
    anyone("ERROR", 0, registration::error),
    user("INFO", 0, queries::info),
    user("INVITE", 2, channels::invite),
    user("ISON", 1, users::ison),
    user("JOIN", 1, channels::join),
    user("KICK", 2, channels::kick),
    operator("KILL", 2, operators::kill),
    user("LINKS", 0, queries::links),
    user("LIST", 0, channels::list),
    user("LUSERS", 0, queries::lusers),
    user("MODE", 1, mode),
    user("MOTD", 0, queries::motd),
    user("NAMES", 0, channels::names),
    anyone("NICK", 0, registration::nick),
    user("NOTICE", 0, messages::notice),
    user("OPER", 2, operators::oper),
    user("PART", 1, channels::part),
    anyone("PASS", 1, registration::pass),
    anyone("PING", 0, registration::ping),
    anyone("PONG", 0, registration::pong),
    user("PRIVMSG", 0, messages::privmsg),
    anyone("QUIT", 0, registration::quit),
    operator("REHASH", 0, operators::rehash),
    operator("RESTART", 0, operators::restart),
    anyone("SERVER", 0, registration::server),
    operator("SQUIT", 1, operators::squit),
    user("STATS", 0, stats::stats),
    user("SUMMON", 0, queries::summon),
    user("TIME", 0, queries::time),
    user("TOPIC", 1, channels::topic),
    user("TRACE", 0, stats::trace),
    anyone("USER", 4, registration::user),
    user("USERHOST", 1, users::userhost),
    user("USERS", 0, queries::users),
    user("VERSION", 0, queries::version),
    operator("WALLOPS", 1, operators::wallops),
    user("WHO", 0, users::who),
    user("WHOIS", 0, users::whois),
    user("WHOWAS", 0, users::whowas),
];

/// The number of the command with this name, in any case.
fn find(name: &[u8]) -> Option<usize> {
    let upper = || name.iter().map(u8::to_ascii_uppercase);
    COMMANDS.binary_search_by(|it| it.name.bytes().cmp(upper())).ok()
}

/// Executes what this connection has said, in a line of so many bytes.
pub fn execute(
    server: &mut Server,
    from: ConnId,
    message: &Message,
    size: usize,
) {
    let Some(conn) = server.wires.conns.get(from) else { return };
    let user = conn.user();
    // "If the source identified by the prefix cannot be found … or is
    // registered from a different link, the server must ignore the message
    // silently" (2.3).
    if let (Some(prefix), Some(user)) = (message.prefix, user) {
        let nick = prefix.split(|byte| b"!@".contains(byte)).next();
        let own = &server.state.users[user].nick;
        if !nick.is_some_and(|nick| names::same(nick, own)) {
            return;
        }
    }
    // "A numeric reply is not allowed to originate from a client; any such
    // messages received by a server are silently dropped" (2.4).
    if message.command.iter().all(u8::is_ascii_digit) {
        return;
    }
    let Some(number) = find(message.command) else {
        let name = &message.command;
        match user {
            Some(user) => server.reply(user, ERR_UNKNOWNCOMMAND, [name]),
            None => server.reply_early(from, ERR_NOTREGISTERED, []),
        }
        return;
    };
    let Command { name, least, run } = &COMMANDS[number];
    let usage = server.usage.entry(name).or_default();
    usage.count += 1;
    usage.bytes += size as u64;
    let is_early = matches!(server.phase(from), Some(Phase::Registering(_)));
    if is_early && !matches!(run, Run::Anyone(_)) {
        server.reply_early(from, ERR_NOTREGISTERED, []);
        return;
    }
    // A last parameter may be empty, the ones before it can't be: when the last
    // of those that must be there says something, all do.
    if *least > 0 && message.word(least - 1).is_none() {
        server.reply_early(from, ERR_NEEDMOREPARAMS, [name]);
        return;
    }
    match (run, user) {
        (Run::Anyone(run), _) => run(server, from, message),
        (Run::User(run), Some(user)) => run(server, user, message),
        (Run::Operator(run), Some(user)) => {
            if server.state.users[user].modes.operator {
                run(server, user, message);
            } else {
                server.reply(user, ERR_NOPRIVILEGES, []);
            }
        }
        _ => {}
    }
}

/// MODE: of a channel or of a user.
fn mode(server: &mut Server, user: UserId, message: &Message) {
    let target = message.parameter(0).unwrap_or_default();
    if names::begins_like_a_channel(target) {
        channel_modes::mode(server, user, message);
    } else {
        user_modes::mode(server, user, message);
    }
}

/// The names of all commands.
pub fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|command| command.name)
}
