//! Where each event stands in the picture: time runs downwards, in rows of one
//! height, and what belongs together shares a row.

use super::{Deed, Done, Film, Remark, Socket, Step, What};

/// A row: its height, counted from the top, and its events.
pub(super) struct Row {
    pub(super) at: usize,
    pub(super) events: Vec<usize>,
}

/// Something that lasts: from a row to another, or to the end of the film.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// Whose: a client's or a thread's number.
    pub(super) whose: usize,
    pub(super) from: usize,
    pub(super) to: Option<usize>,
}

/// The rows of each film, and how many rows they take. With several, what a client
/// does begins on the same height in all, as long as the clients do the same.
pub(super) fn place(films: &[&Film]) -> (Vec<Vec<Row>>, usize) {
    let chapters: Vec<Vec<Vec<Vec<usize>>>> =
        films.iter().map(|film| chapters(film)).collect();
    let most = chapters.iter().map(Vec::len).max().unwrap_or(0);
    let mut placed: Vec<Vec<Row>> = films.iter().map(|_| Vec::new()).collect();
    let mut at = 0;
    for chapter in 0..most {
        let rows =
            chapters.iter().map(|its| its.get(chapter).map_or(0, Vec::len));
        let height = rows.max().unwrap_or(0);
        for (placed, chapters) in placed.iter_mut().zip(&chapters) {
            let rows = chapters.get(chapter).into_iter().flatten();
            placed.extend(rows.enumerate().map(|(row, events)| Row {
                at: at + row,
                events: events.clone(),
            }));
        }
        at += height;
    }
    (placed, at)
}

/// The rows, cut before each deed of a client.
fn chapters(film: &Film) -> Vec<Vec<Vec<usize>>> {
    let mut chapters = vec![Vec::new()];
    for row in rows(film) {
        let is_deed = matches!(film.events[row[0]].what, What::Client(..));
        if is_deed {
            chapters.push(Vec::new());
        }
        if let Some(chapter) = chapters.last_mut() {
            chapter.push(row);
        }
    }
    chapters
}

fn rows(film: &Film) -> Vec<Vec<usize>> {
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for (i, event) in film.events.iter().enumerate() {
        match rows.last_mut() {
            Some(row)
                if belongs(
                    &film.events[row[row.len() - 1]].what,
                    &event.what,
                ) =>
            {
                row.push(i);
            }
            _ => rows.push(vec![i]),
        }
    }
    rows
}

/// Does an event share the row of the one before? Threads that fall asleep do, and
/// what a thread does with the one socket that woke it.
fn belongs(before: &What, event: &What) -> bool {
    let (What::Server(thread, step), What::Server(its, next)) = (before, event)
    else {
        return false;
    };
    match (step, next) {
        (Step::Enter(_), Step::Enter(_)) => thread != its,
        (
            Step::Return(Done::Ready { read, write, .. })
            | Step::Call(Done::Ready { read, write, .. }),
            Step::Call(done),
        ) => {
            let sockets: Vec<&Socket> = read.iter().chain(write).collect();
            let about = match done {
                Done::Accept(_) => Socket::Listening,
                Done::Recv(peer, _) | Done::Send(peer, _) => Socket::Of(*peer),
                _ => return false,
            };
            thread == its && sockets == [&about]
        }
        _ => false,
    }
}

/// The threads of the server that a film shows.
pub(super) fn threads(film: &Film) -> usize {
    let threads = film.events.iter().filter_map(|event| match event.what {
        What::Server(thread, _) => Some(thread + 1),
        What::Client(..) | What::Check(..) => None,
    });
    threads.max().unwrap_or(1)
}

/// The events of a film, each with the height of its row.
pub(super) fn steps<'f>(
    film: &'f Film,
    rows: &'f [Row],
) -> impl Iterator<Item = (usize, &'f What)> {
    rows.iter().flat_map(|row| {
        row.events.iter().map(|&i| (row.at, &film.events[i].what))
    })
}

/// When each thread sleeps in a call.
pub(super) fn sleeps(film: &Film, rows: &[Row]) -> Vec<Span> {
    let mut spans = Spans::new(threads(film));
    for (at, what) in steps(film, rows) {
        if let What::Server(thread, step) = what {
            spans.set(*thread, at, matches!(step, Step::Enter(_)));
        }
    }
    spans.all()
}

/// When each client is connected, as far as it knows.
pub(super) fn connections(film: &Film, rows: &[Row]) -> Vec<Span> {
    let mut spans = Spans::new(film.who.len());
    for (at, what) in steps(film, rows) {
        match what {
            What::Client(client, Deed::Leave | Deed::Reset) => {
                spans.set(*client, at, false);
            }
            What::Client(client, _) => spans.set(*client, at, true),
            What::Server(
                _,
                Step::Call(Done::Close(client) | Done::Reset(client)),
            ) => {
                spans.set(*client, at, false);
            }
            What::Server(..) | What::Check(..) => (),
        }
    }
    spans.all()
}

