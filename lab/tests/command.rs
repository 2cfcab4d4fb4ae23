//! `cargo lab` as it's called: what it says, in which language, with which status.

use std::process::{Command, Output};

fn lab(arguments: &[&str], lang: &str) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_lab"))
        .args(arguments)
        .env("LC_ALL", lang)
        .output()
        .unwrap_or_else(|error| panic!("{error}"));
    let Output { status, stdout, stderr } = output;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn help_is_there_in_both_languages() {
    for arguments in [
        &["--help"][..],
        &["check", "--help"],
        &["run", "-h"],
        &["film", "--help"],
    ] {
        let (status, said, _) = lab(arguments, "C");
        assert_eq!(status, Some(0), "{said}");
        assert!(said.contains("Usage: cargo lab"), "{said}");
        let (status, dit, _) = lab(arguments, "fr_FR.UTF-8");
        assert_eq!(status, Some(0), "{dit}");
        assert!(dit.contains("Utilisation\u{a0}: cargo lab"), "{dit}");
        // clap's own words are all replaced.
        for word in
            ["Usage", "Print help", "possible values", "default", "COMMAND>"]
        {
            assert!(!dit.contains(word), "{word} in {dit}");
        }
        let (_, also, _) = lab(&[arguments, &["--lang", "fr"]].concat(), "C");
        assert!(also.is_empty() || also == dit, "{also}");
    }
}

#[test]
fn what_makes_no_sense_is_refused_with_status_2() {
    let wrong: [&[&str]; 19] = [
        &["reset"],
        &["reset", "3", "--all"],
        &["reset", "99"],
        &["run"],
        &[],
        &["frob"],
        &["check", "--frob"],
        &["check", "99"],
        &["check", "--level", "hard"],
        &["check", "--lang", "de"],
        &["check", "--cmd"],
        &["check", "--cmd", "true"],
        &["check", "03", "--solution", "--cmd", "true"],
        &["film"],
        &["film", "99"],
        &["film", "3", "--scene", "western"],
        &["film", "3", "--check"],
        &["film", "--record", "--check"],
        &["film", "3", "--cmd", "false {port}"],
    ];
    for arguments in wrong {
        for lang in ["C", "fr"] {
            let (status, said, complaint) = lab(arguments, lang);
            assert_eq!(status, Some(2), "{arguments:?}: {said}{complaint}");
            assert_eq!(said, "", "{arguments:?}");
            assert!(!complaint.is_empty(), "{arguments:?}");
            assert!(
                !complaint.contains("error:"),
                "{arguments:?}: {complaint}"
            );
        }
    }
}

#[test]
fn a_program_that_is_no_server_gets_a_sentence() {
    let cases = [
        ("no-such-program {port}", "no-program"),
        ("false {port}", "dies-silently"),
        ("true {port}", "ends-at-once"),
    ];
    for (line, mistake) in cases {
        let (status, said, _) =
            lab(&["check", "1", "--cmd", line, "--json"], "C");
        assert_eq!(status, Some(1), "{said}");
        assert!(
            said.contains(&format!("\"mistake\":\"{mistake}\"")),
            "{line}: {said}"
        );
    }
    let (_, said, _) =
        lab(&["check", "1", "--cmd", "true {port}", "--lang", "fr"], "C");
    assert!(said.contains("RATÉ") && said.contains("J'ai vu"), "{said}");
}

#[test]
fn the_steps_are_listed() {
    let (status, said, _) = lab(&["list"], "C");
    assert_eq!(status, Some(0));
    assert_eq!(said.lines().count(), 6);
    assert!(said.starts_with("01_blocking_echo  "), "{said}");
    let (_, dit, _) = lab(&["list"], "fr");
    assert_eq!(dit.lines().count(), 6);
    assert_ne!(said, dit);
}

