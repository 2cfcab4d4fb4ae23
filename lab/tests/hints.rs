//! Every diagnosis and every hole has its hint, in both languages, and every pointer
//! names a place that the book has.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use lab::book;
use lab::check::{self, Level};
use lab::course::Step;
use lab::hints::{self, Topic};
use lab::progress::{Setback, Standing};
use lab::texts::{Lang, Texts};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The keys of one of the tables, without `prefix`.
fn keys(table: &str, prefix: &str) -> BTreeSet<String> {
    let keys = table.lines().filter_map(|line| line.split_once(" = "));
    keys.filter_map(|(key, _)| key.strip_prefix(prefix))
        .map(str::to_string)
        .collect()
}

fn skeleton(step: Step) -> String {
    let name = format!("lab/skeletons/{}.rs", step.name());
    fs::read_to_string(root().join(name)).unwrap()
}

/// `todo-3-1`, for each `// TODO 3.1` that students are given.
fn holes() -> BTreeSet<String> {
    let texts = Step::ALL.map(skeleton).join("\n");
    let numbers = texts
        .split("// TODO ")
        .skip(1)
        .map(|rest| rest.split(':').next().unwrap().replace('.', "-"));
    numbers.map(|number| format!("todo-{number}")).collect()
}

/// All that a hint may be about.
fn topics() -> BTreeSet<String> {
    let mut topics = keys(include_str!("../locales/en.ftl"), "usually-");
    topics.extend(holes());
    topics.extend(hints::OTHERS.map(str::to_string));
    topics
}

#[test]
fn each_topic_has_its_rungs_and_each_hint_its_topic() {
    let topics = topics();
    assert!(topics.len() > 150, "{}", topics.len());
    let tables = [
        include_str!("../locales/hints.en.ftl"),
        include_str!("../locales/hints.fr.ftl"),
    ];
    for table in tables {
        let rungs = keys(table, "hint-");
        let of = |rung: &str| -> BTreeSet<String> {
            let ends = rungs.iter().filter_map(|key| key.strip_suffix(rung));
            ends.map(str::to_string).collect()
        };
        assert_eq!(of("-ask"), topics);
        assert_eq!(of("-how"), topics);
        assert_eq!(rungs.len(), 2 * topics.len());
    }
    let mut pointed: Vec<_> = hints::pointers().map(|it| it.0).collect();
    pointed.sort_unstable();
    let all: Vec<&str> = topics.iter().map(String::as_str).collect();
    assert_eq!(pointed, all, "a pointer for each, and one");
}

/// A question asks, and what is nearly the code is no question alone.
#[test]
fn the_first_rung_asks() {
    for lang in Lang::ALL {
        let texts = Texts::new(lang);
        for topic in topics() {
            let said =
                |rung: &str| texts.say(&format!("hint-{topic}-{rung}"), &[]);
            let (ask, how) = (said("ask"), said("how"));
            assert!(ask.contains('?'), "{topic}: {ask}");
            for text in [&ask, &how] {
                let length = text.chars().count();
                assert!(length < 400, "{topic}: {length} signs: {text}");
                assert_eq!(text.matches('`').count() % 2, 0, "{topic}: {text}");
            }
        }
    }
}

#[test]
fn no_hint_gives_a_line_of_the_solution() {
    for step in Step::ALL {
        let name = format!("solutions/{}.rs", step.name());
        let solution = fs::read_to_string(root().join(name)).unwrap();
        let given = skeleton(step);
        let lines: Vec<&str> = solution
            .lines()
            .map(str::trim)
            .filter(|line| line.len() > 24 && !line.starts_with("//"))
            .filter(|line| !given.contains(line))
            .collect();
        for lang in Lang::ALL {
            let texts = Texts::new(lang);
            for topic in topics() {
                for rung in ["ask", "how"] {
                    let said = texts.say(&format!("hint-{topic}-{rung}"), &[]);
                    for line in &lines {
                        let line = line.trim_end_matches([';', '{', ' ']);
                        assert!(!said.contains(line), "{topic}: {said}");
                    }
                }
            }
        }
    }
}

#[test]
fn the_book_has_what_is_pointed_at() {
    let mut places: BTreeMap<String, String> = hints::pointers()
        .map(|(topic, place)| (place.to_string(), topic.to_string()))
        .collect();
    for step in Step::ALL {
        let chapter = hints::chapter(step).to_string();
        places.insert(chapter, step.name().to_string());
        for check in check::of(step, Level::Solid) {
            let topic = Topic {
                key: "01j".to_string(),
                check: Some(check.id.to_string()),
            };
            places.insert(hints::pointer(step, &topic), topic.key);
        }
    }
    for lang in Lang::ALL {
        for (place, topic) in &places {
            let found = book::section(&root(), lang, place);
            assert!(found.is_some(), "{place}, for {topic}, in {lang:?}");
        }
    }
}

fn setback(check: &str, mistake: &str, clue: Option<&str>) -> Standing {
    let setback = Setback {
        check: check.to_string(),
        mistake: mistake.to_string(),
        clue: clue.map(str::to_string),
    };
    let mut standing = Standing::default();
    standing.setback = Some(setback);
    standing
}

fn key(step: Step, standing: &Standing, exercise: &str) -> Option<String> {
    hints::topic(step, standing, exercise).map(|topic| topic.key)
}

