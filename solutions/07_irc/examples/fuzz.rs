//! Fuzzing: plays scripts that are mutations of those of the corpus, for ever.
//!
//! ```console
//! $ cargo run --release -p irc --example fuzz            # until Ctrl-C
//! $ cargo run --release -p irc --example fuzz -- 60 7    # 60 seconds, seed 7
//! $ cargo run --release -p irc --example fuzz -- FILE    # that script only
//! ```
//!
//! A script in which a reply follows another one for the first time joins the
//! corpus of this run, and is mutated further. One that fails is written to
//! `target/fuzz`, made as small as it can be; then it's a case for `corpus/`, which
//! `cargo test` plays. What counts as failing: `tests/support` says it.

#[path = "../tests/support/mutate.rs"]
mod mutate;
#[path = "../tests/support/mod.rs"]
mod support;

use std::collections::HashSet;
use std::env;
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::panic;
use std::path::Path;
use std::time::{Duration, Instant};

use mutate::{Random, mutate, shrink};
use support::{CONFIG, play};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let number =
        |at: usize| words.get(at).and_then(|it| it.parse::<u64>().ok());
    if let (Some(file), None) = (words.first(), number(0)) {
        let script = fs::read(file);
        play(&script.map_err(|error| format!("{file}: {error}"))?, CONFIG);
        return Ok(());
    }
    let until = number(0).map(|it| Instant::now() + Duration::from_secs(it));
    let mut random = Random::new(number(1).unwrap_or(1));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut corpus = mutate::corpus(&folder)?;
    let mut known: HashSet<u64> = HashSet::new();
    for script in &corpus {
        known.extend(play(script, CONFIG));
    }
    let mut out = io::stdout();
    let (mut count, mut said) = (0_u64, Instant::now());
    while until.is_none_or(|until| Instant::now() < until) {
        let script = mutate(&corpus, &mut random);
        count += 1;
        let Ok(seen) = panic::catch_unwind(|| play(&script, CONFIG)) else {
            let script = shrink(script, |it| {
                panic::catch_unwind(|| play(it, CONFIG)).is_err()
            });
            let folder = Path::new("target/fuzz");
            fs::create_dir_all(folder)?;
            let file = folder.join(format!("failed-{count}"));
            fs::write(&file, script)?;
            return Err(format!("fails: {}", file.display()).into());
        };
        let before = known.len();
        known.extend(seen);
        if known.len() > before {
            corpus.push(script);
        }
        if said.elapsed() > Duration::from_secs(2) {
            said = Instant::now();
            let (scripts, sequences) = (corpus.len(), known.len());
            writeln!(
                out,
                "{count} played, {scripts} in the corpus, {sequences} sequences"
            )?;
        }
    }
    writeln!(out, "{count} played, none fails")?;
    Ok(())
}