#[test]
fn a_film_is_a_page_or_a_sentence() {
    let file = std::env::temp_dir()
        .join(format!("causette-{}-film.html", std::process::id()));
    let path = file.to_string_lossy().into_owned();
    let server = concat!(
        "exec python3 ",
        "\"",
        env!("CARGO_MANIFEST_DIR"),
        "/right/lab_01.py\" {port}"
    );
    let arguments = ["film", "1", "--cmd", server, "-o", &path];
    let (status, said, complaint) = lab(&arguments, "fr");
    if let Err(why) = lab::film::can_film() {
        assert_eq!(status, Some(2), "{said}");
        assert!(complaint.contains("strace"), "{complaint}");
        return skip(&format!("{why:?}"));
    }
    if Command::new("python3").arg("--version").output().is_err() {
        return skip("python3 is not installed");
    }
    assert_eq!(status, Some(0), "{complaint}");
    assert!(said.contains(&path), "{said}");
    let page = std::fs::read_to_string(&file).unwrap_or_default();
    let _ = std::fs::remove_file(&file);
    assert!(page.contains("<html lang=\"fr\">"), "{page}");
    assert!(page.contains("Carol se connecte"), "{page}");
    // It can be carried away on a stick: nothing else is needed.
    for reference in [" src=", " href=", "@import", "url(http"] {
        assert!(!page.contains(reference), "{reference}");
    }
}

fn skip(why: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

#[test]
fn the_doctor_looks_at_this_machine() {
    for lang in ["C", "fr"] {
        let (status, said, complaint) = lab(&["doctor"], lang);
        // What it finds is this machine's affair; that it ends with a verdict isn't.
        assert!(matches!(status, Some(0 | 1)), "{said}{complaint}");
        assert!(said.lines().count() > 12, "{said}");
        assert!(said.contains("exercises/06_channels.rs"), "{said}");
    }
}

#[test]
fn a_failed_check_leaves_a_picture_until_it_passes() {
    if Command::new("python3").arg("--version").output().is_err() {
        return skip("python3 is not installed");
    }
    let target = std::env::temp_dir()
        .join(format!("causette-{}-picture", std::process::id()));
    let right = concat!(
        "exec python3 \"",
        env!("CARGO_MANIFEST_DIR"),
        "/right/lab_01.py\" {port}"
    );
    let wrong = concat!(
        "exec python3 \"",
        env!("CARGO_MANIFEST_DIR"),
        "/wrong/01k_decode.py\" {port}"
    );
    let check = |line: &str, more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
        let check = ["check", "1", "--cmd", line];
        command.args(check).args(more).env("CARGO_TARGET_DIR", &target);
        let output = command.env("LC_ALL", "C").output();
        let output = output.unwrap_or_else(|error| panic!("{error}"));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let page = target.join("lab/01_blocking_echo.html");
    let is_told =
        |said: &str| said.contains("file://") && said.contains("echo.html");

    let said = check(wrong, &["--level", "solid"]);
    assert!(is_told(&said), "{said}");
    assert!(said.contains("  X  ") && !said.contains('\u{1b}'), "{said}");
    let drawn = std::fs::read_to_string(&page).unwrap_or_default();
    assert!(drawn.contains("<html lang=\"en\">"), "{drawn}");

    // In the language of the last check, and for programs as data.
    let said = check(wrong, &["--level=solid", "--lang=fr", "--json"]);
    let json: serde_json::Value =
        serde_json::from_str(&said).unwrap_or_else(|e| panic!("{e}: {said}"));
    assert_eq!(json["picture"].as_str(), page.to_str(), "{json}");
    let checks = json["checks"].as_array().cloned().unwrap_or_default();
    let failed = checks.iter().find(|it| it["verdict"] == "failed");
    let events = &failed.unwrap_or_else(|| panic!("{json}"))["events"];
    assert_eq!(events[0]["event"], "connect", "{events}");
    assert_eq!(events[0]["client"], 1, "{events}");
    let drawn = std::fs::read_to_string(&page).unwrap_or_default();
    assert!(drawn.contains("<html lang=\"fr\">"), "{drawn}");

    let said = check(right, &[]);
    assert!(!is_told(&said), "{said}");
    assert!(!page.exists(), "{said}");
    // Nothing half-written stays either.
    let left = std::fs::read_dir(target.join("lab")).map(Iterator::count);
    assert_eq!(left.ok(), Some(0));
    let _ = std::fs::remove_dir_all(&target);
}
