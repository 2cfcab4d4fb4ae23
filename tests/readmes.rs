//! The two README files say the same things, and what they say is so.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const README: &str = include_str!("../README.md");
const LISEZ_MOI: &str = include_str!("../README.fr.md");
const MANIFEST: &str = include_str!("../Cargo.toml");

/// The targets of the links, `](target)`, but for the link to the other file.
fn links(text: &str) -> BTreeSet<&str> {
    let targets =
        text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets
        .filter(|target| {
            !target.starts_with("README") && !target.starts_with("http")
        })
        .collect()
}

/// What stands between back quotes, on one line.
fn code(text: &str) -> BTreeSet<&str> {
    let prose = text.split("```").step_by(2);
    prose.flat_map(|prose| prose.split('`').skip(1).step_by(2)).collect()
}

/// The beginning of each line that has a form: headings, tables, code.
fn shape(text: &str) -> Vec<&str> {
    let forms = ["##", "#", "|", "```console", "```text", "```", "- ", "$ "];
    text.lines()
        .filter_map(|line| {
            forms.into_iter().find(|form| line.starts_with(form))
        })
        .collect()
}

#[test]
fn both_have_the_same_shape_links_and_code() {
    assert_eq!(shape(README), shape(LISEZ_MOI));
    assert_eq!(links(README), links(LISEZ_MOI));
    let named = |text| -> BTreeSet<String> {
        code(text)
            .into_iter()
            .map(|code| {
                code.replace("NAME", "NOM").replace("PASSWORD", "MOT_DE_PASSE")
            })
            .collect()
    };
    assert_eq!(named(README), named(LISEZ_MOI));
}

#[test]
fn links_arrive() {
    for link in links(README) {
        assert!(Path::new(link).exists(), "{link}");
    }
}

#[test]
fn every_program_is_there_and_has_its_name() {
    let mut steps: Vec<String> = fs::read_dir("solutions")
        .unwrap()
        .map(|entry| {
            entry.unwrap().file_name().to_string_lossy().replace(".rs", "")
        })
        .collect();
    steps.sort();
    for step in &steps {
        // The last one is a package of its own.
        let own = Path::new("solutions").join(step).join("Cargo.toml");
        let manifest = fs::read_to_string(own).unwrap_or(MANIFEST.to_string());
        assert!(
            manifest.contains(&format!("name = \"{step}\"")),
            "{step} is no program"
        );
        assert!(
            README.contains(&format!("[`{step}`]")),
            "{step} isn't in the README"
        );
    }
    for named in README.split("--bin ").skip(1) {
        let end = named.find(|c: char| !c.is_alphanumeric() && c != '_');
        let name = &named[..end.unwrap_or(named.len())];
        assert!(
            ["NAME", "client"].contains(&name)
                || steps.iter().any(|step| step == name),
            "{name}"
        );
    }
}

#[test]
fn the_rust_that_it_takes_is_the_manifests() {
    let version = MANIFEST
        .split("rust-version = \"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let version = version.unwrap();
    assert!(README.contains(&format!("/install) {version} or newer")));
    assert!(LISEZ_MOI.contains(&format!("/install) {version} ou plus")));
}

/// French puts a no-break space before these, and never a plain one.
#[test]
fn french_has_its_no_break_spaces() {
    let prose: String = LISEZ_MOI.split("```").step_by(2).collect();
    let prose: String = prose.split('`').step_by(2).collect();
    for mark in [" :", " ;", " !", " ?"] {
        assert!(!prose.contains(mark), "a plain space before {mark}");
    }
}
