//! How far a student is: one plain file that they may read, change and delete.
//!
//! ```text
//! # Your progress, kept by cargo lab …
//! language=fr
//! 01_blocking_echo done=solid
//! 03_select_echo done=lab fails=reset:01j hint=01j:2
//! ```
//!
//! A line is a step and what is known of it. Whatever isn't understood, a word or a
//! whole line, stays where it is, byte for byte: it may come from a newer course.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::check::{self, Check, Failure, Level};
use crate::course::Step;
use crate::hints;
use crate::report::Report;
use crate::texts::Lang;

/// The first line of a new file: what it is, for whoever finds it.
const HEAD: &str = "# Your progress, kept by cargo lab: read it, change it, \
    delete it. Votre avancement, tenu par cargo lab.\n";

/// The check that stands for the compiler.
pub const BUILD: &str = "build";

/// What a step failed at last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setback {
    /// The check that failed: the end of its title's key, or [`BUILD`].
    pub check: String,
    /// The mistake that this usually is: `usually-…` has its sentence.
    pub mistake: String,
    /// What the server's own words add to that: see [`hints::clue`].
    pub clue: Option<String>,
}

impl Setback {
    /// What is kept of a failure.
    pub fn of(check: &Check, failure: &Failure) -> Self {
        Self {
            check: check.id.to_string(),
            mistake: failure.mistake.to_string(),
            clue: hints::clue(failure),
        }
    }

    /// Is it a check of this level? What is unknown counts as the lab's.
    fn is_of(&self, step: Step, level: Level) -> bool {
        let checks = check::of(step, Level::Solid);
        let known = checks.iter().find(|check| check.id == self.check);
        known.map_or(Level::Lab, |check| check.level) == level
    }
}

/// What is known of one step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The best level that was ever reached.
    pub done: Option<Level>,
    /// What failed the last time, if anything did.
    pub setback: Option<Setback>,
    /// What the last hint was about, and how many of its rungs were shown.
    pub hint: Option<(String, usize)>,
    /// Words that this version doesn't understand.
    others: Vec<String>,
}

impl Standing {
    /// Does what the lab asks for fail now, as far as was seen?
    pub fn fails(&self, step: Step) -> bool {
        self.setback.as_ref().is_some_and(|it| it.is_of(step, Level::Lab))
    }

    /// Which rung of the hint about `topic` comes next, from 1 to `most`; it counts as
    /// shown. A hint about something else begins anew.
    pub fn next_rung(&mut self, topic: &str, most: usize) -> usize {
        let seen = match &self.hint {
            Some((its, seen)) if its == topic => *seen,
            _ => 0,
        };
        let rung = seen.saturating_add(1).min(most);
        self.hint = Some((topic.to_string(), rung));
        rung
    }

    /// Something fails, or nothing. The same failure goes on where its hint was.
    fn set_back(&mut self, setback: Option<Setback>) {
        if self.setback != setback {
            self.hint = None;
        }
        self.setback = setback;
    }

    fn parse(words: &[&str]) -> Self {
        let mut standing = Self::default();
        let mut clue = None;
        for &word in words {
            let known = match word.split_once('=') {
                Some(("done", level)) if standing.done.is_none() => {
                    standing.done = Level::named(level);
                    standing.done.is_some()
                }
                Some(("fails", what)) if standing.setback.is_none() => {
                    standing.setback = what
                        .split_once(':')
                        .filter(|(check, mistake)| {
                            !check.is_empty() && !mistake.is_empty()
                        })
                        .map(|(check, mistake)| Setback {
                            check: check.to_string(),
                            mistake: mistake.to_string(),
                            clue: None,
                        });
                    standing.setback.is_some()
                }
                Some(("clue", word)) if clue.is_none() && !word.is_empty() => {
                    clue = Some(word.to_string());
                    true
                }
                Some(("hint", what)) if standing.hint.is_none() => {
                    standing.hint =
                        what.rsplit_once(':').and_then(|(topic, seen)| {
                            Some((topic.to_string(), seen.parse().ok()?))
                        });
                    standing.hint.is_some()
                }
                _ => false,
            };
            if !known {
                standing.others.push(word.to_string());
            }
        }
        match &mut standing.setback {
            Some(setback) => setback.clue = clue,
            None => standing.others.extend(clue.map(|it| format!("clue={it}"))),
        }
        standing
    }

