//! The command line of `cargo lab`, its help and its errors, in the user's language.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use lab::course::Step;
use lab::film::Scene;
use lab::progress::Progress;
use lab::texts::{Lang, Texts};
use lab::usage::misused;

use crate::workspace;
use crate::{DONE, complain};

/// What goes with one film, not with those of the book.
const BOOK_ALONE: [&str; 5] = ["step", "cmd", "solution", "scene", "output"];

/// What the command line asks for, before it is understood; then what was chosen once
/// in the watch mode; then that of the environment.
pub(crate) fn language(arguments: &[OsString]) -> Lang {
    Lang::asked(arguments)
        .or_else(|| {
            let progress = Progress::read(&workspace::progress());
            progress.unwrap_or_default().language()
        })
        .unwrap_or_else(Lang::of_the_environment)
}

pub(crate) fn command(texts: &Texts) -> Command {
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
            .index(1)
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
    let cmd = || {
        Arg::new("cmd")
            .long("cmd")
            .value_name("CMD")
            .help(say("option-cmd"))
            .help_heading(say("heading-options"))
            .conflicts_with("solution")
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
        .subcommand_help_heading(say("heading-commands"))
        .help_template(template("lab"))
        .arg(help())
        .arg(lang)
        .subcommand(sub("watch").arg(step().help(say("argument-watch-step"))))
        .subcommand(
            sub("check")
                .arg(step())
                .arg(cmd())
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
        .subcommand(
            sub("run")
                .arg(step().required(true))
                .arg(
                    Arg::new("port")
                        .index(2)
                        .value_name("PORT")
                        .help(say("argument-port"))
                        .help_heading(say("heading-arguments")),
                )
                .arg(flag("solution")),
        )
        .subcommand(
            sub("film")
                .arg(step().required_unless_present_any(["record", "check"]))
                .arg(cmd())
                .arg(flag("solution"))
                .arg(
                    Arg::new("scene")
                        .long("scene")
                        .value_name("three-clients|slow-reader|half-line|chat")
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
        .subcommand(
            sub("hint").arg(step()).arg(
                Arg::new("all")
                    .long("all")
                    .action(ArgAction::SetTrue)
                    .help(say("option-all-rungs"))
                    .help_heading(say("heading-options")),
            ),
        )
        .subcommand(sub("list"))
        .subcommand(
            sub("reset")
                .arg(step().required_unless_present("all"))
                .arg(flag("all").conflicts_with("step")),
        )
        .subcommand(sub("solution").arg(step().required(true)).arg(flag("yes")))
        .subcommand(sub("doctor").arg(flag("course")))
        .subcommand(
            sub("completions").arg(
                Arg::new("shell")
                    .value_name("bash|zsh|fish")
                    .value_parser(["bash", "zsh", "fish"])
                    .hide_possible_values(true)
                    .required(true)
                    .help(say("argument-shell"))
                    .help_heading(say("heading-arguments")),
            ),
        )
}

/// clap's own words are English: its errors are said again in the user's language.
pub(crate) fn usage(error: &clap::Error, texts: &Texts) -> u8 {
    let said = match error.kind() {
        ErrorKind::DisplayHelp => {
            let _ = write!(io::stdout(), "{error}");
            let _ = writeln!(io::stdout());
            return DONE;
        }
        _ => step_alone(error).map_or_else(
            || misused(error, texts),
            |step| texts.say("error-step-alone", &[("step", step)]),
        ),
    };
    complain(&format!("{said}\n{}", texts.say("for-help", &[])))
}

/// `cargo lab 3`: a step where a command should be.
fn step_alone(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(word)) =
        error.get(ContextKind::InvalidSubcommand)
    else {
        return None;
    };
    Step::named(word).map(|_| word.clone())
}
