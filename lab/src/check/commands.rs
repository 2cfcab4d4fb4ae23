//! Step 05: commands. Content and not wording: a line counts by the words in it that
//! no server could make up.

use super::broadcast::gather;
use super::stage::{Actor, Heard, Stage};
use super::{Check, Level, Outcome, Text, Trouble, echo, failed, shown};
use crate::course::Step;

pub(super) fn checks() -> Vec<Check> {
    let lab = |id, play| Check { id, level: Level::Lab, play };
    vec![
        lab("msg", msg),
        lab("msg-whole", msg_whole),
        lab("msg-unheard", msg_unheard),
        lab("glued", glued),
        lab("pieces", pieces),
        lab("no-argument", no_argument),
        lab("unknown", unknown),
        lab("nick", nick),
        lab("address", address),
        lab("arrival", arrival),
        lab("departure", departure),
        lab("who", who),
        lab("who-alone", who_alone),
        lab("half-close", half_close),
        lab("quit", quit),
        lab("quit-last", quit_last),
        lab("kill", kill),
        lab("kill-nobody", kill_nobody),
        lab("telnet", telnet),
        lab("idle", echo::idle),
        lab("families", echo::families),
        lab("restart", echo::restart),
    ]
}

pub(super) fn hears(actor: Actor, words: &str) -> Text {
    Text::new("expected-heard")
        .with("client", actor)
        .with("bytes", shown(words.as_bytes()))
}

/// Waits until `actor` has read a line with all these words in it.
pub(super) fn line(stage: &mut Stage, actor: Actor, words: &[&str]) -> Heard {
    let is_it = |line: &[u8]| {
        let line = String::from_utf8_lossy(line);
        words.iter().all(|word| line.contains(word))
    };
    let heard = stage.wait(|stage| {
        let mut lines = stage.unread(actor).split(|&byte| byte == b'\n');
        lines.any(is_it) || stage.has_ended(actor)
    });
    let is_there = stage.unread(actor).split(|&byte| byte == b'\n').any(is_it);
    match (is_there, heard) {
        (true, _) => Heard::Yes,
        (false, Heard::Yes) => stage.hear_end(actor),
        (false, heard) => heard,
    }
}

/// The same, and a failure where it doesn't come.
pub(super) fn must(
    stage: &mut Stage,
    actor: Actor,
    words: &[&str],
    mistake: &'static str,
) -> Outcome {
    match line(stage, actor, words) {
        Heard::Yes => {
            stage.skip(actor);
            Ok(())
        }
        heard => failed(
            mistake,
            hears(actor, &words.join(" … ")),
            stage.instead(heard, actor),
        ),
    }
}

/// Clients with a nick of their own each.
pub(super) fn named(
    stage: &mut Stage,
    count: usize,
) -> Result<Vec<(Actor, String)>, Trouble> {
    let clients = gather(stage, count)?;
    let mut named = Vec::new();
    for client in clients {
        let nick = stage.token();
        stage.send(client, format!("NICK {nick}\n"));
        stage.calm();
        named.push((client, nick));
    }
    named.iter().for_each(|(client, _)| stage.skip(*client));
    Ok(named)
}

fn msg(stage: &mut Stage, step: Step) -> Outcome {
    let clients = gather(stage, 3)?;
    let token = stage.token();
    stage.send(clients[0], format!("MSG {token}\n"));
    for (served, &client) in clients[1..].iter().enumerate() {
        let heard = line(stage, client, &[&token]);
        if heard != Heard::Yes {
            let mistake = match stage.overlooked(clients[0], step) {
                Some(overlooked) => overlooked,
                None if served > 0 => "04b",
                None => "05-mute",
            };
            return failed(
                mistake,
                hears(client, &token),
                stage.instead(heard, client),
            );
        }
        if line_with(stage, client, &token).contains(&format!("MSG {token}")) {
            let saw = Text::new("saw-bytes")
                .with("bytes", shown(stage.unread(client)));
            return failed("05-raw", hears(client, &token), saw);
        }
    }
    Ok(())
}

