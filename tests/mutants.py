#!/usr/bin/env python3
"""Shows that the tests of the servers and of the client can fail.

Each mutant below is the course with one thing broken, and names the tests that
must see it. This script breaks a copy of the working tree (in target/mutants),
runs those tests there, and complains about a mutant that nobody saw, and about a
test that no mutant has ever made fail.

    python3 tests/mutants.py              all of them, about ten minutes
    python3 tests/mutants.py REGEX        those whose name matches
    python3 tests/mutants.py --words      says which name words that are no longer
                                          there, and plays none
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from mutation import copy_tree, say_out_of_date

ROOT = Path(__file__).resolve().parent.parent
COPY = ROOT / "target" / "mutants" / "tree"
TARGET = ROOT / "target" / "mutants" / "target"

S01, S02, S03, S04, S05, S06 = (
    f"solutions/{name}.rs"
    for name in (
        "01_blocking_echo", "02_thread_echo", "03_select_echo",
        "04_broadcast_chat", "05_command_chat", "06_channels",
    )
)
BONUS, MAILBOX = "solutions/bonus_thread_chat.rs", "src/mailbox.rs"
EVERY_CHAT = ("broadcast_chat", "command_chat", "channels")

# What is broken, where, the words to replace, their replacement, who must see it.
MUTANTS = [
    # The command line.
    ("help in English only", "src/words.rs", "Lang::Fr => self.french(speaker)", "Lang::Fr => self.english(speaker)",
     ["command_line::help_is_there_in_both_languages"]),
    ("any number is a port", "src/cli.rs", "port.ok_or_else(|| Message::NotAPort(argument.to_string()))", "Ok(port.unwrap_or(0))",
     ["command_line::a_command_line_that_makes_no_sense_is_refused"]),
    ("+7777 is a port", "src/cli.rs", "argument.bytes().all(|byte| byte.is_ascii_digit())", "true",
     ["command_line::a_command_line_that_makes_no_sense_is_refused"]),
    ("a password for everybody", "src/cli.rs", '"--admin" if with_admin && admin.is_none()', '"--admin" if admin.is_none()',
     ["command_line::only_the_chats_with_kill_have_an_administrator"]),
    ("LANG before LC_ALL", "src/words.rs", '["LC_ALL", "LC_MESSAGES", "LANG"]', '["LANG", "LC_MESSAGES", "LC_ALL"]',
     ["command_line::the_first_variable_that_is_set_decides_the_language"]),
    ("an empty variable decides", "src/words.rs", "find(|value| !value.is_empty())", "find(|_| true)",
     ["command_line::the_first_variable_that_is_set_decides_the_language"]),
    ("every error is the same", "src/cli.rs", "io::ErrorKind::AddrInUse =>", "io::ErrorKind::WriteZero =>",
     ["command_line::a_port_that_is_taken_is_said", "guards::somebody_elses_listener_is_not_the_servers"]),
    ("no permission, no word", "src/cli.rs", "io::ErrorKind::PermissionDenied =>", "io::ErrorKind::WriteZero =>",
     ["command_line::a_port_that_is_not_permitted_is_said"]),
    ("says the port that was asked for", "src/listen.rs", "    let port = listener.local_addr()?.port();\n", "",
     ["command_line::port_0_is_any_free_port"]),
    ("brackets in names", "src/accept.rs", 'format!("{}:{}", address.ip(), address.port())', "address.to_string()",
     ["command_line::the_log_tells_who_came_and_left"]),
    ("a departure without a word", "src/peer.rs", 'log!("client disconnected {:?}", self.name);', "",
     ["command_line::the_log_tells_who_came_and_left::select_echo"]),
    ("a log that must be written", "src/log.rs", 'let _ = stdout.write_all(format!("{text}\\n").as_bytes());', 'stdout.write_all(format!("{text}\\n").as_bytes()).expect("stdout");',
     ["command_line::a_closed_stdout_stops_nobody"]),
    ("no SO_REUSEADDR", "src/listen.rs", "    socket.set_reuse_address(true)?;\n", "",
     ["command_line::ctrl_c_ends_it_and_frees_its_port::select_echo"]),
    ("no SO_REUSEADDR by hand", S01, "    socket.set_reuse_address(true)?;\n", "",
     ["command_line::ctrl_c_ends_it_and_frees_its_port::blocking_echo"]),
    ("IPv6 or nothing", "src/listen.rs", "Err(error) if is_without_ipv6(&error)", "Err(error) if false && is_without_ipv6(&error)",
     ["command_line::a_host_without_ipv6_gets_ipv4"]),
    # The echo servers.
    ("01 sends its whole buffer", S01, "client.write_all(&buffer[..n])?;", "client.write_all(&buffer)?;",
     ["echo::the_same_bytes_come_back::blocking_echo"]),
    ("02 sends its whole buffer", S02, "client.write_all(&buffer[..n])?;", "client.write_all(&buffer)?;",
     ["echo::the_same_bytes_come_back::thread_echo"]),
    ("03 adds a newline", S03, "    client.send(&message)", "    client.send(&message)?;\n    client.send(b\"\\n\")",
     ["echo::the_same_bytes_come_back::select_echo"]),
    ("poll watches the first client only", "examples/poll_echo.rs", "for client in &clients {\n", "for client in clients.iter().take(1) {\n",
     ["descriptors::beyond_1024_descriptors_clients_are_served::poll_echo"]),
    ("poll has the limit of select", "examples/poll_echo.rs", "?.without_limit()", "?",
     ["descriptors::beyond_1024_descriptors_clients_are_served::poll_echo"]),
    ("poll reads from those who take nothing", "examples/poll_echo.rs", "client.has_unsent()", "false",
     ["slow::an_echo_that_nobody_takes_stops_nobody_else::poll_echo"]),
    ("poll reads on while it owes", "examples/poll_echo.rs", "PollFlags::POLLOUT\n            } else", "PollFlags::POLLOUT | PollFlags::POLLIN\n            } else",
     ["slow::an_echo_that_nobody_takes_stops_nobody_else::poll_echo"]),
    ("01 writes once", S01, "client.write_all(&buffer[..n])?;", "let _ = client.write(&buffer[..n / 2 + 1])?;",
     ["echo::a_long_message_comes_back_whole::blocking_echo"]),
    ("03 forgets what the socket did not take", "src/outbox.rs", "Ok(n) => drop(self.bytes.drain(..n))", "Ok(n) => {\n                    let all = n.max(self.bytes.len());\n                    drop(self.bytes.drain(..all));\n                }",
     ["slow::an_echo_that_nobody_takes_stops_nobody_else::select_echo"]),
    ("03 sends the start of a long message", S03, "client.send(&message)", "client.send(&message[..message.len().min(1500)])",
     ["echo::a_long_message_comes_back_whole::select_echo"]),
    ("01 stops after its first client", S01, 'log!("client disconnected {name:?}");', 'log!("client disconnected {name:?}");\n        return Ok(());',
     ["echo::a_client_that_left_makes_room_for_the_next::blocking_echo"]),
    ("01 ignores the end", S01, "Ok(0) => return Ok(()),", "Ok(0) => continue,",
     ["echo::a_half_close_gets_its_echo_and_then_the_end::blocking_echo", "echo::a_client_that_left_makes_room_for_the_next::blocking_echo"]),
    ("03 keeps those who left", S03, "clients.retain(|client| !client.has_left());", "",
     ["echo::a_half_close_gets_its_echo_and_then_the_end::select_echo", "echo::a_client_that_left_makes_room_for_the_next::select_echo",
      "echo::who_left_leaves_nothing_behind::select_echo"]),
    ("02 waits for its thread", S02, "thread::Builder::new().spawn(conversation) {", "thread::Builder::new().spawn(conversation).map(|thread| thread.join()) {",
     ["echo::many_clients_talk_at_once::thread_echo", "slow::a_flood_stops_nobody_else::thread_echo",
      "slow::an_echo_that_nobody_takes_stops_nobody_else::thread_echo"]),
    ("02 leaks a copy of the socket", S02, "let conversation = move || {", "std::mem::forget(client.try_clone()?);\n        let conversation = move || {",
     ["echo::who_left_leaves_nothing_behind::thread_echo", "echo::a_half_close_gets_its_echo_and_then_the_end::thread_echo"]),
    ("03 serves one of those who are ready", S03, "if handle(&mut clients[i]) == Err(Gone) {", "if i % 2 == 0 && handle(&mut clients[i]) == Err(Gone) {",
     ["echo::many_clients_talk_at_once::select_echo"]),
    ("01 serves two at once", S01, "if let Err(error) = handle(client) {", "let talk = move || handle(client);\n        let _ = std::thread::Builder::new().spawn(talk)?;\n        if let Err(error) = Ok::<(), io::Error>(()) {",
     ["echo::one_at_a_time_means_that_the_second_waits_for_the_first"]),
    # Faults.
    ("01 ends with a client that vanishes", S01, 'log!("client {name:?} vanished: {error}");', "return Err(error);",
     ["faults::a_reset_concerns_one_client::blocking_echo"]),
    ("02 panics over a client that vanishes", S02, 'log!("client {name:?} vanished: {error}");', 'panic!("{error}");',
     ["faults::a_reset_concerns_one_client::thread_echo", "slow::a_client_may_vanish_while_it_is_written_to::thread_echo"]),
    ("a client that vanishes is kept", "src/peer.rs", "            Err(error) => Err(self.vanished(&error)),", '            Err(error) => panic!("{error}"),',
     [f"faults::a_reset_concerns_one_client::{step}" for step in ("select_echo", *EVERY_CHAT)]),
    ("accept waits", "src/door.rs", "        listener.set_nonblocking(true)?;\n", "",
     ["faults::a_false_alarm_does_not_stop_the_server"]),
    ("recv waits", "src/peer.rs", "        socket.set_nonblocking(true)?;\n", "",
     ["faults::a_false_alarm_does_not_stop_the_server", "slow::an_echo_that_nobody_takes_stops_nobody_else::select_echo",
      "slow::who_never_reads_is_dropped"]),
    ("a false alarm is an error", "src/peer.rs", "Err(error) if PASSING.contains(&error.kind()) =>", "Err(error) if error.kind() == ErrorKind::TimedOut =>",
     ["faults::a_false_alarm_does_not_stop_the_server"]),
    ("an interruption is an error", "src/peer.rs", "[ErrorKind::WouldBlock, ErrorKind::Interrupted]", "[ErrorKind::WouldBlock, ErrorKind::WouldBlock]",
     ["faults::what_passes_is_tried_again::select_echo"]),
    ("01: an interruption is an error", S01, "error.kind() == ErrorKind::Interrupted", "error.kind() == ErrorKind::TimedOut",
     ["faults::what_passes_is_tried_again::blocking_echo"]),
    ("04: EINTR ends the server", S04, "            Err(Errno::EINTR) => continue,\n", "",
     ["faults::what_passes_is_tried_again::broadcast_chat"]),
    ("who gave up ends the server", "src/accept.rs", "Err(error) if gave_up(&error) => continue,", "",
     ["faults::what_passes_is_tried_again"]),
    ("a vanished client in the queue ends the server", "src/door.rs", "            accepted => accepted?,", "            accepted => {\n                let accepted = accepted?;\n                accepted.0.peer_addr()?;\n                accepted\n            }",
     [f"faults::a_client_may_vanish_in_the_queue::{step}" for step in ("select_echo", *EVERY_CHAT)]),
    ("only one may leave in a turn", S03, "clients.retain(|client| !client.has_left());", "if let Some(i) = clients.iter().position(Peer::has_left) {\n            clients.truncate(i);\n        }",
     ["faults::several_may_leave_in_the_same_turn::select_echo"]),
    ("04 removes by a number that has moved", S04, "clients.retain(|client| !client.has_left());", "let gone: Vec<usize> = (0..clients.len()).filter(|&i| clients[i].has_left()).collect();\n        gone.into_iter().for_each(|i| drop(clients.remove(i)));",
     ["faults::several_may_leave_in_the_same_turn::broadcast_chat"]),
    ("04 stops at the first who is gone", S04, "if i != from && client.send(message.as_bytes()) == Err(Gone) {\n            client.close();", "if i != from && (client.send(message.as_bytes()).and(client.flush()) == Err(Gone)) {\n            client.close();\n            return;",
     ["faults::a_message_to_the_dead_reaches_the_living::broadcast_chat"]),
    # Lines.
    ("04 sends to the sender too", S04, "if i != from && client", "if client",
     ["lines::what_one_says_all_the_others_get::broadcast_chat"]),
    ("04 sends to the first other", S04, "            client.close();\n        }\n    }\n}", "            client.close();\n        }\n        if i != from {\n            return;\n        }\n    }\n}",
     ["lines::what_one_says_all_the_others_get::broadcast_chat"]),
    ("05 splits at every space", S05, "Ok(vec![say(self.others(*id), nick, text)])", "let text = text.split_whitespace().collect::<Vec<_>>().join(\" \");\n        Ok(vec![say(self.others(*id), nick, &text)])",
     ["lines::what_one_says_all_the_others_get::command_chat"]),
    ("half a line is forgotten", "src/lines.rs", "        self.bytes.drain(..self.start);", "        self.bytes.clear();",
     ["lines::a_line_in_two_pieces_is_one_line"]),
    ("each piece is decoded apart", "src/lines.rs", "        self.bytes.extend_from_slice(bytes);", "        self.bytes.extend_from_slice(String::from_utf8_lossy(bytes).as_bytes());",
     ["lines::a_line_in_two_pieces_is_one_line"]),
    ("05 executes one line of a piece", S05, "    while let Some(line) = clients[i].next_line()? {", "    if let Some(line) = clients[i].next_line()? {",
     ["lines::lines_in_one_piece_are_several_lines::command_chat"]),
    ("04 relays one line of a piece", S04, "    while let Some(line) = clients[i].next_line()? {", "    if let Some(line) = clients[i].next_line()? {",
     ["lines::lines_in_one_piece_are_several_lines::broadcast_chat"]),
    ("06 executes one line of a piece", S06, "    while let Some(line) = clients[i].next_line()? {", "    if let Some(line) = clients[i].next_line()? {",
     ["lines::lines_in_one_piece_are_several_lines::channels"]),
    ("control characters pass", "src/lines.rs", "        line.retain(|c| c == '\\t' || !c.is_control());\n", "",
     ["lines::control_characters_stay_here", "commands::a_nick_has_no_control_character"]),
    ("tabs are dropped", "src/lines.rs", "c == '\\t' || !c.is_control()", "!c.is_control()",
     ["lines::control_characters_stay_here"]),
    ("LF alone ends a line", "src/lines.rs", "        let line = line.strip_suffix(b\"\\r\").unwrap_or(line);\n", "",
     ["lines::a_line_of_8_kib_passes_and_a_longer_one_is_the_end"]),
    ("CR stays", "src/lines.rs", "        self.start += end + 1;\n", "        if bytes[..end].ends_with(b\"\\r\") {\n            line.push('\\r');\n        }\n        self.start += end + 1;\n",
     ["lines::the_end_of_a_line_is_lf_or_cr_lf"]),
    ("bytes that are no text are dropped", "src/lines.rs", "String::from_utf8_lossy(line).into_owned()", "String::from_utf8_lossy(line).replace('\\u{fffd}', \"\")",
     ["lines::bytes_that_are_no_text_are_replaced"]),
    ("text or panic", "src/lines.rs", "String::from_utf8_lossy(line).into_owned()", 'String::from_utf8(line.to_vec()).expect("text")',
     ["lines::bytes_that_are_no_text_are_replaced", "lines::noise_harms_nobody"]),
    ("a last line without its end is lost", "src/peer.rs", "let has_last_line = self.lines.finish();", "let has_last_line = false;",
     ["lines::the_last_line_needs_no_newline", "commands::a_question_before_the_half_close_is_answered"]),
    ("lines may grow for ever", "src/lines.rs", "if line.len() > LIMIT {", "if line.len() > LIMIT << 10 {",
     ["lines::a_line_of_8_kib_passes_and_a_longer_one_is_the_end"]),
    ("a line of 8 KiB is too long", "src/lines.rs", "if line.len() > LIMIT {", "if line.len() >= LIMIT {",
     ["lines::a_line_of_8_kib_passes_and_a_longer_one_is_the_end"]),
    ("too long, and nobody is told", "src/peer.rs", '            let _ = self.send(b"[server] line too long\\n");\n', "",
     ["lines::a_line_of_8_kib_passes_and_a_longer_one_is_the_end"]),
    # Slow clients.
    ("03 reads on from who does not take it", S03, "            if client.has_unsent() {\n                writable.insert(client.as_fd());\n            } else {\n                readable.insert(client.as_fd());\n            }", "            if client.has_unsent() {\n                writable.insert(client.as_fd());\n            }\n            readable.insert(client.as_fd());",
     ["slow::an_echo_that_nobody_takes_stops_nobody_else::select_echo"]),
    ("who is owed nothing is in the second set", S04, "if client.has_unsent() {\n                writable.insert(client.as_fd());\n            } else {", "writable.insert(client.as_fd());\n            if !client.has_unsent() {",
     ["lines::what_one_says_all_the_others_get::broadcast_chat"]),
    ("a write error is forgotten", "src/peer.rs", "written.map_err(|error| self.vanished(&error))", "written.or(Ok(()))",
     ["slow::a_client_may_vanish_while_it_is_written_to::select_echo", "slow::who_is_owed_something_may_vanish"]),
    ("01 ends when it can't write", S01, "client.write_all(&buffer[..n])?;", "client.write_all(&buffer[..n]).unwrap();",
     ["slow::a_client_may_vanish_while_it_is_written_to::blocking_echo"]),
    ("a queue without a limit", "src/outbox.rs", "if self.bytes.len() + bytes.len() > LIMIT {", "if self.bytes.len() + bytes.len() > LIMIT << 10 {",
     ["slow::who_never_reads_is_dropped"]),
    ("reads all that one sends", "src/peer.rs", "            Ok(n) => Ok(buffer[..n].to_vec()),", "            Ok(n) => {\n                let mut all = buffer[..n].to_vec();\n                while let Ok(n @ 1..) = self.socket.read(&mut buffer) {\n                    all.extend(&buffer[..n]);\n                }\n                Ok(all)\n            }",
     ["slow::a_flood_leaves_the_others_their_turn"]),
    ("02 counts to three", S02, "let (client, name) = accept_patiently(listener)?;", "let (client, name) = accept_patiently(listener)?;\n        if std::fs::read_dir(\"/proc/self/task\")?.count() > 1 {\n            continue;\n        }",
     ["slow::a_flood_stops_nobody_else::thread_echo"]),
    ("sixteen kibibytes of lines in a turn", "src/peer.rs", "const LINES_TURN: usize = 2 << 10;", "const LINES_TURN: usize = TURN;",
     ["slow::a_flood_leaves_the_others_their_turn"]),
    ("late is lost", "src/peer.rs", "        if self.leaving || self.outbox.push(bytes).is_ok() {", "        if self.leaving || self.has_unsent() || self.outbox.push(bytes).is_ok() {",
     ["slow::who_reads_late_reads_it_all"]),
    ("who is closed loses what it's owed", "src/peer.rs", "        self.leaving && self.outbox.is_empty()", "        self.leaving",
     ["slow::who_is_killed_reads_late_what_it_is_owed"]),
    # Descriptors.
    ("EMFILE ends the server", "src/door.rs", "Err(error) if is_out_of_resources(&error) && clients > 0", "Err(error) if is_out_of_resources(&error) && clients > 1000",
     [f"descriptors::without_a_descriptor_left_newcomers_wait::{step}" for step in ("select_echo", *EVERY_CHAT)]),
    ("EMFILE makes it spin", "src/door.rs", "self.full_at.is_none_or(|full| clients < full)", "self.full_at.is_none_or(|full| clients <= full)",
     ["descriptors::without_a_descriptor_left_newcomers_wait::select_echo"]),
    ("EMFILE closes the door for ever", "src/door.rs", "self.full_at.is_none_or(|full| clients < full)", "self.full_at.is_none_or(|full| clients > full)",
     ["descriptors::without_a_descriptor_left_newcomers_wait::select_echo"]),
    ("says it at each departure", "src/accept.rs", "    SAID.call_once(|| log!(\"no descriptor left, newcomers wait: {error}\"));", "    let _ = &SAID;\n    log!(\"no descriptor left, newcomers wait: {error}\");",
     ["descriptors::without_a_descriptor_left_newcomers_wait::select_echo"]),
    ("02 ends for want of descriptors", S02, "accept_patiently(listener)?", "causette::accept(listener)?",
     ["descriptors::without_a_descriptor_left_newcomers_wait::thread_echo"]),
    ("waits for ever without a client", "src/door.rs", "is_out_of_resources(&error) && clients > 0", "is_out_of_resources(&error)",
     [f"descriptors::without_any_descriptor_it_ends_with_status_1::{step}" for step in ("select_echo", *EVERY_CHAT)]),
    ("01 tries again for ever", "src/accept.rs", "            Err(error) if gave_up(&error) => continue,", "            Err(error) if gave_up(&error) || is_out_of_resources(&error) => {\n                continue;\n            }",
     ["descriptors::without_any_descriptor_it_ends_with_status_1::blocking_echo"]),
    ("nobody is refused", "src/door.rs", "if number(&socket) >= self.limit {", "if number(&socket) >= self.limit << 4 {",
     ["descriptors::beyond_1024_descriptors_clients_are_refused"]),
    ("each refusal is said", "src/door.rs", "static SAID: Once = Once::new();", "let said = Once::new();\n            #[expect(non_snake_case)]\n            let SAID = &said;",
     ["descriptors::beyond_1024_descriptors_clients_are_refused"]),
    ("room for two hundred", S03, "clients.extend(door.accept(clients.len())?);", "clients.extend(door.accept(clients.len())?);\n            clients.truncate(200);",
     ["descriptors::five_hundred_may_come_at_once::select_echo"]),
    # Commands.
    ("WHO for everybody", S05, "Ok(vec![say(vec![self.members[me].id], \"server\", &nicks.join(\" \"))])", "Ok(vec![say(self.members.iter().map(|member| member.id).collect(), \"server\", &nicks.join(\" \"))])",
     ["commands::alice_bob_and_carol_spend_an_evening", "commands::who_is_in_order_of_connection_and_for_its_sender::command_chat"]),
    ("capitals or nothing", S05, "match command.to_ascii_uppercase().as_str() {", "match command {",
     ["commands::commands_are_taken_in_any_case_and_empty_lines_ignored::command_chat"]),
    ("an empty line is a command", S06, "        if line.trim().is_empty() {\n            return Vec::new();\n        }\n", "",
     ["commands::commands_are_taken_in_any_case_and_empty_lines_ignored::channels"]),
    ("nonsense is told to all", S05, 'answer.unwrap_or_else(|reason| vec![say(vec![id], "server", &reason)])', 'answer.unwrap_or_else(|reason| vec![say(self.members.iter().map(|member| member.id).collect(), "server", &reason)])',
     ["commands::what_makes_no_sense_is_told_to_its_sender_alone::command_chat"]),
    ("an empty message is one", S06, "        if text.trim().is_empty() {", "        if false {",
     ["channels::only_the_members_of_a_channel_talk_and_hear_there"]),
    ("the newest first", S06, "self.members.push(Member { id, address, nick, is_admin: false });", "self.members.insert(0, Member { id, address, nick, is_admin: false });",
     ["commands::who_is_in_order_of_connection_and_for_its_sender::channels"]),
    ("two may have one nick", S05, "if self.members.iter().any(|member| member.nick == nick) {", "if false {",
     ["commands::a_nick_is_one_word_that_is_nobody_elses::command_chat"]),
    ("server is a nick", S06, 'nick.eq_ignore_ascii_case("server")', "false",
     ["commands::a_nick_is_one_word_that_is_nobody_elses::channels"]),
    ("nicks of characters", S05, "word.len() <= WORD_LIMIT", "word.chars().count() <= WORD_LIMIT",
     ["commands::a_nick_is_one_word_that_is_nobody_elses::command_chat"]),
    ("an address in brackets is a nick", S05, "ip.trim_matches(['[', ']'])", "ip",
     ["commands::a_nick_is_one_word_that_is_nobody_elses::command_chat"]),
    ("a departure without a notice", S05, 'vec![say(self.others(id), "server", &notice)]\n    }\n\n    fn execute', "let _ = notice;\n        vec![]\n    }\n\n    fn execute",
     ["commands::a_departure_is_told_once::command_chat"]),
    ("QUIT says goodbye to oneself", S05, "effects.push(say(self.others(*id), nick, message));", "effects.push(say(self.members.iter().map(|member| member.id).collect(), nick, message));",
     ["commands::quit_says_goodbye_when_there_is_one::command_chat"]),
    ("QUIT does not close", S05, "        effects.push(Effect::Close(*id));\n", "",
     ["commands::quit_says_goodbye_when_there_is_one::command_chat", "commands::a_departure_is_told_once::command_chat"]),
    ("KILL closes the killer", S05, "effects.push(Effect::Close(victim.id));", "effects.push(Effect::Close(killer.id));",
     ["commands::kill_tells_its_victim_why_and_closes::command_chat"]),
    ("KILL without a word", S06, "effects.push(say(vec![victim.id], &killer.nick, message));", "effects.push(say(vec![], &killer.nick, message));",
     ["commands::kill_tells_its_victim_why_and_closes::channels"]),
    ("closes on unread bytes", "src/parting.rs", "for _ in 0..64 {", "for _ in 0..0 {",
     ["commands::a_victim_that_talks_reads_why"]),
    ("any password will do", S05, "Some(expected) if expected != password => {", "Some(expected) if expected == password => {",
     ["commands::an_administrator_keeps_kill::command_chat"]),
    ("the password is not asked for", S06, "if self.password.is_some() && !killer.is_admin {", "if false {",
     ["commands::an_administrator_keeps_kill::channels"]),
    ("ADMIN without a password", S05, 'None => Err("no need of ADMIN here: anyone may KILL".to_string()),', 'None => Err("wrong password".to_string()),',
     ["commands::without_a_password_anyone_may_kill"]),
    # Channels.
    ("a message to every channel", S06, "Some(mine) if mine.name == channel => {", "Some(mine) if mine.name != channel || !channel.is_empty() => {",
     ["channels::only_the_members_of_a_channel_talk_and_hear_there"]),
    ("#rust is not rust", S06, "channel.strip_prefix('#').unwrap_or(channel)", "channel",
     ["channels::only_the_members_of_a_channel_talk_and_hear_there"]),
    ("JOIN keeps the old channel", S06, "            effects = self.part(me)?;\n", "",
     ["channels::one_is_in_one_channel_at_a_time"]),
    ("an empty channel stays", S06, "            self.channels.remove(i);\n", "",
     ["channels::list_names_each_living_channel_once"]),
    ("LIST says nothing of nothing", S06, "line = \"there is no channel\".to_string();", "line.clear();",
     ["channels::list_names_each_living_channel_once"]),
    ("goodbye to everybody", S06, "effects.push(say(channel.others(*id), nick, message));", "let _ = channel;\n            effects.push(say(self.others(*id), nick, message));",
     ["channels::goodbyes_stay_in_the_channel_and_notices_go_to_all"]),
    ("anyone may KICK", S06, "if members.first() != Some(id) {", "if false {",
     ["channels::kick_puts_out_of_the_channel_and_not_of_the_server"]),
    ("KICK closes", S06, "        effects.extend(self.leave_channel(victim.id));", "        effects.push(Effect::Close(victim.id));",
     ["channels::kick_puts_out_of_the_channel_and_not_of_the_server"]),
    ("the newest inherits", S06, "        let Some(&first) = members.first() else {", "        members.reverse();\n        let Some(&first) = members.first() else {",
     ["channels::the_oldest_member_inherits_the_channel"]),
    ("nobody is told who inherits", S06, "        vec![say(members.clone(), \"server\", &notice)]\n    }\n\n    fn others", "        let _ = notice;\n        vec![]\n    }\n\n    fn others",
     ["channels::the_oldest_member_inherits_the_channel"]),
    # The chat with threads.
    ("bonus: speakers hear themselves", BONUS, "if Arc::ptr_eq(client, from) {", "if false && Arc::ptr_eq(client, from) {",
     ["lines::what_one_says_all_the_others_get::thread_chat"]),
    ("bonus: nobody is taken off the list", BONUS, "        self.lock().retain(|other| !Arc::ptr_eq(other, client));\n", "",
     ["lines::the_last_line_needs_no_newline::thread_chat", "descriptors::without_a_descriptor_left_newcomers_wait::thread_chat"]),
    ("bonus: the mailbox stays open", BONUS, "        client.mailbox.close();\n", "",
     ["lines::the_last_line_needs_no_newline::thread_chat", "slow::who_half_closes_reads_late_what_it_is_owed::thread_chat"]),
    ("bonus: enters in its own thread", BONUS, "        room.enter(&client);\n", "        let late = (Arc::clone(&client), Arc::clone(&room));\n        let _ = thread::Builder::new().spawn(move || {\n            let start = std::time::Instant::now();\n            while start.elapsed() < Duration::from_millis(300) {}\n            late.1.enter(&late.0);\n        });\n",
     ["lines::what_one_says_all_the_others_get::thread_chat"]),
    ("bonus: writes under the lock", BONUS, "match client.mailbox.put(message) {", "let _ = (&client.socket).write_all(message);\n            match client.mailbox.put(b\"\") {",
     ["slow::who_never_reads_is_dropped::thread_chat", "slow::the_crowd_does_not_notice::thread_chat"]),
    ("bonus: takes the lock twice", BONUS, "match client.mailbox.put(message) {", "let _count = self.lock().len();\n            match client.mailbox.put(message) {",
     ["lines::what_one_says_all_the_others_get::thread_chat"]),
    ("bonus: nobody is dropped", BONUS, "        full.iter().for_each(|client| client.give_up());\n", "        drop(full);\n",
     ["slow::who_never_reads_is_dropped::thread_chat"]),
    ("bonus: a drop wakes nobody", BONUS, "        let _ = self.socket.shutdown(Shutdown::Both);\n", "",
     ["slow::who_never_reads_is_dropped::thread_chat"]),
    ("bonus: vanishing is a panic", BONUS, "self.cut(&format!(\"vanished: {error}\"));", "panic!(\"{error}\");",
     ["faults::a_reset_concerns_one_client::thread_chat"]),
    ("bonus: an interruption is an error", BONUS, "error.kind() == ErrorKind::Interrupted", "error.kind() == ErrorKind::TimedOut",
     ["faults::what_passes_is_tried_again::thread_chat"]),
    ("bonus: half of the others", BONUS, "                Put::Done => (),", "                Put::Done if client.name.ends_with('7') => break,\n                Put::Done => (),",
     ["slow::the_crowd_does_not_notice::thread_chat"]),
    ("bonus: one reader at a time", BONUS, "    let mut lines = LineBuffer::default();", "    static ONE: Mutex<()> = Mutex::new(());\n    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);\n    let mut lines = LineBuffer::default();",
     ["slow::a_flood_without_end_stops_nobody::thread_chat", "descriptors::five_hundred_may_come_at_once::thread_chat"]),
    ("a mailbox without a limit", MAILBOX, "inside.bytes.len() + bytes.len() > LIMIT", "inside.bytes.len() > LIMIT << 6",
     ["slow::who_never_reads_is_dropped::thread_chat"]),
    # The harness.
    ("ends the child alone", "lab/src/server.rs", "    fn drop(&mut self) {\n", "    fn drop(&mut self) {\n        let _ = (self.child.kill(), self.child.wait());\n        if self.child.id() > 0 {\n            return;\n        }\n",
     ["guards::a_dropped_server_takes_its_children_with_it"]),
    ("forgets who went away", "lab/src/server.rs", "            .env(MARK, &mark)\n", "",
     ["guards::a_process_that_went_away_is_found"]),
    ("a watchdog that sleeps", "lab/src/watchdog.rs", "for group in $groups; do", "exit\nfor group in $groups; do",
     ["guards::a_killed_test_leaves_nothing_behind"]),
    ("keeps all that is printed", "lab/src/output.rs", "const LIMIT: usize = 1 << 20;", "const LIMIT: usize = 1 << 30;",
     ["guards::a_server_that_floods_its_output_costs_a_mebibyte"]),
    ("waits for no last words", "lab/src/output.rs", "self.shared.wait(LAST_WORDS,", "self.shared.wait(Duration::ZERO,",
     ["guards::a_server_that_ends_says_what_it_said"]),
    # The client.
    ("client: nobody waits for the editor", "client/src/session.rs", "while !state.editing {", "while false {",
     ["screen::answers_that_come_at_once_stay_in_order"]),
    ("client: shown and not awaited", "client/src/session.rs", "        self.print(NOTHING.to_string());\n", "",
     ["screen::a_flood_stays_in_order_while_lines_are_entered"]),
    ("client: no half lines", "client/src/session.rs", "(lines.has_half() && !asked).then_some(HALF_LINE)", "None::<Duration>.filter(|_| asked)",
     ["screen::a_line_without_its_end_is_shown_all_the_same"]),
    ("client: nothing gets it out of readline", "client/src/session.rs", "let _ = kill(Pid::this(), Signal::SIGINT);", "",
     ["ends::the_servers_end_is_told_after_its_last_words", "ends::signals_leave_the_terminal_as_it_was", "ends::a_window_that_closes_ends_it"]),
    ("client: Ctrl-D leaves at once", "client/src/session.rs", "Err(ReadlineError::Eof) if lines.is_some() => {", "Err(ReadlineError::Eof) if lines.is_none() => {",
     ["ends::ctrl_d_waits_for_the_last_words"]),
    ("client: waits for last words for ever", "client/src/session.rs", "Duration::from_secs(3)", "Duration::from_secs(3000)",
     ["ends::a_server_that_stays_silent_is_left"]),
    ("client: the prompt stays", "client/src/session.rs", "if typed.is_err() && line.is_empty() {", "if false {",
     ["ends::nothing_is_left_of_an_empty_prompt"]),
    ("client: a reset is an end like others", "client/src/session.rs", "_ => break End::Broken(error),", "_ => break End::Closed,",
     ["ends::a_broken_connection_is_an_error"]),
    ("client: Escape waits for a key", "client/src/session.rs", "            .keyseq_timeout(Some(50))\n", "",
     ["screen::escape_alone_keeps_nothing_out"]),
    ("client: what is typed ahead is lost", "client/Cargo.toml", ', features = ["buffer-redux"]', "",
     ["screen::what_is_typed_ahead_is_sent"]),
    ("client: what controls a terminal passes", "client/src/clean.rs", ".map(harmless)", "",
     ["clean::tests::nothing_that_controls_gets_through", "screen::the_server_cannot_repaint_the_screen"]),
    ("client: characters are cut", "client/src/clean.rs", "let mut end = whole(&self.pending);", "let mut end = self.pending.len();",
     ["clean::tests::half_a_character_waits_for_its_end"]),
    ("client: a line may grow for ever", "client/src/clean.rs", "if self.pending.len() > LIMIT {", "if false {",
     ["clean::tests::a_line_without_end_comes_in_pieces"]),
    ("client: a colour too dark", "client/src/colour.rs", "[27, 28,", "[18, 28,",
     ["colour::tests::every_colour_is_readable_on_black_and_on_white"]),
    ("client: colours all the same", "client/src/colour.rs", "value.is_empty()", "true || value.is_empty()",
     ["screen::without_colours_there_are_none"]),
    ("client: a crowd without bounds", "client/src/names.rs", "if self.0.len() > MOST {", "if false {",
     ["names::tests::a_crowd_is_kept_within_bounds"]),
    ("client: passwords are remembered", "client/src/history.rs", "&& !is_secret", "",
     ["remembering::a_password_is_sent_and_not_kept"]),
    ("client: the history is written over", "client/src/history.rs", "options.read(true).append(true)", "options.read(true).write(true)",
     ["remembering::two_at_once_lose_nothing_of_each_other"]),
    ("client: shortened while others write", "client/src/history.rs", "if lock.try_lock().is_ok() {", "if lock.try_lock().is_ok() || true {",
     ["history::tests::it_is_shortened_by_one_that_is_alone"]),
    ("client: one address alone", "client/src/connect.rs", "tried.push(address);", "tried.push(address);\n        if tried.len() > 1 {\n            continue;\n        }",
     ["connect::tests::the_address_that_answers_is_taken"]),
    ("client: no half-close", "client/src/pipe.rs", "let _ = sending.shutdown(Shutdown::Write);", "",
     ["through_pipes::the_end_of_the_input_is_a_half_close"]),
    ("client: waits for its input", "client/src/pipe.rs", "    receive(&mut socket, &mut output)?;", "    let got = receive(&mut socket, &mut output);\n    while Arc::strong_count(&unread) > 1 {}\n    got?;",
     ["through_pipes::the_servers_end_is_the_clients"]),
    ("client: a full disk is nothing", "client/src/pipe.rs", "Err(error) => return Err(Fault::Output(error)),", "Err(_) => return Ok(()),",
     ["through_pipes::an_output_that_is_full_is_an_error"]),
]


def cargo_test(file, names):
    """The outcome of each test whose name begins with one of these; None: it doesn't compile."""
    tests = ["-p", "client"] if file.startswith("client/") else ["--test", "servers"]
    environment = dict(
        os.environ, CARGO_TARGET_DIR=str(TARGET), CAUSETTE_DEADLINE="4", RUST_BACKTRACE="0"
    )
    try:
        run = subprocess.run(
            ["cargo", "test", "--quiet", "--no-fail-fast", *tests, "--", "--format=pretty", *names],
            cwd=COPY, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            errors="replace", timeout=300,
        )
    except subprocess.TimeoutExpired:
        print("the tests hang: each wait should have had a deadline")
        return None
    outcome = dict(re.findall(r"^test (\S+) \.\.\. (?:skipped.*\n)?(ok|FAILED)", run.stdout, re.M))
    if not outcome:
        print(run.stderr[-2000:] or run.stdout[-2000:])
        return None
    return outcome


