//! The dialogue of a failed check as a film, seen from outside: what the clients did,
//! what came to them, and what should have.

use std::time::Duration;

use crate::check::{Check, Dialogue, Event, Failure, Moment, shown};
use crate::course::Step;
use crate::film::page::html;
use crate::film::words::escape;
use crate::film::{self, Bytes, Deed, Done, Film, Remark, What};
use crate::report::facts;
use crate::texts::Texts;

/// What is longer is said by its size.
const LONG: usize = 300;

/// More than anybody looks at on a page; the last of them tell most.
const MOST: usize = 150;

/// The page of a failed check. `None`: it failed before any client did anything.
pub fn page(
    step: Step,
    check: &Check,
    failure: &Failure,
    texts: &Texts,
) -> Option<String> {
    let film = film(step, failure, texts, MOST)?;
    let check = texts.say(&format!("check-{}", check.id), &[]);
    let title = [("step", step.name().to_string()), ("check", check)];
    let facts = facts(failure, texts).into_iter().map(|(label, fact)| {
        format!("<dt>{}</dt>\n<dd>{}</dd>\n", escape(&label), escape(&fact))
    });
    let body = format!(
        "{}<h2>{}</h2>\n<dl>\n{}</dl>\n",
        film.figure(texts, "picture"),
        escape(&texts.say("picture-facts", &[])),
        facts.collect::<String>(),
    );
    Some(html(&texts.say("picture-title", &title), &body, texts))
}

/// The dialogue of a failure as lines of a terminal, as [`Film::diagram`] gives them.
/// What came to several clients at the same time stands in the order of the clients,
/// and in one piece: which was first is chance. At most so many lines, and none at all
/// where `most` is 0.
pub fn diagram(
    step: Step,
    failure: &Failure,
    texts: &Texts,
    width: usize,
    most: usize,
) -> Vec<(bool, String)> {
    if most == 0 {
        return Vec::new();
    }
    let moments = settled(&failure.dialogue.moments);
    let dialogue = Dialogue { moments, ..failure.dialogue.clone() };
    let settled = Failure { dialogue, ..failure.clone() };
    let film = film(step, &settled, texts, usize::MAX);
    film.map_or_else(Vec::new, |film| film.diagram(texts, width, most))
}

/// The dialogue of a failure, with so many events at most.
fn film(
    step: Step,
    failure: &Failure,
    texts: &Texts,
    most: usize,
) -> Option<Film> {
    let Dialogue { moments, missed_at, missed_by } = &failure.dialogue;
    moments.first()?;
    let actors = moments.iter().filter_map(|it| it.event.actor());
    let who = (1..=actors.max().unwrap_or(0))
        .map(|n: usize| texts.say("picture-client", &[("n", n.to_string())]));
    let who: Vec<String> = who.collect();
    let missed_by = missed_by.or_else(|| named(failure));
    let unwanted = unwanted(failure, missed_by);
    let (moments, missed_at) = match unwanted {
        Some(at) => (&moments[..=at], moments[at].at),
        None => (&moments[..], *missed_at),
    };
    let mut events: Vec<film::Event> = Vec::new();
    for Moment { at, event } in moments {
        let what = told(event, texts);
        let before = events.last_mut().map(|event| &mut event.what);
        if !before.is_some_and(|before| goes_on(before, &what)) {
            events.push(film::Event { t: micros(*at), what });
        }
    }
    if let few @ 1.. = events.len().saturating_sub(most) {
        let count = [("count", few.to_string())];
        let note = Remark::Note(texts.say("picture-others", &count));
        let what = What::Check(None, note);
        events.splice(..few, [film::Event { t: 0, what }]);
    }
    let expected = texts.text(&failure.expected);
    let remark = texts.say("picture-missing", &[("expected", expected)]);
    // Whether a client waited for more, or something came that shouldn't have.
    let remark = match failure.expected.key {
        "expected-unheard" | "expected-once" | "expected-notice-once" => {
            Remark::Unwanted(remark)
        }
        _ => Remark::Missing(remark),
    };
    let place = missed_by.and_then(|actor| actor.checked_sub(1));
    let place = place.filter(|place| *place < who.len());
    events.push(film::Event {
        t: micros(missed_at),
        what: What::Check(place, remark),
    });
    let scene = facts(failure, texts).into_iter().skip(1).take(2);
    let scene = scene.map(|(label, fact)| format!("{label} {fact}"));
    Some(Film {
        scene: scene.collect::<Vec<_>>().join(" – "),
        server: step.name().to_string(),
        who,
        restless: false,
        outside: true,
        events,
    })
}

