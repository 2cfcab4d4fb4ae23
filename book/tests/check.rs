//! `cargo book check` sees each fault, and says where it is.
//!
//! Each test takes the fixture, of which nothing is wrong, breaks it in one place, and
//! wants exit status 1 and a sentence with the file and the line.

mod common;

use std::fs;

use common::{Copy, book};

const FR: &str = "book/fr/src/1-blocking.md";
const EN: &str = "book/en/src/1-blocking.md";

fn stderr(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The check fails, and one line of it has each of these words.
#[track_caller]
fn assert_fault(copy: &Copy, words: &[&str]) {
    let output = book(copy.root(), &["check"]);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.lines().any(|line| words.iter().all(|word| line.contains(word))),
        "no line has {words:?}:\n{said}"
    );
}

#[test]
fn the_fixture_has_no_fault() {
    let output = book(Copy::new().root(), &["check"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("4 chapters"), "{said}");
}

#[test]
fn a_paragraph_changed_in_one_language() {
    let copy = Copy::new();
    copy.change(FR, "attend ;", "dort ;");
    assert_fault(
        &copy,
        &["book/en/src/1-blocking.md:1:", "fr changed", "en did not"],
    );
    let output = book(copy.root(), &["accept"]);
    assert_eq!(output.status.code(), Some(1), "one language alone");
    copy.change(EN, "socket waits;", "socket sleeps;");
    assert_fault(&copy, &["1-blocking.md:1:", "both languages changed"]);
    assert!(book(copy.root(), &["accept"]).status.success());
    assert!(book(copy.root(), &["check"]).status.success());
}

#[test]
fn a_section_that_one_language_alone_needed_to_change() {
    let copy = Copy::new();
    copy.change(EN, "socket waits;", "socket is waiting;");
    assert_fault(
        &copy,
        &["book/fr/src/1-blocking.md:1:", "accept 1-blocking.md#one-client"],
    );
    let output = book(copy.root(), &["accept", "1-blocking.md#one-client"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(book(copy.root(), &["check"]).status.success());
    let output = book(copy.root(), &["accept", "1-blocking.md#nowhere"]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_named_section_is_accepted_and_the_others_wait() {
    let copy = Copy::new();
    copy.change(EN, "socket waits;", "socket is waiting;");
    for name in [FR, EN] {
        copy.change(name, "{#a-client-leaves}", "{#somebody-leaves}");
    }
    for lang in ["fr", "en"] {
        let name = format!("book/{lang}/src/before-you-start.md");
        copy.change(&name, "#a-client-leaves", "#somebody-leaves");
    }
    let output = book(copy.root(), &["accept", "1-blocking.md#one-client"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_fault(&copy, &["1-blocking.md:11:", "somebody-leaves", "is new"]);
    assert!(book(copy.root(), &["accept"]).status.success());
    assert!(book(copy.root(), &["check"]).status.success());
}

#[test]
fn a_new_section_and_one_that_is_gone() {
    let copy = Copy::new();
    for name in [FR, EN] {
        copy.change(name, "{#a-client-leaves}", "{#somebody-leaves}");
    }
    for lang in ["fr", "en"] {
        let name = format!("book/{lang}/src/before-you-start.md");
        copy.change(&name, "#a-client-leaves", "#somebody-leaves");
    }
    assert_fault(&copy, &["1-blocking.md:11:", "somebody-leaves", "is new"]);
    assert_fault(&copy, &["pairs.lock:", "a-client-leaves", "no longer"]);
    assert!(book(copy.root(), &["accept"]).status.success());
    assert!(book(copy.root(), &["check"]).status.success());
}

#[test]
fn lines_broken_elsewhere_are_no_change() {
    let copy = Copy::new();
    copy.change(FR, "attend ; la", "attend ;\nla");
    assert!(book(copy.root(), &["check"]).status.success());
}

#[test]
fn another_include_in_one_language() {
    let copy = Copy::new();
    copy.change(FR, "one.py:talk", "one.py");
    assert_fault(&copy, &["1-blocking.md:15:", "one.py:talk"]);
}

#[test]
fn an_anchor_that_is_not_there() {
    let copy = Copy::new();
    for name in [FR, EN] {
        copy.change(name, "01_one.rs:talk", "01_one.rs:walk");
    }
    assert_fault(&copy, &["book/fr/src/1-blocking.md:6:", "ANCHOR: walk"]);
}

#[test]
fn a_dead_link() {
    let copy = Copy::new();
    let name = "book/fr/src/before-you-start.md";
    copy.change(name, "1-blocking.md#a-", "4-gone.md#a-");
    assert_fault(&copy, &["book/fr/src/before-you-start.md:3:", "4-gone.md"]);
}

#[test]
fn a_dead_anchor() {
    let copy = Copy::new();
    copy.change(EN, "(#one-client)", "(#two-clients)");
    assert_fault(&copy, &["book/en/src/1-blocking.md:26:", "#two-clients"]);
}

#[test]
fn rust_typed_into_the_book() {
    let copy = Copy::new();
    copy.change(
        FR,
        "{{#include ../../../solutions/01_one.rs:talk}}",
        "let s = 1;",
    );
    assert_fault(
        &copy,
        &["book/fr/src/1-blocking.md:5:", "typed code", "rust"],
    );
    let copy = Copy::new();
    copy.change(FR, "En Python :", "```\nlet s = 1;\n```");
    assert_fault(&copy, &["book/fr/src/1-blocking.md:13:", "what it holds"]);
    let copy = Copy::new();
    copy.change(FR, "En Python :", "En Rust :\n\n    let s = 1;");
    assert_fault(&copy, &["book/fr/src/1-blocking.md:15:", "indented"]);
}

/// A sentence that goes on with a colon would be one, as French puts a space before it.
#[test]
fn a_definition_list() {
    let copy = Copy::new();
    copy.change(FR, "En Python :", "Le même serveur en Python\n: le voici.");
    assert_fault(&copy, &["book/fr/src/1-blocking.md:14:", "definition"]);
    let copy = Copy::new();
    copy.change(FR, "En Python :", "> [!NOTE]\n> En Python\n> : ceci.");
    assert_fault(&copy, &["book/fr/src/1-blocking.md:15:", "definition"]);
    // Without the space, and after an empty line.
    for text in ["Le même serveur\n:en Python.", "En Python\n\n: le voici."] {
        let copy = Copy::new();
        copy.change(FR, "En Python :", text);
        assert_fault(&copy, &["book/fr/src/1-blocking.md:1", "definition"]);
    }
}

#[test]
fn a_heading_without_an_id() {
    let copy = Copy::new();
    copy.change(EN, " {#a-client-leaves}", "");
    assert_fault(&copy, &["book/en/src/1-blocking.md:11:", "no id"]);
}

#[test]
fn a_heading_with_another_id() {
    let copy = Copy::new();
    copy.change(EN, "{#a-client-leaves}", "{#a-client-goes}");
    assert_fault(
        &copy,
        &["1-blocking.md:11:", "#a-client-leaves", "#a-client-goes"],
    );
    let copy = Copy::new();
    copy.change(EN, "{#a-client-leaves}", "{#départ}");
    assert_fault(&copy, &["book/en/src/1-blocking.md:11:", "a to z"]);
    let copy = Copy::new();
    copy.change(EN, "{#a-client-leaves}", "{#one-client}");
    assert_fault(&copy, &["book/en/src/1-blocking.md:11:", "taken"]);
}

#[test]
fn a_file_in_one_language_only() {
    let copy = Copy::new();
    fs::remove_file(copy.path("book/en/src/glossary.md")).unwrap();
    assert_fault(
        &copy,
        &["book/fr/src/glossary.md:1:", "book/en/src/glossary.md"],
    );
    assert_fault(&copy, &["book/en/src/SUMMARY.md:10:", "glossary.md"]);
}

#[test]
fn a_file_that_the_summary_forgets() {
    let copy = Copy::new();
    copy.change("book/en/src/SUMMARY.md", "[Glossary](glossary.md)", "");
    assert_fault(&copy, &["book/en/src/glossary.md:1:", "SUMMARY"]);
}

#[test]
fn chapters_in_another_order() {
    let copy = Copy::new();
    let name = "book/fr/src/SUMMARY.md";
    let text = copy.read(name);
    let swapped = text
        .replace("(1-blocking.md)", "(x)")
        .replace("(2-threads.md)", "(1-blocking.md)")
        .replace("(x)", "(2-threads.md)");
    fs::write(copy.path(name), swapped).unwrap();
    assert_fault(&copy, &["book/fr/src/SUMMARY.md:5:", "chapters differ"]);
}

#[test]
fn another_skeleton() {
    let copy = Copy::new();
    copy.change(FR, "{{#quiz sleep}}\n\n", "");
    assert_fault(
        &copy,
        &["book/fr/src/1-blocking.md:9:", "{{#quiz sleep}}", ":9"],
    );
    let copy = Copy::new();
    copy.change(FR, "{{#film 01-three-clients}}", "{{#film 02-three-clients}}");
    assert_fault(
        &copy,
        &["1-blocking.md:40:", "01-three-clients", "02-three-clients"],
    );
    let copy = Copy::new();
    copy.change(EN, "```console", "```text");
    assert_fault(&copy, &["1-blocking.md:19:", "console", "text"]);
    let copy = Copy::new();
    let text = copy.read(EN);
    let end = text.find("> [!WARNING]").unwrap();
    fs::write(copy.path(EN), &text[..end]).unwrap();
    assert_fault(&copy, &["1-blocking.md:", "WARNING", "no counterpart"]);
}

#[test]
fn a_fold_that_never_closes() {
    let copy = Copy::new();
    for name in [FR, EN] {
        copy.change(name, "{{/hint}}", "");
    }
    assert_fault(
        &copy,
        &["book/en/src/1-blocking.md:24:", "hint", "never closed"],
    );
}

#[test]
fn a_passage_for_the_wrong_language() {
    let copy = Copy::new();
    let name = "book/fr/src/2-threads.md";
    copy.change(name, "<!-- only fr -->", "<!-- only en -->");
    assert_fault(&copy, &["book/fr/src/2-threads.md:7:", "only for en"]);
}

#[test]
fn a_quiz_that_lacks_a_language() {
    let copy = Copy::new();
    let name = "book/quizzes/sleep.json";
    copy.change(name, "      \"en\": \"It answers Bob.\",\n", "");
    assert_fault(&copy, &["book/quizzes/sleep.json:10:", "`en`"]);
}

#[test]
fn a_quiz_that_lacks_a_reason() {
    let copy = Copy::new();
    let why = ",\n      \"why\": { \"fr\": \"Bob attend dans le noyau.\", \
               \"en\": \"Bob waits in the kernel.\" }";
    copy.change("book/quizzes/sleep.json", why, "");
    assert_fault(&copy, &["book/quizzes/sleep.json:16:", "`why`"]);
}

#[test]
fn a_quiz_that_waits_for_its_translation() {
    let copy = Copy::new();
    let name = "book/quizzes/sleep.json";
    copy.change(name, "Bob attend dans le noyau.", "Bob waits in the kernel.");
    assert_fault(&copy, &["sleep.json:16:", "same in both languages"]);
}

#[test]
fn a_quiz_that_is_not_there() {
    let copy = Copy::new();
    for name in [FR, EN] {
        copy.change(name, "{{#quiz sleep}}", "{{#quiz slip}}");
    }
    assert_fault(&copy, &["book/fr/src/1-blocking.md:9:", "can't be read"]);
}

#[test]
fn a_film_that_does_not_parse() {
    let copy = Copy::new();
    let name = "book/films/01-three-clients.jsonl";
    let text = copy.read(name);
    let broken: Vec<&str> = text
        .lines()
        .enumerate()
        .map(|(i, line)| if i == 2 { &line[..line.len() / 2] } else { line })
        .collect();
    fs::write(copy.path(name), broken.join("\n")).unwrap();
    assert_fault(&copy, &["book/films/01-three-clients.jsonl:3:", "parse"]);
}

#[test]
fn html_that_is_never_closed() {
    let copy = Copy::new();
    copy.change(FR, "En Python :", "<div>\n\nEn Python :");
    assert!(
        book(copy.root(), &["accept", "1-blocking.md#a-client-leaves"])
            .status
            .success()
    );
    assert_fault(&copy, &["book/fr/src/1-blocking.md:1:", "mdBook", "div"]);
}

#[test]
fn a_lock_that_cannot_be_read() {
    let copy = Copy::new();
    let name = "book/pairs.lock";
    let text = copy.read(name).replacen(' ', "", 1);
    let lines = text.lines().count();
    fs::write(copy.path(name), format!("{text}<<<<<<< ours\n")).unwrap();
    let place = format!("book/pairs.lock:{}:", lines + 1);
    assert_fault(&copy, &[&place, "fr-hash"]);
}

#[test]
fn a_lock_that_is_not_there() {
    let copy = Copy::new();
    fs::remove_file(copy.path("book/pairs.lock")).unwrap();
    assert_fault(&copy, &["book/pairs.lock:1:", "no lock yet"]);
    assert!(book(copy.root(), &["accept"]).status.success());
    assert!(book(copy.root(), &["check"]).status.success());
}

#[test]
fn faults_are_told_in_french_too() {
    let copy = Copy::new();
    copy.change(EN, " {#a-client-leaves}", "");
    let output = book(copy.root(), &["check", "--lang", "fr"]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("ce titre n'a pas d'identifiant\u{a0}:"), "{said}");
}
