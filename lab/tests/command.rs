//! `cargo lab` as it's called: what it says, in which language, with which status.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use lab::course::Step;

/// What whoever runs the tests has done is their own affair.
const NOTHING_DONE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/none");

/// Their pictures, too: those of the tests have a folder of their own.
const PICTURES: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/command");

fn lab(arguments: &[&str], lang: &str) -> (Option<i32>, String, String) {
    lab_after(Path::new(NOTHING_DONE), arguments, lang)
}

/// The same for a student whose progress is in this file.
fn lab_after(
    progress: &Path,
    arguments: &[&str],
    lang: &str,
) -> (Option<i32>, String, String) {
    lab_with(&[], progress, arguments, lang)
}

/// The same with something else in the environment.
fn lab_with(
    environment: &[(&str, &Path)],
    progress: &Path,
    arguments: &[&str],
    lang: &str,
) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_lab"))
        .args(arguments)
        .env("LC_ALL", lang)
        .env("CAUSETTE_PROGRESS", progress)
        .env("CARGO_TARGET_DIR", PICTURES)
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
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
        &["hint", "--help"],
        &["solution", "--help"],
        &["completions", "--help"],
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
    let wrong: [&[&str]; 24] = [
        &["hint", "99"],
        &["hint", "1", "2"],
        &["solution"],
        &["solution", "99"],
        &["completions"],
        &["completions", "csh"],
        &["reset"],
        &["reset", "3", "--all"],
        &["reset", "99"],
        &["run"],
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

/// Ends while what it has started is about to become another program: for a moment
/// nothing tells whose that is.
const BECOMES: &str = "mark=$CAUSETTE_GUARD; {
    env -u CAUSETTE_GUARD sh -c \"
        echo; sleep 0.3; CAUSETTE_GUARD=$mark exec sleep 60 # {port}\" &
} | read line";

#[test]
fn a_program_that_is_no_server_gets_a_sentence() {
    let cases = [
        ("no-such-program {port}", "no-program"),
        ("false {port}", "dies-silently"),
        ("true {port}", "ends-at-once"),
        (BECOMES, "daemonizes"),
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
    assert_eq!(said.lines().count(), Step::ALL.len());
    assert!(said.starts_with("01_blocking_echo  "), "{said}");
    let (_, dit, _) = lab(&["list"], "fr");
    assert_eq!(dit.lines().count(), Step::ALL.len());
    assert_ne!(said, dit);
}

/// A student's progress, gone at the end of the test.
struct Past(PathBuf);

impl Past {
    fn new(name: &str, text: &str) -> Self {
        let name = format!("causette-{}-{name}.txt", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, text).expect("it's writable");
        Self(path)
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.0).expect("it's there")
    }
}

