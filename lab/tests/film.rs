//! Films as the book shows them: the text, the picture, the sentences.

use std::fs;
use std::path::Path;

use lab::film::{self, Film};
use lab::texts::{Lang, Texts};
use proptest::prelude::*;
use roxmltree::{Document, Node};

/// The films of the book, by name.
fn films() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/films");
    let entries = fs::read_dir(folder).expect("the films are there").flatten();
    let films = entries.map(|entry| {
        let text = fs::read_to_string(entry.path()).expect("it's readable");
        let name = entry.file_name().to_string_lossy().into_owned();
        (name.trim_end_matches(".jsonl").to_string(), text)
    });
    let mut films: Vec<(String, String)> = films.collect();
    films.sort();
    films
}

fn film(name: &str) -> Film {
    let films = films();
    let (_, text) = films
        .iter()
        .find(|(its, _)| its == name)
        .expect("there is such a film");
    Film::parse(text).expect("it's a film")
}

fn has_class(node: &Node, class: &str) -> bool {
    let classes = node.attribute("class").unwrap_or_default();
    classes.split(' ').any(|its| its == class)
}

fn of_class<'a>(page: &'a Document, class: &str) -> Vec<Node<'a, 'a>> {
    page.descendants().filter(|node| has_class(node, class)).collect()
}

