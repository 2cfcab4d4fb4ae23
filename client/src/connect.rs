//! The connection: every address of the host is tried.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

use lab::texts::Texts;

use crate::command_line::Target;

/// How long one address may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connects, or says why not, in a sentence and a line for each address.
pub(crate) fn connect(
    target: &Target,
    name: &str,
    texts: &Texts,
) -> Result<(TcpStream, SocketAddr), String> {
    let Target { host, port } = target;
    let facts = [
        ("name", name.to_string()),
        ("host", host.clone()),
        ("port", port.to_string()),
    ];
    let addresses = (host.as_str(), *port).to_socket_addrs();
    let addresses = addresses.map_err(|error| {
        let why = [("why", error.to_string())];
        texts.say("error-unresolved", &[&facts[..], &why].concat())
    })?;
    let mut said = texts.say("error-unreachable", &facts);
    let (mut tried, mut refused) = (Vec::new(), true);
    for address in addresses {
        if tried.contains(&address) {
            continue;
        }
        tried.push(address);
        let error = match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(socket) => {
                // What is typed goes out at once.
                let _ = socket.set_nodelay(true);
                return Ok((socket, address));
            }
            Err(error) => error,
        };
        refused &= error.kind() == ErrorKind::ConnectionRefused;
        let facts =
            [("address", address.to_string()), ("why", why(&error, texts))];
        said.push_str("\n  ");
        said.push_str(&texts.say("error-address", &facts));
    }
    if refused && !tried.is_empty() {
        said.push('\n');
        said.push_str(&texts.say("hint-refused", &[]));
    }
    Err(said)
}

/// What the system means, in the user's language where it's common.
pub(crate) fn why(error: &io::Error, texts: &Texts) -> String {
    let key = match error.kind() {
        ErrorKind::ConnectionRefused => "why-refused",
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "why-timeout",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            "why-unreachable"
        }
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => "why-reset",
        _ => return error.to_string(),
    };
    texts.say(key, &[])
}
