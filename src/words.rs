//! Everything a program says to whoever started it, help and errors: one table in
//! French and in English, so that the two can't drift apart. The wire and the log
//! are English.

use std::env;

/// The languages of the course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// French.
    Fr,
}

impl Lang {
    /// The first of `LC_ALL`, `LC_MESSAGES` and `LANG` that isn't empty
    /// decides.
    pub fn of_the_environment() -> Self {
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

/// Who speaks: a program, by the words that call it.
#[derive(Clone, Copy, Debug)]
pub struct Speaker<'a> {
    /// The last part of `called`.
    pub name: &'a str,
    /// The program as it was called, so that its advice can be copied.
    pub called: &'a str,
}

/// Everything there is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// What `--help` prints.
    Help {
        /// What the program is.
        about: &'static str,
        /// Does it take `--admin`?
        with_admin: bool,
    },
    /// This isn't a port.
    NotAPort(String),
    /// Nobody knows what to do with this argument.
    Unexpected(String),
    /// `--admin` without a password.
    NoPassword,
    /// Somebody listens on this port already.
    PortTaken(u16),
    /// This port is for the administrator of the machine.
    PortForbidden(u16),
    /// No descriptor for even one client.
    OutOfDescriptors,
    /// Why the server stops.
    Stopped(String),
}

impl Message {
    /// The message in `lang`.
    pub fn text(&self, lang: Lang, speaker: Speaker<'_>) -> String {
        match lang {
            Lang::En => self.english(speaker),
            Lang::Fr => self.french(speaker),
        }
    }

    fn english(&self, Speaker { name, called }: Speaker<'_>) -> String {
        let wrong =
            |what: &str| format!("{name}: {what}\nFor help: {called} --help");
        match self {
            Self::Help { about, with_admin: false } => format!(
                "{about}\n\n\
                 Usage: {called} [PORT]\n\n  \
                   PORT        port to listen on (default 7777; 0: any free port)\n  \
                   -h, --help  this help\n\n\
                 To talk to it: nc localhost PORT. To stop it: Ctrl-C.\n\
                 Exit status: 1 if it can't start or go on, \
                 2 if the command line is wrong."
            ),
            Self::Help { about, with_admin: true } => format!(
                "{about}\n\n\
                 Usage: {called} [PORT] [--admin PASSWORD]\n\n  \
                   PORT              port to listen on (default 7777; 0: any free port)\n  \
                   --admin PASSWORD  KILL only for those who have sent ADMIN PASSWORD\n  \
                   -h, --help        this help\n\n\
                 To talk to it: nc localhost PORT. To stop it: Ctrl-C.\n\
                 Exit status: 1 if it can't start or go on, \
                 2 if the command line is wrong."
            ),
            Self::NotAPort(given) => wrong(&format!(
                "\"{}\" is not a port, which is a number from 0 to 65535",
                given.escape_debug()
            )),
            Self::Unexpected(given) => wrong(&format!(
                "unexpected argument \"{}\"",
                given.escape_debug()
            )),
            Self::NoPassword => {
                wrong("--admin needs a password (one word, no dash in front)")
            }
            Self::PortTaken(port) => format!(
                "{name}: port {port} is in use, perhaps by a server left open in \
                 another terminal. Stop it, or choose another port, for instance {}.",
                another(*port)
            ),
            Self::PortForbidden(port) => format!(
                "{name}: you are not allowed to listen on port {port}. \
                 Choose 1024 or above, for instance 7777."
            ),
            Self::OutOfDescriptors => format!(
                "{name}: no file descriptor left to serve even one client. \
                 Raise the limit: ulimit -n 4096"
            ),
            Self::Stopped(error) => {
                format!("{name}: the server can't go on: {error}")
            }
        }
    }

