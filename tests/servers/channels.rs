//! Step 06: who hears whom, in which channel, and who may put whom out.

use lab::{Client, Server};

use crate::steps;

/// Clients with a nick, in no channel yet, who have read all about each other.
fn gather<const N: usize>(server: &Server, nicks: [&str; N]) -> [Client; N] {
    let mut room: Vec<Client> = Vec::new();
    for nick in nicks {
        // Like in step 05: no channel is joined.
        let client = Client::connect(server);
        steps::arrive(&mut room, client, steps::Chat::Commands, nick);
    }
    room.try_into().unwrap_or_else(|_| panic!("there were {N} of them"))
}

#[track_caller]
fn all_read(clients: &mut [&mut Client], line: &str) {
    for client in clients {
        client.expect(format!("{line}\n"));
    }
}

#[test]
fn only_the_members_of_a_channel_talk_and_hear_there() {
    let server = steps::channels().start();
    let nicks = ["alice", "bob", "carol", "dave"];
    let [mut alice, mut bob, mut carol, mut dave] = gather(&server, nicks);
    alice.send("JOIN rust\n");
    alice.expect("[server] client \"alice\" joined \"rust\"\n");
    bob.send("JOIN #rust\n");
    all_read(
        &mut [&mut alice, &mut bob],
        "[server] client \"bob\" joined \"rust\"",
    );
    carol.send("JOIN python\n");
    carol.expect("[server] client \"carol\" joined \"python\"\n");
    alice.send("MSG rust salut  bob\n");
    bob.expect("[alice] salut  bob\n");
    bob.send("MSG #rust salut\n");
    alice.expect("[bob] salut\n");
    // From outside, from another channel, and to one that isn't there.
    dave.send("MSG rust hello\n");
    dave.expect("[server] you are not in \"rust\"\n");
    carol.send("MSG rust hello\n");
    carol.expect("[server] you are not in \"rust\"\n");
    alice.send("MSG void hello\n");
    alice.expect("[server] you are not in \"void\"\n");
    alice.send("MSG rust\n");
    alice.expect("[server] MSG expects a channel and a message\n");
    // Nobody has read anything else: the next line is the answer to one's own WHO.
    for client in [&mut alice, &mut bob, &mut carol, &mut dave] {
        client.send("WHO\n");
        client.expect("[server] alice bob carol dave\n");
    }
    server.expect_idle();
}

#[test]
fn one_is_in_one_channel_at_a_time() {
    let server = steps::channels().start();
    let [mut alice, mut bob] = gather(&server, ["alice", "bob"]);
    alice.send("JOIN rust\nJOIN rust\nJOIN #rust\n");
    alice.expect("[server] client \"alice\" joined \"rust\"\n");
    alice.expect("[server] you are in \"rust\" already\n".repeat(2));
    bob.send("JOIN rust\n");
    all_read(
        &mut [&mut alice, &mut bob],
        "[server] client \"bob\" joined \"rust\"",
    );
    bob.send("JOIN python\n");
    all_read(
        &mut [&mut alice, &mut bob],
        "[server] client \"bob\" left \"rust\"",
    );
    bob.expect("[server] client \"bob\" joined \"python\"\n");
    alice.send("MSG rust seule\n");
    bob.send("PART\nPART\n");
    bob.expect("[server] client \"bob\" left \"python\"\n");
    bob.expect("[server] you are in no channel\n");
    bob.send("MSG python hello\n");
    bob.expect("[server] you are not in \"python\"\n");
    for name in ["", "#", "two words", &"x".repeat(33)] {
        bob.send(format!("JOIN {name}\n"));
        bob.expect("[server] a channel is one word of at most 32 bytes\n");
    }
    alice.send("WHO\n");
    alice.expect("[server] alice bob\n");
}

#[test]
fn list_names_each_living_channel_once() {
    let server = steps::channels().start();
    let [mut alice, mut bob, mut carol] =
        gather(&server, ["alice", "bob", "carol"]);
    carol.send("LIST\n");
    carol.expect("[server] there is no channel\n");
    alice.send("JOIN rust\n");
    alice.expect("[server] client \"alice\" joined \"rust\"\n");
    bob.send("JOIN python\n");
    bob.expect("[server] client \"bob\" joined \"python\"\n");
    carol.send("JOIN rust\n");
    all_read(
        &mut [&mut alice, &mut carol],
        "[server] client \"carol\" joined \"rust\"",
    );
    for client in [&mut alice, &mut bob, &mut carol] {
        client.send("LIST\n");
        client.expect("[server] rust python\n");
    }
    bob.send("PART\nLIST\n");
    bob.expect("[server] client \"bob\" left \"python\"\n[server] rust\n");
    // An empty channel disappears too when its members quit or vanish.
    carol.send("QUIT\n");
    carol.expect_end();
    alice.expect("[server] client disconnected \"carol\"\n");
    alice.reset();
    bob.expect("[server] client disconnected \"carol\"\n");
    bob.expect("[server] client disconnected \"alice\"\n");
    bob.send("LIST\n");
    bob.expect("[server] there is no channel\n");
}

