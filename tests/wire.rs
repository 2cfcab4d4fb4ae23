//! "The wire on one page" of the book quotes what the servers say, in both languages.

use std::collections::BTreeSet;

const ENGLISH: &str = include_str!("../book/en/src/wire.md");
const FRENCH: &str = include_str!("../book/fr/src/wire.md");
const SERVERS: [&str; 3] = [
    include_str!("../solutions/05_command_chat.rs"),
    include_str!("../solutions/06_channels.rs"),
    include_str!("../src/peer.rs"),
];

/// Answers that are made of names alone.
const NAMES: [&str; 2] = ["alice bob carol", "rust python"];

/// The lines of a server that the page quotes, without their `[server] `: what stands
/// between back quotes in a row that quotes one, and is no command.
fn quoted(page: &str) -> BTreeSet<&str> {
    let rows = page.lines().filter(|line| line.contains("`[server] "));
    let codes = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    codes
        .filter(|code| code.starts_with("[server] ") || is_sentence(code))
        .map(|code| code.trim_start_matches("[server] "))
        .filter(|line| !NAMES.contains(line))
        .collect()
}

/// `KICK expects a nick`, and not the command `KICK <nick>`.
fn is_sentence(code: &str) -> bool {
    let mut others = code.split(' ').skip(1);
    others.next().is_some_and(|word| word.starts_with(char::is_alphabetic))
        && !code.starts_with(['[', '-'])
}

/// The server's own words in it: all but the names, which stand in quotes, and but
/// for what the source itself puts together.
fn words(line: &str) -> Vec<&str> {
    line.split('"')
        .step_by(2)
        .map(|words| {
            let words = words.trim_start_matches("a nick ");
            words.trim_start_matches("a channel ").trim_end_matches("32 bytes")
        })
        .map(|words| words.trim_end_matches('…').trim())
        .filter(|words| !words.is_empty())
        .collect()
}

#[test]
fn the_page_quotes_what_the_servers_say() {
    let quoted = quoted(ENGLISH);
    assert!(quoted.len() > 20, "{quoted:#?}");
    for line in quoted {
        for words in words(line) {
            let is_said = SERVERS.iter().any(|server| server.contains(words));
            assert!(is_said, "no server says {words:?}, of {line:?}");
        }
    }
}

#[test]
fn both_languages_quote_the_same() {
    let own = |page| -> BTreeSet<Vec<&str>> {
        quoted(page).into_iter().map(words).collect()
    };
    assert_eq!(own(ENGLISH), own(FRENCH));
}
