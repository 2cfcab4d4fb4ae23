//! `book/pairs.lock`: for each section, what both languages said when somebody last read
//! them side by side.
//!
//! A line is `chapter.md#section fr-hash en-hash`. Where one hash is no longer the
//! text's and the other still is, one language was changed and the other forgotten. A
//! hash ignores how lines are broken. It is FNV-1a, written out here: the lock outlives
//! compilers and libraries.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{Chapter, Chapters};
use crate::fault::{Fault, Problem};
use crate::markup::{self, Kind};
use crate::place::{self, Course};

/// What stands above the first heading.
const TOP: &str = "top";

/// One section of one language.
struct Section {
    line: usize,
    hash: String,
}

/// Both languages' hashes, French first.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pair {
    fr: String,
    en: String,
}

/// Compares, and counts the sections.
pub(crate) fn check(
    course: &Course,
    books: &[Chapters; 2],
    faults: &mut Vec<Fault>,
) -> usize {
    let path = course.lock();
    let locked = read(&path, faults);
    let has_lock = path.exists();
    if !has_lock {
        faults.push(Problem::new("fault-no-lock").at(&path, 1));
    }
    let mut sections = 0;
    each(books, |name, [en, fr], [english, french]| {
        sections += 1;
        let id = name.split_once('#').map_or(name, |(_, id)| id);
        if !has_lock {
            return;
        }
        let Some((_, pair)) = locked.get(name) else {
            let problem = Problem::new("fault-never-compared").with("id", id);
            faults.push(problem.at(&french.path, fr.line));
            return;
        };
        let changed = |one: &str, line: usize, other: &str| {
            Problem::new("fault-changed")
                .with("changed", one)
                .with("id", id)
                .with("line", line)
                .with("stale", other)
                .with("section", name)
        };
        match (fr.hash != pair.fr, en.hash != pair.en) {
            (false, false) => {}
            (true, false) => {
                let problem = changed("fr", fr.line, "en");
                faults.push(problem.at(&english.path, en.line));
            }
            (false, true) => {
                let problem = changed("en", en.line, "fr");
                faults.push(problem.at(&french.path, fr.line));
            }
            (true, true) => {
                let problem = Problem::new("fault-both-changed").with("id", id);
                faults.push(problem.at(&french.path, fr.line));
            }
        }
    });
    for (name, (line, _)) in &locked {
        if !is_there(books, name) {
            let problem = Problem::new("fault-gone").with("section", name);
            faults.push(problem.at(&path, *line));
        }
    }
    sections
}

