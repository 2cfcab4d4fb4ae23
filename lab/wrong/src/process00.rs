//! Programs that are no servers at all, and right ones that misbehave as
//! processes. Their mistakes are about the start; those marked `-`
//! are right echo servers of step 01 that a checker must bear.

use std::env;
use std::io::{self, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio, exit};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{SigSet, Signal};
use nix::unistd::setsid;
use socket2::{Domain, Socket, Type};

use crate::echo01::{echo, one_by_one};
use crate::net::{accept, bound, listen};
use crate::{Wrong, log, wrong};

pub(crate) const SERVERS: &[Wrong] = &[
    wrong("00a_hangs", "never-listens", "never makes a socket, and waits", |_| forever()),
    wrong(
        "00a_binds_without_listen",
        "never-listens",
        "binds its port but forgets listen, and waits",
        |port| {
            let _socket = bound(([0; 16], port).into(), true)?;
            forever()
        },
    ),
    wrong(
        "00b_never_binds",
        "other-port",
        "listens without bind: the system chooses the port",
        |_| {
            let socket = Socket::new(Domain::IPV6, Type::STREAM, None)?;
            socket.listen(1024)?;
            serve(&socket.into())
        },
    ),
    wrong(
        "00b_another_port",
        "other-port",
        "ignores the port it is given for 7777 or the next free one",
        |port| {
            let mut others = (7777..).filter(|&other| other != port);
            serve(&others.find_map(|other| listen(other).ok()).unwrap())
        },
    ),
    wrong("00c_panics", "dies-at-once", "panics before it listens", |port| {
        let port = format!("[::]:{port}").parse().unwrap();
        serve(&listen(port)?)
    }),
    wrong("00d_ends", "ends-at-once", "ends at once, with status 0", |_| Ok(())),
    wrong(
        "00d_ends_after_bind",
        "ends-at-once",
        "listens, then comes to the end of main, with status 0",
        |port| listen(port).map(drop),
    ),
    wrong(
        "00e_closes_its_listener",
        "no-accept",
        "closes its listening socket once it has a first client",
        |port| {
            let (client, _) = {
                let listener = listen(port)?;
                accept(&listener)?
            };
            let _ = echo(&client);
            forever()
        },
    ),
    wrong(
        "00f_daemonizes",
        "daemonizes",
        "goes to the background, in a session of its own",
        |port| {
            // `fork` needs unsafe code: the same program again does as well.
            if env::var_os(AGAIN).is_none() {
                again("00f_daemonizes", port)?;
                return Ok(());
            }
            setsid()?;
            thread::spawn(end_in_a_minute);
            serve(&listen(port)?)
        },
    ),
    wrong("binds_late", "-", "is right, but listens after 1.5 s", |port| {
        thread::sleep(Duration::from_millis(1500));
        serve(&listen(port)?)
    }),
    wrong("floods_stdout", "-", "is right, and prints without end", |port| {
        let listener = listen(port)?;
        thread::spawn(|| while io::stdout().write_all(&[b'x'; 999]).is_ok() {});
        serve(&listener)
    }),
    wrong(
        "floods_stderr",
        "-",
        "is right, and prints lines to stderr without end",
        |port| {
            let listener = listen(port)?;
            thread::spawn(|| while writeln!(io::stderr(), "debug").is_ok() {});
            serve(&listener)
        },
    ),
    wrong(
        "prints_binary",
        "-",
        "is right, and prints bytes that are no text",
        |port| {
            let listener = listen(port)?;
            let bytes: Vec<u8> = (0..=255).collect();
            let mut stdout = io::stdout();
            for _ in 0..100 {
                let _ = stdout.write_all(&bytes);
                let _ = stdout.write_all(b"\x1b[2J\x1b]0;title\x07\xff\xfe");
            }
            let _ = stdout.flush();
            serve(&listener)
        },
    ),
    wrong(
        "leaves_a_child",
        "-",
        "is right, and starts a child that survives it and holds its pipes",
        |port| {
            let listener = listen(port)?;
            let child = Command::new("sleep").arg("60").spawn()?;
            log(&format!("child {}", child.id()));
            serve(&listener)
        },
    ),
    wrong(
        "leaves_a_session",
        "-",
        "is right, and starts a child in a session of its own that survives it",
        |port| {
            if env::var_os(AGAIN).is_some() {
                setsid()?;
                end_in_a_minute();
            }
            let listener = listen(port)?;
            log(&format!("child {}", again("leaves_a_session", port)?));
            serve(&listener)
        },
    ),
    wrong(
        "ignores_sigterm",
        "-",
        "is right, and SIGTERM, SIGINT and SIGHUP don't end it",
        |port| {
            let signals = [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP];
            SigSet::from_iter(signals).thread_block()?;
            serve(&listen(port)?)
        },
    ),
];

/// Set in the second process of those that need two.
const AGAIN: &str = "WRONG_AGAIN";

/// The same server in another process, and its id.
fn again(name: &str, port: u16) -> io::Result<u32> {
    let child = Command::new(env::current_exe()?)
        .args([name, &port.to_string()])
        .env(AGAIN, "1")
        .stdin(Stdio::null())
        .spawn()?;
    Ok(child.id())
}

/// The right server of step 01.
fn serve(listener: &TcpListener) -> io::Result<()> {
    one_by_one(listener, |client| echo(&client))
}

/// Whoever a checker can't find must not stay on the machine.
fn end_in_a_minute() {
    thread::sleep(Duration::from_secs(60));
    exit(0);
}

fn forever() -> ! {
    loop {
        thread::park();
    }
}
