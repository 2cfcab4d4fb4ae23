//! Steps 01 to 03: the same bytes come back.

use std::time::Duration;

use nix::sys::signal::Signal;

use super::stage::{Event, Heard, Stage};
use super::{Check, Level, Outcome, Play, Text, Trouble, failed, shown};
use crate::course::Step;
use crate::port::Family;
use crate::program::Program;
use crate::server::Server;

pub(super) fn checks(step: Step) -> Vec<Check> {
    let lab = |id, play| Check { id, level: Level::Lab, play };
    let mut checks = vec![
        lab("answered", answered as Play),
        lab("again", again),
        lab("same-bytes", same_bytes),
        lab("any-bytes", any_bytes),
    ];
    if step >= Step::ThreadEcho {
        checks.extend([
            lab("second", second as Play),
            lab("own-answer", own_answer),
            lab("many", many),
        ]);
    }
    checks.extend([
        lab("idle", idle as Play),
        lab("end", end as Play),
        lab("forgotten", forgotten),
        lab("next", next),
    ]);
    if step >= Step::ThreadEcho {
        checks.extend([
            lab("last", last as Play),
            lab("together", together),
            lab("nothing-left", nothing_left),
        ]);
    }
    checks.extend([lab("families", families as Play), lab("restart", restart)]);
    checks
}

fn echo_of(token: &str) -> Text {
    Text::new("expected-echo").with("bytes", shown(token.as_bytes()))
}

/// One of several clients isn't answered.
fn mute(step: Step) -> &'static str {
    match step {
        Step::BlockingEcho => "01i",
        Step::ThreadEcho => "02c",
        _ => "03c",
    }
}

/// A client says something and hears it, whatever comes with it.
fn talk(stage: &mut Stage, actor: usize) -> Result<String, (String, Heard)> {
    let token = stage.token() + "\n";
    stage.send(actor, &token);
    match stage.hear(actor, &token) {
        Heard::Yes => Ok(token),
        heard => Err((token, heard)),
    }
}

pub(super) fn answered(stage: &mut Stage, step: Step) -> Outcome {
    let client = stage.enter()?;
    let Err((token, heard)) = talk(stage, client) else { return Ok(()) };
    let (expected, saw) = (echo_of(&token), stage.instead(heard, client));
    if let Some(death) = stage.death() {
        let mistake = if death.status == Some(0) { "01i" } else { "01c-dies" };
        return failed(mistake, expected, death.saw());
    }
    let mistake = match heard {
        Heard::End | Heard::Reset => "closes-at-once",
        Heard::Busy => "spins",
        _ if !stage.unread(client).is_empty() => "01e",
        _ => {
            // Is it another client that it waits for? The end? Or nothing?
            let overlooked = stage.overlooked(client, step);
            let other = stage.connect();
            if other.is_some() && stage.hear(client, &token) == Heard::Yes {
                if step == Step::BlockingEcho { "01a" } else { "03e" }
            } else {
                stage.half_close(client);
                if stage.hear(client, &token) == Heard::Yes {
                    "01f"
                } else {
                    overlooked.unwrap_or("01c")
                }
            }
        }
    };
    failed(mistake, expected, saw)
}

fn again(stage: &mut Stage, step: Step) -> Outcome {
    let client = stage.enter()?;
    for _ in 0..3 {
        let Err((token, heard)) = talk(stage, client) else {
            // One that closes now has done so before the next words: after them it
            // would be a reset.
            stage.calm();
            continue;
        };
        let (expected, saw) = (echo_of(&token), stage.instead(heard, client));
        let mistake = match heard {
            Heard::End | Heard::Reset if step == Step::ThreadEcho => {
                "01b-thread"
            }
            Heard::End | Heard::Reset => "01b",
            Heard::Busy => "spins",
            _ => {
                let other = stage.connect();
                let is_late = stage.hear(client, &token) == Heard::Yes;
                let mut other_is_served =
                    || other.is_some_and(|other| talk(stage, other).is_ok());
                if is_late || (step == Step::BlockingEcho && other_is_served())
                {
                    "01a"
                } else if step >= Step::SelectEcho {
                    "03c"
                } else {
                    "01b"
                }
            }
        };
        return failed(mistake, expected, saw);
    }
    Ok(())
}

