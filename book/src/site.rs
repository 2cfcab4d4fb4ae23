//! The whole site: both languages, and what stands above them.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use lab::texts::{Lang, Texts};
use mdbook_driver::MDBook;
use regex::{Captures, Regex};
use tempfile::TempDir;

use crate::place::{self, Course, own_file};
use crate::preprocess::Expand;
use crate::{texts, theme, warnings};

/// How to build.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Where the site will stand on its host: `/` or `/causette/`.
    pub(crate) base: String,
    pub(crate) with_solutions: bool,
    /// The language of complaints.
    pub(crate) lang: Lang,
}

/// Builds beside the last site, and puts the new one in its place once it is whole.
pub(crate) fn build(course: &Course, options: &Options) -> Result<PathBuf> {
    let target = course.target();
    let next = scratch(course, options)?;
    let site = course.site();
    let last = tempfile::Builder::new()
        .prefix("book-last-")
        .tempdir_in(&target)
        .with_context(|| target.display().to_string())?;
    if site.exists() {
        fs::rename(&site, last.path().join("book"))
            .with_context(|| site.display().to_string())?;
    }
    // A temporary folder is its owner's alone; a site is for everyone to read.
    fs::rename(next.path().join("site"), &site)
        .with_context(|| site.display().to_string())?;
    Ok(site)
}

/// Builds a site that is gone once `with` has used it.
pub(crate) fn in_a_scratch_folder<T>(
    course: &Course,
    options: &Options,
    with: impl FnOnce(&Path) -> T,
) -> Result<T> {
    let scratch = scratch(course, options)?;
    Ok(with(&scratch.path().join("site")))
}

fn scratch(course: &Course, options: &Options) -> Result<TempDir> {
    let target = course.target();
    fs::create_dir_all(&target)
        .with_context(|| target.display().to_string())?;
    let next = tempfile::Builder::new()
        .prefix("book-next-")
        .tempdir_in(&target)
        .with_context(|| target.display().to_string())?;
    let warned = build_in(course, options, next.path())?;
    if !warned.is_empty() {
        let said: Vec<String> = warned
            .into_iter()
            .map(|(lang, said)| format!("book/{}: {said}", lang.code()))
            .collect();
        bail!(said.join("\n"));
    }
    Ok(next)
}

/// Builds into `folder/site`; what mdBook warned of comes back.
pub(crate) fn build_in(
    course: &Course,
    options: &Options,
    folder: &Path,
) -> Result<Vec<(Lang, String)>> {
    let said = texts::table(options.lang);
    theme::write(course, &said)?;
    let site = folder.join("site");
    fs::create_dir_all(&site).with_context(|| site.display().to_string())?;
    let mut warned = Vec::new();
    for lang in Lang::ALL {
        let (built, heard) = warnings::during(|| -> Result<()> {
            let mut book = MDBook::load(course.book(lang))?;
            // Stands for the command of the same name in book.toml.
            book.with_preprocessor(Expand {
                course: course.clone(),
                with_solutions: options.with_solutions,
                lang: options.lang,
            });
            book.config.build.build_dir = site.join(lang.code());
            book.build()
        });
        built?;
        warned.extend(heard.into_iter().map(|said| (lang, said)));
        finish(&site.join(lang.code()), lang)?;
    }
    for name in ["index.html", "404.html"] {
        let path = own_file("root").join(name);
        let page = fs::read_to_string(&path)
            .with_context(|| path.display().to_string())?;
        fs::write(site.join(name), page.replace("@@BASE@@", &options.base))?;
    }
    let icon = own_file("theme/favicon.svg");
    fs::copy(&icon, site.join("favicon.svg"))
        .with_context(|| icon.display().to_string())?;
    Ok(warned)
}