    fn line(&self, step: Step) -> String {
        let mut line = step.name().to_string();
        let mut add = |word: String| {
            line.push(' ');
            line.push_str(&word);
        };
        if let Some(level) = self.done {
            add(format!("done={}", level.name()));
        }
        if let Some(setback) = &self.setback {
            add(format!("fails={}:{}", setback.check, setback.mistake));
            if let Some(clue) = &setback.clue {
                add(format!("clue={clue}"));
            }
        }
        if let Some((topic, seen)) = &self.hint {
            add(format!("hint={topic}:{seen}"));
        }
        self.others.iter().cloned().for_each(add);
        line.push('\n');
        line
    }
}

/// The file, line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    /// As it stands in the file, with its newline.
    raw: Vec<u8>,
    meaning: Meaning,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Meaning {
    Language(Lang),
    Of(Step, Standing),
    /// A remark, or nothing.
    Remark,
    /// Kept as it is.
    Unknown,
}

impl Progress {
    /// Reads the bytes of a file. Nothing in them is an error.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut progress = Self::default();
        for raw in bytes.split_inclusive(|&byte| byte == b'\n') {
            let meaning = progress.meaning(raw);
            progress.lines.push(Line { raw: raw.to_vec(), meaning });
        }
        progress
    }

    /// Of two lines about the same thing the first counts.
    fn meaning(&self, raw: &[u8]) -> Meaning {
        let Ok(text) = std::str::from_utf8(raw) else {
            return Meaning::Unknown;
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        let Some((&first, rest)) = words.split_first() else {
            return Meaning::Remark;
        };
        if first.starts_with('#') {
            return Meaning::Remark;
        }
        let lang = first.strip_prefix("language=").and_then(Lang::named);
        match lang {
            Some(lang) if rest.is_empty() && self.language().is_none() => {
                Meaning::Language(lang)
            }
            _ => self.new_step(first).map_or(Meaning::Unknown, |step| {
                Meaning::Of(step, Standing::parse(rest))
            }),
        }
    }

    fn new_step(&self, word: &str) -> Option<Step> {
        let step = Step::named(word)?;
        let is_there = |line: &Line| matches!(line.meaning, Meaning::Of(its, _) if its == step);
        (!self.lines.iter().any(is_there)).then_some(step)
    }

    /// What to write: what was read, but for what has changed since.
    pub fn bytes(&self) -> Vec<u8> {
        self.lines.iter().flat_map(|line| line.raw.iter().copied()).collect()
    }

    /// Reads a file; without one nothing is known yet.
    ///
    /// # Errors
    ///
    /// When it's there and can't be read.
    pub fn read(file: &Path) -> io::Result<Self> {
        match fs::read(file) {
            Ok(bytes) => Ok(Self::parse(&bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Self::default())
            }
            Err(error) => Err(error),
        }
    }

    /// Reads a file, changes what is known, and writes it if that makes a difference.
    /// Two programs that do so at once wait for each other, and there is no moment at
    /// which the file is missing, or half of it.
    ///
    /// # Errors
    ///
    /// When it can't be read or written; it's as it was then.
    pub fn change<T>(
        file: &Path,
        change: impl FnOnce(&mut Self) -> T,
    ) -> io::Result<T> {
        // It may be a link to where the student keeps such files.
        let file =
            fs::canonicalize(file).unwrap_or_else(|_| file.to_path_buf());
        let _turn = turn(file.parent());
        let before = Self::read(&file)?;
        let mut progress = before.clone();
        let answer = change(&mut progress);
        if progress == before {
            return Ok(answer);
        }
        if before.lines.is_empty() {
            progress.insert_head();
        }
        let half = PathBuf::from(format!(
            "{}.new{}",
            file.display(),
            std::process::id()
        ));
        let written = fs::write(&half, progress.bytes())
            .and_then(|()| fs::rename(&half, &file));
        if written.is_err() {
            let _ = fs::remove_file(&half);
        }
        written.map(|()| answer)
    }

    fn insert_head(&mut self) {
        let raw = HEAD.as_bytes().to_vec();
        self.lines.insert(0, Line { raw, meaning: Meaning::Remark });
    }

    /// The language that was chosen.
    pub fn language(&self) -> Option<Lang> {
        self.lines.iter().find_map(|line| match line.meaning {
            Meaning::Language(lang) => Some(lang),
            _ => None,
        })
    }

    /// Chooses a language.
    pub fn set_language(&mut self, lang: Lang) {
        let raw = format!("language={}\n", lang.code()).into_bytes();
        let meaning = Meaning::Language(lang);
        self.put(Line { raw, meaning }, |line| {
            matches!(line.meaning, Meaning::Language(_))
        });
    }

    /// What is known of a step.
    pub fn of(&self, step: Step) -> Standing {
        let found = self.lines.iter().find_map(|line| match &line.meaning {
            Meaning::Of(its, standing) if *its == step => {
                Some(standing.clone())
            }
            _ => None,
        });
        found.unwrap_or_default()
    }

    /// Changes what is known of a step.
    pub fn set(&mut self, step: Step, standing: Standing) {
        if self.of(step) == standing {
            return;
        }
        let raw = standing.line(step).into_bytes();
        let meaning = Meaning::Of(step, standing);
        self.put(
            Line { raw, meaning },
            |line| matches!(line.meaning, Meaning::Of(its, _) if its == step),
        );
    }

    /// In the place of the line that `is_it`, or at the end.
    fn put(&mut self, line: Line, is_it: impl Fn(&Line) -> bool) {
        if let Some(place) = self.lines.iter_mut().find(|line| is_it(line)) {
            if place.meaning != line.meaning {
                *place = line;
            }
            return;
        }
        if let Some(last) = self.lines.last_mut()
            && last.raw.last() != Some(&b'\n')
        {
            last.raw.push(b'\n');
        }
        self.lines.push(line);
    }

    /// Notes how a check of the student's own exercise went. What was done once stays
    /// done; a failure that wasn't looked at again stays what it was.
    pub fn record(&mut self, report: &Report) {
        let step = report.step;
        let mut standing = self.of(step);
        let is_solid = report.level == Level::Solid
            && report.passed(Level::Solid) == report.count(Level::Solid);
        if report.is_done() {
            let level = if is_solid { Level::Solid } else { Level::Lab };
            standing.done = standing.done.max(Some(level));
        }
        let now = report
            .failure()
            .map(|(check, failure)| Setback::of(check, failure));
        let is_unseen = |old: &Setback| {
            report.level == Level::Lab && old.is_of(step, Level::Solid)
        };
        match now {
            None if standing.setback.as_ref().is_some_and(is_unseen) => {}
            now => standing.set_back(now),
        }
        self.set(step, standing);
    }

    /// Notes that an exercise didn't compile.
    pub fn record_build_failure(&mut self, step: Step) {
        let mut standing = self.of(step);
        let now = Setback {
            check: BUILD.to_string(),
            mistake: "no-build".to_string(),
            clue: None,
        };
        standing.set_back(Some(now));
        self.set(step, standing);
    }

    /// Forgets what failed and what was shown: the exercise is a fresh one. That it was
    /// done once stays true.
    pub fn restart(&mut self, step: Step) {
        let before = self.of(step);
        let standing = Standing { setback: None, hint: None, ..before };
        self.set(step, standing);
    }

    /// The lines that nobody understands, with their numbers, from 1.
    pub fn unknown(&self) -> impl Iterator<Item = (usize, String)> + '_ {
        let is_unknown = |line: &Line| match &line.meaning {
            Meaning::Unknown => true,
            Meaning::Of(_, standing) => !standing.others.is_empty(),
            _ => false,
        };
        self.lines
            .iter()
            .enumerate()
            .filter(move |(_, line)| is_unknown(line))
            .map(|(i, line)| {
                let text = String::from_utf8_lossy(&line.raw);
                (i + 1, text.trim().to_string())
            })
    }
}

