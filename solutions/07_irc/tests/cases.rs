//! The cases: what clients say, and every line that they get.
//!
//! A case stands in one of the files `cases/*.irc`. It names the section of the
//! RFC that it's about; what it expects is complete, for each client and in order:
//!
//! ```text
//! == 4.2.4 TOPIC: nobody has set one
//! with a                    a is registered as alice, and has read its welcome
//! a: JOIN #c                what a says
//! a> :alice!a@h.test …      what a gets; `*` stands for anything
//! ```
//!
//! `a; JOIN #c` says it and forgets what everybody gets for it: a case begins there.
//! Other lines: `connect a ADDRESS`, `with a b@ADDRESS`, `a opers`, `a ...` (forget
//! what a has got), `a= bytes` (without an end), `a stops reading`, `a hangs up`,
//! `a closed`, `wait 30` seconds, `clock -30` (somebody sets it back),
//! `config` and a line of TOML, `rehash`, `rehash fails`, `sighup fails`,
//! `rehash with` and a line of TOML that is new in the file, `ended`. `$a` is the full name of a, `$s`
//! the server.
//!
//! From all this comes `NUMERICS.md`: which case shows which numeric, or why none
//! does. `UPDATE=1 cargo test -p irc --test cases` writes it.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use irc::numeric;
use support::World;

const NAMES: [(&str, &str); 6] = [
    ("a", "alice"),
    ("b", "bob"),
    ("c", "carol"),
    ("d", "dave"),
    ("e", "eve"),
    ("o", "oper"),
];

/// Where clients come from, unless the case says otherwise.
const ADDRESS: &str = "127.0.0.1";

/// Operator, administrator, short limits: what most cases need.
const CONFIG: &str = r#"
name = "irc.test"
network = "Test"
description = "A server to test"
motd = "One\nTwo"
operator = [{ name = "root", password = "sesame" }]
"#;

struct Case {
    file: String,
    title: String,
    lines: Vec<(usize, String)>,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("tests/cases")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let mut cases: Vec<Case> = Vec::new();
    for path in paths {
        let file = path.file_stem().expect("a name").to_string_lossy();
        let text = fs::read_to_string(&path).expect("a case file");
        for (number, line) in text.lines().enumerate() {
            if let Some(title) = line.strip_prefix("== ") {
                cases.push(Case {
                    file: file.to_string(),
                    title: title.to_string(),
                    lines: Vec::new(),
                });
            } else if !line.trim().is_empty() && !line.starts_with('#') {
                let case = cases.last_mut().expect("a title first");
                case.lines.push((number + 1, line.to_string()));
            }
        }
    }
    cases
}

/// The configuration with another line, instead of one with the same key.
fn with(config: &str, more: &str) -> String {
    let key = more.split('=').next().unwrap_or("").trim();
    let keep = |old: &&str| old.split('=').next().unwrap_or("").trim() != key;
    let kept: Vec<&str> = config.lines().filter(keep).collect();
    // Top-level keys come before tables.
    let (tables, keys): (Vec<&str>, Vec<&str>) =
        kept.into_iter().partition(|it| it.starts_with("limits"));
    [&keys.join("\n"), &tables.join("\n"), more].map(|it| it.trim()).join("\n")
}

/// One case being played.
struct Play<'a> {
    case: &'a Case,
    world: World,
    /// Numerics that it has seen and expected.
    numerics: BTreeSet<u16>,
}

impl<'a> Play<'a> {
    fn new(case: &'a Case) -> Self {
        let mut config = CONFIG.to_string();
        for (_, line) in &case.lines {
            if let Some(more) = line.strip_prefix("config ") {
                config = with(&config, more);
            }
        }
        Self { case, world: World::new(&config), numerics: BTreeSet::new() }
    }

    fn run(&mut self) -> Result<(), String> {
        for (number, line) in &self.case.lines {
            self.step(line).map_err(|what| {
                format!("{}.irc, line {number}: {what}", self.case.file)
            })?;
        }
        self.expect_silence(None).map_err(|what| {
            format!("{}.irc, at the end: {what}", self.case.file)
        })
    }

