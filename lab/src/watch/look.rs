//! The student's file as it is now. Looked at again and again, because a notice of the
//! system doesn't come through everywhere: WSL and NFS have none.

use std::fs::{self, Metadata};
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What a look found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// No file, or nothing in it.
    Nothing,
    /// Some text.
    Text(Stamp),
}

/// What tells one save from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// When the file was written: a save is a save, even if nothing has changed.
    pub(super) modified: Option<SystemTime>,
    /// Its content: clocks may be coarse.
    pub(super) hash: u64,
    /// When the manifests were written, without which nothing compiles.
    pub(super) manifests: Vec<Option<(SystemTime, u64)>>,
}

/// The files to look at.
pub(super) struct Watched {
    pub(super) exercise: PathBuf,
    pub(super) manifests: Vec<PathBuf>,
}

impl Watched {
    pub(super) fn look(&self) -> Look {
        let text = fs::read(&self.exercise);
        let Some(text) = text.ok().filter(|text| !text.is_empty()) else {
            return Look::Nothing;
        };
        let mut hasher = DefaultHasher::new();
        hasher.write(&text);
        let facts = |path: &Path| fs::metadata(path).ok();
        let written = |facts: Metadata| facts.modified().ok();
        let manifests = self.manifests.iter().map(|path| {
            let facts = facts(path)?;
            Some((facts.modified().ok()?, facts.len()))
        });
        Look::Text(Stamp {
            modified: facts(&self.exercise).and_then(written),
            hash: hasher.finish(),
            manifests: manifests.collect(),
        })
    }

    /// Gives the exercise the time of now; its text stays as it is.
    pub(super) fn touch(&self) {
        // What can't be done here shows in what cargo does.
        let file = fs::File::options().append(true).open(&self.exercise);
        let _ = file.and_then(|file| file.set_modified(SystemTime::now()));
    }
}
