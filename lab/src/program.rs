//! How to start a program, and what to put around it.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::server::Server;

/// A server to start, as a command; by the contract of the course its first
/// argument is the port.
#[derive(Clone, Debug)]
pub struct Program {
    path: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    scripts: Vec<String>,
    injections: Vec<String>,
    /// A line of shell with `{port}` in it, in place of a path.
    line: Option<String>,
}

impl Program {
    /// The program at `path`, with an environment that asks for English.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let environment = vec![("LC_ALL".into(), "C".into())];
        Self {
            path: path.into(),
            arguments: Vec::new(),
            environment,
            scripts: Vec::new(),
            injections: Vec::new(),
            line: None,
        }
    }

    /// A program in any language, by the line of shell that starts it, in which
    /// `{port}` is the port: `python3 chat.py {port}`. Without it, the program is
    /// taken to listen on port 7777.
    pub fn of_line(line: &str) -> Self {
        Self { line: Some(line.to_string()), ..Self::new("sh") }
    }

    /// The port that it listens on whatever it's told.
    pub(crate) fn fixed_port(&self) -> Option<u16> {
        let line = self.line.as_ref()?;
        (!line.contains("{port}")).then_some(7777)
    }

    /// One more argument, after the port.
    #[must_use]
    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// An environment variable.
    #[must_use]
    pub fn env(
        mut self,
        name: impl Into<OsString>,
        value: impl Into<OsString>,
    ) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// A line of shell around it, in which `"$@"` is the command.
    #[must_use]
    pub fn shell(mut self, script: &str) -> Self {
        self.scripts.push(script.to_string());
        self
    }

    /// The most descriptors that it may have open (`ulimit -n`).
    #[must_use]
    pub fn descriptors(self, most: usize) -> Self {
        // What we inherited ourselves and pass on would count too.
        let inherited = "exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-";
        self.shell(&format!("{inherited}; ulimit -n {most}; exec \"$@\""))
    }

    /// So many descriptors are open before it starts: its own have higher numbers.
    /// `None` without bash, whose redirections take a number of any length.
    #[must_use]
    pub fn with_open_descriptors(&self, count: usize) -> Option<Self> {
        let answers = Command::new("bash").args(["-c", ":"]).status();
        answers.is_ok_and(|status| status.success()).then(|| {
            self.clone().shell(&format!(
                "exec bash -c 'for ((fd = 10; fd < {count}; fd++)); do \
                 eval \"exec $fd</dev/null\"; done; exec \"$@\"' bash \"$@\""
            ))
        })
    }

    /// Makes system calls fail, in the words of `strace -e inject=`:
    /// `accept4:error=ECONNABORTED:when=2`. See [`can_inject`].
    #[must_use]
    pub fn inject(mut self, fault: &str) -> Self {
        self.injections.push(fault.to_string());
        self
    }

    /// Starts it on a free port and waits until it listens there.
    ///
    /// # Panics
    ///
    /// If it ends before, or doesn't listen until the deadline.
    #[track_caller]
    pub fn start(&self) -> Server {
        Server::start(self)
    }

    /// The command that runs it with `arguments`, its input empty, its output piped.
    pub fn command(&self, arguments: &[&OsStr]) -> Command {
        let mut words: Vec<OsString> = Vec::new();
        for script in &self.scripts {
            words.extend(["sh", "-c", script, "sh"].map(OsString::from));
        }
        if !self.injections.is_empty() {
            words.extend(
                ["strace", "-f", "-qq", "-o", "/dev/null"].map(OsString::from),
            );
            // The last `trace=` counts alone: one for all the calls.
            let call = |fault: &String| {
                fault.split(':').next().unwrap_or_default().to_string()
            };
            let calls: Vec<String> = self.injections.iter().map(call).collect();
            words.extend([
                "-e".into(),
                format!("trace={}", calls.join(",")).into(),
            ]);
            for fault in &self.injections {
                words.extend(["-e".into(), format!("inject={fault}").into()]);
            }
        }
        match &self.line {
            None => {
                words.push(self.path.clone().into());
                words.extend(arguments.iter().map(OsString::from));
                words.extend(self.arguments.iter().cloned());
            }
            Some(line) => {
                let port = arguments.first().map(|port| port.to_string_lossy());
                let line = line.replace("{port}", &port.unwrap_or_default());
                words.extend(["sh".into(), "-c".into(), line.into()]);
            }
        }
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        // What decides the language, whatever the machine's own is.
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            command.env_remove(name);
        }
        // A panic that prints where it came from takes seconds on a busy machine.
        command.env("RUST_BACKTRACE", "0");
        command.envs(self.environment.iter().cloned());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

/// Can [`Program::inject`] work here? If not, why.
///
/// # Errors
///
/// `strace` is not installed, or isn't allowed to look at another process.
pub fn can_inject() -> Result<(), String> {
    let tried = Command::new("strace")
        .args(["-qq", "-o", "/dev/null", "true"])
        .output();
    match tried {
        Err(_) => Err("strace is not installed".to_string()),
        Ok(output) if !output.status.success() => {
            Err("ptrace is not allowed here".to_string())
        }
        Ok(_) => Ok(()),
    }
}

/// Lets this process open as many descriptors as it needs.
///
/// # Errors
///
/// The system allows fewer, and says how many.
pub fn raise_descriptor_limit(need: u64) -> Result<(), String> {
    let limits = getrlimit(Resource::RLIMIT_NOFILE);
    let (soft, hard) = limits.map_err(|error| error.to_string())?;
    if soft >= need {
        return Ok(());
    }
    setrlimit(Resource::RLIMIT_NOFILE, need, hard).map_err(|_| {
        format!("{need} descriptors are needed, {hard} allowed (ulimit -Hn)")
    })
}

/// Closes the descriptors that a terminal or an editor left open in us: a server must
/// find those numbers free, and get none that isn't its own.
///
/// For the first line of `main`: whatever is open by then, it closes.
pub fn close_inherited_descriptors() {
    let Ok(open) = fs::read_dir("/proc/self/fd") else { return };
    let numbers: Vec<i32> = open
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    for number in numbers.into_iter().filter(|&number| number > 2) {
        // That of the folder itself is closed by now.
        let _ = nix::unistd::close(number);
    }
}
