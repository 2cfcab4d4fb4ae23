//! Where everything of the book lives, below the root of the course.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use lab::texts::Lang;

/// A copy of the course.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    root: PathBuf,
}

impl Course {
    pub(crate) fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The copy that this tool was compiled in.
    pub(crate) fn own() -> Self {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self::new(package.parent().unwrap_or(package))
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of one language: `book.toml`, and the chapters in `src`.
    pub(crate) fn book(&self, lang: Lang) -> PathBuf {
        self.root.join("book").join(lang.code())
    }

    pub(crate) fn chapters(&self, lang: Lang) -> PathBuf {
        self.book(lang).join("src")
    }

    pub(crate) fn quiz(&self, name: &str) -> PathBuf {
        self.root.join("book/quizzes").join(format!("{name}.json"))
    }

    pub(crate) fn film(&self, name: &str) -> PathBuf {
        self.root.join("book/films").join(format!("{name}.jsonl"))
    }

    /// Drawn by `cargo bench`.
    pub(crate) fn plot(&self, lang: Lang, name: &str) -> PathBuf {
        let folder = self.root.join("book/plots").join(lang.code());
        folder.join(format!("{name}.svg"))
    }

    /// What both languages said when somebody last read them side by side.
    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("book/pairs.lock")
    }

    /// A step by its name, anything else by its path from the root.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        if name.contains('/') {
            self.root.join(name)
        } else {
            self.root.join("solutions").join(format!("{name}.rs"))
        }
    }

    pub(crate) fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    /// The book as it's published.
    pub(crate) fn site(&self) -> PathBuf {
        self.target().join("book")
    }

    /// mdBook's templates once patched. `book.toml` names this folder.
    pub(crate) fn theme(&self) -> PathBuf {
        self.target().join("book-theme")
    }

    /// A path as it's shown to people: from the root, `/` between the names.
    pub(crate) fn shown(&self, path: &Path) -> String {
        let path = path.strip_prefix(&self.root).unwrap_or(path);
        let names: Vec<_> =
            path.iter().map(|name| name.to_string_lossy()).collect();
        names.join("/")
    }

    /// A listing's file as a student knows it: a skeleton is what was handed out in
    /// `exercises`, where there is the student's own copy now.
    pub(crate) fn known_as(&self, path: &Path) -> String {
        self.shown(path).replacen("lab/skeletons/", "exercises/", 1)
    }

    /// The names of the files in a folder that end in `.ext`, sorted. A folder that
    /// isn't there has none.
    pub(crate) fn names(folder: &Path, ext: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|found| found == ext))
            .filter_map(|path| {
                Some(path.file_name()?.to_string_lossy().into_owned())
            })
            .collect();
        names.sort();
        names
    }
}

/// What the tool brings along: styles, scripts, the pages above both languages.
pub(crate) fn own_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Writes a file, so that whoever reads it meanwhile finds the old one or the new one,
/// whole.
///
/// # Errors
///
/// Those of the file system; then the old one stays.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)?;
    let file = tempfile::NamedTempFile::new_in(folder)?;
    fs::write(file.path(), bytes)?;
    // A temporary file is its owner's alone.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644))?;
    }
    file.persist(path)?;
    Ok(())
}

/// The other language.
pub(crate) fn other(lang: Lang) -> Lang {
    match lang {
        Lang::En => Lang::Fr,
        Lang::Fr => Lang::En,
    }
}