    fn french(&self, Speaker { name, called }: Speaker<'_>) -> String {
        let wrong = |what: &str| {
            format!(
                "{name}\u{a0}: {what}\nPour obtenir l'aide\u{a0}: {called} --help"
            )
        };
        match self {
            Self::Help { about, with_admin: false } => format!(
                "{about}\n\n\
                 Utilisation\u{a0}: {called} [PORT]\n\n  \
                   PORT        port d'écoute (7777 par défaut\u{202f}; 0\u{a0}: un port libre)\n  \
                   -h, --help  cette aide\n\n\
                 Pour s'y connecter\u{a0}: nc localhost PORT. Pour l'arrêter\u{a0}: Ctrl-C.\n\
                 Code de retour\u{a0}: 1 s'il ne peut pas démarrer ou continuer, \
                 2 si la ligne de commande est incorrecte."
            ),
            Self::Help { about, with_admin: true } => format!(
                "{about}\n\n\
                 Utilisation\u{a0}: {called} [PORT] [--admin MOT_DE_PASSE]\n\n  \
                   PORT                  port d'écoute (7777 par défaut\u{202f}; 0\u{a0}: un port libre)\n  \
                   --admin MOT_DE_PASSE  KILL réservé à qui a envoyé ADMIN MOT_DE_PASSE\n  \
                   -h, --help            cette aide\n\n\
                 Pour s'y connecter\u{a0}: nc localhost PORT. Pour l'arrêter\u{a0}: Ctrl-C.\n\
                 Code de retour\u{a0}: 1 s'il ne peut pas démarrer ou continuer, \
                 2 si la ligne de commande est incorrecte."
            ),
            Self::NotAPort(given) => wrong(&format!(
                "«\u{a0}{}\u{a0}» n'est pas un port, c'est-à-dire un nombre de 0 à 65535",
                given.escape_debug()
            )),
            Self::Unexpected(given) => wrong(&format!(
                "argument inattendu «\u{a0}{}\u{a0}»",
                given.escape_debug()
            )),
            Self::NoPassword => wrong(
                "--admin attend un mot de passe (un seul mot, sans tiret devant)",
            ),
            Self::PortTaken(port) => format!(
                "{name}\u{a0}: le port {port} est déjà utilisé, peut-être par un serveur \
                 resté ouvert dans un autre terminal. Arrêtez-le, ou choisissez un autre \
                 port, par exemple {}.",
                another(*port)
            ),
            Self::PortForbidden(port) => format!(
                "{name}\u{a0}: vous n'avez pas le droit d'écouter sur le port {port}. \
                 Choisissez un port à partir de 1024, par exemple 7777."
            ),
            Self::OutOfDescriptors => format!(
                "{name}\u{a0}: il ne reste pas un descripteur de fichier, même pour \
                 un seul client. Relevez la limite\u{a0}: ulimit -n 4096"
            ),
            Self::Stopped(error) => {
                format!(
                    "{name}\u{a0}: le serveur ne peut pas continuer\u{a0}: {error}"
                )
            }
        }
    }
}

/// A port to suggest where `port` is taken.
fn another(port: u16) -> u16 {
    if port < u16::MAX { port + 1 } else { 7777 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of each, with arguments that can be found again in the text.
    fn all() -> [Message; 9] {
        [
            Message::Help { about: "ABOUT", with_admin: false },
            Message::Help { about: "ABOUT", with_admin: true },
            Message::NotAPort("GIVEN".to_string()),
            Message::Unexpected("GIVEN".to_string()),
            Message::NoPassword,
            Message::PortTaken(4242),
            Message::PortForbidden(4242),
            Message::OutOfDescriptors,
            Message::Stopped("ERROR".to_string()),
        ]
    }

    fn both(message: &Message) -> [String; 2] {
        let speaker = Speaker { name: "NAME", called: "dir/NAME" };
        [Lang::En, Lang::Fr].map(|lang| message.text(lang, speaker))
    }

    #[test]
    fn both_languages_say_the_same_things() {
        for message in all() {
            let [en, fr] = both(&message);
            assert_ne!(en, fr);
            assert_eq!(en.lines().count(), fr.lines().count(), "{en}\n{fr}");
            let shared = [
                "NAME",
                "dir/NAME",
                "ABOUT",
                "GIVEN",
                "4242",
                "4243",
                "7777",
                "ERROR",
                "PORT",
                "--help",
                "--admin",
                "ADMIN",
                "KILL",
                "ulimit -n 4096",
                "nc localhost",
            ];
            for word in shared {
                let counts = [&en, &fr].map(|text| text.matches(word).count());
                assert_eq!(counts[0], counts[1], "{word} in\n{en}\n{fr}");
            }
        }
    }

    /// French puts a no-break space before these, and inside its quotes.
    #[test]
    fn french_has_its_no_break_spaces() {
        let is_no_break =
            |c: Option<char>| c == Some('\u{a0}') || c == Some('\u{202f}');
        for message in all() {
            let [_, text] = both(&message);
            for (i, mark) in text.match_indices([':', ';', '!', '?', '»']) {
                assert!(
                    is_no_break(text[..i].chars().next_back()),
                    "before {mark} in {text}"
                );
            }
            for (i, mark) in text.match_indices('«') {
                let after = text[i + mark.len()..].chars().next();
                assert!(is_no_break(after), "after {mark} in {text}");
            }
        }
    }
}
