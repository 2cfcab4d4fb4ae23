//! Hints, in three rungs: a question that makes the student look at the right place,
//! a pointer into the book, nearly the code.
//!
//! What a hint is about, its *topic*, is a mistake (`03a`), a hole of an exercise
//! (`todo-3-1`), or one of [`OTHERS`]. Its first and last rung are `hint-TOPIC-ask` and
//! `hint-TOPIC-how` in `lab/locales/hints.*.ftl`; its pointer stands in this file.

use std::path::Path;

use crate::book;
use crate::check::{self, Event, Failure, Level};
use crate::course::Step;
use crate::progress::{BUILD, Setback, Standing};
use crate::texts::Texts;

/// How many rungs a hint has.
pub const RUNGS: usize = 3;

/// The topics that are neither a mistake nor a hole.
pub const OTHERS: [&str; 3] = ["no-build", "panicked", "address-in-use"];

/// Where the book says more, and of which topics. A check of the level solid has its
/// own section, `check-ID`, in the chapter of its step: see [`pointer()`].
const POINTERS: &[(&str, &[&str])] = &[
    ("before-you-start#first-server", &["no-program", "daemonizes"]),
    ("when-it-does-not-work#does-not-start", &["dies-at-once"]),
    ("when-it-does-not-work#address-in-use", &["address-in-use"]),
    ("when-it-does-not-work#compiler", &["no-build"]),
    ("when-it-does-not-work#busy", &["spins"]),
    (
        "1-blocking#result",
        &["dies-silently", "crash", "panicked", "01c-dies", "todo-1-8"],
    ),
    (
        "1-blocking#two-sockets",
        &[
            "ends-at-once",
            "never-listens",
            "other-port",
            "never-accepts",
            "never-reads",
            "todo-1-2",
            "todo-1-3",
        ],
    ),
    ("1-blocking#what-rust-gives", &["todo-1-1"]),
    (
        "1-blocking#ownership",
        &["no-accept", "closes-at-once", "01b-thread", "02b"],
    ),
    (
        "1-blocking#your-turn",
        &["01b", "01f", "01i", "01m", "01m-held", "stops", "todo-1-4"],
    ),
    ("1-blocking#two-clients", &["01a", "todo-1-7"]),
    ("1-blocking#buffer", &["01c", "01d", "01h", "todo-1-5", "todo-1-6"]),
    ("1-blocking#check-not-text-echo", &["01e", "01k"]),
    ("1-blocking#lab-checks", &["01g"]),
    ("1-blocking#check-reset", &["01j"]),
    ("when-it-does-not-work#localhost", &["01l", "01l-v6"]),
    ("2-threads#two-waits", &["02a", "02c"]),
    (
        "2-threads#a-closure-that-owns",
        &["02e", "02-unread", "todo-2-1", "todo-2-2"],
    ),
    ("2-threads#check-reset", &["02d", "todo-2-3"]),
    ("2-threads#check-thousand", &["02-crowd"]),
    ("2-threads#check-no-descriptor", &["03i-thread"]),
    ("2-threads#your-turn", &["todo-2-4"]),
    ("3-select#gone", &["03a", "todo-3-4"]),
    ("3-select#what-rust-gives", &["03b", "todo-3-3"]),
    ("3-select#sets", &["03c", "03d", "03-unwatched", "03g", "todo-3-1"]),
    ("3-select#ask-the-kernel", &["03-newest", "03e", "03e-newcomer"]),
    ("3-select#borrowed", &["03f", "todo-3-2"]),
    ("3-select#second-set", &["03-spins", "03-late", "04e-echo", "todo-3-5"]),
    ("3-select#check-thousand", &["03h"]),
    ("3-select#check-no-descriptor", &["03i", "todo-3-6"]),
    (
        "4-broadcast#to-the-others",
        &["04-mute", "04b-echo", "04a", "04b", "todo-4-1", "todo-4-2"],
    ),
    ("4-broadcast#lines", &["todo-4-3"]),
    ("4-broadcast#who-is-gone", &["04c", "04d", "todo-4-4"]),
    ("4-broadcast#check-slow", &["04e"]),
    (
        "5-commands#lines-not-segments",
        &[
            "05a",
            "05b",
            "05b-shared",
            "05c",
            "05d",
            "05d-command",
            "05f",
            "05p-last",
        ],
    ),
    (
        "5-commands#command-and-argument",
        &["05-raw", "05e", "05g", "05h", "todo-5-1"],
    ),
    (
        "5-commands#room-and-effects",
        &["05-mute", "05-who", "05k-who", "todo-5-2", "todo-5-6"],
    ),
    ("5-commands#addresses", &["05k-address", "05l"]),
    (
        "5-commands#notices",
        &[
            "05k-arrival",
            "05k-departure",
            "05k-departure-nick",
            "05m-twice",
            "todo-5-3",
        ],
    ),
    (
        "5-commands#nicks",
        &[
            "05i",
            "05j",
            "05j-empty",
            "05k-prefix",
            "05k-receiver",
            "05k-late",
            "todo-5-4",
            "todo-5-5",
        ],
    ),
    (
        "5-commands#quit",
        &[
            "05m-silent",
            "05m-open",
            "05m-who",
            "05m-nameless",
            "05m-after",
            "05p",
            "todo-5-7",
        ],
    ),
    (
        "5-commands#kill",
        &[
            "05n",
            "05o-killer",
            "05o-open",
            "05o-list",
            "05o-nothing",
            "05o-mute",
            "05o-who",
            "todo-5-8",
        ],
    ),
    ("5-commands#admin", &["todo-5-9"]),
    (
        "6-channels#members",
        &["06-mute", "06-echo", "06a", "06a-outsider", "06a-named", "todo-6-2"],
    ),
    (
        "6-channels#join-and-part",
        &[
            "06b-part",
            "06b-speaks",
            "06b-twice",
            "06b-keeps",
            "06b-refused",
            "06e",
            "06e-join",
            "todo-6-1",
            "todo-6-4",
            "todo-6-5",
        ],
    ),
    ("6-channels#list", &["06-list", "06c", "06c-dead", "todo-6-3"]),
    ("6-channels#leaving", &["todo-6-6", "todo-6-7"]),
    (
        "6-channels#moderator",
        &[
            "06d-closes",
            "06d-kicker",
            "06d-speaks",
            "06d-nothing",
            "06d-anyone",
            "06d-nick",
            "todo-6-8",
            "todo-6-9",
        ],
    ),
    ("threaded-chat#two-threads", &["bonus-spins", "todo-B-1", "todo-B-2"]),
    (
        "threaded-chat#one-list",
        &["bonus-stuck", "bonus-poisoned", "bonus-kept", "todo-B-3"],
    ),
    ("threaded-chat#how-it-ends", &["bonus-thread", "todo-B-4"]),
    ("threaded-chat#check-slow", &["bonus-frozen", "todo-B-5"]),
];

