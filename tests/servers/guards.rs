//! The harness ends what it starts, whatever happens to the test.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use lab::{Client, Server, is_alive, is_observable, until};

use crate::steps::{self, skip};

/// Waits until none of these processes is left.
#[track_caller]
fn are_gone(pids: &[u32]) {
    let gone = until(|| pids.iter().all(|&pid| !is_alive(pid)).then_some(()));
    assert!(gone.is_some(), "{pids:?} are still there");
}

/// A server that leaves processes of its own behind it, deaf to polite signals.
fn with_children() -> Server {
    let script = "trap '' INT TERM; sleep 1000 & sleep 1000 & \"$@\"";
    steps::select_echo().shell(script).start()
}

#[test]
fn a_dropped_server_takes_its_children_with_it() {
    if !is_observable() {
        return skip("this system has no /proc");
    }
    let server = with_children();
    let pids = server.processes();
    assert_eq!(pids.len(), 4, "two shells' children, the shell, the server");
    drop(server);
    are_gone(&pids);
}

/// Set in a copy of this test, which is then killed.
const VICTIM: &str = "CAUSETTE_TEST_VICTIM";

#[test]
fn a_killed_test_leaves_nothing_behind() {
    use std::io::Write;
    if env::var_os(VICTIM).is_some() {
        let server = with_children();
        let pids: Vec<String> =
            server.processes().iter().map(u32::to_string).collect();
        let _ = writeln!(std::io::stdout(), "\nprocesses {}", pids.join(" "));
        // Until it's killed; at the latest until the deadline.
        let _ = until(|| None::<()>);
        return;
    }
    if !is_observable() {
        return skip("this system has no /proc");
    }
    let name = "guards::a_killed_test_leaves_nothing_behind";
    let myself = env::current_exe().unwrap();
    let mut copy = Command::new(myself);
    copy.args([name, "--exact", "--nocapture"]).env(VICTIM, "yes");
    let mut copy = copy.stdout(Stdio::piped()).spawn().unwrap();
    let stdout = BufReader::new(copy.stdout.take().unwrap());
    let lines = stdout.lines().map_while(Result::ok);
    let said = lines
        .into_iter()
        .find_map(|line| line.strip_prefix("processes ").map(String::from));
    let said = said.unwrap_or_default();
    let pids: Vec<u32> =
        said.split(' ').filter_map(|pid| pid.parse().ok()).collect();
    assert_eq!(pids.len(), 4, "{said}");
    copy.kill().unwrap();
    copy.wait().unwrap();
    are_gone(&pids);
}

#[test]
fn a_server_that_floods_its_output_costs_a_mebibyte() {
    let server = steps::select_echo()
        .shell("yes | head -c 50000000; exec \"$@\"")
        .start();
    assert_eq!(server.log().text().len(), 1 << 20);
    let mut client = Client::connect(&server);
    client.send("salut\n");
    client.expect("salut\n");
}

#[test]
fn a_server_that_ends_says_what_it_said() {
    let program = steps::select_echo()
        .shell("(sleep 0.3; echo out) & echo err >&2; exit 3");
    let Err(reason) =
        Server::start_on(&program, lab::free_port(), lab::deadline())
    else {
        panic!("it ends at once");
    };
    let reason = reason.to_string();
    assert!(reason.contains("exit status Some(3)"), "{reason}");
    assert!(reason.contains("out\n") && reason.contains("err\n"), "{reason}");
}

/// A server is asked for by its own listening socket, not by whoever has the port.
#[test]
fn somebody_elses_listener_is_not_the_servers() {
    let first = steps::select_echo().start();
    let Err(reason) =
        Server::start_on(&steps::select_echo(), first.port(), lab::deadline())
    else {
        panic!("the port is taken");
    };
    let reason = reason.to_string();
    assert!(reason.contains("is in use"), "{reason}");
}

/// In a session of its own it's out of reach of a signal to the group.
#[test]
fn a_process_that_went_away_is_found() {
    if !is_observable() {
        return skip("this system has no /proc");
    }
    // Known by how long it sleeps: other tests may run beside this one.
    let seconds = 100_000 + std::process::id();
    let script = format!("setsid sleep {seconds} & exec \"$@\"");
    let program = steps::select_echo().shell(&script);
    let its_line = format!("sleep\0{seconds}\0").into_bytes();
    let server = program.start();
    let sleeper = || {
        let entries = std::fs::read_dir("/proc").ok()?.flatten();
        let mut pids = entries.filter_map(|entry| {
            entry.file_name().to_str()?.parse::<u32>().ok()
        });
        pids.find(|pid| {
            let line = std::fs::read(format!("/proc/{pid}/cmdline"));
            line.is_ok_and(|line| line == its_line)
        })
    };
    let Some(pid) = until(sleeper) else { panic!("nobody sleeps") };
    assert!(!server.processes().contains(&pid), "it's still in the group");
    drop(server);
    are_gone(&[pid]);
}