def main():
    if sys.argv[1:] == ["--words"]:
        return say_out_of_date(ROOT, MUTANTS)
    wanted = re.compile(sys.argv[1] if len(sys.argv) > 1 else "")
    copy_tree(ROOT, COPY)
    unseen, seen, survivors = set(), set(), []
    listed = subprocess.run(
        ["cargo", "test", "--quiet", "--test", "servers", "--", "--list"],
        cwd=COPY, env=dict(os.environ, CARGO_TARGET_DIR=str(TARGET)),
        capture_output=True, text=True, check=True,
    ).stdout
    # What a step adds to a behaviour doesn't count: behaviours must be seen red.
    unseen = {"::".join(name.split("::")[:2]) for name in re.findall(r"^(\S+): test$", listed, re.M)}
    for name, file, old, new, witnesses in MUTANTS:
        if not wanted.search(name) or not witnesses:
            continue
        path = COPY / file
        text = path.read_text()
        if old not in text:
            survivors.append(f"{name}: these words are not in {file}")
            print(f"??   {name}", flush=True)
            continue
        path.write_text(text.replace(old, new, 1))
        outcome = cargo_test(file, witnesses)
        path.write_text(text)
        if outcome is None:
            survivors.append(f"{name}: does not compile")
            print(f"??   {name}", flush=True)
            continue
        for witness in witnesses:
            red = [t for t, result in outcome.items() if t.startswith(witness) and result == "FAILED"]
            if red:
                seen.add("::".join(witness.split("::")[:2]))
                print(f"seen {name}: {witness} ({len(red)})", flush=True)
            else:
                survivors.append(f"{name}: {witness} is green")
                print(f"MISS {name}: {witness}", flush=True)
    for line in survivors:
        print("survivor:", line)
    if len(sys.argv) == 1:
        for name in sorted(unseen - seen):
            survivors.append(name)
            print("never seen red:", name)
    print(f"{len(seen & unseen)} of {len(unseen)} behaviours of the servers seen red, {len(survivors)} complaints")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
