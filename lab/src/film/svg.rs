//! The picture: clients as columns, time downwards, a lane for each thread of the
//! server.

use std::fmt::Write;

use super::rows::{self, Row, Span};
use super::words::{self, escape};
use super::{Deed, Done, Film, Remark, Step, What};
use crate::texts::Texts;

/// The middle of the first row.
const TOP: usize = 22;

/// From a line of words to the next, where they go on under themselves.
const UNDER: usize = 15;

/// Where things stand from left to right, in the units of the picture.
struct Plan {
    /// The first client, and from one to the next.
    client: (usize, usize),
    /// Where what a client sent waits.
    queue: (usize, usize),
    lane: (usize, usize),
    /// Where the calls are written; not at all where films stand side by side.
    calls: Option<usize>,
    width: usize,
    heads: usize,
    threads: usize,
    /// The height of a row.
    row: usize,
}

impl Plan {
    fn of(film: &Film, texts: &Texts) -> Self {
        let (clients, threads) = (film.who.len().max(1), rows::threads(film));
        let client = (44, 86);
        let queue = (client.0 + client.1 * (clients - 1) + 84, 19);
        let lane = (queue.0 + queue.1 * clients + 10, 36);
        let calls = lane.0 + lane.1 * (threads - 1) + 18;
        let longest = film.events.iter().map(|event| match &event.what {
            What::Server(_, step) => {
                words::step(step, film, texts).chars().count() + 6
            }
            What::Client(..) | What::Check(..) => 0,
        });
        let longest = longest.max().unwrap_or(0).clamp(12, 60);
        let longest = match threads {
            1 => longest,
            // Threads that fall asleep share a line.
            _ => (longest + 16).max(shared(film, texts).min(90)),
        };
        Self {
            client,
            queue,
            lane,
            calls: Some(calls),
            width: calls + longest * 15 / 2,
            heads: if threads > 1 { 50 } else { 34 },
            threads,
            row: 25,
        }
    }

    /// For several side by side, which all have the same measures.
    fn narrow(film: &Film, most_clients: usize, most_threads: usize) -> Self {
        let clients = most_clients.max(1);
        let client = (27, 50);
        let queue = (client.0 + client.1 * (clients - 1) + 36, 7);
        let lane = (queue.0 + queue.1 * clients + 6, 17);
        Self {
            client,
            queue,
            lane,
            calls: None,
            width: (lane.0 + lane.1 * (most_threads - 1)).max(lane.0 + 6) + 24,
            heads: if most_threads > 1 { 50 } else { 34 },
            threads: rows::threads(film),
            row: 21,
        }
    }

    /// For what the clients see: arrows go all the way, the words of each have room
    /// from its client to the server, and a time stands where calls would.
    fn outside(film: &Film, texts: &Texts) -> Self {
        let clients = film.who.len().max(1);
        let client = (44, 86);
        let first_lane = client.0 + client.1 * (clients - 1) + 180;
        let ends = film.events.iter().map(|event| {
            let (whose, label) = match &event.what {
                What::Client(its, deed) => {
                    (*its, words::deed(deed, film, texts))
                }
                What::Server(_, Step::Call(Done::Send(its, bytes))) => {
                    (*its, words::label(bytes, film, texts))
                }
                What::Server(_, step) => (0, words::closes(step, texts)),
                What::Check(_, Remark::Note(words)) => (0, words.clone()),
                // Goes on under itself.
                What::Check(..) => (0, String::new()),
            };
            client.0 + client.1 * whose + label.chars().count() * 34 / 5 + 34
        });
        let ends: Vec<usize> = ends.collect();
        let lane = ends.into_iter().fold(first_lane, usize::max);
        Self {
            client,
            queue: (lane, 0),
            lane: (lane, 0),
            calls: Some(lane + 18),
            width: lane + 86,
            heads: 34,
            threads: 1,
            row: 25,
        }
    }

