//! What a server meets in the world: clients that vanish, bytes that are no text.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::broadcast::gather;
use super::commands::{self, named};
use super::stage::{Event, Heard, Stage};
use super::{Check, Level, Outcome, Text, Trouble, complaint, failed, shown};
use crate::client;
use crate::course::Step;
use crate::port::Family;
use crate::program::{Program, raise_descriptor_limit};

pub(super) fn checks(step: Step) -> Vec<Check> {
    let solid = |id, play| Check { id, level: Level::Solid, play };
    let mut checks = vec![solid("reset", reset)];
    if step <= Step::SelectEcho {
        checks.push(solid("not-text-echo", not_text_echo));
    } else {
        checks.push(solid("dead-listener", dead_listener));
    }
    if step == Step::SelectEcho {
        checks.push(solid("late", late));
    }
    if step == Step::CommandChat {
        checks.extend([
            solid("not-text", not_text),
            solid("cut-character", cut_character),
            solid("same-nick", same_nick),
            solid("empty-nick", empty_nick),
            solid("reset-named", reset_named),
        ]);
    }
    if step >= Step::ThreadEcho {
        checks.push(solid("no-descriptor", no_descriptor));
        // In a chat each of a thousand is told of each other: that takes seconds, and
        // it's their descriptors that matter.
        checks.push(match step {
            Step::CommandChat | Step::Channels => {
                solid("high-descriptors", high_descriptors)
            }
            _ => solid("thousand", thousand),
        });
        if step == Step::CommandChat {
            checks.push(solid("last-line", last_line));
        }
        // The last: the lab's own design fails it.
        checks.push(solid("slow", slow));
    }
    checks
}

/// Is the server still of use to newcomers?
fn serves(stage: &mut Stage, step: Step, mistake: &'static str) -> Outcome {
    let expected = Text::new("expected-serve");
    let (speaker, listener) = match (stage.connect(), stage.connect()) {
        (Some(speaker), Some(listener)) => (speaker, listener),
        _ => return failed(mistake, expected, Text::new("saw-refused")),
    };
    if step <= Step::SelectEcho {
        stage.close(listener);
        let token = stage.token() + "\n";
        stage.send(speaker, &token);
        return match stage.hear(speaker, &token) {
            Heard::Yes => Ok(()),
            heard => failed(mistake, expected, stage.instead(heard, speaker)),
        };
    }
    stage.calm();
    stage.skip(listener);
    let (token, channel) = (stage.token(), stage.token());
    if step == Step::Channels {
        for client in [listener, speaker] {
            stage.send(client, format!("JOIN {channel}\n"));
            stage.calm();
        }
    }
    stage.send(speaker, message(step, &channel, &token));
    match stage.wait_for(listener, &token) {
        Heard::Yes => Ok(()),
        heard => failed(mistake, expected, stage.instead(heard, listener)),
    }
}

/// How a client of this chat says it.
fn message(step: Step, channel: &str, words: &str) -> String {
    match step {
        Step::CommandChat => format!("MSG {words}\n"),
        Step::Channels => format!("MSG {channel} {words}\n"),
        _ => format!("{words}\n"),
    }
}

fn reset(stage: &mut Stage, step: Step) -> Outcome {
    for words in ["", "MSG hello\n"] {
        let Some(client) = stage.connect() else { break };
        stage.calm();
        stage.send(client, words);
        stage.reset(client);
        stage.calm();
        if stage.death().is_some() {
            break;
        }
    }
    let mistake = match stage.death() {
        Some(death) if death.asked_a_vanished_client() => "05l",
        _ => "01j",
    };
    serves(stage, step, mistake)?;
    if complaint(&stage.server.errors().text()).is_some() {
        let saw = Text::new("saw-panic");
        return failed("02d", Text::new("expected-no-death"), saw);
    }
    Ok(())
}

fn not_text_echo(stage: &mut Stage, step: Step) -> Outcome {
    let client = stage.enter()?;
    let bytes = b"\xff\xfe\x00\xc3\n";
    stage.send(client, bytes);
    let heard = stage.hear(client, bytes);
    if heard != Heard::Yes {
        let expected = Text::new("expected-echo").with("bytes", shown(bytes));
        return failed("01k", expected, stage.instead(heard, client));
    }
    stage.close(client);
    serves(stage, step, "01k")
}

