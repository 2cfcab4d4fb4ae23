//! Step 06: channels.

use super::commands::{hears, must, named, unheard};
use super::stage::{Actor, Heard, Stage};
use super::{Check, Level, Outcome, Text, Trouble, echo, failed};
use crate::course::Step;

pub(super) fn checks() -> Vec<Check> {
    let lab = |id, play| Check { id, level: Level::Lab, play };
    vec![
        lab("members", members),
        lab("other-channel", other_channel),
        lab("outsider", outsider),
        lab("part", part),
        lab("one-channel", one_channel),
        lab("list", list),
        lab("list-dead", list_dead),
        lab("kick", kick),
        lab("kick-by-others", kick_by_others),
        lab("kick-nick", kick_nick),
        lab("refused", refused),
        lab("idle", echo::idle),
        lab("families", echo::families),
        lab("restart", echo::restart),
    ]
}

/// Clients in these channels, in this order.
fn meet(
    stage: &mut Stage,
    channels: &[&str],
) -> Result<Vec<(Actor, String)>, Trouble> {
    let clients = named(stage, channels.len())?;
    for ((client, _), channel) in clients.iter().zip(channels) {
        if !channel.is_empty() {
            stage.send(*client, format!("JOIN {channel}\n"));
            stage.calm();
        }
    }
    clients.iter().for_each(|(client, _)| stage.skip(*client));
    Ok(clients)
}

/// `from` says something in `channel`, which `to` must hear.
fn say(
    stage: &mut Stage,
    from: Actor,
    channel: &str,
    to: Actor,
    mistake: &'static str,
) -> Result<String, Trouble> {
    let token = stage.token();
    stage.send(from, format!("MSG {channel} {token}\n"));
    must(stage, to, &[&token], mistake)?;
    Ok(token)
}

fn members(stage: &mut Stage, _: Step) -> Outcome {
    let channel = stage.token();
    let clients = meet(stage, &[&channel, &channel, &channel])?;
    let token = say(stage, clients[0].0, &channel, clients[1].0, "06-mute")?;
    must(stage, clients[2].0, &[&token], "04b")?;
    // What comes to the first speaker next comes behind its own words.
    say(stage, clients[2].0, &channel, clients[0].0, "06-mute")?;
    unheard(stage, clients[0].0, &token, "06-echo")
}

fn other_channel(stage: &mut Stage, _: Step) -> Outcome {
    let (one, two) = (stage.token(), stage.token());
    let clients = meet(stage, &[&one, &one, &two, &two])?;
    let token = say(stage, clients[0].0, &one, clients[1].0, "06-mute")?;
    // What is said there next comes behind it.
    say(stage, clients[2].0, &two, clients[3].0, "06-mute")?;
    unheard(stage, clients[3].0, &token, "06a")
}

fn outsider(stage: &mut Stage, _: Step) -> Outcome {
    let (channel, elsewhere) = (stage.token(), stage.token());
    let clients = meet(stage, &[&channel, &channel, "", &elsewhere])?;
    for (client, _) in &clients[2..] {
        let token = stage.token();
        stage.send(*client, format!("MSG {channel} {token}\n"));
        stage.calm();
        let inside =
            say(stage, clients[0].0, &channel, clients[1].0, "06-mute")?;
        unheard(stage, clients[1].0, &token, "06a-outsider")?;
        unheard(stage, *client, &inside, "06a")?;
    }
    // The channel that MSG names counts, not the one where its sender is.
    let token = stage.token();
    stage.send(clients[0].0, format!("MSG {elsewhere} {token}\n"));
    stage.calm();
    say(stage, clients[0].0, &channel, clients[1].0, "06-mute")?;
    unheard(stage, clients[1].0, &token, "06a-named")
}