    /// The lines of a remark; what is missing ends where the server's lane is.
    fn remark(&self, what: &What) -> Vec<String> {
        let (client, words) = match what {
            What::Check(_, Remark::Note(words)) => return vec![words.clone()],
            What::Check(client, remark) => (client, remark.words()),
            _ => return Vec::new(),
        };
        let from = client.map_or(0, |client| self.client(client));
        let room = self.lane.0.saturating_sub(from + 36) * 5 / 36;
        words::wrapped(&words::shortened(words, 4 * room), room.max(1))
    }

    fn y(&self, at: usize) -> usize {
        TOP + self.row * at
    }

    /// Of what waits.
    fn thickness(&self) -> usize {
        if self.calls.is_some() { 14 } else { 5 }
    }

    fn client(&self, i: usize) -> usize {
        self.client.0 + self.client.1 * i
    }

    fn queue(&self, i: usize) -> usize {
        self.queue.0 + self.queue.1 * i
    }

    fn lane(&self, i: usize) -> usize {
        self.lane.0 + self.lane.1 * i
    }
}

/// The length of the longest line that several threads share.
fn shared(film: &Film, texts: &Texts) -> usize {
    let (rows, _) = rows::place(&[film]);
    let length = |i: &usize| match &film.events[*i].what {
        What::Server(thread, step) => {
            let name = words::thread(*thread, texts).chars().count();
            name + words::step(step, film, texts).chars().count() + 5
        }
        What::Client(..) | What::Check(..) => 0,
    };
    let rows = rows.iter().flatten().filter(|row| row.events.len() > 1);
    let lengths = rows.map(|row| row.events.iter().map(length).sum());
    lengths.max().unwrap_or(0)
}

