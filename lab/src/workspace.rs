//! Where the course lies, and what cargo makes of it.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use lab::course::Step;
use lab::progress::Progress;
use lab::texts::Texts;

use crate::{NOT_CHECKED, complain};

/// The folder of the course: that in which this program was compiled, or
/// `CAUSETTE_ROOT`, a copy of it.
pub(crate) fn root() -> PathBuf {
    let given = env::var_os("CAUSETTE_ROOT").filter(|path| !path.is_empty());
    if let Some(root) = given {
        return root.into();
    }
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}

/// Where cargo puts what it makes.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), PathBuf::from)
}

/// The exercise of a step, as a student's editor opens it.
pub(crate) fn exercise(step: Step) -> PathBuf {
    root().join("exercises").join(format!("{}.rs", step.name()))
}

/// Where a student's progress is kept: it's theirs, so that neither `cargo clean` nor
/// `git pull` touches it. `CAUSETTE_PROGRESS` names another file.
pub(crate) fn progress() -> PathBuf {
    env::var_os("CAUSETTE_PROGRESS")
        .filter(|path| !path.is_empty())
        .map_or_else(|| root().join("progress.txt"), PathBuf::from)
}

/// Notes something in the progress. That it can't be written is worth a sentence, and
/// stops nothing.
pub(crate) fn note(texts: &Texts, change: impl FnOnce(&mut Progress)) {
    if let Err(error) = Progress::change(&progress(), change) {
        complain_of_progress(&error, texts);
    }
}

pub(crate) fn complain_of_progress(error: &io::Error, texts: &Texts) {
    let file = progress().display().to_string();
    let facts = [("file", file), ("error", error.to_string())];
    complain(&texts.say("error-progress", &facts));
}

/// The cargo that started us, or the first in the path.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Compiles the program of a step; what the compiler says goes to the terminal as it
/// is. `Err` once the complaint is made.
pub(crate) fn build(
    step: Step,
    solution: bool,
    texts: &Texts,
) -> Result<PathBuf, u8> {
    let (package, bin) = if solution {
        ("causette", step.name().to_string())
    } else {
        ("exercises", format!("ex{}", step.name()))
    };
    let built = Command::new(cargo())
        .args(["build", "--quiet", "--package", package, "--bin", &bin])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(root())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| {
            complain(&texts.say("error-cargo", &[("error", error.to_string())]))
        })?;
    let messages = String::from_utf8_lossy(&built.stdout);
    let executable = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == bin.as_str())
        .find_map(|message| {
            message["executable"]
                .as_str()
                .map(|path| Path::new(path).to_path_buf())
        });
    match executable {
        Some(path) if built.status.success() => Ok(path),
        _ => Err(complain(&texts.say("error-build", &[]))),
    }
}

/// The whole file or nothing of it.
pub(crate) fn write(file: &Path, text: &str, texts: &Texts) -> Result<(), u8> {
    let written = || -> io::Result<()> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut name = file.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{}.part", std::process::id()));
        let part = file.with_file_name(name);
        fs::write(&part, text)
            .and_then(|()| fs::rename(&part, file))
            .inspect_err(|_| {
                let _ = fs::remove_file(&part);
            })
    };
    written().map_err(|error| {
        let facts = [
            ("file", file.display().to_string()),
            ("error", error.to_string()),
        ];
        let _ = complain(&texts.say("error-film-file", &facts));
        NOT_CHECKED
    })
}
