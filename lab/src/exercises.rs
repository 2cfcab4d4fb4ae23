//! The student's working copy: which steps there are, and a fresh start for one.
//!
//! No command but `reset` writes in `exercises/`, and `reset` keeps what was there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use lab::course::Step;
use lab::hints;
use lab::progress::{BUILD, Progress, Setback, Standing};
use lab::report::Report;
use lab::texts::Texts;

use crate::workspace::{self, exercise, note, root};
use crate::{DONE, NOT_CHECKED, complain, step_of};

/// The exercises as they are handed out, in the order of the steps.
const PRISTINE: [&str; 7] = [
    include_str!("../skeletons/01_blocking_echo.rs"),
    include_str!("../skeletons/02_thread_echo.rs"),
    include_str!("../skeletons/03_select_echo.rs"),
    include_str!("../skeletons/04_broadcast_chat.rs"),
    include_str!("../skeletons/05_command_chat.rs"),
    include_str!("../skeletons/06_channels.rs"),
    include_str!("../skeletons/bonus_thread_chat.rs"),
];

/// The exercise of a step as it's handed out.
pub(crate) fn pristine(step: Step) -> &'static str {
    let place = Step::ALL.iter().position(|&it| it == step);
    place.and_then(|place| PRISTINE.get(place)).copied().unwrap_or_default()
}

/// `cargo lab list`.
pub(crate) fn list(texts: &Texts) -> u8 {
    let progress = match Progress::read(&workspace::progress()) {
        Ok(progress) => progress,
        Err(error) => {
            workspace::complain_of_progress(&error, texts);
            Progress::default()
        }
    };
    let _ = write!(io::stdout(), "{}", steps(&progress, texts));
    for (number, line) in progress.unknown() {
        let file = shown(&workspace::progress());
        let facts = [("place", format!("{file}:{number}")), ("line", line)];
        let _ =
            writeln!(io::stderr(), "{}", texts.say("progress-unknown", &facts));
    }
    DONE
}

/// A line a step: its name, what it is about, and what is left to do.
pub(crate) fn steps(progress: &Progress, texts: &Texts) -> String {
    let width = Step::ALL.map(|step| step.name().len());
    let width = width.into_iter().max().unwrap_or_default();
    let line = |step: Step| {
        let about = texts.say(&format!("step-{}", step.number()), &[]);
        let state = state(step, &progress.of(step), texts);
        let name = step.name();
        format!("{name:width$}  {about} ({state})\n")
    };
    Step::ALL.map(line).concat()
}

/// What was done once stays done; what is the matter now is told beside it.
fn state(step: Step, standing: &Standing, texts: &Texts) -> String {
    let Ok(text) = fs::read_to_string(exercise(step)) else {
        let step = [("step", step.number().to_string())];
        return texts.say("exercise-missing", &step);
    };
    let is_fresh = text == pristine(step);
    let Some(level) = standing.done else {
        if is_fresh {
            return texts.say("exercise-untouched", &[]);
        }
        let left = text.matches("// TODO").count().to_string();
        return texts.say("exercise-left", &[("count", left)]);
    };
    let done = texts.say(&format!("exercise-done-{}", level.name()), &[]);
    let setback = standing.setback.as_ref().filter(|_| standing.fails(step));
    let now = match setback {
        _ if is_fresh => texts.say("exercise-fresh", &[]),
        None => return done,
        Some(setback) if setback.check == BUILD => {
            texts.say("exercise-broken", &[])
        }
        Some(setback) => {
            let check = texts.say(&format!("check-{}", setback.check), &[]);
            texts.say("exercise-fails", &[("check", check)])
        }
    };
    format!("{done}, {now}")
}

/// Says where to go on.
pub(crate) fn tell_next(report: &Report, texts: &Texts) {
    if let Some(next) = next_todo(report, texts) {
        let _ = writeln!(io::stdout(), "  {next}");
    }
}

/// Where to go on: the TODO behind a failure. What fails for another reason isn't
/// mended by the next TODO.
pub(crate) fn next_todo(report: &Report, texts: &Texts) -> Option<String> {
    let (check, failure) = report.failure()?;
    let setback = Setback::of(check, failure);
    let exercise = exercise(report.step);
    let text = fs::read_to_string(&exercise).ok()?;
    let todo = hints::hole_behind(report.step, &setback, &text)?;
    let line = hints::line_of(&todo, &text)?;
    let place = format!("{}:{line}", shown(&exercise));
    let facts = [("todo", todo), ("place", place)];
    Some(texts.say("todo-next", &facts))
}

/// The number of the first TODO that is still there, as in `3.1`.
pub(crate) fn first_todo(step: Step) -> Option<String> {
    hints::open_hole(&fs::read_to_string(exercise(step)).ok()?)
}

