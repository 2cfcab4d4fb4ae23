//! From the calls of a server and the deeds of its clients to a film: who is meant
//! by a descriptor, which calls slept, and what is worth telling.

use std::collections::HashMap;

use super::strace::{self, Call};
use super::{Bytes, Deed, Done, Event, Socket, Step, Wait, What};

/// What strace is to look at. A question mark: not every machine has this call.
pub(super) const CALLS: &str = "?accept,accept4,read,readv,recvfrom,recvmsg,\
    write,writev,sendto,sendmsg,?select,pselect6,?poll,ppoll,?epoll_wait,\
    epoll_pwait,?epoll_pwait2,epoll_ctl,bind,listen,close,dup,?dup2,dup3,fcntl,\
    clone,?clone3,?fork,?vfork";

/// The longest text that stands in a film; longer ones are a number of bytes.
const SHORT: usize = 64;

/// More than anybody looks at.
const MOST_EVENTS: usize = 150;

/// More threads are not told apart.
const MOST_THREADS: usize = 16;

/// What a client did, and when, by the system's clock.
#[derive(Clone, Debug)]
pub(super) struct Played {
    pub(super) time: u64,
    pub(super) client: usize,
    pub(super) deed: Deed,
}

/// What is known of the clients.
#[derive(Clone, Debug, Default)]
pub(super) struct Cast {
    /// Their names.
    pub(super) who: Vec<String>,
    /// From which port each connected; it's how the server's own calls name them.
    pub(super) ports: Vec<Option<u16>>,
    /// On which port the server listens.
    pub(super) server: u16,
}

/// The events of a recording. Of a server that is `restless`, none of whose calls
/// sleeps, only what it does is told.
pub(super) fn tell(
    text: &str,
    cast: &Cast,
    played: &[Played],
    restless: bool,
) -> Vec<Event> {
    let calls = strace::calls(text);
    let mut teller = Teller::new(&calls, cast, played);
    teller.restless = restless;
    teller.tell();
    let mut moments = teller.moments;
    for deed in played {
        moments.push((deed.time, What::Client(deed.client, deed.deed.clone())));
    }
    moments.sort_by_key(|(time, _)| *time);
    number_threads(&mut moments, &calls);
    let moments = without_timeouts(moments);
    let start = moments.first().map_or(0, |(time, _)| *time);
    let mut events = Vec::new();
    for chapter in chapters(moments) {
        events.extend(compact(chapter));
    }
    let mut has_ended = vec![false; cast.who.len()];
    events.retain(|(_, what)| is_news(what, &mut has_ended));
    events.truncate(MOST_EVENTS);
    let event = |(time, what)| Event { t: time - start, what };
    events.into_iter().map(event).collect()
}

/// Who only asks, and doesn't wait, has the answer within so many microseconds.
const REFUSAL: u64 = 20_000;

type Moment = (u64, What);

/// The descriptors of one process.
type Table = HashMap<i64, Socket>;

/// What an epoll descriptor looks at: the descriptor, by the number that the
/// program gave it.
type Interest = HashMap<u64, (i64, bool, bool)>;

struct Teller<'t> {
    calls: &'t [Call],
    cast: &'t Cast,
    played: &'t [Played],
    /// The threads that were started: by whom, and do they share its descriptors?
    parents: HashMap<u32, (u32, bool)>,
    /// Which table a thread has.
    tables_of: HashMap<u32, usize>,
    tables: Vec<Table>,
    epolls: HashMap<(usize, i64), Interest>,
    bound: Vec<(usize, i64)>,
    accepted: Vec<bool>,
    /// The thread that called `listen`.
    listens: Option<u32>,
    restless: bool,
    moments: Vec<Moment>,
}

impl<'t> Teller<'t> {
    fn new(calls: &'t [Call], cast: &'t Cast, played: &'t [Played]) -> Self {
        let mut parents = HashMap::new();
        for call in calls {
            if let (true, Some(child @ 1..)) = (is_start(call), call.result) {
                let shares = call.text().contains("CLONE_FILES");
                parents.insert(child as u32, (call.thread, shares));
            }
        }
        Self {
            calls,
            cast,
            played,
            parents,
            tables_of: HashMap::new(),
            tables: Vec::new(),
            epolls: HashMap::new(),
            bound: Vec::new(),
            accepted: vec![false; cast.who.len()],
            listens: None,
            restless: false,
            moments: Vec::new(),
        }
    }

