//! Who and what there is to talk to, as far as the server's lines tell; and how to
//! complete it.

use std::collections::VecDeque;

use crate::colour::{is_nick, speaker};

/// The commands of the course's chats, steps 05 and 06.
const COMMANDS: [&str; 10] = [
    "ADMIN", "JOIN", "KICK", "KILL", "LIST", "MSG", "NICK", "PART", "QUIT",
    "WHO",
];

/// The most names that are kept of each kind, the newest; a server may invent any
/// number of them.
const MOST: usize = 500;

/// The most that are offered at once: what fits into a terminal.
const OFFER: usize = 60;

/// What an answer without a form of its own is to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Who,
    List,
}

/// The nicks and channels that the server has spoken of.
#[derive(Default)]
pub(crate) struct Names {
    nicks: Set,
    channels: Set,
    asked: VecDeque<Asked>,
}

impl Names {
    /// Learns from what the user sends.
    pub(crate) fn sent(&mut self, line: &str) {
        let command = line.split_whitespace().next().unwrap_or_default();
        let asked = match command.to_ascii_uppercase().as_str() {
            "WHO" => Asked::Who,
            "LIST" => Asked::List,
            _ => return,
        };
        self.asked.push_back(asked);
        self.asked.truncate(MOST);
    }

    /// Learns from a whole line of the server.
    pub(crate) fn heard(&mut self, line: &str) {
        if let Some(irc) = line.strip_prefix(':') {
            self.heard_irc(irc);
        }
        match speaker(line) {
            Some(("server", text)) => self.heard_server(text),
            Some((nick, _)) => self.nicks.add(nick),
            None => (),
        }
    }

    fn heard_server(&mut self, text: &str) {
        // No name has a space in it, though it may have quotes.
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            ["client", "connected", nick] => self.nicks.add(unquoted(nick)),
            ["client", "disconnected", nick] => {
                self.nicks.remove(unquoted(nick));
            }
            ["client", old, "=>", new] => {
                self.nicks.remove(unquoted(old));
                self.nicks.add(unquoted(new));
            }
            ["client", nick, "joined" | "left", channel]
            | [nick, "is", "the", "moderator", "of", channel] => {
                self.nicks.add(unquoted(nick));
                self.channels.add(unquoted(channel));
            }
            ["client", nick, "kicked", "from", channel, "by", kicker] => {
                self.nicks.add(unquoted(nick));
                self.nicks.add(unquoted(kicker));
                self.channels.add(unquoted(channel));
            }
            ["there", "is", "no", "channel"] => {
                self.asked.pop_front();
            }
            _ => {
                let (asked, known) = (self.asked.pop_front(), words.iter());
                match asked {
                    Some(Asked::Who) => {
                        known.for_each(|nick| self.nicks.add(nick));
                    }
                    Some(Asked::List) => {
                        known.for_each(|channel| self.channels.add(channel));
                    }
                    None => (),
                }
            }
        }
    }

    /// `nick!user@host COMMAND …`, or `server 353 … :@alice bob`.
    fn heard_irc(&mut self, line: &str) {
        let mut words = line.split(' ');
        let source = words.next().unwrap_or_default();
        let words: Vec<&str> = words.collect();
        for word in &words {
            let word = word.trim_start_matches(':');
            if word.starts_with('#') && word.len() > 1 {
                self.channels.add(word);
            }
        }
        if words.first() == Some(&"353") {
            let nicks = line.split_once(" :").map_or("", |(_, nicks)| nicks);
            for nick in nicks.split(' ') {
                self.nicks.add(nick.trim_start_matches(['@', '+']));
            }
        }
        let Some((nick, _)) = source.split_once('!') else { return };
        match words[..] {
            ["QUIT", ..] => self.nicks.remove(nick),
            ["NICK", new] => {
                self.nicks.remove(nick);
                self.nicks.add(new.trim_start_matches(':'));
            }
            _ => self.nicks.add(nick),
        }
    }

    /// What the word before `position` may become, and where it begins.
    pub(crate) fn complete(
        &self,
        line: &str,
        position: usize,
    ) -> (usize, Vec<String>) {
        let before = &line[..position];
        let start = before
            .char_indices()
            .rev()
            .find(|(_, c)| c.is_whitespace())
            .map_or(0, |(i, c)| i + c.len_utf8());
        let word = &before[start..];
        let mut earlier = before[..start].split_whitespace();
        let mut offers: Vec<String> = match earlier.next() {
            None => {
                let commands = COMMANDS.iter().map(ToString::to_string);
                // A chat without commands has nicks at the beginning of a line.
                let nicks = self.nicks.all().filter(|_| !word.is_empty());
                commands.chain(nicks).collect()
            }
            Some(command) => match command.to_ascii_uppercase().as_str() {
                "JOIN" => self.channels(word).collect(),
                "KILL" | "KICK" => self.nicks.all().collect(),
                _ => self.channels(word).chain(self.nicks.all()).collect(),
            },
        };
        offers.retain(|offer| begins(offer, word));
        offers.sort();
        offers.dedup();
        offers.truncate(OFFER);
        if let [only] = &mut offers[..] {
            only.push(' ');
        }
        (start, offers)
    }

    /// With the mark in front where the user has typed it: `#rust` is `rust` too.
    fn channels(&self, word: &str) -> impl Iterator<Item = String> {
        let mark = if word.starts_with('#') { "#" } else { "" };
        self.channels.all().map(move |channel| {
            if channel.starts_with('#') {
                channel
            } else {
                format!("{mark}{channel}")
            }
        })
    }
}