/// Ours alone, while it lives. Some file systems (NFS) refuse to lock a folder, and a
/// program may be stopped while it has its turn: it's better to go on then.
fn turn(folder: Option<&Path>) -> Option<File> {
    let folder = folder.filter(|it| !it.as_os_str().is_empty());
    let lock = File::open(folder.unwrap_or(Path::new("."))).ok()?;
    let start = Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => return Some(lock),
            Err(TryLockError::WouldBlock)
                if start.elapsed() < Duration::from_secs(2) => {}
            Err(_) => return None,
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "a lock that one may give up has no event to wait for"
        )]
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::check::{Check, Failure, Text, Verdict};

    /// A file of its own, gone at the end of the test.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let name =
                format!("causette-progress-{name}-{}", std::process::id());
            let path = std::env::temp_dir().join(name);
            fs::create_dir(&path).expect("it's new");
            Self(path)
        }

        fn file(&self) -> PathBuf {
            self.0.join("progress.txt")
        }

        fn text(&self) -> String {
            fs::read_to_string(self.file()).expect("it's there")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn setback(check: &str, mistake: &str) -> Setback {
        let (check, mistake) = (check.to_string(), mistake.to_string());
        Setback { check, mistake, clue: None }
    }

    /// A report in which this check, if any, fails.
    fn report(step: Step, level: Level, failing: Option<&str>) -> Report {
        let mut has_failed = false;
        let judge = |check: Check| {
            let verdict = if has_failed {
                Verdict::Waits
            } else if failing == Some(check.id) {
                has_failed = true;
                Verdict::Failed(Box::new(Failure {
                    mistake: "03a",
                    expected: Text::new("expected-sleep"),
                    saw: Text::new("saw-busy"),
                    dialogue: crate::check::Dialogue::default(),
                    complaint: None,
                }))
            } else {
                Verdict::Passed
            };
            (check, verdict)
        };
        let verdicts = check::of(step, level).into_iter().map(judge).collect();
        Report { step, level, verdicts }
    }

    #[test]
    fn a_file_is_what_it_says() {
        let text = "# mine\nlanguage=fr\n1 done=solid\n\n\
            03_select_echo done=lab fails=reset:01j clue=panicked hint=01j:2\n\
            ex02_thread_echo hint=todo-2-1:3\r\n";
        let progress = Progress::parse(text.as_bytes());
        assert_eq!(progress.language(), Some(Lang::Fr));
        let of = |step| progress.of(step);
        assert_eq!(of(Step::BlockingEcho).done, Some(Level::Solid));
        let select = of(Step::SelectEcho);
        assert_eq!(select.done, Some(Level::Lab));
        let clue = Some("panicked".to_string());
        let expected = Setback { clue, ..setback("reset", "01j") };
        assert_eq!(select.setback, Some(expected));
        assert!(!select.fails(Step::SelectEcho), "reset is for solid");
        assert_eq!(select.hint, Some(("01j".to_string(), 2)));
        let hint = Some(("todo-2-1".to_string(), 3));
        assert_eq!(of(Step::ThreadEcho).hint, hint);
        assert_eq!(of(Step::Channels), Standing::default());
        assert_eq!(progress.unknown().count(), 0);
    }

    #[test]
    fn what_is_not_understood_stays() {
        let text = b"07_irc done=lab\n03 done=perhaps fails=x hint=-1 clue=a\n\
            03 done=solid\nlanguage=de\nlanguage=fr\nlanguage=en\n\xff\xfe\n<<<<<<<";
        let mut progress = Progress::parse(text);
        assert_eq!(progress.bytes(), text);
        assert_eq!(progress.language(), Some(Lang::Fr));
        let strange: Vec<usize> = progress.unknown().map(|it| it.0).collect();
        assert_eq!(strange, [1, 2, 3, 4, 6, 7, 8]);
        progress.record(&report(Step::SelectEcho, Level::Lab, None));
        progress.record(&report(Step::ThreadEcho, Level::Lab, None));
        let now = progress.bytes();
        let now = String::from_utf8_lossy(&now);
        assert!(
            now.contains(
                "03_select_echo done=lab done=perhaps fails=x hint=-1 clue=a\n"
            ),
            "{now}"
        );
        assert!(now.ends_with("<<<<<<<\n02_thread_echo done=lab\n"), "{now}");
        assert!(now.contains("07_irc done=lab\n"), "{now}");
    }

    #[test]
    fn done_once_is_done() {
        let step = Step::SelectEcho;
        let mut progress = Progress::default();
        progress.record(&report(step, Level::Solid, None));
        assert_eq!(progress.of(step).done, Some(Level::Solid));
        progress.record(&report(step, Level::Lab, Some("forgotten")));
        let now = progress.of(step);
        assert_eq!(now.done, Some(Level::Solid));
        assert_eq!(now.setback, Some(setback("forgotten", "03a")));
        assert!(now.fails(step));
        progress.record(&report(step, Level::Lab, None));
        assert_eq!(progress.of(step).setback, None);
        assert_eq!(progress.of(step).done, Some(Level::Solid));
        // What failed at solid isn't looked at by a check at lab.
        progress.record(&report(step, Level::Solid, Some("slow")));
        progress.record(&report(step, Level::Lab, None));
        let now = progress.of(step);
        assert_eq!(now.setback, Some(setback("slow", "03a")));
        assert!(!now.fails(step));
        progress.record(&report(step, Level::Solid, None));
        assert_eq!(progress.of(step).setback, None);
    }

    #[test]
    fn the_same_failure_goes_on_where_its_hint_was() {
        let step = Step::SelectEcho;
        let mut progress = Progress::default();
        let fail = |progress: &mut Progress, id| {
            progress.record(&report(step, Level::Lab, Some(id)));
            let mut standing = progress.of(step);
            let rung = standing.next_rung("03a", 3);
            progress.set(step, standing);
            rung
        };
        let rungs = ["forgotten"; 4].map(|id| fail(&mut progress, id));
        assert_eq!(rungs, [1, 2, 3, 3]);
        // Another check, another hint, a step that is done: from the beginning.
        assert_eq!(fail(&mut progress, "next"), 1);
        let mut standing = progress.of(step);
        assert_eq!(standing.next_rung("03b", 3), 1);
        progress.record(&report(step, Level::Lab, None));
        assert_eq!(fail(&mut progress, "next"), 1);
        progress.record_build_failure(step);
        let now = progress.of(step);
        assert_eq!(now.setback, Some(setback(BUILD, "no-build")));
        assert!(now.fails(step));
        progress.restart(step);
        let now = progress.of(step);
        let done = Some(Level::Lab);
        assert_eq!(now, Standing { done, ..Standing::default() });
    }

    #[test]
    fn a_change_is_written_once_and_whole() {
        let folder = Folder::new("written");
        let file = folder.file();
        Progress::change(&file, |_| ()).expect("nothing to write");
        assert!(!file.exists());
        Progress::change(&file, |it| it.set_language(Lang::Fr))
            .expect("written");
        assert_eq!(folder.text(), format!("{HEAD}language=fr\n"));
        let again = Progress::read(&file).expect("it's readable");
        assert_eq!(again.language(), Some(Lang::Fr));
        // Nothing else is left in the folder.
        assert_eq!(fs::read_dir(&folder.0).expect("it's there").count(), 1);
        // A folder in its place is an error, and stays.
        let taken = folder.0.join("taken");
        fs::create_dir(&taken).expect("it's new");
        assert!(
            Progress::change(&taken, |it| it.set_language(Lang::Fr)).is_err()
        );
        assert!(taken.is_dir());
    }

    #[test]
    fn two_at_once_keep_each_others_lines() {
        let folder = Folder::new("two");
        let file = folder.file();
        std::thread::scope(|scope| {
            for step in Step::ALL {
                let file = &file;
                let work = move || {
                    for level in [Level::Lab, Level::Solid] {
                        let report = report(step, level, None);
                        Progress::change(file, |it| it.record(&report))
                            .expect("written");
                    }
                };
                std::thread::Builder::new()
                    .spawn_scoped(scope, work)
                    .expect("a thread");
            }
        });
        let progress = Progress::read(&file).expect("it's readable");
        for step in Step::ALL {
            assert_eq!(progress.of(step).done, Some(Level::Solid), "{step:?}");
        }
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = Folder::new("link");
        let elsewhere = folder.0.join("elsewhere");
        fs::write(&elsewhere, "1 done=lab\n").expect("written");
        std::os::unix::fs::symlink(&elsewhere, folder.file()).expect("a link");
        Progress::change(&folder.file(), |it| it.set_language(Lang::En))
            .expect("written");
        assert!(folder.file().is_symlink());
        assert_eq!(folder.text(), "1 done=lab\nlanguage=en\n");
    }

    fn word() -> impl Strategy<Value = String> {
        "[a-z0-9-]{1,12}"
    }

    fn standing() -> impl Strategy<Value = Standing> {
        let done = prop_oneof![
            Just(None),
            Just(Some(Level::Lab)),
            Just(Some(Level::Solid))
        ];
        let setback = (word(), word(), prop::option::of(word())).prop_map(
            |(check, mistake, clue)| Setback { check, mistake, clue },
        );
        let hint = prop::option::of((word(), any::<usize>()));
        (done, prop::option::of(setback), hint).prop_map(
            |(done, setback, hint)| Standing {
                done,
                setback,
                hint,
                others: Vec::new(),
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            standings in prop::collection::vec((0..6_usize, standing()), 0..8),
            lang in prop_oneof![Just(Lang::En), Just(Lang::Fr)],
        ) {
            let mut progress = Progress::default();
            for (place, standing) in &standings {
                progress.set(Step::ALL[*place], standing.clone());
            }
            progress.set_language(lang);
            let again = Progress::parse(&progress.bytes());
            prop_assert_eq!(again.language(), Some(lang));
            for step in Step::ALL {
                prop_assert_eq!(again.of(step), progress.of(step));
            }
        }

        #[test]
        fn garbage_stays_as_it_is(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(Progress::parse(&bytes).bytes(), bytes);
        }

        #[test]
        fn a_change_loses_no_line(
            lines in prop::collection::vec(
                prop_oneof![
                    "[ -~]{0,30}",
                    "0[1-6]( (done|fails|clue|hint|else)=[a-z0-9:.]{0,6}){0,4}",
                    Just("language=fr".to_string()),
                ],
                0..8,
            ),
            which in 0..6_usize,
        ) {
            let text = lines.join("\n");
            let mut progress = Progress::parse(text.as_bytes());
            let step = Step::ALL[which];
            progress.record(&report(step, Level::Lab, None));
            progress.set_language(Lang::En);
            let now = progress.bytes();
            let now = String::from_utf8_lossy(&now).into_owned();
            prop_assert_eq!(Progress::parse(now.as_bytes()).of(step).done, progress.of(step).done);
            for line in lines {
                // These two lines alone were to be changed.
                let is_changed = line.starts_with(&format!("{} ", step.number()))
                    || line == step.number()
                    || line.starts_with("language=fr")
                    || line.trim_start() != line;
                prop_assert!(is_changed || now.contains(&line), "{line:?} in {now:?}");
            }
        }
    }
}