    fn step(&mut self, line: &str) -> Result<(), String> {
        if line.starts_with("config ") {
            return Ok(());
        }
        if let Some(names) = line.strip_prefix("with ") {
            for name in names.split(' ') {
                let (name, address) =
                    name.split_once('@').unwrap_or((name, ADDRESS));
                self.world.register(name, nick(name), address);
            }
            return Ok(());
        }
        if let Some(who) = line.strip_prefix("connect ") {
            let (name, address) = who.split_once(' ').unwrap_or((who, ADDRESS));
            self.world.connect(name, address);
            return Ok(());
        }
        if let Some(seconds) = line.strip_prefix("clock ") {
            let seconds: i64 = seconds.parse().map_err(|_| "how far?")?;
            self.world.set_wall_clock(seconds);
            return Ok(());
        }
        if let Some(seconds) = line.strip_prefix("wait ") {
            let seconds: f64 = seconds.parse().map_err(|_| "wait how long?")?;
            self.expect_silence(None)?;
            self.world.pass((seconds * 1_000.0) as u64);
            return Ok(());
        }
        if line == "ended" {
            let ended = self.world.ended.take();
            return ended.map(|_| ()).ok_or("it goes on".to_string());
        }
        if let Some(more) = line.strip_prefix("rehash with ") {
            self.world.reconfigure(&with(CONFIG, more));
            return Ok(());
        }
        if line == "sighup fails" {
            self.world.core.keep_configuration("irc.toml, line 1");
            self.world.settle();
            return Ok(());
        }
        if line == "rehash" || line == "rehash fails" {
            self.world.rehashes =
                self.world.rehashes.checked_sub(1).ok_or("no rehash")?;
            if line == "rehash fails" {
                self.world.core.keep_configuration("irc.toml, line 1");
                self.world.settle();
            }
            return Ok(());
        }
        let (name, rest) = line.split_at(1);
        if let Some(said) = rest.strip_prefix(": ") {
            self.expect_silence(None)?;
            let said = unescape(&self.expand(said));
            self.world.say(name, &[&said[..], b"\r\n"].concat());
            return Ok(());
        }
        if let Some(said) = rest.strip_prefix("; ") {
            let said = unescape(&self.expand(said));
            self.world.say(name, &[&said[..], b"\r\n"].concat());
            for client in self.world.clients.values_mut() {
                client.inbox.clear();
            }
            return Ok(());
        }
        if let Some(said) = rest.strip_prefix("= ") {
            // Bytes as they are, without an end.
            let said = unescape(&self.expand(said));
            self.world.say(name, &said);
            return Ok(());
        }
        if let Some(expected) = rest.strip_prefix("> ") {
            return self.expect(name, expected);
        }
        match rest {
            " ..." => self.inbox(name).clear(),
            " opers" => {
                self.world.say(name, b"OPER root sesame\r\n");
                self.inbox(name).clear();
            }
            " hangs up" => self.world.hang_up(name),
            " stops reading" => self.client(name).is_stuck = true,
            " closed" => {
                if !self.client(name).is_closed {
                    return Err(format!("{name} is still connected"));
                }
            }
            _ => return Err(format!("what is {line:?}?")),
        }
        Ok(())
    }

    fn client(&mut self, name: &str) -> &mut support::Client {
        self.world.clients.get_mut(name).expect("a client")
    }

    fn inbox(&mut self, name: &str) -> &mut Vec<Vec<u8>> {
        &mut self.client(name).inbox
    }

    /// The next line of `name` is this one.
    fn expect(&mut self, name: &str, expected: &str) -> Result<(), String> {
        let expected = self.expand(expected);
        let inbox = self.inbox(name);
        if inbox.is_empty() {
            return Err(format!("{name} gets nothing, expected: {expected}"));
        }
        let got = inbox.remove(0);
        if !glob(&unescape(&expected), &got) {
            let got = got.escape_ascii();
            return Err(format!(
                "{name} gets\n  {got}\nexpected\n  {expected}"
            ));
        }
        let word = got.split(|&byte| byte == b' ').nth(1).unwrap_or_default();
        if let Ok(code) = String::from_utf8_lossy(word).parse() {
            self.numerics.insert(code);
        }
        Ok(())
    }