/// Those to whom it writes are gone, and it doesn't know yet. Two messages: the
/// second write to a connection that was reset is the one that brings SIGPIPE.
fn dead_listener(stage: &mut Stage, step: Step) -> Outcome {
    let clients = gather(stage, 5)?;
    let [one, two, dead, also_dead, last] = clients[..] else {
        return Ok(());
    };
    let channel = stage.token();
    if step == Step::Channels {
        for &client in &clients {
            stage.send(client, format!("JOIN {channel}\n"));
            stage.calm();
        }
    }
    let tokens = [stage.token(), stage.token()];
    stage.while_stopped(|stage| {
        stage.reset(dead);
        stage.reset(also_dead);
        for (client, token) in [one, two].into_iter().zip(&tokens) {
            stage.send(client, message(step, &channel, token));
        }
    });
    for token in &tokens {
        let heard = stage.wait_for(last, token);
        if heard != Heard::Yes {
            return failed(
                "04c",
                Text::new("expected-heard")
                    .with("client", last)
                    .with("bytes", token),
                stage.instead(heard, last),
            );
        }
    }
    serves(stage, step, "04c")
}

fn not_text(stage: &mut Stage, step: Step) -> Outcome {
    let clients = gather(stage, 2)?;
    stage.send(clients[0], b"MSG \xff\xfe\n");
    stage.calm();
    serves(stage, step, "01k")?;
    // Nor is its sender cut off.
    commands::still_talk(stage, clients[0], clients[1], "01k")
}

/// `printf 'WHO' | nc -N`: a last line may lack its newline.
fn last_line(stage: &mut Stage, _: Step) -> Outcome {
    let client = gather(stage, 1)?[0];
    let port = format!(":{}", stage.port_of(client));
    stage.send(client, "WHO");
    stage.half_close(client);
    commands::must(stage, client, &[&port], "05p-last")
}

fn cut_character(stage: &mut Stage, _: Step) -> Outcome {
    let clients = gather(stage, 2)?;
    let token = stage.token() + "é";
    let line = format!("MSG {token}\n");
    let cut = line.len() - 2;
    stage.send(clients[0], &line.as_bytes()[..cut]);
    stage.calm();
    stage.send(clients[0], &line.as_bytes()[cut..]);
    match stage.wait_for(clients[1], &token) {
        Heard::Yes => Ok(()),
        heard => failed(
            "05f",
            Text::new("expected-heard")
                .with("client", clients[1])
                .with("bytes", &token),
            stage.instead(heard, clients[1]),
        ),
    }
}

fn same_nick(stage: &mut Stage, _: Step) -> Outcome {
    let clients = named(stage, 2)?;
    stage.send(clients[1].0, format!("NICK {}\n", clients[0].1));
    stage.calm();
    stage.skip(clients[0].0);
    stage.send(clients[0].0, "WHO\n");
    stage.calm();
    let text = String::from_utf8_lossy(stage.unread(clients[0].0)).into_owned();
    if text.matches(clients[0].1.as_str()).count() < 2 {
        return Ok(());
    }
    stage.miss(clients[0].0);
    let saw = Text::new("saw-bytes").with("bytes", shown(text.as_bytes()));
    failed("05j", Text::new("expected-once").with("bytes", &clients[0].1), saw)
}

/// NICK without a name leaves the one there was.
fn empty_nick(stage: &mut Stage, _: Step) -> Outcome {
    let clients = named(stage, 2)?;
    let ((client, nick), listener) = (&clients[0], clients[1].0);
    for empty in ["NICK\n", "NICK \n"] {
        stage.send(*client, empty);
        stage.calm();
        stage.skip(listener);
        let token = stage.token();
        stage.send(*client, format!("MSG {token}\n"));
        let words = [nick.as_str(), &token];
        commands::must_in_one(stage, listener, &words, &token, "05j-empty")?;
    }
    Ok(())
}

