//! `cargo lab`: checks a student's server, and explains.

mod filming;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command as Process, ExitCode, Stdio};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command};
use lab::Program;
use lab::check::{self, Level};
use lab::course::Step;
use lab::film::Scene;
use lab::report::Report;
use lab::texts::{Lang, Texts};

/// Everything asked for is there.
const DONE: u8 = 0;
/// Something is missing.
const NOT_YET: u8 = 1;
/// It could not be checked: a wrong command line, a program that doesn't compile.
const NOT_CHECKED: u8 = 2;

/// What goes with one film, not with those of the book.
const BOOK_ALONE: [&str; 5] = ["step", "cmd", "solution", "scene", "output"];

fn main() -> ExitCode {
    lab::close_inherited_descriptors();
    let arguments: Vec<OsString> = env::args_os().collect();
    let texts = Texts::new(language(&arguments));
    let command = command(&texts);
    let status = match command.clone().try_get_matches_from(&arguments) {
        Ok(matches) => run(&matches, &texts),
        Err(error) => usage(&error, &arguments, command, &texts),
    };
    ExitCode::from(status)
}

/// Before the command line is understood: its errors want a language too.
fn language(arguments: &[OsString]) -> Lang {
    let mut words = arguments.iter().map(|word| word.to_string_lossy());
    while let Some(word) = words.next() {
        let named = match word.strip_prefix("--lang=") {
            Some(named) => Lang::named(named),
            None if word == "--lang" => {
                words.next().and_then(|word| Lang::named(&word))
            }
            None => None,
        };
        if let Some(lang) = named {
            return lang;
        }
    }
    Lang::of_the_environment()
}

fn command(texts: &Texts) -> Command {
    let say = |key: &str| texts.say(key, &[]);
    // clap's own headings and words are English: these stand in their place.
    let template = |name: &str| {
        let usage = [("usage", say(&format!("usage-{name}")))];
        let usage = texts.say("usage", &usage);
        format!(
            "{{about}}\n\n{usage}\n\n{{all-args}}\n\n{}",
            say("exit-statuses")
        )
    };
    let help = || {
        Arg::new("help")
            .short('h')
            .long("help")
            .action(ArgAction::Help)
            .help(say("option-help"))
            .help_heading(say("heading-options"))
    };
    let lang = Arg::new("lang")
        .long("lang")
        .value_name("fr|en")
        .value_parser(["fr", "en"])
        .hide_possible_values(true)
        .global(true)
        .help(say("option-lang"))
        .help_heading(say("heading-options"));
    let step = || {
        Arg::new("step")
            .value_name("STEP")
            .help(say("argument-step"))
            .help_heading(say("heading-arguments"))
    };
    let flag = |name: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(say(&format!("option-{name}")))
            .help_heading(say("heading-options"))
    };
    let sub = |name: &'static str| {
        Command::new(name)
            .about(say(&format!("about-{name}")))
            .disable_help_flag(true)
            .arg(help())
            .help_template(template(name))
    };
    Command::new("cargo lab")
        .bin_name("cargo lab")
        .about(say("about"))
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .subcommand_required(true)
        .subcommand_help_heading(say("heading-commands"))
        .help_template(template("lab"))
        .arg(help())
        .arg(lang)
        .subcommand(
            sub("check")
                .arg(step())
                .arg(
                    Arg::new("cmd")
                        .long("cmd")
                        .value_name("CMD")
                        .help(say("option-cmd"))
                        .help_heading(say("heading-options"))
                        .conflicts_with("solution"),
                )
                .arg(flag("solution"))
                .arg(
                    Arg::new("level")
                        .long("level")
                        .value_name("lab|solid")
                        .value_parser(["lab", "solid"])
                        .hide_possible_values(true)
                        .hide_default_value(true)
                        .default_value("lab")
                        .help(say("option-level"))
                        .help_heading(say("heading-options")),
                )
                .arg(flag("json")),
        )
        .subcommand(sub("run").arg(step().required(true)).arg(flag("solution")))
        .subcommand(
            sub("film")
                .arg(step().required_unless_present_any(["record", "check"]))
                .arg(
                    Arg::new("cmd")
                        .long("cmd")
                        .value_name("CMD")
                        .help(say("option-cmd"))
                        .help_heading(say("heading-options"))
                        .conflicts_with("solution"),
                )
                .arg(flag("solution"))
                .arg(
                    Arg::new("scene")
                        .long("scene")
                        .value_name("SCENE")
                        .value_parser(Scene::ALL.map(Scene::name))
                        .hide_possible_values(true)
                        .help(say("option-scene"))
                        .help_heading(say("heading-options")),
                )
                .arg(
                    Arg::new("output")
                        .short('o')
                        .long("output")
                        .value_name("FILE")
                        .help(say("option-output"))
                        .help_heading(say("heading-options")),
                )
                .arg(flag("record").conflicts_with_all(BOOK_ALONE))
                .arg(
                    Arg::new("check")
                        .long("check")
                        .action(ArgAction::SetTrue)
                        .conflicts_with_all(BOOK_ALONE)
                        .conflicts_with("record")
                        .help(say("option-check-films"))
                        .help_heading(say("heading-options")),
                ),
        )
        .subcommand(sub("list"))
}

