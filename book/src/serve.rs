//! `cargo book`: the site on loopback while it's written, built again at each change.
//!
//! mdBook's library has no server. This one does what an author needs: files, the 404
//! page, and a stream of events that tells open pages to load again.

use std::fs;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use lab::texts::Texts;

use crate::fault::Problem;
use crate::place::{Course, own_file};
use crate::site::{self, Options};

/// How often the sources are looked at, and open pages are told that all is well.
const PERIOD: Duration = Duration::from_millis(500);
/// A browser that opens a connection and says nothing.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest first line of a request.
const LONGEST: u64 = 8 * 1024;
/// Where pages listen for a new build.
const EVENTS: &str = "/.built";

const RELOAD: &str = "<script>
(() => {
  let built;
  new EventSource('/.built').onmessage = event => {
    if (built !== undefined && built !== event.data) location.reload();
    built = event.data;
  };
})();
</script>
</body>";

/// Counts the builds; those who wait for the next are woken.
#[derive(Default)]
struct Builds {
    count: Mutex<u64>,
    more: Condvar,
}

impl Builds {
    fn count(&self) -> u64 {
        *self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self) {
        *self.count.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.more.notify_all();
    }

    fn wait(&self) -> u64 {
        let count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.more.wait_timeout(count, PERIOD);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Builds, then serves until it's interrupted. `Err` has the sentence to show.
pub(crate) fn serve(
    course: &Course,
    options: &Options,
    texts: &Texts,
    port: u16,
    open: bool,
) -> Result<(), String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .and_then(|listener| Ok((listener.local_addr()?.port(), listener)));
    let (port, listener) = listener.map_err(|error| {
        Problem::new("error-listen")
            .with("port", port)
            .with("error", error)
            .say(texts)
    })?;
    let seen = newest(course);
    site::build(course, options).map_err(|error| format!("{error:#}"))?;
    let address = format!("http://127.0.0.1:{port}/");
    let serving = Problem::new("serving").with("address", &address);
    tell(&serving.say(texts));
    if open && let Err(error) = browse(&address) {
        tell(&Problem::new("no-browser").with("error", error).say(texts));
    }

    let builds = Arc::new(Builds::default());
    let site = course.site();
    for_each_client(&listener, &builds, &site);
    watch(course, options, texts, &builds, seen);
    Ok(())
}

fn tell(words: &str) {
    let _ = writeln!(io::stdout(), "{words}");
}

/// Serves in a thread of its own, with one more a connection.
fn for_each_client(listener: &TcpListener, builds: &Arc<Builds>, site: &Path) {
    let Ok(listener) = listener.try_clone() else { return };
    let builds = Arc::clone(builds);
    let site = site.to_path_buf();
    let _ = thread::Builder::new().spawn(move || {
        for client in listener.incoming().flatten() {
            let builds = Arc::clone(&builds);
            let site = site.clone();
            // A browser that is refused a thread tries again.
            let _ = thread::Builder::new().spawn(move || {
                // It has left: nothing to tell anybody.
                let _ = answer(&client, &site, &builds);
            });
        }
    });
}

/// Builds again when a source is newer than what was seen. Never returns.
fn watch(
    course: &Course,
    options: &Options,
    texts: &Texts,
    builds: &Builds,
    mut seen: SystemTime,
) {
    loop {
        #[expect(
            clippy::disallowed_methods,
            reason = "files have no event that every system offers"
        )]
        thread::sleep(PERIOD);
        let now = newest(course);
        if now <= seen {
            continue;
        }
        seen = now;
        match site::build(course, options) {
            Ok(_) => {
                tell(&texts.say("built-again", &[]));
                builds.add();
            }
            Err(error) => {
                let _ = writeln!(io::stderr(), "{error:#}");
            }
        }
    }
}

/// When a source was last changed, or a folder got or lost a file.
fn newest(course: &Course) -> SystemTime {
    let mut newest = SystemTime::UNIX_EPOCH;
    let folders =
        ["book", "solutions", "examples", "src", "exercises", "lab/right"];
    let mut to_see: Vec<PathBuf> =
        folders.iter().map(|folder| course.root().join(folder)).collect();
    to_see.extend([own_file("theme"), own_file("root")]);
    while let Some(path) = to_see.pop() {
        let Ok(about) = fs::metadata(&path) else { continue };
        newest = newest.max(about.modified().unwrap_or(newest));
        if about.is_dir() && !path.ends_with("node_modules") {
            let entries = fs::read_dir(&path).into_iter().flatten().flatten();
            to_see.extend(entries.map(|entry| entry.path()));
        }
    }
    newest
}

