//! What is wrong, where, in the reader's language.

use std::path::{Path, PathBuf};

use lab::texts::Texts;

use crate::place::Course;

/// A sentence of the tool's tables, with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) key: &'static str,
    pub(crate) arguments: Vec<(&'static str, String)>,
}

impl Problem {
    pub(crate) fn new(key: &'static str) -> Self {
        Self { key, arguments: Vec::new() }
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "a number or an error reads better without a borrow"
    )]
    pub(crate) fn with(
        mut self,
        name: &'static str,
        value: impl ToString,
    ) -> Self {
        self.arguments.push((name, value.to_string()));
        self
    }

    pub(crate) fn at(self, path: &Path, line: usize) -> Fault {
        Fault { path: path.to_path_buf(), line, problem: self }
    }

    pub(crate) fn say(&self, texts: &Texts) -> String {
        texts.say(self.key, &self.arguments)
    }
}

/// A problem in a line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) path: PathBuf,
    pub(crate) line: usize,
    pub(crate) problem: Problem,
}

impl Fault {
    /// Of a file that isn't there: the line that asks for it is where to look.
    pub(crate) fn here(self, path: &Path, line: usize) -> Self {
        if self.path.exists() {
            self
        } else {
            Self { line, path: path.to_path_buf(), ..self }
        }
    }

    /// `book/fr/src/3-select.md:12: …`, as compilers say it, so that editors can jump.
    pub(crate) fn say(&self, course: &Course, texts: &Texts) -> String {
        format!(
            "{}:{}: {}",
            course.shown(&self.path),
            self.line,
            self.problem.say(texts)
        )
    }
}