#[test]
fn goodbyes_stay_in_the_channel_and_notices_go_to_all() {
    let server = steps::channels().start();
    let nicks = ["alice", "bob", "carol", "dave"];
    let [mut alice, mut bob, mut carol, mut dave] = gather(&server, nicks);
    alice.send("JOIN rust\n");
    alice.expect("[server] client \"alice\" joined \"rust\"\n");
    bob.send("JOIN rust\n");
    all_read(
        &mut [&mut alice, &mut bob],
        "[server] client \"bob\" joined \"rust\"",
    );
    bob.send("QUIT ciao\n");
    alice.expect("[bob] ciao\n");
    let gone = "[server] client disconnected \"bob\"";
    all_read(&mut [&mut alice, &mut carol, &mut dave], gone);
    // In no channel there is nobody to say goodbye to.
    carol.send("QUIT ciao\n");
    let gone = "[server] client disconnected \"carol\"";
    all_read(&mut [&mut alice, &mut dave], gone);
}

#[test]
fn kick_puts_out_of_the_channel_and_not_of_the_server() {
    let server = steps::channels().start();
    let nicks = ["alice", "bob", "carol"];
    let [mut alice, mut bob, mut carol] = gather(&server, nicks);
    alice.send("JOIN rust\n");
    alice.expect("[server] client \"alice\" joined \"rust\"\n");
    bob.send("JOIN rust\n");
    all_read(
        &mut [&mut alice, &mut bob],
        "[server] client \"bob\" joined \"rust\"",
    );
    // Not by a member, not from outside, not of somebody outside.
    bob.send("KICK alice\n");
    bob.expect("[server] KICK is for the moderator of \"rust\"\n");
    carol.send("KICK bob\n");
    carol.expect("[server] you are in no channel\n");
    alice.send("KICK carol\nKICK nobody\nKICK\n");
    alice.expect("[server] nobody in \"rust\" is \"carol\"\n");
    alice.expect("[server] nobody in \"rust\" is \"nobody\"\n");
    alice.expect("[server] KICK expects a nick\n");
    // The right stays with the client under another nick.
    alice.send("NICK queen\nKICK bob\n");
    let renamed = "[server] client \"alice\" => \"queen\"";
    all_read(&mut [&mut alice, &mut bob, &mut carol], renamed);
    let kicked = "[server] client \"bob\" kicked from \"rust\" by \"queen\"";
    all_read(&mut [&mut alice, &mut bob], kicked);
    bob.send("MSG rust hello\nWHO\nJOIN rust\n");
    bob.expect("[server] you are not in \"rust\"\n[server] queen bob carol\n");
    all_read(
        &mut [&mut alice, &mut bob],
        "[server] client \"bob\" joined \"rust\"",
    );
    // Who takes the nick that the creator had gets no right with it.
    bob.send("NICK alice\nKICK queen\n");
    let renamed = "[server] client \"bob\" => \"alice\"";
    all_read(&mut [&mut alice, &mut bob, &mut carol], renamed);
    bob.expect("[server] KICK is for the moderator of \"rust\"\n");
}

/// By whichever way the moderator leaves, the oldest member takes over.
#[test]
fn the_oldest_member_inherits_the_channel() {
    type Leave = fn(&mut Client);
    let ways: [(Leave, &str); 4] = [
        (
            |client| client.send("PART\n"),
            "[server] client \"alice\" left \"rust\"",
        ),
        (
            |client| client.send("JOIN c\n"),
            "[server] client \"alice\" left \"rust\"",
        ),
        (
            |client| client.send("QUIT\n"),
            "[server] client disconnected \"alice\"",
        ),
        (Client::half_close, "[server] client disconnected \"alice\""),
    ];
    for (leave, told) in ways {
        let server = steps::channels().start();
        let nicks = ["carol", "bob", "alice"];
        let [mut carol, mut bob, mut alice] = gather(&server, nicks);
        // Alice, Bob, Carol: not the order in which they connected.
        for client in [&mut alice, &mut bob, &mut carol] {
            client.send("JOIN rust\nMSG rust here\nLIST\n");
            while client.line() != "[server] rust" {}
        }
        for line in ["client \"carol\" joined \"rust\"", "here"] {
            while !bob.line().contains(line) {}
        }
        leave(&mut alice);
        let moderator = "[server] \"bob\" is the moderator of \"rust\"";
        all_read(&mut [&mut bob, &mut carol], told);
        all_read(&mut [&mut bob, &mut carol], moderator);
        bob.send("KICK carol\n");
        let kicked =
            "[server] client \"carol\" kicked from \"rust\" by \"bob\"";
        all_read(&mut [&mut bob, &mut carol], kicked);
    }
}