/// The line of what `actor` hasn't read in which `word` stands.
fn line_with(stage: &Stage, actor: Actor, word: &str) -> String {
    let text = String::from_utf8_lossy(stage.unread(actor)).into_owned();
    text.lines()
        .find(|line| line.contains(word))
        .unwrap_or_default()
        .to_string()
}

fn msg_whole(stage: &mut Stage, _: Step) -> Outcome {
    let clients = gather(stage, 2)?;
    let words =
        format!("{}  {} {}", stage.token(), stage.token(), stage.token());
    stage.send(clients[0], format!("MSG {words}\n"));
    must(stage, clients[1], &[&words], "05e")
}

fn msg_unheard(stage: &mut Stage, _: Step) -> Outcome {
    let clients = gather(stage, 2)?;
    let (token, marker) = (stage.token(), stage.token());
    stage.send(clients[0], format!("MSG {token}\n"));
    must(stage, clients[1], &[&token], "05-mute")?;
    stage.send(clients[1], format!("MSG {marker}\n"));
    must(stage, clients[0], &[&marker], "04b")?;
    unheard(stage, clients[0], &token, "04a")
}

/// Nothing with this word has come to `actor`.
pub(super) fn unheard(
    stage: &Stage,
    actor: Actor,
    word: &str,
    mistake: &'static str,
) -> Outcome {
    if !stage.has_received(actor, word) {
        return Ok(());
    }
    let expected =
        Text::new("expected-unheard").with("client", actor).with("bytes", word);
    let line = String::from_utf8_lossy(stage.received(actor));
    let line =
        line.lines().find(|line| line.contains(word)).unwrap_or_default();
    failed(
        mistake,
        expected,
        Text::new("saw-bytes").with("bytes", shown(line.as_bytes())),
    )
}

fn pieces(stage: &mut Stage, _: Step) -> Outcome {
    let clients = gather(stage, 3)?;
    let token = stage.token();
    for piece in ["M", "SG ", &token[..3], &token[3..], "\n"] {
        stage.send(clients[0], piece);
        stage.calm();
    }
    must(stage, clients[1], &[&token], "05b")?;
    // Half a line of one, a whole one of another: they don't mix.
    let (slow, quick) = (stage.token(), stage.token());
    stage.send(clients[0], format!("MSG {slow}"));
    stage.calm();
    stage.send(clients[1], format!("MSG {quick}\n"));
    stage.calm();
    stage.send(clients[0], "\n");
    for (words, other) in [(&quick, &slow), (&slow, &quick)] {
        let heard = line(stage, clients[2], &[words]);
        let said = line_with(stage, clients[2], words);
        if heard != Heard::Yes || said.contains(other.as_str()) {
            return failed(
                "05b-shared",
                hears(clients[2], words),
                stage.instead(heard, clients[2]),
            );
        }
    }
    Ok(())
}

fn glued(stage: &mut Stage, _: Step) -> Outcome {
    let clients = gather(stage, 2)?;
    let (one, two) = (stage.token(), stage.token());
    stage.send(clients[0], format!("MSG {one}\nMSG {two}\n"));
    let heard = line(stage, clients[1], &[&two]);
    let is_inside = line_with(stage, clients[1], &two).contains("MSG ");
    if heard == Heard::Yes && !is_inside && stage.has_received(clients[1], &one)
    {
        return Ok(());
    }
    let expected = Text::new("expected-heard-both")
        .with("client", clients[1])
        .with("one", &one)
        .with("two", &two);
    let saw = stage.instead(heard, clients[1]);
    // Does the second come with the next line? Then it waited in a buffer.
    let late = !is_inside && {
        stage.send(clients[0], "MSG z\n");
        line(stage, clients[1], &[&two]) == Heard::Yes
    };
    let has_both = stage.has_received(clients[1], &one) && !late && !is_inside;
    let mistake = if late || has_both { "05c" } else { "05a" };
    failed(mistake, expected, saw)
}

