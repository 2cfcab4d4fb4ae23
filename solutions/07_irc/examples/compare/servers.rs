//! The servers that are compared, and how each is started without its throttles.

use std::error::Error;
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::unistd::geteuid;

/// A program that serves IRC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Ours,
    Ngircd,
    Inspircd,
    Hybrid,
}

impl Kind {
    const ALL: [Self; 4] =
        [Self::Ours, Self::Ngircd, Self::Inspircd, Self::Hybrid];

    /// Those that can be started here.
    pub(crate) fn installed(programs: &Path) -> Vec<Self> {
        let is_there = |kind: &Self| kind.program(programs).is_file();
        Self::ALL.into_iter().filter(is_there).collect()
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "07_irc",
            Self::Ngircd => "ngircd",
            Self::Inspircd => "InspIRCd",
            Self::Hybrid => "ircd-hybrid",
        }
    }

    /// How many may be on their way in at once.
    pub(crate) fn at_once(self) -> usize {
        match self {
            // It lets those in who have come once a second, and its queue is long.
            Self::Inspircd => 500,
            // What doesn't fit into the others' queues would try again a second later.
            Self::Ours | Self::Ngircd | Self::Hybrid => 8,
        }
    }

    fn program(self, programs: &Path) -> PathBuf {
        match self {
            Self::Ours => programs.join("07_irc"),
            Self::Ngircd => "/usr/sbin/ngircd".into(),
            Self::Inspircd => "/usr/sbin/inspircd".into(),
            Self::Hybrid => "/usr/sbin/ircd-hybrid".into(),
        }
    }

    /// Its program, as whoever may run it.
    fn call(self, programs: &Path) -> Command {
        let program = self.program(programs);
        if self != Self::Hybrid || !geteuid().is_root() {
            return Command::new(program);
        }
        // It refuses to run as root; its package has made the user irc.
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "irc", "--clear-groups"]).arg(program);
        command
    }

    /// As its package calls it.
    pub(crate) fn version(self) -> Option<String> {
        let option = match self {
            Self::Ours => return None,
            Self::Ngircd | Self::Inspircd => "--version",
            Self::Hybrid => "-version",
        };
        let mut command = self.call(Path::new(""));
        let output = command.arg(option).output().ok()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        // ngIRCd 26.1-…, InspIRCd-3.15.0, ircd: version hybrid-1:8.2.43+…
        let numbers = |c: char| c.is_ascii_digit() || c == '.';
        said.split(|c| !numbers(c))
            .find(|word| word.contains('.') && !word.starts_with('.'))
            .map(|word| word.trim_end_matches('.').to_string())
    }

    fn config(self, port: u16, folder: &Path) -> String {
        let folder = folder.display();
        match self {
            Self::Ours => String::new(),
            Self::Ngircd => format!(
                "[Global]\nName = irc.test\nInfo = test\nListen = 127.0.0.1\n\
                 Ports = {port}\n\
                 [Limits]\nMaxConnections = 0\nMaxConnectionsIP = 0\nMaxJoins = 0\n\
                 MaxNickLength = 30\nMaxPenaltyTime = 0\n\
                 [Options]\nDNS = no\nIdent = no\nPAM = no\n"
            ),
            Self::Inspircd => format!(
                r#"<server name="irc.test" description="test" network="Test" id="1AA">
<admin name="x" nick="x" email="x@irc.test">
<bind address="127.0.0.1" port="{port}" type="clients">
<connect name="main" allow="*" maxchans="20" timeout="60" pingfreq="120"
  hardsendq="100M" softsendq="100M" recvq="1M" threshold="1000000"
  commandrate="100000000" fakelag="no" localmax="100000" globalmax="100000"
  resolvehostnames="no" useident="no">
<class name="x" commands="*">
<performance softlimit="100000" somaxconn="1024" quietbursts="yes" nouserdns="yes">
<options splitwhois="no">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="/dev/null">
<pid file="{folder}/pid">
<path datadir="{folder}" logdir="{folder}" runtimedir="{folder}">
"#
            ),
            Self::Hybrid => format!(
                r#"serverinfo {{ name = "irc.test"; description = "test";
  network_name = "Test"; network_description = "Test"; hub = no;
  default_max_clients = 15000; max_nick_length = 30; }};
admin {{ name = "x"; description = "x"; email = "x@irc.test"; }};
class {{ name = "users"; ping_time = 120 seconds; number_per_ip_local = 0;
  number_per_ip_global = 0; max_number = 20000; sendq = 100 megabytes;
  recvq = 8000 bytes; }};
auth {{ user = "*@*"; class = "users"; flags = exceed_limit, can_flood, no_tilde; }};
listen {{ host = "127.0.0.1"; port = {port}; }};
channel {{ max_channels = 25; }};
general {{ disable_auth = yes; throttle_count = 100000; throttle_time = 1 second;
  default_floodcount = 0; anti_nick_flood = no; max_accept = 100000;
  ping_cookie = no; }};
"#
            ),
        }
    }

    fn command(self, programs: &Path, folder: &Path, port: u16) -> Command {
        let config = folder.join("config");
        let mut command = self.call(programs);
        match self {
            Self::Ours => command.arg(port.to_string()),
            Self::Ngircd => {
                command.arg("--nodaemon").arg("--config").arg(config)
            }
            Self::Inspircd => command
                .args(["--nofork", "--runasroot", "--config"])
                .arg(config),
            Self::Hybrid => command
                .args(["-foreground", "-configfile"])
                .arg(config)
                .arg("-pidfile")
                .arg(folder.join("pid"))
                .arg("-logfile")
                .arg(folder.join("log")),
        };
        command
    }
}

/// A server that listens; it ends with this value.
pub(crate) struct Running {
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl Running {
    /// Starts it, and waits until somebody can connect.
    pub(crate) fn start(
        kind: Kind,
        programs: &Path,
    ) -> Result<Self, Box<dyn Error>> {
        let port =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let folder = std::env::temp_dir()
            .join(format!("causette-irc-{}-{port}", std::process::id()));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("config"), kind.config(port, &folder))?;
        if kind == Kind::Hybrid {
            // It isn't root that writes there.
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o777))?;
        }
        let child = kind
            .command(programs, &folder, port)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut running = Self { child, port, folder };
        let end = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if let Some(status) = running.child.try_wait()? {
                return Err(format!("doesn't start: {status}").into());
            }
            if Instant::now() > end {
                return Err("doesn't listen".into());
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "a server of others tells nobody that it listens"
            )]
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(running)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