fn same_bytes(stage: &mut Stage, _: Step) -> Outcome {
    let client = stage.enter()?;
    let mut said = String::new();
    for _ in 0..2 {
        said += &match talk(stage, client) {
            Ok(token) => token,
            Err((token, heard)) => {
                return failed(
                    "01b",
                    echo_of(&token),
                    stage.instead(heard, client),
                );
            }
        };
    }
    // All bytes count, those of telnet's line ends too; and a short message after a
    // long one brings back nothing of that one.
    let long = format!(" {}  \t\r\n", stage.token());
    let short = "ok\n".to_string();
    for message in [&long, &short] {
        stage.send(client, message);
        stage.hear(client, message);
        stage.calm();
        said += message;
    }
    let received = stage.received(client);
    if received == said.as_bytes() {
        return Ok(());
    }
    stage.miss(client);
    let tail = &long.as_bytes()[short.len()..];
    let times =
        received.windows(tail.len()).filter(|&window| window == tail).count();
    let is_stale = times > 1;
    let mistake = if received.contains(&0) || is_stale { "01d" } else { "01e" };
    let saw = Text::new("saw-bytes").with("bytes", shown(received));
    failed(mistake, echo_of(&said), saw)
}

/// Bytes without a newline are a message as well.
fn any_bytes(stage: &mut Stage, _: Step) -> Outcome {
    let client = stage.enter()?;
    let token = stage.token();
    stage.send(client, &token);
    let heard = stage.hear(client, &token);
    if heard == Heard::Yes {
        return Ok(());
    }
    let (expected, saw) = (echo_of(&token), stage.instead(heard, client));
    stage.send(client, "\n");
    let mistake =
        if stage.hear(client, &token) == Heard::Yes { "01g" } else { "01c" };
    failed(mistake, expected, saw)
}

/// As long as nobody says anything, the server sleeps.
pub(super) fn idle(stage: &mut Stage, step: Step) -> Outcome {
    stage.enter()?;
    // Twice: a virtual machine may still be compiling after its start.
    if stage.calm() || stage.calm() {
        return Ok(());
    }
    if !crate::observe::is_observable() {
        return Err(Trouble::NotObserved(Text::new("why-no-proc")));
    }
    if stage.server.prints() {
        return Err(Trouble::NotObserved(Text::new("why-prints")));
    }
    let mistake = match step {
        Step::BlockingEcho | Step::ThreadEcho => "spins",
        Step::ThreadChat => "bonus-spins",
        _ => "03-spins",
    };
    failed(mistake, Text::new("expected-idle"), Text::new("saw-busy"))
}

/// A client that says no more gets what it's owed, and the end.
fn end(stage: &mut Stage, step: Step) -> Outcome {
    let client = stage.enter()?;
    if let Err((token, heard)) = talk(stage, client) {
        return failed("01c", echo_of(&token), stage.instead(heard, client));
    }
    stage.half_close(client);
    let heard = stage.hear_end(client);
    if matches!(heard, Heard::End | Heard::Reset) {
        return Ok(());
    }
    let mistake = match (heard, step) {
        (Heard::Busy, Step::SelectEcho) => "03a",
        (Heard::Busy, _) => "01h",
        (_, Step::SelectEcho) => "03b",
        (_, _) => "02b",
    };
    let expected = Text::new("expected-end").with("client", client);
    failed(mistake, expected, stage.instead(heard, client))
}

/// After a client has left, the server sleeps again, and is still there.
fn forgotten(stage: &mut Stage, step: Step) -> Outcome {
    if !crate::observe::is_observable() {
        return Err(Trouble::NotObserved(Text::new("why-no-proc")));
    }
    if !stage.is_quiet() {
        return Err(Trouble::NotObserved(Text::new("why-busy")));
    }
    let expected = Text::new("expected-sleep");
    for _ in 0..2 {
        let client = stage.enter()?;
        if let Err((token, heard)) = talk(stage, client) {
            return failed(
                mute(step),
                echo_of(&token),
                stage.instead(heard, client),
            );
        }
        stage.close(client);
        let sleeps = stage.calm();
        if let Some(death) = stage.death() {
            let mistake = match step {
                Step::SelectEcho => death.of_a_departure(),
                _ => "01i",
            };
            return failed(mistake, expected, death.saw());
        }
        if !sleeps {
            let mistake = if step == Step::SelectEcho { "03a" } else { "01h" };
            return failed(mistake, expected, Text::new("saw-busy"));
        }
    }
    Ok(())
}

/// The next client is served after one has left.
fn next(stage: &mut Stage, step: Step) -> Outcome {
    for _ in 0..3 {
        let client = stage.enter()?;
        if let Err((token, heard)) = talk(stage, client) {
            let mistake = if step == Step::SelectEcho { "03d" } else { "01i" };
            return failed(
                mistake,
                echo_of(&token),
                stage.instead(heard, client),
            );
        }
        stage.half_close(client);
        stage.hear_end(client);
        stage.close(client);
    }
    Ok(())
}

