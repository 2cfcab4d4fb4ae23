//! The room of step 05 without a socket: any commands in any order.

use proptest::prelude::*;

use super::*;

#[path = "events.rs"]
mod events;

#[test]
fn a_command_is_its_first_word() {
    let parsed = |line| Command::parse(line);
    assert_eq!(parsed("MSG a  b "), Ok(Command::Msg("a  b ")));
    assert_eq!(parsed("msg  a"), Ok(Command::Msg(" a")));
    assert_eq!(parsed("  WHO"), Ok(Command::Who));
    assert_eq!(parsed("who is there"), Ok(Command::Who));
    assert_eq!(parsed("NICK  al "), Ok(Command::Nick("al")));
    assert_eq!(parsed("QUIT"), Ok(Command::Quit("")));
    let kill = Command::Kill { nick: "bob", message: " a b" };
    assert_eq!(parsed("KILL bob  a b"), Ok(kill));
    assert_eq!(parsed("ADMIN sesame"), Ok(Command::Admin("sesame")));
    for line in ["", "MSGa", "M SG", "é"] {
        assert_eq!(parsed(line), Err("invalid command".to_string()));
    }
}

proptest! {
    #[test]
    fn every_nick_is_somebodys_and_everybody_has_one(
        events in events::events(&["NICK", "NICK", "NICK", "MSG", "WHO", "QUIT", "KILL", "ADMIN", ""]),
        password in prop::option::of("[abc]"),
    ) {
        events::happen(&mut Room::new(password), events, |_| ());
    }

    #[test]
    fn no_line_is_too_strange(line in "\\PC*") {
        let mut room = Room::new(None);
        room.enter(1, "::1:1");
        room.enter(2, "::1:2");
        room.execute(1, &line);
        // Whoever isn't there says nothing.
        prop_assert_eq!(room.execute(3, &line), vec![]);
    }
}
