//! `client` as it's called: help, errors and statuses, in both languages.

use std::process::{Command, Stdio};

use lab::{Family, free_port};

fn client(arguments: &[&str], lang: &str) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_client"))
        .args(arguments)
        .env("LC_ALL", lang)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn help_is_there_in_both_languages() {
    let (status, said, complaint) = client(&["--help"], "C");
    assert_eq!((status, complaint.as_str()), (Some(0), ""));
    assert!(said.contains("Usage: "), "{said}");
    let (status, dit, _) = client(&["-h"], "fr_FR.UTF-8");
    assert_eq!(status, Some(0));
    assert!(dit.contains("Utilisation\u{a0}: "), "{dit}");
    // clap's own words are all replaced.
    for word in ["Usage", "Print", "possible values", "default:", "$called"] {
        assert!(!dit.contains(word), "{word} in {dit}");
    }
    for text in [&said, &dit] {
        for word in [
            "[HOST] [PORT]",
            "7777",
            "localhost",
            "NO_COLOR",
            "nc -N",
            "--lang",
        ] {
            assert!(text.contains(word), "{word} in {text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 110));
    }
    assert_eq!(client(&["--help", "--lang", "fr"], "C").1, dit);
    let version = format!("client {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(client(&["--version"], "C").1, version);
}

#[test]
fn what_makes_no_sense_is_refused_with_status_2() {
    let wrong: [&[&str]; 9] = [
        &["host", "port"],
        &["host", "0"],
        &["host", "65536"],
        &["host", "1", "2"],
        &["65536"],
        &["--frob"],
        &["--lang", "de"],
        &["--lang"],
        &["host", "+7777"],
    ];
    for arguments in wrong {
        for lang in ["C", "fr"] {
            let (status, said, complaint) = client(arguments, lang);
            assert_eq!(status, Some(2), "{arguments:?}: {complaint}");
            assert_eq!(said, "");
            assert!(complaint.contains("client --help"), "{complaint}");
            assert!(!complaint.contains("error"), "{complaint}");
        }
    }
}

#[test]
fn nobody_there_is_told_with_what_was_tried() {
    // Nobody listens there; another process might begin to, but hardly does.
    let port = free_port().to_string();
    let address = Family::V4.loopback(port.parse().unwrap());
    let (status, said, complaint) = client(&["127.0.0.1", &port], "C");
    assert_eq!((status, said.as_str()), (Some(1), ""));
    let expected = format!(
        "client: no connection to 127.0.0.1, port {port}:\n  \
         {address}: connection refused\n\
         Nobody listens there. Is the server started, and is this its port?\n"
    );
    assert_eq!(complaint, expected);
    let (_, _, complaint) = client(&[&port], "fr_FR.UTF-8");
    assert!(complaint.contains("connexion refusée"), "{complaint}");
    assert!(complaint.contains(&format!("localhost, port {port}")));
}

#[test]
fn a_host_without_address_is_told() {
    // RFC 6761, section 6.4: there is no such name.
    let (status, _, complaint) = client(&["nobody.invalid", "1"], "C");
    assert_eq!(status, Some(1), "{complaint}");
    assert!(complaint.contains("\"nobody.invalid\""), "{complaint}");
}
