//! The dialogue of a failed check: in a terminal, and on a page.

use std::time::Duration;

use lab::check::{self, Check, Dialogue, Event, Failure, Level, Moment, Text};
use lab::course::Step;
use lab::film::MOST_LINES;
use lab::picture;
use lab::texts::{Lang, Texts};
use proptest::prelude::*;
use roxmltree::Document;
use unicode_width::UnicodeWidthStr;

const STEP: Step = Step::SelectEcho;

fn text(key: &'static str, arguments: &[(&'static str, &str)]) -> Text {
    let arguments = arguments.iter();
    let arguments = arguments.map(|(name, value)| (*name, value.to_string()));
    Text { key, arguments: arguments.collect() }
}

/// What a check says that a client misses; the events a millisecond apart.
fn failure(events: Vec<Event>, missed_by: Option<usize>) -> Failure {
    let moments = (0..).zip(events);
    let moments = moments
        .map(|(ms, event)| Moment { at: Duration::from_millis(ms), event });
    Failure {
        mistake: "01c",
        expected: text("expected-echo", &[("bytes", "salut\\n")]),
        saw: text("saw-nothing", &[]),
        dialogue: Dialogue {
            moments: moments.collect(),
            missed_at: Duration::from_secs(1),
            missed_by,
        },
        complaint: None,
    }
}

fn send(actor: usize, words: impl AsRef<[u8]>) -> Event {
    Event::Send(actor, words.as_ref().to_vec())
}

fn receive(actor: usize, words: impl AsRef<[u8]>) -> Event {
    Event::Receive(actor, words.as_ref().to_vec())
}

/// Its lines, below each other.
fn diagram(failure: &Failure, lang: Lang, width: usize) -> String {
    let lines =
        picture::diagram(STEP, failure, &Texts::new(lang), width, MOST_LINES);
    lines.into_iter().map(|(_, line)| line + "\n").collect()
}

fn one_check() -> Check {
    check::of(STEP, Level::Lab).remove(0)
}

fn page(failure: &Failure, lang: Lang) -> String {
    let page = picture::page(STEP, &one_check(), failure, &Texts::new(lang));
    page.expect("something has happened")
}