/// The mistakes that only say that a hole isn't filled in, with the holes. The first
/// that is still open is what the student should hear about.
const HOLES: &[(Step, &str, &[&str])] = &[
    (Step::BlockingEcho, "never-listens", &["1.1", "1.2"]),
    (Step::BlockingEcho, "ends-at-once", &["1.1", "1.2", "1.3"]),
    (Step::BlockingEcho, "dies-at-once", &["1.1", "1.2", "1.3"]),
    (Step::BlockingEcho, "never-accepts", &["1.3"]),
    (Step::BlockingEcho, "never-reads", &["1.5"]),
    (Step::BlockingEcho, "closes-at-once", &["1.5"]),
    (Step::BlockingEcho, "01c", &["1.5"]),
    (Step::BlockingEcho, "01c-dies", &["1.5"]),
    (Step::BlockingEcho, "01b", &["1.6"]),
    (Step::BlockingEcho, "01i", &["1.6", "1.7"]),
    (Step::BlockingEcho, "stops", &["1.6", "1.7"]),
    (Step::BlockingEcho, "01m", &["1.4"]),
    (Step::BlockingEcho, "01j", &["1.8"]),
    (Step::ThreadEcho, "closes-at-once", &["2.1"]),
    (Step::ThreadEcho, "02-unread", &["2.1"]),
    (Step::ThreadEcho, "02a", &["2.2"]),
    (Step::SelectEcho, "never-accepts", &["3.1"]),
    (Step::SelectEcho, "03d", &["3.1"]),
    (Step::SelectEcho, "03-unwatched", &["3.2"]),
    (Step::SelectEcho, "01c", &["3.3"]),
    (Step::SelectEcho, "03a", &["3.4"]),
    (Step::SelectEcho, "03-late", &["3.5"]),
    (Step::SelectEcho, "03i", &["3.6"]),
    (Step::BroadcastChat, "04-mute", &["4.1"]),
    (Step::BroadcastChat, "04b-echo", &["4.1"]),
    (Step::BroadcastChat, "04a", &["4.2"]),
    (Step::BroadcastChat, "04c", &["4.4"]),
    (Step::CommandChat, "05-mute", &["5.1", "5.2"]),
    (Step::CommandChat, "05e", &["5.1"]),
    (Step::CommandChat, "05k-arrival", &["5.3"]),
    (Step::CommandChat, "05k-departure", &["5.3"]),
    (Step::CommandChat, "05k-prefix", &["5.4"]),
    (Step::CommandChat, "05j", &["5.5"]),
    (Step::CommandChat, "05j-empty", &["5.5"]),
    (Step::CommandChat, "05-who", &["5.6"]),
    (Step::CommandChat, "05m-silent", &["5.7"]),
    (Step::CommandChat, "05m-open", &["5.7"]),
    (Step::CommandChat, "05o-nothing", &["5.8"]),
    (Step::Channels, "06-mute", &["6.1", "6.2"]),
    (Step::Channels, "06-list", &["6.3"]),
    (Step::Channels, "06b-part", &["6.4"]),
    (Step::Channels, "06b-speaks", &["6.4"]),
    (Step::Channels, "06b-keeps", &["6.4", "6.5"]),
    (Step::Channels, "06b-refused", &["6.5"]),
    (Step::Channels, "06c-dead", &["6.4", "6.6"]),
    (Step::Channels, "06d-nothing", &["6.8"]),
    (Step::ThreadChat, "02a", &["B.1"]),
    (Step::ThreadChat, "04-mute", &["B.2", "B.3"]),
    (Step::ThreadChat, "02b", &["B.4"]),
    (Step::ThreadChat, "bonus-thread", &["B.4"]),
    (Step::ThreadChat, "bonus-frozen", &["B.5"]),
];

