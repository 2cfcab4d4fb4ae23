//! The servers that the checks themselves are checked with: wrong ones, each with one
//! student mistake, and right ones of another build.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::course::Step;
use crate::program::Program;

/// A server to try the checks on.
pub struct Member {
    /// Its name, or that of its file.
    pub name: String,
    /// The step that it pretends to be.
    pub step: Step,
    /// The mistake that must be the first diagnosis, or the beginning of its id;
    /// `None`: it's right.
    pub mistake: Option<String>,
    /// How to start it.
    pub program: Program,
}

impl Member {
    /// Is this what it must be told first? `None`: nothing is wrong with it.
    pub fn is_it(&self, found: Option<&str>) -> bool {
        match (&self.mistake, found) {
            (None, None) => true,
            (Some(mistake), Some(found)) => {
                let more = found.strip_prefix(mistake.as_str());
                more.is_some_and(|more| {
                    more.is_empty() || more.starts_with('-')
                })
            }
            _ => false,
        }
    }
}

/// The wrong servers in Rust. They are in no default member: cargo is asked to
/// compile them.
///
/// # Errors
///
/// They don't compile, or don't describe themselves; what was said of it.
pub fn wrong_in_rust(root: &Path) -> Result<Vec<Member>, String> {
    let mut cargo = Command::new(
        std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
    );
    cargo
        .args(["build", "--quiet", "-p", "wrong", "--message-format=json"])
        .current_dir(root);
    let said = printed(&mut cargo)?;
    let mut paths = said.split("\"executable\":\"").skip(1);
    let path = paths.find_map(|rest| rest.split('"').next());
    let path = path.ok_or("cargo names no program")?;
    let list = printed(Command::new(path).arg("--list"))?;
    let describe = |line: &str| {
        let name = line.split('\t').next().unwrap_or_default();
        described(line, &format!("exec {} {name} {{port}}", quoted(path)))
    };
    list.lines().map(describe).collect()
}

/// The wrong servers in Python; none where there is no Python.
///
/// # Errors
///
/// They don't describe themselves; what was said of it.
pub fn wrong_in_python(root: &Path) -> Result<Vec<Member>, String> {
    let mut members = Vec::new();
    for path in files(&root.join("lab/wrong"), "py") {
        let Some(python) = python() else { break };
        let path = path.display().to_string();
        let list = printed(Command::new(python).args([&path, "--list"]))?;
        let line =
            format!("exec {} {} {{port}}", quoted(python), quoted(&path));
        members.push(described(list.trim(), &line)?);
    }
    Ok(members)
}

/// The right servers of another build: Python, and C, which is compiled into `target`;
/// of those whose language is missing here, none.
///
/// # Errors
///
/// A source doesn't compile, or its name tells no step; what was said of it.
pub fn right(root: &Path, target: &Path) -> Result<Vec<Member>, String> {
    let folder = root.join("lab/right");
    let mut members = Vec::new();
    for path in files(&folder, "py") {
        if let Some(python) = python() {
            let path_ = path.display().to_string();
            members.push(right_one(&path, &quoted(python), &path_)?);
        }
    }
    for path in files(&folder, "c") {
        if !has("cc") {
            break;
        }
        let name = path.file_stem().unwrap_or_default();
        let program = target.join("lab/right").join(name);
        fs::create_dir_all(target.join("lab/right"))
            .map_err(|error| format!("{}: {error}", target.display()))?;
        let mut cc = Command::new("cc");
        cc.args(["-O1", "-Wall", "-Wextra", "-pthread", "-o"]);
        printed(cc.arg(&program).arg(&path))?;
        members.push(right_one(&path, "", &program.display().to_string())?);
    }
    Ok(members)
}

/// `lab_03.py` is of step 03.
fn right_one(
    source: &Path,
    with: &str,
    program: &str,
) -> Result<Member, String> {
    let name = source.file_stem().unwrap_or_default().to_string_lossy();
    let step = name.rsplit('_').next().and_then(Step::named);
    let line = format!("exec {with} {} {{port}}", quoted(program));
    Ok(Member {
        name: source.file_name().unwrap_or_default().to_string_lossy().into(),
        step: step.ok_or(format!("{name}: which step is it?"))?,
        mistake: None,
        program: Program::of_line(&line),
    })
}

/// A line of `--list`: name, step, mistake, what it does, with tabs between them.
fn described(line: &str, command: &str) -> Result<Member, String> {
    let unclear = || format!("what does this describe? {line:?}");
    let [name, step, mistake, _] = line.split('\t').collect::<Vec<_>>()[..]
    else {
        return Err(unclear());
    };
    Ok(Member {
        name: name.to_string(),
        step: Step::named(step).ok_or_else(unclear)?,
        mistake: (mistake != "-").then(|| mistake.to_string()),
        program: Program::of_line(command),
    })
}

/// What a command prints.
fn printed(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{name}: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{name}: {}\n{said}", output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The Python of this machine. `python3` may be the script of a version manager, which
/// takes ten times as long to start as the program itself.
fn python() -> Option<&'static str> {
    static FOUND: OnceLock<Option<String>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let ask = ["-c", "import sys; print(sys.executable)"];
        let path = printed(Command::new("python3").args(ask)).ok()?;
        Some(path.trim().to_string()).filter(|path| !path.is_empty())
    });
    found.as_deref()
}

fn has(program: &str) -> bool {
    let mut asked = Command::new(program);
    asked.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    asked.status().is_ok_and(|status| status.success())
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let is_one =
        |path: &PathBuf| path.extension().is_some_and(|it| it == extension);
    let mut paths: Vec<PathBuf> = paths.filter(is_one).collect();
    paths.sort();
    paths
}

/// For a line of shell.
fn quoted(path: &str) -> String {
    format!("'{}'", path.replace('\'', r"'\''"))
}