    fn tell(&mut self) {
        // Each call twice: when it begins and when it's over.
        let mut turns: Vec<(u64, usize, bool)> = Vec::new();
        for (i, call) in self.calls.iter().enumerate() {
            turns.push((call.start, i, false));
            if let Some(end) = call.end {
                turns.push((end, i, true));
            }
        }
        turns.sort_by_key(|(time, i, is_end)| (*time, *i, *is_end));
        let mut waits: HashMap<usize, Wait> = HashMap::new();
        for (time, i, is_end) in turns {
            let call = &self.calls[i];
            let table = self.table(call.thread);
            if !is_end {
                self.fork(call, table);
                let Some(wait) = self.wait(call, table) else { continue };
                if self.sleeps(call) {
                    let step = Step::Enter(wait.clone());
                    self.say(time, call.thread, step);
                }
                waits.insert(i, wait);
                continue;
            }
            let done = match waits.remove(&i) {
                Some(wait) => self.done(call, table, &wait),
                None => self.other(call, table),
            };
            if let Some(done) = done {
                let step = if self.sleeps(call) && !is_close(&done) {
                    Step::Return(done)
                } else {
                    Step::Call(done)
                };
                self.say(time, call.thread, step);
            }
        }
    }

    fn say(&mut self, time: u64, thread: u32, step: Step) {
        self.moments.push((time, What::Server(thread as usize, step)));
    }

    /// Did a client do something while the call went on? The driver acts only while
    /// the server sleeps.
    fn sleeps(&self, call: &Call) -> bool {
        if self.restless {
            return false;
        }
        let is_refused = call.error.as_deref() == Some("EAGAIN")
            || (call.result == Some(0) && is_select(call));
        call.end.is_none_or(|end| {
            // "Nothing now" at once is no sleep, whatever falls into it.
            if is_refused && end < call.start + REFUSAL {
                return false;
            }
            self.played
                .iter()
                .any(|deed| call.start < deed.time && deed.time < end)
        })
    }

    /// The table of a thread, which it shares or has copied.
    fn table(&mut self, thread: u32) -> usize {
        if let Some(table) = self.tables_of.get(&thread) {
            return *table;
        }
        let table = match self.parents.get(&thread).copied() {
            Some((parent, shares)) if parent != thread => {
                // A thread is entered before its parent is asked: no endless chain.
                self.tables_of.insert(thread, 0);
                let its = self.table(parent);
                if shares {
                    its
                } else {
                    let copy = self.tables.get(its).cloned();
                    self.tables.push(copy.unwrap_or_default());
                    self.tables.len() - 1
                }
            }
            _ => {
                self.tables.push(Table::new());
                self.tables.len() - 1
            }
        };
        self.tables_of.insert(thread, table);
        table
    }

    /// A new process has its parent's descriptors, as they are now: the parent may
    /// close its own before the child does anything.
    fn fork(&mut self, call: &Call, table: usize) {
        let Some(child @ 1..) = call.result.filter(|_| is_start(call)) else {
            return;
        };
        if !call.text().contains("CLONE_FILES") {
            let copy = self.tables[table].clone();
            self.tables_of.insert(child as u32, self.tables.len());
            self.tables.push(copy);
        }
    }

    fn socket(&self, table: usize, descriptor: i64) -> Option<Socket> {
        self.tables.get(table)?.get(&descriptor).copied()
    }