/// `cargo lab reset STEP`, or `--all`.
pub(crate) fn reset(matches: &ArgMatches, texts: &Texts) -> u8 {
    let steps = match step_of(matches, texts) {
        Ok(Some(step)) => vec![step],
        Ok(None) => Step::ALL.to_vec(),
        Err(status) => return status,
    };
    for step in steps {
        let file = exercise(step);
        match renew(&file, pristine(step)) {
            Ok(outcome) => {
                note(texts, |it| it.restart(step));
                let mut facts = vec![("file", shown(&file))];
                let key = match &outcome {
                    Renewed::AsBefore => "reset-as-before",
                    Renewed::Written => "reset-written",
                    Renewed::Kept(aside) => {
                        facts.push(("aside", shown(aside)));
                        "reset-kept"
                    }
                };
                let _ = writeln!(io::stdout(), "{}", texts.say(key, &facts));
            }
            Err(error) => {
                let facts =
                    [("file", shown(&file)), ("error", error.to_string())];
                complain(&texts.say("error-reset", &facts));
                return NOT_CHECKED;
            }
        }
    }
    DONE
}

/// As short as a student in the folder of the course would write it.
pub(crate) fn shown(file: &Path) -> String {
    file.strip_prefix(root()).unwrap_or(file).display().to_string()
}

/// What became of an exercise.
#[derive(Debug, PartialEq, Eq)]
enum Renewed {
    /// It's as it was handed out: there was nothing to do.
    AsBefore,
    /// It was missing.
    Written,
    /// What was there is in this file now.
    Kept(PathBuf),
}

/// Writes `text` into `file`. What was there is kept beside it, and there is no moment
/// at which the file is missing, or half of it.
fn renew(file: &Path, text: &str) -> io::Result<Renewed> {
    let before = match fs::read(file) {
        Ok(before) if before == text.as_bytes() => {
            return Ok(Renewed::AsBefore);
        }
        Ok(before) => Some(before),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let aside = before.map(|before| keep(file, &before)).transpose()?;
    let (half, mut writer) = beside(file, "new")?;
    let written = writer
        .write_all(text.as_bytes())
        .and_then(|()| writer.sync_all())
        .and_then(|()| fs::rename(&half, file));
    if let Err(error) = written {
        let _ = fs::remove_file(&half);
        return Err(error);
    }
    Ok(aside.map_or(Renewed::Written, Renewed::Kept))
}

/// A copy under a name that nothing else has: `03_select_echo.rs.old1`.
fn keep(file: &Path, text: &[u8]) -> io::Result<PathBuf> {
    let (aside, mut writer) = beside(file, "old")?;
    writer.write_all(text)?;
    writer.sync_all()?;
    Ok(aside)
}

fn beside(file: &Path, ending: &str) -> io::Result<(PathBuf, File)> {
    let mut number = 1;
    loop {
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".{ending}{number}"));
        let path = PathBuf::from(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                number += 1;
            }
            opened => return Ok((path, opened?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own, gone at the end of the test.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let name = format!("causette-{name}-{}", std::process::id());
            let path = std::env::temp_dir().join(name);
            fs::create_dir(&path).expect("it's new");
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn what_a_student_wrote_is_never_lost() {
        let folder = Folder::new("reset");
        let file = folder.0.join("03_select_echo.rs");
        let text = |file: &Path| fs::read_to_string(file).expect("it's there");
        assert_eq!(renew(&file, "fresh").expect("written"), Renewed::Written);
        assert_eq!(renew(&file, "fresh").expect("same"), Renewed::AsBefore);
        for work in ["mine", "mine, again"] {
            fs::write(&file, work).expect("written");
            let Ok(Renewed::Kept(aside)) = renew(&file, "fresh") else {
                panic!("it's kept")
            };
            assert_eq!(text(&aside), work);
            assert_eq!(text(&file), "fresh");
        }
        // Two kept, one fresh, nothing half-written.
        let count = fs::read_dir(&folder.0).expect("it's there").count();
        assert_eq!(count, 3);
    }

    #[test]
    fn bytes_that_are_no_text_are_kept_too() {
        let folder = Folder::new("bytes");
        let file = folder.0.join("01_blocking_echo.rs");
        fs::write(&file, b"\xff\xfe").expect("written");
        let Ok(Renewed::Kept(aside)) = renew(&file, "fresh") else {
            panic!("it's kept")
        };
        assert_eq!(fs::read(aside).expect("it's there"), b"\xff\xfe");
    }

    #[test]
    fn a_folder_that_is_missing_is_an_error() {
        let folder = Folder::new("missing");
        assert!(renew(&folder.0.join("not/there.rs"), "fresh").is_err());
    }
}
