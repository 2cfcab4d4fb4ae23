//! Anything that may happen to a room, without a socket: for steps 05 and 06, whose
//! rooms share these names.

use std::collections::{BTreeMap, VecDeque};

use proptest::prelude::*;

use crate::{Effect, Id, Room, WORD_LIMIT};

/// What may happen to a room.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Enter,
    Say(usize, String),
    Vanish(usize),
}

/// Someone comes, goes, or says something that begins with one of these words.
pub(crate) fn events(
    verbs: &'static [&str],
) -> impl Strategy<Value = Vec<Event>> {
    let word = prop_oneof![
        "[abc]", // so few that they meet
        Just("server".to_string()),
        (1..9_u64).prop_map(address),
        "\\PC{0,40}",
    ];
    let verb = prop::sample::select(verbs);
    let command = (verb, word.clone(), word)
        .prop_map(|(verb, a, b)| format!("{verb} {a} {b}"));
    let event = prop_oneof![
        2 => Just(Event::Enter),
        8 => (any::<prop::sample::Index>(), command)
            .prop_map(|(who, line)| Event::Say(who.index(1 << 16), line)),
        1 => any::<prop::sample::Index>().prop_map(|who| Event::Vanish(who.index(1 << 16))),
    ];
    prop::collection::vec(event, 0..80)
}

fn address(id: Id) -> String {
    format!("::1:{id}")
}

/// Lets it all happen, and checks after each event what the loop relies on, and
/// `holds`. Gives the nicks of those who are there at the end.
pub(crate) fn happen(
    room: &mut Room,
    events: Vec<Event>,
    holds: impl Fn(&Room),
) -> BTreeMap<Id, String> {
    let mut here: BTreeMap<Id, String> = BTreeMap::new();
    let mut last_id = 0;
    for event in events {
        let nth = |n: usize| here.keys().nth(n % here.len().max(1)).copied();
        let effects = match event {
            Event::Enter => {
                last_id += 1;
                here.insert(last_id, address(last_id));
                room.enter(last_id, &address(last_id))
            }
            Event::Say(n, line) => {
                nth(n).map_or(vec![], |id| room.execute(id, &line))
            }
            Event::Vanish(n) => {
                nth(n).map_or(vec![], |id| vec![Effect::Close(id)])
            }
        };
        carry_out(room, effects, &mut here);
        // WHO is the whole truth, in order of arrival.
        let members =
            room.members.iter().map(|member| (member.id, member.nick.clone()));
        assert_eq!(
            members.collect::<Vec<_>>(),
            here.clone().into_iter().collect::<Vec<_>>()
        );
        let mut nicks: Vec<_> = here.values().collect();
        nicks.sort();
        nicks.dedup();
        assert_eq!(nicks.len(), here.len(), "two have the same nick: {here:?}");
        assert!(here.values().all(|nick| nick.len() <= WORD_LIMIT));
        holds(room);
    }
    here
}

/// Does what the loop would do, and checks what the loop relies on.
fn carry_out(
    room: &mut Room,
    effects: Vec<Effect>,
    here: &mut BTreeMap<Id, String>,
) {
    let mut effects = VecDeque::from(effects);
    while let Some(effect) = effects.pop_front() {
        match effect {
            Effect::Send(to, line) => {
                assert!(!line.contains(['\n', '\r']), "one line: {line:?}");
                assert!(line.starts_with('['), "who speaks? {line:?}");
                let mut once = to.clone();
                once.dedup();
                assert_eq!(once, to, "nobody reads a line twice");
                assert!(
                    to.iter().all(|id| here.contains_key(id)),
                    "{to:?} {line:?}"
                );
            }
            Effect::Rename(id, nick) => {
                assert!(
                    here.insert(id, nick).is_some(),
                    "a stranger is renamed"
                );
            }
            Effect::Close(id) => {
                assert!(here.remove(&id).is_some(), "{id} is closed twice");
                effects.extend(room.leave(id));
            }
        }
    }
}
