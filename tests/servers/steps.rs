//! The programs under test, and how one talks in each of the chats.

use std::io::Write;
use std::process::Command;
use std::sync::LazyLock;

use lab::{Client, Program, Server};

pub(crate) fn blocking_echo() -> Program {
    Program::new(env!("CARGO_BIN_EXE_01_blocking_echo"))
}

pub(crate) fn thread_echo() -> Program {
    Program::new(env!("CARGO_BIN_EXE_02_thread_echo"))
}

pub(crate) fn select_echo() -> Program {
    Program::new(env!("CARGO_BIN_EXE_03_select_echo"))
}

pub(crate) fn broadcast_chat() -> Program {
    Program::new(env!("CARGO_BIN_EXE_04_broadcast_chat"))
}

pub(crate) fn command_chat() -> Program {
    Program::new(env!("CARGO_BIN_EXE_05_command_chat"))
}

pub(crate) fn channels() -> Program {
    Program::new(env!("CARGO_BIN_EXE_06_channels"))
}

pub(crate) fn thread_chat() -> Program {
    Program::new(env!("CARGO_BIN_EXE_bonus_thread_chat"))
}

/// The example of the chapter beyond `select`. Cargo tells tests where programs are,
/// but not where examples are, and builds them only if it's asked to.
pub(crate) fn poll_echo() -> Program {
    static BUILT: LazyLock<String> = LazyLock::new(|| {
        let output = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--example", "poll_echo"])
            .arg("--message-format=json")
            .output()
            .expect("cargo runs these tests");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{complaints}{said}");
        said
    });
    let mut paths = BUILT.split("\"executable\":\"").skip(1);
    let path = paths.next().and_then(|rest| rest.split('"').next());
    Program::new(path.expect("it has just been built"))
}

/// All of them, for what concerns no wire.
pub(crate) fn all() -> [Program; 7] {
    [
        blocking_echo(),
        thread_echo(),
        select_echo(),
        broadcast_chat(),
        command_chat(),
        channels(),
        thread_chat(),
    ]
}

/// Says why a test does nothing here. libtest hides what `println!` prints.
pub(crate) fn skip(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// The chats say the same thing in three ways: with and without `select` is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chat {
    Broadcast,
    Commands,
    Channels,
}

impl Chat {
    pub(crate) fn of(program: &Program) -> Self {
        let path = format!("{program:?}");
        if path.contains("05_command_chat") {
            Self::Commands
        } else if path.contains("06_channels") {
            Self::Channels
        } else {
            Self::Broadcast
        }
    }

    /// What comes before the words of a message.
    pub(crate) fn verb(self) -> &'static str {
        match self {
            Self::Broadcast => "",
            Self::Commands => "MSG ",
            Self::Channels => "MSG salon ",
        }
    }

    /// The line that says `words`.
    pub(crate) fn say(self, words: &str) -> String {
        format!("{}{words}\n", self.verb())
    }

    /// The line in which the others read `words` of this speaker.
    pub(crate) fn heard(self, speaker: &str, words: &str) -> String {
        match self {
            Self::Broadcast => format!("{words}\n"),
            Self::Commands | Self::Channels => format!("[{speaker}] {words}\n"),
        }
    }
}

/// Clients who can hear each other, and the nick of each. Every line about their
/// arrival has been read: what comes next is what the test makes happen.
pub(crate) fn meet<const N: usize>(
    server: &Server,
    chat: Chat,
    nicks: [&str; N],
) -> [Client; N] {
    let mut room: Vec<Client> = Vec::new();
    for nick in nicks {
        let client = Client::connect(server);
        arrive(&mut room, client, chat, nick);
    }
    room.try_into().unwrap_or_else(|_| panic!("there were {N} of them"))
}

/// Brings `client` into `room`, and has everybody read what is said about it.
pub(crate) fn arrive(
    room: &mut Vec<Client>,
    mut client: Client,
    chat: Chat,
    nick: &str,
) {
    let address = client.name();
    if chat == Chat::Broadcast {
        // Nothing tells that a client is there, but that the others hear it.
        if !room.is_empty() {
            client.send("here\n");
        }
        room.iter_mut().for_each(|other| other.expect("here\n"));
        room.push(client);
        return;
    }
    client.send(format!("NICK {nick}\n"));
    let connected = format!("[server] client connected \"{address}\"\n");
    room.iter_mut().for_each(|other| other.expect(&connected));
    room.push(client);
    let renamed = format!("[server] client \"{address}\" => \"{nick}\"\n");
    room.iter_mut().for_each(|other| other.expect(&renamed));
    if chat == Chat::Channels {
        if let Some(client) = room.last_mut() {
            client.send("JOIN salon\n");
        }
        let joined = format!("[server] client \"{nick}\" joined \"salon\"\n");
        room.iter_mut().for_each(|other| other.expect(&joined));
    }
}
