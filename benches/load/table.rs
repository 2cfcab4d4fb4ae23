//! Which servers are measured, and how one talks to each.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use lab::Program;

use super::root;

/// In what it's written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Ours.
    Rust,
    /// The same design in C.
    C,
    /// The same design in Python.
    Python,
    /// C with another call than ours: what is to be had by another design.
    Other,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] =
        [Self::Rust, Self::C, Self::Python, Self::Other];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::C => "C",
            Self::Python => "Python",
            Self::Other => "C, other design",
        }
    }
}

/// What a client says, and who hears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    /// It gets back what it says; at most so many clients can be served at once.
    Echo(usize),
    /// All the others get each line.
    Lines,
    /// The others get the words of `MSG words`.
    Commands,
    /// Those of the channel get the words of `MSG channel words`.
    Channels,
}

impl Wire {
    pub(crate) fn is_echo(self) -> bool {
        matches!(self, Self::Echo(_))
    }

    /// The line with which a client says `words`.
    pub(crate) fn say(self, words: &str) -> String {
        let verb = match self {
            Self::Echo(_) | Self::Lines => "",
            Self::Commands => "MSG ",
            Self::Channels => "MSG salon ",
        };
        format!("{verb}{words}\n")
    }

    /// What a client sends first, to be among those who hear.
    pub(crate) fn greeting(self) -> Option<&'static [u8]> {
        (self == Self::Channels).then_some(b"JOIN salon\n")
    }
}

/// A step of the course and its servers.
pub(crate) struct Step {
    pub(crate) id: &'static str,
    /// How it serves many: the same in each of its languages.
    pub(crate) design: &'static str,
    wire: Wire,
    /// Ours is a program, the others are files of `lab/right`.
    servers: &'static [(Kind, &'static str)],
}

use Kind::{C, Other, Python, Rust};

#[rustfmt::skip]
pub(crate) const STEPS: &[Step] = &[
    Step { id: "01", design: "echo, one client at a time", wire: Wire::Echo(1), servers: &[(Rust, env!("CARGO_BIN_EXE_01_blocking_echo")), (C, "blocking_01.c"), (Python, "lab_01.py")] },
    Step { id: "02", design: "echo, a thread per client", wire: Wire::Echo(usize::MAX), servers: &[(Rust, env!("CARGO_BIN_EXE_02_thread_echo")), (C, "thread_02.c"), (Python, "lab_02.py")] },
    Step { id: "03", design: "echo, select", wire: Wire::Echo(usize::MAX), servers: &[(Rust, env!("CARGO_BIN_EXE_03_select_echo")), (C, "select_03.c"), (Python, "lab_03.py")] },
    Step { id: "04", design: "chat, select", wire: Wire::Lines, servers: &[(Rust, env!("CARGO_BIN_EXE_04_broadcast_chat")), (C, "select_04.c"), (Python, "lab_04.py"), (Other, "poll_04.c")] },
    Step { id: "05", design: "commands, select", wire: Wire::Commands, servers: &[(Rust, env!("CARGO_BIN_EXE_05_command_chat")), (C, "select_05.c"), (Python, "lab_05.py")] },
    Step { id: "06", design: "channels, select", wire: Wire::Channels, servers: &[(Rust, env!("CARGO_BIN_EXE_06_channels")), (C, "select_06.c"), (Python, "lab_06.py"), (Other, "epoll_06.c")] },
    Step { id: "bonus", design: "chat, two threads per client", wire: Wire::Lines, servers: &[(Rust, env!("CARGO_BIN_EXE_bonus_thread_chat")), (C, "mailbox_04.c"), (Python, "mailbox_04.py"), (Other, "thread_04.c")] },
];

pub(crate) fn most_servers_of_a_step() -> usize {
    STEPS.iter().map(|step| step.servers.len()).max().unwrap_or(1)
}

/// A server that can be started.
#[derive(Clone)]
pub(crate) struct Ready {
    pub(crate) step: &'static str,
    pub(crate) kind: Kind,
    /// The name of its program or of its source.
    pub(crate) name: String,
    pub(crate) wire: Wire,
    pub(crate) program: Program,
}

/// The servers of these steps (of all, if there are none); C is compiled. What can't
/// be had on this machine is left out and told.
///
/// # Errors
///
/// A C source doesn't compile.
pub(crate) fn prepare(
    only: &[String],
    tell: &mut dyn FnMut(&str),
) -> Result<Vec<Ready>, String> {
    let python = python();
    let compiler = ["cc", "gcc", "clang"].into_iter().find(|it| answers(it));
    if python.is_none() {
        tell("python3 is not here: its column stays empty");
    }
    if compiler.is_none() {
        tell("no C compiler is here: its column stays empty");
    }
    let mut ready = Vec::new();
    let wanted =
        |step: &&Step| only.is_empty() || only.iter().any(|id| id == step.id);
    for step in STEPS.iter().filter(wanted) {
        for &(kind, source) in step.servers {
            let path = root().join("lab/right").join(source);
            let program = match (kind, &python, compiler) {
                (Rust, ..) => Program::new(source),
                (Python, Some(python), _) => Program::of_line(&format!(
                    "exec {} {} {{port}}",
                    quoted(python),
                    quoted(&path)
                )),
                (C | Other, _, Some(compiler)) => {
                    Program::new(compile(compiler, &path)?)
                }
                (Python, None, _) | (C | Other, _, None) => continue,
            };
            let name = Path::new(source).file_name().unwrap_or_default();
            let name = name.to_string_lossy().into_owned();
            let (step, wire) = (step.id, step.wire);
            ready.push(Ready { step, kind, name, wire, program });
        }
    }
    Ok(ready)
}

fn answers(command: &str) -> bool {
    let mut command = Command::new(command);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The interpreter itself, not a script that looks for it at every start.
fn python() -> Option<PathBuf> {
    let output = Command::new("python3")
        .args(["-c", "import sys; print(sys.executable)"])
        .output()
        .ok()?;
    let path = String::from_utf8(output.stdout).ok()?;
    let path = path.trim();
    (output.status.success() && !path.is_empty()).then(|| path.into())
}

fn compile(compiler: &str, source: &Path) -> Result<PathBuf, String> {
    let name = source.file_stem().unwrap_or_default().to_string_lossy();
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name.as_ref());
    // Another run may have the program of that name open.
    let fresh = program.with_extension(std::process::id().to_string());
    let output = Command::new(compiler)
        .args(["-O2", "-pthread", "-o"])
        .arg(&fresh)
        .arg(source)
        .output()
        .map_err(|error| format!("{compiler}: {error}"))?;
    if output.status.success() {
        let renamed = std::fs::rename(&fresh, &program);
        renamed.map_err(|error| format!("{}: {error}", program.display()))?;
        return Ok(program);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{compiler} can't compile {}:\n{said}", source.display()))
}

/// One word of a shell's line.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', r"'\''"))
}
