//! Many users and many channels: replies that take more than one line, and what
//! must not be lost or said twice among them.

mod support;

use std::collections::BTreeSet;
use std::io::{self, Write};

use irc::action::Action;
use support::World;

const CONFIG: &str =
    "name = \"irc.test\"\nlimits = { channels = 500, nick = 30 }";

/// The last parameters of all replies with this code, as words.
fn words(world: &mut World, code: &str) -> Vec<String> {
    let inbox = &mut world.clients.get_mut("a").expect("a").inbox;
    let lines: Vec<String> = inbox
        .drain(..)
        .map(|line| String::from_utf8_lossy(&line).into_owned())
        .collect();
    lines
        .iter()
        .filter(|line| line.split(' ').nth(1) == Some(code))
        .filter_map(|line| line.split_once(" :"))
        .flat_map(|(_, text)| text.split(' ').map(str::to_string))
        .collect()
}

/// `a` and 300 others, whose nicks have all lengths, in one channel.
fn crowd() -> (World, BTreeSet<String>) {
    crowd_of(300, World::new(CONFIG))
}

fn crowd_of(others: usize, mut world: World) -> (World, BTreeSet<String>) {
    world.register("a", "alice", "127.0.0.1");
    world.say("a", b"JOIN #crowd\r\n");
    let mut nicks = BTreeSet::from(["@alice".to_string()]);
    for number in 0..others {
        let nick = format!("n{number}{}", "x".repeat(number % 26));
        world.register(&nick, &nick, "127.0.0.1");
        world.say(&nick, b"JOIN #crowd\r\n");
        nicks.insert(nick);
    }
    world.clients.get_mut("a").expect("a").inbox.clear();
    (world, nicks)
}

#[test]
fn names_and_who_list_everyone_once() {
    let (mut world, nicks) = crowd();
    for command in ["NAMES #crowd", "NAMES"] {
        world.say("a", format!("{command}\r\n").as_bytes());
        let listed = words(&mut world, "353");
        assert_eq!(listed.len(), nicks.len(), "{command}");
        assert_eq!(BTreeSet::from_iter(listed), nicks, "{command}");
    }
    world.say("a", b"WHO #crowd\r\nWHO\r\n");
    let inbox = &world.clients["a"].inbox;
    let code = |line: &&Vec<u8>| line.windows(5).any(|it| it == b" 352 ");
    assert_eq!(inbox.iter().filter(code).count(), 2 * nicks.len());
}

/// What a client asks for may be much more than what may wait for it: that ends
/// the answer, and not the client.
#[test]
fn a_long_answer_has_an_end_and_the_asker_stays() {
    let config = "limits = { sendq = 65_536, channels = 500 }";
    let (mut world, nicks) = crowd_of(300, World::new(config));
    let rooms: Vec<String> = (0..40).map(|it| format!("#r{it}")).collect();
    let rooms = rooms.join(",");
    for nick in nicks.iter().filter(|it| it.starts_with('n')).take(60) {
        world.say(nick, format!("JOIN {rooms}\r\n").as_bytes());
    }
    let topic = "x".repeat(300);
    for number in 0..20 {
        // Some at a time: what they answer must fit into the queue, too.
        let topics = (0..10).map(|it| {
            let name = format!("#c{number}.{it}");
            format!("JOIN {name}\r\nTOPIC {name} :{topic}\r\n")
        });
        world.say("a", topics.collect::<String>().as_bytes());
    }
    // Each of them finds everyone.
    let masks: Vec<String> = (1..15).map(|it| "*".repeat(it)).collect();
    let masks = masks.join(",");
    for (command, list, end) in [
        ("WHO", &*masks, "315"),
        ("WHOIS", &masks, "318"),
        ("NAMES", &rooms, "366"),
        ("LIST", "", "323"),
    ] {
        world.clients.get_mut("a").expect("a").inbox.clear();
        let lines = format!("{command} {list}\r\nPING x\r\n");
        world.say("a", lines.as_bytes());
        assert!(!world.clients["a"].is_closed, "{command}");
        let inbox = world.clients["a"].inbox.iter();
        let text: Vec<_> =
            inbox.map(|it| String::from_utf8_lossy(it)).collect();
        let last = |count: usize| text[text.len() - count].as_ref();
        assert!(last(1).contains(" PONG "), "{command}: {}", last(1));
        assert!(last(2).contains(end), "{command}: {}", last(2));
        assert!(last(3).contains(" 416 "), "{command}: {}", last(3));
    }
}

