//! What cargo makes of one exercise, and what it says.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use lab::course::Step;
use lab::{Group, Output};
use serde_json::Value;

use crate::workspace::{cargo, root};

/// How a build ended.
pub(super) struct Build {
    /// What was made; `None`: it doesn't compile.
    pub(super) program: Option<PathBuf>,
    /// The compiler's words, as they go to a terminal.
    pub(super) words: String,
    /// Cargo can't be started: why.
    pub(super) no_cargo: Option<String>,
}

/// A build on its way.
pub(super) struct Building {
    bin: String,
    group: Group,
    stdout: Output,
    stderr: Output,
}

impl Building {
    /// # Errors
    ///
    /// Cargo can't be started: why.
    pub(super) fn start(step: Step, colours: bool) -> Result<Self, String> {
        let bin = format!("ex{}", step.name());
        let (format, colour) = match colours {
            true => ("json-diagnostic-rendered-ansi", "always"),
            false => ("json", "never"),
        };
        let mut command = Command::new(cargo());
        command
            .args(["build", "--package", "exercises", "--bin", &bin])
            .args(["--message-format", format, "--color", colour])
            // Whatever the student has set: we want to know when it waits.
            .env("CARGO_TERM_QUIET", "false")
            .env("CARGO_TERM_VERBOSE", "false")
            .env("CARGO_TERM_PROGRESS_WHEN", "never")
            .current_dir(root())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut group = Group::start(&mut command)?;
        let child = group.child();
        let stdout = child.stdout.take().map(Output::of).unwrap_or_default();
        let stderr = child.stderr.take().map(Output::of).unwrap_or_default();
        Ok(Self { bin, group, stdout, stderr })
    }

    /// Does it wait for another cargo?
    pub(super) fn waits(&self) -> bool {
        waits(&self.stderr.text())
    }

    /// `None`: it goes on.
    pub(super) fn end(&mut self) -> Option<Build> {
        let status = self.group.child().try_wait().ok()??;
        let (program, mut words) = read(&self.stdout.last_words(), &self.bin);
        words += &without_progress(&self.stderr.last_words());
        let program = program.filter(|_| status.success());
        Some(Build { program, words, no_cargo: None })
    }
}

/// The executable among cargo's messages, and what the compiler says in them.
fn read(messages: &str, bin: &str) -> (Option<PathBuf>, String) {
    let (mut program, mut words) = (None, String::new());
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    for message in messages {
        let of_ours = message["target"]["name"] == bin;
        let path = message["executable"].as_str().filter(|_| of_ours);
        program = path.map(PathBuf::from).or(program);
        words += message["message"]["rendered"].as_str().unwrap_or_default();
    }
    (program, words)
}

/// How far cargo has got is of no interest once it's over.
fn without_progress(stderr: &str) -> String {
    let lines = stderr.lines().filter(|line| progress(line).is_none());
    lines.map(|line| format!("{line}\n")).collect()
}

/// A line such as `   Compiling nix v0.31.3`: its words without the first, which stands
/// at the right of twelve columns, and the first.
fn progress(line: &str) -> Option<(String, String)> {
    let line = anstream::adapter::strip_str(line).to_string();
    let word = line.split_whitespace().next()?;
    let end = line.find(word)? + word.len();
    let is_status = end == 12 && word.starts_with(char::is_uppercase);
    is_status.then(|| (line[end..].trim().to_string(), word.to_string()))
}

/// Is the last that cargo says that it waits?
fn waits(stderr: &str) -> bool {
    stderr
        .lines()
        .next_back()
        .and_then(progress)
        .is_some_and(|(_, word)| word == "Blocking")
}

/// Beside the exercise, what a build needs to be right.
pub(super) fn manifests(root: &Path) -> Vec<PathBuf> {
    ["Cargo.toml", "exercises/Cargo.toml"].map(|it| root.join(it)).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_and_the_compilers_words_are_found() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"nix"},"#,
            r#""executable":null}"#,
            "\nnot json\n",
            r#"{"reason":"compiler-message","target":{"name":"ex01"},"#,
            r#""message":{"message":"unused","rendered":"warning: unused\n"}}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"ex01"},"#,
            r#""executable":"/t/ex01"}"#,
            "\n",
        );
        let (program, words) = read(messages, "ex01");
        assert_eq!(program, Some(PathBuf::from("/t/ex01")));
        assert_eq!(words, "warning: unused\n");
        assert_eq!(read(messages, "ex02").0, None);
        assert_eq!(read("", "ex01"), (None, String::new()));
    }

    #[test]
    fn cargos_errors_stay_and_its_progress_goes() {
        let stderr = "\u{1b}[1m\u{1b}[92m   Compiling\u{1b}[0m nix v0.31.3\n\
                      error: failed to parse manifest\n\nCaused by:\n  \
                      no targets\n    Finished `dev` profile in 1s\n";
        assert_eq!(
            without_progress(stderr),
            "error: failed to parse manifest\n\nCaused by:\n  no targets\n"
        );
    }

    #[test]
    fn a_wait_for_another_cargo_is_seen() {
        let waiting = "\u{1b}[1m\u{1b}[96m    Blocking\u{1b}[0m waiting for \
                       file lock on build directory\n";
        assert!(waits(waiting));
        assert!(!waits(&format!("{waiting}   Compiling exercises v0.1.0\n")));
        assert!(!waits(""));
    }
}