/// The address of a client that has vanished can't be asked for any more.
fn reset_named(stage: &mut Stage, step: Step) -> Outcome {
    let clients = gather(stage, 2)?;
    stage.reset(clients[1]);
    stage.calm();
    let mistake = match stage.death() {
        Some(death) if death.asked_a_vanished_client() => "05l",
        _ => "01j",
    };
    serves(stage, step, mistake)?;
    if stage.calm() {
        return Ok(());
    }
    failed("03a", Text::new("expected-sleep"), Text::new("saw-busy"))
}

/// One client doesn't read, and the others go on all the same.
fn slow(stage: &mut Stage, step: Step) -> Outcome {
    /// Beyond what the sockets of both sides hold.
    const ENOUGH: usize = 8 << 20;
    let address = Family::V4.loopback(stage.server.port());
    let Ok(mut slow) =
        client::open(address, Some(4096), Duration::from_secs(3))
    else {
        return failed(
            "no-accept",
            Text::new("expected-connect"),
            Text::new("saw-refused"),
        );
    };
    let clients = gather(stage, 2)?;
    let (channel, token) = (stage.token(), stage.token());
    if step >= Step::BroadcastChat {
        stage.note(Event::Deaf(0));
    }
    let line = match step {
        Step::ThreadEcho | Step::SelectEcho => {
            // It's its own echo that it doesn't read.
            let sent = fill(stage, &mut slow, &vec![b'x'; ENOUGH]);
            stage.note(Event::Deaf(sent));
            return serves(stage, step, "04e-echo");
        }
        Step::Channels => {
            let join = format!("JOIN {channel}\n");
            let _ = slow.write_all(join.as_bytes());
            stage.calm();
            for &client in &clients {
                stage.send(client, &join);
                stage.calm();
            }
            message(step, &channel, &"x".repeat(1000))
        }
        _ => message(step, &channel, &"x".repeat(1000)),
    };
    let lines = line.repeat(64);
    for _ in 0..ENOUGH / lines.len() {
        if !stage.send(clients[0], &lines) {
            break;
        }
        stage.forget(clients[1]);
    }
    let last = line.replace("xxx\n", &format!("{token}\n"));
    stage.send(clients[0], last);
    match stage.wait_for(clients[1], &token) {
        Heard::Yes => Ok(()),
        heard => {
            // What came before is no news.
            stage.forget(clients[1]);
            failed(
                "04e",
                Text::new("expected-heard")
                    .with("client", clients[1])
                    .with("bytes", &token),
                stage.instead(heard, clients[1]),
            )
        }
    }
}

/// Sends these bytes until nobody takes any more of them, and reads nothing. Says how
/// many went.
fn fill(stage: &mut Stage, socket: &mut TcpStream, bytes: &[u8]) -> usize {
    let _ = socket.set_nonblocking(true);
    let mut sent = 0;
    loop {
        let before = sent;
        while let Ok(n @ 1..) = socket.write(&bytes[sent..]) {
            sent += n;
        }
        stage.calm();
        if sent == before || sent == bytes.len() {
            return sent;
        }
    }
}

/// One client first speaks, and then reads: what it couldn't take at once is still
/// owed to it.
fn late(stage: &mut Stage, _: Step) -> Outcome {
    /// Beyond what the sockets of both sides hold, and a queue.
    const ENOUGH: usize = 10_000_000;
    let address = Family::V4.loopback(stage.server.port());
    let Ok(mut late) = client::open(address, None, Duration::from_secs(3))
    else {
        return failed(
            "no-accept",
            Text::new("expected-connect"),
            Text::new("saw-refused"),
        );
    };
    // Each piece is another one.
    let numbers = (0..).flat_map(|n: u32| format!("{n:07}\n").into_bytes());
    let mut owed: Vec<u8> = numbers.take(ENOUGH).collect();
    owed.truncate(fill(stage, &mut late, &owed));
    stage.note(Event::Deaf(owed.len()));
    let (mut come, mut buffer) = (0, [0; 64 << 10]);
    while come < owed.len() {
        let mut news = None;
        let heard = stage.wait(|_| {
            news = match late.read(&mut buffer) {
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::WouldBlock | ErrorKind::Interrupted
                    ) =>
                {
                    None
                }
                read => Some(read),
            };
            news.is_some()
        });
        let saw = match (news, heard) {
            (Some(Ok(0)), _) => "saw-late-end",
            (Some(Ok(n)), _) if owed[come..].starts_with(&buffer[..n]) => {
                come += n;
                continue;
            }
            (Some(Ok(_)), _) => "saw-late-others",
            (Some(Err(_)), _) => "saw-late-reset",
            (None, Heard::Busy) => "saw-late-busy",
            (None, _) => "saw-late-nothing",
        };
        let expected =
            Text::new("expected-late").with("size", owed.len() / 1000);
        return failed(
            "03-late",
            expected,
            Text::new(saw).with("size", come / 1000),
        );
    }
    Ok(())
}