#[test]
fn a_message_reaches_everyone_but_its_author_once() {
    let (mut world, nicks) = crowd();
    world.say("a", b"PRIVMSG #crowd :hear, hear\r\n");
    let line = b":alice!a@127.0.0.1 PRIVMSG #crowd :hear, hear".to_vec();
    let mut heard = 0;
    for client in world.clients.values() {
        heard += client.inbox.iter().filter(|it| **it == line).count();
    }
    assert_eq!(heard, nicks.len() - 1);
}

/// A socket that notes where the bytes lie that it is given.
#[derive(Default)]
struct Where(Vec<*const u8>);

impl Write for Where {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.push(bytes.as_ptr());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A line to a channel is formatted once, and its members share it; nobody else
/// costs anything.
#[test]
fn a_message_is_one_piece_of_memory_for_all_and_none_for_others() {
    let mut world = World::new(CONFIG);
    for number in 0..1_000 {
        let name = format!("n{number}");
        world.register(&name, &name, "127.0.0.1");
        if number < 10 {
            world.say(&name, b"JOIN #few\r\n");
        }
    }
    let speaker = world.clients["n0"].id;
    world.core.receive(speaker, b"PRIVMSG #few :hear, hear\r\n");
    let actions = world.core.take_actions();
    assert_eq!(actions.len(), 9, "{actions:?}");
    let mut places = Where::default();
    for action in actions {
        let Action::Write(id) = action else { panic!("{action:?}") };
        let queue = world.core.queue(id).expect("a queue");
        queue.write_to(&mut places).expect("it takes all");
    }
    places.0.dedup();
    assert_eq!(places.0.len(), 1);
}

#[test]
fn who_leaves_many_channels_is_seen_leaving_once() {
    let mut world = World::new(CONFIG);
    world.register("a", "alice", "127.0.0.1");
    world.register("b", "bob", "127.0.0.1");
    for number in 0..300 {
        let line = format!("JOIN #{number}\r\n");
        world.say("a", line.as_bytes());
        world.say("b", line.as_bytes());
    }
    world.clients.get_mut("a").expect("a").inbox.clear();
    world.say("a", b"WHOIS bob\r\n");
    assert_eq!(BTreeSet::from_iter(words(&mut world, "319")).len(), 300);
    world.say("a", b"LIST\r\n");
    let count = world.clients["a"].inbox.len();
    assert_eq!(count, 302);
    world.clients.get_mut("a").expect("a").inbox.clear();
    world.say("b", b"NICK bert\r\nQUIT :gone\r\n");
    let seen = &world.clients["a"].inbox;
    let seen: Vec<_> =
        seen.iter().map(|it| String::from_utf8_lossy(it)).collect();
    assert_eq!(
        seen,
        [":bob!b@127.0.0.1 NICK :bert", ":bert!b@127.0.0.1 QUIT :gone"]
    );
}

/// The last of these lines are cut where a word ends: `well_formed` sees to it
/// that no space is left there.
#[test]
fn a_cut_may_fall_anywhere() {
    let mut world = World::new(CONFIG);
    world.register("a", "alice", "127.0.0.1");
    world.say("a", b"JOIN #c\r\n");
    for length in 400..505 {
        let text = "x".repeat(length);
        world.say("a", format!("{text}\r\n").as_bytes());
        world.say("a", format!("NOTICE #c :{text} y z\r\n").as_bytes());
        world.say("a", format!("PRIVMSG alice :{text} y z\r\n").as_bytes());
        world.say("a", format!("MODE #c +b {text}\r\n").as_bytes());
        world.say("a", format!("WHO {text}\r\n").as_bytes());
        world.say("a", format!("KICK #c {text},{text}\r\n").as_bytes());
    }
    for length in 1..200 {
        let name = "c".repeat(length);
        world.say("a", format!("JOIN #{name}\r\n").as_bytes());
        let mask = "m".repeat(140);
        let line = format!("MODE #{name} +b {mask}!{mask}@{mask}\r\n");
        world.say("a", line.as_bytes());
        world.say("a", format!("PART #{name}\r\n").as_bytes());
    }
    let lines = world.clients["a"].inbox.iter();
    let cut = lines.filter(|line| line.ends_with(b" ")).count();
    assert_eq!(cut, 0);
}

/// Its PONG is behind all that flood control holds back.
#[test]
fn one_that_is_not_heard_is_not_cut_for_being_silent() {
    let config = "limits = { ping = 100, flood_cost = 1 }";
    let mut world = World::new(config);
    world.register("a", "alice", "10.0.0.1");
    world.say("a", "AWAY :x\r\n".repeat(1_500).as_bytes());
    world.pass(400_000);
    assert!(!world.clients["a"].is_closed);
    // What is left is few enough to listen again: now it's silent.
    world.pass(1_000_000);
    world.pass(300_000);
    assert!(world.clients["a"].is_closed);
}

#[test]
fn history_forgets_the_oldest() {
    let mut world = World::new(CONFIG);
    world.register("a", "alice", "127.0.0.1");
    for number in 0..10_050 {
        world.say("a", format!("NICK n{number}\r\n").as_bytes());
    }
    world.clients.get_mut("a").expect("a").inbox.clear();
    world.say("a", b"WHOWAS alice\r\nWHOWAS n10\r\nWHOWAS n10000\r\n");
    let inbox = &world.clients["a"].inbox;
    let text: Vec<_> =
        inbox.iter().map(|it| String::from_utf8_lossy(it)).collect();
    assert!(text[0].contains(" 406 "), "{text:?}");
    assert!(text[2].contains(" 406 "), "{text:?}");
    assert!(text[4].contains(" 314 "), "{text:?}");
}

#[test]
fn a_log_of_lines_is_shorter_than_what_a_crowd_hears() {
    let config = ["log = \"lines\"\n", CONFIG].concat();
    let (mut world, _) = crowd_of(300, World::new(&config));
    world.log.clear();
    world.say("a", "PRIVMSG #crowd :hear, hear\r\n".repeat(100).as_bytes());
    assert!(world.log.len() < 20_000, "{} lines", world.log.len());
    let last = world.log.last().map_or("", String::as_str);
    assert!(last.ends_with(" lines of the log are lost"), "{last}");
    world.log.clear();
    world.say("a", b"PRIVMSG #crowd :hear, hear\r\n");
    assert_eq!(world.log.len(), 301);
}

/// Both hold as soon as a message has been too much, not some time later.
#[test]
fn who_does_not_read_leaves_at_once_by_the_newest_limit() {
    let mut world = World::new(CONFIG);
    for (name, nick) in [("a", "alice"), ("b", "bob"), ("c", "carol")] {
        world.register(name, nick, "127.0.0.1");
        world.say(name, b"JOIN #c\r\n");
    }
    for client in world.clients.values_mut() {
        client.inbox.clear();
    }
    world.clients.get_mut("c").expect("c").is_stuck = true;
    world.reconfigure("name = \"irc.test\"\nlimits = { sendq = 65536 }");
    let line = format!("PRIVMSG #c :{}\r\n", "x".repeat(400));
    for _ in 0..20 {
        world.say("a", line.repeat(10).as_bytes());
    }
    world.say("a", b"PING :x\r\n");
    let inbox = &world.clients["a"].inbox;
    let text: Vec<_> =
        inbox.iter().map(|it| String::from_utf8_lossy(it)).collect();
    assert_eq!(
        text,
        [
            ":carol!c@127.0.0.1 QUIT :SendQ exceeded",
            ":irc.test PONG irc.test :x"
        ]
    );
    assert!(world.clients["c"].is_closed);
}
