//! Clients that people use: each connects, joins, talks both ways, sets a topic,
//! kicks, changes its nick and quits. They queue what they are told behind their
//! own flood control: each effect is waited for.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use lab::{Server, until};

use crate::net::{Irc, folder, program, skip};

/// The end of the message of the day.
const WELCOME: &str = "/join #causette";

/// What a client is asked to do.
enum Do<'a> {
    Join,
    Say(&'a str),
    Topic(&'a str),
    Kick(&'a str),
    Nick(&'a str),
    Quit,
}

/// A client that people use.
trait Real {
    fn act(&mut self, what: Do<'_>);
    /// All that it has shown so far.
    fn shown(&self) -> String;
    /// Has it read its welcome? Before, some refuse to do anything.
    fn is_ready(&self) -> bool {
        true
    }
}

/// The same for all of them.
fn meets_others(server: &Server, mut real: impl Real) {
    let entered =
        until(|| server.log().text().contains("=> \"real\"").then_some(()));
    assert!(entered.is_some(), "it doesn't register: {}", real.shown());
    let ready = until(|| real.is_ready().then_some(()));
    assert!(ready.is_some(), "it sees no welcome: {}", real.shown());
    let mut peer = Irc::register(server, "peer");
    peer.join("#room");
    real.act(Do::Join);
    peer.wait_for(":real!");
    peer.say("MODE #room +o real");
    peer.wait_for("MODE #room +o real");
    let mut victim = Irc::register(server, "victim");
    victim.join("#room");
    // Before it shows what is said there, it may not have a window for it, and
    // what one types into that would be lost.
    peer.say("PRIVMSG #room :hello from peer");
    let heard =
        until(|| real.shown().contains("hello from peer").then_some(()));
    assert!(
        heard.is_some(),
        "it doesn't show what peer says: {}",
        real.shown()
    );
    real.act(Do::Say("hello from the real one"));
    peer.wait_for("PRIVMSG #room :hello from the real one");
    real.act(Do::Topic("a new topic"));
    peer.wait_for("TOPIC #room :a new topic");
    real.act(Do::Kick("victim"));
    peer.wait_for("KICK #room victim");
    victim.wait_for("KICK #room victim");
    real.act(Do::Nick("genuine"));
    peer.wait_for("NICK :genuine");
    real.act(Do::Quit);
    peer.wait_for(":genuine!");
}

fn is_installed(name: &str) -> bool {
    let there = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&there).any(|it| it.join(name).exists());
    if !found {
        skip(&format!("{name} is not installed"));
    }
    found
}

/// Ends what it has started.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A terminal: tmux with a server of its own.
struct Tmux {
    socket: PathBuf,
}

impl Tmux {
    fn run(&self, words: &[&str]) -> String {
        let output = Command::new("tmux")
            .arg("-S")
            .arg(&self.socket)
            .args(["-f", "/dev/null"])
            .args(words)
            .output()
            .expect("tmux");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn enter(&self, line: &str) {
        self.run(&["send-keys", "-l", line]);
        self.run(&["send-keys", "Enter"]);
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}

/// A client that somebody types into.
struct Typed {
    terminal: Tmux,
    act: fn(Do<'_>) -> String,
}

impl Typed {
    fn start(name: &str, command: &str, act: fn(Do<'_>) -> String) -> Self {
        // A socket's path must be short.
        let socket = format!("causette-{name}-{}", std::process::id());
        let terminal = Tmux { socket: std::env::temp_dir().join(socket) };
        let size = ["-x", "150", "-y", "50"];
        terminal.run(&[&["new-session", "-d"], &size[..], &[command]].concat());
        Self { terminal, act }
    }
}

impl Real for Typed {
    fn act(&mut self, what: Do<'_>) {
        self.terminal.enter(&(self.act)(what));
    }

    fn shown(&self) -> String {
        self.terminal.run(&["capture-pane", "-p", "-S", "-"])
    }

    fn is_ready(&self) -> bool {
        self.shown().contains(WELCOME)
    }
}

#[test]
fn irssi() {
    if !is_installed("irssi") || !is_installed("tmux") {
        return;
    }
    let server = program().start();
    let home = folder("irssi");
    let command = format!(
        "HOME={home} irssi --home={home} -c 127.0.0.1 -p {} -n real",
        server.port(),
        home = home.display()
    );
    let act = |what: Do<'_>| match what {
        Do::Join => "/join #room".to_string(),
        Do::Say(text) => text.to_string(),
        Do::Topic(text) => format!("/topic {text}"),
        Do::Kick(nick) => format!("/kick {nick}"),
        Do::Nick(nick) => format!("/nick {nick}"),
        Do::Quit => "/quit".to_string(),
    };
    meets_others(&server, Typed::start("irssi", &command, act));
}

/// The course's own, in which one types the protocol itself.
#[test]
fn client() {
    let client =
        Path::new(env!("CARGO_BIN_EXE_07_irc")).with_file_name("client");
    if !client.exists() {
        return skip("the client isn't built: cargo build -p client");
    }
    if !is_installed("tmux") {
        return;
    }
    let server = program().start();
    let command = format!(
        "HOME={} {} 127.0.0.1 {}",
        folder("client").display(),
        client.display(),
        server.port()
    );
    let act = |what: Do<'_>| match what {
        Do::Join => "JOIN #room".to_string(),
        Do::Say(text) => format!("PRIVMSG #room :{text}"),
        Do::Topic(text) => format!("TOPIC #room :{text}"),
        Do::Kick(nick) => format!("KICK #room {nick}"),
        Do::Nick(nick) => format!("NICK {nick}"),
        Do::Quit => "QUIT".to_string(),
    };
    let typed = Typed::start("client", &command, act);
    let connected = until(|| typed.shown().contains("--").then_some(()));
    assert!(connected.is_some(), "it doesn't connect: {}", typed.shown());
    typed.terminal.enter("NICK real");
    typed.terminal.enter("USER real 0 * :Real");
    meets_others(&server, typed);
}

/// A client that takes its commands from a FIFO and writes files.
struct Files {
    _guard: Guard,
    folder: PathBuf,
    act: fn(&Path, Do<'_>) -> (PathBuf, String),
    shown: fn(&Path) -> PathBuf,
    /// Where its welcome will be.
    welcome: PathBuf,
}

impl Real for Files {
    fn act(&mut self, what: Do<'_>) {
        let (fifo, line) = (self.act)(&self.folder, what);
        let fifo = until(|| OpenOptions::new().write(true).open(&fifo).ok());
        let mut fifo = fifo.expect("its FIFO");
        fifo.write_all(format!("{line}\n").as_bytes()).expect("it's read");
    }

    fn shown(&self) -> String {
        let text = fs::read((self.shown)(&self.folder)).unwrap_or_default();
        String::from_utf8_lossy(&text).into_owned()
    }

    fn is_ready(&self) -> bool {
        let text = fs::read(&self.welcome).unwrap_or_default();
        String::from_utf8_lossy(&text).contains(WELCOME)
    }
}

#[test]
fn ii() {
    if !is_installed("ii") {
        return;
    }
    let server = program().start();
    let folder = folder("ii");
    let child = Command::new("ii")
        .args(["-s", "127.0.0.1", "-n", "real"])
        .args(["-p", &server.port().to_string()])
        .arg("-i")
        .arg(&folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("ii");
    meets_others(
        &server,
        Files {
            _guard: Guard(child),
            welcome: folder.join("127.0.0.1/out"),
            folder,
            act: |folder, what| {
                let root = folder.join("127.0.0.1");
                let room = root.join("#room/in");
                let root = root.join("in");
                match what {
                    Do::Join => (root, "/j #room".to_string()),
                    Do::Say(text) => (room, text.to_string()),
                    Do::Topic(text) => (room, format!("/t {text}")),
                    Do::Kick(nick) => (root, format!("/KICK #room {nick}")),
                    Do::Nick(nick) => (root, format!("/n {nick}")),
                    Do::Quit => (root, "/q".to_string()),
                }
            },
            shown: |folder| folder.join("127.0.0.1/#room/out"),
        },
    );
}

#[test]
fn weechat() {
    if !is_installed("weechat-headless") {
        return;
    }
    let server = program().start();
    let folder = folder("weechat");
    let address =
        format!("/server add t 127.0.0.1/{} -notls -nicks=real", server.port());
    let child = Command::new("weechat-headless")
        .arg("-d")
        .arg(&folder)
        .args(["-r", "/set fifo.file.path ${weechat_data_dir}/fifo"])
        .args(["-r", "/fifo enable"])
        .args(["-r", "/set logger.file.flush_delay 0"])
        .args(["-r", &address])
        .args(["-r", "/connect t"])
        .env("HOME", &folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("weechat");
    meets_others(
        &server,
        Files {
            _guard: Guard(child),
            welcome: folder.join("logs/irc.server.t.weechatlog"),
            folder,
            act: |folder, what| {
                let room = "irc.t.#room";
                let (buffer, text) = match what {
                    Do::Join => ("irc.server.t", "/join #room".to_string()),
                    Do::Say(text) => (room, text.to_string()),
                    Do::Topic(text) => (room, format!("/topic {text}")),
                    Do::Kick(nick) => (room, format!("/kick {nick}")),
                    Do::Nick(nick) => ("irc.server.t", format!("/nick {nick}")),
                    Do::Quit => ("irc.server.t", "/quit".to_string()),
                };
                (folder.join("fifo"), format!("{buffer} *{text}"))
            },
            shown: |folder| folder.join("logs/irc.t.#room.weechatlog"),
        },
    );
}

/// A client with pipes.
struct Pipes {
    _guard: Guard,
    input: ChildStdin,
    output: PathBuf,
    act: fn(Do<'_>) -> String,
}

impl Pipes {
    fn new(
        name: &str,
        command: &mut Command,
        act: fn(Do<'_>) -> String,
    ) -> Self {
        let output = folder(name).join("output");
        let file = fs::File::create(&output).expect("a file");
        let errors = file.try_clone().expect("a file");
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(file)
            .stderr(errors)
            .spawn()
            .expect("a client");
        let input = child.stdin.take().expect("its input");
        Self { _guard: Guard(child), input, output, act }
    }
}

impl Real for Pipes {
    fn act(&mut self, what: Do<'_>) {
        let line = (self.act)(what);
        writeln!(self.input, "{line}").expect("it reads");
    }

    fn shown(&self) -> String {
        let text = fs::read(&self.output).unwrap_or_default();
        String::from_utf8_lossy(&text).into_owned()
    }
}

#[test]
fn sic() {
    if !is_installed("sic") || !is_installed("stdbuf") {
        return;
    }
    let server = program().start();
    let port = server.port().to_string();
    let mut command = Command::new("stdbuf");
    command.args(["-oL", "sic", "-h", "127.0.0.1", "-n", "real", "-p", &port]);
    let act = |what: Do<'_>| match what {
        Do::Join => ":j #room".to_string(),
        Do::Say(text) => text.to_string(),
        Do::Topic(text) => format!(":TOPIC #room :{text}"),
        Do::Kick(nick) => format!(":KICK #room {nick}"),
        Do::Nick(nick) => format!(":NICK {nick}"),
        Do::Quit => ":QUIT".to_string(),
    };
    meets_others(&server, Pipes::new("sic", &mut command, act));
}

#[test]
fn python_library() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let python = root.join("irc-clients/bin/python");
    if !python.exists() {
        return skip(
            "the Python library irc is not installed: python3 -m venv \
             target/irc-clients && target/irc-clients/bin/pip install irc",
        );
    }
    let server = program().start();
    let mut command = Command::new(python);
    let script = Path::new(env!("CARGO_MANIFEST_DIR"));
    command.arg(script.join("tests/server/real_clients.py"));
    command.args([&server.port().to_string(), "real"]);
    let act = |what: Do<'_>| match what {
        Do::Join => "join #room".to_string(),
        Do::Say(text) => format!("privmsg #room {text}"),
        Do::Topic(text) => format!("topic #room {text}"),
        Do::Kick(nick) => format!("kick #room {nick}"),
        Do::Nick(nick) => format!("nick {nick}"),
        Do::Quit => "quit".to_string(),
    };
    meets_others(&server, Pipes::new("python", &mut command, act));
}