/// Answers one request.
fn answer(
    mut client: &TcpStream,
    site: &Path,
    builds: &Builds,
) -> io::Result<()> {
    client.set_read_timeout(Some(PATIENCE))?;
    client.set_write_timeout(Some(PATIENCE))?;
    let mut request = String::new();
    BufReader::new(client.take(LONGEST)).read_line(&mut request)?;
    let mut words = request.split_whitespace();
    let (method, target) = (words.next(), words.next().unwrap_or("/"));
    if method != Some("GET") {
        return send(client, "405 Method Not Allowed", "text/plain", b"");
    }
    let target = target.split(['?', '#']).next().unwrap_or("/");
    if target == EVENTS {
        return events(client, builds);
    }
    match find(site, target) {
        Found::File(path) => {
            let body = fs::read(&path)?;
            send_file(client, "200 OK", &path, body)
        }
        Found::Folder => {
            let head = format!(
                "HTTP/1.1 301 Moved Permanently\r\nLocation: {target}/\r\n\
                 Content-Length: 0\r\nConnection: close\r\n\r\n"
            );
            client.write_all(head.as_bytes())
        }
        Found::Nothing => {
            let path = site.join("404.html");
            let body = fs::read(&path).unwrap_or_default();
            send_file(client, "404 Not Found", &path, body)
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Found {
    File(PathBuf),
    /// Without the `/` at the end that relative links need.
    Folder,
    Nothing,
}

/// A file of the site, and none outside it.
fn find(site: &Path, target: &str) -> Found {
    let mut path = site.to_path_buf();
    for name in target.split('/').filter(|name| !name.is_empty()) {
        let is_plain = !name.starts_with('.') || name == ".nojekyll";
        if !is_plain || name.contains(['\\', '%', '\0']) {
            return Found::Nothing;
        }
        path.push(name);
    }
    if path.is_dir() {
        if !target.ends_with('/') {
            return Found::Folder;
        }
        path.push("index.html");
    }
    if path.is_file() { Found::File(path) } else { Found::Nothing }
}

fn send_file(
    client: &TcpStream,
    status: &str,
    path: &Path,
    body: Vec<u8>,
) -> io::Result<()> {
    let ext = path.extension().unwrap_or_default().to_string_lossy();
    let kind = match &*ext {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    };
    let body = match String::from_utf8(body) {
        Ok(page) if ext == "html" => {
            page.replace("</body>", RELOAD).into_bytes()
        }
        Ok(text) => text.into_bytes(),
        Err(bytes) => bytes.into_bytes(),
    };
    send(client, status, kind, &body)
}

fn send(
    mut client: &TcpStream,
    status: &str,
    kind: &str,
    body: &[u8],
) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n",
        body.len()
    );
    client.write_all(head.as_bytes())?;
    client.write_all(body)
}

/// Says the number of the last build, again and again: a write to a page that was closed
/// fails, and ends it.
fn events(mut client: &TcpStream, builds: &Builds) -> io::Result<()> {
    client.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\
          Cache-Control: no-store\r\nConnection: close\r\n\r\n",
    )?;
    let mut count = builds.count();
    loop {
        client.write_all(format!("data: {count}\n\n").as_bytes())?;
        count = builds.wait();
    }
}

/// Opens the browser that the system prefers.
fn browse(address: &str) -> io::Result<()> {
    let openers: &[&[&str]] = if cfg!(target_os = "macos") {
        &[&["open"]]
    } else {
        &[&["xdg-open"], &["wslview"], &["sensible-browser"]]
    };
    let mut failed = io::Error::from(ErrorKind::NotFound);
    for words in openers {
        let started = Command::new(words[0])
            .args(&words[1..])
            .arg(address)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        match started {
            Ok(_) => return Ok(()),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_site_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        fs::create_dir_all(site.join("fr")).unwrap();
        fs::write(site.join("fr/index.html"), "a").unwrap();
        fs::write(folder.path().join("secret"), "b").unwrap();
        let page = Found::File(site.join("fr/index.html"));
        assert_eq!(find(&site, "/fr/"), page);
        assert_eq!(find(&site, "/fr"), Found::Folder);
        for target in ["/../secret", "/fr/../../secret", "/%2e%2e/secret", "/x"]
        {
            assert_eq!(find(&site, target), Found::Nothing, "{target}");
        }
    }
}