/// The client whom the sentences of a failure name.
fn named(failure: &Failure) -> Option<usize> {
    let expected = failure.expected.arguments.iter();
    let mut arguments = expected.chain(&failure.saw.arguments);
    arguments.find(|(name, _)| *name == "client")?.1.parse().ok()
}

/// Where a client got what it shouldn't: that is the place to look at, and not where
/// the check was sure.
fn unwanted(failure: &Failure, client: Option<usize>) -> Option<usize> {
    if failure.expected.key != "expected-unheard" {
        return None;
    }
    let mut arguments = failure.expected.arguments.iter();
    let (_, words) = arguments.find(|(name, _)| *name == "bytes")?;
    let is_it = |moment: &Moment| match &moment.event {
        Event::Receive(actor, bytes) => {
            Some(*actor) == client
                && String::from_utf8_lossy(bytes).contains(words)
        }
        _ => false,
    };
    failure.dialogue.moments.iter().rposition(is_it)
}

fn micros(time: Duration) -> u64 {
    time.as_micros().try_into().unwrap_or(u64::MAX)
}

fn told(event: &Event, texts: &Texts) -> What {
    let deed = |actor: usize, deed| What::Client(actor - 1, deed);
    let step = |done| What::Server(0, film::Step::Call(done));
    let note = |key, facts: &[(&str, String)]| {
        What::Check(None, Remark::Note(texts.say(key, facts)))
    };
    let count = |count: &usize| [("count", count.to_string())];
    match event {
        Event::Connect(actor) => deed(*actor, Deed::Connect),
        Event::Send(actor, bytes) => deed(*actor, Deed::Write(of(bytes))),
        Event::Receive(actor, bytes) => step(Done::Send(actor - 1, of(bytes))),
        Event::HalfClose(actor) => deed(*actor, Deed::HalfClose),
        Event::Close(actor) => deed(*actor, Deed::Leave),
        Event::Reset(actor) => deed(*actor, Deed::Reset),
        Event::End(actor) => step(Done::Close(actor - 1)),
        Event::Cut(actor) => step(Done::Reset(actor - 1)),
        Event::Crowd(many) => note("picture-crowd", &count(many)),
        Event::Deaf(0) => note("picture-deaf", &[]),
        Event::Deaf(bytes) => {
            let size = (bytes / 1000).to_string();
            note("picture-deaf-echo", &[("size", size)])
        }
        Event::Limit(few) => note("picture-limit", &count(few)),
        Event::Kill => note("picture-kill", &[]),
        Event::Restart => note("picture-restart", &[]),
    }
}

fn of(bytes: &[u8]) -> Bytes {
    let data = (bytes.len() <= LONG).then(|| shown(bytes));
    Bytes { n: bytes.len() as u64, data, times: 1 }
}

/// Adds what is too much to be shown to more of the same.
fn goes_on(before: &mut What, what: &What) -> bool {
    let (all, more) = match (before, what) {
        (
            What::Client(its, Deed::Write(all)),
            What::Client(client, Deed::Write(more)),
        ) if its == client => (all, more),
        (
            What::Server(_, film::Step::Call(Done::Send(its, all))),
            What::Server(_, film::Step::Call(Done::Send(client, more))),
        ) if its == client => (all, more),
        _ => return false,
    };
    let is_much = all.data.is_none() && more.data.is_none();
    if is_much {
        all.n += more.n;
        all.times += 1;
    }
    is_much
}

/// What comes to the clients between two of their deeds, in the order of the clients,
/// and what comes to one of them in one piece.
fn settled(moments: &[Moment]) -> Vec<Moment> {
    let comes = |event: &Event| {
        matches!(event, Event::Receive(..) | Event::End(_) | Event::Cut(_))
    };
    let mut settled: Vec<Moment> = Vec::new();
    for run in moments.chunk_by(|a, b| comes(&a.event) && comes(&b.event)) {
        let mut run = run.to_vec();
        run.sort_by_key(|moment| moment.event.actor());
        for moment in run {
            let before = settled.last_mut().map(|before| &mut before.event);
            match (before, &moment.event) {
                (
                    Some(Event::Receive(its, all)),
                    Event::Receive(actor, bytes),
                ) if its == actor => all.extend_from_slice(bytes),
                _ => settled.push(moment),
            }
        }
    }
    settled
}
