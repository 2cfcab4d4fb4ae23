//! The book in a real browser: Debian's chromium, driven by playwright-core.
//!
//! What to install: `apt-get install chromium nodejs npm`, then `npm ci` in
//! `book/tests/browser`. Without them these tests are skipped, and say so.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use common::{Copy, Served, book};
use lab::check::{self, Dialogue, Event, Failure, Level, Moment, Text};
use lab::course::Step;
use lab::picture;
use lab::texts::{Lang, Texts};

/// Where Linux distributions and macOS put it.
const BROWSERS: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "chrome"];

fn found(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

/// The folder of the tests and a browser, or a word on why there is none.
fn tools() -> Result<(PathBuf, PathBuf), String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    found("node").ok_or("there is no node")?;
    let browser = BROWSERS
        .iter()
        .find_map(|name| found(name))
        .ok_or("there is no chromium")?;
    if !folder.join("node_modules/playwright-core").is_dir() {
        return Err("run npm ci in book/tests/browser".to_string());
    }
    Ok((folder, browser))
}

/// Runs a file of tests, and fails as it does.
fn run(file: &str, variables: &[(&str, String)]) {
    let (folder, browser) = match tools() {
        Ok(tools) => tools,
        Err(why) => {
            common::skipped(&why);
            return;
        }
    };
    let output = Command::new("node")
        .args(["--test", "--test-reporter=tap", file])
        .current_dir(folder)
        .env("CHROMIUM", browser)
        .envs(variables.iter().cloned())
        .stdin(Stdio::null())
        .output()
        .expect("node starts");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_pages_work_in_a_browser() {
    if let Err(why) = tools() {
        return common::skipped(&why);
    }
    let copy = Copy::new();
    let served = Served::start(&copy);
    run(
        "book.test.mjs",
        &[
            ("ROOT", copy.root().display().to_string()),
            ("SITE", copy.root().join("target/book").display().to_string()),
            ("URL", served.address.clone()),
        ],
    );
}

#[test]
fn no_page_has_a_fault_that_axe_knows() {
    if let Err(why) = tools() {
        return common::skipped(&why);
    }
    let copy = Copy::new();
    assert!(book(copy.root(), &["build"]).status.success());
    let fixture = copy.path("target/book").display().to_string();
    let mut sites = vec![("FIXTURE", fixture)];
    // The book itself, through a copy too: two tests may build at once.
    let whole = Copy::of_the_book();
    if let Some(whole) = &whole {
        let built = book(whole.root(), &["build"]);
        assert!(built.status.success(), "{built:?}");
        sites.push(("BOOK", whole.path("target/book").display().to_string()));
    }
    let pictures = copy.path("pictures");
    keep_pictures(&pictures);
    sites.push(("PICTURES", pictures.display().to_string()));
    run("pages.test.mjs", &sites);
}

/// Pages of failed checks, as `cargo lab check` writes them: one in each language.
fn keep_pictures(folder: &Path) {
    let check = check::of(Step::CommandChat, Level::Lab).remove(0);
    let evil = "<script>document.body.remove()</script>\n";
    let events = [
        Event::Crowd(40),
        Event::Connect(1),
        Event::Connect(2),
        Event::Connect(3),
        Event::Send(1, b"MSG salut\n".to_vec()),
        Event::Receive(2, evil.repeat(4).into_bytes()),
        Event::HalfClose(2),
        Event::End(2),
        Event::Reset(3),
    ];
    let moments = (0..).zip(events);
    let moments = moments
        .map(|(ms, event)| Moment { at: Duration::from_millis(ms), event });
    let failure = Failure {
        mistake: "04b",
        expected: Text {
            key: "expected-echo",
            arguments: vec![("bytes", evil.to_string())],
        },
        saw: Text { key: "saw-nothing", arguments: Vec::new() },
        dialogue: Dialogue {
            moments: moments.collect(),
            missed_at: Duration::from_secs(1),
            missed_by: Some(1),
        },
        complaint: None,
    };
    fs::create_dir_all(folder).expect("the folder of the copy is ours");
    for lang in Lang::ALL {
        let texts = Texts::new(lang);
        let page = picture::page(Step::CommandChat, &check, &failure, &texts);
        let file = folder.join(format!("{}.html", lang.code()));
        fs::write(file, page.expect("something has happened"))
            .expect("the folder of the copy is ours");
    }
}

#[test]
fn the_book_is_printed_chapter_by_chapter_and_whole() {
    if !BROWSERS.iter().any(|name| found(name).is_some()) {
        common::skipped("there is no chromium");
        return;
    }
    let copy = Copy::new();
    let output = book(copy.root(), &["pdf"]);
    assert!(output.status.success(), "{output:?}");
    for name in [
        "causette-en.pdf",
        "causette-fr.pdf",
        "en/1-blocking.pdf",
        "fr/before-you-start.pdf",
    ] {
        let pdf = std::fs::read(copy.path("target/book-pdf").join(name));
        let pdf = pdf.expect(name);
        assert!(pdf.starts_with(b"%PDF-"), "{name}");
        let end = &pdf[pdf.len().saturating_sub(16)..];
        assert!(end.windows(5).any(|it| it == b"%%EOF"), "{name}");
    }
    assert!(!copy.path("target/book").exists(), "the site is another matter");
}
