//! The book as the reports point into it: its chapters are read where they are, as
//! they are now.

use std::fs;
use std::path::Path;

use crate::texts::Lang;

/// A place in the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The number of its chapter; an appendix has none.
    pub number: Option<u32>,
    /// The title of its chapter.
    pub chapter: String,
    /// Its own title; `None` when the whole chapter is meant.
    pub title: Option<String>,
}

/// Looks `pointer` up, `3-select#sets` or `3-select`, in the book of the course at
/// `root`. `None`: it isn't written yet, or this copy of the course has no book.
pub fn section(root: &Path, lang: Lang, pointer: &str) -> Option<Section> {
    let (file, id) = match pointer.split_once('#') {
        Some((file, id)) => (file, Some(id)),
        None => (pointer, None),
    };
    let path = root.join("book").join(lang.code()).join("src");
    let text = fs::read_to_string(path.join(format!("{file}.md"))).ok()?;
    let number = file.split('-').next().and_then(|it| it.parse().ok());
    let chapter = headings(&text).next()?;
    let title = match id {
        Some(id) if Some(id) != chapter.id => {
            let mut all = headings(&text);
            let heading = all.find(|heading| heading.id == Some(id))?;
            Some(typeset(heading.title, lang))
        }
        _ => None,
    };
    Some(Section { number, chapter: typeset(chapter.title, lang), title })
}

/// Chapters have plain spaces: those of French are put in when the book is built.
fn typeset(title: String, lang: Lang) -> String {
    if lang == Lang::En {
        return title;
    }
    let narrow = [" ;", " !", " ?"].into_iter().fold(title, |title, mark| {
        title.replace(mark, &mark.replace(' ', "\u{202f}"))
    });
    narrow
        .replace(" :", "\u{a0}:")
        .replace("« ", "«\u{a0}")
        .replace(" »", "\u{a0}»")
}

struct Heading<'a> {
    title: String,
    id: Option<&'a str>,
}

/// `## Two clients {#two-clients}`, and not what looks like it in a listing.
fn headings(text: &str) -> impl Iterator<Item = Heading<'_>> {
    let mut is_listing = false;
    text.lines().filter_map(move |line| {
        if line.trim_start().starts_with("```") {
            is_listing = !is_listing;
        }
        let title = line.trim_start_matches('#');
        if is_listing || title == line || !title.starts_with(' ') {
            return None;
        }
        let (title, id) = match title.rsplit_once("{#") {
            Some((title, id)) => (title, id.trim_end().strip_suffix('}')),
            None => (title, None),
        };
        Some(Heading { title: title.trim().replace('`', ""), id })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_has_a_title_and_an_id() {
        let text = "# One {#one}\n\n```console\n# no heading\n```\n\
            #no\n### `Gone` et `io::Error` {#gone}\n## Bare\n";
        let all: Vec<_> = headings(text).map(|it| (it.title, it.id)).collect();
        let expected = [
            ("One".to_string(), Some("one")),
            ("Gone et io::Error".to_string(), Some("gone")),
            ("Bare".to_string(), None),
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn what_is_not_there_is_none() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for pointer in ["", "#", "no", "3-select#no", "../en#x"] {
            assert_eq!(section(&root, Lang::En, pointer), None, "{pointer}");
        }
        let sets = section(&root, Lang::Fr, "3-select#sets");
        let sets = sets.expect("it's in the book");
        assert_eq!(sets.number, Some(3));
        assert!(sets.title.is_some_and(|it| it.contains("select")));
        let whole = section(&root, Lang::En, "3-select#select");
        assert_eq!(whole.expect("it's the chapter").title, None);
    }
}
