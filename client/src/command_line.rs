//! `client [HOST] [PORT]`, its help and its errors, in the user's language.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Command};
use lab::texts::{Lang, Texts};
use lab::usage::misused;

/// The port of the lab.
const PORT: u16 = 7777;

/// Whom to call.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) host: String,
    pub(crate) port: u16,
}

/// The table of the language that these arguments, or the environment, ask for.
pub(crate) fn table(arguments: &[OsString]) -> Texts {
    let lang = Lang::asked(arguments);
    Texts::new(lang).with(source(lang))
}

fn source(lang: Lang) -> &'static str {
    match lang {
        Lang::En => include_str!("../locales/en.ftl"),
        Lang::Fr => include_str!("../locales/fr.ftl"),
    }
}

/// What the command line asks for; `Err` is an exit status, once all is said.
pub(crate) fn parse(
    arguments: &[OsString],
    texts: &Texts,
) -> Result<Target, u8> {
    let called = arguments
        .first()
        .map_or("client".into(), |path| path.to_string_lossy().into_owned());
    let complain = |words: &str| {
        let for_help = [("called", called.clone())];
        let for_help = texts.say("for-help", &for_help);
        let _ = writeln!(io::stderr(), "{words}\n{for_help}");
        2
    };
    let matches = match command(&called, texts).try_get_matches_from(arguments)
    {
        Ok(matches) => matches,
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                let said = error.to_string();
                let _ = writeln!(io::stdout(), "{}", said.trim_end());
                return Err(0);
            }
            _ => return Err(complain(&misused(&error, texts))),
        },
    };
    let word = |name| matches.get_one::<String>(name).map(String::as_str);
    target(word("host"), word("port"))
        .map_err(|port| complain(&texts.say("error-port", &[("port", port)])))
}

/// `Err`: what is no port.
fn target(host: Option<&str>, port: Option<&str>) -> Result<Target, String> {
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let (host, port) = match (host, port) {
        // The servers take a port alone, and no host is a number.
        (Some(word), None) if is_number(word) => ("localhost", Some(word)),
        (host, port) => (host.unwrap_or("localhost"), port),
    };
    let number = match port {
        None => Some(PORT),
        // u16 alone would take "+7777" too.
        Some(word) if is_number(word) => word.parse().ok(),
        Some(_) => None,
    };
    match number {
        Some(port @ 1..) => Ok(Target { host: host.to_string(), port }),
        _ => Err(port.unwrap_or_default().escape_debug().to_string()),
    }
}

fn command(called: &str, texts: &Texts) -> Command {
    let called = [("called", called.to_string())];
    let say = |key: &str| texts.say(key, &called);
    let usage = texts.say("usage", &[("usage", say("usage-client"))]);
    let argument = |name: &'static str| {
        Arg::new(name)
            .value_name(name.to_uppercase())
            .help(say(&format!("argument-{name}")))
            .help_heading(say("heading-arguments"))
    };
    let option = |name: &'static str| {
        Arg::new(name)
            .long(name)
            .help(say(&format!("option-{name}")))
            .help_heading(say("heading-options"))
    };
    Command::new("client")
        .version(env!("CARGO_PKG_VERSION"))
        .about(say("about"))
        .disable_help_flag(true)
        .disable_version_flag(true)
        // clap's own headings and words are English: these stand in their place.
        .help_template(format!(
            "{{about}}\n\n{usage}\n\n{{all-args}}\n\n{}\n\n{}",
            say("keys"),
            say("exit-statuses")
        ))
        .arg(argument("host"))
        .arg(argument("port"))
        .arg(
            option("lang")
                .value_name("fr|en")
                .value_parser(["fr", "en"])
                .hide_possible_values(true),
        )
        .arg(option("version").short('V').action(ArgAction::Version))
        .arg(option("help").short('h').action(ArgAction::Help))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn at(host: &str, port: u16) -> Result<Target, String> {
        Ok(Target { host: host.to_string(), port })
    }

    #[test]
    fn host_and_port_are_those_of_the_lab_unless_given() {
        assert_eq!(target(None, None), at("localhost", 7777));
        assert_eq!(target(Some("::1"), None), at("::1", 7777));
        assert_eq!(target(Some("box"), Some("80")), at("box", 80));
        assert_eq!(target(Some("7778"), None), at("localhost", 7778));
        assert_eq!(target(Some("127.0.0.1"), None), at("127.0.0.1", 7777));
    }

    #[test]
    fn what_is_no_port_is_refused() {
        for port in ["0", "65536", "+7777", "-1", "http", "", "99999999999999"]
        {
            assert_eq!(target(Some("box"), Some(port)), Err(port.to_string()));
        }
        assert_eq!(target(Some("70000"), None), Err("70000".to_string()));
    }

    /// Each key, and the names of its placeholders.
    fn shape(lang: Lang) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
        let lines = source(lang).lines().filter(|line| !line.starts_with('#'));
        let texts = lines.filter_map(|line| line.split_once(" ="));
        texts
            .map(|(key, text)| {
                let names = text.split("{ $").skip(1);
                let names = names.filter_map(|rest| rest.split(' ').next());
                (key, names.collect())
            })
            .collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(shape(Lang::En), shape(Lang::Fr));
        assert!(shape(Lang::En).len() > 20);
        for lang in Lang::ALL {
            let texts = Texts::new(lang).with(source(lang));
            for (key, names) in shape(lang) {
                let given: Vec<(&str, String)> = names
                    .iter()
                    .map(|name| (*name, format!("<{name}>")))
                    .collect();
                let said = texts.say(key, &given);
                assert_ne!(said, key);
                for (_, value) in given {
                    assert!(said.contains(&value), "{key}: {said}");
                }
            }
        }
    }

    #[test]
    fn french_has_its_no_break_spaces() {
        for mark in [" :", " ;", " !", " ?", " »", "« "] {
            assert!(
                !source(Lang::Fr).contains(mark),
                "a plain space: {mark:?}"
            );
        }
    }
}
