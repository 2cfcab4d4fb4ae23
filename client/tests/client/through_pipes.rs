//! Without a terminal: as `nc -N`.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;

use lab::{deadline, until};

use crate::server::{Played, solution};

/// A client that is killed with the test, whose output is read.
struct Piped(Child);

impl Piped {
    fn start(port: u16, input: Stdio, output: Stdio) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_client"))
            .args(["127.0.0.1", &port.to_string()])
            .env("LC_ALL", "C")
            .stdin(input)
            .stdout(output)
            .stderr(Stdio::piped())
            .spawn();
        Self(child.unwrap())
    }

    #[track_caller]
    fn expect_exit(&mut self) -> ExitStatus {
        let status = until(|| self.0.try_wait().transpose());
        status.expect("the client ends").unwrap()
    }

    /// All that it prints until its end.
    #[track_caller]
    fn output(&mut self) -> Vec<u8> {
        let mut output = self.0.stdout.take().unwrap();
        within(move || {
            let mut all = Vec::new();
            output.read_to_end(&mut all).map(|_| all)
        })
    }

    fn errors(&mut self) -> String {
        let mut errors = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        errors
    }
}

/// What a read has to say, if it comes to its end in time.
#[track_caller]
fn within<T: Send + 'static>(
    read: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> T {
    let (done, result) = mpsc::channel();
    thread::Builder::new().spawn(move || done.send(read())).unwrap();
    result.recv_timeout(deadline()).expect("it comes to its end").unwrap()
}

impl Drop for Piped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_end_of_the_input_is_a_half_close() {
    let server = solution("05_command_chat");
    let mut client =
        Piped::start(server.port(), Stdio::piped(), Stdio::piped());
    client.0.stdin.take().unwrap().write_all(b"WHO").unwrap();
    let said = String::from_utf8(client.output()).unwrap();
    assert!(said.starts_with("[server] ::ffff:127.0.0.1:"), "{said}");
    assert_eq!(client.expect_exit().code(), Some(0));
    assert_eq!(client.errors(), "");
}

#[test]
fn much_goes_both_ways_at_once_untouched() {
    let server = solution("03_select_echo");
    let mut client =
        Piped::start(server.port(), Stdio::piped(), Stdio::piped());
    // All bytes, and no period that is one of a buffer.
    let sent: Vec<u8> = (0..6_000_000_u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let mut input = client.0.stdin.take().unwrap();
    let to_send = sent.clone();
    thread::Builder::new().spawn(move || input.write_all(&to_send)).unwrap();
    let got = client.output();
    assert!(got == sent, "{} bytes of {}", got.len(), sent.len());
    assert_eq!(client.expect_exit().code(), Some(0));
}

#[test]
fn the_server_may_speak_after_the_end_of_the_input() {
    let server = Played::new();
    let mut client = Piped::start(server.port(), Stdio::null(), Stdio::piped());
    let mut peer = server.accept();
    assert_eq!(peer.all(), b"");
    peer.send(b"\x1b[2J\0late\xff");
    drop(peer);
    assert_eq!(client.output(), b"\x1b[2J\0late\xff");
    assert_eq!(client.expect_exit().code(), Some(0));
}

#[test]
fn the_servers_end_is_the_clients() {
    let server = Played::new();
    let mut client =
        Piped::start(server.port(), Stdio::piped(), Stdio::piped());
    let mut peer = server.accept();
    peer.send("bye");
    drop(peer);
    assert_eq!(client.expect_exit().code(), Some(0));
    assert_eq!(client.output(), b"bye");
}

#[test]
fn a_reset_is_an_error() {
    let server = Played::new();
    let mut client =
        Piped::start(server.port(), Stdio::piped(), Stdio::piped());
    server.accept().reset();
    assert_eq!(client.expect_exit().code(), Some(1));
    let complaint = "client: the connection is broken: the server reset it\n";
    assert_eq!(client.errors(), complaint);
}

#[test]
fn an_output_that_nobody_reads_ends_it_in_peace() {
    let server = Played::new();
    let mut client =
        Piped::start(server.port(), Stdio::piped(), Stdio::piped());
    let mut peer = server.accept();
    drop(client.0.stdout.take());
    peer.send("hello");
    assert_eq!(client.expect_exit().code(), Some(0));
    assert_eq!(client.errors(), "");
}

#[test]
fn an_output_that_is_full_is_an_error() {
    let Ok(full) = File::options().write(true).open("/dev/full") else {
        return eprintln_skipped("no /dev/full");
    };
    let server = Played::new();
    let mut client = Piped::start(server.port(), Stdio::piped(), full.into());
    server.accept().send("hello");
    assert_eq!(client.expect_exit().code(), Some(1));
    let complaint = client.errors();
    assert!(complaint.contains("can't be written"), "{complaint}");
}

fn eprintln_skipped(why: &str) {
    let _ = writeln!(io::stderr(), "skipped: {why}");
}

#[test]
fn closed_descriptors_are_an_end_and_nothing_else() {
    let server = Played::new();
    let mut child = Command::new("sh");
    let line = "exec \"$0\" 127.0.0.1 \"$1\" <&- >&-";
    let child = child
        .args(["-c", line, env!("CARGO_BIN_EXE_client")])
        .arg(server.port().to_string())
        .stderr(Stdio::piped())
        .spawn();
    let mut client = Piped(child.unwrap());
    let mut peer = server.accept();
    assert_eq!(peer.all(), b"");
    peer.send("into the void");
    drop(peer);
    assert_eq!(client.expect_exit().code(), Some(0));
    assert_eq!(client.errors(), "");
}

#[test]
fn an_input_that_cannot_be_read_is_told_at_the_end() {
    let server = Played::new();
    let folder = File::open("/").unwrap();
    let mut client = Piped::start(server.port(), folder.into(), Stdio::piped());
    let mut peer = server.accept();
    assert_eq!(peer.all(), b"");
    peer.send("answer");
    drop(peer);
    assert_eq!(client.expect_exit().code(), Some(1));
    let complaint = client.errors();
    assert!(complaint.contains("the input can't be read"), "{complaint}");
}

#[test]
fn an_input_that_does_not_block_is_waited_for() {
    let server = Played::new();
    let (mut ours, theirs) = UnixStream::pair().unwrap();
    theirs.set_nonblocking(true).unwrap();
    let theirs = Stdio::from(OwnedFd::from(theirs));
    let mut client = Piped::start(server.port(), theirs, Stdio::piped());
    let mut peer = server.accept();
    peer.send("ready");
    let mut output = client.0.stdout.take().unwrap();
    within(move || output.read_exact(&mut [0; 5]));
    ours.write_all(b"WHO\n").unwrap();
    peer.expect("WHO\n");
    drop(ours);
    peer.expect_end();
    drop(peer);
    assert_eq!(client.expect_exit().code(), Some(0));
}
