//! What a film says: the labels in the picture, and a sentence for each event.

use super::{Bytes, Deed, Done, Film, Socket, Step, Wait, What, json, rows};
use crate::texts::Texts;

/// The longest text of a client that is shown.
const MOST: usize = 24;

/// Text as it may stand in HTML and in an attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            // XML has no way to write those.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// HTML of a text in which code stands between backquotes.
pub(super) fn with_code(text: &str) -> String {
    let mut html = String::new();
    for (i, piece) in escape(text).split('`').enumerate() {
        let is_code = i % 2 == 1;
        if is_code {
            html += &format!("<code>{piece}</code>");
        } else {
            html += piece;
        }
    }
    html
}

/// What was said, short, its last newline left out.
fn quoted(data: &str) -> String {
    let data = data.trim_end_matches(['\n', '\r']);
    let mut short: String = data.chars().take(MOST).collect();
    if short.len() < data.len() {
        short.push('…');
    }
    short.replace('`', "'")
}

fn size(n: u64, texts: &Texts) -> String {
    let (key, n) = match n {
        0..1_000 => ("film-bytes", n),
        1_000..1_000_000 => ("film-kilobytes", n.saturating_add(500) / 1_000),
        _ => ("film-megabytes", n.saturating_add(500_000) / 1_000_000),
    };
    texts.say(key, &[("n", n.to_string())])
}

fn said(bytes: &Bytes, texts: &Texts) -> String {
    match &bytes.data {
        Some(data) => texts.say("film-quoted", &[("data", quoted(data))]),
        None => size(bytes.n, texts),
    }
}

/// What stands beside a client's arrow.
pub(super) fn deed(deed: &Deed, texts: &Texts) -> String {
    match deed {
        Deed::Connect => texts.say("film-label-connect", &[]),
        Deed::Write(bytes) => label(bytes, texts),
        Deed::Pause => texts.say("film-label-pause", &[]),
        Deed::Resume => texts.say("film-label-resume", &[]),
        Deed::Leave => texts.say("film-label-leave", &[]),
    }
}

/// What stands beside an arrow that carries bytes.
pub(super) fn label(bytes: &Bytes, texts: &Texts) -> String {
    match &bytes.data {
        Some(data) => quoted(data),
        None => size(bytes.n, texts),
    }
}

fn name(socket: Socket, film: &Film) -> &str {
    match socket {
        Socket::Listening => "s",
        Socket::Of(client) => &film.who[client],
    }
}

fn names(sockets: &[Socket], film: &Film) -> String {
    let names: Vec<&str> =
        sockets.iter().map(|socket| name(*socket, film)).collect();
    names.join(", ")
}

/// `select(s, Alice)`; sockets that wait for room stand after a bar.
fn call(wait: &Wait, film: &Film) -> String {
    let mut sockets = names(&wait.read, film);
    let is_select = !matches!(wait.call.as_str(), "accept" | "recv" | "send");
    if is_select && !wait.write.is_empty() {
        sockets += " | ";
    }
    sockets += &names(&wait.write, film);
    format!("{}({sockets})", wait.call)
}

/// What stands beside the server for an event: the call, and what came of it. The
/// end of a call that slept has its name at the beginning.
pub(super) fn step(step: &Step, film: &Film, texts: &Texts) -> String {
    match step {
        Step::Enter(wait) => call(wait, film),
        Step::Return(done) => format!("→ {}", result(done, film, texts)),
        Step::Call(done) => {
            let name = json::call_of(done);
            let who = match done {
                Done::Ready { .. } | Done::Exit => None,
                Done::Accept(_) => Some("s"),
                Done::Recv(client, _)
                | Done::Send(client, _)
                | Done::Close(client) => Some(film.who[*client].as_str()),
                Done::Failed(_, client, _) => {
                    Some(client.map_or("s", |client| &film.who[client]))
                }
            };
            let call = match who {
                None => name.to_string(),
                Some(who) => format!("{name}({who})"),
            };
            match done {
                Done::Close(_) | Done::Exit => call,
                // The arrow says what.
                Done::Send(_, bytes) => call + &often(bytes, texts),
                _ => format!("{call} → {}", result(done, film, texts)),
            }
        }
    }
}

