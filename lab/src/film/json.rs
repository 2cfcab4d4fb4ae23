//! A film as text, and back.

use serde_json::{Map, Value, json};

use super::{
    Bytes, Deed, Done, Error, Event, Film, Remark, Socket, Step, Wait, What,
};

/// The version of the format.
const VERSION: u64 = 1;

/// More clients than a picture has room for.
const MOST_CLIENTS: usize = 12;

/// More threads than that are not drawn either.
const MOST_THREADS: u64 = 24;

/// A film is to be looked at.
const MOST_EVENTS: usize = 2000;

pub(super) fn parse(text: &str) -> Result<Film, Error> {
    let lines = text.lines().enumerate().map(|(i, line)| (i + 1, line.trim()));
    let mut lines = lines.filter(|(_, line)| !line.is_empty());
    let (number, line) = lines
        .next()
        .ok_or_else(|| Error { line: 0, what: "the film is empty".into() })?;
    let at = |line: usize| move |what: String| Error { line, what };
    let mut film = scene(line).map_err(at(number))?;
    for (number, line) in lines {
        let event = event(line, &film.who).map_err(at(number))?;
        if film.events.len() == MOST_EVENTS {
            return Err(at(number)("the film is too long".into()));
        }
        film.events.push(event);
    }
    Ok(film)
}

type Read<T> = Result<T, String>;

fn object(line: &str) -> Read<Map<String, Value>> {
    match serde_json::from_str(line) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("this is no JSON object".into()),
        Err(error) => Err(format!("this is no JSON: {error}")),
    }
}

fn string<'o>(object: &'o Map<String, Value>, key: &str) -> Read<&'o str> {
    let value = object.get(key).and_then(Value::as_str);
    value.ok_or_else(|| format!("\"{key}\" must be a string"))
}

fn number(object: &Map<String, Value>, key: &str) -> Read<u64> {
    let value = object.get(key).and_then(Value::as_u64);
    value.ok_or_else(|| format!("\"{key}\" must be a number"))
}

/// A list of strings; none where there is no such key.
fn list<'o>(object: &'o Map<String, Value>, key: &str) -> Read<Vec<&'o str>> {
    let Some(value) = object.get(key) else { return Ok(Vec::new()) };
    let strings = value
        .as_array()
        .and_then(|list| list.iter().map(Value::as_str).collect());
    strings.ok_or_else(|| format!("\"{key}\" must be a list of strings"))
}

fn scene(line: &str) -> Read<Film> {
    let object = object(line)?;
    let version = number(&object, "v")?;
    if version != VERSION {
        return Err(format!("version {version} is not known"));
    }
    let who: Vec<String> =
        list(&object, "who")?.into_iter().map(str::to_string).collect();
    for (i, name) in who.iter().enumerate() {
        let is_taken = ["s", "server", "check"].contains(&name.as_str())
            || who[..i].contains(name);
        if is_taken || name.trim().is_empty() {
            return Err(format!("a client can't be called \"{name}\""));
        }
    }
    if who.len() > MOST_CLIENTS {
        return Err("there are too many clients".into());
    }
    let is = |key: &str| object.get(key) == Some(&Value::Bool(true));
    Ok(Film {
        scene: string(&object, "scene")?.to_string(),
        server: string(&object, "server")?.to_string(),
        who,
        restless: is("restless"),
        outside: is("outside"),
        events: Vec::new(),
    })
}

fn client(name: &str, who: &[String]) -> Read<usize> {
    let place = who.iter().position(|its| its == name);
    place.ok_or_else(|| format!("nobody is called \"{name}\""))
}

fn sockets(names: &[&str], who: &[String]) -> Read<Vec<Socket>> {
    let socket = |name: &&str| match *name {
        "s" => Ok(Socket::Listening),
        name => client(name, who).map(Socket::Of),
    };
    names.iter().map(socket).collect()
}

fn bytes(object: &Map<String, Value>) -> Read<Bytes> {
    Ok(Bytes {
        n: number(object, "n")?,
        data: match object.get("data") {
            None => None,
            Some(_) => Some(string(object, "data")?.to_string()),
        },
        times: match object.get("times") {
            None => 1,
            Some(_) => number(object, "times")?,
        },
    })
}

