//! What was typed before comes back.

use std::fs;

use nix::sys::signal::Signal;

use crate::server::Played;
use crate::terminal::{Setup, Terminal};

const UP: &str = "\x1b[A";

fn start(server: &Played, folder: &std::path::Path) -> Terminal {
    Setup::new().state(folder).start(server.port()).ready()
}

#[test]
fn lines_of_earlier_runs_come_back_however_those_ended() {
    let (server, folder) = (Played::new(), tempfile::tempdir().unwrap());
    for (line, signal) in
        [("NICK alice", Signal::SIGKILL), ("WHO", Signal::SIGTERM)]
    {
        let terminal = start(&server, folder.path());
        let mut peer = server.accept();
        terminal.keys(format!("{line}\r"));
        peer.expect(&format!("{line}\n"));
        terminal.signal(signal);
    }
    let terminal = start(&server, folder.path());
    terminal.keys(UP);
    terminal.expect(&["> WHO"]);
    terminal.keys(UP);
    terminal.expect(&["> NICK alice"]);
}

#[test]
fn two_at_once_lose_nothing_of_each_other() {
    let (server, folder) = (Played::new(), tempfile::tempdir().unwrap());
    let terminals = [(); 2].map(|()| start(&server, folder.path()));
    let mut peers = [(); 2].map(|()| server.accept());
    for i in 0..20 {
        for (n, terminal) in terminals.iter().enumerate() {
            terminal.keys(format!("MSG {n}-{i}\r"));
        }
    }
    for (n, peer) in peers.iter_mut().enumerate() {
        (0..20).for_each(|i| peer.expect(&format!("MSG {n}-{i}\n")));
    }
    drop(terminals);
    let file = folder.path().join("causette/history");
    let kept = fs::read_to_string(file).unwrap();
    for n in 0..2 {
        for i in 0..20 {
            let line = format!("MSG {n}-{i}");
            assert!(kept.lines().any(|kept| kept == line), "{line}: {kept}");
        }
    }
}

#[test]
fn a_password_is_sent_and_not_kept() {
    let (server, folder) = (Played::new(), tempfile::tempdir().unwrap());
    let terminal = start(&server, folder.path());
    let mut peer = server.accept();
    terminal.keys("ADMIN sesame\rWHO\r");
    peer.expect("ADMIN sesame\nWHO\n");
    let file = folder.path().join("causette/history");
    assert_eq!(fs::read_to_string(file).unwrap(), "WHO\n");
}

#[test]
fn without_a_place_to_keep_it_the_client_works_and_says_so() {
    let (server, folder) = (Played::new(), tempfile::tempdir().unwrap());
    fs::write(folder.path().join("causette"), "a file").unwrap();
    let terminal = start(&server, folder.path());
    let mut peer = server.accept();
    let shown = terminal.shown().rows.join(" ");
    assert!(shown.contains("won't be remembered"), "{shown}");
    terminal.keys("WHO\r");
    peer.expect("WHO\n");
}