/// What a call gave.
fn result(done: &Done, film: &Film, texts: &Texts) -> String {
    match done {
        Done::Ready { read, write, .. } => {
            let sockets: Vec<Socket> =
                read.iter().chain(write).copied().collect();
            names(&sockets, film)
        }
        Done::Accept(client) | Done::Close(client) => film.who[*client].clone(),
        Done::Recv(_, bytes) => {
            let came = match &bytes.data {
                _ if bytes.n == 0 => "0".to_string(),
                Some(data) => format!("\"{}\"", quoted(data)),
                None => size(bytes.n, texts),
            };
            came + &often(bytes, texts)
        }
        Done::Send(_, bytes) => size(bytes.n, texts) + &often(bytes, texts),
        Done::Exit => json::call_of(done).to_string(),
        Done::Failed(_, _, error) => error.clone(),
    }
}

fn often(bytes: &Bytes, texts: &Texts) -> String {
    match bytes.times {
        0 | 1 => String::new(),
        times => {
            let times = [("times", times.to_string())];
            format!(" ({})", texts.say("film-times", &times))
        }
    }
}

/// How a thread is called: nothing where there is only one.
pub(super) fn thread(thread: usize, texts: &Texts) -> String {
    match thread {
        0 => texts.say("film-main", &[]),
        _ => thread.to_string(),
    }
}

fn actor(thread: usize, film: &Film, texts: &Texts) -> String {
    match thread {
        _ if rows::threads(film) == 1 => texts.say("film-the-server", &[]),
        0 => texts.say("film-the-main-thread", &[]),
        _ => texts.say("film-the-thread", &[("n", thread.to_string())]),
    }
}

/// The sentence of an event, as HTML.
pub(super) fn sentence(what: &What, film: &Film, texts: &Texts) -> String {
    let text = match what {
        What::Client(client, deed) => {
            let who = ("who", film.who[*client].clone());
            match deed {
                Deed::Connect => texts.say("film-connect", &[who]),
                Deed::Write(bytes) => texts
                    .say("film-write", &[who, ("what", said(bytes, texts))]),
                Deed::Pause => texts.say("film-pause", &[who]),
                Deed::Resume => texts.say("film-resume", &[who]),
                Deed::Leave => texts.say("film-leave", &[who]),
            }
        }
        What::Server(thread, step) => {
            let actor = ("actor", actor(*thread, film, texts));
            match step {
                Step::Enter(wait) => {
                    let call = ("call", call(wait, film));
                    texts.say("film-enter", &[actor, call])
                }
                Step::Return(done) => {
                    let wakes = texts.say("film-wakes", &[actor]);
                    format!("{wakes} {}", outcome(done, film, texts))
                }
                Step::Call(done) => outcome(done, film, texts),
            }
        }
    };
    with_code(&text)
}

fn outcome(done: &Done, film: &Film, texts: &Texts) -> String {
    let who = |client: &usize| ("who", film.who[*client].clone());
    let what = |bytes: &Bytes| ("what", said(bytes, texts));
    let times = |bytes: &Bytes| ("times", bytes.times.to_string());
    match done {
        Done::Ready { call, read, write } => {
            let call = ("call", call.clone());
            let part = |key, sockets: &[Socket]| {
                let names = ("names", names(sockets, film));
                texts.say(key, &[call.clone(), names])
            };
            match (read.is_empty(), write.is_empty()) {
                (true, true) => texts.say("film-ready-none", &[call]),
                (false, true) => part("film-ready", read),
                (true, false) => part("film-room", write),
                (false, false) => {
                    let ready = part("film-ready", read);
                    format!("{ready} {}", part("film-room", write))
                }
            }
        }
        Done::Accept(client) => texts.say("film-accept", &[who(client)]),
        Done::Recv(client, bytes) if bytes.n == 0 => {
            texts.say("film-recv-end", &[who(client)])
        }
        Done::Recv(client, bytes) => {
            let key =
                if bytes.times > 1 { "film-recv-many" } else { "film-recv" };
            texts.say(key, &[who(client), what(bytes), times(bytes)])
        }
        Done::Send(client, bytes) => {
            let key =
                if bytes.times > 1 { "film-send-many" } else { "film-send" };
            texts.say(key, &[who(client), what(bytes), times(bytes)])
        }
        Done::Close(client) => texts.say("film-close", &[who(client)]),
        Done::Exit => texts.say("film-exit", &[]),
        Done::Failed(call, client, error) => {
            let who = ("who", client.map_or("s", |c| &film.who[c]).to_string());
            let call = ("call", call.replace('`', "'"));
            texts.say("film-failed", &[who, call, ("error", error.clone())])
        }
    }
}

/// What the clients play.
pub(super) fn scene(film: &Film, texts: &Texts) -> String {
    match film.scene.as_str() {
        "three-clients" => texts.say("film-scene-three-clients", &[]),
        "slow-reader" => texts.say("film-scene-slow-reader", &[]),
        "half-line" => texts.say("film-scene-half-line", &[]),
        other => other.to_string(),
    }
}
