//! What the screen shows while one types and others speak.

use crate::server::Played;
use crate::terminal::{Setup, Terminal};

const LEFT: &str = "\x1b[D";

#[test]
fn a_message_is_shown_above_the_line_being_typed() {
    let server = Played::new();
    let terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    terminal.keys("MSG hel");
    terminal.expect(&["> MSG hel"]);
    peer.send("[bob] good evening\n");
    terminal.expect(&["[bob] good evening", "> MSG hel"]);
    assert_eq!(terminal.shown().cursor.1, "> MSG hel".len());
    terminal.keys("lo\r");
    peer.expect("MSG hello\n");
    terminal.expect(&["[bob] good evening", "> MSG hello", ">"]);
}

#[test]
fn the_cursor_stays_in_the_middle_of_the_line() {
    let server = Played::new();
    let terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    terminal.keys("MSG hlo");
    terminal.keys(LEFT.repeat(2));
    terminal.wait("the cursor", |shown| shown.cursor.1 == 7);
    peer.send("[bob] one\n[bob] two\n");
    terminal.expect(&["[bob] one", "[bob] two", "> MSG hlo"]);
    assert_eq!(terminal.shown().cursor.1, 7);
    terminal.keys("el\r");
    peer.expect("MSG hello\n");
}

#[test]
fn a_line_over_several_rows_is_not_spoiled() {
    let server = Played::new();
    let terminal = Setup::new().size(10, 20).start(server.port()).ready();
    let mut peer = server.accept();
    terminal.keys("MSG one two three four five six");
    let typed = ["> MSG one two three", "four five six"];
    terminal.expect(&typed);
    for word in ["hi", "a message that has several rows too", "bye"] {
        peer.send(format!("[bob] {word}\n"));
    }
    terminal.expect(&[
        "[bob] hi",
        "[bob] a message that",
        " has several rows to",
        "o",
        "[bob] bye",
        typed[0],
        typed[1],
    ]);
    terminal.keys("\r");
    peer.expect("MSG one two three four five six\n");
}

/// In any order of keys and messages, nothing is lost, and what comes stays in order.
#[test]
fn a_flood_stays_in_order_while_lines_are_entered() {
    const MESSAGES: usize = 3000;
    let server = Played::new();
    let mut terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for i in 0..MESSAGES {
                peer.send(format!("[bob] {i}\n"));
            }
            peer.half_close();
        });
        for i in 0..40 {
            terminal.keys(format!("MSG {i}\r"));
        }
    });
    assert_eq!(terminal.expect_exit().code(), Some(0));
    let last = "-- the server closed the connection";
    terminal.wait("the end", |shown| shown.rows.iter().any(|row| row == last));
    let all = terminal.everything();
    let shown = all.iter().filter_map(|row| row.strip_prefix("[bob] "));
    let shown: Vec<String> = shown.map(str::to_string).collect();
    let sent: Vec<String> = (0..MESSAGES).map(|i| i.to_string()).collect();
    let first = (0..MESSAGES).find(|&i| shown.get(i) != sent.get(i));
    assert_eq!(first, None, "{} of {MESSAGES}: {shown:?}", shown.len());
}

#[test]
fn the_server_cannot_repaint_the_screen() {
    let server = Played::new();
    let terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    peer.send("[bob] before\n");
    peer.send("[bob] \x1b[2J\x1b[H\x1b]0;title\x07gone\rover\x08\n");
    terminal.expect(&[
        "[bob] before",
        "[bob] ␛[2J␛[H␛]0;title␇gone␍over␈",
        ">",
    ]);
}

#[test]
fn bytes_that_are_no_text_are_shown_as_such() {
    let server = Played::new();
    let terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    peer.send(b"caf\xe9 \xff\xfe \xc2\x9b2Jok\r\n");
    terminal.wait("the line", |shown| shown.end(2)[0].ends_with("ok"));
    // This screen doesn't show U+FFFD.
    let line = "\rcaf\u{fffd} \u{fffd}\u{fffd} \u{fffd}2Jok\n";
    let raw = terminal.raw().replace("\x1b[K", "").replace("\r\n", "\n");
    assert!(raw.contains(line), "{raw:?}");
    // A character that comes in two parts is one.
    peer.send(&"é".as_bytes()[..1]);
    peer.send(&"é".as_bytes()[1..]);
    peer.send("!\n");
    terminal.expect(&["é!", ">"]);
}

