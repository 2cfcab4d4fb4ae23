//! What the programs say before they serve, in French and in English: one
//! table, so that the two languages can't drift apart. The wire and the log are
//! English.

use std::env;

/// The languages of the course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lang {
    En,
    Fr,
}

impl Lang {
    /// The first of `LC_ALL`, `LC_MESSAGES` and `LANG` that isn't empty
    /// decides.
    pub(crate) fn of_the_environment() -> Self {
        let values = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .map(|name| env::var_os(name).unwrap_or_default());
        let value = values
            .into_iter()
            .find(|value| !value.is_empty())
            .unwrap_or_default();
        if value.to_string_lossy().starts_with("fr") {
            Self::Fr
        } else {
            Self::En
        }
    }
}

/// Everything there is to say. `name` is the program's, as it was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message<'a> {
    Help { name: &'a str, about: &'a str, with_admin: bool },
    NotAPort { name: &'a str, given: String },
    Unexpected { name: &'a str, given: String },
    NoPassword { name: &'a str },
    PortTaken { name: &'a str, port: u16 },
    PortForbidden { name: &'a str, port: u16 },
    OutOfDescriptors { name: &'a str },
    Stopped { name: &'a str, error: String },
}

impl Message<'_> {
    pub(crate) fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.english(),
            Lang::Fr => self.french(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Help { name, about, with_admin } => {
                let (usage, admin) = if *with_admin {
                    (
                        " [--admin PASSWORD]",
                        "\n  --admin PASSWORD  keep KILL for whoever has sent ADMIN PASSWORD",
                    )
                } else {
                    ("", "")
                };
                format!(
                    "{about}\n\n\
                     Usage: {name} [PORT]{usage}\n\n\
                     \x20 PORT              where to listen: 7777 if absent, 0 for any free port{admin}\n\
                     \x20 -h, --help        this help\n\n\
                     To talk to it: nc localhost 7777. To stop it: Ctrl-C.\n\
                     Exit status: 1 if it cannot serve, 2 if it was called the wrong way."
                )
            }
            Self::NotAPort { name, given } => {
                format!(
                    "{name}: {given:?} is not a port: a number from 0 to 65535 is expected\n{}",
                    try_help_en(name)
                )
            }
            Self::Unexpected { name, given } => {
                format!(
                    "{name}: unexpected argument {given:?}\n{}",
                    try_help_en(name)
                )
            }
            Self::NoPassword { name } => {
                format!(
                    "{name}: --admin expects a password of one word\n{}",
                    try_help_en(name)
                )
            }
            Self::PortTaken { name, port } => format!(
                "{name}: port {port} is taken by another program. \
                 Stop that one, or choose another port: {name} {}",
                another(*port)
            ),
            Self::PortForbidden { name, port } => format!(
                "{name}: you are not allowed to listen on port {port}. \
                 Choose one from 1024 on: {name} 7777"
            ),
            Self::OutOfDescriptors { name } => format!(
                "{name}: no descriptor left for a first client, so it stops. \
                 Raise the limit: ulimit -n 1024"
            ),
            Self::Stopped { name, error } => {
                format!("{name}: the server cannot go on: {error}")
            }
        }
    }

    fn french(&self) -> String {
        match self {
            Self::Help { name, about, with_admin } => {
                let (usage, admin) = if *with_admin {
                    (
                        " [--admin MOT_DE_PASSE]",
                        "\n  --admin MOT_DE_PASSE  réserve KILL à qui a envoyé ADMIN MOT_DE_PASSE",
                    )
                } else {
                    ("", "")
                };
                format!(
                    "{about}\n\n\
                     Utilisation\u{a0}: {name} [PORT]{usage}\n\n\
                     \x20 PORT                  port d'écoute\u{a0}: 7777 par défaut, 0 pour un port libre quelconque{admin}\n\
                     \x20 -h, --help            cette aide\n\n\
                     Pour lui parler\u{a0}: nc localhost 7777. Pour l'arrêter\u{a0}: Ctrl-C.\n\
                     Code de retour\u{a0}: 1 s'il ne peut pas servir, 2 s'il a été mal appelé."
                )
            }
            Self::NotAPort { name, given } => format!(
                "{name}\u{a0}: {given:?} n'est pas un port\u{a0}: il faut un nombre de 0 à 65535\n{}",
                try_help_fr(name)
            ),
            Self::Unexpected { name, given } => {
                format!(
                    "{name}\u{a0}: argument inattendu {given:?}\n{}",
                    try_help_fr(name)
                )
            }
            Self::NoPassword { name } => {
                format!(
                    "{name}\u{a0}: --admin attend un mot de passe, sans espace\n{}",
                    try_help_fr(name)
                )
            }
            Self::PortTaken { name, port } => format!(
                "{name}\u{a0}: le port {port} est déjà pris par un autre programme. \
                 Arrêtez celui-ci, ou choisissez un autre port\u{a0}: {name} {}",
                another(*port)
            ),
            Self::PortForbidden { name, port } => format!(
                "{name}\u{a0}: vous n'avez pas le droit d'écouter sur le port {port}. \
                 Choisissez-en un à partir de 1024\u{a0}: {name} 7777"
            ),
            Self::OutOfDescriptors { name } => format!(
                "{name}\u{a0}: plus aucun descripteur, même pour un premier client\u{a0}: le serveur s'arrête. \
                 Relevez la limite\u{a0}: ulimit -n 1024"
            ),
            Self::Stopped { name, error } => {
                format!(
                    "{name}\u{a0}: le serveur ne peut pas continuer\u{a0}: {error}"
                )
            }
        }
    }
}

fn try_help_en(name: &str) -> String {
    format!("For help: {name} --help")
}

fn try_help_fr(name: &str) -> String {
    format!("Pour l'aide\u{a0}: {name} --help")
}

/// A port to suggest where `port` is taken.
fn another(port: u16) -> u16 {
    if port < u16::MAX { port + 1 } else { 7777 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of each, with arguments that can be found again in the text.
    fn all() -> [Message<'static>; 8] {
        let (name, about, given) = ("NAME", "ABOUT", "GIVEN".to_string());
        [
            Message::Help { name, about, with_admin: true },
            Message::NotAPort { name, given: given.clone() },
            Message::Unexpected { name, given },
            Message::NoPassword { name },
            Message::PortTaken { name, port: 4242 },
            Message::PortForbidden { name, port: 4242 },
            Message::OutOfDescriptors { name },
            Message::Stopped { name, error: "ERROR".to_string() },
        ]
    }

    #[test]
    fn both_languages_say_the_same_things() {
        for message in all() {
            let (en, fr) = (message.text(Lang::En), message.text(Lang::Fr));
            assert_ne!(en, fr);
            assert_eq!(en.lines().count(), fr.lines().count(), "{en}\n{fr}");
            let shared = [
                "NAME",
                "ABOUT",
                "GIVEN",
                "4242",
                "4243",
                "7777",
                "ERROR",
                "--help",
                "--admin",
                "ADMIN",
                "ulimit -n",
                "nc localhost",
            ];
            for word in shared {
                let counts = [&en, &fr].map(|text| text.matches(word).count());
                assert_eq!(counts[0], counts[1], "{word} in\n{en}\n{fr}");
            }
        }
    }

    /// French puts a no-break space before these, and no line may begin with one.
    #[test]
    fn french_has_its_no_break_spaces() {
        for message in all() {
            let text = message.text(Lang::Fr);
            for (i, mark) in text.match_indices([':', ';', '!', '?']) {
                let before = text[..i].chars().next_back();
                assert!(
                    before.is_some_and(|c| c == '\u{a0}' || c == '\u{202f}'),
                    "{mark} after {before:?} in {text}"
                );
            }
        }
    }
}
