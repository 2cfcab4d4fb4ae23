//! What holds whatever clients say: the server doesn't panic, its state stays one
//! (`State::check`, after every step), and each line that it sends can be read by
//! a reader of our own (`support::well_formed`).

mod support;

use std::fmt::Write;

use irc::flood::{Pace, Timer};
use irc::line::LineBuffer;
use irc::mask::matches;
use irc::message::Message;
use irc::names::{fold, is_nick, same};
use proptest::prelude::*;
use proptest::sample::select;
use support::{CONFIG, World, play};

/// A word that means something here and there.
fn word() -> impl Strategy<Value = String> {
    let words = vec![
        "alice",
        "bob",
        "carol",
        "dave",
        "eve",
        "Alice",
        "x[]",
        "X{}",
        "#a",
        "#b",
        "&c",
        "#A",
        "#",
        "0",
        "*",
        "+o",
        "-o",
        "+v",
        "+b",
        "-b",
        "+k",
        "-k",
        "+l",
        "+i",
        "+s",
        "+p",
        "-s",
        "+n",
        "+m",
        "-mn",
        "+imnpst",
        "+ovb",
        "b",
        "*!*@*",
        "bob!*@*",
        "irc.test",
        "*.test",
        "no.such",
        "$*.test",
        "#*.0.1",
        "root",
        "sesame",
        ":",
        ":a b  c",
        ":\u{e9}",
        "u",
        "l",
        "m",
        "2",
        "-1",
        "#a,#b",
        "alice,bob",
        "k1,k2",
        "10.9.1.1",
        "~a@irc.test",
    ];
    prop_oneof![
        20 => select(words).prop_map(str::to_string),
        1 => "[ -~]{0,20}",
        1 => (1..600_usize).prop_map(|length| "y".repeat(length)),
    ]
}

fn command() -> impl Strategy<Value = String> {
    let names: Vec<&'static str> = irc::command::names().collect();
    let usual =
        vec!["JOIN", "MODE", "NICK", "PRIVMSG", "KICK", "INVITE", "PART"];
    prop_oneof![
        2 => select(names).prop_map(str::to_string),
        2 => select(usual).prop_map(str::to_string),
        1 => Just("OPER root sesame".to_string()),
    ]
}

fn step() -> impl Strategy<Value = String> {
    let client = || select(vec!["a", "b", "c", "d", "e"]);
    let line = (command(), prop::collection::vec(word(), 0..5))
        .prop_map(|(name, words)| format!("{name} {}", words.join(" ")));
    prop_oneof![
        40 => (client(), line).prop_map(|(who, line)| format!("{who} {line}")),
        4 => client().prop_map(|who| format!("{who}+")),
        1 => client().prop_map(|who| format!("{who}+10.9.0.1")),
        2 => client().prop_map(|who| format!("{who}-")),
        1 => client().prop_map(|who| format!("{who}!")),
        2 => (0..200_u32).prop_map(|seconds| format!("t{seconds}")),
    ]
}

/// RFC 1459, 2.3.1: 14 middle parameters and a last one, colon or not.
#[test]
fn of_many_words_the_fifteenth_parameter_has_the_rest() {
    let words: Vec<String> = (1..=20).map(|it| it.to_string()).collect();
    let line = format!("X {}", words.join("  "));
    let message = Message::parse(line.as_bytes()).expect("a message");
    assert_eq!(message.parameters().len(), 15);
    assert_eq!(message.parameter(13), Some(&b"14"[..]));
    assert_eq!(message.parameter(14), Some(&b"15  16  17  18  19  20"[..]));
    assert_eq!(message.parameter(15), None);
}

/// Every day of 450 years, counted one by one.
#[test]
fn dates_are_those_of_the_calendar() {
    let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
        "Nov", "Dec",
    ];
    let mut weekdays =
        ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"].iter().cycle();
    let mut unix = 12 * 3_600 + 34 * 60 + 56;
    for year in 1970..2420 {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let february = if is_leap { 29 } else { 28 };
        let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (month, length) in months.iter().zip(lengths) {
            for day in 1..=length {
                let weekday = weekdays.next().expect("for ever");
                let date = irc::clock::date(unix);
                let expected =
                    format!("{weekday} {month} {day} {year} at 12:34:56 UTC");
                assert_eq!(date, expected);
                unix += 86_400;
            }
        }
    }
}

