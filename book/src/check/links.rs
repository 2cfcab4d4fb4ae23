//! Links inside the book lead somewhere. Those that leave it are looked at once a site is
//! built, by `book/tests/external`.

use std::path::Path;

use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag};

use super::{Chapter, Chapters};
use crate::fault::{Fault, Problem};
use crate::place::Course;

pub(crate) fn check(
    course: &Course,
    chapter: &Chapter,
    chapters: &Chapters,
    faults: &mut Vec<Fault>,
) {
    let mut undefined = Vec::new();
    let note = |broken: BrokenLink<'_>| {
        // `[like this]` is a word in brackets; `[like][this]` wants to be a link.
        if matches!(broken.link_type, LinkType::Reference | LinkType::Collapsed)
        {
            undefined.push((broken.span.start, broken.reference.to_string()));
        }
        None
    };
    let parser = Parser::new_with_broken_link_callback(
        &chapter.text,
        Options::all(),
        Some(note),
    );
    let mut found = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(
                Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. },
            ) => found.push((range.start, dest_url.to_string())),
            Event::Html(html) | Event::InlineHtml(html) => {
                for attribute in [" href=\"", " src=\""] {
                    let targets = html.split(attribute).skip(1);
                    found.extend(targets.filter_map(|rest| {
                        Some((range.start, rest.split_once('"')?.0.to_string()))
                    }));
                }
            }
            _ => {}
        }
    }
    let folder = course.chapters(chapter.lang);
    for (offset, target) in found {
        if let Some(problem) = dead(&folder, chapter, chapters, &target) {
            faults.push(problem.at(&chapter.path, chapter.line_at(offset)));
        }
    }
    for (offset, label) in undefined {
        let problem = Problem::new("fault-dead-reference").with("label", label);
        faults.push(problem.at(&chapter.path, chapter.line_at(offset)));
    }
}

fn dead(
    folder: &Path,
    chapter: &Chapter,
    chapters: &Chapters,
    target: &str,
) -> Option<Problem> {
    let scheme = target.split_once(':').map(|(scheme, _)| scheme);
    if scheme.is_some_and(|scheme| {
        scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }) {
        return None;
    }
    let (file, id) = match target.split_once('#') {
        Some((file, id)) => (file, Some(id)),
        None => (target, None),
    };
    let name = match file.trim_start_matches("./").strip_suffix(".html") {
        Some(stem) => format!("{stem}.md"),
        None => file.trim_start_matches("./").to_string(),
    };
    let to = if name.is_empty() { Some(chapter) } else { chapters.get(&name) };
    let Some(to) = to else {
        let is_file = !name.ends_with(".md") && folder.join(&name).is_file();
        return (!is_file)
            .then(|| Problem::new("fault-dead-file").with("target", target));
    };
    let id = id?;
    (!to.ids().contains_key(id)).then(|| {
        Problem::new("fault-dead-anchor").with("file", to.name()).with("id", id)
    })
}
