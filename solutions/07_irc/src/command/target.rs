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

/// Answers a query about each item of a list once, and about no more of them
/// than a message may have targets: an item may take a search among all users.
/// Whoever doesn't read the answers gets no more of them.
pub(super) fn for_each_item(
    server: &mut Server,
    user: UserId,
    list: &[u8],
    mut answer: impl FnMut(&mut Server, &[u8]),
) {
    let most = server.config.limits.targets.size();
    let mut answered: Vec<&[u8]> = Vec::new();
    for item in items(list) {
        if answered.len() >= most || server.is_deaf(user) {
            return;
        }
        if !answered.iter().any(|other| names::same(other, item)) {
            answered.push(item);
            answer(server, item);
        }
    }
}
