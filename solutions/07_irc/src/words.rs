//! What the program says to whoever starts it, in both languages; beside what
//! it shares with the other steps, in [`causette::words`].

use causette::words::Lang;

use crate::config::Wrong;

/// What `--help` prints.
pub fn help(lang: Lang, called: &str) -> String {
    let lines: &[&str] = match lang {
        Lang::En => &[
            "An IRC server: all that RFC 1459 has for clients.",
            "",
            "Usage: {called} [PORT] [--config FILE] [--log LEVEL]",
            "",
            "  PORT           port to listen on \
               (default 7777; 0: any free port)",
            "  --config FILE  name, limits, operators and more, in TOML;",
            "                 an example of all: solutions/07_irc/irc.toml",
            "  --log LEVEL    errors; events: also who comes and goes and what",
            "                 operators do (default); lines: also every line",
            "  -h, --help     this help",
            "",
            "To talk on it: irssi -c localhost -p PORT. To stop it: Ctrl-C.",
            "Exit status: 1 if it can't start or go on, \
             2 if the command line or FILE is wrong.",
        ],
        Lang::Fr => &[
            "Un serveur IRC\u{a0}: tout ce que la RFC 1459 prévoit \
             pour les clients.",
            "",
            "Utilisation\u{a0}: {called} [PORT] [--config FICHIER] \
             [--log NIVEAU]",
            "",
            "  PORT              port d'écoute \
               (7777 par défaut\u{202f}; 0\u{a0}: un port libre)",
            "  --config FICHIER  nom, limites, opérateurs, etc., en TOML",
            "                    (tout y est\u{a0}: \
               solutions/07_irc/irc.toml)",
            "  --log NIVEAU      errors\u{202f}; events\u{a0}: \
               aussi qui arrive, qui part et ce que font",
            "                    les opérateurs (par défaut)\u{202f}; \
               lines\u{a0}: aussi chaque ligne",
            "  -h, --help        cette aide",
            "",
            "Pour y bavarder\u{a0}: irssi -c localhost -p PORT. \
             Pour l'arrêter\u{a0}: Ctrl-C.",
            "Code de retour\u{a0}: 1 s'il ne peut pas démarrer ou continuer, \
             2 si la ligne de commande ou FICHIER est incorrect.",
        ],
    };
    lines.join("\n").replace("{called}", called)
}

/// `--config` stands alone.
pub fn no_file(lang: Lang, name: &str, called: &str) -> String {
    match lang {
        Lang::En => {
            format!("{name}: --config needs a file\nFor help: {called} --help")
        }
        Lang::Fr => format!(
            "{name}\u{a0}: --config attend un fichier\n\
             Pour obtenir l'aide\u{a0}: {called} --help"
        ),
    }
}

/// `--log` wants one of three words.
pub fn no_level(lang: Lang, name: &str, called: &str) -> String {
    match lang {
        Lang::En => format!(
            "{name}: --log needs errors, events or lines\n\
             For help: {called} --help"
        ),
        Lang::Fr => format!(
            "{name}\u{a0}: --log attend errors, events ou lines\n\
             Pour obtenir l'aide\u{a0}: {called} --help"
        ),
    }
}

/// What is wrong with a configuration file.
pub fn wrong(lang: Lang, name: &str, wrong: &Wrong) -> String {
    match (lang, wrong) {
        (Lang::En, wrong) => format!("{name}: {wrong}"),
        (Lang::Fr, Wrong::Unreadable { path, error }) => format!(
            "{name}\u{a0}: impossible de lire {}\u{a0}: {error}",
            path.display()
        ),
        (Lang::Fr, Wrong::Nonsense { path, line, column, what }) => format!(
            "{name}\u{a0}: {}, ligne {line}, colonne {column}\u{a0}: {}",
            path.display(),
            in_french(what)
        ),
    }
}

/// What the TOML reader says is English: put into French where its form is
/// known, left as it is where it isn't.
fn in_french(what: &str) -> String {
    const PHRASES: &[(&str, &str)] = &[
        (
            "expected one word, without a colon in front",
            "un seul mot est attendu, sans deux-points devant",
        ),
        (
            "expected one word of at most 63 bytes, without a colon in front",
            "un seul mot est attendu, de 63 octets au plus, \
             sans deux-points devant",
        ),
        (
            "expected one line of at most 400 bytes",
            "une seule ligne est attendue, de 400 octets au plus",
        ),
        (
            "expected a server name like irc.example.org",
            "un nom de serveur est attendu, comme irc.example.org",
        ),
        (
            "expected an address like [::]:7777 or ",
            "une adresse est attendue, comme [::]:7777 ou ",
        ),
        ("expected a number, ", "un nombre est attendu, de "),
        ("key with no value, expected `=`", "clé sans valeur, il manque `=`"),
        (
            "string values must be quoted, expected literal string",
            "un texte se met entre guillemets",
        ),
        (
            "invalid multi-line basic string",
            "texte de plusieurs lignes incorrect",
        ),
        ("invalid basic string", "texte incorrect"),
        ("unclosed array table", "liste de tables non fermée"),
        ("unclosed table", "table non fermée"),
        ("unclosed array", "liste non fermée"),
        ("unexpected key or value", "clé ou valeur inattendue"),
        ("unquoted keys cannot be empty", "une clé ne peut pas être vide"),
        ("missing escaped value", "échappement incorrect"),
        ("invalid type: ", "type incorrect\u{a0}: "),
        ("unknown field ", "clé inconnue\u{a0}: "),
        ("unknown variant ", "valeur inconnue\u{a0}: "),
        ("missing field ", "il manque la clé "),
        ("duplicate key", "clé en double"),
        ("expected one of ", "attendu\u{a0}: "),
        ("expected ", "attendu\u{a0}: "),
        ("letters, numbers", "lettres, chiffres"),
        ("newline", "fin de ligne"),
        ("a string", "un texte"),
        ("string ", "le texte "),
        ("a boolean", "un booléen"),
        ("boolean ", "le booléen "),
        ("a whole number", "un nombre entier"),
        ("integer ", "le nombre "),
        ("floating point ", "le nombre "),
        ("a sequence", "une liste"),
        ("sequence", "une liste"),
        ("a table", "une table"),
        ("map", "une table"),
        (" to ", " à "),
    ];
    PHRASES.iter().fold(what.to_string(), |text, (english, french)| {
        text.replace(english, french)
    })
}