    /// What a call waits for, if it concerns the clients.
    fn wait(&self, call: &Call, table: usize) -> Option<Wait> {
        let socket = || self.socket(table, call.number(0)?);
        let all = |descriptors: Vec<i64>| -> Vec<Socket> {
            let sockets = descriptors.into_iter();
            sockets.filter_map(|its| self.socket(table, its)).collect()
        };
        let (name, mut read, mut write) = match call.name.as_str() {
            "accept" | "accept4" => {
                let door = socket().filter(|s| *s == Socket::Listening)?;
                ("accept", vec![door], Vec::new())
            }
            "read" | "readv" | "recvfrom" | "recvmsg" => {
                let peer = socket().filter(|s| *s != Socket::Listening)?;
                ("recv", vec![peer], Vec::new())
            }
            "write" | "writev" | "sendto" | "sendmsg" => {
                let peer = socket().filter(|s| *s != Socket::Listening)?;
                ("send", Vec::new(), vec![peer])
            }
            "select" | "pselect6" => {
                let set = |i: usize| {
                    let set = call.arguments.get(i);
                    all(set.map(|set| strace::set(set)).unwrap_or_default())
                };
                ("select", set(1), set(2))
            }
            "poll" | "ppoll" => {
                let asked = polled(call.arguments.first(), " events=");
                let (read, write) = split(&asked);
                ("poll", all(read), all(write))
            }
            "epoll_wait" | "epoll_pwait" | "epoll_pwait2" => {
                let interest = self.epolls.get(&(table, call.number(0)?))?;
                let all_of = |of: fn(&(i64, bool, bool)) -> bool| {
                    let its = interest.values().filter(|its| of(its));
                    all(its.map(|(descriptor, ..)| *descriptor).collect())
                };
                ("epoll", all_of(|its| its.1), all_of(|its| its.2))
            }
            _ => return None,
        };
        // Nothing of ours, unless it's nothing at all: `select` on an empty set, as in
        // an exercise that is just begun, sleeps for ever.
        let is_for_ever = name == "select" && call.number(0) == Some(0);
        if read.is_empty() && write.is_empty() && !is_for_ever {
            return None;
        }
        for sockets in [&mut read, &mut write] {
            sockets.sort_unstable();
            sockets.dedup();
        }
        Some(Wait { call: name.to_string(), read, write })
    }

    /// What came of it.
    fn done(&mut self, call: &Call, table: usize, wait: &Wait) -> Option<Done> {
        let peer = match wait.read.iter().chain(&wait.write).next()? {
            Socket::Of(client) => Some(*client),
            Socket::Listening => None,
        };
        let Some(result) = call.result else {
            let error = call.error.clone().unwrap_or_default();
            return (!error.is_empty())
                .then(|| Done::Failed(wait.call.clone(), peer, error));
        };
        match wait.call.as_str() {
            "accept" => {
                let client = self.newcomer(call)?;
                self.accepted[client] = true;
                if let Some(table) = self.tables.get_mut(table) {
                    table.insert(result, Socket::Of(client));
                }
                Some(Done::Accept(client))
            }
            "recv" if call.text().contains("MSG_PEEK") => None,
            "recv" => Some(Done::Recv(peer?, bytes(call, result))),
            "send" => Some(Done::Send(peer?, bytes(call, result))),
            _ => {
                let (read, write) = self.ready(call, table);
                Some(Done::Ready { call: wait.call.clone(), read, write })
            }
        }
    }

    /// Whom a call of `accept` gave.
    fn newcomer(&self, call: &Call) -> Option<usize> {
        let text = call.text();
        let port = strace::number_after(&text, "sin6_port=htons(")
            .or_else(|| strace::number_after(&text, "sin_port=htons("));
        match port {
            Some(port) => {
                let is_it =
                    |its: &Option<u16>| its.map(u64::from) == Some(port);
                self.cast.ports.iter().position(is_it)
            }
            // Without an address the queue says it: first come, first served.
            None => {
                let arrivals = self.played.iter().filter(|played| {
                    played.deed == Deed::Connect
                        && call.end.is_none_or(|end| played.time < end)
                });
                let mut arrivals = arrivals.map(|played| played.client);
                arrivals.find(|client| !self.accepted[*client])
            }
        }
    }

    fn ready(&self, call: &Call, table: usize) -> (Vec<Socket>, Vec<Socket>) {
        let (read, write) = match call.name.as_str() {
            "select" | "pselect6" => {
                let set = |word: &str| {
                    let at = call.note.find(word);
                    at.map(|at| strace::set(&call.note[at..]))
                        .unwrap_or_default()
                };
                (set("in ["), set("out ["))
            }
            "poll" | "ppoll" => split(&polled(Some(&call.note), "revents=")),
            _ => {
                let interest = call.number(0).and_then(|descriptor| {
                    self.epolls.get(&(table, descriptor))
                });
                let pieces =
                    call.arguments.get(1).map(|text| strace::pieces(text));
                let events = pieces.unwrap_or_default().into_iter();
                let events = events.filter_map(|piece| {
                    let (descriptor, ..) = interest?.get(&data(piece)?)?;
                    let (read, write) = directions(piece);
                    Some((*descriptor, read, write))
                });
                split(&events.collect::<Vec<_>>())
            }
        };
        let all = |descriptors: Vec<i64>| {
            let sockets = descriptors.into_iter();
            let mut sockets: Vec<Socket> =
                sockets.filter_map(|its| self.socket(table, its)).collect();
            sockets.sort_unstable();
            sockets
        };
        (all(read), all(write))
    }

