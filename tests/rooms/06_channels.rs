//! The room of step 06 without a socket: any commands in any order.

use proptest::prelude::*;

use super::*;

#[path = "events.rs"]
mod events;

#[test]
fn a_command_is_its_first_word() {
    let parsed = |line| Command::parse(line);
    let msg = |channel, text| Ok(Command::Msg { channel, text });
    assert_eq!(parsed("MSG rust a  b "), msg("rust", "a  b "));
    assert_eq!(parsed("msg  #rust  a"), msg("rust", " a"));
    assert_eq!(parsed("MSG rust"), msg("rust", ""));
    assert_eq!(parsed("JOIN  #rust "), Ok(Command::Join("rust")));
    assert_eq!(parsed("join ##rust"), Ok(Command::Join("#rust")));
    assert_eq!(parsed("PART rust"), Ok(Command::Part));
    assert_eq!(parsed("List"), Ok(Command::List));
    assert_eq!(parsed("KICK bob"), Ok(Command::Kick("bob")));
    assert_eq!(parsed("KICKbob"), Err("invalid command".to_string()));
}

/// A channel has members, each is there, and nobody is in two.
fn channels_are_sound(room: &Room) {
    let mut names: Vec<_> =
        room.channels.iter().map(|channel| &channel.name).collect();
    names.sort();
    names.dedup();
    assert_eq!(
        names.len(),
        room.channels.len(),
        "two channels have the same name"
    );
    let mut members = Vec::new();
    for channel in &room.channels {
        assert!(!channel.members.is_empty(), "nobody is in {}", channel.name);
        members.extend(&channel.members);
    }
    for id in &members {
        assert!(
            room.members.iter().any(|member| member.id == *id),
            "{id} has left"
        );
    }
    let count = members.len();
    members.sort();
    members.dedup();
    assert_eq!(members.len(), count, "somebody is in two channels");
}

const VERBS: [&str; 15] = [
    "NICK", "NICK", "MSG", "WHO", "QUIT", "KILL", "ADMIN", "", "JOIN", "JOIN",
    "JOIN", "JOIN", "PART", "LIST", "KICK",
];

proptest! {
    #[test]
    fn every_channel_is_somebodys_and_nobody_is_in_two(
        events in events::events(&VERBS),
        password in prop::option::of("[abc]"),
    ) {
        events::happen(&mut Room::new(password), events, channels_are_sound);
    }

    /// Whoever talks is heard by the others of the same channel, and by nobody else.
    #[test]
    fn a_message_goes_to_the_others_of_its_channel(
        events in events::events(&["JOIN", "PART", "KICK", "JOIN"]),
    ) {
        let mut room = Room::new(None);
        for id in events::happen(&mut room, events, channels_are_sound).into_keys() {
            for name in ["a", "b", "c"] {
                let channel = room.channels.iter().find(|channel| channel.name == name);
                let members = channel.map_or(vec![], |channel| channel.members.clone());
                let effects = room.execute(id, &format!("MSG {name} salut"));
                let [Effect::Send(to, line)] = &effects[..] else { panic!("{effects:?}") };
                if members.contains(&id) {
                    let others: Vec<Id> = members.into_iter().filter(|&other| other != id).collect();
                    prop_assert_eq!(to, &others);
                } else {
                    prop_assert_eq!(to, &vec![id]);
                    prop_assert!(line.starts_with("[server] "));
                }
            }
        }
    }
}
