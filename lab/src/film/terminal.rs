//! The picture of a film from outside in the characters of a terminal.
//!
//! Every line has the sentence of its event beside the arrow: who can't see the
//! arrows, or hears the lines read, misses nothing.

use unicode_width::UnicodeWidthStr;

use super::words::{self, wrapped};
use super::{Deed, Done, Film, Step, What};
use crate::texts::Texts;

/// So many lines at most, the names on top included.
pub const MOST_LINES: usize = 20;

/// Of those, so many for the beginning where the middle is left out; a third of fewer.
const BEGINNING: usize = 5;

/// With less room beside the arrows words are read better alone.
const LEAST_WORDS: usize = 24;

/// So much of what was said is shown where there is room for it, and in any case.
const MOST_DATA: usize = 48;
const LEAST_DATA: usize = 24;

/// The lines, and of each whether it tells what is missing. Where `most` is less than the
/// names, what is left out and the last event need, these stand there all the same.
pub(super) fn diagram(
    film: &Film,
    texts: &Texts,
    width: usize,
    most: usize,
) -> Vec<(bool, String)> {
    let indent = if width < 60 { 2.min(width / 10) } else { 7 };
    let lanes = Lanes::fitting(film, texts, width - indent);
    let mut is_on = vec![false; film.who.len()];
    let mut blocks: Vec<Vec<(bool, String)>> = Vec::new();
    for event in &film.events {
        if let What::Client(client, _) = event.what {
            is_on[client] = true;
        }
        let drawn = lanes.draw(&event.what, &is_on);
        if let Some(client) = leaves(&event.what) {
            is_on[client] = false;
        }
        let room = (width - indent).saturating_sub(drawn.width() + 2).max(1);
        let say = |most| words::outside(&event.what, film, texts, most);
        let frame = say(0).width().saturating_sub(1);
        let most = room.saturating_sub(frame).clamp(LEAST_DATA, MOST_DATA);
        let is_fault = faults(&event.what);
        let lines = wrapped(&say(most), room).into_iter().enumerate();
        let lines = lines.map(|(i, words)| {
            let drawn = if i == 0 { drawn.clone() } else { lanes.idle(&is_on) };
            (is_fault, format!("{drawn}  {words}"))
        });
        blocks.push(lines.collect());
    }
    let head = lanes.head.iter().map(|head| vec![(false, head.clone())]);
    let between = |count: usize| {
        let count = [("count", count.to_string())];
        let words = texts.say("picture-others", &count);
        let gap = " ".repeat(lanes.width);
        let room = (width - indent).saturating_sub(gap.width() + 2).max(1);
        let words = wrapped(&words, room).into_iter();
        words.map(|words| (false, format!("{gap}  {words}"))).collect()
    };
    let blocks = head.chain(without_middle(blocks, most, between)).flatten();
    let indent = " ".repeat(indent);
    blocks
        .map(|(is_it, line)| (is_it, format!("{indent}{line}")))
        .map(|(is_it, line)| (is_it, line.trim_end().to_string()))
        .collect()
}

type Block = Vec<(bool, String)>;

/// The beginning and the end of what is too long; `between` says how much is missing.
fn without_middle(
    mut blocks: Vec<Block>,
    most: usize,
    between: impl Fn(usize) -> Block,
) -> Vec<Block> {
    let lines = |blocks: &[Block]| blocks.iter().map(Vec::len).sum::<usize>();
    let room = most.min(MOST_LINES).saturating_sub(1);
    let beginning = BEGINNING.min(room.saturating_sub(1) / 3);
    if lines(&blocks) <= room {
        return blocks;
    }
    let mut first = 0;
    while lines(&blocks[..=first]) <= beginning {
        first += 1;
    }
    let mut last = blocks.len() - 1;
    // The line between takes one.
    let used = lines(&blocks[..first]) + 1;
    while last > first && used + lines(&blocks[last - 1..]) <= room {
        last -= 1;
    }
    if last > first {
        blocks.splice(first..last, [between(last - first)]);
    }
    blocks
}