fn event(line: &str, who: &[String]) -> Read<Event> {
    let object = object(line)?;
    let t = number(&object, "t")?;
    let ev = string(&object, "ev")?;
    let what = match string(&object, "who")? {
        "server" => {
            let thread = number(&object, "th")?;
            if thread >= MOST_THREADS {
                return Err("there are too many threads".into());
            }
            let step = match ev {
                "enter" => Step::Enter(wait(&object, who)?),
                "return" => {
                    let call = string(&object, "call")?;
                    Step::Return(done(&object, call, who)?)
                }
                call => Step::Call(done(&object, call, who)?),
            };
            What::Server(thread as usize, step)
        }
        "check" => {
            let peer = match object.get("peer") {
                None => None,
                Some(_) => Some(client(string(&object, "peer")?, who)?),
            };
            let words = string(&object, "data")?.to_string();
            let remark = match ev {
                "note" => Remark::Note(words),
                "missing" => Remark::Missing(words),
                "unwanted" => Remark::Unwanted(words),
                other => return Err(format!("\"{other}\" is no remark")),
            };
            What::Check(peer, remark)
        }
        name => What::Client(client(name, who)?, deed(&object, ev)?),
    };
    Ok(Event { t, what })
}

fn deed(object: &Map<String, Value>, ev: &str) -> Read<Deed> {
    match ev {
        "connect" => Ok(Deed::Connect),
        "write" => Ok(Deed::Write(bytes(object)?)),
        "pause" => Ok(Deed::Pause),
        "resume" => Ok(Deed::Resume),
        "half-close" => Ok(Deed::HalfClose),
        "leave" => Ok(Deed::Leave),
        "reset" => Ok(Deed::Reset),
        other => Err(format!("a client doesn't do \"{other}\"")),
    }
}

/// Those that wait for several sockets at once.
const MANY: [&str; 3] = ["select", "poll", "epoll"];

fn wait(object: &Map<String, Value>, who: &[String]) -> Read<Wait> {
    let call = string(object, "call")?;
    let peer = || -> Read<Vec<Socket>> {
        Ok(vec![Socket::Of(client(string(object, "peer")?, who)?)])
    };
    let (read, write) = match call {
        "accept" => (vec![Socket::Listening], Vec::new()),
        "recv" => (peer()?, Vec::new()),
        "send" => (Vec::new(), peer()?),
        "futex" => (Vec::new(), Vec::new()),
        call if MANY.contains(&call) => (
            sockets(&list(object, "fds")?, who)?,
            sockets(&list(object, "out")?, who)?,
        ),
        other => return Err(format!("the call \"{other}\" is not known")),
    };
    Ok(Wait { call: call.to_string(), read, write })
}

fn done(object: &Map<String, Value>, call: &str, who: &[String]) -> Read<Done> {
    if object.contains_key("err") {
        let peer = match object.get("peer") {
            None => None,
            Some(_) => Some(client(string(object, "peer")?, who)?),
        };
        let error = string(object, "err")?.to_string();
        return Ok(Done::Failed(call.to_string(), peer, error));
    }
    let peer = || client(string(object, "peer")?, who);
    match call {
        "accept" => Ok(Done::Accept(peer()?)),
        "recv" => Ok(Done::Recv(peer()?, bytes(object)?)),
        "send" => Ok(Done::Send(peer()?, bytes(object)?)),
        "close" => Ok(Done::Close(peer()?)),
        "futex" => Ok(Done::Woken),
        "reset" => Ok(Done::Reset(peer()?)),
        "exit" => Ok(Done::Exit),
        call if MANY.contains(&call) => Ok(Done::Ready {
            call: call.to_string(),
            read: sockets(&list(object, "ready")?, who)?,
            write: sockets(&list(object, "room")?, who)?,
        }),
        other => Err(format!("the server doesn't do \"{other}\"")),
    }
}

pub(super) fn text(film: &Film) -> String {
    let mut scene = vec![
        ("v".to_string(), json!(VERSION)),
        ("scene".to_string(), json!(film.scene)),
        ("server".to_string(), json!(film.server)),
        ("who".to_string(), json!(film.who)),
    ];
    for (name, is) in [("restless", film.restless), ("outside", film.outside)] {
        if is {
            scene.push((name.to_string(), json!(true)));
        }
    }
    let events = film.events.iter().map(|event| {
        let t = [("t".to_string(), json!(event.t))];
        let fields = t.into_iter().chain(fields(event, &film.who));
        line(fields)
    });
    let lines = [line(scene)];
    lines.into_iter().chain(events).map(|line| line + "\n").collect()
}

pub(super) fn story(film: &Film) -> Vec<String> {
    let told = |event: &Event| {
        let is_vague = match &event.what {
            What::Client(_, Deed::Write(bytes)) => bytes.data.is_none(),
            What::Server(_, Step::Call(done) | Step::Return(done)) => {
                matches!(done, Done::Recv(_, bytes) | Done::Send(_, bytes)
                    if bytes.data.is_none())
            }
            _ => false,
        };
        let differs = |name: &str| name == "times" || (is_vague && name == "n");
        let fields = fields(event, &film.who);
        line(fields.into_iter().filter(|(name, _)| !differs(name)))
    };
    film.events.iter().map(told).collect()
}

