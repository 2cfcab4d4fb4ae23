//! The benchmarks, for a moment: they run, and what stands in `BENCHMARKS.md` is what
//! was measured. How fast anything is, no test says.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;

use load::args::{self, Request};
use load::results::{Results, Spread};
use load::{plot, report, scenes, table};
use proptest::prelude::*;

#[path = "../benches/load/mod.rs"]
mod load;

fn request(line: &str) -> Result<Request, clap::Error> {
    let line = format!("bench {line}");
    args::parse(line.split_whitespace().map(Into::into))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn template() -> String {
    fs::read_to_string(root().join("benches/report.md"))
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn an_echo_and_a_chat_are_measured_with_those_who_do_nothing() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("results.json");
    let line = format!(
        "--only 03,06 --clients 10,12 --rounds 1 --millis 1 --json {}",
        file.display()
    );
    let printed = load::perform(&request(&line).unwrap()).unwrap();
    assert!(printed.contains("`03_select_echo`"), "{printed}");

    let text = fs::read_to_string(&file).unwrap();
    let results = Results::of_json(&text).unwrap();
    assert_eq!(results.to_json(), text);
    assert_eq!(results.troubles, Vec::<String>::new());
    let ours: Vec<_> = results
        .rows
        .iter()
        .filter(|row| row.kind == table::Kind::Rust)
        .inspect(|row| assert!(row.is_sound(), "{row:?}"))
        .map(|row| (row.step.as_str(), row.scene.name(), row.clients, row.idle))
        .collect();
    assert_eq!(
        ours,
        [
            ("03", "echo", 10, 0),
            ("03", "echo", 12, 0),
            ("03", "echo", 10, 12),
            ("06", "calm", 10, 0),
            ("06", "flood", 10, 0),
            ("06", "calm", 12, 0),
            ("06", "flood", 12, 0),
            ("06", "calm", 10, 12),
            ("06", "flood", 10, 12),
        ]
    );
    // One who says something is heard by all the others.
    let calm = results
        .rows
        .iter()
        .find(|row| row.step == "06" && row.clients == 12 && row.idle == 0);
    let delivered = calm.unwrap().samples[0].done;
    assert!(delivered > 0 && delivered.is_multiple_of(11), "{delivered}");

    let page = report::page(&results, &template()).unwrap();
    assert!(!page.contains("{{"), "{page}");
    are_pictures(&plot::all(&results));
}

/// In both languages, with a title and a description that a screen reader finds.
fn are_pictures(pictures: &[(String, String)]) {
    for lang in ["en", "fr"] {
        let its = |it: &&(String, String)| it.0.starts_with(lang);
        assert_eq!(pictures.iter().filter(its).count(), 5);
    }
    for (name, svg) in pictures {
        let document = roxmltree::Document::parse(svg)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"), "{name}");
        let by_id = |id: &str| {
            let mut all = document.descendants();
            let found = all.find(|it| it.attribute("id") == Some(id));
            found.and_then(|it| it.text()).unwrap_or_default().to_string()
        };
        let labels = root.attribute("aria-labelledby").unwrap_or_default();
        let labels: Vec<String> = labels.split(' ').map(by_id).collect();
        assert_eq!(labels.len(), 2, "{name}");
        assert!(labels.iter().all(|it| it.len() > 10), "{name}: {labels:?}");
    }
}

#[test]
fn the_page_and_the_pictures_are_those_of_the_figures() {
    let json = fs::read_to_string(root().join("benches/results.json")).unwrap();
    let results = Results::of_json(&json).unwrap();
    let is = |path: &str, text: &str| {
        let there = fs::read_to_string(root().join(path)).unwrap();
        assert!(
            there == text,
            "{path} is not what `cargo bench -- --replot` writes"
        );
    };
    is("BENCHMARKS.md", &report::page(&results, &template()).unwrap());
    let pictures = plot::all(&results);
    are_pictures(&pictures);
    for (name, svg) in pictures {
        is(&format!("book/plots/{name}"), &svg);
    }
}

#[test]
fn only_a_whole_run_is_for_the_page() {
    let whole = |line| match request(line) {
        Ok(Request::Measure(options)) => options.is_whole(),
        _ => panic!("{line}"),
    };
    // cargo adds --bench.
    assert!(whole("") && whole("--bench"));
    for line in
        ["--quick", "--only 04", "--clients 10", "--rounds 3", "--millis 9"]
    {
        assert!(!whole(line), "{line}");
    }
}

#[test]
fn what_makes_no_sense_is_refused_and_nothing_is_measured() {
    for line in [
        "--only 09",
        "--clients 0",
        "--clients 2000",
        "--rounds 0",
        "--millis x",
        "--quick --replot",
        "--json",
        "what",
    ] {
        assert!(request(line).is_err(), "{line}");
    }
    let status = load::main(["bench", "what"].into_iter().map(Into::into));
    let two = std::process::ExitCode::from(2);
    assert_eq!(format!("{status:?}"), format!("{two:?}"));
}

#[test]
fn a_file_that_is_no_result_is_told_with_its_name() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("broken.json");
    for (text, complaint) in [
        ("", "EOF"),
        ("{}", "the file has no settings"),
        ("{\"settings\": {\"rounds\": \"x\"}}", "rounds: \"x\" is no whole"),
    ] {
        fs::write(&file, text).unwrap();
        let line = format!("--replot --json {}", file.display());
        let error = load::perform(&request(&line).unwrap()).unwrap_err();
        assert!(
            error.contains("broken.json") && error.contains(complaint),
            "{error}"
        );
    }
}

#[test]
fn a_template_with_an_unknown_table_or_file_is_told_by_its_line() {
    let json = fs::read_to_string(root().join("benches/results.json")).unwrap();
    let results = Results::of_json(&json).unwrap();
    let error = report::page(&results, "# Title\n{{speed}}\n").unwrap_err();
    assert_eq!(error, "benches/report.md:2: no table speed");
    let error = report::page(&results, "{{include no.md}}\n").unwrap_err();
    assert!(error.starts_with("benches/report.md:1: no.md: "), "{error}");
}

proptest! {
    #[test]
    fn lines_are_counted_as_anybody_would(
        bytes in prop::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..2000),
    ) {
        let expected = bytes.iter().filter(|&&byte| byte == b'\n').count();
        prop_assert_eq!(scenes::lines_in(&bytes), expected as u64);
    }

    #[test]
    fn the_median_stands_in_the_middle(
        values in prop::collection::vec(-1e9..1e9_f64, 1..20),
    ) {
        let spread = Spread::of(values.iter().copied()).unwrap();
        let below = values.iter().filter(|&&it| it < spread.median).count();
        let above = values.iter().filter(|&&it| it > spread.median).count();
        prop_assert!(below <= values.len() / 2 && above <= values.len() / 2);
        prop_assert!(values.iter().all(|&it| spread.least <= it && it <= spread.most));
        prop_assert!(spread.overlaps(spread));
    }
}
