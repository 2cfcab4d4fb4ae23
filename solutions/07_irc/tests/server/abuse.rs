//! Clients that a server doesn't wish for.

use lab::{Client, Server, raise_descriptor_limit};
use nix::sys::signal::Signal;

use crate::net::{Irc, configured, program, serves, skip};

#[test]
fn a_client_that_does_not_read_is_cut_and_the_others_talk_on() {
    let (program, _) = configured("sendq", "[limits]\nsendq = 65_536\n");
    let server = program.start();
    let mut anna = Irc::register(&server, "anna");
    let mut bert = Irc::register(&server, "bert");
    let mut stuck = Irc::connect_with_little_room(&server);
    stuck.register_as("stuck");
    for client in [&mut anna, &mut bert, &mut stuck] {
        client.join("#c");
    }
    let before = server.peak_memory();
    let line = format!("PRIVMSG #c :{}\r\n", "x".repeat(400));
    // Until the others see it go, which they do.
    let mut is_cut = false;
    for _ in 0..2_000 {
        anna.client.send(line.repeat(20));
        anna.say("PING :round");
        let line = anna.wait_for_any(&["PONG", "QUIT :SendQ exceeded"]);
        if line.contains("QUIT") {
            is_cut = true;
            break;
        }
    }
    assert!(is_cut, "nobody left");
    bert.wait_for(":stuck!stuck@127.0.0.1 QUIT :SendQ exceeded");
    anna.say("PRIVMSG bert :on we go");
    bert.wait_for("on we go");
    // One full queue, and what the lines in it take beside their bytes.
    has_grown_by(&server, before, 8 * 65_536);
}

#[test]
fn one_byte_segments_nuls_and_megabytes_hurt_nobody() {
    let server = program().start();
    let mut anna = Irc::register(&server, "anna");
    let before = server.peak_memory();
    for byte in b"PING :slow\r\n" {
        anna.client.send([*byte]);
    }
    anna.wait_for(":slow");
    anna.client.send(vec![0; 100_000]);
    anna.client.send(vec![b'x'; 1 << 20]);
    anna.client.send("\r\n");
    anna.client.send(b"\xff\xfe\r\n:\r\n: \r\n@\r\n \r\n");
    anna.client.send("PING :end\r\n");
    anna.wait_for(":end");
    serves(&server);
    has_grown_by(&server, before, 256 << 10);
}

/// Fails if the server has taken more than so many bytes more than `before`.
#[track_caller]
fn has_grown_by(server: &Server, before: Option<usize>, most: usize) {
    if let (Some(before), Some(now)) = (before, server.peak_memory()) {
        assert!(now <= before + most, "{before} bytes, and then {now}");
    }
}

#[test]
fn a_half_close_is_answered_before_the_end() {
    let server = program().start();
    let mut anna = Irc::connect(&server);
    anna.say("NICK anna");
    anna.say("USER anna 0 * :Anna");
    anna.say("PING :last");
    anna.client.half_close();
    anna.wait_for(" 001 anna ");
    anna.wait_for(":last");
    anna.wait_for("ERROR ");
    anna.client.expect_end();
    serves(&server);
}

#[test]
fn a_hundred_thousand_that_connect_and_vanish_leave_nothing_behind() {
    let server = program().start();
    serves(&server);
    let (before, memory) = (server.descriptors(), server.peak_memory());
    let mut anna = Irc::register(&server, "anna");
    let mut bert = Irc::register(&server, "bert");
    anna.join("#c");
    bert.join("#c");
    for number in 0..100_000 {
        if number % 1_000 == 0 {
            // Meanwhile the others talk.
            anna.say(&format!("PRIVMSG #c :after {number}"));
            bert.wait_for(&format!(" PRIVMSG #c :after {number}"));
        }
        let mut client = Client::connect(&server);
        if number % 3 > 0 {
            let _ = client.try_send("NICK x\r\nUSER x 0 * :x\r\nJOIN #x\r\n");
        }
        // Each that says goodbye keeps a port of this machine for a minute.
        if number % 10 > 0 {
            client.reset();
        }
    }
    serves(&server);
    for mut client in [anna, bert] {
        client.say("QUIT");
        client.wait_for("ERROR ");
        client.client.expect_end();
    }
    let gone = lab::until(|| (server.descriptors() <= before).then_some(()));
    assert!(gone.is_some(), "{:?}, {before:?}", server.descriptors());
    let mut carl = Irc::register(&server, "carl");
    carl.say("LUSERS");
    carl.wait_for(" 251 carl :There are 1 users and 0 invisible on 1 servers");
    server.expect_idle();
    // Those who are on their way at once, and the history of those who left.
    has_grown_by(&server, memory, 8 << 20);
}

