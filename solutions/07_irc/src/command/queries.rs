//! What one may ask a server about itself (RFC 1459, 4.3): MOTD, LUSERS,
//! VERSION, TIME, ADMIN, INFO, LINKS; and SUMMON and USERS, which it refuses.

use super::support;
use super::target::is_for_me;
use crate::clock::date;
use crate::ids::{ServerId, UserId};
use crate::mask;
use crate::message::Message;
use crate::numeric::*;
use crate::server::{Server, VERSION};

pub(super) fn motd(server: &mut Server, user: UserId, message: &Message) {
    if is_for_me(server, user, message, 0) {
        tell_motd(server, user);
    }
}

pub(super) fn tell_motd(server: &mut Server, user: UserId) {
    let config = server.config.clone();
    let motd = config.motd.as_ref().filter(|it| it.lines().next().is_some());
    let Some(motd) = motd else {
        server.reply(user, ERR_NOMOTD, []);
        return;
    };
    let name = server.name().to_vec();
    server.reply(user, RPL_MOTDSTART, [&name]);
    for line in motd.lines() {
        server.reply(user, RPL_MOTD, [&line]);
    }
    server.reply(user, RPL_ENDOFMOTD, []);
}

/// LUSERS [mask [server]]: the mask chooses among the servers that count.
pub(super) fn lusers(server: &mut Server, user: UserId, message: &Message) {
    if !is_for_me(server, user, message, 1) {
        return;
    }
    if let Some(wanted) = message.word(0)
        && server.state.find_server(wanted).is_none()
    {
        server.reply(user, ERR_NOSUCHSERVER, [&wanted]);
        return;
    }
    tell_counts(server, user);
}

/// "The other replies are only sent back if a non-zero count is found for
/// them".
pub(super) fn tell_counts(server: &mut Server, user: UserId) {
    let (visible, invisible, operators) = server.state.user_counts();
    let unknown = server.wires.unregistered;
    let channels = server.state.channels.len();
    let servers = server.state.servers.len();
    let [v, i, s] = [visible, invisible, servers].map(Count::of);
    server.reply(user, RPL_LUSERCLIENT, [&v, &i, &s]);
    if operators > 0 {
        server.reply(user, RPL_LUSEROP, [&Count::of(operators)]);
    }
    if unknown > 0 {
        server.reply(user, RPL_LUSERUNKNOWN, [&Count::of(unknown)]);
    }
    if channels > 0 {
        server.reply(user, RPL_LUSERCHANNELS, [&Count::of(channels)]);
    }
    let [clients, links] = [visible + invisible, servers - 1].map(Count::of);
    server.reply(user, RPL_LUSERME, [&clients, &links]);
    // Without links, those who are here are all.
    let most = Count::of(server.state.most_users());
    let words: [&dyn Argument; 4] = [&clients, &most, &clients, &most];
    server.reply(user, RPL_LOCALUSERS, words);
    server.reply(user, RPL_GLOBALUSERS, words);
}

pub(super) fn version(server: &mut Server, user: UserId, message: &Message) {
    if is_for_me(server, user, message, 0) {
        let name = server.name().to_vec();
        // "<version>.<debuglevel>": there is no debug mode.
        let version = format!("{VERSION}.");
        let comment = "RFC 1459, in Rust, one thread";
        server.reply(user, RPL_VERSION, [&version, &name, &comment]);
        support::tell(server, user);
    }
}

pub(super) fn time(server: &mut Server, user: UserId, message: &Message) {
    if is_for_me(server, user, message, 0) {
        let name = server.name().to_vec();
        let now = date(server.now.unix);
        server.reply(user, RPL_TIME, [&name, &now]);
    }
}

pub(super) fn admin(server: &mut Server, user: UserId, message: &Message) {
    if !is_for_me(server, user, message, 0) {
        return;
    }
    let config = server.config.clone();
    let name = server.name().to_vec();
    let Some(admin) = &config.admin else {
        server.reply(user, ERR_NOADMININFO, [&name]);
        return;
    };
    server.reply(user, RPL_ADMINME, [&name]);
    server.reply(user, RPL_ADMINLOC1, [&admin.location.bytes()]);
    server.reply(user, RPL_ADMINLOC2, [&admin.organisation.bytes()]);
    server.reply(user, RPL_ADMINEMAIL, [&admin.email.bytes()]);
}

pub(super) fn info(server: &mut Server, user: UserId, message: &Message) {
    if !is_for_me(server, user, message, 0) {
        return;
    }
    let lines = [
        VERSION.to_string(),
        "The last step of Causette, a course on how one server talks to many"
            .to_string(),
        "clients: RFC 1459 by one thread and one event loop, in Rust."
            .to_string(),
        format!("Running since {}", date(server.started.unix)),
    ];
    for line in &lines {
        server.reply(user, RPL_INFO, [line]);
    }
    server.reply(user, RPL_ENDOFINFO, []);
}

/// LINKS [[server] mask].
pub(super) fn links(server: &mut Server, user: UserId, message: &Message) {
    let (number, is_mine) = match message.parameters().len() {
        0 | 1 => (0, true),
        _ => (1, is_for_me(server, user, message, 0)),
    };
    if !is_mine {
        return;
    }
    let wanted = message.word(number).unwrap_or(b"*").to_vec();
    let my_name = &server.state.servers[ServerId::ME].name;
    let mut lines = Vec::new();
    for (_, it) in server.state.servers.iter() {
        if mask::matches(&wanted, &it.name) {
            let hops = Count(it.hops.into());
            let (name, text) = (&it.name, &it.description);
            // The second one is the server that it hangs on.
            let words: [&dyn Argument; 4] = [name, my_name, &hops, text];
            lines.push(server.numeric(user, RPL_LINKS, words));
        }
    }
    server.send_all(user, &lines);
    server.reply(user, RPL_ENDOFLINKS, [&wanted]);
}

/// "Must be returned by any server which does not implement it": nobody's
/// terminal on this machine is IRC's to write on.
pub(super) fn summon(server: &mut Server, user: UserId, message: &Message) {
    if message.word(0).is_none() {
        server.reply(user, ERR_NORECIPIENT, [&"SUMMON"]);
    } else if is_for_me(server, user, message, 1) {
        server.reply(user, ERR_SUMMONDISABLED, []);
    }
}

/// Who is logged in on the server's machine is nobody's business: "it SHOULD be
/// disabled by default" (RFC 2812, 4.6).
pub(super) fn users(server: &mut Server, user: UserId, message: &Message) {
    if is_for_me(server, user, message, 0) {
        server.reply(user, ERR_USERSDISABLED, []);
    }
}