impl Drop for Past {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn each_call_for_a_hint_goes_one_rung_further() {
    let past = Past::new("hint", "3 fails=together:03f\n");
    let hint = |arguments: &[&str], lang| {
        let (status, said, complaint) = lab_after(&past.0, arguments, lang);
        assert_eq!(status, Some(0), "{complaint}");
        assert_eq!(complaint, "");
        said
    };
    let all: Vec<String> = (0..4).map(|_| hint(&["hint", "3"], "C")).collect();
    for (said, rung) in all.iter().zip(["1/3", "2/3", "3/3", "3/3"]) {
        assert!(said.starts_with("03_select_echo: two clients may"), "{said}");
        assert!(said.contains(rung), "{said}");
        assert_eq!(said.matches("/3  ").count(), 1, "{said}");
    }
    assert_eq!(all[2], all[3]);
    assert!(all[1].contains("cargo book"), "{}", all[1]);
    assert_eq!(past.text(), "03_select_echo fails=together:03f hint=03f:3\n");
    // The step that fails is meant where none is named.
    assert_eq!(hint(&["hint"], "C"), all[3]);
    // Another failure, another hint.
    fs::write(&past.0, "3 fails=second:03e hint=03f:3\n").expect("written");
    let dit = hint(&["hint", "3"], "fr");
    assert!(dit.contains("1/3") && dit.contains("\u{202f}?"), "{dit}");
    let dit = hint(&["hint", "3", "--all"], "fr");
    assert_eq!(dit.matches("/3  ").count(), 3, "{dit}");
}

#[test]
fn a_solution_must_be_meant() {
    let past = Past::new("solution", "1 done=lab\n");
    let solution = |arguments: &[&str]| lab_after(&past.0, arguments, "C");
    // Not done, and nobody to ask.
    let (status, said, complaint) = solution(&["solution", "3"]);
    assert_eq!((status, said.as_str()), (Some(1), ""));
    assert!(complaint.contains("--yes"), "{complaint}");
    for arguments in [&["solution", "3", "--yes"][..], &["solution", "1"]] {
        let (status, said, complaint) = solution(arguments);
        assert_eq!(status, Some(0), "{complaint}");
        assert!(said.contains("exercises/0"), "{said}");
        assert!(said.contains("solutions/0"), "{said}");
        assert!(!said.contains('\u{1b}'), "{said}");
    }
}

#[test]
fn the_progress_is_what_was_checked_of_ones_own() {
    let past = Past::new("check", "# mine\n");
    let check = |arguments: &[&str]| lab_after(&past.0, arguments, "C");
    let others: [&[&str]; 2] = [
        &["check", "1", "--cmd", "false {port}"],
        &["check", "1", "--cmd", "false {port}", "--json"],
    ];
    for arguments in others {
        let (status, said, _) = check(arguments);
        assert_eq!(status, Some(1), "{said}");
        assert!(!said.contains("cargo lab hint"), "{said}");
        assert_eq!(past.text(), "# mine\n");
    }
    // One's own is what cargo says it is.
    let cargo = past.0.with_extension("cargo");
    fs::write(&cargo, CARGO).expect("written");
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755))
        .expect("it's ours");
    let check = |arguments: &[&str]| {
        let environment = [("CARGO", cargo.as_path())];
        lab_with(&environment, &past.0, arguments, "C")
    };
    let (status, said, _) = check(&["check", "4"]);
    assert_eq!(status, Some(1), "{said}");
    assert!(past.text().starts_with("# mine\n04_broadcast_chat "));
    assert!(said.contains("cargo lab hint 4"), "{said}");
    let (status, said, _) = check(&["check", "4", "--json"]);
    assert_eq!(status, Some(1), "{said}");
    assert!(!said.contains("cargo lab hint"), "{said}");
    let _ = fs::remove_file(&cargo);
}

/// Stands in for cargo: whatever is compiled ends at once.
const CARGO: &str = r#"#!/bin/sh
for word; do
  [ "$last" = --bin ] && bin=$word
  last=$word
done
printf '{"reason":"compiler-artifact","target":{"name":"%s"},"executable":"%s"}\n' \
  "$bin" "$(command -v true)"
"#;

#[test]
fn a_progress_that_makes_no_sense_stops_nothing() {
    let past = Past::new("nonsense", "\u{0}\n3 done=very\nlanguage=fr\n");
    let (status, dit, complaint) = lab_after(&past.0, &["list"], "C");
    assert_eq!(status, Some(0));
    assert_eq!(dit.lines().count(), Step::ALL.len());
    // The language that was chosen goes before that of the environment.
    assert!(dit.contains("serveur"), "{dit}");
    assert_eq!(complaint.lines().count(), 2, "{complaint}");
    // Where none can be kept, a sentence, and the hint all the same.
    let folder = std::env::temp_dir();
    let (status, said, complaint) = lab_after(&folder, &["hint", "3"], "C");
    assert_eq!(status, Some(0));
    assert!(said.contains("1/3"), "{said}");
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
}

/// What a shell offers for each of these lines.
const COMPLETED: [(&[&str], &[&str]); 5] = [
    (&["cargo", "lab", "hi"], &["hint"]),
    (&["cargo", "lab", "check", "--le"], &["--level"]),
    (&["cargo", "lab", "check", "--level", ""], &["lab", "solid"]),
    (&["cargo", "lab", "hint", "5"], &["5"]),
    (&["cargo", "+stable", "lab", "solu"], &["solution"]),
];

/// Has a shell say what it offers, a line for each of the lines above.
fn completed(shell: &[&str], script: &str) {
    let (program, arguments) = shell.split_first().expect("it has a name");
    let said = Command::new(program)
        .args(arguments)
        .arg(script)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output();
    let Ok(Output { stdout, stderr, .. }) = said else {
        return skip(&format!("{program} is not installed"));
    };
    let said = String::from_utf8_lossy(&stdout);
    let lines: Vec<&str> = said.lines().collect();
    let complaint = String::from_utf8_lossy(&stderr);
    let wanted = COMPLETED.map(|(_, offered)| offered.join(" "));
    assert_eq!(lines, wanted, "{program}: {complaint}");
}

