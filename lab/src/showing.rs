//! A report on the screen, and its picture in a file.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;

use serde_json::json;
use terminal_size::{Width, terminal_size};

use lab::course::Step;
use lab::picture;
use lab::report::{Report, Window};
use lab::texts::Texts;

use crate::complain;
use crate::workspace::{target, write};

/// Shows a report, for people or for programs.
pub(crate) fn show(report: &Report, as_json: bool, texts: &Texts) {
    let picture = keep_picture(report, texts);
    let _ = if as_json {
        let mut value = report.json(texts);
        value["picture"] = json!(picture);
        writeln!(io::stdout(), "{value}")
    } else {
        let mut window =
            Window { picture: picture.as_deref(), ..Window::default() };
        if let Some((Width(width), _)) = terminal_size() {
            window.width = width.into();
        }
        // Colours, where there is a terminal that wants them.
        let text = report.styled(texts, &window);
        anstream::stdout().write_all(text.as_bytes())
    };
}

/// Where the picture of a step lies. Films have names of their own: `film-03.html`.
fn file(step: Step) -> PathBuf {
    target().join("lab").join(format!("{}.html", step.name()))
}

/// Writes the picture of a failure; without one, none stays.
pub(crate) fn keep_picture(report: &Report, texts: &Texts) -> Option<PathBuf> {
    let file = file(report.step);
    let page = report.failure().and_then(|(check, failure)| {
        picture::page(report.step, check, failure, texts)
    });
    match page {
        Some(page) => write(&file, &page, texts).ok().map(|()| file),
        None => {
            drop_picture(report.step, texts);
            None
        }
    }
}

/// Takes away the picture of an earlier check: whoever found it there would take it for
/// one of now.
pub(crate) fn drop_picture(step: Step, texts: &Texts) {
    let file = file(step);
    if let Err(error) = fs::remove_file(&file)
        && error.kind() != ErrorKind::NotFound
    {
        let file = ("file", file.display().to_string());
        let error = ("error", error.to_string());
        complain(&texts.say("error-film-file", &[file, error]));
    }
}