/// A segment: a few bytes, or a great many that are the same.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![Just(b'\n'), Just(b'\r'), Just(0), any::<u8>()];
    prop_oneof![
        3 => prop::collection::vec(byte, 0..30),
        1 => (400..700_usize).prop_map(|length| vec![b'y'; length]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Sensible lines, in any order.
    #[test]
    fn no_sequence_of_commands_breaks_it(
        steps in prop::collection::vec(step(), 0..120),
    ) {
        let script = ["a+\nb+\nc+\n", &steps.join("\n")].concat();
        play(script.as_bytes(), CONFIG);
    }

    /// Senseless ones.
    #[test]
    fn no_bytes_break_it(
        bytes in prop::collection::vec(any::<u8>(), 0..2_000),
    ) {
        let script = [&b"a+\nb+\nc+\na JOIN #a\nb JOIN #a\n"[..], &bytes].concat();
        play(&script, CONFIG);
    }

    /// However the bytes are cut, the answers are the same.
    #[test]
    fn it_does_not_matter_where_the_bytes_are_cut(
        lines in prop::collection::vec(step(), 1..20),
        cuts in prop::collection::vec(1..40_usize, 1..200),
    ) {
        let mut text = String::new();
        for line in lines.iter().filter(|line| line.as_bytes()[1] == b' ') {
            let _ = write!(text, "{}\r\n", &line[2..]);
        }
        let answers = |pieces: &mut dyn Iterator<Item = &[u8]>| {
            let mut world = World::new(CONFIG);
            world.register("a", "alice", "127.0.0.1");
            for piece in pieces {
                if !world.clients["a"].is_closed {
                    world.say("a", piece);
                }
            }
            world.clients["a"].inbox.clone()
        };
        let whole = answers(&mut [text.as_bytes()].into_iter());
        let mut rest = text.as_bytes();
        let mut cuts = cuts.iter().cycle();
        let mut pieces = std::iter::from_fn(|| {
            let (piece, behind) =
                rest.split_at(*cuts.next()?.min(&rest.len()));
            rest = behind;
            (!piece.is_empty()).then_some(piece)
        });
        prop_assert_eq!(answers(&mut pieces), whole);
    }

}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// The same as to split the whole at every CR and LF.
    #[test]
    fn lines_are_those_of_the_whole(
        pieces in prop::collection::vec(piece(), 0..20),
    ) {
        let mut buffer = LineBuffer::default();
        let mut lines = Vec::new();
        for piece in &pieces {
            buffer.push(piece);
            while let Some(line) = buffer.next_line() {
                lines.push(line.to_vec());
            }
            prop_assert!(buffer.len() <= 510);
        }
        let mut bytes = pieces.concat();
        bytes.retain(|&byte| byte != 0);
        let mut expected: Vec<Vec<u8>> = bytes
            .split(|byte| b"\r\n".contains(byte))
            .map(|line| line[..line.len().min(510)].to_vec())
            .collect();
        expected.pop();
        expected.retain(|line| !line.is_empty());
        prop_assert_eq!(lines, expected);
    }

    /// Flood control takes one line out while another one comes, for days.
    #[test]
    fn lines_that_are_heard_take_no_room(line in "[a-z]{1,9}\r\n") {
        let mut buffer = LineBuffer::default();
        buffer.push(line.as_bytes());
        for _ in 0..1_000 {
            buffer.push(line.as_bytes());
            prop_assert!(buffer.next_line().is_some());
        }
        // That it holds more than it says can be seen in no other way.
        let held = format!("{buffer:?}");
        prop_assert!(held.len() < 500, "{}", held);
    }

    /// The same as to try every way in which a star can be filled.
    #[test]
    fn masks_match_as_defined(mask in "[ab*?\\[{]{0,9}", name in "[ab\\[{]{0,9}") {
        fn slowly(mask: &[u8], name: &[u8]) -> bool {
            match (mask.split_first(), name.split_first()) {
                (None, None) => true,
                (Some((b'*', rest)), _) => {
                    slowly(rest, name)
                        || (!name.is_empty() && slowly(mask, &name[1..]))
                }
                (Some((b'?', mask)), Some((_, name))) => slowly(mask, name),
                (Some((a, mask)), Some((b, name))) => {
                    same(&[*a], &[*b]) && slowly(mask, name)
                }
                _ => false,
            }
        }
        let (mask, name) = (mask.as_bytes(), name.as_bytes());
        prop_assert_eq!(matches(mask, name), slowly(mask, name));
    }

    /// Two names are the same if and only if they have the same key, and being a
    /// nick doesn't depend on the case.
    #[test]
    fn names_fold(one in "[a-c\\[\\]{}|\\\\^~]{1,3}", other in "[A-C\\[\\]{}|\\\\^~]{1,3}") {
        let (a, b) = (one.as_bytes(), other.as_bytes());
        prop_assert_eq!(same(a, b), fold(a) == fold(b));
        prop_assert_eq!(fold(&fold(a)), fold(a));
        if !one.contains('~') {
            prop_assert!(is_nick(a, 9));
        }
    }

    /// Any line gives a message or none, and its pieces are pieces of the line.
    #[test]
    fn any_line_is_a_message_or_none(line in prop::collection::vec(any::<u8>(), 0..100)) {
        if let Some(message) = Message::parse(&line) {
            prop_assert!(!message.command.is_empty());
            prop_assert!(message.parameters().len() <= 15);
            let (last, middle) = match message.parameters().split_last() {
                Some((last, middle)) => (*last, middle),
                None => (&b""[..], &[][..]),
            };
            for word in middle {
                prop_assert!(!word.is_empty() && !word.contains(&b' '));
                prop_assert!(word[0] != b':');
            }
            prop_assert!(last.is_empty() || line.ends_with(last)
                || line.trim_ascii_end().ends_with(last));
        } else {
            // Only spaces, tags and a prefix can be before a missing command.
            let words: Vec<&[u8]> =
                line.split(|&byte| byte == b' ').filter(|it| !it.is_empty()).collect();
            prop_assert!(words.len() <= 2);
        }
    }

    /// RFC 1459, 8.10: "the client may send 1 message every 2 seconds without being
    /// adversely affected", and some at once: the timer must be "less than ten
    /// seconds ahead".
    #[test]
    fn flood_control_lets_through_what_the_rfc_says(
        times in prop::collection::vec(0..3_000_u64, 1..200),
    ) {
        let pace = Pace { cost: 2_000, ahead: 10_000 };
        let (mut timer, mut now, mut heard) = (Timer::default(), 0, 0);
        for time in times {
            now += time;
            match timer.may_speak(pace, now) {
                Ok(()) => {
                    timer.spend(pace);
                    heard += 1;
                }
                Err(at) => {
                    prop_assert!(at > now && at <= now + 2_000);
                    let mut later = timer;
                    prop_assert!(later.may_speak(pace, at).is_ok());
                    prop_assert!(later.may_speak(pace, at - 1).is_err());
                }
            }
            prop_assert!(heard <= 6 + now / 2_000);
        }
    }
}