#[test]
fn one_who_floods_leaves_the_others_their_turn() {
    let server = program().start();
    let mut anna = Irc::register(&server, "anna");
    let mut flood = Irc::register(&server, "flood");
    let lines = "PING :x\r\n".repeat(50_000);
    // It doesn't read the answers: what it says comes to rest in the sockets.
    flood.client.send_what_goes(lines.as_bytes());
    for number in 0..10 {
        anna.say(&format!("PING :turn{number}"));
        anna.wait_for(&format!(":turn{number}"));
    }
}

#[test]
fn what_flood_control_holds_back_stays_in_the_sockets() {
    let (program, _) = configured("held", "[limits]\nexempt = []\n");
    let server = program.start();
    let mut anna = Irc::register(&server, "anna");
    let mut flood = Irc::connect(&server);
    let before = server.peak_memory();
    flood.client.send_what_goes("PING :x\r\n".repeat(1_000_000).as_bytes());
    anna.sync();
    server.expect_idle();
    has_grown_by(&server, before, 512 << 10);
}

/// While the server was busy with something else, each of them has said as much
/// as it reads at a time: together far more than may wait for one who reads.
#[test]
fn many_who_talk_at_once_fill_no_queue() {
    let (program, _) = configured("burst", "[limits]\nsendq = 65_536\n");
    let server = program.start();
    let mut anna = Irc::register(&server, "anna");
    anna.join("#c");
    let mut talkers: Vec<Irc> =
        (0..6).map(|it| Irc::register(&server, &format!("t{it}"))).collect();
    for talker in &mut talkers {
        talker.join("#c");
    }
    server.signal(Signal::SIGSTOP);
    let line = format!("PRIVMSG #c :{}\r\n", "x".repeat(400));
    for talker in &mut talkers {
        talker.client.send(line.repeat((16 << 10) / line.len()));
    }
    server.signal(Signal::SIGCONT);
    for client in talkers.iter_mut().chain([&mut anna]) {
        client.sync();
    }
}

#[test]
fn without_a_descriptor_left_newcomers_wait() {
    // 0, 1, 2; epoll; the signals' pipe or socket; one to listen; few clients.
    let server = program().descriptors(14).start();
    let mut clients = Vec::new();
    loop {
        let mut client = Irc::connect(&server);
        client.say("PING :in");
        let is_in =
            lab::until_within(std::time::Duration::from_secs(30), || {
                let said = server.log().text().contains("no descriptor left");
                let name = client.client.name();
                let is_in = server.log().text().contains(&name);
                (said || is_in).then_some(is_in)
            });
        clients.push(client);
        if is_in != Some(true) {
            break;
        }
        assert!(clients.len() < 14, "the limit doesn't hold");
    }
    assert!(clients.len() > 2, "{} clients came in", clients.len());
    let mut waiting = clients.pop().expect("the last one");
    clients[0].sync();
    server.expect_idle();
    clients.pop();
    waiting.wait_for(":in");
}

#[test]
fn idle_clients_cost_no_time() {
    let server = program().start();
    let clients: Vec<Irc> =
        (0..50).map(|it| Irc::register(&server, &format!("n{it}"))).collect();
    // On a busy machine one that spins may not have had its turn: look again.
    for _ in 0..20 {
        server.expect_idle();
    }
    drop(clients);
}

#[test]
fn ten_thousand_clients_are_served() {
    if let Err(why) = raise_descriptor_limit(10_100) {
        return skip(&why);
    }
    let mut server = program().start();
    let mut clients: Vec<Client> = Vec::new();
    for number in 0..10_000 {
        let mut client = Client::connect(&server);
        client.send(format!(
            "NICK n{number}\r\nUSER u 0 * :x\r\nJOIN #c{}\r\n",
            number % 100
        ));
        clients.push(client);
    }
    let mut last = clients.pop().expect("the last one");
    loop {
        if last.line().contains(" 366 ") {
            break;
        }
    }
    last.send("LUSERS\r\n");
    loop {
        let line = last.line();
        if line.contains(" 255 ") {
            assert!(line.contains("I have 10000 clients"), "{line}");
            break;
        }
    }
    server.expect_idle();
    server.signal(Signal::SIGTERM);
    assert_eq!(server.expect_exit().code(), Some(0));
}