#[test]
fn a_line_without_its_end_is_shown_all_the_same() {
    let server = Played::new();
    let terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    peer.send("password? ");
    terminal.expect(&["password? …", ">"]);
    terminal.keys("sesame\r");
    peer.expect("sesame\n");
    peer.send("good\nnext\n");
    terminal.expect(&["password? …", "> sesame", "…good", "next", ">"]);
}

#[test]
fn a_very_long_line_ends_somewhere() {
    let server = Played::new();
    let terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    terminal.keys("MSG still h");
    peer.send(vec![b'x'; 200 << 10]);
    peer.send("end\n[bob] next\n");
    terminal.wait("what follows", |shown| {
        shown.end(2) == ["[bob] next", "> MSG still h"]
    });
    let all = terminal.everything().concat();
    assert_eq!(all.matches('x').count(), (200 << 10) + "x".len());
    terminal.keys("ere\r");
    peer.expect("MSG still here\n");
}

#[test]
fn commands_nicks_and_channels_are_completed() {
    let server = Played::new();
    let terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    peer.send("[server] client \"::1:4000\" => \"alphonse\"\n");
    peer.send("[server] client \"bob\" joined \"rust\"\n");
    peer.send("[server] client \"carol\" joined \"ruby\"\n");
    terminal.wait("the notices", |shown| shown.end(2)[0].contains("ruby"));
    terminal.keys("ki\t");
    terminal.expect(&["> ki", "KICK  KILL", "> ki"]);
    // The list keeps nothing out.
    peer.send("[bob] during the list\n");
    terminal.expect(&["[bob] during the list", "> ki"]);
    terminal.keys("L\t");
    terminal.wait("the command", |shown| shown.cursor.1 == "> KILL ".len());
    terminal.keys("al\t");
    terminal
        .wait("the nick", |shown| shown.cursor.1 == "> KILL alphonse ".len());
    terminal.keys("\r");
    peer.expect("KILL alphonse \n");
    terminal.keys("JOIN #rus\t");
    terminal.wait("the channel", |shown| {
        shown.end(1) == ["> JOIN #rust"] && shown.cursor.1 == 13
    });
    terminal.keys("\r");
    peer.expect("JOIN #rust \n");
}

#[test]
fn a_nick_has_one_colour_and_others_have_others() {
    let server = Played::new();
    let terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    peer.send("[alice] hi\n[server] client \"bob\" => \"alicia\"\n");
    peer.send("[bob] hi\n");
    terminal.wait("all of it", |shown| shown.end(2)[0] == "[bob] hi");
    assert_ne!(terminal.colour("alice"), vt100::Color::Default);
    assert_ne!(terminal.colour("alice"), terminal.colour("bob"));
    assert_eq!(terminal.colour("bob\""), terminal.colour("bob]"));
    assert_eq!(terminal.colour("hi"), vt100::Color::Default);
    assert_eq!(terminal.colour("server"), vt100::Color::Default);
}

#[test]
fn without_colours_there_are_none() {
    let server = Played::new();
    let setup = Setup::new().variable("NO_COLOR", "1");
    let terminal = setup.start(server.port()).ready();
    let mut peer = server.accept();
    peer.send("[alice] hi\n");
    terminal.expect(&["[alice] hi", ">"]);
    assert_eq!(terminal.colour("alice"), vt100::Color::Default);
}

