//! What a film says: the labels in the picture, and a sentence for each event.

use super::{Bytes, Deed, Done, Film, Socket, Step, Wait, What, json, rows};
use crate::texts::Texts;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The longest text of a client that is shown.
const MOST: usize = 24;

/// The same beside an arrow of a film from outside, where the text has its escapes,
/// and in a sentence.
const MOST_OUTSIDE: usize = 36;
const MOST_SAID: usize = 160;

/// Text as it may stand in HTML and in an attribute.
pub(crate) fn escape(text: &str) -> String {
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

/// A text of at most so many characters: what is too much is missing in its middle,
/// because the end of a message tells as much as its beginning.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_string();
    }
    let kept = most.saturating_sub(1);
    let (before, behind) = (kept - kept / 2, kept / 2);
    let head = text.chars().take(before);
    head.chain(['…']).chain(text.chars().skip(count - behind)).collect()
}

/// Cut at spaces where there are some, so that no line is wider than `room`.
pub(super) fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        if used > 0 && used + 1 + word.width() > room {
            lines.push(String::new());
            used = 0;
        } else if used > 0 {
            push(&mut lines, " ");
            used += 1;
        }
        for c in word.chars().filter(|c| !c.is_control()) {
            let wide = c.width().unwrap_or(0);
            if used + wide > room && used > 0 {
                lines.push(String::new());
                used = 0;
            }
            push(&mut lines, c.encode_utf8(&mut [0; 4]));
            used += wide;
        }
    }
    lines
}

fn push(lines: &mut [String], text: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(text);
    }
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
pub(super) fn deed(deed: &Deed, film: &Film, texts: &Texts) -> String {
    match deed {
        Deed::Connect => texts.say("film-label-connect", &[]),
        Deed::Write(bytes) => label(bytes, film, texts),
        Deed::Pause => texts.say("film-label-pause", &[]),
        Deed::Resume => texts.say("film-label-resume", &[]),
        Deed::HalfClose => texts.say("film-label-half-close", &[]),
        Deed::Leave => texts.say("film-label-leave", &[]),
        Deed::Reset => texts.say("film-label-reset", &[]),
    }
}

/// What stands beside an arrow that carries bytes.
pub(super) fn label(bytes: &Bytes, film: &Film, texts: &Texts) -> String {
    match &bytes.data {
        Some(data) if film.outside => {
            format!("\"{}\"", shortened(data, MOST_OUTSIDE))
        }
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
    if wait.call == "futex" {
        return wait.call.clone();
    }
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
                Done::Ready { .. } | Done::Woken | Done::Exit => None,
                Done::Accept(_) => Some("s"),
                Done::Recv(client, _)
                | Done::Send(client, _)
                | Done::Close(client)
                | Done::Reset(client) => Some(film.who[*client].as_str()),
                Done::Failed(_, client, _) => {
                    Some(client.map_or("s", |client| &film.who[client]))
                }
            };
            let call = match who {
                None => name.to_string(),
                Some(who) => format!("{name}({who})"),
            };
            match done {
                Done::Close(_) | Done::Reset(_) | Done::Exit => call,
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
        Done::Accept(client) | Done::Close(client) | Done::Reset(client) => {
            film.who[*client].clone()
        }
        Done::Recv(_, bytes) => {
            let came = match &bytes.data {
                _ if bytes.n == 0 => "0".to_string(),
                Some(data) => format!("\"{}\"", quoted(data)),
                None => size(bytes.n, texts),
            };
            came + &often(bytes, texts)
        }
        Done::Send(_, bytes) => size(bytes.n, texts) + &often(bytes, texts),
        Done::Woken => texts.say("film-label-woken", &[]),
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
    if film.outside {
        return escape(&outside(what, film, texts, MOST_SAID));
    }
    let text = match what {
        What::Client(client, deed) => {
            let who = ("who", film.who[*client].clone());
            match deed {
                Deed::Connect => texts.say("film-connect", &[who]),
                Deed::Write(bytes) => texts
                    .say("film-write", &[who, ("what", said(bytes, texts))]),
                Deed::Pause => texts.say("film-pause", &[who]),
                Deed::Resume => texts.say("film-resume", &[who]),
                Deed::HalfClose => texts.say("film-half-close", &[who]),
                Deed::Leave => texts.say("film-leave", &[who]),
                Deed::Reset => texts.say("film-reset", &[who]),
            }
        }
        What::Server(thread, step) => {
            let actor = ("actor", actor(*thread, film, texts));
            match step {
                Step::Enter(wait) if wait.call == "futex" => {
                    texts.say("film-enter-futex", &[actor])
                }
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
        What::Check(_, remark) => remark.words().replace('`', "'"),
    };
    with_code(&text)
}

/// The sentence of an event as it's seen from outside, with at most so many characters
/// of what was said.
pub(super) fn outside(
    what: &What,
    film: &Film,
    texts: &Texts,
    most: usize,
) -> String {
    let (client, key, bytes) = match what {
        What::Check(_, remark) => return remark.words().to_string(),
        What::Client(client, deed) => match deed {
            Deed::Connect => (client, "picture-connect", None),
            Deed::Write(bytes) => (client, "picture-send", Some(bytes)),
            Deed::HalfClose => (client, "picture-half-close", None),
            Deed::Leave => (client, "picture-leave", None),
            Deed::Reset => (client, "picture-reset", None),
            Deed::Pause => (client, "picture-pause", None),
            Deed::Resume => (client, "picture-resume", None),
        },
        What::Server(_, Step::Call(Done::Send(client, bytes))) => {
            (client, "picture-get", Some(bytes))
        }
        What::Server(_, Step::Call(Done::Close(client))) => {
            (client, "picture-end", None)
        }
        What::Server(_, Step::Call(Done::Reset(client))) => {
            (client, "picture-cut", None)
        }
        What::Server(_, step) => return self::step(step, film, texts),
    };
    let mut facts = vec![("who", film.who[*client].clone())];
    facts.extend(bytes.map(|bytes| match &bytes.data {
        Some(data) => ("what", format!("\"{}\"", shortened(data, most))),
        None => ("what", size(bytes.n, texts)),
    }));
    texts.say(key, &facts)
}

/// What stands beside the end of a connection, seen from outside.
pub(super) fn closes(step: &Step, texts: &Texts) -> String {
    match step {
        Step::Call(Done::Close(_)) => texts.say("picture-label-end", &[]),
        Step::Call(Done::Reset(_)) => texts.say("picture-label-cut", &[]),
        _ => String::new(),
    }
}

/// A time of a film, short.
pub(super) fn time(t: u64, texts: &Texts) -> String {
    let (key, tenths) = match t {
        0..10_000 => ("picture-time-tenths", t / 100),
        10_000..1_000_000 => ("picture-time", t / 100),
        _ => ("picture-time-seconds", t / 100_000),
    };
    let parts = [("n", tenths / 10), ("tenths", tenths % 10)];
    texts.say(key, &parts.map(|(name, part)| (name, part.to_string())))
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
        Done::Woken => texts.say("film-woken", &[]),
        Done::Reset(client) => texts.say("film-cut", &[who(client)]),
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
        "chat" => texts.say("film-scene-chat", &[]),
        "slow-reader" => texts.say("film-scene-slow-reader", &[]),
        "half-line" => texts.say("film-scene-half-line", &[]),
        other => other.to_string(),
    }
}
