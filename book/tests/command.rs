//! The command line, and what a build leaves behind.

mod common;

use std::fs;
use std::process::Command;

use common::{Copy, Served, book, command};

fn stdout(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn help_is_in_both_languages() {
    let copy = Copy::new();
    let output = book(copy.root(), &["--help"]);
    assert!(output.status.success());
    assert!(stdout(&output).contains("Usage: cargo book"), "{output:?}");
    let output = book(copy.root(), &["build", "--help", "--lang=fr"]);
    assert!(output.status.success());
    let said = stdout(&output);
    assert!(said.contains("Usage\u{a0}: cargo book build"), "{said}");
    assert!(
        said.contains("Options\u{a0}:") || said.contains("Options:"),
        "{said}"
    );
}

#[test]
fn a_wrong_command_line_is_status_2() {
    let copy = Copy::new();
    for arguments in [
        &["bild"][..],
        &["build", "--bse", "/x/"],
        &["check", "--lang", "de"],
        &["99999"],
        &["build", "--base"],
    ] {
        let output = book(copy.root(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("cargo book --help"), "{said}");
    }
}

#[test]
fn without_a_browser_printing_says_so_and_leaves_nothing() {
    let copy = Copy::new();
    let output = command(copy.root())
        .args(["pdf", "--lang", "fr"])
        .env("PATH", copy.path("nowhere"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("apt install chromium"), "{said}");
    assert!(!copy.path("target/book-pdf").exists());
}

#[test]
fn a_build_has_both_languages_and_what_stands_above() {
    let copy = Copy::new();
    let output = book(copy.root(), &["build"]);
    assert!(output.status.success(), "{output:?}");
    for name in
        ["index.html", "404.html", "fr/1-blocking.html", "en/print.html"]
    {
        assert!(copy.path("target/book").join(name).is_file(), "{name}");
    }
    let page = copy.read("target/book/fr/1-blocking.html");
    assert!(page.contains("href=\"../en/1-blocking.html\""), "the switch");
    assert!(page.contains("href=\"../en/1-blocking.html#a-client-leaves\""));
    assert!(page.contains("<html lang=\"fr\""));
    assert!(page.contains("deux\u{202f}!"), "French spaces");
    assert!(page.contains("Notre solution"));
    assert!(!page.contains("ANCHOR") && !page.contains("{{#"), "directives");
    let others = fs::read_dir(copy.path("target")).unwrap();
    let mut names: Vec<_> =
        others.flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    assert_eq!(names, ["book", "book-theme"]);
}

#[test]
fn a_class_kit_has_no_solutions() {
    let copy = Copy::new();
    let output = book(copy.root(), &["build", "--without-solutions"]);
    assert!(output.status.success(), "{output:?}");
    let page = copy.read("target/book/en/1-blocking.html");
    assert!(!page.contains("Our solution") && page.contains("A hint"));
}

#[test]
fn the_404_page_knows_where_the_site_stands() {
    let copy = Copy::new();
    assert!(
        book(copy.root(), &["build", "--base", "causette"]).status.success()
    );
    assert!(copy.read("target/book/404.html").contains("href=\"/causette/fr/"));
}

#[test]
fn a_failed_build_leaves_the_last_site() {
    let copy = Copy::new();
    assert!(book(copy.root(), &["build"]).status.success());
    let before = copy.read("target/book/en/glossary.html");
    copy.change(
        "book/en/src/glossary.md",
        "*Kernel*",
        "{{#movie x}}\n\n*Kernel*",
    );
    let output = book(copy.root(), &["build"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("book/en/src/glossary.md:3:"), "{said}");
    assert_eq!(copy.read("target/book/en/glossary.html"), before);
}

#[test]
fn two_builds_are_equal() {
    let copy = Copy::new();
    let build = || {
        assert!(book(copy.root(), &["build"]).status.success());
        ["fr/2-threads.html", "en/print.html", "index.html"]
            .map(|name| copy.read(&format!("target/book/{name}")))
    };
    assert_eq!(build(), build());
}

/// A stock mdBook runs the command of `book.toml`, and finds the patched template.
#[test]
fn a_stock_mdbook_builds_one_language() {
    let copy = Copy::new();
    let config = copy.read("book/fr/book.toml");
    let command = "cargo run --quiet --package book -- preprocess";
    assert!(config.contains(command), "{config}");
    let tool = format!("{} preprocess", env!("CARGO_BIN_EXE_book"));
    copy.change("book/fr/book.toml", command, &tool);
    let book = mdbook_driver::MDBook::load(copy.path("book/fr")).unwrap();
    book.build().unwrap();
    let page = copy.read("target/book/fr/1-blocking.html");
    assert!(page.contains("class=\"language\""), "the template is ours");
    assert!(page.contains("<form class=\"quiz\""), "directives are expanded");
    assert!(page.contains("deux\u{202f}!"), "French spaces");
}

#[test]
fn the_fixture_is_set_up_as_the_book_is() {
    let package = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for lang in ["fr", "en"] {
        let real = fs::read(package.join(lang).join("book.toml")).unwrap();
        let fixture = package.join("tests/fixture/book").join(lang);
        assert_eq!(
            real,
            fs::read(fixture.join("book.toml")).unwrap(),
            "{lang}"
        );
    }
}

#[test]
fn pages_are_served_and_nothing_else() {
    let copy = Copy::new();
    let served = Served::start(&copy);
    let page = served.get("/fr/glossary.html?x#y");
    assert!(page.starts_with("HTTP/1.1 200 OK"), "{page}");
    assert!(page.contains("/.built"), "it listens for the next build");
    let page = served.get("/fr");
    assert!(page.contains("Location: /fr/\r\n"), "{page}");
    let page = served.get("/../book/pairs.lock");
    assert!(page.starts_with("HTTP/1.1 404"), "{page}");
}

#[test]
fn a_port_that_is_taken_is_said() {
    let copy = Copy::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = book(copy.root(), &[&port, "--no-open"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains(&port), "{said}");
}

/// A pipe that is closed early, as `cargo book --help | head -1` does.
#[test]
fn a_closed_stdout_is_no_panic() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = Command::new(env!("CARGO_BIN_EXE_book"))
        .arg("--help")
        .stdout(writer)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("panicked"), "{said}");
}
