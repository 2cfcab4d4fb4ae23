//! What is a query about? Which server answers, and which items it asks for.

use crate::ids::{ServerId, UserId};
use crate::message::{Message, items};
use crate::names;
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

/// The items of a list that a query is about, each once.
pub(super) fn asked_for(list: &[u8]) -> Vec<&[u8]> {
    let mut asked: Vec<&[u8]> = Vec::new();
    for item in items(list) {
        if !asked.iter().any(|other| names::same(other, item)) {
            asked.push(item);
        }
    }
    asked
}