    fn expect_silence(&mut self, but: Option<&str>) -> Result<(), String> {
        for (name, client) in &self.world.clients {
            if let Some(line) = client.inbox.first()
                && Some(name.as_str()) != but
            {
                let line = line.escape_ascii();
                return Err(format!("{name} also gets\n  {line}"));
            }
        }
        Ok(())
    }

    /// `$a` is `alice!a@127.0.0.1`, `$s` the server; `%300*x` is 300 times x.
    fn expand(&self, text: &str) -> String {
        let mut text = text.replace("$s", "irc.test");
        for (name, nick) in NAMES {
            let full = format!("{nick}!{name}@{ADDRESS}");
            text = text.replace(&format!("${name}"), &full);
        }
        let mut done = String::new();
        while let Some(at) = text.find('%') {
            let rest = &text[at + 1..];
            let digits: String =
                rest.chars().take_while(char::is_ascii_digit).collect();
            let Some(what) = rest[digits.len()..].strip_prefix('*') else {
                done.push_str(&text[..=at]);
                text = rest.to_string();
                continue;
            };
            let what = what.chars().next().unwrap_or('?');
            let count = digits.parse().unwrap_or(1);
            let end = at + 2 + digits.len() + what.len_utf8();
            done.push_str(&text[..at]);
            done.push_str(&what.to_string().repeat(count));
            text = text[end..].to_string();
        }
        done + &text
    }
}

fn nick(name: &str) -> &str {
    NAMES.iter().find(|it| it.0 == name).map_or(name, |it| it.1)
}

/// `\xNN`, `\n`, `\r`, `\t` as in Rust; nothing else after a backslash changes.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        match (first, behind) {
            (b'\\', [b'x', hex @ ..]) if hex.len() >= 2 => {
                let digits = String::from_utf8_lossy(&hex[..2]);
                bytes.push(u8::from_str_radix(&digits, 16).unwrap_or(b'?'));
                rest = &hex[2..];
            }
            (b'\\', [b'n', more @ ..]) => {
                bytes.push(b'\n');
                rest = more;
            }
            (b'\\', [b'r', more @ ..]) => {
                bytes.push(b'\r');
                rest = more;
            }
            _ => bytes.push(*first),
        }
    }
    bytes
}

/// `**` stands for any bytes; a single `*` is itself.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let at = pattern.windows(2).position(|it| it == b"**");
    let Some(at) = at else { return pattern == text };
    let (head, tail) = (&pattern[..at], &pattern[at + 2..]);
    text.starts_with(head)
        && (head.len()..=text.len()).any(|from| glob(tail, &text[from..]))
}