/// Can these two still talk?
pub(super) fn still_talk(
    stage: &mut Stage,
    from: Actor,
    to: Actor,
    mistake: &'static str,
) -> Outcome {
    let token = stage.token();
    stage.send(from, format!("MSG {token}\n"));
    must(stage, to, &[&token], mistake)
}

fn no_argument(stage: &mut Stage, _: Step) -> Outcome {
    let clients = gather(stage, 2)?;
    // KILL before NICK: who lets a nick be empty may KILL it.
    for command in ["KILL\n", "\n", "MSG\n", "NICK\n", " \n"] {
        stage.send(clients[0], command);
        stage.calm();
        let Err(trouble) = still_talk(stage, clients[0], clients[1], "05g")
        else {
            continue;
        };
        let Trouble::Failed { mistake: "05g", expected, saw } = trouble else {
            return Err(trouble);
        };
        // Is it the argument that's missing, or would any such command do this?
        let mistake = if command == "KILL\n" && falls(stage, "KILL nobody x\n")
        {
            "05n"
        } else if falls(stage, "ZORG x\n") {
            "05h"
        } else {
            "05g"
        };
        return failed(mistake, expected, saw);
    }
    Ok(())
}

/// On a stage of its own: does this line end the server, or its sender's connection?
fn falls(stage: &Stage, words: &str) -> bool {
    let Ok(mut other) = Stage::open(stage.server.program()) else {
        return false;
    };
    let Ok(clients) = gather(&mut other, 2) else { return false };
    other.send(clients[0], words);
    other.calm();
    still_talk(&mut other, clients[0], clients[1], "05g").is_err()
}

fn unknown(stage: &mut Stage, _: Step) -> Outcome {
    let clients = gather(stage, 2)?;
    let token = stage.token();
    stage.send(clients[0], format!("ZORG {token}\n{token}\n"));
    stage.calm();
    still_talk(stage, clients[0], clients[1], "05h")?;
    unheard(stage, clients[1], &token, "05h")
}

fn nick(stage: &mut Stage, _: Step) -> Outcome {
    let clients = named(stage, 3)?;
    for (i, (client, nick)) in clients.iter().enumerate() {
        let (token, listener) = (stage.token(), clients[(i + 1) % 3].0);
        stage.send(*client, format!("MSG {token}\n"));
        must(stage, listener, &[&token], "05-mute")?;
        let said =
            String::from_utf8_lossy(stage.received(listener)).into_owned();
        let said = said
            .lines()
            .find(|line| line.contains(&token))
            .unwrap_or_default()
            .to_string();
        if said.contains(nick.as_str()) {
            continue;
        }
        let text =
            String::from_utf8_lossy(stage.received(listener)).into_owned();
        if text.contains(&format!("{nick}\n]"))
            || text.contains(&format!("{nick}\r"))
        {
            let saw =
                Text::new("saw-bytes").with("bytes", shown(text.as_bytes()));
            return failed(
                "05d",
                hears(listener, &format!("{nick} … {token}")),
                saw,
            );
        }
        let saw = Text::new("saw-bytes").with("bytes", shown(said.as_bytes()));
        let heard_by = &clients[(i + 1) % 3].1;
        let mistake = if said.contains(heard_by.as_str()) {
            "05k-receiver"
        } else if renames_another(stage) {
            "05i"
        } else {
            "05k-prefix"
        };
        return failed(
            mistake,
            hears(listener, &format!("{nick} … {token}")),
            saw,
        );
    }
    announced_in_time(stage, &clients)
}