/// The page without what only a browser reads.
fn is_sound(page: &str) {
    let xml = page
        .replace("<!DOCTYPE html>", "")
        .replace("<meta charset=\"utf-8\">", "")
        .replace(
            "<meta name=\"viewport\" content=\"width=device-width, \
             initial-scale=1\">",
            "",
        );
    let script = xml.find("<script>").expect("the player is there");
    let end = xml.find("</script>").expect("it has an end");
    let xml = format!("{}{}", &xml[..script], &xml[end + "</script>".len()..]);
    assert!(!xml.contains("<script"), "{xml}");
    Document::parse(&xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
}

#[test]
fn two_events_and_what_is_missing_take_four_lines() {
    let failure = failure(vec![Event::Connect(1), send(1, "salut\n")], Some(1));
    assert_eq!(
        diagram(&failure, Lang::En, 80),
        r#"       client 1  server
          o-------->|  client 1 connects
          o-------->|  client 1 sends "salut\n"
          X         |  here I expected "salut\n" back
"#
    );
    assert_eq!(
        diagram(&failure, Lang::Fr, 80),
        r#"       client 1  serveur
          o-------->|  client 1 se connecte
          o-------->|  client 1 envoie "salut\n"
          X         |  ici j'attendais "salut\n" en retour
"#
    );
}

#[test]
fn every_kind_of_event_is_drawn() {
    let events = vec![
        Event::Limit(24),
        Event::Connect(1),
        Event::Connect(2),
        send(1, [b'x'; 5000]),
        send(1, [b'x'; 5000]),
        receive(2, b"\xff\x1b[2J\0\r\n"),
        Event::HalfClose(1),
        Event::End(1),
        Event::Reset(2),
        Event::Crowd(1100),
        Event::Deaf(0),
        Event::Deaf(300_000),
        Event::Connect(3),
        Event::Cut(3),
        Event::Connect(4),
        Event::Close(4),
        Event::Kill,
        Event::Restart,
    ];
    assert_eq!(
        diagram(&failure(events, None), Lang::En, 80),
        r#"       1  2  3  4  server
                   *  I start the server with at most 24 descriptors
       o---------->|  client 1 connects
       |  o------->|  client 2 connects
       o---------->|  client 1 sends 10 kB
       |  |<-------o  client 2 gets "\xFF\u{1b}[2J\0\r\n"
       o---------->|  client 1 says it will send no more (half-close)
       |<----------o  client 1 gets the end of the connection
          o------->|  client 2 vanishes (reset)
                   *  1100 clients connect at once
                   *  another client connects, and reads nothing
                   *  another client sends 300 kB, and reads nothing
             o---->|  client 3 connects
             |<----o  client 3 gets a reset, the end of the connection
                o->|  client 4 connects
                o->|  client 4 leaves
                   *  I kill the server
                   *  I start the server again, on the same port
                   X  here I expected "salut\n" back
"#
    );
}

#[test]
fn in_forty_columns_there_are_numbers_and_in_fewer_a_list() {
    let events = vec![Event::Connect(1), Event::Connect(2), send(2, "salut\n")];
    let failure = failure(events, Some(2));
    assert_eq!(
        diagram(&failure, Lang::Fr, 40),
        r#"  1  2  serveur
  o---->|  client 1 se connecte
  |  o->|  client 2 se connecte
  |  o->|  client 2 envoie "salut\n"
  |  X  |  ici j'attendais "salut\n" en
  |  |  |  retour
"#
    );
    assert_eq!(
        diagram(&failure, Lang::En, 30),
        r#"  -  client 1 connects
  -  client 2 connects
  -  client 2 sends "salut\n"
  X  here I expected "salut\n"
     back
"#
    );
}

#[test]
fn a_long_dialogue_loses_its_middle() {
    let mut events = vec![Event::Connect(1)];
    events.extend((0..500).map(|i| send(1, format!("{i}\n"))));
    let text = diagram(&failure(events, Some(1)), Lang::En, 80);
    assert_eq!(text.lines().count(), 20, "{text}");
    assert!(text.contains("… 484 more …"), "{text}");
    assert!(text.contains("499\\n"), "{text}");
    assert!(text.ends_with("here I expected \"salut\\n\" back\n"), "{text}");
}

#[test]
fn with_little_room_the_end_is_kept() {
    let mut events = vec![Event::Connect(1)];
    events.extend((0..500).map(|i| send(1, format!("{i}\n"))));
    let failure = failure(events, Some(1));
    let texts = Texts::new(Lang::En);
    let lines = picture::diagram(STEP, &failure, &texts, 80, 4);
    let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
    assert_eq!(
        lines,
        [
            "       client 1  server",
            "                       … 500 more …",
            "          o-------->|  client 1 sends \"499\\n\"",
            "          X         |  here I expected \"salut\\n\" back",
        ]
    );
}

#[test]
fn what_comes_at_the_same_time_stands_in_the_order_of_the_clients() {
    let come = [receive(3, "a\n"), receive(1, "b"), receive(1, "c\n")];
    let mut texts = Vec::new();
    for order in [[0, 1, 2], [1, 0, 2], [1, 2, 0]] {
        let mut events: Vec<Event> = (1..=3).map(Event::Connect).collect();
        events.extend(order.map(|i| come[i].clone()));
        texts.push(diagram(&failure(events, None), Lang::En, 80));
    }
    assert!(texts[0].contains("client 1 gets \"bc\\n\""), "{}", texts[0]);
    assert_eq!(texts[0], texts[1]);
    assert_eq!(texts[0], texts[2]);
}

#[test]
fn what_should_not_have_come_is_marked_where_it_came() {
    let come = [1, 2].map(|actor| receive(actor, "secret\n"));
    let mut events: Vec<Event> = (1..=2).map(Event::Connect).collect();
    events.extend(come);
    events.push(send(1, "later\n"));
    let mut failure = failure(events, None);
    failure.expected =
        text("expected-unheard", &[("client", "1"), ("bytes", "secret")]);
    // Nobody waits in vain for what has come.
    for lang in Lang::ALL {
        let page = page(&failure, lang);
        is_sound(&page);
        assert_eq!(page.matches("film-vain").count(), 0);
        assert_eq!(page.matches("class=\"film-missing\"").count(), 2);
    }
    assert_eq!(
        diagram(&failure, Lang::En, 80),
        r#"       client 1  client 2  server
          o------------------>|  client 1 connects
          |         o-------->|  client 2 connects
          |<------------------o  client 1 gets "secret\n"
          X         |         |  here I expected client 1 not to receive
          |         |         |  "secret"
"#
    );
}

#[test]
fn nothing_happened_nothing_is_drawn() {
    let failure = failure(Vec::new(), None);
    assert_eq!(diagram(&failure, Lang::En, 80), "");
    let texts = Texts::new(Lang::En);
    assert_eq!(picture::page(STEP, &one_check(), &failure, &texts), None);
}

#[test]
fn what_a_server_sends_is_no_html() {
    let evil =
        "</text><script>alert('`')</script><b onclick=\"x\">&\u{7}\u{ffff}";
    let mut failure =
        failure(vec![Event::Connect(1), receive(1, evil)], Some(1));
    failure.complaint = Some(evil.to_string());
    failure.saw = text("saw-bytes", &[("bytes", evil)]);
    for lang in Lang::ALL {
        is_sound(&page(&failure, lang));
    }
}

#[test]
fn the_page_has_the_picture_the_sentences_and_the_facts() {
    let failure = failure(vec![Event::Connect(1), send(1, "salut\n")], Some(1));
    for (lang, words) in [
        (Lang::En, ["client 1 sends", "0.0 ms", "I expected", "Usually"]),
        (
            Lang::Fr,
            ["client 1 envoie", "0,0\u{a0}ms", "J'attendais", "D'ordinaire"],
        ),
    ] {
        let page = page(&failure, lang);
        is_sound(&page);
        for words in words {
            assert!(
                page.contains(words.replace('\'', "&#39;").as_str()),
                "{words}"
            );
        }
        assert_eq!(page.matches("film-vain").count(), 1);
        assert_eq!(page.matches("class=\"film-missing\"").count(), 2);
        for reference in [" src=", " href=", "@import", "url(http"] {
            assert!(!page.contains(reference), "{reference}");
        }
    }
}

/// Text and bytes of every kind.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..80),
        any::<String>().prop_map(String::into_bytes),
        "[a-z日本é<>&\"'`\u{202e}\u{301} \n]{0,60}"
            .prop_map(String::into_bytes),
        (0..5000_usize).prop_map(|n| vec![b'x'; n]),
    ]
}

