//! `cargo lab`: checks a student's server, and explains.

mod command_line;
mod doctor;
mod exercises;
mod filming;
mod showing;
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

use workspace::build;

/// Everything asked for is there.
const DONE: u8 = 0;
/// Something is missing.
const NOT_YET: u8 = 1;
/// It could not be checked: a wrong command line, a program that doesn't compile.
const NOT_CHECKED: u8 = 2;

fn main() -> ExitCode {
    lab::close_inherited_descriptors();
    let arguments: Vec<OsString> = env::args_os().collect();
    let texts = Texts::new(Lang::asked(&arguments));
    let command = command_line::command(&texts);
    let status = match command.clone().try_get_matches_from(&arguments) {
        Ok(matches) => run(&matches, &texts),
        Err(error) => command_line::usage(&error, &arguments, command, &texts),
    };
    ExitCode::from(status)
}

fn complain(words: &str) -> u8 {
    let _ = writeln!(io::stderr(), "{words}");
    NOT_CHECKED
}

fn run(matches: &ArgMatches, texts: &Texts) -> u8 {
    match matches.subcommand() {
        Some(("check", matches)) => check(matches, texts),
        Some(("run", matches)) => serve(matches, texts),
        Some(("film", matches)) => filming::film(matches, texts),
        Some(("reset", matches)) => exercises::reset(matches, texts),
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
    let steps = step.map_or(Step::ALL.to_vec(), |step| vec![step]);
    for step in steps {
        let program = match line {
            Some(line) => Program::of_line(line),
            None => match build(step, matches.get_flag("solution"), texts) {
                Ok(path) => Program::new(path),
                Err(status) => return status,
            },
        };
        let report = Report {
            step,
            level,
            verdicts: check::play(&program, step, level),
        };
        showing::show(&report, matches.get_flag("json"), texts);
        if !report.is_done() || report.failure().is_some() {
            let is_exercise = line.is_none() && !matches.get_flag("solution");
            if is_exercise && !matches.get_flag("json") {
                exercises::tell_next(step, texts);
            }
            return NOT_YET;
        }
    }
    DONE
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