#[test]
fn every_case_holds() {
    let mut failed = Vec::new();
    let cases = cases();
    assert!(cases.len() > 100, "only {} cases", cases.len());
    for case in &cases {
        if let Err(what) = Play::new(case).run() {
            failed.push(format!("{}\n{what}", case.title));
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {} cases fail:\n\n{}",
        failed.len(),
        cases.len(),
        failed.join("\n\n")
    );
}

#[test]
fn every_command_is_in_a_case() {
    let said: BTreeSet<String> = cases()
        .iter()
        .flat_map(|case| &case.lines)
        .filter_map(|(_, line)| line.split_once(": "))
        .filter_map(|(_, said)| said.split(' ').next().map(str::to_uppercase))
        .collect();
    for name in irc::command::names() {
        assert!(said.contains(name), "no case says {name}");
    }
}

/// All numerics of RFC 1459, 6.1 and 6.2.
const OF_THE_RFC: [u16; 118] = [
    401, 402, 403, 404, 405, 406, 407, 409, 411, 412, 413, 414, 421, 422, 423,
    424, 431, 432, 433, 436, 441, 442, 443, 444, 445, 446, 451, 461, 462, 463,
    464, 465, 467, 471, 472, 473, 474, 475, 481, 482, 483, 491, 501, 502, 300,
    302, 303, 301, 305, 306, 311, 312, 313, 317, 318, 319, 314, 369, 321, 322,
    323, 324, 331, 332, 341, 342, 351, 352, 315, 353, 366, 364, 365, 367, 368,
    371, 374, 375, 372, 376, 381, 382, 391, 392, 393, 394, 395, 200, 201, 202,
    203, 204, 205, 206, 208, 261, 211, 212, 213, 214, 215, 216, 218, 219, 241,
    242, 243, 244, 221, 251, 252, 253, 254, 255, 256, 257, 258, 259,
];

/// Those that no case shows, and why.
const REASONS: &[(u16, &str, &str)] = &[
    (200, "RPL_TRACELINK", LINKS),
    (201, "RPL_TRACECONNECTING", LINKS),
    (202, "RPL_TRACEHANDSHAKE", LINKS),
    (206, "RPL_TRACESERVER", LINKS),
    (436, "ERR_NICKCOLLISION", LINKS),
    (208, "RPL_TRACENEWTYPE", "no connection is of another type"),
    (261, "RPL_TRACELOG", "the log goes to stdout and not into a file"),
    (300, "RPL_NONE", "the RFC: \"Dummy reply number. Not used.\""),
    (342, "RPL_SUMMONING", SUMMON),
    (444, "ERR_NOLOGIN", SUMMON),
    (392, "RPL_USERSSTART", USERS),
    (393, "RPL_USERS", USERS),
    (394, "RPL_ENDOFUSERS", USERS),
    (395, "RPL_NOUSERS", USERS),
];
const LINKS: &str = "needs a link to another server";
const SUMMON: &str = "SUMMON answers 445: no terminal is IRC's to write on";
const USERS: &str =
    "USERS answers 446, as RFC 2812, 4.6, wants: who is logged in is private";

const TABLE: &str = "NUMERICS.md";

/// The table, from what the cases show now.
fn table() -> String {
    let mut shown: BTreeMap<u16, String> = BTreeMap::new();
    for case in &cases() {
        let mut play = Play::new(case);
        let _ = play.run();
        for code in play.numerics {
            let place = format!("{} ({})", case.title, case.file);
            // The case that is about this numeric says so in its title.
            let is_better = case.title.contains(&code.to_string());
            match shown.get(&code) {
                Some(old) if old.contains(&code.to_string()) || !is_better => {}
                _ => drop(shown.insert(code, place)),
            }
        }
    }
    let mut rows: BTreeMap<u16, (String, String)> = BTreeMap::new();
    for &(code, name, reason) in REASONS {
        rows.insert(code, (name.to_string(), format!("none: {reason}")));
    }
    for entry in numeric::ALL {
        let name = entry.name.to_string();
        if let Some(place) = shown.remove(&entry.code) {
            rows.insert(entry.code, (name, place));
        } else {
            rows.entry(entry.code).or_insert((name, "**missing**".to_string()));
        }
    }
    for code in OF_THE_RFC {
        let missing = || ("?".to_string(), "**missing**".to_string());
        rows.entry(code).or_insert_with(missing);
    }
    let mut text =
        "# Numerics\n\nWhich case of `tests/cases` shows which reply, \
        or why the server never sends it. Written by\n\
        `UPDATE=1 cargo test -p irc --test cases`.\n\n\
        | | name | RFC 1459, 6 | case |\n| --- | --- | --- | --- |\n"
            .to_string();
    for (code, (name, place)) in rows {
        let section = match OF_THE_RFC.contains(&code) {
            true if code >= 400 => "6.1",
            true => "6.2",
            false => "",
        };
        let _ = writeln!(text, "| {code:03} | {name} | {section} | {place} |");
    }
    text
}

#[test]
fn the_table_of_numerics_is_complete_and_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(TABLE);
    let new = table();
    assert!(!new.contains("**missing**"), "no case, no reason:\n{new}");
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, &new).expect("the table can be written");
    }
    let old = fs::read_to_string(&path).unwrap_or_default();
    assert!(old == new, "UPDATE=1 cargo test -p irc --test cases");
}
