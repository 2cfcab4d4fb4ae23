//! Step 01, an echo server for one client at a time.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

use crate::net::{accept, bound, listen, recv};
use crate::{Wrong, log, wrong};

pub(crate) const SERVERS: &[Wrong] = &[
    wrong(
        "01a_accept_after_each_message",
        "01a",
        "accepts again after each message, inside the client's loop",
        |port| {
            let listener = listen(port)?;
            loop {
                let (mut client, _) = accept(&listener)?;
                loop {
                    let message = recv(&client).unwrap_or_default();
                    if message.is_empty() {
                        break;
                    }
                    let _ = client.write_all(&message);
                    let _other = accept(&listener)?;
                }
            }
        },
    ),
    wrong(
        "01a_accept_before_each_message",
        "01a",
        "one loop for everything: accept, recv, send",
        |port| {
            let listener = listen(port)?;
            let mut last;
            loop {
                let (client, _) = accept(&listener)?;
                // The client before is closed here, as Python closes what a
                // variable held.
                last = client;
                if let Ok(message) = recv(&last) {
                    let _ = last.write_all(&message);
                }
            }
        },
    ),
    wrong(
        "01b_one_message",
        "01b",
        "answers one message, then closes",
        |port| {
            one_by_one(&listen(port)?, |mut client| {
                let message = recv(&client)?;
                client.write_all(&message)
            })
        },
    ),
    wrong(
        "01c_prints",
        "01c",
        "prints what it receives and never sends it back",
        |port| {
            answer_each(port, |_, message| {
                log(&format!("received: {}", message.escape_ascii()));
                Ok(())
            })
        },
    ),
    wrong(
        "01c_drops",
        "01c",
        "reads what comes and does nothing with it",
        |port| answer_each(port, |_, _| Ok(())),
    ),
    wrong(
        "01d_whole_buffer",
        "01d",
        "sends its 1500-byte buffer whatever has arrived",
        |port| {
            one_by_one(&listen(port)?, |mut client| {
                let mut buffer = [0; 1500];
                while client.read(&mut buffer)? != 0 {
                    client.write_all(&buffer)?;
                }
                Ok(())
            })
        },
    ),
    wrong(
        "01d_stale_buffer",
        "01d",
        "sends back the end of a longer message before this one",
        |port| {
            one_by_one(&listen(port)?, |mut client| {
                let (mut buffer, mut longest) = ([0; 1500], 0);
                loop {
                    let n = client.read(&mut buffer)?;
                    if n == 0 {
                        return Ok(());
                    }
                    longest = longest.max(n);
                    client.write_all(&buffer[..longest])?;
                }
            })
        },
    ),
    wrong("01e_adds_newline", "01e", "adds a newline, as println", |port| {
        answer_each(port, |mut client, message| {
            client.write_all(&[message, b"\n"].concat())
        })
    }),
    wrong(
        "01e_trims",
        "01e",
        "drops the newline and the spaces around the message",
        |port| {
            answer_each(port, |mut client, message| {
                client.write_all(message.trim_ascii())
            })
        },
    ),
    wrong(
        "01f_reads_to_end",
        "01f",
        "reads until the client closes, then answers",
        |port| {
            one_by_one(&listen(port)?, |mut client| {
                let mut message = Vec::new();
                client.read_to_end(&mut message)?;
                client.write_all(&message)
            })
        },
    ),
    wrong(
        "01g_reads_a_line",
        "01g",
        "waits for a newline before it answers",
        |port| {
            one_by_one(&listen(port)?, |mut client| {
                let mut lines = BufReader::new(client.try_clone()?);
                let mut line = Vec::new();
                while lines.read_until(b'\n', &mut line)? != 0 {
                    client.write_all(&line)?;
                    line.clear();
                }
                Ok(())
            })
        },
    ),
    wrong(
        "01h_ignores_zero",
        "01h",
        "never looks whether recv returned nothing",
        |port| {
            one_by_one(&listen(port)?, |mut client| {
                loop {
                    let message = recv(&client)?;
                    client.write_all(&message)?;
                }
            })
        },
    ),
    wrong(
        "01i_one_client",
        "01i",
        "ends when its first client leaves",
        |port| {
            let listener = listen(port)?;
            let (client, _) = accept(&listener)?;
            let _ = echo(&client);
            Ok(())
        },
    ),
    wrong(
        "01j_reset_unwrapped",
        "01j",
        "panics when a client resets its connection",
        |port| {
            one_by_one(&listen(port)?, |client| {
                echo(&client).unwrap();
                Ok(())
            })
        },
    ),
    wrong(
        "01j_reset_returned",
        "01j",
        "returns one client's error from main, with `?`",
        |port| {
            let listener = listen(port)?;
            loop {
                let (client, _) = accept(&listener)?;
                echo(&client)?;
            }
        },
    ),
    wrong(
        "01k_decodes_or_dies",
        "01k",
        "decodes as UTF-8 and unwraps",
        |port| {
            answer_each(port, |mut client, message| {
                let text = str::from_utf8(message).unwrap();
                client.write_all(text.as_bytes())
            })
        },
    ),
    wrong(
        "01k_decodes_or_closes",
        "01k",
        "closes a client whose bytes are not UTF-8",
        |port| {
            answer_each(port, |mut client, message| {
                let text = str::from_utf8(message).map_err(io::Error::other)?;
                client.write_all(text.as_bytes())
            })
        },
    ),
    wrong(
        "01l_ipv4_only",
        "01l",
        "listens on 0.0.0.0: IPv6 clients are refused",
        |port| serve_at((Ipv4Addr::UNSPECIFIED, port).into(), true),
    ),
    wrong(
        "01l_loopback_only",
        "01l",
        "listens on 127.0.0.1: other addresses are refused",
        |port| serve_at((Ipv4Addr::LOCALHOST, port).into(), true),
    ),
    wrong(
        "01m_no_reuse",
        "01m",
        "binds without SO_REUSEADDR: no restart for a minute",
        |port| serve_at(([0; 16], port).into(), false),
    ),
    wrong("right_01", "-", "is right", |port| {
        serve_at(([0; 16], port).into(), true)
    }),
];

/// The right server, whatever `handle` does with a client.
pub(crate) fn one_by_one(
    listener: &TcpListener,
    handle: impl Fn(TcpStream) -> io::Result<()>,
) -> io::Result<()> {
    loop {
        let (client, name) = accept(listener)?;
        if let Err(error) = handle(client) {
            log(&format!("client {name:?} vanished: {error}"));
        }
        log(&format!("client disconnected {name:?}"));
    }
}

/// The right server, whatever it answers to a message.
fn answer_each(
    port: u16,
    answer: fn(&TcpStream, &[u8]) -> io::Result<()>,
) -> io::Result<()> {
    one_by_one(&listen(port)?, |client| {
        loop {
            let message = recv(&client)?;
            if message.is_empty() {
                return Ok(());
            }
            answer(&client, &message)?;
        }
    })
}

/// The right conversation with one client.
pub(crate) fn echo(mut client: &TcpStream) -> io::Result<()> {
    loop {
        let message = recv(client)?;
        if message.is_empty() {
            return Ok(());
        }
        client.write_all(&message)?;
    }
}

fn serve_at(address: SocketAddr, reuse: bool) -> io::Result<()> {
    let socket = bound(address, reuse)?;
    socket.listen(1024)?;
    one_by_one(&socket.into(), |client| echo(&client))
}