/// Whose connection is over with this.
fn leaves(what: &What) -> Option<usize> {
    match what {
        What::Client(client, Deed::Leave | Deed::Reset)
        | What::Server(
            _,
            Step::Call(Done::Close(client) | Done::Reset(client)),
        ) => Some(*client),
        _ => None,
    }
}

/// The columns of the clients and of the server.
struct Lanes {
    /// The names on top; none where there is only room for words.
    head: Option<String>,
    clients: Vec<usize>,
    server: usize,
    width: usize,
}

impl Lanes {
    /// With names on top where all words fit beside them, else with numbers.
    fn fitting(film: &Film, texts: &Texts, width: usize) -> Self {
        let server = texts.say("picture-server", &[]);
        let number = |i: usize| (i + 1).to_string();
        let numbers: Vec<String> = (0..film.who.len()).map(number).collect();
        let by_name = Self::of(&film.who, &server);
        let by_number = Self::of(&numbers, &server);
        let is_said = |what: &&What| !faults(what);
        let whats = film.events.iter().map(|event| &event.what);
        let words = whats
            .filter(is_said)
            .map(|what| words::outside(what, film, texts, MOST_DATA).width());
        let most = words.max().unwrap_or(0).max(LEAST_WORDS);
        [(by_name, most), (by_number, LEAST_WORDS)]
            .into_iter()
            .find(|(lanes, words)| lanes.width + 2 + words <= width)
            .map_or_else(Self::none, |(lanes, _)| lanes)
    }

    fn of(names: &[String], server: &str) -> Self {
        const GAP: usize = 2;
        let wide = names.iter().map(|name| name.width()).max().unwrap_or(1);
        let pitch = wide + GAP;
        let middle = |i: usize| pitch * i + wide.saturating_sub(1) / 2;
        let mut head: String = names
            .iter()
            .map(|name| format!("{name:^wide$}{:GAP$}", ""))
            .collect();
        head += server;
        let server = if wide > 2 {
            pitch * names.len() + server.width() / 2
        } else {
            pitch * names.len()
        };
        Self {
            clients: (0..names.len()).map(middle).collect(),
            server,
            width: server + 1,
            head: Some(head),
        }
    }

    fn none() -> Self {
        Self { head: None, clients: Vec::new(), server: 0, width: 1 }
    }

    /// The lanes where nothing happens.
    fn idle(&self, is_on: &[bool]) -> String {
        self.line(is_on).into_iter().collect()
    }

    fn line(&self, is_on: &[bool]) -> Vec<char> {
        let mut line = vec![' '; self.width];
        if self.head.is_some() {
            for (at, _) in self.clients.iter().zip(is_on).filter(|it| *it.1) {
                line[*at] = '|';
            }
            line[self.server] = '|';
        }
        line
    }

    fn draw(&self, what: &What, is_on: &[bool]) -> String {
        let mut line = self.line(is_on);
        let client = match what {
            What::Client(client, _) => Some(*client),
            What::Check(client, _) => *client,
            What::Server(
                _,
                Step::Call(
                    Done::Send(client, _)
                    | Done::Close(client)
                    | Done::Reset(client),
                ),
            ) => Some(*client),
            What::Server(..) => None,
        };
        if self.head.is_none() {
            return if faults(what) { "X" } else { "-" }.to_string();
        }
        let at = client.map_or(self.server, |client| self.clients[client]);
        match what {
            What::Check(..) if faults(what) => line[at] = 'X',
            What::Check(..) => line[at] = '*',
            _ if client.is_none() => (),
            What::Client(..) => {
                line[at + 1..self.server].fill('-');
                line[at] = 'o';
                line[self.server - 1] = '>';
            }
            What::Server(..) => {
                line[at + 1..self.server].fill('-');
                line[at + 1] = '<';
                line[self.server] = 'o';
            }
        }
        line.into_iter().collect()
    }
}

fn faults(what: &What) -> bool {
    matches!(what, What::Check(_, remark) if remark.is_fault())
}