/// Nobody needs to tell the others of a new nick; but who does so tells the old one,
/// too, and not the new one twice.
fn announced_in_time(
    stage: &mut Stage,
    clients: &[(Actor, String)],
) -> Outcome {
    let ((renamed, old), new) = (&clients[0], stage.token());
    stage.calm();
    clients.iter().for_each(|(client, _)| stage.skip(*client));
    stage.send(*renamed, format!("NICK {new}\n"));
    stage.calm();
    for (listener, _) in &clients[1..] {
        let notice = line_with(stage, *listener, &new);
        if notice.matches(&new).count() > 1 && !notice.contains(old.as_str()) {
            stage.miss(*listener);
            let saw =
                Text::new("saw-bytes").with("bytes", shown(notice.as_bytes()));
            let words = format!("{old} … {new}");
            return failed("05k-late", hears(*listener, &words), saw);
        }
    }
    Ok(())
}

/// Does NICK give the name to somebody else than its sender? Two clients on a stage
/// of their own: the first or the newest is who it may be.
fn renames_another(stage: &Stage) -> bool {
    for sender in 0..2 {
        let Ok(mut other) = Stage::open(stage.server.program()) else {
            return false;
        };
        let Ok(clients) = gather(&mut other, 2) else { return false };
        let (nick, token) = (other.token(), other.token());
        let bystander = clients[1 - sender];
        other.send(clients[sender], format!("NICK {nick}\n"));
        other.calm();
        other.skip(clients[sender]);
        other.send(bystander, format!("MSG {token}\n"));
        line(&mut other, clients[sender], &[&token]);
        if line_with(&other, clients[sender], &token).contains(&nick) {
            return true;
        }
    }
    false
}

/// The first nick is the address.
fn address(stage: &mut Stage, _: Step) -> Outcome {
    let clients = gather(stage, 2)?;
    let (token, port) =
        (stage.token(), format!(":{}", stage.port_of(clients[0])));
    stage.send(clients[0], format!("MSG {token}\n"));
    must_in_one(stage, clients[1], &[&port, &token], &token, "05k-address")
}

/// A line with all these words; that `token` comes at all is another matter.
pub(super) fn must_in_one(
    stage: &mut Stage,
    actor: Actor,
    words: &[&str],
    token: &str,
    mistake: &'static str,
) -> Outcome {
    let heard = line(stage, actor, &[token]);
    let said = line_with(stage, actor, token);
    if words.iter().all(|word| said.contains(word)) {
        return Ok(());
    }
    failed(
        mistake,
        hears(actor, &words.join(" … ")),
        stage.instead(heard, actor),
    )
}

fn arrival(stage: &mut Stage, _: Step) -> Outcome {
    let clients = gather(stage, 2)?;
    let newcomer = stage.enter()?;
    let port = format!(":{}", stage.port_of(newcomer));
    for client in clients {
        must(stage, client, &[&port], "05k-arrival")?;
    }
    Ok(())
}

fn departure(stage: &mut Stage, _: Step) -> Outcome {
    let clients = named(stage, 3)?;
    let (gone, nick) = &clients[2];
    let is_quiet = stage.is_quiet();
    stage.close(*gone);
    for (client, _) in &clients[..2] {
        let heard = line(stage, *client, &[nick]);
        if heard == Heard::Yes {
            continue;
        }
        let mistake = if stage.unread(*client).is_empty() {
            "05k-departure"
        } else {
            "05k-departure-nick"
        };
        return failed(
            mistake,
            hears(*client, nick),
            stage.instead(heard, *client),
        );
    }
    // Told once, and then no more.
    if !stage.calm() && is_quiet {
        return failed(
            "03a",
            Text::new("expected-sleep"),
            Text::new("saw-busy"),
        );
    }
    once(stage, clients[0].0, nick)
}

/// The same line doesn't come twice.
fn once(stage: &Stage, actor: Actor, nick: &str) -> Outcome {
    let text = String::from_utf8_lossy(stage.unread(actor)).into_owned();
    let mut lines: Vec<&str> =
        text.lines().filter(|line| line.contains(nick)).collect();
    let count = lines.len();
    lines.sort_unstable();
    lines.dedup();
    if lines.len() == count {
        return Ok(());
    }
    let saw = Text::new("saw-bytes").with("bytes", shown(text.as_bytes()));
    let expected = Text::new("expected-notice-once").with("bytes", nick);
    failed("05m-twice", expected, saw)
}

