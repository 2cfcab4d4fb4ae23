//! `NAME [PORT]`: what is said, in which language, with which exit status.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use lab::{Client, Family, Program, Server, can_inject, free_port};
use nix::sys::signal::Signal;

use crate::on;
use crate::steps::{self, skip};

/// What a program that ends at once has to say.
struct Said {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

#[track_caller]
fn run(program: &Program, arguments: &[&OsStr]) -> Said {
    // None of these calls may serve: timeout ends one that does, with status 124.
    let command = program.command(arguments);
    let output = Command::new("timeout")
        .arg("20")
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(
            command.get_envs().filter_map(|(name, value)| Some((name, value?))),
        )
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("timeout can't start: {error}"));
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Said {
        status: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

fn french(program: Program) -> Program {
    program.env("LC_ALL", "fr_FR.UTF-8")
}

#[test]
fn help_is_there_in_both_languages() {
    for program in steps::all() {
        for flag in ["--help", "-h"] {
            let said = run(&program, &[OsStr::new(flag)]);
            assert_eq!((said.status, said.stderr.as_str()), (Some(0), ""));
            assert!(said.stdout.contains("Usage: "), "{}", said.stdout);
            assert!(
                said.stdout.contains("nc localhost PORT"),
                "{}",
                said.stdout
            );
            let dit = run(&french(program.clone()), &[OsStr::new(flag)]);
            assert_eq!((dit.status, dit.stderr.as_str()), (Some(0), ""));
            assert!(
                dit.stdout.contains("Utilisation\u{a0}: "),
                "{}",
                dit.stdout
            );
            assert!(dit.stdout.contains("nc localhost PORT"), "{}", dit.stdout);
            assert_eq!(said.stdout.lines().count(), dit.stdout.lines().count());
        }
    }
}

#[test]
fn a_command_line_that_makes_no_sense_is_refused() {
    let broken = [OsStr::from_bytes(b"77\xff77")];
    let wrong: [&[&OsStr]; 12] = [
        &[OsStr::new("abc")],
        &[OsStr::new("65536")],
        &[OsStr::new("-1")],
        &[OsStr::new("+7777")],
        &[OsStr::new("")],
        &[OsStr::new(" 7777")],
        &[OsStr::new("7777 ")],
        &[OsStr::new("7777"), OsStr::new("7778")],
        &[OsStr::new("--port")],
        &[OsStr::new("--help=yes")],
        &[OsStr::new("7777"), OsStr::new("--verbose")],
        &broken,
    ];
    for program in steps::all() {
        for arguments in wrong {
            for program in [program.clone(), french(program.clone())] {
                let said = run(&program, arguments);
                assert_eq!(
                    said.status,
                    Some(2),
                    "{arguments:?}: {}",
                    said.stderr
                );
                assert_eq!(said.stdout, "", "{arguments:?}");
                // The fault, and where to find help.
                assert_eq!(said.stderr.lines().count(), 2, "{}", said.stderr);
                assert!(said.stderr.contains("--help"), "{}", said.stderr);
                assert!(!said.stderr.contains("panicked"), "{}", said.stderr);
            }
        }
    }
}

#[test]
fn only_the_chats_with_kill_have_an_administrator() {
    let password = ["--admin", "sesame"].map(OsStr::new);
    for program in [
        steps::blocking_echo(),
        steps::thread_echo(),
        steps::select_echo(),
        steps::broadcast_chat(),
        steps::thread_chat(),
    ] {
        assert_eq!(run(&program, &password).status, Some(2));
    }
    for program in &[steps::command_chat(), steps::channels()] {
        let help = run(program, &[OsStr::new("--help")]).stdout;
        assert!(help.contains("--admin PASSWORD"), "{help}");
        for wrong in [
            &["--admin"][..],
            &["--admin", ""],
            &["--admin", "a b"],
            &["--admin", "--help"],
        ] {
            let arguments: Vec<&OsStr> = wrong.iter().map(OsStr::new).collect();
            let said = run(program, &arguments);
            assert_eq!(said.status, Some(2), "{wrong:?}");
            assert!(
                said.stderr.contains("--admin needs a password"),
                "{}",
                said.stderr
            );
        }
    }
}

#[test]
fn the_first_variable_that_is_set_decides_the_language() {
    let is_french = |variables: [(&str, &str); 3]| {
        let program = variables
            .into_iter()
            .fold(steps::select_echo(), |program, (name, value)| {
                program.env(name, value)
            });
        let help = run(&program, &[OsStr::new("--help")]).stdout;
        help.contains("Utilisation")
    };
    let set = |all, messages, lang| {
        [("LC_ALL", all), ("LC_MESSAGES", messages), ("LANG", lang)]
    };
    assert!(is_french(set("fr_FR.UTF-8", "en_US.UTF-8", "en_US.UTF-8")));
    assert!(!is_french(set("C", "fr_FR.UTF-8", "fr_FR.UTF-8")));
    assert!(is_french(set("", "fr_CA", "en_US.UTF-8")));
    assert!(!is_french(set("", "en_GB", "fr_FR.UTF-8")));
    assert!(is_french(set("", "", "fr")));
    assert!(!is_french(set("", "", "")));
}

fn a_port_that_is_taken_is_said(program: &Program) {
    let server = program.start();
    let port = server.port().to_string();
    let said = run(program, &[OsStr::new(&port)]);
    assert_eq!(said.status, Some(1), "{}", said.stderr);
    assert!(
        said.stderr.contains(&format!("port {port} is in use")),
        "{}",
        said.stderr
    );
    let dit = run(&french(program.clone()), &[OsStr::new(&port)]);
    assert_eq!(dit.status, Some(1));
    assert!(
        dit.stderr.contains(&format!("port {port} est déjà utilisé")),
        "{}",
        dit.stderr
    );
}
on!(a_port_that_is_taken_is_said: blocking_echo thread_echo channels);

fn a_port_that_is_not_permitted_is_said(program: &Program) {
    if let Err(why) = can_inject() {
        return skip(&why);
    }
    let port = free_port().to_string();
    let refused = program.clone().inject("bind:error=EACCES");
    let said = run(&refused, &[OsStr::new(&port)]);
    assert_eq!(said.status, Some(1), "{}", said.stderr);
    assert!(
        said.stderr.contains("not allowed to listen on port"),
        "{}",
        said.stderr
    );
    let dit = run(&french(refused), &[OsStr::new(&port)]);
    assert!(dit.stderr.contains("pas le droit d'écouter"), "{}", dit.stderr);
}
on!(a_port_that_is_not_permitted_is_said: blocking_echo select_echo);

#[test]
fn port_0_is_any_free_port() {
    // The guard looks for a listener on a port that it knows, so not by `start`.
    let program = steps::select_echo();
    let mut child = program.command(&[OsStr::new("0")]).spawn().unwrap();
    let stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    let line = std::io::BufRead::lines(stdout).next().unwrap().unwrap();
    let port = line.rsplit(' ').next().unwrap().parse::<u16>().unwrap();
    let connected = std::net::TcpStream::connect(Family::V4.loopback(port));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(connected.is_ok(), "{line}");
}

/// What each server logs for one client, the first line to last.
fn the_log_tells_who_came_and_left(program: &Program) {
    let server = program.start();
    let port = server.port();
    let start = format!("listening on port {port}; try: nc localhost {port}");
    let mut expected = vec![start];
    for family in [Family::V4, Family::V6] {
        let client = Client::connect_by(&server, family);
        let name = client.name();
        drop(client);
        expected.push(format!("client connected \"{name}\""));
        expected.push(format!("client disconnected \"{name}\""));
        server.log().expect_line(&format!("client disconnected \"{name}\""));
    }
    let log = server.log().text();
    assert_eq!(log.lines().collect::<Vec<_>>(), expected);
    assert!(expected[1].starts_with("client connected \"::ffff:127.0.0.1:"));
    assert!(expected[3].starts_with("client connected \"::1:"));
}
on!(the_log_tells_who_came_and_left:
    blocking_echo thread_echo select_echo broadcast_chat command_chat channels
    thread_chat);

/// With a log that nobody can read a server goes on, for all who come and leave.
fn a_closed_stdout_stops_nobody(program: &Program) {
    for closing in ["exec \"$@\" >&-", "exec \"$@\" | true"] {
        let mut server = program.clone().shell(closing).start();
        for _ in 0..3 {
            crate::faults::serves(&server, program);
        }
        assert!(server.is_running(), "{closing}");
    }
}
on!(a_closed_stdout_stops_nobody:
    blocking_echo thread_echo select_echo broadcast_chat command_chat channels
    thread_chat);

fn ctrl_c_ends_it_and_frees_its_port(program: &Program) {
    let mut server = program.start();
    let mut client = Client::connect(&server);
    let connected = format!("client connected \"{}\"", client.name());
    server.log().expect_line(&connected);
    // The server is the one that closes: its side of the connection stays for a
    // while, and holds the port but for SO_REUSEADDR.
    server.signal(Signal::SIGINT);
    assert_eq!(server.expect_exit().signal(), Some(Signal::SIGINT as i32));
    client.expect_cut();
    let again = Server::start_on(program, server.port(), lab::deadline());
    let again = again.unwrap_or_else(|reason| panic!("{reason}"));
    drop(Client::connect(&again));
}
on!(ctrl_c_ends_it_and_frees_its_port:
    blocking_echo thread_echo select_echo broadcast_chat command_chat channels
    thread_chat);

fn a_host_without_ipv6_gets_ipv4(program: &Program) {
    if let Err(why) = can_inject() {
        return skip(&why);
    }
    let server =
        program.clone().inject("socket:error=EAFNOSUPPORT:when=1").start();
    server.log().expect_line("this host has no IPv6: IPv4 clients only");
    let client = Client::connect(&server);
    let name = client.name().replace("::ffff:", "");
    server.log().expect_line(&format!("client connected \"{name}\""));
}
on!(a_host_without_ipv6_gets_ipv4: blocking_echo thread_echo channels);
