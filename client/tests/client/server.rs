//! The other side: a server that a test plays, and those of the course.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

use lab::{Program, Server, deadline, until};
use socket2::SockRef;

/// Listens, and serves one client at a time.
pub(crate) struct Played {
    listener: TcpListener,
}

/// A connection, seen from the server.
pub(crate) struct Peer(TcpStream);

impl Played {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self { listener }
    }

    pub(crate) fn port(&self) -> u16 {
        self.listener.local_addr().unwrap().port()
    }

    #[track_caller]
    pub(crate) fn accept(&self) -> Peer {
        let accepted = until(|| match self.listener.accept() {
            Err(error) if error.kind() == ErrorKind::WouldBlock => None,
            accepted => Some(accepted.unwrap().0),
        });
        let socket = accepted.expect("a client");
        socket.set_nonblocking(false).unwrap();
        socket.set_read_timeout(Some(deadline())).unwrap();
        socket.set_write_timeout(Some(deadline())).unwrap();
        socket.set_nodelay(true).unwrap();
        Peer(socket)
    }
}

impl Peer {
    #[track_caller]
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).unwrap();
    }

    /// Waits for exactly these bytes.
    #[track_caller]
    pub(crate) fn expect(&mut self, bytes: &str) {
        let mut got = vec![0; bytes.len()];
        self.0.read_exact(&mut got).unwrap();
        assert_eq!(String::from_utf8_lossy(&got), bytes);
    }

    /// Waits for the client's half-close.
    #[track_caller]
    pub(crate) fn expect_end(&mut self) {
        assert_eq!(self.0.read(&mut [0]).unwrap(), 0, "bytes came");
    }

    /// Everything until the client's half-close.
    #[track_caller]
    pub(crate) fn all(&mut self) -> Vec<u8> {
        let mut all = Vec::new();
        self.0.read_to_end(&mut all).unwrap();
        all
    }

    pub(crate) fn half_close(&self) {
        self.0.shutdown(Shutdown::Write).unwrap();
    }

    pub(crate) fn reset(self) {
        SockRef::from(&self.0).set_linger(Some(Duration::ZERO)).unwrap();
    }
}

/// What cargo says when it builds them: another package's programs.
static BUILT: LazyLock<String> = LazyLock::new(|| {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "-p", "causette", "--bins"])
        .arg("--message-format=json")
        .output()
        .unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaints}");
    String::from_utf8(output.stdout).unwrap()
});

/// A server of the course, `05_command_chat`.
#[track_caller]
pub(crate) fn solution(name: &str) -> Server {
    let end = format!("/{name}");
    let paths = BUILT.split("\"executable\":\"").skip(1);
    let mut paths = paths.filter_map(|rest| rest.split('"').next());
    let path = paths.find(|path| path.ends_with(&end));
    Program::new(path.expect("it is built")).start()
}