fn words(node: &Node) -> String {
    let texts = node.descendants().filter(Node::is_text);
    let texts = texts.filter_map(|node| node.text());
    texts.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What must hold of any figure.
fn is_sound(html: &str) {
    // An empty line would end the block of HTML in Markdown.
    assert!(!html.contains("\n\n") && !html.ends_with("\n\n"), "{html}");
    assert!(html.starts_with("<figure") && html.ends_with("</figure>\n"));
    let page = Document::parse(html).unwrap_or_else(|e| panic!("{e}: {html}"));
    for node in page.descendants().filter(Node::is_element) {
        // What refers to something by its name finds it.
        let names = node.attribute("aria-labelledby").unwrap_or_default();
        for name in names.split_whitespace() {
            let is_it = |node: Node| node.attribute("id") == Some(name);
            assert_eq!(page.descendants().filter(|n| is_it(*n)).count(), 1);
        }
    }
    let mut ids: Vec<&str> =
        page.descendants().filter_map(|node| node.attribute("id")).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id is there twice");
}

#[test]
fn a_film_is_read_and_written_as_it_is() {
    let films = films();
    assert_eq!(films.len(), 8);
    for (name, text) in films {
        let film = Film::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(film.text(), text, "{name}");
    }
}

#[test]
fn a_figure_has_every_name_and_a_sentence_for_each_row() {
    for lang in Lang::ALL {
        let texts = Texts::new(lang);
        for (name, text) in films() {
            let film = Film::parse(&text).expect("it's a film");
            let html = film.figure(&texts, "a-film");
            is_sound(&html);
            let page = Document::parse(&html).expect("it's XML");
            let heads = of_class(&page, "film-name");
            let mut names: Vec<String> = heads.iter().map(words).collect();
            let server = names.pop();
            assert_eq!(server, Some(texts.say("film-server", &[])), "{name}");
            assert_eq!(names, film.who, "{name}");

            let rows: Vec<Node> = page
                .descendants()
                .filter(|node| node.has_tag_name("g"))
                .collect();
            let items: Vec<Node> = page
                .descendants()
                .filter(|node| node.has_tag_name("li"))
                .collect();
            assert_eq!(rows.len(), items.len(), "{name}");
            assert!((15..=26).contains(&rows.len()), "{name}: {}", rows.len());
            for (i, (row, item)) in rows.iter().zip(&items).enumerate() {
                assert_eq!(row.attribute("data-at"), Some(&*i.to_string()));
                assert_eq!(item.attribute("data-at"), row.attribute("data-at"));
                assert!(!words(item).is_empty(), "{name}");
                // A key that isn't there shows itself.
                assert!(!words(item).contains("film-"), "{}", words(item));
            }
        }
    }
}

#[test]
fn what_is_for_eyes_has_its_words() {
    let texts = Texts::new(Lang::En);
    let html = film("01-three-clients").figure(&texts, "x");
    let page = Document::parse(&html).expect("it's XML");
    for picture in of_class(&page, "film-picture") {
        assert_eq!(picture.attribute("role"), Some("img"));
        assert!(picture.descendants().any(|node| node.has_tag_name("title")));
        assert!(picture.descendants().any(|node| node.has_tag_name("desc")));
    }
    for heads in of_class(&page, "film-heads") {
        assert_eq!(heads.attribute("aria-hidden"), Some("true"));
    }
}

/// From which height to which something is drawn.
fn extent(node: &Node) -> (f64, f64) {
    let number = |name: &str| -> f64 {
        node.attribute(name).and_then(|text| text.parse().ok()).unwrap_or(0.0)
    };
    (number("y"), number("y") + number("height"))
}

#[test]
fn in_the_blocking_server_bob_waits_all_along() {
    let texts = Texts::new(Lang::En);
    let html = film("01-three-clients").figure(&texts, "x");
    let page = Document::parse(&html).expect("it's XML");
    let waits: Vec<(f64, f64)> =
        of_class(&page, "film-wait").iter().map(extent).collect();
    let sleeps: Vec<(f64, f64)> =
        of_class(&page, "film-sleep").iter().map(extent).collect();
    // The longest sleep is in recv(Alice). Bob's wait begins in it, and goes on after
    // the next one, which ends when Alice leaves.
    let asleep = sleeps[1];
    let bob = waits
        .iter()
        .copied()
        .find(|wait| asleep.0 < wait.0 && wait.1 > sleeps[2].1)
        .expect("Bob waits");
    assert!(bob.1 - bob.0 > 200.0, "{bob:?}");
    // And with select nobody waits longer than a row.
    let html = film("03-three-clients").figure(&texts, "x");
    let page = Document::parse(&html).expect("it's XML");
    for wait in of_class(&page, "film-wait") {
        let (from, to) = extent(&wait);
        assert!(to - from <= 25.0, "{from} to {to}");
    }
}

#[test]
fn side_by_side_the_clients_do_the_same_at_the_same_height() {
    let names = ["01-three-clients", "02-three-clients", "03-three-clients"];
    let films = names.map(|name| (name, film(name)));
    let texts = Texts::new(Lang::Fr);
    let html = film::side_by_side(&films, &texts, "trois");
    is_sound(&html);
    let page = Document::parse(&html).expect("it's XML");
    let pictures = of_class(&page, "film-picture");
    assert_eq!(pictures.len(), 3);
    let arrows = |picture: &Node| -> Vec<String> {
        let says = picture.descendants().filter(|node| {
            node.has_tag_name("line") && has_class(node, "film-says")
        });
        says.map(|node| node.attribute("y1").unwrap_or_default().to_string())
            .collect()
    };
    let first = arrows(&pictures[0]);
    assert_eq!(first.len(), 7);
    for picture in &pictures {
        assert_eq!(arrows(picture), first);
        assert_eq!(
            picture.attribute("viewBox"),
            pictures[0].attribute("viewBox")
        );
    }
}

#[test]
fn what_is_wrong_in_a_film_is_told_with_its_line() {
    let scene = r#"{"v":1,"scene":"x","server":"y","who":["Bob"]}"#;
    let wrong = [
        ("", "empty", 0),
        ("[]", "no JSON object", 1),
        ("{", "no JSON", 1),
        (r#"{"v":2}"#, "version 2", 1),
        (r#"{"v":1,"who":["s"]}"#, "\"s\"", 1),
        (r#"{"v":1,"who":["check"]}"#, "\"check\"", 1),
        (r#"S{"t":1,"who":"check","ev":"shout","data":""}"#, "\"shout\"", 2),
        (r#"{"v":1,"who":["Bob","Bob"]}"#, "\"Bob\"", 1),
        (r#"{"v":1,"who":[1]}"#, "list of strings", 1),
        (r#"S{"t":1}"#, "\"ev\"", 2),
        (r#"S{"t":-1,"who":"Bob","ev":"connect"}"#, "\"t\"", 2),
        (r#"S{"t":1,"who":"Eve","ev":"connect"}"#, "\"Eve\"", 2),
        (r#"S{"t":1,"who":"Bob","ev":"accept"}"#, "\"accept\"", 2),
        (r#"S{"t":1,"who":"server","ev":"accept"}"#, "\"th\"", 2),
        (
            r#"S{"t":1,"who":"server","th":99,"ev":"accept","peer":"Bob"}"#,
            "threads",
            2,
        ),
        (
            r#"S{"t":1,"who":"server","th":0,"ev":"accept","peer":"s"}"#,
            "\"s\"",
            2,
        ),
        (
            r#"S{"t":1,"who":"server","th":0,"ev":"enter","call":"fly"}"#,
            "\"fly\"",
            2,
        ),
    ];
    for (text, what, line) in wrong {
        let text = text.replace('S', &format!("{scene}\n"));
        let error = Film::parse(&text).expect_err(&text);
        assert!(error.what.contains(what), "{text}: {error}");
        assert_eq!(error.line, line, "{text}: {error}");
    }
    let long = format!(
        "{scene}\n{}",
        "{\"t\":1,\"who\":\"Bob\",\"ev\":\"pause\"}\n".repeat(2001)
    );
    assert!(Film::parse(&long).is_err());
}

#[test]
fn names_and_words_are_no_html() {
    let text = concat!(
        r#"{"v":1,"scene":"<b>","server":"a`b</svg>","who":["<i>","&\u0007"]}"#,
        "\n",
        r#"{"t":0,"who":"<i>","ev":"connect"}"#,
        "\n",
        r#"{"t":1,"who":"<i>","ev":"write","n":9,"data":"</text>\n\n`\u0000"}"#,
        "\n",
        r#"{"t":2,"who":"server","th":0,"ev":"recv","peer":"<i>","err":"\"<"}"#,
        "\n",
    );
    let film = Film::parse(text).expect("it's a film");
    for lang in Lang::ALL {
        is_sound(&film.figure(&Texts::new(lang), "\"><script>"));
        let page = film.page(&Texts::new(lang));
        assert!(!page.contains("<script>alert") && !page.contains("<b>\u{a0}"));
    }
}

#[test]
fn an_empty_film_is_a_picture_too() {
    let scene = r#"{"v":1,"scene":"x","server":"y","who":[]}"#;
    let film = Film::parse(scene).expect("it's a film");
    let texts = Texts::new(Lang::En);
    is_sound(&film.figure(&texts, "x"));
    is_sound(&film::side_by_side(
        &[("a", film.clone()), ("b", film)],
        &texts,
        "x",
    ));
    is_sound(&film::side_by_side(&[], &texts, "x"));
}

/// Any event, most of them senseless.
fn any_event() -> impl Strategy<Value = String> {
    let who = ["A", "B", "server", "s", "check"];
    let who = proptest::sample::select(who.to_vec());
    let calls = [
        "enter",
        "return",
        "accept",
        "recv",
        "send",
        "close",
        "select",
        "poll",
        "connect",
        "write",
        "pause",
        "resume",
        "leave",
        "half-close",
        "reset",
        "note",
        "missing",
        "unwanted",
    ];
    let call = || proptest::sample::select(calls.to_vec());
    (who, call(), call(), 0..4_u8, 0..5_u64, any::<u64>(), any::<bool>()).prop_map(
        |(who, ev, call, th, peer, n, has_data)| {
            let peer = ["A", "B", "s", "A", "C"][peer as usize];
            let data =
                if has_data { r#","data":"x\n","ready":["s"]"# } else { "" };
            format!(
                r#"{{"t":{n},"who":"{who}","th":{th},"ev":"{ev}","call":"{call}","peer":"{peer}","fds":["s","A"],"n":{n},"times":{n}{data}}}"#
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_is_a_film_or_an_error(text in any::<String>()) {
        let _ = Film::parse(&text);
    }

    #[test]
    fn a_film_with_a_wound_is_a_film_or_an_error(
        which in 0..7_usize,
        at in any::<prop::sample::Index>(),
        to in any::<char>(),
    ) {
        let (_, text) = &films()[which];
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        chars[at] = to;
        let _ = Film::parse(&chars.iter().collect::<String>());
    }

    #[test]
    fn any_film_can_be_drawn(
        lines in prop::collection::vec(any_event(), 0..24),
        outside in any::<bool>(),
        width in 10..100_usize,
        most in 0..24_usize,
    ) {
        let scene = format!(
            r#"{{"v":1,"scene":"x","server":"y","who":["A","B"],"outside":{outside}}}"#
        );
        // Those that make sense by themselves, in whatever order.
        let lines = lines.into_iter().filter(|line| {
            Film::parse(&format!("{scene}\n{line}")).is_ok()
        });
        let text = format!("{scene}\n{}", lines.collect::<Vec<_>>().join("\n"));
        let film = Film::parse(&text).expect("each line is right");
        prop_assert_eq!(&Film::parse(&film.text()).expect("so is this"), &film);
        for lang in Lang::ALL {
            let texts = Texts::new(lang);
            is_sound(&film.figure(&texts, "x"));
            for (_, line) in film.diagram(&texts, width, most) {
                prop_assert!(!line.chars().any(char::is_control), "{line:?}");
            }
            let films = [("a", film.clone()), ("b", film.clone())];
            is_sound(&film::side_by_side(&films, &texts, "x"));
        }
    }
}
