//! Measures servers, as processes, over real sockets on the loopback.
//!
//! A *cell* is one step with so many clients: its servers run side by side, each with
//! all its clients connected, and are measured one after the other, round after round,
//! so that what else the machine does hits them all alike. Nothing is asked of a
//! server but its port; what it costs is read from `/proc`.
//!
//! | module | what it does |
//! | --- | --- |
//! | `table` | which servers there are: data |
//! | `crowd` | the clients: one thread, `epoll`, nothing allocated while it measures |
//! | `scenes` | what the clients do: echo, a calm chat, a flood |
//! | `cell` | starts servers, brings the clients in, takes the samples |
//! | `machine` | processors, versions, memory and processor time from `/proc` |
//! | `results` | the raw figures, as JSON |
//! | `report`, `plot`, `words` | `BENCHMARKS.md` and the pictures of the book |

pub(crate) mod args;
mod cell;
mod crowd;
mod machine;
pub(crate) mod plot;
pub(crate) mod report;
pub(crate) mod results;
pub(crate) mod scenes;
pub(crate) mod table;
mod words;

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use args::{Options, Request};
use results::Results;

/// The folder of the workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the command line. The exit status is 0, 2 for a command line that makes no
/// sense, 1 if something failed.
pub(crate) fn main(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let done = match args::parse(arguments) {
        Ok(request) => perform(&request),
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(error.exit_code().clamp(0, 2) as u8);
        }
    };
    match done {
        Ok(text) => {
            let _ = io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(why) => {
            say(&why);
            ExitCode::FAILURE
        }
    }
}

/// What it prints on stdout at the end.
pub(crate) fn perform(request: &Request) -> Result<String, String> {
    match request {
        Request::Replot(json) => {
            let from = json.clone().unwrap_or_else(committed);
            publish(&read(&from)?)
        }
        Request::Measure(options) => {
            let results = measure(options)?;
            match (&options.json, options.is_whole()) {
                (Some(file), _) => keep(&results, file)?,
                (None, true) => keep(&results, &committed())?,
                (None, false) => {}
            }
            if options.is_whole() && options.json.is_none() {
                publish(&results)
            } else {
                Ok(report::tables(&results))
            }
        }
    }
}

fn measure(options: &Options) -> Result<Results, String> {
    lab::raise_descriptor_limit(options.descriptors())?;
    let servers = table::prepare(&options.only, &mut |why| say(why))?;
    cell::measure_all(options, &servers, &mut |progress| say(progress))
}

/// The raw figures that stand in the repository.
fn committed() -> PathBuf {
    root().join("benches/results.json")
}

fn read(file: &Path) -> Result<Results, String> {
    let at =
        |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let text = fs::read_to_string(file).map_err(|error| at(&error))?;
    Results::of_json(&text).map_err(|error| at(&error))
}

fn keep(results: &Results, file: &Path) -> Result<(), String> {
    write(file, &results.to_json())
}

/// Writes `BENCHMARKS.md` and the pictures.
fn publish(results: &Results) -> Result<String, String> {
    let template = root().join("benches/report.md");
    let template = fs::read_to_string(&template)
        .map_err(|error| format!("{}: {error}", template.display()))?;
    let page = report::page(results, &template)?;
    let plots = root().join("book/plots");
    for (name, svg) in plot::all(results) {
        write(&plots.join(name), &svg)?;
    }
    write(&root().join("BENCHMARKS.md"), &page)?;
    Ok("written: BENCHMARKS.md, book/plots\n".to_string())
}

/// All of it or nothing: a file is never half written.
fn write(file: &Path, text: &str) -> Result<(), String> {
    let at = |error: io::Error| format!("{}: {error}", file.display());
    if let Some(folder) = file.parent().filter(|it| !it.as_os_str().is_empty())
    {
        fs::create_dir_all(folder).map_err(at)?;
    }
    let mut partial = file.as_os_str().to_owned();
    partial.push(".partial");
    fs::write(&partial, text).map_err(at)?;
    fs::rename(&partial, file).map_err(at)
}

fn say(what: &str) {
    let _ = writeln!(io::stderr(), "{what}");
}
