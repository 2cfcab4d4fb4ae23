//! The bonus: the chat of step 04 with threads. A client hears what it hears there;
//! what goes wrong has other reasons.

use super::broadcast::{self, gather, say};
use super::stage::{Actor, Heard, Stage};
use super::{Check, Level, Outcome, Text, Trouble, complaint, echo, failed};
use crate::course::Step;

pub(super) fn checks() -> Vec<Check> {
    let lab = |id, play| Check { id, level: Level::Lab, play };
    vec![
        lab("heard", broadcast::heard),
        lab("not-by-oneself", broadcast::not_by_oneself),
        lab("both-ways", broadcast::both_ways),
        lab("idle", echo::idle),
        lab("chat-forgotten", broadcast::forgotten),
        lab("chat-left", broadcast::left),
        lab("left-behind", left_behind),
        lab("families", echo::families),
        lab("restart", echo::restart),
    ]
}

/// How many come, speak and leave at a time.
const WAVE: usize = 6;

/// So many come, say a word, and leave.
fn wave(stage: &mut Stage) -> Result<(), Trouble> {
    let clients = gather(stage, WAVE)?;
    say(stage, clients[0], &clients[1..], "04b")?;
    clients.into_iter().for_each(|client| stage.close(client));
    stage.calm();
    Ok(())
}

/// Neither a descriptor nor a thread is left of those who have left. What a server
/// starts for its first clients and keeps for the next ones is no fault.
fn left_behind(stage: &mut Stage, _: Step) -> Outcome {
    wave(stage)?;
    let (Some(descriptors), Some(threads)) =
        (stage.server.descriptors(), stage.server.threads())
    else {
        return Err(Trouble::NotObserved(Text::new("why-no-proc")));
    };
    wave(stage)?;
    // Some of that may still be on its way, or wait for a garbage collector.
    let few = |now: Option<usize>, before: usize| {
        now.is_none_or(|now| now < before + WAVE)
    };
    let is_clean = |stage: &Stage| {
        few(stage.server.descriptors(), descriptors)
            && few(stage.server.threads(), threads)
    };
    if stage.wait(is_clean) == Heard::Yes {
        return Ok(());
    }
    let now = stage.server.threads().unwrap_or(threads);
    if now >= threads + WAVE {
        return failed(
            "bonus-thread",
            Text::new("expected-threads").with("before", threads),
            Text::new("saw-threads").with("before", threads).with("now", now),
        );
    }
    let now = stage.server.descriptors().unwrap_or(descriptors);
    failed(
        "02b",
        Text::new("expected-descriptors").with("before", descriptors),
        Text::new("saw-descriptors")
            .with("before", descriptors)
            .with("now", now),
    )
}

/// What a failure that has one reason in a server with `select` usually is in one
/// with threads.
pub(super) fn rather(stage: &mut Stage, mistake: &'static str) -> &'static str {
    stage.miss();
    let complaints = stage.server.errors().text();
    if complaints.contains("PoisonError") {
        return "bonus-poisoned";
    }
    match mistake {
        "01j" | "04c" | "04-mute" | "04b" | "04d" | "02-unread" | "03c"
            if are_stuck(stage) =>
        {
            "bonus-stuck"
        }
        "01j" | "04c" if complaint(&complaints).is_some() => "02d",
        "03c" => "04b",
        // It turns in circles once a client has left.
        "03a" => "01h",
        "03b" if is_still_told(stage) => "bonus-kept",
        "03b" if leaves_threads(stage) => "bonus-thread",
        "03b" => "02b",
        "04e" => "bonus-frozen",
        other => other,
    }
}

/// Does everybody who speaks wait for ever? A lock that is taken and never given back
/// lets their first words be read at most: the next ones lie there, or they
/// themselves at the door.
fn are_stuck(stage: &mut Stage) -> bool {
    let clients = stage.present();
    for _ in 0..2 {
        for &client in &clients {
            let token = stage.token();
            stage.send(client, format!("{token}\n"));
            stage.calm();
        }
    }
    let is_unread = |client: &Actor| stage.left_lying(*client).is_some();
    clients.len() > 1 && clients.iter().all(is_unread)
}

/// Who has half-closed still hears, if it's still in the list.
fn is_still_told(stage: &mut Stage) -> bool {
    let clients = stage.present();
    let token = stage.token();
    for &client in &clients {
        stage.send(client, format!("{token}\n"));
    }
    stage.calm();
    clients.iter().all(|&client| stage.has_received(client, &token))
}

fn leaves_threads(stage: &mut Stage) -> bool {
    let Some(before) = stage.server.threads() else { return false };
    let is_played = wave(stage).is_ok();
    let now = stage.server.threads().unwrap_or(before);
    is_played && now >= before + WAVE
}
