//! `cargo book`: builds the book of the course, checks it, and serves it while it is
//! written.
//!
//! The book is two mdBooks of equal rank, `book/en` and `book/fr`. This tool embeds
//! mdBook, so that nobody installs anything, and adds what mdBook doesn't have:
//! listings that are cut out of the programs, differences between the steps, films,
//! quizzes, French spaces and a French search, a link to the same place in the other
//! language; and a check that keeps the languages together.

mod check;
mod diff;
mod expand;
mod fault;
mod film;
mod french;
mod html;
mod listing;
mod markup;
mod pdf;
mod place;
mod plot;
mod preprocess;
mod quiz;
mod serve;
mod site;
mod texts;
mod theme;
mod warnings;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command};
use lab::texts::{Lang, Texts};

use crate::fault::{Fault, Problem};
use crate::place::Course;
use crate::site::Options;

/// All is well.
const GOOD: u8 = 0;
/// Something is wrong with the book.
const BAD: u8 = 1;
/// The command line can't be understood.
const MISUSED: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().collect();
    let lang = Lang::asked(&arguments);
    let texts = texts::table(lang);
    let command = command(&texts);
    let status = match command.try_get_matches_from(&arguments) {
        Ok(matches) => run(&matches, lang, &texts),
        Err(error) => misused(&error, &texts),
    };
    ExitCode::from(status)
}

fn command(texts: &Texts) -> Command {
    let say = |key: &str| texts.say(key, &[]);
    // clap's own headings and words are English: these stand in their place.
    let template = |name: &str, more: &str| {
        let usage = [("usage", say(&format!("usage-{name}")))];
        let usage = texts.say("usage", &usage);
        let statuses = say("exit-statuses");
        format!("{{about}}\n\n{usage}\n\n{more}{{all-args}}\n\n{statuses}")
    };
    let option = |name: &'static str| {
        Arg::new(name)
            .long(name)
            .help(say(&format!("option-{name}")))
            .help_heading(say("heading-options"))
    };
    let flag = |name| option(name).action(ArgAction::SetTrue);
    let help = || option("help").short('h').action(ArgAction::Help);
    let sub = |name: &'static str| {
        Command::new(name)
            .about(say(&format!("about-{name}")))
            .disable_help_flag(true)
            .arg(help())
            .help_template(template(name, ""))
    };
    let without = format!("{}\n\n", say("without-command"));
    Command::new("cargo book")
        .bin_name("cargo book")
        .about(say("about"))
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .subcommand_help_heading(say("heading-commands"))
        .help_template(template("book", &without))
        .arg(
            Arg::new("port")
                .value_name("PORT")
                .help(say("argument-port"))
                .help_heading(say("heading-arguments")),
        )
        .arg(flag("no-open"))
        .arg(
            option("lang")
                .value_name("fr|en")
                .value_parser(["fr", "en"])
                .hide_possible_values(true)
                .global(true),
        )
        .arg(
            option("root")
                .value_name("DIR")
                .value_parser(clap::value_parser!(PathBuf))
                .global(true),
        )
        .arg(help())
        .subcommand(
            sub("build")
                .arg(option("base").value_name("PATH"))
                .arg(flag("without-solutions")),
        )
        .subcommand(sub("pdf").arg(flag("without-solutions")))
        .subcommand(sub("check"))
        .subcommand(
            sub("accept").arg(
                Arg::new("section")
                    .value_name("SECTION")
                    .num_args(0..)
                    .help(say("argument-section"))
                    .help_heading(say("heading-arguments")),
            ),
        )
        // What mdBook calls.
        .subcommand(
            Command::new("preprocess")
                .hide(true)
                .disable_help_flag(true)
                .arg(Arg::new("supports").num_args(0..)),
        )
}

/// clap's own words are English: its errors are said again in the user's language.
fn misused(error: &clap::Error, texts: &Texts) -> u8 {
    if error.kind() == ErrorKind::DisplayHelp {
        let _ = writeln!(io::stdout(), "{}", error.to_string().trim_end());
        return GOOD;
    }
    let argument = [
        ContextKind::InvalidValue,
        ContextKind::InvalidArg,
        ContextKind::InvalidSubcommand,
    ]
    .iter()
    .find_map(|kind| match error.get(*kind) {
        Some(ContextValue::String(value)) if !value.is_empty() => {
            Some(value.clone())
        }
        _ => None,
    });
    let argument = argument.unwrap_or_else(|| error.kind().to_string());
    misunderstood("error-usage", argument, texts)
}