    /// Calls that don't wait, and say which descriptor is what.
    fn other(&mut self, call: &Call, table: usize) -> Option<Done> {
        if is_last(call) {
            return (self.listens == Some(call.thread)).then_some(Done::Exit);
        }
        let result = call.result?;
        let descriptor = call.number(0)?;
        match call.name.as_str() {
            "bind" => {
                let text = call.text();
                let port = strace::number_after(&text, "sin6_port=htons(")
                    .or_else(|| strace::number_after(&text, "sin_port=htons("));
                if port == Some(self.cast.server.into()) {
                    self.bound.push((table, descriptor));
                }
            }
            "listen" if self.bound.contains(&(table, descriptor)) => {
                self.listens = self.listens.or(Some(call.thread));
                self.tables[table].insert(descriptor, Socket::Listening);
            }
            "dup" | "dup2" | "dup3" => self.copy(table, descriptor, result),
            "fcntl" if call.text().contains("F_DUPFD") => {
                self.copy(table, descriptor, result);
            }
            "epoll_ctl" => self.register(call, table, descriptor),
            "close" => {
                let socket = self.tables[table].remove(&descriptor)?;
                for ((its, _), interest) in &mut self.epolls {
                    if *its == table {
                        interest.retain(|_, its| its.0 != descriptor);
                    }
                }
                let is_open = self
                    .tables
                    .iter()
                    .flat_map(Table::values)
                    .any(|s| *s == socket);
                if let (Socket::Of(client), false) = (socket, is_open) {
                    return Some(Done::Close(client));
                }
            }
            _ => (),
        }
        None
    }

    fn copy(&mut self, table: usize, from: i64, to: i64) {
        if let Some(socket) = self.socket(table, from) {
            self.tables[table].insert(to, socket);
        }
    }

    fn register(&mut self, call: &Call, table: usize, epoll: i64) {
        let Some(descriptor) = call.number(2) else { return };
        let interest = self.epolls.entry((table, epoll)).or_default();
        interest.retain(|_, its| its.0 != descriptor);
        let text =
            call.arguments.get(3).map(String::as_str).unwrap_or_default();
        if let (false, Some(data)) =
            (call.text().contains("EPOLL_CTL_DEL"), data(text))
        {
            let (read, write) = directions(text);
            interest.insert(data, (descriptor, read, write));
        }
    }
}

/// Does it start a thread or a process?
fn is_start(call: &Call) -> bool {
    ["clone", "clone3", "fork", "vfork"].contains(&call.name.as_str())
}

/// Does it wait for several sockets?
fn is_select(call: &Call) -> bool {
    ["select", "poll", "epoll"].iter().any(|name| call.name.contains(name))
}

/// Is it no call, but the end of the thread?
fn is_last(call: &Call) -> bool {
    call.name == strace::END
}

fn is_close(done: &Done) -> bool {
    matches!(done, Done::Close(_))
}

