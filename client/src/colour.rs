//! The colours of nicks: always the same for the same nick.

use std::env;

use anstyle::{Ansi256Color, Style};

/// Of the 256 colours, which no theme changes, some that read well on black and on
/// white alike: at least 4:1 against each, as a test computes.
const COLOURS: [u8; 10] = [27, 28, 30, 31, 64, 99, 130, 131, 133, 162];

/// Longer than any nick that a server of the course allows.
const LONGEST: usize = 64;

/// Does the user want colours? See no-color.org.
pub(crate) fn wanted() -> bool {
    env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// A line of the chat, `[nick] text`, with nicks in colour: the one that speaks, and in
/// what the server says those between quotes.
pub(crate) fn paint(line: &str) -> String {
    let Some((nick, text)) = speaker(line) else { return line.to_string() };
    if nick != "server" {
        return format!("[{}]{text}", coloured(nick));
    }
    let mut parts = text.split('"');
    let mut painted = format!("[{nick}]{}", parts.next().unwrap_or_default());
    let mut between = true;
    for part in parts {
        painted.push('"');
        if between && is_nick(part) {
            painted.push_str(&coloured(part));
        } else {
            painted.push_str(part);
        }
        between = !between;
    }
    painted
}

/// Who speaks in `[nick] text`, and what follows the bracket.
pub(crate) fn speaker(line: &str) -> Option<(&str, &str)> {
    let inside = line.strip_prefix('[')?;
    let end = inside.find("] ")?;
    let (nick, rest) = inside.split_at(end);
    is_nick(nick).then_some((nick, &rest[1..]))
}

/// Could that be a nick, or the name of a channel?
pub(crate) fn is_nick(word: &str) -> bool {
    let is_bad = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{fffd}' | '\u{2400}'..='\u{2421}')
    };
    !word.is_empty() && word.len() <= LONGEST && !word.contains(is_bad)
}

fn coloured(nick: &str) -> String {
    let style = style(nick);
    format!("{style}{nick}{style:#}")
}

fn style(nick: &str) -> Style {
    // FNV-1a: the same on every machine and in every run.
    let hash = nick.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // Its bits mixed, as MurmurHash3 ends: names that differ in a letter are far apart.
    let mixed = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let i = (mixed >> 33) % COLOURS.len() as u64;
    let colour = COLOURS[usize::try_from(i).unwrap_or_default()];
    Ansi256Color(colour).on_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of WCAG 2, of a colour of the 6 × 6 × 6 cube.
    fn luminance(colour: u8) -> f64 {
        let level = |n: u8| [0.0, 95.0, 135.0, 175.0, 215.0, 255.0][n as usize];
        let linear = |value: f64| ((value / 255.0 + 0.055) / 1.055).powf(2.4);
        let n = colour - 16;
        0.2126 * linear(level(n / 36))
            + 0.7152 * linear(level(n / 6 % 6))
            + 0.0722 * linear(level(n % 6))
    }

    #[test]
    fn every_colour_is_readable_on_black_and_on_white() {
        for colour in COLOURS {
            let light = luminance(colour) + 0.05;
            assert!(light / 0.05 >= 4.0, "{colour} on black: {light}");
            assert!(1.05 / light >= 4.0, "{colour} on white: {light}");
        }
    }

    /// Without what colours it.
    fn plain(text: &str) -> String {
        let mut parts = text.split('\x1b');
        let first = parts.next().unwrap().to_string();
        parts.fold(first, |text, part| {
            text + part.split_once('m').map_or("", |(_, rest)| rest)
        })
    }

    #[test]
    fn a_nick_has_its_colour_wherever_it_is() {
        let alice = coloured("alice");
        assert_eq!(paint("[alice] hi"), format!("[{alice}] hi"));
        assert_eq!(
            paint("[server] client \"bob\" => \"alice\""),
            format!("[server] client \"{}\" => \"{alice}\"", coloured("bob"))
        );
        assert_ne!(style("alice"), style("bob"));
    }

    #[test]
    fn what_is_no_line_of_the_chat_stays_plain() {
        for line in
            ["hello", "", "[", "[] x", "[two words] x", "[alice]", "[a]x"]
        {
            assert_eq!(paint(line), line);
        }
        for line in ["[server] odd \" quote", "[server] \"\" \"a b\" \"c\""] {
            assert_eq!(plain(&paint(line)), line);
        }
    }

    #[test]
    fn nicks_share_the_colours_out() {
        let nicks = (0..1000).map(|i| style(&format!("nick{i}")).to_string());
        let mut counts = std::collections::BTreeMap::new();
        nicks.for_each(|colour| *counts.entry(colour).or_insert(0) += 1);
        assert_eq!(counts.len(), COLOURS.len());
        assert!(counts.values().all(|&count| count > 40), "{counts:?}");
    }

    proptest::proptest! {
        #[test]
        fn colours_change_no_character(text in "[\\[\\]\" a-c:]{0,30}") {
            proptest::prop_assert_eq!(plain(&paint(&text)), text);
        }
    }
}
