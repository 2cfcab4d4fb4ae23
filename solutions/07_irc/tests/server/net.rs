//! What these tests share: a server that runs, and clients that speak IRC.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use lab::{Client, Program, Server};

pub(crate) fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_07_irc"))
}

/// A folder of its own for each test.
pub(crate) fn folder(name: &str) -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let id = std::process::id();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let folder = folder.join(format!("{name}-{id}-{number}"));
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A program with this configuration.
pub(crate) fn configured(name: &str, config: &str) -> (Program, PathBuf) {
    let path = folder(name).join("irc.toml");
    fs::write(&path, config).expect("a file");
    (program().arg("--config").arg(&path), path)
}

/// A client that speaks IRC.
pub(crate) struct Irc {
    pub(crate) client: Client,
    nick: String,
}

impl Irc {
    pub(crate) fn connect(server: &Server) -> Self {
        Self { client: Client::connect(server), nick: String::new() }
    }

    /// One for which little fits into the system's buffers.
    pub(crate) fn connect_with_little_room(server: &Server) -> Self {
        let client = Client::connect_with_little_room(server);
        Self { client, nick: String::new() }
    }

    /// Connects, registers and reads the welcome.
    pub(crate) fn register(server: &Server, nick: &str) -> Self {
        let mut irc = Self::connect(server);
        irc.register_as(nick);
        irc
    }

    pub(crate) fn register_as(&mut self, nick: &str) {
        self.nick = nick.to_string();
        self.say(&format!("NICK {nick}"));
        self.say(&format!("USER {nick} 0 * :{nick}"));
        self.wait_for(" 376 ");
    }

    pub(crate) fn say(&mut self, line: &str) {
        self.client.send(format!("{line}\r\n"));
    }

    /// Reads until a line holds this text, and gives that line.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        self.wait_for_any(&[text])
    }

    /// Reads until a line holds one of these texts, and gives that line.
    #[track_caller]
    pub(crate) fn wait_for_any(&mut self, texts: &[&str]) -> String {
        loop {
            let line = self.client.line();
            if texts.iter().any(|text| line.contains(text)) {
                return line;
            }
            if let Some(token) = line.strip_prefix("PING ") {
                self.say(&format!("PONG {token}"));
            }
        }
    }

    pub(crate) fn join(&mut self, channel: &str) {
        self.say(&format!("JOIN {channel}"));
        self.wait_for(&format!(" 366 {} {channel} ", self.nick));
    }

    /// Waits until all that it has said is executed.
    #[track_caller]
    pub(crate) fn sync(&mut self) {
        self.say("PING :sync");
        self.wait_for("PONG irc.localhost :sync");
    }
}

/// Two clients talk: whatever happened before, the server serves.
#[track_caller]
pub(crate) fn serves(server: &Server) {
    let mut yves = Irc::register(server, "yves");
    let mut zoe = Irc::register(server, "zoe");
    yves.say("PRIVMSG zoe :still there?");
    zoe.wait_for("PRIVMSG zoe :still there?");
}

pub(crate) fn skip(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}
