//! The configuration: TOML, every part of which has a default.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use serde::Deserialize;

use crate::flood::{self, Pace};
use crate::logging::Level;
use crate::mask;

/// What the server is told; the example is `irc.toml` beside this package.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The server's own name: a host name, with a dot in it.
    pub name: ServerName,
    /// What LINKS and WHOIS say about it.
    pub description: Text,
    /// The network's name.
    pub network: NetworkName,
    /// Where to listen. Without it: the port of the command line.
    pub listen: Vec<SocketAddr>,
    /// What PASS must say.
    pub password: Option<Word>,
    /// The message of the day; empty, there is none.
    pub motd: Option<Motd>,
    /// A file that holds it instead.
    pub motd_file: Option<PathBuf>,
    /// No identity server has confirmed a user name: say so with a `~`.
    pub tilde: bool,
    /// What ADMIN answers.
    pub admin: Option<Admin>,
    /// Who may become operator.
    pub operator: Vec<Operator>,
    /// Whom to let in; empty: everyone.
    pub allow: Vec<HostMask>,
    /// Whom not to let in.
    pub ban: Vec<HostMask>,
    /// Other servers.
    pub link: Vec<Link>,
    /// How much the log says.
    pub log: Level,
    /// How much of everything.
    pub limits: Limits,
    /// Where all this was read.
    #[serde(skip)]
    pub path: PathBuf,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            name: ServerName("irc.localhost".to_string()),
            description: Text("Causette, step 07".to_string()),
            network: NetworkName("Causette".to_string()),
            listen: Vec::new(),
            password: None,
            motd: Some(Motd(vec![
                "Welcome, you are on Causette.".to_string(),
                "Try: /join #causette".to_string(),
            ])),
            motd_file: None,
            tilde: false,
            admin: None,
            operator: Vec::new(),
            allow: Vec::new(),
            ban: Vec::new(),
            link: Vec::new(),
            log: Level::default(),
            limits: Limits::default(),
            path: PathBuf::from("(no file)"),
        }
    }
}

/// Three lines, as RFC 1459, 8.12.4 wants them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admin {
    /// "What city, state and country the server is in".
    pub location: Text,
    /// "Details of the university and department".
    pub organisation: Text,
    /// "The administrative contact for the server".
    pub email: Text,
}

/// An O line.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// The first parameter of OPER.
    pub name: Word,
    /// The second one.
    pub password: Word,
    /// Where from: `user@host`.
    #[serde(default = "anywhere")]
    pub mask: Word,
}

fn anywhere() -> Word {
    Word("*@*".to_string())
}

/// An I line or a K line.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostMask {
    /// `user@host`, with wildcards.
    pub mask: Word,
    /// What the banned are told.
    #[serde(default)]
    pub reason: Text,
}

/// C and N lines.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The other server's name.
    pub name: ServerName,
    /// Where it is.
    pub host: Word,
    /// Its port.
    pub port: u16,
    /// What we say.
    pub send_password: Word,
    /// What it must say.
    pub accept_password: Word,
    /// Connect without being asked.
    #[serde(default)]
    pub autoconnect: bool,
    /// May other servers stand behind it?
    #[serde(default)]
    pub hub: bool,
}

/// How much of everything.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The longest nick.
    pub nick: Between<1, 50>,
    /// The longest topic, KICK comment and AWAY message.
    pub topic: Between<1, 390>,
    /// In how many channels one may be.
    pub channels: Between<1, 10_000>,
    /// How many bans a channel may have.
    pub bans: Between<1, 1_000>,
    /// How many targets a PRIVMSG may have, and items a list in a query.
    pub targets: Between<1, 100>,
    /// The most that may wait for one client, in bytes.
    pub sendq: Between<65_536, 1_073_741_824>,
    /// How many clients.
    pub clients: Between<1, 1_000_000>,
    /// How many of them from one address.
    pub per_address: Between<1, 1_000_000>,
    /// Seconds to register.
    pub registration: Between<1, 3_600>,
    /// Seconds of silence after which a client gets a PING, and as many again
    /// to answer it.
    pub ping: Between<1, 86_400>,
    /// Seconds that a message costs, 0: no flood control.
    pub flood_cost: Between<0, 60>,
    /// Seconds that it may run ahead.
    pub flood_ahead: Between<1, 600>,
    /// Host masks for which neither flood control nor `per_address` holds.
    pub exempt: Vec<Word>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            nick: Between(30),
            topic: Between(307),
            channels: Between(20),
            bans: Between(50),
            targets: Between(20),
            sendq: Between(4 << 20),
            clients: Between(100_000),
            per_address: Between(50),
            registration: Between(30),
            ping: Between(120),
            flood_cost: Between(flood::OF_THE_RFC.cost / 1_000),
            flood_ahead: Between(flood::OF_THE_RFC.ahead / 1_000),
            // Who tries it out on one machine is no flood.
            exempt: vec![Word("127.*".to_string()), Word("0::1".to_string())],
        }
    }
}

impl Limits {
    /// What a client at `host` may say, if that is limited.
    pub fn pace(&self, host: &[u8]) -> Option<Pace> {
        let Between(cost) = self.flood_cost;
        (cost > 0 && !self.is_exempt(host)).then_some(Pace {
            cost: cost * 1_000,
            ahead: self.flood_ahead.0 * 1_000,
        })
    }

    /// Is this a host without limits?
    pub fn is_exempt(&self, host: &[u8]) -> bool {
        self.exempt.iter().any(|it| mask::matches(it.bytes(), host))
    }
}

/// A number from `LEAST` to `MOST`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "i64")]
pub struct Between<const LEAST: u64, const MOST: u64>(pub u64);

