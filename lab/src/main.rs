//! `cargo lab`: checks a student's server, and explains.

mod command_line;
mod completions;
mod doctor;
mod exercises;
mod filming;
mod hinting;
mod showing;
mod solution;
mod watch;
mod workspace;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use clap::ArgMatches;
use lab::Program;
use lab::check::{self, Level};
use lab::course::Step;
use lab::report::Report;
use lab::texts::{Lang, Texts};

use workspace::{build, note};

/// Everything asked for is there.
const DONE: u8 = 0;
/// Something is missing.
const NOT_YET: u8 = 1;
/// It could not be checked: a wrong command line, a program that doesn't compile.
const NOT_CHECKED: u8 = 2;

fn main() -> ExitCode {
    lab::close_inherited_descriptors();
    let arguments: Vec<OsString> = env::args_os().collect();
    let lang = command_line::language(&arguments);
    let texts = Texts::new(lang);
    let command = command_line::command(&texts);
    let status = match command.try_get_matches_from(&arguments) {
        Ok(matches) => run(&matches, lang, &texts),
        Err(error) => command_line::usage(&error, &texts),
    };
    ExitCode::from(status)
}

fn complain(words: &str) -> u8 {
    let _ = writeln!(io::stderr(), "{words}");
    NOT_CHECKED
}

fn run(matches: &ArgMatches, lang: Lang, texts: &Texts) -> u8 {
    match matches.subcommand() {
        None => watch::watch(None, lang),
        Some(("watch", matches)) => watch::watch(Some(matches), lang),
        Some(("check", matches)) => check(matches, texts),
        Some(("run", matches)) => serve(matches, texts),
        Some(("film", matches)) => filming::film(matches, texts),
        Some(("hint", matches)) => hinting::hint(matches, texts),
        Some(("reset", matches)) => exercises::reset(matches, texts),
        Some(("solution", matches)) => solution::solution(matches, texts),
        Some(("completions", matches)) => {
            completions::completions(matches, texts)
        }
        Some(("doctor", matches)) => doctor::doctor(matches, texts),
        _ => exercises::list(texts),
    }
}

/// The step that was asked for; `Err` once the complaint is made.
fn step_of(matches: &ArgMatches, texts: &Texts) -> Result<Option<Step>, u8> {
    let Some(word) = matches.get_one::<String>("step") else { return Ok(None) };
    Step::named(word).map(Some).ok_or_else(|| {
        let steps = Step::ALL.map(Step::name).join(", ");
        let facts = [("step", word.clone()), ("steps", steps)];
        complain(&texts.say("error-step", &facts))
    })
}

fn check(matches: &ArgMatches, texts: &Texts) -> u8 {
    let step = match step_of(matches, texts) {
        Ok(step) => step,
        Err(status) => return status,
    };
    let level = match matches.get_one::<String>("level").map(String::as_str) {
        Some("solid") => Level::Solid,
        _ => Level::Lab,
    };
    let line = matches.get_one::<String>("cmd");
    if line.is_some() && step.is_none() {
        return complain(&texts.say("error-cmd-step", &[]));
    }
    let is_solution = matches.get_flag("solution");
    let is_exercise = line.is_none() && !is_solution;
    let steps = step.map_or(Step::ALL.to_vec(), |step| vec![step]);
    for step in steps {
        showing::drop_picture(step, texts);
        let program = match line {
            Some(line) => Program::of_line(line),
            None => match build(step, is_solution, texts) {
                Ok(path) => Program::new(path),
                Err(status) => {
                    if is_exercise {
                        note(texts, |it| it.record_build_failure(step));
                        if !matches.get_flag("json") {
                            tell_of_hints(step, texts);
                        }
                    }
                    return status;
                }
            },
        };
        let report = Report {
            step,
            level,
            verdicts: check::play(&program, step, level),
        };
        if is_exercise {
            note(texts, |it| it.record(&report));
        }
        showing::show(&report, matches.get_flag("json"), texts);
        if !report.is_done() || report.failure().is_some() {
            if is_exercise && !matches.get_flag("json") {
                exercises::tell_next(&report, texts);
                tell_of_hints(step, texts);
            }
            return NOT_YET;
        }
    }
    DONE
}

/// Where to go on for who doesn't.
fn tell_of_hints(step: Step, texts: &Texts) {
    let step = [("step", step.short().to_string())];
    let _ = writeln!(io::stdout(), "  {}", texts.say("hint-invitation", &step));
}

fn serve(matches: &ArgMatches, texts: &Texts) -> u8 {
    let step = match step_of(matches, texts) {
        Ok(Some(step)) => step,
        Ok(None) => return NOT_CHECKED,
        Err(status) => return status,
    };
    let path = match build(step, matches.get_flag("solution"), texts) {
        Ok(path) => path,
        Err(status) => return status,
    };
    // In our place: its exit status, and Ctrl-C, are its own affair.
    let mut server = Command::new(path);
    server.args(matches.get_one::<String>("port"));
    complain(&server.exec().to_string())
}
