//! What was typed before, kept from one run to the next.
//!
//! Each line is appended at once, in one write, so that neither Ctrl-C nor another
//! client loses any. A client that is alone, which a lock beside the file tells,
//! shortens the file when it starts, by putting another in its place.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// How many lines are remembered.
pub(crate) const MOST: usize = 1000;

/// The longest line that is remembered.
const LONGEST: usize = 4096;

/// The most of a file that is read: its end.
const READ: u64 = 1 << 20;

/// The lines of earlier runs, and where to put those of this one.
pub(crate) struct History {
    file: File,
    /// Shared by all that write; held as long as we run.
    _lock: File,
}

/// Where it is kept, by the XDG Base Directory Specification. `None`: the environment
/// names no place.
pub(crate) fn place() -> Option<PathBuf> {
    let folder = |name| {
        let folder = PathBuf::from(env::var_os(name)?);
        folder.is_absolute().then_some(folder)
    };
    let state = folder("XDG_STATE_HOME")
        .or_else(|| Some(folder("HOME")?.join(".local/state")))?;
    Some(state.join("causette/history"))
}

impl History {
    /// Opens the history at `path`, which is created if need be; and what it has.
    ///
    /// # Errors
    ///
    /// Those of the files.
    pub(crate) fn open(path: &Path) -> io::Result<(Self, Vec<String>)> {
        if let Some(folder) = path.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let lock = private().open(path.with_extension("lock"))?;
        if lock.try_lock().is_ok() {
            shorten(path)?;
            lock.unlock()?;
        }
        // Waits at most while another one shortens.
        lock.lock_shared()?;
        let mut file = private().open(path)?;
        let lines = read(&mut file)?;
        if !ends_with_newline(&mut file)? {
            file.write_all(b"\n")?;
        }
        Ok((Self { file, _lock: lock }, lines))
    }

    /// Remembers a line.
    ///
    /// # Errors
    ///
    /// Those of the file.
    pub(crate) fn add(&mut self, line: &str) -> io::Result<()> {
        self.file.write_all(format!("{line}\n").as_bytes())
    }
}

/// Is that to be remembered? Not passwords, nor what begins with a space, as in bash.
pub(crate) fn is_memorable(line: &str) -> bool {
    let command = line.split(' ').next().unwrap_or_default();
    let is_secret = ["ADMIN", "PASS", "OPER"]
        .iter()
        .any(|secret| command.eq_ignore_ascii_case(secret));
    let is_control = |c: char| c.is_control() && c != '\t';
    !line.is_empty()
        && line.len() <= LONGEST
        && !line.starts_with(char::is_whitespace)
        && !line.contains(is_control)
        && !is_secret
}

/// What is typed is nobody else's affair.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true).mode(0o600);
    options
}

fn ends_with_newline(file: &mut File) -> io::Result<bool> {
    let mut last = [b'\n'];
    if file.metadata()?.len() > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    Ok(last == [b'\n'])
}

fn read(file: &mut File) -> io::Result<Vec<String>> {
    let skipped = file.metadata()?.len().saturating_sub(READ);
    file.seek(SeekFrom::Start(skipped))?;
    let mut bytes = Vec::new();
    file.take(READ).read_to_end(&mut bytes)?;
    let lines = bytes.split(|&byte| byte == b'\n');
    let lines = lines.skip(usize::from(skipped > 0));
    let lines: Vec<String> = lines
        .filter_map(|line| String::from_utf8(line.to_vec()).ok())
        .filter(|line| is_memorable(line))
        .collect();
    let first = lines.len().saturating_sub(MOST);
    Ok(lines[first..].to_vec())
}

/// Leaves the newest lines in a file that has grown too long.
fn shorten(path: &Path) -> io::Result<()> {
    let Ok(mut file) = File::open(path) else { return Ok(()) };
    let lines = read(&mut file)?;
    let whole = file.metadata()?.len();
    file.rewind()?;
    let count = io::BufReader::new(file.take(READ));
    let count = io::BufRead::split(count, b'\n').count();
    if count <= 2 * MOST && whole <= READ {
        return Ok(());
    }
    let mut text = lines.join("\n");
    text.push('\n');
    let beside = path.with_extension("new");
    let _ = fs::remove_file(&beside);
    let mut new = private().open(&beside)?;
    new.write_all(text.as_bytes())?;
    new.sync_all()?;
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/history");
        (folder, path)
    }

    fn lines(path: &Path) -> Vec<String> {
        History::open(path).unwrap().1
    }

    #[test]
    fn what_was_typed_is_there_the_next_time() {
        let (_folder, path) = folder();
        let (mut history, before) = History::open(&path).unwrap();
        assert!(before.is_empty());
        history.add("NICK alice").unwrap();
        // Nothing is closed in between, as after a kill.
        assert_eq!(lines(&path), ["NICK alice"]);
    }

    #[test]
    fn two_at_once_keep_the_lines_of_both() {
        let (_folder, path) = folder();
        let (mut one, _) = History::open(&path).unwrap();
        let (mut two, _) = History::open(&path).unwrap();
        for i in 0..100 {
            one.add(&format!("one {i}")).unwrap();
            two.add(&format!("two {i}")).unwrap();
        }
        drop(one);
        let (_three, found) = History::open(&path).unwrap();
        two.add("last").unwrap();
        assert_eq!(found.len(), 200);
        assert_eq!(lines(&path).last().unwrap(), "last");
    }

    #[test]
    fn it_is_shortened_by_one_that_is_alone() {
        let (_folder, path) = folder();
        let (mut history, _) = History::open(&path).unwrap();
        for i in 0..3 * MOST {
            history.add(&i.to_string()).unwrap();
        }
        let long = fs::metadata(&path).unwrap().len();
        assert_eq!(lines(&path).len(), MOST);
        assert_eq!(fs::metadata(&path).unwrap().len(), long, "not alone");
        drop(history);
        assert_eq!(lines(&path).len(), MOST);
        assert!(fs::metadata(&path).unwrap().len() < long / 2);
        assert_eq!(lines(&path)[0], (2 * MOST).to_string());
    }

    #[test]
    fn a_damaged_file_loses_only_what_is_damaged() {
        let (_folder, path) = folder();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut bytes = b"good\n\xff\xfe\nbad\x1b[2J\nalso good\nhalf".to_vec();
        fs::write(&path, &bytes).unwrap();
        let (mut history, found) = History::open(&path).unwrap();
        assert_eq!(found, ["good", "also good", "half"]);
        history.add("next").unwrap();
        assert_eq!(lines(&path), ["good", "also good", "half", "next"]);
        // As long as it likes, in one line.
        bytes.extend(vec![b'x'; 3 << 20]);
        fs::write(&path, &bytes).unwrap();
        drop(history);
        assert_eq!(lines(&path), Vec::<String>::new());
        assert!(fs::metadata(&path).unwrap().len() < 10);
    }

    #[test]
    fn what_cannot_be_kept_is_an_error() {
        let (folder, path) = folder();
        fs::write(folder.path().join("a"), "").unwrap();
        assert!(History::open(&path).is_err());
    }

    #[test]
    fn passwords_are_not_remembered() {
        for line in
            ["ADMIN sesame", "admin sesame", "PASS x", " WHO", "", "a\rb"]
        {
            assert!(!is_memorable(line), "{line:?}");
        }
        assert!(!is_memorable(&"x".repeat(LONGEST + 1)));
        for line in ["MSG ADMIN", "ADMINISTRATOR", "salut à tous", "a\tb"] {
            assert!(is_memorable(line), "{line:?}");
        }
    }
}