/// What a template can't do: the links to the same page, and to the same section.
fn finish(folder: &Path, lang: Lang) -> Result<()> {
    let other = texts::table(place::other(lang));
    let page = Regex::new(r#"index\.html" data-page="([^"]*)\.md""#)?;
    let heading = Regex::new(
        r##"(?s)(<h[2-6] id="([^"]+)"><a class="header" href="#[^"]+">.*?</a>)</h"##,
    )?;
    let corner = Regex::new(r#"<th( style="[^"]*")?></th>"#)?;
    for name in Course::names(folder, "html") {
        let path = folder.join(&name);
        let text = fs::read_to_string(&path)?;
        let text = page.replace_all(&text, "$1.html\"");
        // The corner of a table heads nothing.
        let text = corner.replace_all(&text, "<td></td>");
        let text: Cow<'_, str> = match name.as_str() {
            // All chapters are one page there.
            "print.html" => front(&text, folder, lang)?.into(),
            "toc.html" => contents(&text, lang)?.into(),
            _ => heading
                .replace_all(&text, |found: &Captures<'_>| {
                    same_place(&found[1], &found[2], &name, lang, &other)
                })
                .into_owned()
                .into(),
        };
        fs::write(&path, text.as_ref())?;
    }
    Ok(())
}

/// A title and a table of contents before all chapters.
fn front(page: &str, folder: &Path, lang: Lang) -> Result<String> {
    let menu = fs::read_to_string(folder.join("toc.html"))?;
    let entry = Regex::new(
        r#"<a href="[^"]+\.html"[^>]*>(?:<strong[^>]*>([^<]*)</strong> )?(.*?)</a>"#,
    )?;
    let chapter = Regex::new(r#"<h1 id="([^"]+)">"#)?;
    let ids: Vec<String> =
        chapter.captures_iter(page).map(|it| it[1].to_string()).collect();
    let entries: Vec<String> = entry
        .captures_iter(&menu)
        .zip(&ids)
        .map(|(entry, id)| {
            let number = entry.get(1).map_or("", |number| number.as_str());
            let title = &entry[2];
            format!(
                "<li><span>{number}</span> <a href=\"#{id}\">{title}</a></li>\n"
            )
        })
        .collect();
    if entries.is_empty() || entries.len() != ids.len() {
        bail!("print.html: {} h1, toc.html: {}", ids.len(), entries.len());
    }
    let texts = texts::table(lang);
    let say = |key: &str| texts.say(key, &[]);
    let front = format!(
        "<main>\n<section class=\"front\">\n<p class=\"front-title\">Causette</p>\n\
         <p class=\"front-about\">{}</p>\n<p class=\"front-licence\">{}</p>\n\
         </section>\n<section class=\"front-contents\">\n\
         <p class=\"front-heading\">{}</p>\n<ul>\n{}</ul>\n</section>\n",
        say("front-about"),
        say("front-licence"),
        say("contents"),
        entries.concat()
    );
    if page.matches("<main>").count() != 1 {
        bail!("print.html: <main>");
    }
    let mut page = page.replace("<main>", &front);
    // The text says "chapter 3".
    for (entry, id) in entry.captures_iter(&menu).zip(&ids) {
        if let Some(number) = entry.get(1) {
            let head =
                format!("<h1 id=\"{id}\"><a class=\"header\" href=\"#{id}\">");
            page = page.replace(&head, &format!("{head}{} ", number.as_str()));
        }
    }
    Ok(page)
}

/// The frame for those without scripts, which is a page as well.
fn contents(page: &str, lang: Lang) -> Result<String> {
    let title = texts::table(lang).say("contents", &[]);
    // mdBook puts a separator into an item that it doesn't need.
    let spacer = "<li class=\"spacer\"></li>";
    let nested = format!("<li class=\"chapter-item expanded \">{spacer}</li>");
    let mut page = page.replace(&nested, spacer);
    for (find, with) in [
        ("<meta name=\"robots\"", format!("<title>{title}</title>\n{FIND}")),
        (
            "class=\"sidebar-iframe-inner\">",
            format!("{FIND}<main><h1>{title}</h1>"),
        ),
        ("</body>", format!("</main>{FIND}")),
    ] {
        if page.matches(find).count() != 1 {
            bail!("toc.html: {find}");
        }
        page = page.replace(find, &with.replace(FIND, find));
    }
    Ok(page)
}

/// Stands for what is replaced.
const FIND: &str = "\u{0}";

/// A link beside a heading, for those without scripts: with scripts the one in the menu
/// leads to the section that is being read.
fn same_place(
    heading: &str,
    id: &str,
    page: &str,
    lang: Lang,
    other: &Texts,
) -> String {
    let to = place::other(lang).code();
    format!(
        "{heading} <a class=\"same-place\" href=\"../{to}/{page}#{id}\" lang=\"{to}\" \
         hreflang=\"{to}\" title=\"{}\">{}</a></h",
        other.say("same-place", &[]),
        to.to_uppercase()
    )
}
