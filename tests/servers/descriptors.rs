//! More clients than there are descriptors, or than `select` can watch.

use std::net::TcpStream;

use lab::{Client, Family, Program, Server, free_port, raise_descriptor_limit};

use crate::faults::serves;
use crate::on;
use crate::steps::{Chat, skip};

/// Waits until the server has accepted this client.
#[track_caller]
pub(crate) fn is_accepted(server: &Server, client: &Client) {
    server
        .log()
        .expect_line(&format!("client connected \"{}\"", client.name()));
}

/// With descriptors for three clients: the fourth waits, those who are there are
/// served, the server sleeps, and the fourth comes in when somebody leaves.
fn without_a_descriptor_left_newcomers_wait(program: &Program) {
    // 0, 1, 2, the listening socket, three clients.
    let server = program.clone().descriptors(7).start();
    let mut clients: Vec<Client> = Vec::new();
    for _ in 0..3 {
        clients.push(Client::connect(&server));
        is_accepted(&server, &clients[clients.len() - 1]);
    }
    let mut fourth = Client::connect(&server);
    fourth.send("WHO\n");
    let said =
        "no descriptor left, newcomers wait: Too many open files (os error 24)";
    server.log().expect_line(said);
    // With threads it tries again now and then, so it never sleeps for good.
    let settles = || {
        if !format!("{program:?}").contains("_thread_") {
            server.expect_idle();
        }
    };
    settles();
    talk(program, &mut clients);
    assert_eq!(server.log().text().matches(said).count(), 1);
    assert!(!server.log().text().contains(&fourth.name()));
    drop(clients.pop());
    is_accepted(&server, &fourth);
    // The same again is not said again.
    let fifth = Client::connect(&server);
    settles();
    drop(clients.pop());
    is_accepted(&server, &fifth);
    assert_eq!(server.log().text().matches(said).count(), 1);
    drop((clients, fourth, fifth));
    serves(&server, program);
}
on!(without_a_descriptor_left_newcomers_wait:
    thread_echo select_echo poll_echo broadcast_chat command_chat channels
    thread_chat);

/// Has those who are connected say something that the server must answer or relay.
#[track_caller]
pub(crate) fn talk(program: &Program, clients: &mut [Client]) {
    let is_echo = format!("{program:?}").contains("_echo\"");
    for i in 0..clients.len() {
        if is_echo {
            clients[i].send("salut\n");
            clients[i].expect("salut\n");
        } else if Chat::of(program) == Chat::Broadcast {
            clients[i].send(format!("from {i}\n"));
            for (j, client) in clients.iter_mut().enumerate() {
                if i != j {
                    client.expect(format!("from {i}\n"));
                }
            }
        } else {
            clients[i].send("WHO\n");
            // Before the answer there may be notices about the others.
            while clients[i].line().starts_with("[server] client ") {}
        }
    }
}

/// Nobody is there who could give one back: waiting would be for ever.
fn without_any_descriptor_it_ends_with_status_1(program: &Program) {
    let said = match Server::start_on(
        &program.clone().descriptors(4),
        free_port(),
        lab::deadline(),
    ) {
        // `accept` takes its descriptor before it waits: 01 ends without a client.
        Err(reason) => reason.to_string(),
        Ok(mut server) => {
            let _client =
                TcpStream::connect(Family::V4.loopback(server.port()));
            let status = server.expect_exit();
            format!("{status}\n{}", server.errors().last_words())
        }
    };
    assert!(
        said.contains("exit status Some(1)")
            || said.contains(
                "exit status: 1
"
            ),
        "{said}"
    );
    assert!(
        said.contains("no file descriptor left to serve even one client"),
        "{said}"
    );
}
on!(without_any_descriptor_it_ends_with_status_1:
    blocking_echo select_echo broadcast_chat command_chat channels);

/// `FdSet` ends at 1,024: the clients beyond it are refused, the others are served.
fn beyond_1024_descriptors_clients_are_refused(program: &Program) {
    // 1,100 here; the server needs as many.
    if let Err(why) = raise_descriptor_limit(4096) {
        return skip(&why);
    }
    let server = program.clone().descriptors(4096).start();
    let taken = server.descriptors();
    let mut clients: Vec<Client> =
        (0..1100).map(|_| Client::connect(&server)).collect();
    // The last is refused: all those before it have been judged.
    let last = clients.len() - 1;
    clients[last].expect_cut();
    // The log comes through a pipe: a moment after what it tells of.
    let count = |words: &str| server.log().text().matches(words).count();
    let is_counted = || {
        let connected = count("client connected");
        let room = 1024 - taken.unwrap_or(1024 - connected);
        (connected == room && count("client refused") == 1).then_some(connected)
    };
    let connected = lab::until(is_counted);
    let connected = connected.unwrap_or_else(|| {
        let counts = (count("client connected"), count("client refused"));
        panic!("connected and refused are {counts:?}, taken {taken:?}")
    });
    for client in &mut clients[connected..last] {
        client.expect_cut();
    }
    clients.swap(1, connected - 1);
    talk(program, &mut clients[..2]);
    drop(clients);
    serves(&server, program);
    assert_eq!(server.errors().text(), "");
}
on!(beyond_1024_descriptors_clients_are_refused: select_echo command_chat channels);

fn beyond_1024_descriptors_clients_are_served(program: &Program) {
    if let Err(why) = raise_descriptor_limit(4096) {
        return skip(&why);
    }
    let server = program.clone().descriptors(4096).start();
    let mut clients: Vec<Client> =
        (0..1100).map(|_| Client::connect(&server)).collect();
    talk(program, &mut clients);
    drop(clients);
    serves(&server, program);
}
on!(beyond_1024_descriptors_clients_are_served: thread_echo poll_echo);

/// The lab's `listen(1)` would leave half of them waiting.
fn five_hundred_may_come_at_once(program: &Program) {
    if let Err(why) = raise_descriptor_limit(4096) {
        return skip(&why);
    }
    let server = program.clone().descriptors(4096).start();
    let mut clients: Vec<Client> =
        (0..500).map(|_| Client::connect(&server)).collect();
    clients.iter().for_each(|client| is_accepted(&server, client));
    // The first and the last, and all the others are still there.
    clients.swap(1, 499);
    talk(program, &mut clients[..2]);
    drop(clients);
    serves(&server, program);
}
on!(five_hundred_may_come_at_once:
    thread_echo select_echo broadcast_chat command_chat channels thread_chat);
