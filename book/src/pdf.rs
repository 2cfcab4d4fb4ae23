//! The book on paper: Chromium prints the pages of the site, a file a chapter and a
//! whole book per language.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use lab::texts::{Lang, Texts};

use crate::fault::Problem;
use crate::place::{Course, write_whole};

/// Browsers that can print, in the order in which they are looked for.
const BROWSERS: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// A browser that takes longer for a page than this hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// The page that has all chapters.
const WHOLE: &str = "print.html";

/// Prints the site, and says where each whole book is.
pub(crate) fn print(
    course: &Course,
    site: &Path,
    texts: &Texts,
) -> Result<Vec<PathBuf>, String> {
    let say = |problem: Problem| problem.say(texts);
    let browser = browser().ok_or_else(|| say(Problem::new("no-chromium")))?;
    let mut whole = Vec::new();
    for lang in Lang::ALL {
        let pages = site.join(lang.code());
        let folder = course.target().join("book-pdf").join(lang.code());
        fs::create_dir_all(&folder).map_err(|error| {
            say(Problem::new("error-write")
                .with("path", course.shown(&folder))
                .with("error", error))
        })?;
        for name in Course::names(&pages, "html") {
            let pdf = match name.as_str() {
                // The first chapter again; the frame of the menu.
                "index.html" | "toc.html" => continue,
                WHOLE => folder
                    .with_file_name(format!("causette-{}.pdf", lang.code())),
                _ => folder.join(&name).with_extension("pdf"),
            };
            page(&browser, &pages.join(&name), &pdf).map_err(|why| {
                say(Problem::new("error-pdf")
                    .with("path", course.shown(&pdf))
                    .with("error", why))
            })?;
            if name == WHOLE {
                whole.push(pdf);
            }
        }
    }
    Ok(whole)
}

fn browser() -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::var_os("PATH")
        .map(|path| env::split_paths(&path).collect())
        .unwrap_or_default();
    let found = |name: &&str| {
        folders.iter().map(|folder| folder.join(name)).find(|it| it.is_file())
    };
    BROWSERS.iter().find_map(found)
}

/// Prints one page. The file appears once it's whole.
fn page(browser: &Path, page: &Path, pdf: &Path) -> Result<(), String> {
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let printed = scratch.path().join("page.pdf");
    let mut option = std::ffi::OsString::from("--print-to-pdf=");
    option.push(&printed);
    let mut profile = std::ffi::OsString::from("--user-data-dir=");
    profile.push(scratch.path().join("profile"));
    let complaints = scratch.path().join("complaints");
    let stderr =
        fs::File::create(&complaints).map_err(|error| error.to_string())?;
    let mut command = Command::new(browser);
    command
        .args(["--headless", "--disable-gpu", "--no-first-run"])
        .args(["--no-pdf-header-footer", "--generate-pdf-document-outline"])
        .args([profile, option])
        .arg(page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(stderr);
    if is_root() {
        // Its sandbox refuses to work for root. The pages are our own.
        command.arg("--no-sandbox");
    }
    let child = command.spawn().map_err(|error| error.to_string())?;
    end(child)?;
    if !printed.is_file() {
        let said = fs::read(&complaints).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        return Err(said.lines().last().unwrap_or("?").to_string());
    }
    fs::read(&printed)
        .and_then(|bytes| write_whole(pdf, &bytes))
        .map_err(|error| error.to_string())
}

fn is_root() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        // What belongs to this process says whose it is.
        fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0)
    }
    #[cfg(not(unix))]
    false
}

/// Waits for the browser; ends it when it hangs.
#[expect(
    clippy::disallowed_methods,
    reason = "std can't wait for a process with a deadline"
)]
fn end(mut child: Child) -> Result<(), String> {
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(_)) => return Ok(()),
            Ok(None) if begun.elapsed() < PATIENCE => {
                thread::sleep(Duration::from_millis(20));
            }
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("> {} s", PATIENCE.as_secs()));
            }
            Err(error) => return Err(error.to_string()),
        }
    }
}