/// clap's own words are English: its errors are said again in the user's language.
fn usage(
    error: &clap::Error,
    arguments: &[OsString],
    mut command: Command,
    texts: &Texts,
) -> u8 {
    let say = |key: &str, name: &'static str, value: String| {
        texts.say(key, &[(name, value)])
    };
    let context = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(value)) => value.clone(),
        Some(ContextValue::Strings(values)) => values.join(", "),
        _ => String::new(),
    };
    let said = match error.kind() {
        ErrorKind::DisplayHelp => {
            let _ = write!(io::stdout(), "{error}");
            let _ = writeln!(io::stdout());
            return DONE;
        }
        ErrorKind::MissingSubcommand if arguments.len() < 2 => {
            let _ = writeln!(io::stderr(), "{}", command.render_help());
            return NOT_CHECKED;
        }
        ErrorKind::InvalidSubcommand => say(
            "error-unknown-command",
            "argument",
            context(ContextKind::InvalidSubcommand),
        ),
        ErrorKind::UnknownArgument => say(
            "error-unknown-argument",
            "argument",
            context(ContextKind::InvalidArg),
        ),
        ErrorKind::InvalidValue
            if context(ContextKind::InvalidValue).is_empty() =>
        {
            say(
                "error-value-missing",
                "argument",
                context(ContextKind::InvalidArg),
            )
        }
        ErrorKind::InvalidValue => texts.say(
            "error-value",
            &[
                ("value", context(ContextKind::InvalidValue)),
                ("argument", context(ContextKind::InvalidArg)),
            ],
        ),
        ErrorKind::ArgumentConflict => {
            say("error-conflict", "argument", context(ContextKind::InvalidArg))
        }
        ErrorKind::MissingRequiredArgument => {
            say("error-missing", "argument", context(ContextKind::InvalidArg))
        }
        _ => texts.say("error-usage", &[]),
    };
    complain(&format!("{said}\n{}", texts.say("for-help", &[])))
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
        _ => {
            for step in Step::ALL {
                let _ = writeln!(io::stdout(), "{}", step.name());
            }
            DONE
        }
    }
}

/// The step that was asked for; `Err` once the complaint is made.
fn step_of(matches: &ArgMatches, texts: &Texts) -> Result<Option<Step>, u8> {
    let Some(word) = matches.get_one::<String>("step") else { return Ok(None) };
    Step::named(word).map(Some).ok_or_else(|| {
        let steps = Step::ALL.map(Step::name).join(", ");
        complain(
            &texts
                .say("error-step", &[("step", word.clone()), ("steps", steps)]),
        )
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
        let said = if matches.get_flag("json") {
            format!("{}\n", report.json(texts))
        } else {
            report.text(texts)
        };
        let _ = io::stdout().write_all(said.as_bytes());
        if !report.is_done() || report.failure().is_some() {
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
    match Process::new(path).status() {
        Ok(status) => {
            u8::try_from(status.code().unwrap_or(0)).unwrap_or(NOT_YET)
        }
        Err(error) => complain(&error.to_string()),
    }
}

/// Compiles the program of a step; what the compiler says goes to the terminal as it
/// is. `Err` once the complaint is made.
fn build(step: Step, solution: bool, texts: &Texts) -> Result<PathBuf, u8> {
    let (package, bin) = if solution {
        ("causette", step.name().to_string())
    } else {
        ("exercises", format!("ex{}", step.name()))
    };
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Process::new(cargo)
        .args(["build", "--quiet", "--package", package, "--bin", &bin])
        .arg("--message-format=json-render-diagnostics")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| {
            complain(&texts.say("error-cargo", &[("error", error.to_string())]))
        })?;
    let messages = String::from_utf8_lossy(&built.stdout);
    let executable = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == bin.as_str())
        .find_map(|message| {
            message["executable"]
                .as_str()
                .map(|path| Path::new(path).to_path_buf())
        });
    match executable {
        Some(path) if built.status.success() => Ok(path),
        _ => Err(complain(&texts.say("error-build", &[]))),
    }
}
