//! Films: what a server and its clients did, recorded and drawn.
//!
//! A film is text, one JSON object a line: first the scene, then the events in
//! the order in which they happened. It names clients and not descriptors, which
//! the system uses again; a call that slept has two events, its beginning and its
//! end.
//!
//! ```text
//! {"v":1,"scene":"three-clients","server":"03_select_echo","who":["Alice","Bob"]}
//! {"t":820,"who":"server","th":0,"ev":"enter","call":"select","fds":["s","Alice"]}
//! {"t":1500,"who":"Bob","ev":"connect"}
//! {"t":1510,"who":"server","th":0,"ev":"return","call":"select","ready":["s"]}
//! {"t":1515,"who":"server","th":0,"ev":"accept","peer":"Bob"}
//! ```
//!
//! ```
//! use lab::film::Film;
//! use lab::texts::{Lang, Texts};
//!
//! let film = Film::parse(concat!(
//!     r#"{"v":1,"scene":"three-clients","server":"mine","who":["Bob"]}"#, "\n",
//!     r#"{"t":0,"who":"Bob","ev":"connect"}"#, "\n",
//! ))?;
//! let figure = film.figure(&Texts::new(Lang::En), "film-1");
//! assert!(figure.starts_with("<figure"));
//! # Ok::<(), lab::film::Error>(())
//! ```

mod json;
pub(crate) mod page;
mod record;
mod rows;
mod strace;
mod svg;
mod tell;
mod terminal;
pub(crate) mod words;

use std::fmt;

use crate::texts::Texts;

pub use record::{NotFilmed, Scene, can_film, record};
pub use terminal::MOST_LINES;

/// How a figure looks. It takes the page's colours where they are known as
/// mdBook names them, and its own for what only a film has.
pub const CSS: &str = include_str!("film.css");

/// The player. Without it the whole picture stands there.
pub const JS: &str = include_str!("film.js");

/// A recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Film {
    /// What the clients played: `three-clients`.
    pub scene: String,
    /// The program that was filmed: `03_select_echo`.
    pub server: String,
    /// The clients, by name.
    pub who: Vec<String>,
    /// The server never sleeps: it asks again and again, and only what comes of it
    /// is told.
    pub restless: bool,
    /// Only what the clients see is told: the server's calls are not known, and what
    /// it sends or closes is what came to them.
    pub outside: bool,
    /// What happened, in order.
    pub events: Vec<Event>,
}

/// One thing that somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, in microseconds from the beginning.
    pub t: u64,
    /// Who and what.
    pub what: What,
}

/// Who did what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A client, by its place in [`Film::who`].
    Client(usize, Deed),
    /// A thread of the server, by its number: 0 is the main thread.
    Server(usize, Step),
    /// What whoever plays the clients says, of one of them or of none.
    Check(Option<usize>, Remark),
}

/// A remark, in the words of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// What happened besides.
    Note(String),
    /// What should have come now.
    Missing(String),
    /// What shouldn't have come, and did.
    Unwanted(String),
}

impl Remark {
    pub(crate) fn words(&self) -> &str {
        match self {
            Self::Note(words)
            | Self::Missing(words)
            | Self::Unwanted(words) => words,
        }
    }

    /// Is it about what went wrong?
    pub(crate) fn is_fault(&self) -> bool {
        !matches!(self, Self::Note(_))
    }
}

/// What a client does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It connects: the kernel says yes.
    Connect,
    /// It sends.
    Write(Bytes),
    /// It stops reading what comes.
    Pause,
    /// It reads again, all that has come.
    Resume,
    /// It says that it will send no more.
    HalfClose,
    /// It closes its socket.
    Leave,
    /// It vanishes: a reset.
    Reset,
}

/// What a thread of the server does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It calls, and sleeps in the call.
    Enter(Wait),
    /// The call in which it slept is over.
    Return(Done),
    /// A call that didn't sleep.
    Call(Done),
}

/// What a thread waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// `accept`, `recv`, `send`, `select`, `poll`, `epoll`, `futex`.
    pub call: String,
    /// Sockets from which something may come.
    pub read: Vec<Socket>,
    /// Sockets that may have room for more.
    pub write: Vec<Socket>,
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// These sockets are ready.
    Ready {
        /// `select`, `poll` or `epoll`.
        call: String,
        /// Something came.
        read: Vec<Socket>,
        /// There is room again.
        write: Vec<Socket>,
    },
    /// The socket of a client.
    Accept(usize),
    /// Bytes from a client; none: it won't send any more.
    Recv(usize, Bytes),
    /// Bytes to a client.
    Send(usize, Bytes),
    /// The client's socket is closed.
    Close(usize),
    /// Another thread has woken this one, which slept in `futex`: what mutexes,
    /// condition variables and channels are made of.
    Woken,
    /// The client's connection is reset.
    Reset(usize),
    /// The program ends.
    Exit,
    /// A call failed: its name, the client, the error's name.
    Failed(String, Option<usize>, String),
}

/// A socket of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Socket {
    /// The one that listens: `s`.
    Listening,
    /// A client's.
    Of(usize),
}

/// What went through a socket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    /// How many, all calls together.
    pub n: u64,
    /// The text, where it's short.
    pub data: Option<String>,
    /// In how many calls; more than one where a recording unites them.
    pub times: u64,
}

/// What is wrong with the text of a film.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Counted from 1; 0: the text as a whole.
    pub line: usize,
    /// In English: who reads it looks after the course.
    pub what: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            f.write_str(&self.what)
        } else {
            write!(f, "line {}: {}", self.line, self.what)
        }
    }
}

impl std::error::Error for Error {}

impl Film {
    /// Reads a film.
    ///
    /// # Errors
    ///
    /// The first line that isn't as it should be.
    pub fn parse(text: &str) -> Result<Self, Error> {
        json::parse(text)
    }

    /// The film as text: what [`Film::parse`] reads.
    pub fn text(&self) -> String {
        json::text(self)
    }

    /// The order of events, one a line, without what differs from one recording of
    /// the same program to the next: times, and how much went through a socket that
    /// was filled.
    pub fn story(&self) -> Vec<String> {
        json::story(self)
    }

    /// The whole figure in the language of `texts`: caption, picture, legend,
    /// sentences. `id` must be used once on the page. One block of HTML, without an
    /// empty line.
    pub fn figure(&self, texts: &Texts, id: &str) -> String {
        svg::figure(&[(None, self)], texts, id)
    }

    /// The picture in the characters of a terminal with so many columns, for a film
    /// from outside: of each line whether it's the one that tells what is missing.
    /// Without control characters, and in about `most` lines, of which [`MOST_LINES`] are
    /// enough.
    pub fn diagram(
        &self,
        texts: &Texts,
        width: usize,
        most: usize,
    ) -> Vec<(bool, String)> {
        terminal::diagram(self, texts, width, most)
    }

    /// A page with the figure and nothing else, which needs no other file.
    pub fn page(&self, texts: &Texts) -> String {
        page::page(self, texts)
    }
}

/// Several films beside each other, with their titles. What the clients do stands
/// on the same height in all of them, as long as they do the same.
pub fn side_by_side(films: &[(&str, Film)], texts: &Texts, id: &str) -> String {
    let films: Vec<(Option<&str>, &Film)> =
        films.iter().map(|(title, film)| (Some(*title), film)).collect();
    svg::figure(&films, texts, id)
}