#[test]
fn another_size_spoils_nothing() {
    let server = Played::new();
    let terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    terminal.keys("MSG hello");
    terminal.expect(&["> MSG hello"]);
    for (rows, columns) in [(12, 40), (30, 100), (24, 80)] {
        terminal.resize(rows, columns);
        let line = format!("[bob] {columns}");
        peer.send(format!("{line}\n"));
        terminal.expect(&[&line, "> MSG hello"]);
    }
    terminal.keys("\r");
    peer.expect("MSG hello\n");
}

#[test]
fn escape_alone_keeps_nothing_out() {
    let server = Played::new();
    let terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    terminal.keys("MSG \x1b");
    terminal.expect(&["> MSG"]);
    peer.send("[bob] hi\n");
    terminal.expect(&["[bob] hi", "> MSG"]);
}

#[test]
fn what_is_pasted_is_several_lines() {
    let server = Played::new();
    let terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    terminal.keys("\x1b[200~NICK alice\rWHO\r\x1b[201~");
    terminal.wait("the text", |shown| shown.rows.contains(&"WHO".into()));
    terminal.keys("\r");
    peer.expect("NICK alice\nWHO\n");
    terminal.keys("LIST\r");
    peer.expect("LIST\n");
}

#[test]
fn keys_that_are_no_text_lose_nothing() {
    let server = Played::new();
    let terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    terminal.keys(b"MSG caf\xe9 x");
    let told = "-- the terminal sent bytes that aren't UTF-8";
    terminal.wait("the notice and the line", |shown| {
        shown.end(3)[1].starts_with(told) || shown.end(2)[0].starts_with(told)
    });
    terminal.keys("\x15MSG fine\r");
    peer.expect("MSG fine\n");
}

#[test]
fn a_terminal_that_cannot_edit_gets_the_bytes() {
    let server = Played::new();
    let terminal = Setup::new().variable("TERM", "dumb").start(server.port());
    let mut peer = server.accept();
    peer.send("hello\n");
    terminal.wait("the bytes", |shown| shown.rows.contains(&"hello".into()));
    terminal.keys("WHO\r");
    peer.expect("WHO\n");
}

/// Typed faster than it's taken: no key is lost between two lines.
#[test]
fn what_is_typed_ahead_is_sent() {
    let server = Played::new();
    let terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    let lines: Vec<String> = (0..50).map(|i| format!("MSG {i}")).collect();
    terminal.keys(lines.join("\r") + "\r");
    peer.expect(&(lines.join("\n") + "\n"));
}

/// Just when a line is entered the editor goes and comes back: what comes in then must
/// neither land in that line nor pass what came before.
#[test]
fn answers_that_come_at_once_stay_in_order() {
    const LINES: usize = 300;
    let server = Played::new();
    let mut terminal = Terminal::start(server.port());
    let mut peer = server.accept();
    let mut expected = Vec::new();
    for i in 0..LINES {
        terminal.keys(format!("MSG {i}\r"));
        if i % 2 == 1 {
            peer.send(format!("[bob] {i} before\n"));
            expected.push(format!("{i} before"));
        }
        peer.expect(&format!("MSG {i}\n"));
        for n in 0..i % 4 {
            peer.send(format!("[bob] {i} {n}\n"));
            expected.push(format!("{i} {n}"));
        }
    }
    drop(peer);
    assert_eq!(terminal.expect_exit().code(), Some(0));
    terminal.expect(&["-- the server closed the connection", ""]);
    let all = terminal.everything();
    let shown = all.iter().filter(|row| row.contains("bob"));
    let shown: Vec<String> =
        shown.map(|row| row.replace("[bob] ", "")).collect();
    let first = (0..expected.len()).find(|&i| shown.get(i) != expected.get(i));
    let context = first.map(|i| {
        let wrong = all.iter().position(|row| {
            shown.get(i).is_some_and(|it| row.ends_with(it.as_str()))
        });
        let at = wrong.unwrap_or_default();
        all[at.saturating_sub(4)..(at + 4).min(all.len())].to_vec()
    });
    assert_eq!(context, None);
    let typed = all.iter().filter(|row| row.starts_with("> MSG ")).count();
    assert_eq!(typed, LINES);
}
