//! mdBook's page template, patched.
//!
//! The template speaks English only, knows no other language of the same book, and has
//! faults that hurt those who use a keyboard or a screen reader. Each patch replaces a
//! text that must stand in the template as often as the patch says: when mdBook changes
//! it, the build stops and names the patch, rather than quietly losing it.
//!
//! The result goes to a folder that `book.toml` names, so that a stock `mdbook build`
//! uses it as well. Our styles and scripts go in at the end of mdBook's own files:
//! `additional-css` with `../` would be written outside the site.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result};
use lab::texts::Texts;
use mdbook_driver::config::HtmlConfig;
use mdbook_html::theme::Theme;

use crate::fault::Problem;
use crate::film;
use crate::place::{Course, own_file, write_whole};

const TEMPLATE: &str = "index.hbs";
const SCRIPT: &str = "book.js";
const ICON: &str = "favicon.svg";
const STYLE: &str = "css/chrome.css";

struct Patch {
    file: &'static str,
    /// How often `find` must be there.
    times: usize,
    find: &'static str,
    with: &'static str,
}

const fn once(find: &'static str, with: &'static str) -> Patch {
    Patch { file: TEMPLATE, times: 1, find, with }
}

const PATCHES: [Patch; 23] = [
    // The other language.
    once(
        "        <!-- Custom HTML head -->\n",
        "        <link rel=\"alternate\" hreflang=\"{{#if (eq language \"fr\")}}en\
         {{else}}fr{{/if}}\" href=\"{{ path_to_root }}../{{#if (eq language \
         \"fr\")}}en{{else}}fr{{/if}}/index.html\" data-page=\"{{ path }}\">\n\
         \x20       <!-- Custom HTML head -->\n",
    ),
    once(
        "<div class=\"right-buttons\">",
        "<div class=\"right-buttons\">\n\
         {{#if (eq language \"fr\")}}\
         <a class=\"language\" lang=\"en\" hreflang=\"en\" rel=\"alternate\" \
         title=\"This page in English\" \
         href=\"{{ path_to_root }}../en/index.html\" data-page=\"{{ path }}\">\
         English</a>{{else}}\
         <a class=\"language\" lang=\"fr\" hreflang=\"fr\" rel=\"alternate\" \
         title=\"Cette page en français\" \
         href=\"{{ path_to_root }}../fr/index.html\" data-page=\"{{ path }}\">\
         Français</a>{{/if}}",
    ),
    // A page has one h1: the chapter's.
    once(
        "<h1 class=\"menu-title\">{{ book_title }}</h1>",
        "<div class=\"menu-title\">{{ book_title }}</div>",
    ),
    // Everything on the page belongs to a landmark.
    once(
        "class=\"menu-bar sticky\">",
        "class=\"menu-bar sticky\" role=\"banner\">",
    ),
    once(
        "<div id=\"mdbook-search-wrapper\" class=\"hidden\">",
        "<div id=\"mdbook-search-wrapper\" class=\"hidden\" role=\"search\">",
    ),
    once(
        "    <div id=\"mdbook-body-container\">\n",
        "    <div id=\"mdbook-body-container\">\n\
         \x20       <a class=\"skip\" href=\"#mdbook-content\">[[Skip to the text]]</a>\n",
    ),
    // A label can't be reached by the keyboard, and may say neither what it controls
    // nor its state. It stays for those without scripts.
    once(
        "<label id=\"mdbook-sidebar-toggle\" class=\"icon-button\" \
         for=\"mdbook-sidebar-toggle-anchor\" title=\"Toggle Table of Contents\" \
         aria-label=\"Toggle Table of Contents\" aria-controls=\"mdbook-sidebar\">\n\
         \x20                           {{fa \"solid\" \"bars\"}}\n\
         \x20                       </label>",
        "<label class=\"icon-button without-scripts\" \
         for=\"mdbook-sidebar-toggle-anchor\" title=\"[[Table of contents]]\">\
         {{fa \"solid\" \"bars\"}}</label>\n\
         \x20                       <button id=\"mdbook-sidebar-toggle\" \
         class=\"icon-button\" type=\"button\" title=\"[[Table of contents]]\" \
         aria-label=\"[[Table of contents]]\" aria-controls=\"mdbook-sidebar\">\
         {{fa \"solid\" \"bars\"}}</button>",
    ),
    // A hidden sidebar needs no aria-hidden, and a shown one mustn't say false.
    once(
        "                    document.getElementById('mdbook-sidebar').setAttribute(\
         'aria-hidden', sidebar !== 'visible');\n",
        "",
    ),
    once(
        "<iframe class=\"sidebar-iframe-outer\"",
        "<iframe title=\"[[Table of contents]]\" class=\"sidebar-iframe-outer\"",
    ),
    // The search is ours: it finds words without their accents.
    once(
        "placeholder=\"Search this book ...\" \
         aria-controls=\"mdbook-searchresults-outer\" \
         aria-describedby=\"searchresults-header\">",
        "placeholder=\"[[Search this book…]]\" aria-label=\"[[Search this book…]]\" \
         autocomplete=\"off\" aria-controls=\"mdbook-searchresults-outer\" \
         aria-describedby=\"mdbook-searchresults-header\">",
    ),
    once(
        "class=\"searchresults-header\">",
        "class=\"searchresults-header\" role=\"status\">",
    ),
    once(
        "        <script src=\"{{ resource \"elasticlunr.min.js\" }}\"></script>\n",
        "",
    ),
    once(
        "        <script src=\"{{ resource \"searcher.js\" }}\"></script>\n",
        "",
    ),
    once(
        "title=\"Search (`/`)\" aria-label=\"Toggle Searchbar\"",
        "title=\"[[Search]] (/)\" aria-label=\"[[Search]]\"",
    ),
    // Not allowed on links.
    Patch {
        file: TEMPLATE,
        times: 2,
        find: "rel=\"next prefetch\" href",
        with: "rel=\"next\" href",
    },
    Patch {
        file: TEMPLATE,
        times: 2,
        find: "aria-keyshortcuts=\"Left\"",
        with: "aria-keyshortcuts=\"ArrowLeft\"",
    },
    Patch {
        file: TEMPLATE,
        times: 2,
        find: "aria-keyshortcuts=\"Right\"",
        with: "aria-keyshortcuts=\"ArrowRight\"",
    },
    // The page to print asks the reader for a printer by itself: let them.
    Patch {
        file: TEMPLATE,
        times: 2,
        find: "window.setTimeout(window.print, 100);",
        with: "",
    },
    // What mdBook's own script says, and does to the sidebar.
    Patch {
        file: SCRIPT,
        times: 1,
        find: "clipButton.title = 'Copy to clipboard';",
        with: "clipButton.title = window.causette.words.copy;",
    },
    Patch {
        file: SCRIPT,
        times: 1,
        find: "showTooltip(e.trigger, 'Copied!');",
        with: "showTooltip(e.trigger, window.causette.words.copied);",
    },
    Patch {
        file: SCRIPT,
        times: 1,
        find: "showTooltip(e.trigger, 'Clipboard error!');",
        with: "showTooltip(e.trigger, window.causette.words.notCopied);",
    },
    Patch {
        file: SCRIPT,
        times: 1,
        find: "        sidebar.setAttribute('aria-hidden', false);\n",
        with: "",
    },
    Patch {
        file: SCRIPT,
        times: 1,
        find: "        sidebar.setAttribute('aria-hidden', true);\n",
        with: "",
    },
];

