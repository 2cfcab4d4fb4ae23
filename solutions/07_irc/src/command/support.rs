//! 005: what this server supports and how much of it, as today's clients want
//! to know it.

use crate::channel;
use crate::ids::UserId;
use crate::names;
use crate::numeric::*;
use crate::server::Server;

/// As many 005 as it takes.
pub(super) fn tell(server: &mut Server, user: UserId) {
    for tokens in tokens(server).chunks(12) {
        let tokens = tokens.join(" ");
        server.reply(user, RPL_ISUPPORT, [&Words(tokens.as_bytes())]);
    }
}

/// Only what is so.
fn tokens(server: &Server) -> Vec<String> {
    let limits = &server.config.limits;
    let (channels, topic) = (limits.channels.0, limits.topic.0);
    let (targets, bans, nick) =
        (limits.targets.0, limits.bans.0, limits.nick.0);
    vec![
        format!(
            "NETWORK={}",
            String::from_utf8_lossy(server.config.network.bytes())
        ),
        "CASEMAPPING=rfc1459".to_string(),
        "CHANTYPES=#&".to_string(),
        "PREFIX=(ov)@+".to_string(),
        format!("CHANMODES=b,k,l,{}", channel::Flags::LETTERS),
        format!("MODES={}", super::channel_modes::MOST_PARAMETERS),
        format!("MAXLIST=b:{bans}"),
        format!("CHANLIMIT=#&:{channels}"),
        format!("NICKLEN={nick}"),
        format!("USERLEN={}", names::USER_LENGTH),
        format!("CHANNELLEN={}", names::CHANNEL_LENGTH),
        format!("TOPICLEN={topic}"),
        format!("KICKLEN={topic}"),
        format!("AWAYLEN={topic}"),
        format!("KEYLEN={}", super::channel_modes::KEY_LENGTH),
        format!(
            "TARGMAX=PRIVMSG:{targets},NOTICE:{targets},JOIN:,PART:,KICK:,\
             NAMES:,LIST:,WHOIS:{targets},WHOWAS:{targets},WHO:{targets},\
             INVITE:1,KILL:1"
        ),
    ]
}