fn who(stage: &mut Stage, _: Step) -> Outcome {
    let mut clients = named(stage, 3)?;
    // And one who hasn't chosen a name.
    let nameless = stage.enter()?;
    stage.calm();
    clients.push((nameless, format!(":{}", stage.port_of(nameless))));
    stage.skip(clients[0].0);
    stage.send(clients[0].0, "WHO\n");
    for (_, nick) in &clients {
        let heard = stage.wait_for(clients[0].0, nick);
        if heard != Heard::Yes {
            return failed(
                "05-who",
                hears(clients[0].0, nick),
                stage.instead(heard, clients[0].0),
            );
        }
    }
    Ok(())
}

fn who_alone(stage: &mut Stage, _: Step) -> Outcome {
    let clients = named(stage, 3)?;
    let (asker, listener) = (clients[0].0, clients[1].0);
    stage.send(asker, "WHO\n");
    stage.wait_for(asker, &clients[2].1);
    let marker = stage.token();
    stage.send(clients[0].0, format!("MSG {marker}\n"));
    let heard = line(stage, listener, &[&marker]);
    if heard != Heard::Yes {
        return failed(
            "05-mute",
            hears(listener, &marker),
            stage.instead(heard, listener),
        );
    }
    // The third one's nick has no reason to stand in what the second reads now.
    if !stage.unread(listener).is_empty()
        && String::from_utf8_lossy(stage.unread(listener))
            .contains(&clients[2].1)
    {
        let expected = Text::new("expected-unheard")
            .with("client", listener)
            .with("bytes", &clients[2].1);
        let saw =
            Text::new("saw-bytes").with("bytes", shown(stage.unread(listener)));
        return failed("05k-who", expected, saw);
    }
    Ok(())
}

fn half_close(stage: &mut Stage, _: Step) -> Outcome {
    let clients = gather(stage, 2)?;
    for client in clients {
        let port = format!(":{}", stage.port_of(client));
        // The question and the end may come together, as with `printf | nc -N`.
        stage.while_stopped(|stage| {
            stage.send(client, "WHO\n");
            stage.half_close(client);
        });
        must(stage, client, &[&port], "05p")?;
    }
    Ok(())
}

fn quit(stage: &mut Stage, _: Step) -> Outcome {
    let clients = named(stage, 3)?;
    let (quitter, nick) = &clients[1];
    let goodbye = format!("{} {}", stage.token(), stage.token());
    stage.send(*quitter, format!("QUIT {goodbye}\n"));
    for listener in [clients[0].0, clients[2].0] {
        let heard = line(stage, listener, &[&goodbye]);
        if heard != Heard::Yes {
            let first = goodbye.split(' ').next().unwrap_or_default();
            let mistake = if stage.has_received(listener, first) {
                "05e"
            } else {
                "05m-silent"
            };
            return failed(
                mistake,
                hears(listener, &goodbye),
                stage.instead(heard, listener),
            );
        }
    }
    let heard = stage.hear_end(*quitter);
    if !matches!(heard, Heard::End | Heard::Reset) {
        return failed(
            "05m-open",
            Text::new("expected-end").with("client", *quitter),
            stage.instead(heard, *quitter),
        );
    }
    stage.calm();
    let listener = clients[0].0;
    if !String::from_utf8_lossy(stage.unread(listener)).contains(nick) {
        return failed(
            "05m-nameless",
            hears(listener, nick),
            stage.instead(Heard::Silence, listener),
        );
    }
    once(stage, listener, nick)?;
    gone_from_who(stage, listener, &clients[2].1, nick, "05m-who")
}

/// What stands behind QUIT in the same segment is no command any more.
fn quit_last(stage: &mut Stage, _: Step) -> Outcome {
    let clients = gather(stage, 3)?;
    let (goodbye, late) = (stage.token(), stage.token());
    stage.send(clients[0], format!("QUIT {goodbye}\nMSG {late}\n"));
    must(stage, clients[1], &[&goodbye], "05m-silent")?;
    stage.calm();
    still_talk(stage, clients[2], clients[1], "05m-after")?;
    unheard(stage, clients[1], &late, "05m-after")
}