#[test]
fn the_last_failure_chooses_the_hint() {
    let step = Step::SelectEcho;
    let full = skeleton(step);
    let none = "// all done";
    let some = |key: &str| Some(key.to_string());
    // Nothing failed yet: the first hole.
    let fresh = Standing::default();
    assert_eq!(key(step, &fresh, &full), some("todo-3-1"));
    assert_eq!(key(step, &fresh, none), None);
    // What only says that a hole is open is about that hole.
    let unwatched = setback("answered", "03-unwatched", None);
    assert_eq!(key(step, &unwatched, &full), some("todo-3-2"));
    assert_eq!(key(step, &unwatched, none), some("03-unwatched"));
    // So do the skeleton's own words, as long as they're there.
    let said = setback("answered", "crash", Some("todo-3.3"));
    assert_eq!(key(step, &said, &full), some("todo-3-3"));
    assert_eq!(key(step, &said, none), some("crash"));
    // The server's last words say more than that it ended.
    let panicked = setback("reset", "crash", Some("panicked"));
    assert_eq!(key(step, &panicked, &full), some("panicked"));
    let taken = setback("answered", "dies-at-once", Some("address-in-use"));
    assert_eq!(key(step, &taken, none), some("address-in-use"));
    let known = setback("together", "03f", Some("panicked"));
    assert_eq!(key(step, &known, &full), some("03f"));
    let broken = setback("build", "no-build", None);
    assert_eq!(key(step, &broken, &full), some("no-build"));
    // A mistake, a clue or a hole that this version doesn't know.
    let strange = setback("dance", "99z", Some("todo-9.9.9"));
    assert_eq!(key(step, &strange, &full), some("todo-3-1"));
    assert_eq!(key(step, &strange, none), None);
}

/// A mistake in a TODO that is filled in isn't mended by the next TODO.
#[test]
fn only_a_hole_that_is_open_comes_next() {
    let step = Step::SelectEcho;
    let full = skeleton(step);
    let behind = |check: &str, mistake: &str, exercise: &str| {
        let standing = setback(check, mistake, None);
        hints::hole_behind(step, &standing.setback.unwrap(), exercise)
    };
    let some = |hole: &str| Some(hole.to_string());
    assert_eq!(behind("answered", "03-unwatched", &full), some("3.2"));
    let filled = full.replace("// TODO 3.2", "// DONE 3.2");
    assert_eq!(behind("answered", "03-unwatched", &filled), None);
    assert_eq!(behind("together", "03f", &full), None);
    assert_eq!(behind("dance", "99z", &full), None);
    let said = Setback {
        check: "answered".to_string(),
        mistake: "crash".to_string(),
        clue: some("todo-3.3"),
    };
    assert_eq!(hints::hole_behind(step, &said, &full), some("3.3"));
}

#[test]
fn a_hole_stands_on_a_line() {
    let text = "fn f() {\n    // TODO 3.10: b\n    // TODO 3.1: a\n}";
    assert_eq!(hints::line_of("3.1", text), Some(3));
    assert_eq!(hints::line_of("3.10", text), Some(2));
    assert_eq!(hints::line_of("3.2", text), None);
}

#[test]
fn each_step_has_its_holes_in_order() {
    for step in Step::ALL {
        let first = hints::open_hole(&skeleton(step)).unwrap();
        let step = step.short().replace("bonus", "B");
        assert_eq!(first, format!("{step}.1"));
    }
    let ten = "// TODO 3.10: b\n  // TODO 3.9: a\n// TODO: mine\n// TODO";
    assert_eq!(hints::open_hole(ten), Some("3.9".to_string()));
}

#[test]
fn a_check_of_the_level_solid_has_its_own_section() {
    let topic = |check: &str, key: &str| Topic {
        key: key.to_string(),
        check: Some(check.to_string()),
    };
    let place = |step, check, key| hints::pointer(step, &topic(check, key));
    let thread = Step::ThreadEcho;
    assert_eq!(place(thread, "reset", "01j"), "2-threads#check-reset");
    assert_eq!(place(thread, "next", "01j"), "1-blocking#check-reset");
    assert_eq!(place(thread, "reset", "todo-2-3"), "2-threads#check-reset");
    assert_eq!(place(thread, "dance", "99z"), "2-threads");
}

#[test]
fn a_hint_says_where_to_read() {
    let topic = Topic { key: "03c".to_string(), check: None };
    let read = |lang| {
        let texts = Texts::new(lang);
        hints::rungs(Step::SelectEcho, &topic, &texts, &root())[1].clone()
    };
    assert_eq!(
        read(Lang::En),
        "Read “Sets that select overwrites”, in chapter 3, “One thread for all: select”: cargo book"
    );
    assert_eq!(
        read(Lang::Fr),
        "Lisez «\u{a0}Des ensembles que select écrase\u{a0}», dans le chapitre 3, «\u{a0}Un seul thread pour tous\u{a0}: select\u{a0}»\u{a0}: cargo book"
    );
    // A copy of the course without its book.
    let texts = Texts::new(Lang::En);
    let [_, nothing, _] =
        hints::rungs(Step::SelectEcho, &topic, &texts, Path::new("/nowhere"));
    assert!(nothing.contains("cargo book"), "{nothing}");
}