/// What a hint is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The middle of its keys.
    pub key: String,
    /// The check that failed, if one did.
    pub check: Option<String>,
}

impl Topic {
    fn is_hole(&self) -> bool {
        self.key.starts_with("todo-")
    }
}

/// What to hint at, from what is known of a step and from the text of the exercise.
/// `None`: nothing has failed, and no hole is open.
pub fn topic(step: Step, standing: &Standing, exercise: &str) -> Option<Topic> {
    let Some(setback) = &standing.setback else {
        return open_hole(exercise)
            .map(|number| Topic { key: hole_key(&number), check: None });
    };
    let check = Some(setback.check.clone());
    let key = key_of(step, setback, exercise);
    // A mistake of another version of the course has none here.
    let key = key.or_else(|| open_hole(exercise).map(|it| hole_key(&it)))?;
    Some(Topic { key, check })
}

fn key_of(step: Step, setback: &Setback, exercise: &str) -> Option<String> {
    let mistake = setback.mistake.as_str();
    let clue = setback.clue.as_deref().unwrap_or_default();
    let is_open = |number: &&str| holes(exercise).any(|it| it == *number);
    let said = clue.strip_prefix("todo-").filter(is_open);
    let missing = HOLES
        .iter()
        .find(|(its, what, _)| *its == step && *what == mistake)
        .and_then(|(_, _, numbers)| numbers.iter().copied().find(is_open));
    if let Some(number) = said.or(missing) {
        return Some(hole_key(number));
    }
    // What only says that the server ended says less than its last words.
    let key = match clue {
        "address-in-use" | "panicked"
            if matches!(mistake, "crash" | "dies-at-once") =>
        {
            clue
        }
        _ => mistake,
    };
    place(key).map(|_| key.to_string())
}

/// The TODO that a failure is about, where it's one that is still there: `3.1`.
pub fn hole_behind(
    step: Step,
    setback: &Setback,
    exercise: &str,
) -> Option<String> {
    let key = key_of(step, setback, exercise)?;
    let hole = holes(exercise).find(|number| hole_key(number) == key);
    hole.map(str::to_string)
}

/// The number of the line on which a TODO stands, from 1.
pub fn line_of(hole: &str, exercise: &str) -> Option<usize> {
    let is_it = |line: &str| holes(line).any(|number| number == hole);
    exercise.lines().position(is_it).map(|before| before + 1)
}

/// The number of the first TODO that is still there: `3.1`.
pub fn open_hole(exercise: &str) -> Option<String> {
    holes(exercise).min_by_key(|number| order(number)).map(str::to_string)
}

/// `// TODO 3.1: …` or `// TODO B.1: …`, as long as a student leaves it there.
fn holes(exercise: &str) -> impl Iterator<Item = &str> {
    exercise.lines().filter_map(|line| {
        let todo = line.trim_start().strip_prefix("// TODO ")?;
        let number = todo.split(':').next()?.trim();
        let (step, place) = number.split_once('.')?;
        let is_some = |part: &str| {
            !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphanumeric())
        };
        (is_some(step) && is_some(place)).then_some(number)
    })
}