fn any_event() -> impl Strategy<Value = Event> {
    (0..13, 1..14_usize, any_bytes(), any::<usize>()).prop_map(
        |(kind, actor, bytes, count)| match kind {
            0 => Event::Connect(actor),
            1 | 2 => Event::Send(actor, bytes),
            3 | 4 => Event::Receive(actor, bytes),
            5 => Event::HalfClose(actor),
            6 => Event::Close(actor),
            7 => Event::Reset(actor),
            8 => Event::End(actor),
            9 => Event::Cut(actor),
            10 => Event::Crowd(count),
            11 => Event::Deaf(count),
            _ => Event::Limit(count),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_dialogue_can_be_drawn(
        events in prop::collection::vec(any_event(), 1..40),
        missed_by in prop::option::of(1..14_usize),
        width in 10..130_usize,
        most in 1..24_usize,
    ) {
        let failure = failure(events, missed_by);
        for lang in Lang::ALL {
            let texts = Texts::new(lang);
            let lines = picture::diagram(STEP, &failure, &texts, width, most);
            for (_, line) in &lines {
                prop_assert!(!line.chars().any(char::is_control), "{line:?}");
                prop_assert!(line.width() <= width, "{width}: {line}");
            }
            prop_assert!(lines.last().is_some_and(|(is_it, _)| *is_it));
            // The names, what is left out, what is missing.
            let most = most.clamp(4, MOST_LINES);
            prop_assert!(width < 60 || lines.len() <= most, "{}", lines.len());
            let none = picture::diagram(STEP, &failure, &texts, width, 0);
            prop_assert!(none.is_empty());
            is_sound(&page(&failure, lang));
        }
    }
}
