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
    reach(addresses, texts).map_err(|failures| {
        format!("{}{failures}", texts.say("error-unreachable", &facts))
    })
}

/// The first address that answers, or a line for each.
fn reach(
    addresses: impl Iterator<Item = SocketAddr>,
    texts: &Texts,
) -> Result<(TcpStream, SocketAddr), String> {
    let (mut tried, mut refused) = (Vec::new(), true);
    let mut said = String::new();
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

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// Where nobody listens, and somebody does; they last as long as the listener.
    fn addresses() -> ([SocketAddr; 2], SocketAddr, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let good = listener.local_addr().unwrap();
        // The same port of other addresses of this machine.
        let deaf =
            [2, 3].map(|n| SocketAddr::from(([127, 0, 0, n], good.port())));
        (deaf, good, listener)
    }

    #[test]
    fn the_address_that_answers_is_taken() {
        let ([first, second], good, _listener) = addresses();
        let texts = crate::command_line::table(&[]);
        let all = [first, second, good].into_iter();
        let (_socket, address) = reach(all, &texts).unwrap();
        assert_eq!(address, good);
    }

    #[test]
    fn each_address_that_fails_is_told_once() {
        let ([first, second], _, _listener) = addresses();
        let texts = crate::command_line::table(&["--lang=en".into()]);
        let said = reach([first, second, first].into_iter(), &texts);
        let said = said.unwrap_err();
        for address in [first, second] {
            let line = format!("\n  {address}: connection refused");
            assert_eq!(said.matches(&line).count(), 1, "{said}");
        }
        assert!(said.ends_with("is this its port?"), "{said}");
    }
}