/// An object in the order in which a person reads it.
fn line(fields: impl IntoIterator<Item = (String, Value)>) -> String {
    let fields: Vec<String> = fields
        .into_iter()
        .map(|(name, value)| format!("{}:{value}", json!(name)))
        .collect();
    format!("{{{}}}", fields.join(","))
}

fn fields(event: &Event, who: &[String]) -> Vec<(String, Value)> {
    let mut fields = Vec::new();
    let mut put = |name: &str, value: Value| {
        fields.push((name.to_string(), value));
    };
    let names = |sockets: &[Socket]| -> Value {
        sockets.iter().map(|socket| name(*socket, who)).collect()
    };
    match &event.what {
        What::Client(client, deed) => {
            put("who", json!(who[*client]));
            let ev = match deed {
                Deed::Connect => "connect",
                Deed::Write(_) => "write",
                Deed::Pause => "pause",
                Deed::Resume => "resume",
                Deed::HalfClose => "half-close",
                Deed::Leave => "leave",
                Deed::Reset => "reset",
            };
            put("ev", json!(ev));
            if let Deed::Write(bytes) = deed {
                put_bytes(&mut put, bytes);
            }
        }
        What::Server(thread, step) => {
            put("who", json!("server"));
            put("th", json!(thread));
            let call = match step {
                Step::Enter(wait) => wait.call.as_str(),
                Step::Return(done) | Step::Call(done) => call_of(done),
            };
            match step {
                Step::Enter(_) => put("ev", json!("enter")),
                Step::Return(_) => put("ev", json!("return")),
                Step::Call(_) => put("ev", json!(call)),
            }
            if !matches!(step, Step::Call(_)) {
                put("call", json!(call));
            }
            match step {
                Step::Enter(wait) if MANY.contains(&call) => {
                    put("fds", names(&wait.read));
                    if !wait.write.is_empty() {
                        put("out", names(&wait.write));
                    }
                }
                Step::Enter(wait) => {
                    let peers = wait.read.iter().chain(&wait.write);
                    for socket in peers {
                        if let Socket::Of(_) = socket {
                            put("peer", name(*socket, who));
                        }
                    }
                }
                Step::Return(done) | Step::Call(done) => match done {
                    Done::Ready { read, write, .. } => {
                        put("ready", names(read));
                        if !write.is_empty() {
                            put("room", names(write));
                        }
                    }
                    Done::Accept(peer)
                    | Done::Close(peer)
                    | Done::Reset(peer) => {
                        put("peer", json!(who[*peer]));
                    }
                    Done::Recv(peer, bytes) | Done::Send(peer, bytes) => {
                        put("peer", json!(who[*peer]));
                        put_bytes(&mut put, bytes);
                    }
                    Done::Woken | Done::Exit => (),
                    Done::Failed(_, peer, error) => {
                        if let Some(peer) = peer {
                            put("peer", json!(who[*peer]));
                        }
                        put("err", json!(error));
                    }
                },
            }
        }
        What::Check(client, remark) => {
            put("who", json!("check"));
            let (ev, words) = match remark {
                Remark::Note(words) => ("note", words),
                Remark::Missing(words) => ("missing", words),
                Remark::Unwanted(words) => ("unwanted", words),
            };
            put("ev", json!(ev));
            if let Some(client) = client {
                put("peer", json!(who[*client]));
            }
            put("data", json!(words));
        }
    }
    fields
}

fn put_bytes(put: &mut impl FnMut(&str, Value), bytes: &Bytes) {
    put("n", json!(bytes.n));
    if let Some(data) = &bytes.data {
        put("data", json!(data));
    }
    if bytes.times != 1 {
        put("times", json!(bytes.times));
    }
}

fn name(socket: Socket, who: &[String]) -> Value {
    match socket {
        Socket::Listening => json!("s"),
        Socket::Of(client) => json!(who[client]),
    }
}

pub(super) fn call_of(done: &Done) -> &str {
    match done {
        Done::Ready { call, .. } | Done::Failed(call, ..) => call,
        Done::Accept(_) => "accept",
        Done::Recv(..) => "recv",
        Done::Send(..) => "send",
        Done::Close(_) => "close",
        Done::Woken => "futex",
        Done::Reset(_) => "reset",
        Done::Exit => "exit",
    }
}
