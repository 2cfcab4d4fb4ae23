//! Which server is a query for?

use crate::ids::{ServerId, UserId};
use crate::message::Message;
use crate::numeric::ERR_NOSUCHSERVER;
use crate::server::Server;

/// Is it for this one? The parameter `number` may say which, by a name, a mask
/// or the nick of somebody there. If there is no such server, the user is told.
pub(super) fn is_for_me(
    server: &mut Server,
    user: UserId,
    message: &Message,
    number: usize,
) -> bool {
    let Some(name) = message.word(number) else { return true };
    match server.state.find_server(name) {
        Some(ServerId::ME) => true,
        // A server without links knows no other.
        Some(_) => false,
        None => {
            server.reply(user, ERR_NOSUCHSERVER, [&name]);
            false
        }
    }
}
