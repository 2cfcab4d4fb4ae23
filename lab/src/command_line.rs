//! The command line of `cargo lab`, its help and its errors, in the user's language.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Command};
use lab::film::Scene;
use lab::texts::Texts;
use lab::usage::misused;

use crate::{DONE, NOT_CHECKED, complain};

/// What goes with one film, not with those of the book.
const BOOK_ALONE: [&str; 5] = ["step", "cmd", "solution", "scene", "output"];

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
        .subcommand_required(true)
        .subcommand_help_heading(say("heading-commands"))
        .help_template(template("lab"))
        .arg(help())
        .arg(lang)
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
                        .value_name("three-clients|slow-reader|half-line")
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
        .subcommand(
            sub("reset")
                .arg(step().required_unless_present("all"))
                .arg(flag("all").conflicts_with("step")),
        )
        .subcommand(sub("doctor").arg(flag("course")))
}

/// clap's own words are English: its errors are said again in the user's language.
pub(crate) fn usage(
    error: &clap::Error,
    arguments: &[OsString],
    mut command: Command,
    texts: &Texts,
) -> u8 {
    match error.kind() {
        ErrorKind::DisplayHelp => {
            let _ = write!(io::stdout(), "{error}");
            let _ = writeln!(io::stdout());
            DONE
        }
        ErrorKind::MissingSubcommand if arguments.len() < 2 => {
            let _ = writeln!(io::stderr(), "{}", command.render_help());
            NOT_CHECKED
        }
        _ => {
            let for_help = texts.say("for-help", &[]);
            complain(&format!("{}\n{for_help}", misused(error, texts)))
        }
    }
}
