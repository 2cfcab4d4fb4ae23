//! `cargo lab film`: films a student's server, and keeps the films of the book.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::ArgMatches;
use lab::Program;
use lab::course::Step;
use lab::film::{Film, NotFilmed, Scene, can_film, record};
use lab::texts::Texts;

use crate::workspace::{build, root, target, write};
use crate::{DONE, NOT_YET, complain, step_of};

/// The films of the book: the step that our solution shows, or a Python server of
/// `lab/right`.
const BOOK: [(Star, Scene); 8] = [
    (Star::Step(Step::BlockingEcho), Scene::ThreeClients),
    (Star::Step(Step::ThreadEcho), Scene::ThreeClients),
    (Star::Step(Step::SelectEcho), Scene::ThreeClients),
    (Star::Python("lab_03"), Scene::SlowReader),
    (Star::Step(Step::SelectEcho), Scene::SlowReader),
    (Star::Python("lab_04"), Scene::HalfLine),
    (Star::Step(Step::BroadcastChat), Scene::HalfLine),
    (Star::Step(Step::ThreadChat), Scene::Chat),
];

#[derive(Clone, Copy)]
enum Star {
    Step(Step),
    Python(&'static str),
}

impl Star {
    fn name(self) -> &'static str {
        match self {
            Self::Step(step) => step.name(),
            Self::Python(name) => name,
        }
    }

    /// How the book calls the film: `03-slow-reader`.
    fn film(self, scene: Scene) -> String {
        let server = match self {
            Self::Step(step) => step.number(),
            Self::Python(name) => name,
        };
        format!("{server}-{}", scene.name())
    }

    fn program(self, texts: &Texts) -> Result<Program, u8> {
        match self {
            Self::Step(step) => build(step, true, texts).map(Program::new),
            Self::Python(name) => {
                let file = root().join(format!("lab/right/{name}.py"));
                let line = "exec python3 \"$CAUSETTE_SERVER\" {port}";
                Ok(Program::of_line(line).env("CAUSETTE_SERVER", file))
            }
        }
    }
}

pub(crate) fn film(matches: &ArgMatches, texts: &Texts) -> u8 {
    let kept = if matches.get_flag("record") {
        keep_films(texts)
    } else if matches.get_flag("check") {
        check_films(texts)
    } else {
        film_one(matches, texts)
    };
    kept.unwrap_or_else(|status| status)
}

fn film_one(matches: &ArgMatches, texts: &Texts) -> Result<u8, u8> {
    let Some(step) = step_of(matches, texts)? else {
        let argument = [("argument", "STEP".to_string())];
        return Err(complain(&texts.say("error-missing", &argument)));
    };
    // Before anything is compiled.
    can_film().map_err(|why| no_film(&why, texts))?;
    let scene = matches.get_one::<String>("scene").map(String::as_str);
    let usual = match step {
        Step::ThreadChat => Scene::Chat,
        _ => Scene::ThreeClients,
    };
    let scene = scene.and_then(Scene::named).unwrap_or(usual);
    let solution = matches.get_flag("solution");
    let (program, name) = match matches.get_one::<String>("cmd") {
        Some(line) => {
            let name = line.replace("{port}", "").trim().to_string();
            (Program::of_line(line), name)
        }
        None => {
            let path = build(step, solution, texts)?;
            let name = path.file_name().unwrap_or_default();
            let name = name.to_string_lossy().into_owned();
            (Program::new(path), name)
        }
    };
    let film =
        record(&program, scene, &name).map_err(|why| no_film(&why, texts))?;
    let file = match matches.get_one::<String>("output") {
        Some(file) => PathBuf::from(file),
        None => target().join(format!("lab/film-{}.html", step.number())),
    };
    write(&file, &film.page(texts), texts)?;
    say("film-written", &[("file", file.display().to_string())], texts);
    Ok(DONE)
}

/// Records the films of the book.
fn keep_films(texts: &Texts) -> Result<u8, u8> {
    for (star, scene) in BOOK {
        let name = star.film(scene);
        let film = shoot(star, scene, texts)?;
        write(&file_of(&name), &film.text(), texts)?;
        let facts = [("film", name), ("n", film.events.len().to_string())];
        say("film-recorded", &facts, texts);
    }
    Ok(DONE)
}

/// Records them again, and compares. Where nothing can be filmed it says so, and
/// nothing is wrong.
fn check_films(texts: &Texts) -> Result<u8, u8> {
    if let Err(why) = can_film() {
        let why = texts.text(&why.text());
        let _ = writeln!(io::stdout(), "skipped: {why}");
        return Ok(DONE);
    }
    let mut status = DONE;
    for (star, scene) in BOOK {
        let name = star.film(scene);
        let file = file_of(&name);
        let shown = || file.display().to_string();
        let broken = |error: String| {
            let facts = [("file", shown()), ("error", error)];
            complain(&texts.say("error-film-file", &facts))
        };
        let text = fs::read_to_string(&file)
            .map_err(|error| broken(error.to_string()))?;
        let kept =
            Film::parse(&text).map_err(|error| broken(error.to_string()))?;
        let (kept, now) = (kept.story(), shoot(star, scene, texts)?.story());
        let film = [("film", name)];
        if kept == now {
            say("film-same", &film, texts);
            continue;
        }
        say("film-differs", &film, texts);
        let same = kept.iter().zip(&now).take_while(|(a, b)| a == b).count();
        let end = String::from("–");
        let at = |story: &[String]| story.get(same).unwrap_or(&end).clone();
        let _ = writeln!(io::stdout(), "  - {}\n  + {}", at(&kept), at(&now));
        status = NOT_YET;
    }
    Ok(status)
}

fn shoot(star: Star, scene: Scene, texts: &Texts) -> Result<Film, u8> {
    let program = star.program(texts)?;
    record(&program, scene, star.name()).map_err(|why| no_film(&why, texts))
}

fn no_film(why: &NotFilmed, texts: &Texts) -> u8 {
    let why = [("why", texts.text(&why.text()))];
    complain(&texts.say("error-film", &why))
}

fn say(key: &str, facts: &[(&str, String)], texts: &Texts) {
    let _ = writeln!(io::stdout(), "{}", texts.say(key, facts));
}

/// The folder of the course.
fn file_of(name: &str) -> PathBuf {
    root().join(format!("book/films/{name}.jsonl"))
}