impl<const LEAST: u64, const MOST: u64> Between<LEAST, MOST> {
    /// The number, to compare lengths with.
    pub fn size(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl<const LEAST: u64, const MOST: u64> TryFrom<i64> for Between<LEAST, MOST> {
    type Error = String;
    fn try_from(number: i64) -> Result<Self, String> {
        u64::try_from(number)
            .ok()
            .filter(|number| (LEAST..=MOST).contains(number))
            .map(Self)
            .ok_or_else(|| format!("expected a number, {LEAST} to {MOST}"))
    }
}

macro_rules! texts {
    ($(
        $(#[$doc:meta])*
        $name:ident if $is_right:expr, $expected:literal;
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// As a client will read it.
            pub fn bytes(&self) -> &[u8] {
                self.0.as_bytes()
            }
        }

        impl TryFrom<String> for $name {
            type Error = &'static str;
            fn try_from(text: String) -> Result<Self, &'static str> {
                let is_right: fn(&str) -> bool = $is_right;
                if is_right(&text) { Ok(Self(text)) } else { Err($expected) }
            }
        }
    )*};
}

fn is_a_line(text: &str) -> bool {
    text.len() <= 400 && !text.contains(['\r', '\n', '\0'])
}

fn is_a_word(text: &str) -> bool {
    is_a_line(text)
        && !text.is_empty()
        && !text.starts_with(':')
        && !text.contains(char::is_whitespace)
}

texts! {
    /// One word.
    Word if is_a_word, "expected one word, without a colon in front";
    /// One word, short enough to stand in 005 beside all the rest.
    NetworkName if |text| is_a_word(text) && text.len() <= 63,
        "expected one word of at most 63 bytes, without a colon in front";
    /// One line.
    Text if is_a_line, "expected one line of at most 400 bytes";
    /// A name with a dot, so that it can't be a nick.
    ServerName if |text| {
        let is_fit = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        text.contains('.') && text.chars().all(is_fit) && text.len() <= 63
    }, "expected a server name like irc.example.org";
}

/// The lines of a message of the day, each short enough for its reply.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub struct Motd(Vec<String>);

impl From<String> for Motd {
    /// "The file is displayed line by line, with each line no longer than 80
    /// characters" (RFC 1459, 6.2).
    fn from(text: String) -> Self {
        Self(text.lines().map(|line| line.chars().take(80).collect()).collect())
    }
}

impl Motd {
    /// Its lines.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|line| line.as_bytes())
    }
}

/// What is wrong with a configuration file.
#[derive(Debug)]
pub enum Wrong {
    /// It can't be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It says something that it can't.
    Nonsense {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The column in characters, counted from 1.
        column: usize,
        /// What is there, and what is expected.
        what: String,
    },
}

impl fmt::Display for Wrong {
    /// In English, for the log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, error } => {
                write!(f, "{} can't be read: {error}", path.display())
            }
            Self::Nonsense { path, line, column, what } => {
                let path = path.display();
                write!(f, "{path}, line {line}, column {column}: {what}")
            }
        }
    }
}

impl Config {
    /// Reads `path`, and the message of the day if that is in a file of its
    /// own.
    ///
    /// # Errors
    ///
    /// What is wrong, and where.
    pub fn load(path: &Path) -> Result<Self, Wrong> {
        let read = |path: &Path| {
            let unreadable =
                |error| Wrong::Unreadable { path: path.to_path_buf(), error };
            fs::read(path).map_err(unreadable)
        };
        let bytes = read(path)?;
        let text = String::from_utf8_lossy(&bytes);
        let mut config = Self::parse(&text, path)?;
        if let Some(file) = &config.motd_file {
            // Beside the configuration, wherever the server was started.
            let file = path.parent().unwrap_or(Path::new("")).join(file);
            let text = read(&file)?;
            let text = String::from_utf8_lossy(&text).into_owned();
            config.motd = Some(Motd::from(text));
        }
        Ok(config)
    }

    /// The configuration in `text`, which stands in `path`.
    ///
    /// # Errors
    ///
    /// What is wrong, and where.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Wrong> {
        let mut config: Self = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start.min(text.len()));
            let before = &text.as_bytes()[..at];
            let begin = before.iter().rposition(|&byte| byte == b'\n');
            let in_line = &before[begin.map_or(0, |newline| newline + 1)..];
            Wrong::Nonsense {
                path: path.to_path_buf(),
                line: before.iter().filter(|&&byte| byte == b'\n').count() + 1,
                column: String::from_utf8_lossy(in_line).chars().count() + 1,
                what: in_words(error.message()),
            }
        })?;
        config.path = path.to_path_buf();
        Ok(config)
    }
}

/// What the TOML reader says, without words that only a programmer of Rust
/// knows.
fn in_words(message: &str) -> String {
    const WORDS: [(&str, &str); 8] = [
        ("\n", ", "),
        ("struct Limits", "a table"),
        ("struct Admin", "a table"),
        ("struct Operator", "a table"),
        ("struct HostMask", "a table"),
        ("struct Link", "a table"),
        ("expected i64", "expected a whole number"),
        (
            "invalid socket address syntax",
            "expected an address like [::]:7777 or 127.0.0.1:7777",
        ),
    ];
    WORDS.iter().fold(message.trim().to_string(), |text, (old, new)| {
        text.replace(old, new)
    })
}

/// The host as IRC writes it. An IPv4 client of an IPv6 socket is shown as what
/// it is, and an address may not begin with a colon: it would be a last
/// parameter.
pub fn host_of(address: IpAddr) -> String {
    let host = address.to_canonical().to_string();
    if host.starts_with(':') { format!("0{host}") } else { host }
}