/// When something from a client waits in the kernel for the server: its connection,
/// its bytes, the news that it has left.
pub(super) fn waits(film: &Film, rows: &[Row]) -> Vec<Span> {
    if film.outside {
        // When the server takes it isn't known.
        return Vec::new();
    }
    #[derive(Clone, Default)]
    struct Queue {
        knocks: bool,
        sent: u64,
        taken: u64,
        has_left: bool,
    }
    let mut queues = vec![Queue::default(); film.who.len()];
    let mut spans = Spans::new(film.who.len());
    for (at, what) in steps(film, rows) {
        let client = match what {
            What::Client(client, deed) => {
                let queue = &mut queues[*client];
                match deed {
                    Deed::Connect => queue.knocks = true,
                    Deed::Write(bytes) => {
                        queue.sent = queue.sent.saturating_add(bytes.n);
                    }
                    Deed::HalfClose | Deed::Leave | Deed::Reset => {
                        queue.has_left = true;
                    }
                    Deed::Pause | Deed::Resume => (),
                }
                *client
            }
            What::Server(_, Step::Return(done) | Step::Call(done)) => {
                let (Done::Accept(client)
                | Done::Recv(client, _)
                | Done::Close(client)
                | Done::Failed(_, Some(client), _)) = done
                else {
                    continue;
                };
                let queue = &mut queues[*client];
                match done {
                    Done::Accept(_) => queue.knocks = false,
                    Done::Recv(_, bytes) if bytes.n > 0 => {
                        queue.taken = queue.taken.saturating_add(bytes.n);
                    }
                    _ => *queue = Queue::default(),
                }
                *client
            }
            What::Server(_, Step::Enter(_)) | What::Check(..) => continue,
        };
        let queue = &queues[client];
        let waits = queue.knocks || queue.sent > queue.taken || queue.has_left;
        spans.set(client, at, waits);
    }
    spans.all()
}

/// When something from the server waits in the kernel for a client that doesn't read.
pub(super) fn unread(film: &Film, rows: &[Row]) -> Vec<Span> {
    let mut deaf = vec![false; film.who.len()];
    let mut spans = Spans::new(film.who.len());
    for (at, what) in steps(film, rows) {
        match what {
            What::Client(client, Deed::Pause) => deaf[*client] = true,
            What::Client(client, Deed::Resume | Deed::Leave | Deed::Reset) => {
                deaf[*client] = false;
                spans.set(*client, at, false);
            }
            What::Server(_, Step::Call(done) | Step::Return(done)) => {
                if let Done::Send(client, _) = done
                    && deaf[*client]
                {
                    spans.set(*client, at, true);
                }
            }
            _ => (),
        }
    }
    spans.all()
}

/// A client that waits in vain, from the last that any of them did or that came to it,
/// and to the end: unless its connection is over.
pub(super) fn in_vain(film: &Film, rows: &[Row]) -> Option<Span> {
    let missing = |what: &What| match what {
        What::Check(client, Remark::Missing(_)) => *client,
        _ => None,
    };
    let client = steps(film, rows).find_map(|(_, what)| missing(what))?;
    let is_its = |what: &What| match what {
        What::Client(..) => true,
        What::Server(
            _,
            Step::Call(
                Done::Send(its, _) | Done::Close(its) | Done::Reset(its),
            ),
        ) => *its == client,
        _ => false,
    };
    let its = steps(film, rows).filter(|(_, what)| is_its(what));
    let (from, _) = its.last()?;
    let is_on = connections(film, rows)
        .iter()
        .any(|span| span.whose == client && span.to.is_none());
    is_on.then_some(Span { whose: client, from, to: None })
}

/// What is on and off, for each of several.
struct Spans {
    since: Vec<Option<usize>>,
    over: Vec<Span>,
}

impl Spans {
    fn new(count: usize) -> Self {
        Self { since: vec![None; count], over: Vec::new() }
    }

    fn set(&mut self, whose: usize, at: usize, is_on: bool) {
        match (self.since[whose], is_on) {
            (None, true) => self.since[whose] = Some(at),
            (Some(from), false) => {
                self.since[whose] = None;
                self.over.push(Span { whose, from, to: Some(at) });
            }
            _ => (),
        }
    }

    fn all(mut self) -> Vec<Span> {
        let open = self.since.iter().enumerate();
        self.over.extend(open.filter_map(|(whose, since)| {
            since.map(|from| Span { whose, from, to: None })
        }));
        self.over
    }
}
