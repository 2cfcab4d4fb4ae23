//! The configuration file: what it may say, and how it's read again.

use std::fs;
use std::path::Path;

use causette::words::Lang;
use irc::config::{Config, Wrong};
use nix::sys::signal::Signal;

use crate::net::{Irc, configured, program};

fn wrong(text: &str) -> (usize, usize, String) {
    match Config::parse(text, Path::new("irc.toml")) {
        Err(Wrong::Nonsense { line, column, what, .. }) => (line, column, what),
        other => panic!("{text:?} is {other:?}"),
    }
}

#[test]
fn the_example_says_what_holds_without_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("irc.toml");
    let example = Config::load(&path).expect("the example is right");
    let default = Config::default();
    let shown = format!("{:?}", example.limits);
    assert_eq!(shown, format!("{:?}", default.limits));
    assert_eq!(example.name, default.name);
    assert_eq!(example.description, default.description);
    assert_eq!(example.network, default.network);
    let motd = |config: &Config| {
        let motd = config.motd.as_ref().expect("one");
        motd.lines().map(<[u8]>::to_vec).collect::<Vec<_>>()
    };
    assert_eq!(motd(&example), motd(&default));
    assert_eq!(example.log, default.log);
    assert_eq!(example.operator.len(), 1);
    assert_eq!(example.link.len(), 1);
}

#[test]
fn a_wrong_file_is_told_with_line_column_and_what_is_expected() {
    let long = format!("network = \"{}\"", "x".repeat(64));
    let table = [
        ("name = \"irc.test\"\nname", 2, 5, "expected"),
        (
            "name = \"nodot\"",
            1,
            8,
            "expected a server name like irc.example.org",
        ),
        ("motd = 3", 1, 8, "expected a string"),
        ("\nport = 3", 2, 1, "unknown field `port`"),
        ("[limits]\nnick = 0", 2, 8, "expected a number, 1 to 50"),
        ("[limits]\nnick = \"x\"", 2, 8, "expected"),
        ("[limits]\nnicks = 3", 2, 1, "unknown field `nicks`"),
        ("listen = [\"7777\"]", 1, 11, "expected an address like [::]:7777"),
        ("limits = 3", 1, 10, "expected a table"),
        ("log = \"all\"", 1, 7, "expected one of `errors`, `events`, `lines`"),
        ("[limits]\nping = 1.5", 2, 8, "expected a whole number"),
        ("password = \"two words\"", 1, 12, "expected one word"),
        ("description = \"a\\nb\"", 1, 15, "expected one line"),
        (&long, 1, 11, "expected one word of at most 63 bytes"),
        ("[[operator]]\nname = \"x\"", 1, 1, "missing field `password`"),
        ("é = 1", 1, 1, ""),
    ];
    for (text, line, column, what) in table {
        let found = wrong(text);
        assert_eq!((found.0, found.1), (line, column), "{text:?}: {}", found.2);
        assert!(found.2.contains(what), "{text:?}: {}", found.2);
    }
}

#[test]
fn it_ends_with_2_and_says_so_in_both_languages() {
    let (program, path) = configured("wrong", "\n[limits]\nnick = 99\n");
    let shown = path.display().to_string();
    let output = program.command(&[]).output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stderr);
    let place =
        format!("{shown}, line 3, column 8: expected a number, 1 to 50");
    assert!(text.contains(&place), "{text}");
    assert_eq!(output.status.code(), Some(2));
    let program = program.env("LC_ALL", "fr_FR");
    let output = program.command(&[]).output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stderr);
    let place = format!(
        "{shown}, ligne 3, colonne 8\u{a0}: un nombre est attendu, de 1 à 50"
    );
    assert!(text.contains(&place), "{text}");
    assert_eq!(output.status.code(), Some(2));
}

