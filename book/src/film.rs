//! Films of the programs, recorded by `cargo lab film` and drawn by its library.

use std::fs;

use lab::texts::Lang;

use crate::fault::{Fault, Problem};
use crate::place::Course;

/// What the pages need: `lab::film::CSS` and `lab::film::JS`.
pub(crate) const CSS: &str = "";
pub(crate) const JS: &str = "";

/// One film, with its sentences.
pub(crate) fn figure(
    course: &Course,
    _lang: Lang,
    name: &str,
) -> Result<String, Fault> {
    read(course, name)?;
    Ok(format!(
        "<figure class=\"film\" id=\"film-{name}\"><figcaption>{name}</figcaption></figure>"
    ))
}

/// Several films of one scenario.
pub(crate) fn side_by_side(
    course: &Course,
    _lang: Lang,
    names: &[&str],
) -> Result<String, Fault> {
    for name in names {
        read(course, name)?;
    }
    let all = names.join(" ");
    Ok(format!(
        "<figure class=\"film\"><figcaption>{all}</figcaption></figure>"
    ))
}

/// Reads a recording, and refuses one that doesn't parse.
pub(crate) fn read(course: &Course, name: &str) -> Result<(), Fault> {
    let path = course.film(name);
    let text = fs::read_to_string(&path).map_err(|error| {
        Problem::new("fault-film-unreadable").with("error", error).at(&path, 1)
    })?;
    for (i, line) in text.lines().enumerate() {
        serde_json::from_str::<serde_json::Value>(line).map_err(|error| {
            Problem::new("fault-film").with("error", error).at(&path, i + 1)
        })?;
    }
    Ok(())
}