/// 3.10 comes behind 3.9.
fn order(number: &str) -> Vec<u32> {
    number.split('.').map(|part| part.parse().unwrap_or(u32::MAX)).collect()
}

fn hole_key(number: &str) -> String {
    format!("todo-{}", number.replace('.', "-"))
}

/// The place in the book for a topic.
fn place(key: &str) -> Option<&'static str> {
    let mut all = POINTERS.iter();
    all.find(|(_, keys)| keys.contains(&key)).map(|(place, _)| *place)
}

/// All topics that have a place in the book, with it.
pub fn pointers() -> impl Iterator<Item = (&'static str, &'static str)> {
    POINTERS
        .iter()
        .flat_map(|&(place, keys)| keys.iter().map(move |&key| (key, place)))
}

/// The file of the chapter that a step has in the book.
pub fn chapter(step: Step) -> &'static str {
    match step {
        Step::BlockingEcho => "1-blocking",
        Step::ThreadEcho => "2-threads",
        Step::SelectEcho => "3-select",
        Step::BroadcastChat => "4-broadcast",
        Step::CommandChat => "5-commands",
        Step::Channels => "6-channels",
        Step::ThreadChat => "threaded-chat",
    }
}

/// Where the book says more: `3-select#sets`.
pub fn pointer(step: Step, topic: &Topic) -> String {
    let is_solid = |id: &&str| {
        check::of(step, Level::Solid)
            .iter()
            .any(|check| check.id == *id && check.level == Level::Solid)
    };
    // For a hole, its exercise is what to read first.
    let id = topic.check.as_deref().filter(|_| !topic.is_hole());
    match id.filter(is_solid) {
        Some(id) => format!("{}#check-{id}", chapter(step)),
        None => place(&topic.key).unwrap_or(chapter(step)).to_string(),
    }
}

/// The rungs of a hint, in the language of `texts`, for the course at `root`.
pub fn rungs(
    step: Step,
    topic: &Topic,
    texts: &Texts,
    root: &Path,
) -> [String; RUNGS] {
    let say =
        |rung: &str| texts.say(&format!("hint-{}-{rung}", topic.key), &[]);
    let place = pointer(step, topic);
    [say("ask"), where_to_read(&place, texts, root), say("how")]
}

fn where_to_read(place: &str, texts: &Texts, root: &Path) -> String {
    let Some(found) = book::section(root, texts.lang(), place) else {
        return texts.say("hint-read-nothing", &[]);
    };
    let chapter = match found.number {
        Some(number) => {
            let facts =
                [("number", number.to_string()), ("title", found.chapter)];
            texts.say("hint-chapter", &facts)
        }
        None => texts.say("hint-appendix", &[("title", found.chapter)]),
    };
    match found.title {
        Some(title) => {
            let facts = [("title", title), ("chapter", chapter)];
            texts.say("hint-read-section", &facts)
        }
        None => texts.say("hint-read", &[("chapter", chapter)]),
    }
}

/// What a server's own words add to the diagnosis: `todo-1.3`, when what the skeleton
/// says in place of a hole was heard; `address-in-use`; `panicked`.
pub fn clue(failure: &Failure) -> Option<String> {
    let mut words: Vec<String> =
        failure.saw.arguments.iter().map(|(_, word)| word.clone()).collect();
    words.extend(failure.complaint.clone());
    for moment in &failure.dialogue.moments {
        if let Event::Receive(_, bytes) = &moment.event {
            words.push(String::from_utf8_lossy(bytes).into_owned());
        }
    }
    let words = words.join("\n");
    if let Some((_, rest)) = words.split_once("TODO ") {
        let ends = |c: char| !c.is_ascii_alphanumeric() && c != '.';
        let number = rest.split(ends).next().unwrap_or_default();
        return Some(format!("todo-{}", number.trim_end_matches('.')));
    }
    let has = |word: &str| words.contains(word);
    // As the system says it, or as `causette` does, in both languages.
    let taken = ["Address already in use", " is in use,", "est déjà utilisé,"];
    if taken.into_iter().any(has) {
        Some("address-in-use".to_string())
    } else if has("panicked at") {
        Some("panicked".to_string())
    } else {
        None
    }
}

/// What failed, as a report's title says it.
pub fn title(topic: &Topic, texts: &Texts) -> String {
    match topic.check.as_deref() {
        Some(BUILD) => texts.say("hint-of-build", &[]),
        Some(id) if !topic.is_hole() => texts.say(&format!("check-{id}"), &[]),
        _ => {
            let number = topic.key.trim_start_matches("todo-");
            format!("TODO {}", number.replace('-', "."))
        }
    }
}