/// All that the TOML reader and we say about the files above and some more is in
/// French for who wants it: no English word is left.
#[test]
fn french_is_french() {
    let files = [
        "name",
        "name =",
        "name = \"x",
        "name = x",
        "[limits",
        "[[operator]",
        "= 3",
        "network = \"b\" c = 1",
        "network = \"b c\"",
        "motd = 3",
        "limits = 3",
        "tilde = \"x\"",
        "listen = [\"x\"]",
        "listen = \"x\"",
        "[limits]\nsendq = 1.5",
        "[admin]",
        "[limits]\nnick = 0",
        "name = \"x\"",
        "password = \"a b\"",
        "foo = 1",
        "description = \"a\\nb\"",
        "network = \"a\"\nnetwork = \"b\"",
        "listen = [1,",
        "operator = [{ name = 1 }]",
        "tilde = 1",
        "name = true",
        "name = []",
        "name = {}",
        "motd = \"\"\"x",
        "log = \"all\"",
        "log = 3",
        "name = \"\\q\"",
    ];
    for file in files {
        let (_, _, what) = wrong(file);
        let error = Wrong::Nonsense {
            path: "irc.toml".into(),
            line: 1,
            column: 1,
            what: what.clone(),
        };
        let text = irc::words::wrong(Lang::Fr, "07_irc", &error);
        // What stands in quotes is the file's own.
        let prose: String = text.split('`').step_by(2).collect();
        let english = [
            "expected", "invalid", "unknown", "missing", "must", "string",
            " a ", "the ",
        ];
        for word in english {
            assert!(!prose.contains(word), "{word} in {text}");
        }
        assert_ne!(text, irc::words::wrong(Lang::En, "07_irc", &error));
    }
}

#[test]
fn a_file_that_cannot_be_read_is_said() {
    let program = program().arg("--config").arg("/nonexistent/irc.toml");
    let output = program.command(&[]).output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("/nonexistent/irc.toml can't be read: "), "{text}");
    assert_eq!(output.status.code(), Some(2));
}

const OPERATOR: &str =
    "operator = [{ name = \"root\", password = \"sesame\" }]\n";

#[test]
fn sighup_and_rehash_read_it_again_and_drop_nobody() {
    let (program, path) = configured("rehash", OPERATOR);
    let server = program.start();
    let mut anna = Irc::register(&server, "anna");
    anna.join("#c");
    fs::write(&path, format!("{OPERATOR}motd = \"By signal\"\n"))
        .expect("written");
    server.signal(Signal::SIGHUP);
    server.log().expect_line("The configuration is read again");
    anna.say("MOTD");
    anna.wait_for(":- By signal");
    anna.say("OPER root sesame");
    anna.wait_for("MODE anna :+o");
    fs::write(&path, format!("{OPERATOR}motd = \"By word\"\n"))
        .expect("written");
    anna.say("REHASH");
    anna.wait_for(" 382 anna ");
    anna.say("MOTD");
    anna.wait_for(":- By word");
    anna.say("WHOIS anna");
    anna.wait_for(":@#c");
}

#[test]
fn a_file_that_is_wrong_by_now_changes_nothing() {
    let (program, path) = configured("rewrong", OPERATOR);
    let server = program.start();
    let mut anna = Irc::register(&server, "anna");
    anna.say("OPER root sesame");
    anna.wait_for("MODE anna :+o");
    anna.say("MODE anna +s");
    fs::write(&path, "name = 3\n").expect("written");
    anna.say("REHASH");
    anna.wait_for(" 424 anna :File error doing REHASH on ");
    anna.wait_for("irc.toml, line 1, column 8: ");
    anna.say("VERSION");
    anna.wait_for(" 351 anna ");
}

#[test]
fn it_listens_where_the_file_says() {
    let port = lab::free_port();
    let config =
        format!("listen = [\"127.0.0.1:{port}\"]\nname = \"irc.here\"\n");
    let (program, _) = configured("listen", &config);
    let mut child = program.command(&[]).spawn().expect("it runs");
    let connected =
        lab::until(|| std::net::TcpStream::connect(("127.0.0.1", port)).ok());
    let _ = child.kill();
    let _ = child.wait();
    assert!(connected.is_some());
}