fn script(shell: &str) -> String {
    let (status, script, complaint) = lab(&["completions", shell], "C");
    assert_eq!(status, Some(0), "{complaint}");
    script
}

#[test]
fn bash_completes_what_follows_cargo_lab() {
    let lines = COMPLETED.map(|(words, _)| {
        let words: Vec<String> =
            words.iter().map(|word| format!("'{word}'")).collect();
        format!("try {}", words.join(" "))
    });
    let before = "_before() { COMPREPLY=(before); }\ncomplete -F _before cargo";
    let after = "try() {\n\
        COMP_WORDS=(\"$@\") COMP_CWORD=$(($# - 1)) COMPREPLY=()\n\
        _causette_cargo cargo \"${@: -1}\" \"${@: -2:1}\"\n\
        echo \"${COMPREPLY[*]}\"\n}";
    // What cargo had before is still there, also when the script is read twice.
    let others =
        "[ \"$(try cargo bui)\" = before ] || echo 'cargo has lost its own'";
    let script = script("bash");
    let script = format!(
        "{before}\n{script}\n{script}\n{after}\n{}\n{others}",
        lines.join("\n")
    );
    completed(&["bash", "--norc", "-c"], &script);
}

#[test]
fn fish_completes_what_follows_cargo_lab() {
    let lines = COMPLETED.map(|(words, _)| {
        let line = words.join(" ");
        format!("echo (complete -C '{line}' | cut -f1)")
    });
    let script = format!("{}\n{}", script("fish"), lines.join("\n"));
    completed(&["fish", "--no-config", "-c"], &script);
}

#[test]
fn zsh_can_read_its_script() {
    let said = Command::new("zsh")
        .args(["-f", "-n", "-c", &script("zsh")])
        .stdin(Stdio::null())
        .output();
    let Ok(said) = said else { return skip("zsh is not installed") };
    let complaint = String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success() && complaint.is_empty(), "{complaint}");
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

/// What it says last must be true of the lines above.
#[test]
fn the_doctor_ends_with_what_is_missing() {
    let folder = std::env::temp_dir()
        .join(format!("causette-{}-doctor", std::process::id()));
    fs::create_dir_all(folder.join("exercises")).expect("it's new");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let doctor = |lang: &str, environment: &[(&str, &Path)]| {
        let cargo = [("CARGO", Path::new(&cargo))];
        let environment = [&cargo, environment].concat();
        let (status, said, _) =
            lab_with(&environment, Path::new(NOTHING_DONE), &["doctor"], lang);
        let last = said.lines().last().unwrap_or_default().to_string();
        (status, said, last)
    };
    for (lang, all, without, bad) in [
        ("C", "Everything is here", "but without", "put right first"),
        ("fr", "Tout est là", "mais il vous manquera", "à réparer"),
    ] {
        let (status, said, last) = doctor(lang, &[]);
        let has = |verdict: &str| {
            said.lines().any(|line| line.trim_start().starts_with(verdict))
        };
        let words = match (has("FAIL ") || has("RATÉ "), has("note ")) {
            (true, _) => bad,
            (false, true) => without,
            (false, false) => all,
        };
        assert!(last.contains(words), "{said}");
        assert_eq!(status, Some(u8::from(words == bad).into()), "{said}");

        // A machine that has no program.
        let empty = [("PATH", folder.as_path())];
        let (status, said, last) = doctor(lang, &empty);
        if status == Some(0) {
            assert!(last.contains(without), "{said}");
            assert!(last.contains("films"), "{said}");
            assert!(last.contains("nc "), "{said}");
            let dit = lang == "fr";
            assert_eq!(said.contains("n'est pas installé"), dit, "{said}");
        }

        // A course without exercises.
        let empty = [("CAUSETTE_ROOT", folder.as_path())];
        let (status, said, last) = doctor(lang, &empty);
        assert_eq!(status, Some(1), "{said}");
        assert!(last.contains(bad), "{said}");
        assert!(last.contains("exercises/03_select_echo.rs"), "{said}");
    }
    let _ = fs::remove_dir_all(&folder);
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