fn bytes(call: &Call, result: i64) -> Bytes {
    let n = u64::try_from(result).unwrap_or_default();
    let text = call.arguments.get(1..).unwrap_or_default().join(", ");
    let data = strace::string(&text).map(|mut bytes| {
        bytes.truncate(usize::try_from(n).unwrap_or(usize::MAX));
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let data = data.filter(|data| n > 0 && data.len() <= SHORT);
    Bytes { n, data, times: 1 }
}

/// The number that a program gave to what it waits for.
fn data(text: &str) -> Option<u64> {
    strace::number_after(text, "u64=")
        .or_else(|| strace::number_after(text, "data=0x"))
}

/// To read, to write?
fn directions(text: &str) -> (bool, bool) {
    let read = ["POLLIN", "POLLHUP", "POLLRDHUP", "POLLERR", "POLLRDNORM"];
    let read = read.iter().any(|word| text.contains(word));
    (read, text.contains("POLLOUT"))
}

/// `{fd=3, events=POLLIN}`: the descriptors, with their directions.
fn polled(text: Option<&String>, key: &str) -> Vec<(i64, bool, bool)> {
    let pieces = text.map(|text| strace::pieces(text)).unwrap_or_default();
    let asked = pieces.into_iter().filter_map(|piece| {
        let descriptor = strace::number_after(piece, "fd=")?;
        let (_, events) = piece.split_once(key)?;
        let (read, write) = directions(events);
        Some((i64::try_from(descriptor).ok()?, read, write))
    });
    asked.collect()
}

fn split(all: &[(i64, bool, bool)]) -> (Vec<i64>, Vec<i64>) {
    let read = all.iter().filter(|its| its.1).map(|its| its.0).collect();
    let write = all.iter().filter(|its| its.2).map(|its| its.0).collect();
    (read, write)
}

/// Numbers in place of the system's identifiers: 0 is the main thread, then by the
/// order in which they were started.
fn number_threads(moments: &mut Vec<Moment>, calls: &[Call]) {
    let mut order: Vec<usize> = Vec::new();
    for call in calls {
        if is_start(call)
            && let Some(child @ 1..) = call.result
        {
            order.push(child as usize);
        }
    }
    let rank = |thread: usize| order.iter().position(|its| *its == thread);
    let mut threads: Vec<usize> = Vec::new();
    for (_, what) in moments.iter() {
        if let What::Server(thread, _) = what
            && !threads.contains(thread)
        {
            threads.push(*thread);
        }
    }
    threads.sort_by_key(|thread| rank(*thread));
    threads.truncate(MOST_THREADS);
    moments.retain_mut(|(_, what)| match what {
        What::Client(..) | What::Check(..) => true,
        What::Server(thread, _) => {
            let number = threads.iter().position(|its| its == thread);
            *thread = number.unwrap_or_default();
            number.is_some()
        }
    });
}

/// A thread that wakes up because time has passed, and sleeps again, sleeps.
fn without_timeouts(moments: Vec<Moment>) -> Vec<Moment> {
    let mut kept: Vec<Moment> = Vec::new();
    let mut is_dozing = HashMap::new();
    for (time, what) in moments {
        if let What::Server(thread, step) = &what {
            match step {
                Step::Return(done) if is_nothing(done) => {
                    is_dozing.insert(*thread, true);
                    continue;
                }
                Step::Call(done) if is_nothing(done) => continue,
                Step::Enter(_) if is_dozing.remove(thread).is_some() => {
                    continue;
                }
                _ => {
                    is_dozing.remove(thread);
                }
            }
        }
        kept.push((time, what));
    }
    kept
}

/// Nobody is ready, nothing has come yet: try again.
fn is_nothing(done: &Done) -> bool {
    match done {
        Done::Ready { read, write, .. } => read.is_empty() && write.is_empty(),
        Done::Failed(_, _, error) => {
            error.starts_with("EAGAIN")
                || error.starts_with("EINTR")
                || error.starts_with("ERESTART")
        }
        _ => false,
    }
}

/// Cut before each deed of a client.
fn chapters(moments: Vec<Moment>) -> Vec<Vec<Moment>> {
    let mut chapters = vec![Vec::new()];
    for moment in moments {
        if matches!(moment.1, What::Client(..)) {
            chapters.push(Vec::new());
        }
        if let Some(chapter) = chapters.last_mut() {
            chapter.push(moment);
        }
    }
    chapters
}

/// What is told between two deeds. Threads that fall asleep, and sleep when the next
/// deed comes, do so in no order that matters: they stand at the end, by their
/// numbers. A thread that does the same again and again does it once, often.
fn compact(chapter: Vec<Moment>) -> Vec<Moment> {
    let (mut asleep, awake): (Vec<Moment>, Vec<Moment>) = chapter
        .into_iter()
        .partition(|(_, what)| matches!(what, What::Server(_, Step::Enter(_))));
    asleep.sort_by_key(|(_, what)| match what {
        What::Server(thread, _) => *thread,
        What::Client(..) | What::Check(..) => 0,
    });
    let mut counts: HashMap<(usize, bool, usize), u64> = HashMap::new();
    for (_, what) in &awake {
        if let Some((thread, is_recv, client, _)) = transfer(what) {
            *counts.entry((thread, is_recv, client)).or_default() += 1;
        }
    }
    let is_busy = |thread: usize| {
        counts.iter().any(|((its, ..), count)| *its == thread && *count > 1)
    };
    let mut told: Vec<Moment> = Vec::new();
    let mut places: HashMap<(usize, bool, usize), usize> = HashMap::new();
    for (time, what) in awake {
        if let What::Server(thread, Step::Call(Done::Ready { .. })) = &what
            && is_busy(*thread)
        {
            continue;
        }
        let Some((thread, is_recv, client, bytes)) = transfer(&what) else {
            told.push((time, what));
            continue;
        };
        let key = (thread, is_recv, client);
        if counts.get(&key).is_none_or(|count| *count < 2) {
            told.push((time, what));
            continue;
        }
        match places.get(&key) {
            Some(place) => {
                if let Some(sum) = transferred(&mut told[*place].1) {
                    sum.n = sum.n.saturating_add(bytes.n);
                    sum.times += 1;
                }
            }
            None => {
                places.insert(key, told.len());
                told.push((time, what));
                if let Some((_, what)) = told.last_mut()
                    && let Some(sum) = transferred(what)
                {
                    sum.data = None;
                }
            }
        }
    }
    told.extend(asleep);
    told
}

/// A call that carried bytes and didn't sleep: the thread, from or to whom.
fn transfer(what: &What) -> Option<(usize, bool, usize, &Bytes)> {
    match what {
        What::Server(thread, Step::Call(Done::Recv(client, bytes)))
            if bytes.n > 0 =>
        {
            Some((*thread, true, *client, bytes))
        }
        What::Server(thread, Step::Call(Done::Send(client, bytes))) => {
            Some((*thread, false, *client, bytes))
        }
        _ => None,
    }
}

fn transferred(what: &mut What) -> Option<&mut Bytes> {
    match what {
        What::Server(
            _,
            Step::Call(Done::Recv(_, bytes) | Done::Send(_, bytes)),
        ) => Some(bytes),
        _ => None,
    }
}

/// The end of a connection is told once, however often the server asks.
fn is_news(what: &What, has_ended: &mut [bool]) -> bool {
    match what {
        What::Server(_, Step::Call(Done::Recv(client, bytes)))
        | What::Server(_, Step::Return(Done::Recv(client, bytes)))
            if bytes.n == 0 =>
        {
            !std::mem::replace(&mut has_ended[*client], true)
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::film::Film;

    /// What is told when Alice connects from port 5001, Bob from 5002, at those
    /// times, and nothing else.
    fn story(text: &str, deeds: &[(u64, usize, Deed)]) -> Vec<String> {
        let cast = Cast {
            who: vec!["Alice".to_string(), "Bob".to_string()],
            ports: vec![Some(5001), Some(5002)],
            server: 7000,
        };
        let played: Vec<Played> = deeds
            .iter()
            .cloned()
            .map(|(time, client, deed)| Played { time, client, deed })
            .collect();
        let film = Film {
            scene: String::new(),
            server: String::new(),
            who: cast.who.clone(),
            restless: false,
            outside: false,
            events: tell(text, &cast, &played, false),
        };
        let told = film.text();
        let what = told.lines().skip(1).map(|line| {
            let (_, what) = line.split_once("\"who\":").unwrap_or_default();
            what.replace(['"', '{', '}'], "")
        });
        what.collect()
    }

    const LISTENS: &str = "\
7  1.000001 bind(3, {sa_family=AF_INET, sin_port=htons(7000)}, 16) = 0 <0.0>
7  1.000002 listen(3, 5) = 0 <0.000001>
";

    #[test]
    fn a_descriptor_that_is_used_again_is_the_next_client() {
        let calls = "\
7  1.000010 accept(3, {sa_family=AF_INET, sin_port=htons(5001)}, [16]) = 4 <0.1>
7  1.200000 close(4) = 0 <0.000001>
7  1.300000 accept(3, {sa_family=AF_INET, sin_port=htons(5002)}, [16]) = 4 <0.1>
7  1.500000 read(4, \"x\\n\", 99) = 2 <0.000001>
";
        let deeds =
            [(1_050_000, 0, Deed::Connect), (1_350_000, 1, Deed::Connect)];
        let expected = [
            "server,th:0,ev:enter,call:accept",
            "Alice,ev:connect",
            "server,th:0,ev:return,call:accept,peer:Alice",
            "server,th:0,ev:close,peer:Alice",
            "server,th:0,ev:enter,call:accept",
            "Bob,ev:connect",
            "server,th:0,ev:return,call:accept,peer:Bob",
            "server,th:0,ev:recv,peer:Bob,n:2,data:x\\n",
        ];
        assert_eq!(story(&format!("{LISTENS}{calls}"), &deeds), expected);
    }

    #[test]
    fn who_wakes_up_for_nothing_sleeps_on() {
        let calls = "\
7  1.100000 poll([{fd=3, events=POLLIN}], 1, 500) = 0 (Timeout) <0.5>
7  1.600001 poll([{fd=3, events=POLLIN}], 1, 500) = 1 \
([{fd=3, revents=POLLIN}]) <0.1>
7  1.700002 accept(3, NULL, NULL) = 4 <0.000010>
7  1.700020 accept(3, NULL, NULL) = -1 EAGAIN (Not now) <0.000010>
";
        let deeds =
            [(1_200_000, 0, Deed::Pause), (1_650_000, 1, Deed::Connect)];
        let expected = [
            "server,th:0,ev:enter,call:poll,fds:[s]",
            "Alice,ev:pause",
            "Bob,ev:connect",
            "server,th:0,ev:return,call:poll,ready:[s]",
            "server,th:0,ev:accept,peer:Bob",
        ];
        assert_eq!(story(&format!("{LISTENS}{calls}"), &deeds), expected);
    }

    #[test]
    fn a_child_has_what_its_parent_had_when_it_was_born() {
        let calls = "\
7  1.100000 accept(3, {sa_family=AF_INET, sin_port=htons(5001)}, [16]) = 4 <0.1>
7  1.200001 clone(child_stack=NULL, flags=SIGCHLD) = 8 <0.000100>
7  1.200200 close(4) = 0 <0.000001>
8  1.200300 close(3) = 0 <0.000001>
8  1.200400 recvfrom(4, \"x\", 99, 0, NULL, NULL) = 1 <0.000001>
8  1.200500 close(4) = 0 <0.000001>
8  1.200600 +++ exited with 0 +++
7  1.200700 +++ killed by SIGSEGV +++
";
        let deeds = [(1_150_000, 0, Deed::Connect)];
        let expected = [
            "server,th:0,ev:enter,call:accept",
            "Alice,ev:connect",
            "server,th:0,ev:return,call:accept,peer:Alice",
            "server,th:1,ev:recv,peer:Alice,n:1,data:x",
            "server,th:1,ev:close,peer:Alice",
            "server,th:0,ev:exit",
        ];
        assert_eq!(story(&format!("{LISTENS}{calls}"), &deeds), expected);
    }

    #[test]
    fn what_is_done_again_and_again_is_told_once() {
        let mut calls = String::from(
            "7  1.1 accept(3, {sa_family=AF_INET, sin_port=htons(5001)}, [16]) \
             = 4 <0.1>\n",
        );
        for i in 0..9 {
            let time = format!("7  1.3{i}");
            calls += &format!(
                "{time}1 select(5, [3 4], [], [], NULL) = 1 (in [4]) <0.0>\n"
            );
            calls += &format!(
                "{time}2 recvfrom(4, \"ab\", 99, 0, NULL, NULL) = 2 <0.0>\n"
            );
            calls += &format!(
                "{time}3 sendto(4, \"ab\", 2, 0, NULL, 0) = 2 <0.0>\n"
            );
        }
        calls += "7  1.5 select(5, [3 4], [], [], NULL";
        let deeds = [(1_150_000, 0, Deed::Connect)];
        let expected = [
            "server,th:0,ev:recv,peer:Alice,n:18,times:9",
            "server,th:0,ev:send,peer:Alice,n:18,times:9",
            "server,th:0,ev:enter,call:select,fds:[s,Alice]",
        ];
        assert_eq!(story(&format!("{LISTENS}{calls}"), &deeds)[3..], expected);
    }
}
