//! Steps 01 to 03: the very same bytes come back, whoever else is there.

use lab::{Client, Family, Program};

use crate::on;

fn the_same_bytes_come_back(program: &Program) {
    let server = program.start();
    for family in [Family::V4, Family::V6] {
        let mut client = Client::connect_by(&server, family);
        // Twice, without a newline, and every byte that there is.
        let every_byte: Vec<u8> = (0..=255).collect();
        for message in [b"salut".as_slice(), b"salut\n", b"\n", &every_byte] {
            client.send(message);
            client.expect(message);
        }
    }
}
on!(the_same_bytes_come_back:
    blocking_echo thread_echo select_echo poll_echo);

fn a_half_close_gets_its_echo_and_then_the_end(program: &Program) {
    let server = program.start();
    let mut client = Client::connect(&server);
    client.send("salut\n");
    client.half_close();
    client.expect("salut\n");
    client.expect_end();
}
on!(a_half_close_gets_its_echo_and_then_the_end:
    blocking_echo thread_echo select_echo poll_echo);

/// More than one `recv` takes, sent at once, read later.
fn a_long_message_comes_back_whole(program: &Program) {
    let server = program.start();
    let mut client = Client::connect(&server);
    let message: Vec<u8> =
        (0..1_000_000_u32).map(|i| (i % 251) as u8).collect();
    client.send(&message);
    client.half_close();
    client.expect(&message);
    client.expect_end();
}
on!(a_long_message_comes_back_whole: blocking_echo thread_echo select_echo);

fn a_client_that_left_makes_room_for_the_next(program: &Program) {
    let server = program.start();
    for _ in 0..3 {
        let mut client = Client::connect(&server);
        client.send("salut\n");
        client.expect("salut\n");
    }
    server.expect_idle();
}
on!(a_client_that_left_makes_room_for_the_next:
    blocking_echo thread_echo select_echo poll_echo);

fn many_clients_talk_at_once(program: &Program) {
    let server = program.start();
    let mut clients: Vec<Client> =
        (0..50).map(|_| Client::connect(&server)).collect();
    // The newest first: nobody depends on those who came before.
    for round in 0..3 {
        for (i, client) in clients.iter_mut().enumerate().rev() {
            client.send(format!("{round} {i}\n"));
            client.expect(format!("{round} {i}\n"));
        }
    }
    // Each of them still silent towards the others.
    for client in &mut clients {
        client.half_close();
        client.expect_end();
    }
    server.expect_idle();
}
on!(many_clients_talk_at_once: thread_echo select_echo);

#[test]
fn one_at_a_time_means_that_the_second_waits_for_the_first() {
    let server = crate::steps::blocking_echo().start();
    let mut first = Client::connect(&server);
    first.send("1\n");
    first.expect("1\n");
    let mut second = Client::connect(&server);
    second.send("2\n");
    first.send("still me\n");
    first.expect("still me\n");
    let connected = format!("client connected \"{}\"", second.name());
    assert!(!server.log().text().contains(&connected));
    drop(first);
    second.expect("2\n");
}

/// A thread that ends gives everything back: its socket first of all.
fn who_left_leaves_nothing_behind(program: &Program) {
    let server = program.start();
    let mut stays = Client::connect(&server);
    stays.send("a\n");
    stays.expect("a\n");
    let before = server.descriptors();
    for _ in 0..20 {
        let mut client = Client::connect(&server);
        client.send("b\n");
        client.expect("b\n");
        client.half_close();
        client.expect_end();
    }
    // The end is seen a moment before the descriptor is gone from the table.
    assert!(
        lab::until(|| (server.descriptors() == before).then_some(())).is_some()
    );
}
on!(who_left_leaves_nothing_behind: thread_echo select_echo poll_echo);