fn misunderstood(key: &'static str, argument: String, texts: &Texts) -> u8 {
    let said = Problem::new(key).with("argument", argument).say(texts);
    complain(&format!("{said}\n{}", texts.say("for-help", &[])));
    MISUSED
}

fn complain(words: &str) {
    let _ = writeln!(io::stderr(), "{words}");
}

fn run(matches: &ArgMatches, lang: Lang, texts: &Texts) -> u8 {
    let course =
        matches.get_one::<PathBuf>("root").map_or_else(Course::own, |root| {
            Course::new(root.canonicalize().unwrap_or_else(|_| root.clone()))
        });
    let mut options = Options { base: "/".into(), with_solutions: true, lang };
    let done = match matches.subcommand() {
        Some(("build", matches)) => {
            if let Some(base) = matches.get_one::<String>("base") {
                options.base = format!("/{}/", base.trim_matches('/'));
                if options.base == "//" {
                    options.base = "/".into();
                }
            }
            options.with_solutions = !matches.get_flag("without-solutions");
            build(&course, &options, texts)
        }
        Some(("pdf", matches)) => {
            options.with_solutions = !matches.get_flag("without-solutions");
            print(&course, &options, texts)
        }
        Some(("check", _)) => check(&course, lang, texts),
        Some(("accept", matches)) => {
            let sections = matches.get_many::<String>("section");
            let sections: Vec<String> =
                sections.into_iter().flatten().cloned().collect();
            accept(&course, &sections, texts)
        }
        Some(("preprocess", matches)) => {
            // `supports RENDERER`: any will do.
            if matches.contains_id("supports") {
                return GOOD;
            }
            preprocess::by_protocol(lang, texts)
                .map_err(|error| format!("{error:#}"))
        }
        _ => {
            let word = matches.get_one::<String>("port");
            let port = match word.map(|word| (word, word.parse())) {
                None => 0,
                Some((_, Ok(port))) => port,
                Some((word, Err(_))) => {
                    return misunderstood("error-port", word.clone(), texts);
                }
            };
            let open = !matches.get_flag("no-open");
            serve::serve(&course, &options, texts, port, open)
        }
    };
    match done {
        Ok(()) => GOOD,
        Err(words) => {
            complain(&words);
            BAD
        }
    }
}

fn build(
    course: &Course,
    options: &Options,
    texts: &Texts,
) -> Result<(), String> {
    let site =
        site::build(course, options).map_err(|error| format!("{error:#}"))?;
    let built = Problem::new("built").with("path", course.shown(&site));
    let _ = writeln!(io::stdout(), "{}", built.say(texts));
    Ok(())
}

/// Prints what is built for the purpose: the site stays as it is.
fn print(
    course: &Course,
    options: &Options,
    texts: &Texts,
) -> Result<(), String> {
    let whole = site::in_a_scratch_folder(course, options, |site| {
        pdf::print(course, site, texts)
    })
    .map_err(|error| format!("{error:#}"))??;
    for pdf in whole {
        let printed = Problem::new("printed").with("path", course.shown(&pdf));
        let _ = writeln!(io::stdout(), "{}", printed.say(texts));
    }
    Ok(())
}

fn check(course: &Course, lang: Lang, texts: &Texts) -> Result<(), String> {
    let report = check::check(course, texts, lang);
    if report.faults.is_empty() {
        let good = Problem::new("check-good")
            .with("chapters", report.chapters)
            .with("sections", report.sections)
            .with("quizzes", report.quizzes)
            .with("films", report.films);
        let _ = writeln!(io::stdout(), "{}", good.say(texts));
        return Ok(());
    }
    let bad = Problem::new("check-bad").with("count", report.faults.len());
    Err(format!("{}\n{}", all(&report.faults, course, texts), bad.say(texts)))
}

fn accept(
    course: &Course,
    sections: &[String],
    texts: &Texts,
) -> Result<(), String> {
    let count = check::accept(course, sections)
        .map_err(|faults| all(&faults, course, texts))?;
    let accepted = Problem::new("accepted").with("count", count);
    let _ = writeln!(io::stdout(), "{}", accepted.say(texts));
    Ok(())
}

fn all(faults: &[Fault], course: &Course, texts: &Texts) -> String {
    let said: Vec<String> =
        faults.iter().map(|fault| fault.say(course, texts)).collect();
    said.join("\n")
}
