//! `cargo lab completions SHELL`: what makes `cargo lab <TAB>` work.
//!
//! The shell completes `cargo`, of which `lab` is an alias. So the script has a function
//! for a command `cargo-lab`, by clap, and one of ours that hands it what follows
//! `cargo lab`, and all the rest to whatever completed `cargo` before.

use std::io::{self, Write};

use clap::builder::PossibleValuesParser;
use clap::{ArgMatches, Command};
use clap_complete::{Shell, generate};
use lab::course::Step;
use lab::texts::Texts;

use crate::{DONE, NOT_CHECKED, command_line};

/// Its name for the shell: that by which cargo's own completions in zsh look for it.
const NAME: &str = "cargo-lab";

/// The same for bash, where clap_complete confuses itself over a dash.
const BASH_NAME: &str = "cargo_lab";

const BASH: &str = include_str!("completions/bash.sh");
const ZSH: &str = include_str!("completions/zsh.sh");
const FISH: &str = include_str!("completions/fish.fish");

pub(crate) fn completions(matches: &ArgMatches, texts: &Texts) -> u8 {
    let shell = matches.get_one::<String>("shell").map(String::as_str);
    let (shell, name, ours) = match shell {
        Some("bash") => (Shell::Bash, BASH_NAME, BASH),
        Some("zsh") => (Shell::Zsh, NAME, ZSH),
        Some("fish") => (Shell::Fish, NAME, FISH),
        _ => return NOT_CHECKED,
    };
    let command = command_line::command(texts);
    let with_step = those_with_a_step(&command);
    let command = with_steps(command, &with_step);
    let mut command = command.name(name).bin_name(name);
    let mut script = Vec::new();
    generate(shell, &mut command, name, &mut script);
    if shell == Shell::Fish {
        let steps = Step::ALL.map(Step::short).join(" ");
        let line = format!(
            "complete -c {NAME} -n '__fish_cargo_lab_using_subcommand {}' -f -a '{steps}'\n",
            with_step.join(" ")
        );
        script.extend_from_slice(line.as_bytes());
    }
    script.extend_from_slice(ours.as_bytes());
    let _ = io::stdout().write_all(&script);
    DONE
}

/// The commands that take a step.
fn those_with_a_step(command: &Command) -> Vec<String> {
    let takes_one = |sub: &&Command| {
        sub.get_arguments().any(|argument| argument.get_id() == "step")
    };
    let those = command.get_subcommands().filter(takes_one);
    those.map(|sub| sub.get_name().to_string()).collect()
}

/// On the command line any word may be a step, and one that isn't gets a sentence of
/// ours; the shell wants to know which there are. (Not fish, by clap_complete.)
fn with_steps(command: Command, those: &[String]) -> Command {
    those.iter().fold(command, |command, name| {
        command.mut_subcommand(name, |sub| {
            sub.mut_arg("step", |step| {
                let steps = Step::ALL.map(Step::short);
                step.value_parser(PossibleValuesParser::new(steps))
            })
        })
    })
}
