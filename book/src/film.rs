//! Films of the programs, recorded by `cargo lab film` and drawn by its library.

use std::env;
use std::fs;
use std::process::{Command, Stdio};

use lab::film::{self, Film};
use lab::texts::{Lang, Texts};

use crate::fault::{Fault, Problem};
use crate::place::Course;

/// How the figures look, and the player.
pub(crate) use lab::film::{CSS, JS};

/// One film, with its sentences. `id` must be used once on the page.
pub(crate) fn figure(
    course: &Course,
    lang: Lang,
    name: &str,
    id: &str,
) -> Result<String, Fault> {
    let film = read(course, name)?;
    Ok(film.figure(&Texts::new(lang), id))
}

/// Several films of one scenario, each under the name of its program.
pub(crate) fn side_by_side(
    course: &Course,
    lang: Lang,
    names: &[&str],
    id: &str,
) -> Result<String, Fault> {
    let films: Vec<Film> = names
        .iter()
        .map(|name| read(course, name))
        .collect::<Result<_, _>>()?;
    let titled: Vec<(&str, Film)> =
        films.iter().map(|film| (film.server.as_str(), film.clone())).collect();
    Ok(film::side_by_side(&titled, &Texts::new(lang), id))
}

/// Reads a recording, and refuses one that doesn't parse.
pub(crate) fn read(course: &Course, name: &str) -> Result<Film, Fault> {
    let path = course.film(name);
    let text = fs::read_to_string(&path).map_err(|error| {
        Problem::new("fault-film-unreadable").with("error", error).at(&path, 1)
    })?;
    Film::parse(&text).map_err(|error| {
        Problem::new("fault-film")
            .with("error", &error.what)
            .at(&path, error.line.max(1))
    })
}

/// Has the films recorded again and compared. It says itself what it skips, and why.
pub(crate) fn check(course: &Course, lang: Lang) -> Option<Fault> {
    if !course.root().join("lab/Cargo.toml").exists() {
        return None;
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let done = Command::new(cargo)
        .args(["run", "--quiet", "--package", "lab", "--"])
        .args(["film", "--check", "--lang", lang.code()])
        .current_dir(course.root())
        .stdin(Stdio::null())
        .status();
    let why = match done {
        Ok(status) if status.success() => return None,
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    let films = course.root().join("book/films");
    Some(Problem::new("fault-film-check").with("error", why).at(&films, 1))
}
