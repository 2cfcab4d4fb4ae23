//! French and English hold together, and every text that the code asks for is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use lab::check::{self, Level};
use lab::course::Step;
use lab::texts::{Lang, Texts};

const EN: &str = concat!(
    include_str!("../locales/en.ftl"),
    include_str!("../locales/picture.en.ftl"),
);
const FR: &str = concat!(
    include_str!("../locales/fr.ftl"),
    include_str!("../locales/picture.fr.ftl"),
);

/// Each key and its text.
fn table(source: &'static str) -> BTreeMap<&'static str, &'static str> {
    let entries = source.lines().filter(|line| !line.starts_with('#'));
    let entries = entries.filter_map(|line| line.split_once(" = "));
    entries.map(|(key, text)| (key.trim(), text)).collect()
}

/// The names of its placeholders.
fn placeholders(text: &str) -> BTreeSet<&str> {
    let names = text.split('$').skip(1);
    let ends = |c: char| !c.is_alphanumeric() && c != '_' && c != '-';
    names.filter_map(|rest| rest.split(ends).next()).collect()
}

#[test]
fn both_have_the_same_keys_and_placeholders() {
    let (en, fr) = (table(EN), table(FR));
    assert_eq!(en.keys().collect::<Vec<_>>(), fr.keys().collect::<Vec<_>>());
    for (key, text) in &en {
        assert_eq!(placeholders(text), placeholders(fr[key]), "{key}");
        assert!(!text.is_empty() && !fr[key].is_empty(), "{key}");
    }
    // A line that Fluent can't read, it leaves out.
    for lang in Lang::ALL {
        let texts = Texts::new(lang);
        for key in en.keys() {
            assert_ne!(texts.say(key, &[]), *key, "{lang:?} has no {key}");
        }
    }
}

/// All the texts of the code, cut at the quotes.
fn literals() -> BTreeSet<String> {
    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in
            fs::read_dir(folder).expect("the sources are there").flatten()
        {
            let path = entry.path();
            if path.is_dir() { sources(&path, found) } else { found.push(path) }
        }
    }
    let mut paths = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut paths);
    let texts = paths
        .iter()
        .map(|path| fs::read_to_string(path).expect("it's readable"));
    texts
        .flat_map(|text| {
            text.split('"').map(str::to_string).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn every_key_that_the_code_names_is_there() {
    let en = table(EN);
    let families = [
        "did-",
        "expected-",
        "saw-",
        "why-",
        "error-",
        "label-",
        "verdict-",
        "step-",
        "picture-",
    ];
    let literals = literals();
    for literal in &literals {
        let is_key = literal
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        if is_key && families.iter().any(|family| literal.starts_with(family)) {
            assert!(en.contains_key(literal.as_str()), "{literal}");
        }
        // A mistake: 03a, 05m-open.
        let bytes = literal.as_bytes();
        let is_mistake = matches!(
            bytes,
            [b'0', b'1'..=b'6', b'a'..=b'z', ..]
                | [b'0', b'1'..=b'6', b'-', b'a'..=b'z', ..]
        ) && literal.len() < 20
            && !literal.contains('_')
            && !literal.contains(' ');
        if is_mistake {
            assert!(
                en.contains_key(format!("usually-{literal}").as_str()),
                "{literal}"
            );
        }
    }
    // And no text is there that nobody asks for.
    let steps = Step::ALL.map(|step| format!("step-{}", step.number()));
    for key in en.keys() {
        let end = ["usually-", "check-", "about-", "option-", "usage-"]
            .iter()
            .find_map(|family| key.strip_prefix(family));
        assert!(
            literals.contains(*key)
                || steps.iter().any(|step| step == key)
                || end.is_some_and(|end| literals.contains(end)),
            "{key}"
        );
    }
}

#[test]
fn every_check_has_its_title() {
    for step in Step::ALL {
        for check in check::of(step, Level::Solid) {
            let key = format!("check-{}", check.id);
            assert!(table(EN).contains_key(key.as_str()), "{key}");
        }
    }
}

#[test]
fn arguments_stand_in_the_text_as_they_are() {
    let texts = Texts::new(Lang::Fr);
    let said = texts.say(
        "did-send",
        &[("client", "1".to_string()), ("bytes", "zk41".to_string())],
    );
    assert_eq!(said, "le client 1 a envoyé \"zk41\"");
}

#[test]
fn french_has_its_no_break_spaces() {
    for (key, text) in table(FR) {
        for mark in [" :", " ;", " !", " ?", " »", "« "] {
            assert!(!text.contains(mark), "{key}: {text}");
        }
    }
}