fn part(stage: &mut Stage, _: Step) -> Outcome {
    let channel = stage.token();
    let clients = meet(stage, &[&channel, &channel, &channel])?;
    stage.send(clients[2].0, "PART\n");
    stage.calm();
    let token = say(stage, clients[0].0, &channel, clients[1].0, "06-mute")?;
    stage.calm();
    unheard(stage, clients[2].0, &token, "06b-part")?;
    mute(stage, &clients, &channel, "06b-speaks")
}

/// The third client is out: what it says in the channel, nobody hears.
fn mute(
    stage: &mut Stage,
    clients: &[(Actor, String)],
    channel: &str,
    mistake: &'static str,
) -> Outcome {
    let token = stage.token();
    stage.send(clients[2].0, format!("MSG {channel} {token}\n"));
    stage.calm();
    say(stage, clients[0].0, channel, clients[1].0, "06-mute")?;
    unheard(stage, clients[1].0, &token, mistake)
}

fn one_channel(stage: &mut Stage, _: Step) -> Outcome {
    let (one, two) = (stage.token(), stage.token());
    let clients = meet(stage, &[&one, &one, &one, &two])?;
    stage.send(clients[2].0, format!("JOIN {two}\n"));
    stage.calm();
    let old = say(stage, clients[0].0, &one, clients[1].0, "06-mute")?;
    say(stage, clients[3].0, &two, clients[2].0, "06b-refused")?;
    unheard(stage, clients[2].0, &old, "06b-keeps")?;
    // JOIN of the channel where one is changes nothing.
    stage.send(clients[2].0, format!("JOIN {two}\n"));
    stage.calm();
    let token = say(stage, clients[3].0, &two, clients[2].0, "06b-refused")?;
    stage.calm();
    let text = String::from_utf8_lossy(stage.received(clients[2].0));
    if text.matches(&token).count() > 1 {
        stage.miss(clients[2].0);
        let lines: Vec<&str> =
            text.lines().filter(|line| line.contains(&token)).collect();
        let saw = Text::new("saw-bytes")
            .with("bytes", super::shown(lines.join("\n").as_bytes()));
        let expected = Text::new("expected-once").with("bytes", &token);
        return failed("06b-twice", expected, saw);
    }
    Ok(())
}

/// What LIST answers to a client, once nothing more comes.
fn listed(stage: &mut Stage, asker: Actor) -> String {
    stage.calm();
    stage.skip(asker);
    stage.send(asker, "LIST\n");
    stage.calm();
    String::from_utf8_lossy(stage.unread(asker)).into_owned()
}

fn list(stage: &mut Stage, _: Step) -> Outcome {
    let (one, two) = (stage.token(), stage.token());
    let clients = meet(stage, &[&one, &one, &two, ""])?;
    for asker in [clients[0].0, clients[3].0] {
        stage.skip(asker);
        stage.send(asker, "LIST\n");
        for name in [&one, &two] {
            let heard = stage.wait_for(asker, name);
            if heard != Heard::Yes {
                return failed(
                    "06-list",
                    hears(asker, name),
                    stage.instead(heard, asker),
                );
            }
        }
        let answer = listed(stage, asker);
        if answer.matches(one.as_str()).count() != 1 {
            stage.miss(asker);
            let saw = Text::new("saw-bytes")
                .with("bytes", super::shown(answer.as_bytes()));
            return failed(
                "06c",
                Text::new("expected-once").with("bytes", &one),
                saw,
            );
        }
    }
    Ok(())
}

fn list_dead(stage: &mut Stage, _: Step) -> Outcome {
    let names = [stage.token(), stage.token(), stage.token()];
    let [parted, left, alive] = &names;
    let clients = meet(stage, &[parted, left, alive, ""])?;
    stage.send(clients[0].0, "PART\n");
    stage.calm();
    stage.close(clients[1].0);
    let asker = clients[3].0;
    let answer = listed(stage, asker);
    // An empty answer tells nothing of the dead.
    let heard = stage.wait_for(asker, alive);
    if heard != Heard::Yes {
        return failed(
            "06-list",
            hears(asker, alive),
            stage.instead(heard, asker),
        );
    }
    for dead in [parted, left] {
        if answer.contains(dead) {
            let expected = Text::new("expected-unheard")
                .with("client", asker)
                .with("bytes", dead);
            let saw = Text::new("saw-bytes")
                .with("bytes", super::shown(answer.as_bytes()));
            return failed("06c-dead", expected, saw);
        }
    }
    Ok(())
}