/// Does `name` begin with `word`, in capitals or not?
fn begins(name: &str, word: &str) -> bool {
    let mut name = name.chars().flat_map(char::to_lowercase);
    word.chars().flat_map(char::to_lowercase).all(|c| name.next() == Some(c))
}

fn unquoted(name: &str) -> &str {
    let inside = name.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    inside.unwrap_or(name)
}

/// Names, oldest first.
#[derive(Default)]
struct Set(VecDeque<String>);

impl Set {
    fn add(&mut self, name: &str) {
        if is_nick(name) && name != "server" {
            self.remove(name);
            self.0.push_back(name.to_string());
            if self.0.len() > MOST {
                self.0.pop_front();
            }
        }
    }

    fn remove(&mut self, name: &str) {
        self.0.retain(|known| known != name);
    }

    fn all(&self) -> impl Iterator<Item = String> {
        self.0.iter().cloned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn heard(lines: &[&str]) -> Names {
        let mut names = Names::default();
        lines.iter().for_each(|line| names.heard(line));
        names
    }

    /// What the end of this line may become.
    fn offers(names: &Names, line: &str) -> Vec<String> {
        names.complete(line, line.len()).1
    }

    #[test]
    fn who_speaks_is_known() {
        let names = heard(&["[alice] hi", "hello", "[bob]", "[server] hi"]);
        assert_eq!(offers(&names, "MSG "), ["alice "]);
    }

    #[test]
    fn notices_tell_who_comes_goes_and_is_called_otherwise() {
        let names = heard(&[
            "[server] client connected \"::1:4000\"",
            "[server] client \"::1:4000\" => \"carol\"",
            "[bob] hi",
            "[server] client disconnected \"bob\"",
        ]);
        assert_eq!(offers(&names, "KILL "), ["carol "]);
    }

    #[test]
    fn notices_tell_the_channels() {
        let names = heard(&[
            "[server] client \"alice\" joined \"rust\"",
            "[server] client \"dave\" left \"news\"",
            "[server] \"erin\" is the moderator of \"help\"",
            "[server] client \"frank\" kicked from \"zoo\" by \"gina\"",
        ]);
        assert_eq!(offers(&names, "JOIN "), ["help", "news", "rust", "zoo"]);
        assert_eq!(offers(&names, "JOIN #r"), ["#rust "]);
        assert_eq!(
            offers(&names, "KICK "),
            ["alice", "dave", "erin", "frank", "gina"]
        );
    }

    #[test]
    fn answers_are_understood_when_they_were_asked_for() {
        let mut names = heard(&["[server] invalid command"]);
        assert_eq!(offers(&names, "KILL "), Vec::<String>::new());
        names.sent("who");
        names.sent("LIST");
        // A notice may come in between.
        names.heard("[server] client connected \"zoe\"");
        names.heard("[server] alice bob");
        names.heard("[server] rust news");
        names.heard("[server] no more");
        assert_eq!(offers(&names, "KILL "), ["alice", "bob", "zoe"]);
        assert_eq!(offers(&names, "JOIN "), ["news", "rust"]);
        names.sent("LIST");
        names.heard("[server] there is no channel");
        names.heard("[server] nobody here is \"x\"");
        assert_eq!(offers(&names, "JOIN "), ["news", "rust"]);
    }

    #[test]
    fn irc_is_understood_a_little() {
        let names = heard(&[
            ":alice!a@host PRIVMSG #rust :hi #not,this",
            ":irc.example 353 me = #help :@bob +carol dave",
            ":dave!d@host QUIT :bye",
            ":carol!c@host NICK :caro",
        ]);
        assert_eq!(offers(&names, "PRIVMSG a"), ["alice "]);
        assert_eq!(offers(&names, "KICK "), ["alice", "bob", "caro"]);
        assert!(offers(&names, "JOIN #").contains(&"#help".to_string()));
    }

    #[test]
    fn the_first_word_is_a_command_or_a_nick() {
        let names = heard(&["[Pauline] hi"]);
        assert_eq!(offers(&names, "").len(), COMMANDS.len());
        assert_eq!(offers(&names, "k"), ["KICK", "KILL"]);
        assert_eq!(offers(&names, "  w"), ["WHO "]);
        assert_eq!(offers(&names, "pa"), ["PART", "Pauline"]);
        assert_eq!(offers(&names, "xyz"), Vec::<String>::new());
        assert_eq!(
            names.complete("MSG pau hi", 7),
            (4, vec!["Pauline ".into()])
        );
    }

    #[test]
    fn a_name_that_could_not_be_sent_back_is_not_kept() {
        let long = format!("[{}] hi", "x".repeat(65));
        let names = heard(&["[a\u{fffd}] hi", "[b␛] hi", &long]);
        assert_eq!(offers(&names, "KILL "), Vec::<String>::new());
    }

    #[test]
    fn a_crowd_is_kept_within_bounds() {
        let mut names = Names::default();
        for i in 0..10_000 {
            names.heard(&format!("[nick{i}] hi"));
            names.sent("WHO");
        }
        assert_eq!(offers(&names, "KILL ").len(), OFFER);
        assert_eq!(offers(&names, "KILL nick9999"), ["nick9999 "]);
        assert!(names.nicks.0.len() <= MOST && names.asked.len() <= MOST);
    }

    proptest! {
        /// Whatever the server says and wherever the cursor is.
        #[test]
        fn completion_never_fails(
            lines in prop::collection::vec(
                "(\\[server\\] |:)?[a-c\"#! =>é]{0,12}|\\[.{0,9}\\] .{0,9}",
                0..20,
            ),
            line in "[a-cA-C #é\u{3000}]{0,12}",
            at in any::<prop::sample::Index>(),
        ) {
            let mut names = Names::default();
            names.sent("WHO");
            lines.iter().for_each(|line| names.heard(line));
            let ends: Vec<usize> = line
                .char_indices()
                .map(|(i, _)| i)
                .chain([line.len()])
                .collect();
            let position = *at.get(&ends);
            let (start, offers) = names.complete(&line, position);
            let word = line[start..position].to_lowercase();
            prop_assert!(!word.contains(char::is_whitespace));
            for offer in offers {
                prop_assert!(offer.to_lowercase().starts_with(&word));
            }
        }
    }
}