/// English texts of the template, and of the patches between `[[ ]]`.
const WORDS: [(&str, usize, &str, &str); 21] = [
    (">Keyboard shortcuts<", 1, ">Keyboard shortcuts<", ">Raccourcis clavier<"),
    (
        "Press <kbd>←</kbd> or <kbd>→</kbd> to navigate between chapters",
        1,
        "<kbd>←</kbd> <kbd>→</kbd> the chapter before, the chapter after",
        "<kbd>←</kbd> <kbd>→</kbd> chapitre précédent, chapitre suivant",
    ),
    (
        "Press <kbd>S</kbd> or <kbd>/</kbd> to search in the book",
        1,
        "<kbd>S</kbd> or <kbd>/</kbd> search in the book",
        "<kbd>S</kbd> ou <kbd>/</kbd> chercher dans le livre",
    ),
    (
        "Press <kbd>?</kbd> to show this help",
        1,
        "<kbd>?</kbd> this help",
        "<kbd>?</kbd> cette aide",
    ),
    (
        "Press <kbd>Esc</kbd> to hide this help",
        1,
        "<kbd>Esc</kbd> close it",
        "<kbd>Échap</kbd> la fermer",
    ),
    (
        "aria-label=\"Table of contents\"",
        1,
        "aria-label=\"Table of contents\"",
        "aria-label=\"Table des matières\"",
    ),
    ("[[Table of contents]]", 4, "Table of contents", "Table des matières"),
    ("[[Skip to the text]]", 1, "Skip to the text", "Aller au texte"),
    (
        "[[Search this book…]]",
        2,
        "Search this book…",
        "Chercher dans ce livre…",
    ),
    ("[[Search]]", 2, "Search", "Chercher"),
    ("Change theme", 2, "Change theme", "Changer de thème"),
    (
        "aria-label=\"Themes\"",
        1,
        "aria-label=\"Themes\"",
        "aria-label=\"Thèmes\"",
    ),
    (">Auto<", 1, ">As the system<", ">Comme le système<"),
    (">Light<", 1, ">Light<", ">Clair<"),
    (">Rust<", 1, ">Rust<", ">Rouille<"),
    (">Coal<", 1, ">Coal<", ">Charbon<"),
    (">Navy<", 1, ">Navy<", ">Nuit<"),
    (
        "Print this book",
        2,
        "The whole book, to print",
        "Tout le livre, à imprimer",
    ),
    ("Previous chapter", 4, "Previous chapter", "Chapitre précédent"),
    ("Next chapter", 4, "Next chapter", "Chapitre suivant"),
    (
        "aria-label=\"Page navigation\"",
        2,
        "aria-label=\"Chapters before and after\"",
        "aria-label=\"Chapitres voisins\"",
    ),
];