fn kick(stage: &mut Stage, _: Step) -> Outcome {
    let channel = stage.token();
    let clients = meet(stage, &[&channel, &channel, &channel])?;
    let (victim, nick) = &clients[2];
    stage.send(clients[0].0, format!("KICK {nick}\n"));
    stage.calm();
    let token = say(stage, clients[0].0, &channel, clients[1].0, "06d-kicker")?;
    stage.calm();
    if stage.is_over(*victim) {
        return failed(
            "06d-closes",
            Text::new("expected-stays").with("client", *victim),
            Text::new("saw-end"),
        );
    }
    unheard(stage, *victim, &token, "06d-nothing")?;
    mute(stage, &clients, &channel, "06d-speaks")?;
    // It's out of the channel, and still here.
    stage.skip(*victim);
    stage.send(*victim, "WHO\n");
    must(stage, *victim, &[nick], "06d-closes")
}

fn kick_by_others(stage: &mut Stage, _: Step) -> Outcome {
    let (channel, elsewhere) = (stage.token(), stage.token());
    let clients = meet(stage, &[&channel, &channel, &channel, &elsewhere])?;
    let (victim, nick) = &clients[2];
    // A member; the creator of another channel.
    for (client, _) in [&clients[1], &clients[3]] {
        stage.send(*client, format!("KICK {nick}\n"));
        stage.calm();
        say(stage, clients[0].0, &channel, *victim, "06d-anyone")?;
    }
    Ok(())
}

/// The right to KICK is a client's, and not a nick's.
fn kick_nick(stage: &mut Stage, _: Step) -> Outcome {
    let channel = stage.token();
    let clients = meet(stage, &[&channel, &channel, &channel])?;
    let (victim, nick) = &clients[1];
    let other = stage.token();
    stage.send(clients[0].0, format!("NICK {other}\n"));
    stage.calm();
    stage.send(clients[0].0, format!("KICK {nick}\n"));
    stage.calm();
    let token = say(stage, clients[0].0, &channel, clients[2].0, "06-mute")?;
    stage.calm();
    unheard(stage, *victim, &token, "06d-nick")
}

fn refused(stage: &mut Stage, _: Step) -> Outcome {
    let clients = meet(stage, &["", "", ""])?;
    let outsider = &clients[2];
    // Nobody is in a channel, and there is none.
    let kick = format!("KICK {}\n", clients[0].1);
    for command in ["PART\n", "LIST\n", "KICK\n", &kick, "MSG\n", "JOIN\n"] {
        unharmed(stage, outsider, command)?;
    }
    let channel = stage.token();
    let [(creator, _), (member, _)] = [&clients[0], &clients[1]];
    for client in [*creator, *member] {
        stage.send(client, format!("JOIN {channel}\n"));
        stage.calm();
    }
    say(stage, *creator, &channel, *member, "06-mute")?;
    let msg = format!("MSG {channel}\n");
    for client in &clients {
        for command in ["MSG\n", &msg, "KICK\n", "JOIN\n"] {
            unharmed(stage, client, command)?;
            let mistake = match command {
                "JOIN\n" => "06e-join",
                _ => "06e",
            };
            say(stage, *creator, &channel, *member, mistake)?;
            say(stage, *member, &channel, *creator, mistake)?;
        }
    }
    Ok(())
}

/// The sender of a command is still served.
fn unharmed(
    stage: &mut Stage,
    (sender, nick): &(Actor, String),
    command: &str,
) -> Outcome {
    stage.send(*sender, command);
    stage.calm();
    stage.skip(*sender);
    stage.send(*sender, "WHO\n");
    must(stage, *sender, &[nick], "06e")
}