/// A second client is answered while the first is silent.
pub(super) fn second(stage: &mut Stage, step: Step) -> Outcome {
    let first = stage.enter()?;
    if let Err((token, heard)) = talk(stage, first) {
        return failed("01c", echo_of(&token), stage.instead(heard, first));
    }
    let alone = stage.server.descriptors();
    let second = stage.enter()?;
    stage.calm();
    let is_accepted = stage.server.descriptors() > alone;
    let Err((token, heard)) = talk(stage, second) else {
        return match step {
            Step::ThreadEcho => Ok(()),
            _ => newcomer(stage, first),
        };
    };
    let (expected, saw) = (echo_of(&token), stage.instead(heard, second));
    let is_in_recv = stage.server.is_in_recv();
    stage.close(first);
    let waited = stage.hear(second, &token) == Heard::Yes;
    let mistake = match step {
        Step::ThreadEcho if waited => "02a",
        Step::ThreadEcho => "02c",
        _ if is_in_recv == Some(true) => "03e",
        _ if is_accepted || takes_two_who_are_silent(stage) => "03c",
        _ if waited && is_in_recv.is_none() => "03e",
        _ => "03d",
    };
    failed(mistake, expected, saw)
}

/// One more comes and says nothing: those who are there don't wait for its words.
fn newcomer(stage: &mut Stage, client: usize) -> Outcome {
    stage.enter()?;
    stage.calm();
    let Err((token, heard)) = talk(stage, client) else { return Ok(()) };
    let saw = stage.instead(heard, client);
    let is_in_recv = stage.server.is_in_recv() == Some(true);
    let mistake = if is_in_recv { "03e-newcomer" } else { "03c" };
    failed(mistake, echo_of(&token), saw)
}

/// Is a second client accepted as long as nobody has spoken? Then the listening socket
/// was in the set, and fell out of it later.
fn takes_two_who_are_silent(stage: &Stage) -> bool {
    let Ok(mut other) = Stage::open(stage.server.program()) else {
        return false;
    };
    let mut after = || {
        let _silent = other.connect()?;
        other.calm();
        other.server.descriptors()
    };
    after().zip(after()).is_some_and(|(one, two)| two > one)
}

/// An answer goes to the one who spoke, also if somebody has come since.
fn own_answer(stage: &mut Stage, step: Step) -> Outcome {
    let mut clients = [0; 3];
    for client in &mut clients {
        *client = stage.enter()?;
        stage.calm();
    }
    for client in clients {
        let Err((token, heard)) = talk(stage, client) else { continue };
        let (expected, saw) = (echo_of(&token), stage.instead(heard, client));
        let others = clients.into_iter().filter(|&other| other != client);
        let elsewhere = others
            .into_iter()
            .any(|other| stage.hear(other, &token) == Heard::Yes);
        // Or is the newest the only one who is heard at all?
        let mut newest_only =
            || client != clients[2] && talk(stage, clients[2]).is_ok();
        let mistake = match (elsewhere, step) {
            (true, _) => "02e",
            (false, Step::ThreadEcho) if newest_only() => "02e",
            (false, Step::ThreadEcho) => "02c",
            (false, _) if newest_only() => "03-newest",
            (false, _) => "03c",
        };
        return failed(mistake, expected, saw);
    }
    Ok(())
}

/// A dozen at a time.
fn many(stage: &mut Stage, step: Step) -> Outcome {
    let mut clients = Vec::new();
    for _ in 0..12 {
        let client = stage.enter()?;
        if let Err((token, heard)) = talk(stage, client) {
            let saw = stage.instead(heard, client);
            let mistake = match stage.overlooked(client, step) {
                _ if step == Step::ThreadEcho => "02c",
                // The others are watched, and this one isn't.
                Some("03-unwatched") => "03g",
                _ => "03d",
            };
            return failed(mistake, echo_of(&token), saw);
        }
        clients.push(client);
    }
    Ok(())
}

/// Two leave so that the server finds both in one answer of `select`.
pub(super) fn together(stage: &mut Stage, step: Step) -> Outcome {
    for pair in [[1, 2], [0, 1], [2, 3], [0, 3]] {
        let mut clients = Vec::new();
        for _ in 0..4 {
            let client = stage.enter()?;
            if let Err((token, heard)) = talk(stage, client) {
                return failed(
                    mute(step),
                    echo_of(&token),
                    stage.instead(heard, client),
                );
            }
            clients.push(client);
        }
        stage.while_stopped(|stage| {
            pair.into_iter().for_each(|i| stage.close(clients[i]));
        });
        stage.calm();
        for i in (0..4).filter(|i| !pair.contains(i)) {
            if let Err((token, heard)) = talk(stage, clients[i]) {
                return failed(
                    stage.departure(step, "03f"),
                    echo_of(&token),
                    stage.instead(heard, clients[i]),
                );
            }
            stage.close(clients[i]);
            stage.calm();
        }
    }
    Ok(())
}