/// Writes the patched files where `book.toml` looks for them.
pub(crate) fn write(course: &Course, texts: &Texts) -> Result<()> {
    let upstream = tempfile::tempdir().context("a folder for the template")?;
    let mut config = HtmlConfig::default();
    config.theme = Some(upstream.path().to_path_buf());
    Theme::copy_theme(&config, upstream.path())?;

    let mut files: Vec<(&str, String)> = Vec::new();
    for name in [TEMPLATE, SCRIPT, STYLE] {
        files.push((name, fs::read_to_string(upstream.path().join(name))?));
    }
    for (name, text) in &mut files {
        patch(name, text)
            .map_err(|problem| anyhow::Error::msg(problem.say(texts)))?;
    }
    files.push((ICON, read("theme/favicon.svg")?));
    for (name, text) in files {
        let text = match name {
            SCRIPT => {
                let before = read("theme/before.js")?;
                let after = read("theme/causette.js")?;
                format!("{before}\n{text}\n{after}\n{}", film::JS)
            }
            STYLE => {
                format!(
                    "{text}\n{}\n{}",
                    read("theme/causette.css")?,
                    film::CSS
                )
            }
            _ => text,
        };
        let path = course.theme().join(name);
        replace(&path, &text).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

fn read(name: &str) -> Result<String> {
    let path = own_file(name);
    fs::read_to_string(&path).with_context(|| path.display().to_string())
}

/// Another build may be reading: it finds the old file or the new one, whole.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    write_whole(path, text.as_bytes())
}

fn patch(file: &'static str, text: &mut String) -> Result<(), Problem> {
    for patch in PATCHES.iter().filter(|patch| patch.file == file) {
        apply(file, text, patch.find, patch.times, patch.with)?;
    }
    if file == TEMPLATE {
        for (find, times, english, french) in WORDS {
            let with = format!(
                "{{{{#if (eq @root.language \"fr\")}}}}{french}\
                 {{{{else}}}}{english}{{{{/if}}}}"
            );
            apply(file, text, find, times, &with)?;
        }
    }
    Ok(())
}

fn apply(
    file: &str,
    text: &mut String,
    find: &str,
    times: usize,
    with: &str,
) -> Result<(), Problem> {
    let found = text.matches(find).count();
    if found != times {
        return Err(Problem::new("error-theme")
            .with("version", mdbook_preprocessor::MDBOOK_VERSION)
            .with("file", file)
            .with("times", times)
            .with("find", find.trim())
            .with("found", found));
    }
    *text = text.replace(find, with);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstream(name: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let mut config = HtmlConfig::default();
        config.theme = Some(folder.path().to_path_buf());
        Theme::copy_theme(&config, folder.path()).unwrap();
        fs::read_to_string(folder.path().join(name)).unwrap()
    }

    #[test]
    fn every_patch_matches_the_template_of_this_mdbook() {
        for name in [TEMPLATE, SCRIPT, STYLE] {
            let mut text = upstream(name);
            assert_eq!(patch(name, &mut text), Ok(()));
            assert!(!text.contains("[["), "a text without its translation");
        }
    }

    #[test]
    fn a_patch_that_no_longer_matches_stops_the_build() {
        let mut text = upstream(TEMPLATE).replace("menu-title", "title");
        let problem = patch(TEMPLATE, &mut text).unwrap_err();
        assert_eq!(problem.key, "error-theme");
        let texts = crate::texts::table(lab::texts::Lang::En);
        assert!(problem.say(&texts).contains("menu-title"));
    }
}