/// No descriptor is left for a newcomer.
fn no_descriptor(stage: &mut Stage, step: Step) -> Outcome {
    /// Enough for a runtime to start with, and for few clients.
    const FEW: usize = 24;
    let expected = Text::new("expected-serve");
    let mistake = if step.has_threads() { "03i-thread" } else { "03i" };
    let program = stage.server.program().clone().descriptors(FEW);
    if stage.change(&program).is_err() {
        return Err(Trouble::NotObserved(Text::new("why-no-limit")));
    }
    stage.note(Event::Limit(FEW));
    let address = Family::V4.loopback(stage.server.port());
    let connect = |_| client::open(address, None, Duration::from_secs(3)).ok();
    let crowd: Vec<_> = (0..40).filter_map(connect).collect();
    stage.note(Event::Crowd(40));
    let sleeps = stage.calm();
    if let Some(death) = stage.death() {
        return failed(mistake, expected, death.saw());
    }
    if !sleeps {
        return failed(
            mistake,
            Text::new("expected-sleep"),
            Text::new("saw-busy"),
        );
    }
    drop(crowd);
    stage.calm();
    serves(stage, step, mistake)
}

/// More clients than `select` can watch.
fn thousand(stage: &mut Stage, step: Step) -> Outcome {
    let program = stage.server.program().clone().descriptors(4096);
    crowd(stage, &program, step, 1100)
}

/// The same with fewer clients: most descriptors are taken before the server starts.
fn high_descriptors(stage: &mut Stage, step: Step) -> Outcome {
    let program = stage.server.program().clone().descriptors(4096);
    match program.with_open_descriptors(960) {
        Some(program) => crowd(stage, &program, step, 100),
        None => crowd(stage, &program, step, 1100),
    }
}

/// So many clients come, stay for a moment, and leave; then a newcomer is served.
fn crowd(
    stage: &mut Stage,
    program: &Program,
    step: Step,
    count: usize,
) -> Outcome {
    if let Err(why) = raise_descriptor_limit(8192) {
        return Err(Trouble::NotObserved(
            Text::new("why-limit").with("error", &why),
        ));
    }
    if stage.change(program).is_err() {
        return Err(Trouble::NotObserved(Text::new("why-no-limit")));
    }
    let address = Family::V4.loopback(stage.server.port());
    let start = Instant::now();
    let mut crowd = Vec::new();
    while crowd.len() < count && start.elapsed() < Duration::from_secs(8) {
        crowd.extend(client::open(address, None, Duration::from_secs(2)));
        if !stage.server.is_running() {
            break;
        }
    }
    stage.note(Event::Crowd(count));
    calm_at_last(stage);
    if let Some(death) = stage.death() {
        return failed(crowded(step), Text::new("expected-serve"), death.saw());
    }
    if crowd.len() < count {
        return Err(Trouble::NotObserved(Text::new("why-slow-accept")));
    }
    drop(crowd);
    calm_at_last(stage);
    serves(stage, step, crowded(step))
}

/// What a thousand clients are too much for: a set of `select`, or threads.
fn crowded(step: Step) -> &'static str {
    if step.has_threads() { "02-crowd" } else { "03h" }
}

/// A chat tells each of a thousand clients of each other: it may work for seconds.
fn calm_at_last(stage: &mut Stage) {
    for _ in 0..30 {
        if stage.calm() {
            return;
        }
    }
}
