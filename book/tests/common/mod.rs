//! A copy of the fixture book to work on, and the tool run on it.

#![allow(dead_code, reason = "each file of tests uses its part")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows test functions, and not what they call"
)]

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use std::time::Duration;

use tempfile::TempDir;

/// A small course with a small book, of which nothing is wrong; gone when dropped.
pub(crate) struct Copy {
    folder: TempDir,
}

impl Copy {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fixture =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture");
        copy(&fixture, folder.path());
        Self { folder }
    }

    /// The book of the course and the files that it shows, once both languages are there.
    pub(crate) fn of_the_book() -> Option<Self> {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = package.parent().unwrap();
        let is_there = ["fr", "en"]
            .iter()
            .all(|lang| package.join(lang).join("src/SUMMARY.md").is_file());
        let folder = is_there.then(|| tempfile::tempdir().unwrap())?;
        for name in
            ["fr", "en", "films", "listings", "naive", "plots", "quizzes"]
        {
            copy(&package.join(name), &folder.path().join("book").join(name));
        }
        let shown = [
            "solutions",
            "examples",
            "src",
            "exercises",
            "lab/right",
            "lab/skeletons",
        ];
        for name in shown {
            copy(&root.join(name), &folder.path().join(name));
        }
        Some(Self { folder })
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Replaces a text that is there once.
    #[track_caller]
    pub(crate) fn change(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {name}");
        fs::write(self.path(name), text.replace(from, to)).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Runs the tool on a copy, in English unless the arguments say otherwise.
pub(crate) fn book(root: &Path, arguments: &[&str]) -> Output {
    command(root).args(arguments).output().unwrap()
}

/// The tool, about to run on a copy.
pub(crate) fn command(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_book"));
    command
        .arg("--root")
        .arg(root)
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "C")
        .stdin(Stdio::null());
    command
}

/// The tool serving a copy; ended when dropped.
pub(crate) struct Served {
    child: Child,
    /// With `/` at its end.
    pub(crate) address: String,
}

impl Served {
    pub(crate) fn start(copy: &Copy) -> Self {
        let mut child = command(copy.root())
            .arg("--no-open")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        // It says so, or ends, and then there is no line.
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .split_whitespace()
            .find(|word| word.starts_with("http://"))
            .unwrap_or_else(|| panic!("it doesn't serve: {line:?}"))
            .to_string();
        Self { child, address }
    }
}

impl Served {
    /// What comes for a target, head and body.
    pub(crate) fn get(&self, target: &str) -> String {
        let host = self.address.trim_start_matches("http://");
        let host = host.trim_end_matches('/');
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Past the harness, which keeps what passing tests say to itself.
pub(crate) fn skipped(why: &str) {
    let _ = writeln!(io::stderr(), "skipped: {why}");
}
