//! Step 04: what one says, all the others get.

use super::stage::{Actor, Heard, Stage};
use super::{Check, Level, Outcome, Text, Trouble, echo, failed, shown};
use crate::course::Step;

pub(super) fn checks() -> Vec<Check> {
    let lab = |id, play| Check { id, level: Level::Lab, play };
    vec![
        lab("heard", heard),
        lab("not-by-oneself", not_by_oneself),
        lab("both-ways", both_ways),
        lab("idle", echo::idle),
        lab("chat-forgotten", forgotten),
        lab("chat-left", left),
        lab("families", echo::families),
        lab("restart", echo::restart),
    ]
}

/// Clients whom the server has accepted, and who have read what there was to read.
pub(super) fn gather(
    stage: &mut Stage,
    count: usize,
) -> Result<Vec<Actor>, Trouble> {
    let mut clients = Vec::new();
    for _ in 0..count {
        clients.push(stage.enter()?);
        stage.calm();
    }
    clients.iter().for_each(|&client| stage.skip(client));
    Ok(clients)
}

fn hears(actor: Actor, words: &str) -> Text {
    Text::new("expected-heard")
        .with("client", actor)
        .with("bytes", shown(words.as_bytes()))
}

/// One says it, each of these must hear it.
pub(super) fn say(
    stage: &mut Stage,
    from: Actor,
    to: &[Actor],
    mistake: &'static str,
) -> Result<String, Trouble> {
    let token = stage.token();
    stage.send(from, format!("{token}\n"));
    for (served, &client) in to.iter().enumerate() {
        let heard = stage.hear(client, &token);
        if heard == Heard::Yes {
            continue;
        }
        let (expected, saw) =
            (hears(client, &token), stage.instead(heard, client));
        let to_its_sender = stage.hear(from, &token) == Heard::Yes;
        let mistake = match (served, to_its_sender, mistake) {
            (0, true, "04-mute") => "04b-echo",
            (1.., _, "04-mute") => "04b",
            _ => mistake,
        };
        failed(mistake, expected, saw)?;
    }
    Ok(token)
}

pub(super) fn heard(stage: &mut Stage, step: Step) -> Outcome {
    let clients = gather(stage, 4)?;
    let Err(trouble) = say(stage, clients[0], &clients[1..], "04-mute") else {
        return Ok(());
    };
    let Trouble::Failed { mistake: "04-mute", expected, saw } = trouble else {
        return Err(trouble);
    };
    if let Some(overlooked) = stage.overlooked(clients[0], step) {
        return failed(overlooked, expected, saw);
    }
    // Did one of the others hear it? Or is one heard when another speaks?
    let token = stage.token();
    stage.send(clients[0], format!("{token}\n"));
    stage.calm();
    let some =
        clients[1..].iter().any(|&client| stage.has_received(client, &token))
            || say(stage, clients[3], &clients[..1], "04-mute").is_ok();
    failed(if some { "04b" } else { "04-mute" }, expected, saw)
}

pub(super) fn not_by_oneself(stage: &mut Stage, _: Step) -> Outcome {
    let clients = gather(stage, 3)?;
    for &speaker in &clients {
        let others: Vec<Actor> =
            clients.iter().copied().filter(|&other| other != speaker).collect();
        let token = say(stage, speaker, &others, "04b")?;
        // What another says next comes behind it.
        say(stage, others[0], &[speaker], "04b")?;
        if stage.has_received(speaker, &token) {
            let expected = Text::new("expected-unheard")
                .with("client", speaker)
                .with("bytes", &token);
            let saw = Text::new("saw-bytes")
                .with("bytes", shown(stage.received(speaker)));
            return failed("04a", expected, saw);
        }
    }
    Ok(())
}

pub(super) fn both_ways(stage: &mut Stage, _: Step) -> Outcome {
    let clients = gather(stage, 3)?;
    for _ in 0..2 {
        for &speaker in &clients {
            let others: Vec<Actor> = clients
                .iter()
                .copied()
                .filter(|&other| other != speaker)
                .collect();
            say(stage, speaker, &others, "03c")?;
        }
    }
    Ok(())
}

pub(super) fn forgotten(stage: &mut Stage, _: Step) -> Outcome {
    let clients = gather(stage, 3)?;
    let is_quiet = stage.is_quiet();
    stage.close(clients[1]);
    let expected = Text::new("expected-sleep");
    let sleeps = stage.calm() || !is_quiet;
    if let Some(death) = stage.death() {
        return failed(death.of_a_departure(), expected, death.saw());
    }
    if !sleeps {
        return failed("03a", expected, Text::new("saw-busy"));
    }
    say(stage, clients[0], &[clients[2]], "04d").map(drop)
}

/// Whoever leaves, the others hear each other.
pub(super) fn left(stage: &mut Stage, _: Step) -> Outcome {
    for leaver in 0..3 {
        let mut clients = gather(stage, 3)?;
        let gone = clients.remove(leaver);
        stage.half_close(gone);
        let heard = stage.hear_end(gone);
        if !matches!(heard, Heard::End | Heard::Reset) {
            return failed(
                "03b",
                Text::new("expected-end").with("client", gone),
                stage.instead(heard, gone),
            );
        }
        say(stage, clients[0], &clients[1..], "04d")?;
        say(stage, clients[1], &clients[..1], "04d")?;
        clients.into_iter().for_each(|client| stage.close(client));
        stage.calm();
    }
    Ok(())
}
