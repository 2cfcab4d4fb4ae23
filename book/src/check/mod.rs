//! What is wrong with the book: everything that a build wouldn't stop at.
//!
//! Two languages drift apart one small change at a time. So the books have the same
//! files, the same sections, the same listings and pictures in the same order; and a
//! lock file remembers what both said when somebody last read them side by side.

mod chapter;
mod links;
mod lock;
mod pairs;

use std::collections::BTreeMap;
use std::fs;

use lab::texts::{Lang, Texts};

use crate::expand::Expander;
use crate::fault::{Fault, Problem};
use crate::place::Course;
use crate::site::{self, Options};
use crate::{film, quiz};

pub(crate) use chapter::Chapter;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) faults: Vec<Fault>,
    pub(crate) chapters: usize,
    pub(crate) sections: usize,
    pub(crate) quizzes: usize,
    pub(crate) films: usize,
}

/// One language's chapters by their file names.
pub(crate) type Chapters = BTreeMap<String, Chapter>;

/// Checks all of it.
pub(crate) fn check(course: &Course, texts: &Texts, lang: Lang) -> Report {
    let mut report = Report::default();
    let (books, unreadable) = read(course);
    report.faults.extend(unreadable);
    pairs::check(course, &books, texts, &mut report.faults);
    for (lang, chapters) in Lang::ALL.into_iter().zip(&books) {
        let expander = Expander::new(course, lang, true);
        for chapter in chapters.values() {
            chapter.check(&mut report.faults);
            links::check(course, chapter, chapters, &mut report.faults);
            let (_, faults) = expander.chapter(&chapter.path, &chapter.text);
            report.faults.extend(faults);
        }
    }
    report.chapters = books[0].len();
    report.sections = lock::check(course, &books, &mut report.faults);
    report.quizzes = each(course, "book/quizzes", "json", |name| {
        report.faults.extend(quiz::check(&course.quiz(name)).err());
    });
    report.films = each(course, "book/films", "jsonl", |name| {
        report.faults.extend(film::read(course, name).err());
    });
    if report.faults.is_empty() {
        report.faults.extend(built(course, lang));
        report.faults.extend(film::check(course, lang));
    }
    report.faults.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    report.faults.dedup();
    report
}

/// Notes what both languages say now. Returns how many sections that changed.
pub(crate) fn accept(
    course: &Course,
    sections: &[String],
) -> Result<usize, Vec<Fault>> {
    let (books, faults) = read(course);
    if faults.is_empty() {
        lock::accept(course, &books, sections)
    } else {
        Err(faults)
    }
}

/// The chapters in the order of `Lang::ALL`; `SUMMARY.md` is none of them.
fn read(course: &Course) -> ([Chapters; 2], Vec<Fault>) {
    let mut faults = Vec::new();
    let books = Lang::ALL.map(|lang| {
        let folder = course.chapters(lang);
        let mut chapters = Chapters::new();
        for name in Course::names(&folder, "md") {
            let path = folder.join(&name);
            match fs::read_to_string(&path) {
                Ok(_) if name == pairs::SUMMARY => {}
                Ok(text) => {
                    chapters.insert(name, Chapter::new(lang, path, text));
                }
                Err(error) => {
                    let problem = Problem::new("fault-unreadable")
                        .with("file", &name)
                        .with("error", error);
                    faults.push(problem.at(&path, 1));
                }
            }
        }
        chapters
    });
    (books, faults)
}

/// Calls `with` for the stem of each file, and counts them.
fn each(
    course: &Course,
    folder: &str,
    ext: &str,
    mut with: impl FnMut(&str),
) -> usize {
    let names = Course::names(&course.root().join(folder), ext);
    for name in &names {
        with(name.strip_suffix(&format!(".{ext}")).unwrap_or(name));
    }
    names.len()
}

/// What mdBook has to say of the whole.
fn built(course: &Course, lang: Lang) -> Vec<Fault> {
    let options = Options { base: "/".into(), with_solutions: true, lang };
    let whole = |said: &str| {
        Problem::new("fault-mdbook")
            .with("error", said)
            .at(&course.root().join("book"), 1)
    };
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => return vec![whole(&error.to_string())],
    };
    match site::build_in(course, &options, folder.path()) {
        Ok(warned) => warned
            .iter()
            .map(|(lang, said)| of_mdbook(course, *lang, said))
            .collect(),
        Err(error) => vec![whole(&format!("{error:#}"))],
    }
}

/// It names the chapter in its sentence, and no line.
fn of_mdbook(course: &Course, lang: Lang, said: &str) -> Fault {
    let folder = course.chapters(lang);
    let mut names = Course::names(&folder, "md");
    names.retain(|name| said.contains(name.as_str()));
    let path = names.first().map_or(folder.clone(), |name| folder.join(name));
    Problem::new("fault-mdbook").with("error", said).at(&path, 1)
}
