//! The command line: `cargo bench -- [OPTIONS]`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::table;

/// What is wanted.
pub(crate) enum Request {
    Measure(Options),
    /// Draw again what was measured before, from this file.
    Replot(Option<PathBuf>),
}

/// What to measure, and how long.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// The steps; all of them if empty.
    pub(crate) only: Vec<String>,
    pub(crate) clients: Vec<usize>,
    pub(crate) rounds: usize,
    /// One sample.
    pub(crate) sample: Duration,
    pub(crate) json: Option<PathBuf>,
    /// Nothing was left out or cut short.
    whole: bool,
}

const CLIENTS: [usize; 4] = [1, 10, 100, 900];
const ROUNDS: usize = 5;
const MILLIS: u64 = 700;

impl Options {
    /// Are these the figures for `BENCHMARKS.md`?
    pub(crate) fn is_whole(&self) -> bool {
        self.whole
    }

    /// Before each first sample, to bring memory and caches into their state.
    pub(crate) fn warm_up(&self) -> Duration {
        self.sample / 3
    }

    /// How many descriptors we need: the clients of all the servers of a cell.
    pub(crate) fn descriptors(&self) -> u64 {
        let most = self.clients.iter().max().copied().unwrap_or(1) + 10;
        (most * table::most_servers_of_a_step() + 200) as u64
    }
}

pub(crate) fn parse(
    arguments: impl Iterator<Item = OsString>,
) -> Result<Request, clap::Error> {
    let mut command = command();
    let matches = command.try_get_matches_from_mut(arguments)?;
    let json = matches.get_one::<PathBuf>("json").cloned();
    if matches.get_flag("replot") {
        return Ok(Request::Replot(json));
    }
    Ok(Request::Measure(options(&matches, json)))
}

fn options(matches: &ArgMatches, json: Option<PathBuf>) -> Options {
    let quick = matches.get_flag("quick");
    let only: Vec<String> = many(matches, "only");
    let mut clients: Vec<u64> = many(matches, "clients");
    clients.sort_unstable();
    clients.dedup();
    let given = |name| matches.get_one::<u64>(name).copied();
    let whole = !quick
        && only.is_empty()
        && clients.is_empty()
        && given("rounds").is_none()
        && given("millis").is_none();
    let clients = match clients.is_empty() {
        true => CLIENTS.to_vec(),
        false => clients.iter().map(|&n| n as usize).collect(),
    };
    let (rounds, millis) = if quick { (2, 100) } else { (ROUNDS, MILLIS) };
    Options {
        only,
        clients,
        rounds: given("rounds").map_or(rounds, |n| n as usize),
        sample: Duration::from_millis(given("millis").unwrap_or(millis)),
        json,
        whole,
    }
}

fn many<T: Clone + Send + Sync + 'static>(
    matches: &ArgMatches,
    name: &str,
) -> Vec<T> {
    matches.get_many(name).map(|all| all.cloned().collect()).unwrap_or_default()
}

fn command() -> Command {
    let steps = table::STEPS.iter().map(|step| step.id);
    let number = |name: &'static str, most: u64| {
        Arg::new(name)
            .long(name)
            .value_name("N")
            .value_parser(value_parser!(u64).range(1..=most))
    };
    Command::new("cargo bench --")
        .about(
            "Measures the steps beside Python and C servers of the same design.\n\n\
             Without options: everything, in about a quarter of an hour, then writes \
             benches/results.json, BENCHMARKS.md and book/plots. With any option that \
             leaves something out, prints its tables and writes nothing.",
        )
        .arg(
            Arg::new("quick")
                .long("quick")
                .action(ArgAction::SetTrue)
                .help("2 rounds of 100 ms: does everything work?"),
        )
        .arg(
            Arg::new("only")
                .long("only")
                .value_name("STEP")
                .value_delimiter(',')
                .action(ArgAction::Append)
                .value_parser(
                    clap::builder::PossibleValuesParser::new(steps),
                )
                .help("These steps alone"),
        )
        .arg(
            number("clients", 1000)
                .value_delimiter(',')
                .action(ArgAction::Append)
                .help("So many clients [default: 1,10,100,900]"),
        )
        .arg(number("rounds", 1000).help("Rounds [default: 5]"))
        .arg(
            number("millis", 60_000)
                .help("How long one sample lasts [default: 700]"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("Keeps the raw figures there; with --replot, reads them"),
        )
        .arg(
            Arg::new("replot")
                .long("replot")
                .action(ArgAction::SetTrue)
                .conflicts_with_all([
                    "quick", "only", "clients", "rounds", "millis",
                ])
                .help("Measures nothing; writes BENCHMARKS.md and the plots again"),
        )
        // What cargo adds by itself.
        .arg(
            Arg::new("bench")
                .long("bench")
                .action(ArgAction::SetTrue)
                .hide(true),
        )
}