pub(super) fn figure(
    films: &[(Option<&str>, &Film)],
    texts: &Texts,
    id: &str,
) -> String {
    let id = escape(id);
    let all: Vec<&Film> = films.iter().map(|(_, film)| *film).collect();
    let (placed, height) = rows::place(&all);
    let say = |key: &str| escape(&texts.say(key, &[]));
    let caption = caption(films, texts);
    let at = [("i", "{i}".to_string()), ("n", "{n}".to_string())];
    let is_outside = films.iter().any(|(_, film)| film.outside);
    let mut html = format!(
        "<figure class=\"film{}\" id=\"{id}\" data-rows=\"{height}\" \
         data-play=\"{}\" data-pause=\"{}\" data-first=\"{}\" \
         data-previous=\"{}\" data-next=\"{}\" data-last=\"{}\" \
         data-position=\"{}\" data-at=\"{}\" data-hint=\"{}\">\n\
         <figcaption>{caption}</figcaption>\n\
         <div class=\"film-stage\" tabindex=\"0\" role=\"group\" \
         aria-label=\"{}\">\n",
        if is_outside { " film-outside" } else { "" },
        say("film-play"),
        say("film-pause-playing"),
        say("film-first"),
        say("film-previous"),
        say("film-next"),
        say("film-last"),
        say("film-position"),
        escape(&texts.say("film-at", &at)),
        escape(&texts.say("film-hint", &[("n", height.to_string())])),
        films.first().map_or(String::new(), |(_, film)| {
            escape(&words::scene(film, texts))
        }),
    );
    let most = |count: fn(&Film) -> usize| {
        all.iter().map(|film| count(film)).max().unwrap_or(1)
    };
    let (clients, threads) = (most(|film| film.who.len()), most(rows::threads));
    let mut lists = String::new();
    for (i, ((title, film), rows)) in films.iter().zip(&placed).enumerate() {
        let plan = if films.len() > 1 {
            Plan::narrow(film, clients, threads)
        } else if film.outside {
            Plan::outside(film, texts)
        } else {
            Plan::of(film, texts)
        };
        let least = plan.width * 4 / 5;
        let under = film.events.iter().map(|event| plan.remark(&event.what));
        let under = under.map(|lines| lines.len().saturating_sub(1)).max();
        let picture = Picture {
            film,
            rows,
            texts,
            height: TOP + plan.row * height + UNDER * under.unwrap_or(0),
            plan,
            id: format!("{id}-{i}"),
            title: title.map_or_else(|| film.server.clone(), str::to_string),
        };
        let heading = title.map(|title| {
            format!(
                "<p class=\"film-title\"><code>{}</code></p>\n",
                escape(title)
            )
        });
        let heading = heading.unwrap_or_default();
        let _ = writeln!(
            html,
            "<div class=\"film-reel\" style=\"--film-least:{least}\">\n{heading}{}\n{}</div>",
            picture.heads(),
            picture.draw()
        );
        lists += &format!("{heading}{}\n", picture.sentences());
    }
    let legend = if is_outside {
        // What isn't there needs no explanation.
        let is_hatched = html.contains("film-vain");
        let key = "<span class=\"film-key film-key-sleep\"></span>";
        let waits = format!("{key} {} ", say("picture-legend-vain"));
        let lacks = "<span class=\"film-x\">✗</span>";
        let lacks = format!("{lacks} {}", say("picture-legend-missing"));
        if is_hatched { waits + &lacks } else { lacks }
    } else {
        format!(
            "<span class=\"film-key film-key-sleep\"></span> {} \
             <span class=\"film-key film-key-wait\"></span> {} \
             <span class=\"film-s\">{}</span>",
            say("film-legend-sleeps"),
            say("film-legend-waits"),
            words::with_code(&texts.say("film-legend-s", &[])),
        )
    };
    let _ = write!(
        html,
        "</div>\n<p class=\"film-legend\">{legend}</p>\n\
         <details class=\"film-words\"{}><summary>{}</summary>\n{lists}\
         </details>\n</figure>\n",
        if is_outside { " open=\"open\"" } else { "" },
        say("film-in-words"),
    );
    // In Markdown an empty line would end it.
    let lines = html.lines().filter(|line| !line.trim().is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn caption(films: &[(Option<&str>, &Film)], texts: &Texts) -> String {
    let Some((_, first)) = films.first() else { return String::new() };
    let scene = escape(&words::scene(first, texts));
    if films.len() > 1 || first.outside {
        return scene;
    }
    let mut caption =
        format!("<code>{}</code> – {scene}", escape(&first.server));
    if first.restless {
        caption += " ";
        caption += &escape(&texts.say("film-restless", &[]));
    }
    caption
}

struct Picture<'p> {
    film: &'p Film,
    rows: &'p [Row],
    texts: &'p Texts,
    plan: Plan,
    height: usize,
    /// Of all that is named in it.
    id: String,
    title: String,
}

impl Picture<'_> {
    /// The names on top, a picture of their own: they stay in sight.
    fn heads(&self) -> String {
        let plan = &self.plan;
        let (width, height) = (plan.width, plan.heads);
        let half = if plan.calls.is_some() { 39 } else { 23 };
        let class = if plan.calls.is_none() { " film-narrow" } else { "" };
        let mut svg = format!(
            "<svg class=\"film-heads{class}\" viewBox=\"0 0 {width} {height}\" \
             style=\"--film-width:{width}\" aria-hidden=\"true\" \
             focusable=\"false\">"
        );
        for (i, name) in self.film.who.iter().enumerate() {
            let (x, name) = (plan.client(i), escape(name));
            let _ = write!(
                svg,
                "<rect class=\"film-head\" x=\"{}\" y=\"3\" width=\"{}\" \
                 height=\"25\" rx=\"6\"/>\
                 <text class=\"film-name\" x=\"{x}\" y=\"20\">{name}</text>",
                x - half.min(x),
                2 * half,
            );
        }
        let (first, last) = (plan.lane(0), plan.lane(plan.threads - 1));
        let middle = (first + last) / 2;
        let wide =
            (last - first + 26).max(if plan.calls.is_some() { 78 } else { 56 });
        let left = middle - wide / 2;
        let server = escape(&self.texts.say("film-server", &[]));
        let _ = write!(
            svg,
            "<rect class=\"film-head film-head-server\" x=\"{left}\" y=\"3\" \
             width=\"{wide}\" height=\"25\" rx=\"6\"/>\
             <text class=\"film-name\" x=\"{middle}\" y=\"20\">{server}</text>"
        );
        if plan.threads > 1 {
            for thread in 0..plan.threads {
                let name = match (thread, plan.calls) {
                    (0, None) => "0".to_string(),
                    _ => escape(&words::thread(thread, self.texts)),
                };
                let _ = write!(
                    svg,
                    "<text class=\"film-thread\" x=\"{}\" y=\"43\">{name}</text>",
                    plan.lane(thread)
                );
            }
        }
        svg + "</svg>"
    }

    fn draw(&self) -> String {
        let (id, width, height) = (&self.id, self.plan.width, self.height);
        let mut svg = format!(
            "<svg class=\"film-picture\" viewBox=\"0 0 {width} {height}\" \
             style=\"--film-width:{width}\" data-top=\"{TOP}\" \
             data-row=\"{}\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-desc\">\n\
             <title id=\"{id}-title\">{}</title>\
             <desc id=\"{id}-desc\">{}</desc>\n\
             <defs><pattern id=\"{id}-sleep\" width=\"6\" height=\"6\" \
             patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
             <rect class=\"film-hatch-ground\" width=\"6\" height=\"6\"/>\
             <rect class=\"film-hatch\" width=\"2.4\" height=\"6\"/>\
             </pattern></defs>\n",
            self.plan.row,
            escape(&format!(
                "{}: {}",
                self.title,
                words::scene(self.film, self.texts)
            )),
            escape(&self.texts.say("film-desc", &[])),
        );
        for row in self.rows {
            let _ = write!(
                svg,
                "<rect class=\"film-now\" data-at=\"{}\" x=\"0\" y=\"{}\" \
                 width=\"{width}\" height=\"{}\"/>",
                row.at,
                self.plan.y(row.at) - self.plan.row * 3 / 5,
                self.plan.row,
            );
        }
        svg.push('\n');
        self.lines(&mut svg);
        self.bars(&mut svg);
        for row in self.rows {
            let _ = write!(svg, "<g data-at=\"{}\">", row.at);
            self.row(&mut svg, row);
            svg += "</g>\n";
        }
        self.names(&mut svg);
        svg + "</svg>\n"
    }

    /// The life of each client and thread.
    fn lines(&self, svg: &mut String) {
        let (plan, height) = (&self.plan, self.height);
        for x in (0..self.film.who.len()).map(|i| plan.client(i)) {
            line(svg, "film-life", (x, 0), (x, height));
        }
        for x in (0..plan.threads).map(|i| plan.lane(i)) {
            line(svg, "film-life", (x, 0), (x, height));
        }
        for span in rows::connections(self.film, self.rows) {
            let x = plan.client(span.whose);
            let end = span.to.map_or(height, |at| plan.y(at));
            line(svg, "film-connected", (x, plan.y(span.from)), (x, end));
        }
        svg.push('\n');
    }

    /// Who sleeps, and what waits.
    fn bars(&self, svg: &mut String) {
        let plan = &self.plan;
        let ends = |span: &Span| {
            let to = span.to.map_or(self.height, |at| plan.y(at));
            (plan.y(span.from), to)
        };
        let is_narrow = plan.calls.is_none();
        let half = if is_narrow { 5 } else { 8 };
        for span in rows::sleeps(self.film, self.rows) {
            let x = plan.lane(span.whose) - half;
            self.hatched(svg, "", x, ends(&span), 2 * half);
        }
        if let Some(span) = rows::in_vain(self.film, self.rows) {
            let (x, (from, to)) = (plan.client(span.whose), ends(&span));
            self.hatched(svg, " film-vain", x - half, (from, to), 2 * half);
        }
        let thick = plan.thickness();
        for (x, span) in self.waits() {
            let (from, to) = ends(&span);
            let _ = write!(
                svg,
                "<rect class=\"film-wait\" x=\"{}\" y=\"{from}\" \
                 width=\"{thick}\" height=\"{}\"/>",
                x - thick / 2,
                to.saturating_sub(from),
            );
        }
        svg.push('\n');
    }

    fn hatched(
        &self,
        svg: &mut String,
        class: &str,
        x: usize,
        (from, to): (usize, usize),
        width: usize,
    ) {
        let _ = write!(
            svg,
            "<rect class=\"film-sleep{class}\" fill=\"url(#{}-sleep)\" \
             x=\"{x}\" y=\"{from}\" width=\"{width}\" height=\"{}\"/>",
            self.id,
            to.saturating_sub(from),
        );
    }

    /// What waits, and where it's drawn: before the server, or at a client that
    /// doesn't read.
    fn waits(&self) -> Vec<(usize, Span)> {
        let waits = rows::waits(self.film, self.rows).into_iter();
        let waits = waits.map(|span| (self.plan.queue(span.whose), span));
        let unread = rows::unread(self.film, self.rows).into_iter();
        let unread = unread.map(|span| (self.plan.client(span.whose), span));
        waits.chain(unread).collect()
    }

    /// A long wait before the server says whose it is.
    fn names(&self, svg: &mut String) {
        if self.plan.calls.is_none() {
            return;
        }
        for span in rows::waits(self.film, self.rows) {
            let plan = &self.plan;
            let to = span.to.map_or(self.height, |at| plan.y(at));
            let from = plan.y(span.from);
            let name = &self.film.who[span.whose];
            let room = to.saturating_sub(from) / 9;
            if room < name.chars().count() + 2 {
                continue;
            }
            let x = self.plan.queue(span.whose) + 4;
            // Just before an arrow comes in, or a line goes out.
            let y = from + plan.row / 2 + name.chars().count() * 4;
            let _ = write!(
                svg,
                "<text class=\"film-whose\" transform=\"translate({x} {y}) \
                 rotate(-90)\">{}</text>",
                escape(name),
            );
        }
    }

    fn row(&self, svg: &mut String, row: &Row) {
        let y = self.plan.y(row.at);
        let mut calls = Vec::new();
        for &i in &row.events {
            match &self.film.events[i].what {
                What::Client(client, deed) => self.deed(svg, *client, deed, y),
                What::Server(thread, step) => {
                    self.step(svg, *thread, step, y);
                    let mut call = words::step(step, self.film, self.texts);
                    if self.plan.threads > 1 {
                        let thread = words::thread(*thread, self.texts);
                        call = format!("{thread}: {call}");
                    }
                    calls.push(call);
                }
                what @ What::Check(client, remark) => {
                    let words = self.plan.remark(what);
                    self.remark(svg, *client, remark, &words, y);
                }
            }
        }
        if let (true, Some(&i)) = (self.film.outside, row.events.first()) {
            calls = vec![words::time(self.film.events[i].t, self.texts)];
        }
        if let Some(x) = self.plan.calls
            && !calls.is_empty()
        {
            let _ = write!(
                svg,
                "<text class=\"film-call\" x=\"{x}\" y=\"{}\">{}</text>",
                y + 4,
                escape(&calls.join(" · ")),
            );
        }
    }

    fn deed(&self, svg: &mut String, client: usize, deed: &Deed, y: usize) {
        let x = self.plan.client(client);
        let to = self.plan.queue(client);
        let label = words::deed(deed, self.film, self.texts);
        match deed {
            Deed::Connect
            | Deed::Write(_)
            | Deed::HalfClose
            | Deed::Leave
            | Deed::Reset => {
                arrow(svg, "film-says", x, to - self.plan.thickness() / 2, y);
            }
            Deed::Pause | Deed::Resume => (),
        }
        match deed {
            Deed::Write(_) => (),
            Deed::Leave | Deed::Reset => cross(svg, "film-mark", (x, y), 5),
            Deed::Connect | Deed::HalfClose | Deed::Pause | Deed::Resume => {
                let _ = write!(
                    svg,
                    "<circle class=\"film-mark\" cx=\"{x}\" cy=\"{y}\" r=\"4\"/>"
                );
            }
        }
        let is_short =
            matches!(deed, Deed::Write(_)) || self.plan.calls.is_some();
        if is_short {
            text(svg, "film-label", (x + 9, y - 5), &label);
        }
    }

    fn step(&self, svg: &mut String, thread: usize, step: &Step, y: usize) {
        let x = self.plan.lane(thread);
        let done = match step {
            Step::Enter(_) => return,
            Step::Return(done) | Step::Call(done) => done,
        };
        let _ = write!(
            svg,
            "<circle class=\"film-dot\" cx=\"{x}\" cy=\"{y}\" r=\"3.5\"/>"
        );
        match done {
            Done::Accept(client) | Done::Recv(client, _) => {
                let from = self.plan.queue(*client);
                line(svg, "film-takes", (from, y), (x - 4, y));
            }
            Done::Send(client, bytes) => {
                let to = self.plan.client(*client);
                arrow(svg, "film-answers", x - 4, to + 3, y);
                let label = words::label(bytes, self.film, self.texts);
                text(svg, "film-label", (to + 13, y - 5), &label);
            }
            Done::Close(client) | Done::Reset(client) if self.film.outside => {
                let to = self.plan.client(*client);
                arrow(svg, "film-answers", x - 4, to + 7, y);
                cross(svg, "film-end", (to, y), 4);
                let label = words::closes(step, self.texts);
                text(svg, "film-label", (to + 17, y - 5), &label);
            }
            _ => (),
        }
    }

    /// What is missing has a cross at its client, or at the server where it's nobody's.
    fn remark(
        &self,
        svg: &mut String,
        client: Option<usize>,
        remark: &Remark,
        words: &[String],
        y: usize,
    ) {
        let plan = &self.plan;
        let x = client.map_or(plan.lane(0), |client| plan.client(client));
        let is_fault = remark.is_fault();
        if is_fault {
            cross(svg, "film-missing", (x, y), 7);
        }
        let class = if is_fault { "film-lack" } else { "film-label" };
        let class = match client {
            Some(_) => class.to_string(),
            None => format!("{class} film-before"),
        };
        let x = if client.is_some() { x + 16 } else { x - 16 };
        for (i, words) in words.iter().enumerate() {
            text(svg, &class, (x, y + 4 + UNDER * i), words);
        }
    }

    fn sentences(&self) -> String {
        let rows = self.rows.iter().map(|row| {
            let events = row.events.iter().map(|&i| &self.film.events[i].what);
            let sentences: Vec<String> = events
                .map(|what| words::sentence(what, self.film, self.texts))
                .collect();
            let time = match row.events.first() {
                Some(&i) if self.film.outside => {
                    let time = words::time(self.film.events[i].t, self.texts);
                    format!("<span class=\"film-t\">{}</span> ", escape(&time))
                }
                _ => String::new(),
            };
            let sentences = sentences.join(" ");
            format!("<li data-at=\"{}\">{time}{sentences}</li>\n", row.at)
        });
        format!("<ol>\n{}</ol>", rows.collect::<String>())
    }
}

type Point = (usize, usize);

fn line(svg: &mut String, class: &str, from: Point, to: Point) {
    let ((x1, y1), (x2, y2)) = (from, to);
    let _ = write!(
        svg,
        "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" \
         y2=\"{y2}\"/>"
    );
}

fn cross(svg: &mut String, class: &str, (x, y): Point, half: usize) {
    let (left, right) = (x - half, x + half);
    line(svg, class, (left, y - half), (right, y + half));
    line(svg, class, (left, y + half), (right, y - half));
}

/// A line with a head at its end, drawn and not a marker: that one doesn't take the
/// line's colour everywhere.
fn arrow(svg: &mut String, class: &str, from: usize, to: usize, y: usize) {
    let back = if to > from { to - 8 } else { to + 8 };
    line(svg, class, (from, y), (back, y));
    let _ = write!(
        svg,
        "<path class=\"{class} film-point\" d=\"M{to} {y}L{back} {}V{}Z\"/>",
        y - 4,
        y + 4,
    );
}

fn text(svg: &mut String, class: &str, (x, y): Point, words: &str) {
    let _ = write!(
        svg,
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>",
        escape(words)
    );
}