/// Locks what changed in both languages and what is new, and refuses all of it where one
/// language alone has changed. With sections named, locks those and leaves the others as
/// they were.
pub(crate) fn accept(
    course: &Course,
    books: &[Chapters; 2],
    named: &[String],
) -> Result<usize, Vec<Fault>> {
    let path = course.lock();
    // A line that can't be read is written anew.
    let locked = read(&path, &mut Vec::new());
    let mut faults = Vec::new();
    if named.is_empty() {
        check(course, books, &mut faults);
        faults.retain(|fault| fault.problem.key == "fault-changed");
    }
    for name in named {
        if !is_there(books, name) {
            let problem =
                Problem::new("fault-unknown-section").with("section", name);
            faults.push(problem.at(&path, 1));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut text = String::from(HEAD);
    let mut changed = 0;
    each(books, |name, [en, fr], _| {
        let old = locked.get(name).map(|(_, pair)| pair);
        let new = Pair { fr: fr.hash.clone(), en: en.hash.clone() };
        let is_meant =
            named.is_empty() || named.iter().any(|named| named == name);
        let Some(pair) = (if is_meant { Some(&new) } else { old }) else {
            return;
        };
        text.push_str(&format!("{name} {} {}\n", pair.fr, pair.en));
        changed += usize::from(old != Some(pair));
    });
    let gone = locked.keys().filter(|name| !is_there(books, name)).count();
    place::write_whole(&path, text.as_bytes()).map_err(|error| {
        let problem = Problem::new("error-write")
            .with("path", course.shown(&path))
            .with("error", error);
        vec![problem.at(&path, 1)]
    })?;
    Ok(changed + gone)
}

const HEAD: &str = "\
# What both languages said when they were last read side by side. By `cargo book accept`.
";

/// The lock by section, with the lines.
fn read(
    path: &Path,
    faults: &mut Vec<Fault>,
) -> BTreeMap<String, (usize, Pair)> {
    let mut locked = BTreeMap::new();
    let text = fs::read_to_string(path).unwrap_or_default();
    for (i, line) in text.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [name, fr, en] = words[..] {
            let pair = Pair { fr: fr.to_string(), en: en.to_string() };
            locked.insert(name.to_string(), (i + 1, pair));
        } else {
            faults.push(Problem::new("fault-lock").at(path, i + 1));
        }
    }
    locked
}

/// Calls `with` for each section that both languages have.
fn each(
    books: &[Chapters; 2],
    mut with: impl FnMut(&str, [&Section; 2], [&Chapter; 2]),
) {
    let [english, french] = books;
    for (name, en) in english {
        let Some(fr) = french.get(name) else { continue };
        let here = sections(en);
        let there = sections(fr);
        for (id, section) in &here {
            if let Some(other) = there.get(id) {
                with(&format!("{name}#{id}"), [section, other], [en, fr]);
            }
        }
    }
}

fn is_there(books: &[Chapters; 2], name: &str) -> bool {
    let mut found = false;
    each(books, |section, _, _| found |= section == name);
    found
}

/// The sections of a chapter by their ids. A passage that only one language needs is no
/// part of any.
fn sections(chapter: &Chapter) -> BTreeMap<String, Section> {
    let only = chapter.only_lines();
    let mut heads: Vec<(usize, String)> = vec![(1, TOP.to_string())];
    for piece in markup::scan(&chapter.text) {
        if let Kind::Heading { id: Some(id), .. } = piece.kind {
            heads.push((piece.line, id.to_string()));
        }
    }
    let lines: Vec<&str> = chapter.text.lines().collect();
    let mut found = BTreeMap::new();
    for (i, (line, id)) in heads.iter().enumerate() {
        let end = heads.get(i + 1).map_or(lines.len() + 1, |(next, _)| *next);
        let text: Vec<&str> = (*line..end)
            .filter(|line| !only.contains(line))
            .filter_map(|line| lines.get(line - 1).copied())
            .collect();
        let text = plain(&text);
        if !text.is_empty() {
            let section = Section { line: *line, hash: hash(&text) };
            found.insert(id.clone(), section);
        }
    }
    found
}

/// Words and paragraphs, however the lines are broken; no-break spaces are the build's.
fn plain(lines: &[&str]) -> String {
    let paragraphs = lines.split(|line| line.trim().is_empty());
    let mut text = String::new();
    for paragraph in paragraphs.filter(|lines| !lines.is_empty()) {
        if !text.is_empty() {
            text.push('\n');
        }
        let words = paragraph.iter().flat_map(|line| line.split_whitespace());
        text.push_str(&words.collect::<Vec<_>>().join(" "));
    }
    text
}

fn hash(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use lab::texts::Lang;

    use super::*;

    fn hashes(text: &str) -> Vec<(String, String)> {
        let chapter = Chapter::new(Lang::Fr, "x.md".into(), text.to_string());
        let sections = sections(&chapter).into_iter();
        sections.map(|(id, section)| (id, section.hash)).collect()
    }

    #[test]
    fn the_hash_is_fnv_1a() {
        assert_eq!(hash(""), "cbf29ce484222325");
        assert_eq!(hash("a"), "af63dc4c8601ec8c");
        assert_eq!(hash("foobar"), "85944171f73967e8");
    }

    #[test]
    fn broken_lines_are_no_change_and_paragraphs_are() {
        let one = hashes("# A {#a}\n\none two\nthree\n");
        assert_eq!(one, hashes("# A {#a}\n\n\none\ntwo  three"));
        assert_ne!(one, hashes("# A {#a}\n\none two\n\nthree\n"));
    }

    #[test]
    fn a_change_is_its_sections_alone() {
        let before = hashes("# A {#a}\none\n## B {#b}\ntwo\n");
        let after = hashes("# A {#a}\none\n## B {#b}\ntoo\n");
        assert_eq!(before[0], after[0]);
        assert_ne!(before[1], after[1]);
    }

    #[test]
    fn what_one_language_needs_alone_is_no_change() {
        let with = "# A {#a}\none\n\n<!-- only fr -->\nici\n<!-- /only -->\n";
        assert_eq!(hashes(with), hashes("# A {#a}\none\n"));
    }
}
