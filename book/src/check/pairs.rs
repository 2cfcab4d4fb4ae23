//! Both languages side by side: the same files, and the same bones in each.

use std::fs;

use lab::texts::{Lang, Texts};
use pulldown_cmark::{Event, Parser, Tag};

use super::{Chapter, Chapters};
use crate::expand;
use crate::fault::{Fault, Problem};
use crate::markup::Kind;
use crate::place::{self, Course};

pub(crate) const SUMMARY: &str = "SUMMARY.md";

/// Compares the books, which stand in the order of `Lang::ALL`.
pub(crate) fn check(
    course: &Course,
    books: &[Chapters; 2],
    texts: &Texts,
    faults: &mut Vec<Fault>,
) {
    let [first, second] = Lang::ALL;
    for (lang, here, there) in
        [(first, &books[0], &books[1]), (second, &books[1], &books[0])]
    {
        let other = course.chapters(place::other(lang));
        for chapter in here.values() {
            let name = chapter.name();
            if !there.contains_key(&name) {
                let missing = course.shown(&other.join(name));
                let problem =
                    Problem::new("fault-one-language").with("other", missing);
                faults.push(problem.at(&chapter.path, 1));
            }
        }
    }
    summaries(course, books, texts, faults);
    for chapter in books[1].values() {
        if let Some(other) = books[0].get(&chapter.name()) {
            skeletons(course, chapter, other, texts, faults);
        }
    }
}

/// The chapters are listed in the same order, all of them.
fn summaries(
    course: &Course,
    books: &[Chapters; 2],
    texts: &Texts,
    faults: &mut Vec<Fault>,
) {
    let mut listed: Vec<Vec<(usize, String)>> = Vec::new();
    let mut paths = Vec::new();
    for (lang, chapters) in Lang::ALL.into_iter().zip(books) {
        let path = course.chapters(lang).join(SUMMARY);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                let problem = Problem::new("fault-unreadable")
                    .with("file", SUMMARY)
                    .with("error", error);
                faults.push(problem.at(&path, 1));
                String::new()
            }
        };
        let links = links(&text);
        for (line, to) in &links {
            if !to.is_empty() && !chapters.contains_key(to) {
                let problem =
                    Problem::new("fault-dead-file").with("target", to);
                faults.push(problem.at(&path, *line));
            }
        }
        for chapter in chapters.values() {
            if !links.iter().any(|(_, to)| *to == chapter.name()) {
                let problem = Problem::new("fault-not-in-summary");
                faults.push(problem.at(&chapter.path, 1));
            }
        }
        listed.push(links);
        paths.push(path);
    }
    let nothing = texts.say("thing-nothing", &[]);
    let [first, second] = &listed[..] else { return };
    for i in 0..first.len().max(second.len()) {
        let named =
            |list: &[(usize, String)]| list.get(i).map(|(_, to)| to.clone());
        if named(first) != named(second) {
            let line =
                second.get(i).or(second.last()).map_or(1, |(line, _)| *line);
            let problem = Problem::new("fault-summary-order")
                .with("here", named(second).unwrap_or(nothing.clone()))
                .with("other", course.shown(&paths[0]))
                .with("there", named(first).unwrap_or(nothing));
            faults.push(problem.at(&paths[1], line));
            return;
        }
    }
}

/// Where the links of a summary lead, with their lines.
fn links(summary: &str) -> Vec<(usize, String)> {
    Parser::new(summary)
        .into_offset_iter()
        .filter_map(|(event, range)| match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                let line = summary[..range.start].matches('\n').count() + 1;
                let to = dest_url.trim_start_matches("./").to_string();
                Some((line, to))
            }
            _ => None,
        })
        .collect()
}

/// What must not differ, with the line that it stands in.
fn skeleton(chapter: &Chapter, texts: &Texts) -> Vec<(usize, String)> {
    let mut bones = Vec::new();
    for piece in chapter.shared() {
        let problem = match piece.kind {
            Kind::Heading { level, id, .. } => Problem::new("thing-heading")
                .with("level", level)
                .with("id", id.unwrap_or("?")),
            Kind::Fence { info, body, .. } => match expand::included(&body) {
                Some(what) => Problem::new("thing-listing")
                    .with("info", info)
                    .with("what", what),
                None => Problem::new("thing-fence").with("info", info),
            },
            Kind::Directive { name, arguments } => {
                let mut words = vec![name];
                words.extend(arguments);
                let text = format!("{{{{#{}}}}}", words.join(" "));
                Problem::new("thing-directive").with("text", text)
            }
            Kind::End(name) => Problem::new("thing-end").with("name", name),
            Kind::Admonition { name, .. } => {
                Problem::new("thing-admonition").with("name", name)
            }
            Kind::Text(_) | Kind::Only(_) | Kind::EndOnly => continue,
        };
        bones.push((piece.line, problem.say(texts)));
    }
    let only = chapter.only_lines();
    for (event, range) in chapter.parser() {
        let problem = match event {
            Event::Start(Tag::Image { dest_url, .. }) => {
                Problem::new("thing-image").with("target", dest_url)
            }
            Event::Start(Tag::Table(columns)) => {
                Problem::new("thing-table").with("columns", columns.len())
            }
            _ => continue,
        };
        let line = chapter.line_at(range.start);
        if !only.contains(&line) {
            bones.push((line, problem.say(texts)));
        }
    }
    bones.sort_by_key(|(line, _)| *line);
    bones
}

/// Tells the first bone that differs; what follows it usually does as well.
fn skeletons(
    course: &Course,
    here: &Chapter,
    there: &Chapter,
    texts: &Texts,
    faults: &mut Vec<Fault>,
) {
    let (mine, theirs) = (skeleton(here, texts), skeleton(there, texts));
    let other = course.shown(&there.path);
    let differs = (0..mine.len().max(theirs.len())).find(|&i| {
        mine.get(i).map(|bone| &bone.1) != theirs.get(i).map(|bone| &bone.1)
    });
    let Some(i) = differs else { return };
    let fault = match (mine.get(i), theirs.get(i)) {
        (mine_here, Some((line, bone))) => {
            let problem = match mine_here {
                Some((_, here)) => {
                    Problem::new("fault-skeleton").with("here", here)
                }
                None => Problem::new("fault-skeleton-missing"),
            };
            let last = here.text.lines().count().max(1);
            problem
                .with("there", bone)
                .with("other", other)
                .with("line", line)
                .at(&here.path, mine_here.map_or(last, |(line, _)| *line))
        }
        (Some((line, bone)), None) => Problem::new("fault-skeleton-missing")
            .with("there", bone)
            .with("other", course.shown(&here.path))
            .with("line", line)
            .at(&there.path, there.text.lines().count().max(1)),
        (None, None) => return,
    };
    faults.push(fault);
}
