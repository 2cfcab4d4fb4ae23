//! The part that mdBook calls: inside this tool, or as the command that `book.toml`
//! names, for a stock `mdbook build book/fr`.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use lab::texts::{Lang, Texts};
use mdbook_preprocessor::book::{Book, BookItem};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use crate::expand::Expander;
use crate::french;
use crate::place::Course;
use crate::theme;

/// The name in `book.toml`.
const NAME: &str = "course";

pub(crate) struct Expand {
    pub(crate) course: Course,
    pub(crate) with_solutions: bool,
    /// The language of complaints.
    pub(crate) lang: Lang,
}

impl Preprocessor for Expand {
    fn name(&self) -> &str {
        NAME
    }

    fn run(
        &self,
        context: &PreprocessorContext,
        mut book: Book,
    ) -> Result<Book> {
        let texts = crate::texts::table(self.lang);
        let code = context.config.book.language.as_deref().unwrap_or_default();
        let Some(lang) = Lang::named(code) else {
            bail!("book.toml: language = \"{code}\"");
        };
        let expander = Expander::new(&self.course, lang, self.with_solutions);
        let folder = self.course.chapters(lang);
        let mut faults = Vec::new();
        book.for_each_mut(|item| {
            if let BookItem::Chapter(chapter) = item
                && let Some(source) = &chapter.source_path
            {
                let path = folder.join(source);
                let (expanded, found) =
                    expander.chapter(&path, &chapter.content);
                chapter.content = expanded;
                // mdBook writes the names in the summary as they are typed.
                chapter.name = chapter.name.replace('\'', "’");
                if lang == Lang::Fr {
                    chapter.name = french::spaces(&chapter.name);
                }
                faults.extend(found);
            }
        });
        if faults.is_empty() {
            return Ok(book);
        }
        let said: Vec<String> = faults
            .iter()
            .map(|fault| fault.say(&self.course, &texts))
            .collect();
        bail!(said.join("\n"))
    }
}

/// Speaks mdBook's protocol: the book comes on stdin and goes to stdout.
pub(crate) fn by_protocol(lang: Lang, texts: &Texts) -> Result<()> {
    let (context, book) = mdbook_preprocessor::parse_input(io::stdin())?;
    let root = context
        .root
        .parent()
        .and_then(Path::parent)
        .context("book.toml stands two folders below the course")?;
    let course = Course::new(root);
    // The template is read after the last preprocessor: now is the time.
    theme::write(&course, texts)?;
    let expand = Expand { course, with_solutions: true, lang };
    let book = expand.run(&context, book)?;
    serde_json::to_writer(io::stdout(), &book)?;
    io::stdout().flush()?;
    Ok(())
}