/// Whoever leaves, the others are still served; also once a newcomer has its place.
fn last(stage: &mut Stage, step: Step) -> Outcome {
    for leaver in 0..3 {
        let mut clients = Vec::new();
        for _ in 0..3 {
            let client = stage.enter()?;
            if let Err((token, heard)) = talk(stage, client) {
                return failed(
                    mute(step),
                    echo_of(&token),
                    stage.instead(heard, client),
                );
            }
            clients.push(client);
        }
        let gone = clients.remove(leaver);
        stage.half_close(gone);
        stage.hear_end(gone);
        stage.close(gone);
        for newcomer in [false, true] {
            if newcomer {
                clients.push(stage.enter()?);
                stage.calm();
            }
            for &client in &clients {
                let Err((token, heard)) = talk(stage, client) else { continue };
                let mistake = match step {
                    Step::SelectEcho if leaver == 0 => "03g",
                    _ => "04d",
                };
                let mistake = stage.departure(step, mistake);
                return failed(
                    mistake,
                    echo_of(&token),
                    stage.instead(heard, client),
                );
            }
        }
        for client in clients {
            stage.close(client);
            stage.calm();
        }
    }
    Ok(())
}

/// Clients that left leave no descriptor behind.
fn nothing_left(stage: &mut Stage, step: Step) -> Outcome {
    let stays = stage.enter()?;
    if let Err((token, heard)) = talk(stage, stays) {
        return failed("01c", echo_of(&token), stage.instead(heard, stays));
    }
    let Some(before) = stage.server.descriptors() else {
        return Err(Trouble::NotObserved(Text::new("why-no-proc")));
    };
    for _ in 0..6 {
        let client = stage.enter()?;
        if let Err((token, heard)) = talk(stage, client) {
            return failed(
                mute(step),
                echo_of(&token),
                stage.instead(heard, client),
            );
        }
        stage.close(client);
    }
    // Some of that may still be on its way, or wait for a garbage collector.
    let few = |stage: &Stage| {
        stage.server.descriptors().is_none_or(|now| now < before + 6)
    };
    if stage.wait(few) == Heard::Yes {
        return Ok(());
    }
    let now = stage.server.descriptors().unwrap_or(before);
    let saw =
        Text::new("saw-descriptors").with("before", before).with("now", now);
    let mistake = if step == Step::ThreadEcho { "02b" } else { "03b" };
    failed(
        mistake,
        Text::new("expected-descriptors").with("before", before),
        saw,
    )
}

/// IPv4 and IPv6 clients.
pub(super) fn families(stage: &mut Stage, _: Step) -> Outcome {
    for (family, name) in [(Family::V4, "127.0.0.1"), (Family::V6, "::1")] {
        if std::net::TcpListener::bind(family.loopback(0)).is_err() {
            return Err(Trouble::NotObserved(
                Text::new("why-no-family").with("address", name),
            ));
        }
        match stage.connect_by(family) {
            Some(client) => stage.close(client),
            None => {
                let mistake =
                    if family == Family::V6 { "01l" } else { "01l-v6" };
                let expected =
                    Text::new("expected-family").with("address", name);
                return failed(mistake, expected, Text::new("saw-refused"));
            }
        }
    }
    Ok(())
}

/// The port is free for the next start as soon as the server is stopped.
pub(super) fn restart(stage: &mut Stage, _: Step) -> Outcome {
    let program = stage.server.program().clone();
    start_again(stage, &program).or_else(|first| {
        // Has somebody else taken that port in the meantime? Not twice.
        stage.change(&program).map_err(|_| first)?;
        start_again(stage, &program)
    })
}

fn start_again(stage: &mut Stage, program: &Program) -> Outcome {
    let client = stage.enter()?;
    stage.calm();
    let port = stage.server.port();
    stage.note(Event::Kill);
    stage.server.signal(Signal::SIGKILL);
    let _ = stage.hear_end(client);
    stage.note(Event::Restart);
    // The client is still there: the server's end of the connection is what stays.
    match Server::start_on(program, port, Duration::from_secs(5)) {
        Ok(_) => Ok(()),
        Err(why) => {
            let saw = super::not_serving(&why).saw;
            let expected = Text::new("expected-restart").with("port", port);
            let is_held = stage.server.is_still_listened_to();
            failed(if is_held { "01m-held" } else { "01m" }, expected, saw)
        }
    }
}