/// WHO tells `stays`, and doesn't tell `gone` any more.
fn gone_from_who(
    stage: &mut Stage,
    asker: Actor,
    stays: &str,
    gone: &str,
    mistake: &'static str,
) -> Outcome {
    // What was still on its way to the asker comes before its first answer; the
    // second is judged.
    stage.send(asker, "WHO\n");
    stage.wait_for(asker, stays);
    stage.calm();
    stage.skip(asker);
    stage.send(asker, "WHO\n");
    if stage.wait_for(asker, stays) == Heard::Yes {
        stage.calm();
        let text = String::from_utf8_lossy(stage.unread(asker)).into_owned();
        if text.contains(gone) {
            let expected = Text::new("expected-unheard")
                .with("client", asker)
                .with("bytes", gone);
            return failed(
                mistake,
                expected,
                Text::new("saw-bytes").with("bytes", shown(text.as_bytes())),
            );
        }
    }
    Ok(())
}

fn kill(stage: &mut Stage, _: Step) -> Outcome {
    let clients = named(stage, 3)?;
    let (killer, (victim, nick)) = (clients[0].0, &clients[1]);
    let first = stage.token();
    let reason = format!("{first} {}", stage.token());
    stage.send(killer, format!("KILL {nick} {reason}\n"));
    let heard = stage.hear_end(*victim);
    if !matches!(heard, Heard::End | Heard::Reset) {
        let mistake =
            if stage.is_over(killer) { "05o-killer" } else { "05o-open" };
        let mistake = if stage.has_received(*victim, &reason)
            || mistake == "05o-killer"
        {
            mistake
        } else {
            "05o-nothing"
        };
        return failed(
            mistake,
            Text::new("expected-end").with("client", *victim),
            stage.instead(heard, *victim),
        );
    }
    if !stage.has_received(*victim, &reason) {
        let mistake = if stage.has_received(*victim, &first) {
            "05e"
        } else {
            "05o-mute"
        };
        return failed(
            mistake,
            hears(*victim, &reason),
            stage.instead(heard, *victim),
        );
    }
    if stage.death().is_some_and(|it| it.of_a_departure() == "03a") {
        let token = stage.token();
        let expected = hears(clients[2].0, &token);
        return failed("05o-list", expected, Text::new("saw-end"));
    }
    still_talk(stage, killer, clients[2].0, "05o-killer")?;
    gone_from_who(stage, killer, &clients[2].1, nick, "05o-who")
}

fn kill_nobody(stage: &mut Stage, _: Step) -> Outcome {
    let clients = named(stage, 2)?;
    let nobody = stage.token();
    stage.send(clients[0].0, format!("KILL {nobody} out\n"));
    stage.calm();
    still_talk(stage, clients[0].0, clients[1].0, "05n")
}

/// telnet ends its lines by CR LF; a nick that keeps a part of it isn't found.
fn telnet(stage: &mut Stage, _: Step) -> Outcome {
    let clients = gather(stage, 2)?;
    let (nick, reason) = (stage.token(), stage.token());
    stage.send(clients[1], format!("NICK {nick}\r\n"));
    stage.calm();
    stage.send(clients[0], format!("KILL {nick} {reason}\n"));
    let heard = stage.hear_end(clients[1]);
    if !matches!(heard, Heard::End | Heard::Reset) {
        let saw = stage.instead(heard, clients[1]);
        let expected = Text::new("expected-end").with("client", clients[1]);
        return failed("05d", expected, saw);
    }
    let port = format!(":{}", stage.port_of(clients[0]));
    stage.skip(clients[0]);
    stage.send(clients[0], "WHO\r\n");
    must(stage, clients[0], &[&port], "05d-command")
}
