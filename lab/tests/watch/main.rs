//! `cargo lab` as a student has it before them: in a terminal, with an editor beside it,
//! and with everything that goes wrong in four hours.
//!
//! The folder of the course is a copy; where a test isn't about cargo, a script stands in
//! for it, which reads what to do in the exercise itself.

mod course;
mod window;

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use course::{Course, SLEEPER, solution};
use lab::until;
use nix::sys::signal::Signal;
use rustix::termios::LocalModes;
use window::Window;

#[test]
fn a_newcomer_reads_in_ten_lines_what_to_do() {
    for (lang, words) in [
        ("C", ["Open exercises/01_blocking_echo.rs", "TODO 1.1", "Save."]),
        (
            "fr",
            [
                "Ouvrez exercises/01_blocking_echo.rs",
                "TODO 1.1",
                "Enregistrez.",
            ],
        ),
    ] {
        let course = Course::new();
        let window = Window::open(course.lab(lang), 80, 24);
        window.expect("1.");
        window.expect_bottom("?");
        let said = window.contents();
        for word in words {
            assert!(said.contains(word), "{said}");
        }
        let lines = said.lines().filter(|line| !line.trim().is_empty());
        // The keys stand below them.
        assert!(lines.count() <= 11, "{said}");
    }
}

#[test]
fn a_step_that_is_done_is_summed_up_and_leads_to_the_next() {
    for (lang, learnt, enter) in [
        ("C", "You made a listening socket", "Enter: on to step 02"),
        ("fr", "Vous avez ouvert à la main", "Entrée"),
    ] {
        let course = Course::new();
        let mut window = Window::open(course.lab(lang), 80, 40);
        window.expect_bottom("?");
        course.save("01", &course::runs(&solution("01_blocking_echo")));
        window.expect("lab 10/10");
        window.expect(learnt);
        window.expect(enter);
        window.expect("2/2");
        course.expect_progress("01_blocking_echo done=solid");
        // It stays, until somebody wants to go on.
        assert!(!window.contents().contains("02_thread_echo"));
        window.press("\r");
        window.expect("02_thread_echo   lab 0/");
        // Whoever comes back begins there.
        window.press("q");
        assert_eq!(window.end(), Some(0));
        let window = Window::open(course.lab(lang), 80, 40);
        window.expect("02_thread_echo");
    }
}

#[test]
fn the_compiler_speaks_as_in_a_terminal() {
    let course = Course::new();
    let window = Window::open(course.lab("C"), 80, 40);
    window.expect_bottom("?");
    course.save("01", "// broken\n");
    window.expect("error[E0000]: it is broken");
    window.expect("It doesn't compile yet.");
    assert!(window.is_coloured("error[E0000]"), "{}", window.contents());
    course.expect_progress("fails=build:");

    let window = Window::open(course.lab("C").env("NO_COLOR", "1"), 80, 40);
    window.expect("error[E0000]: it is broken");
    window.expect_bottom("?");
    assert!(!window.is_coloured("error[E0000]"), "{}", window.contents());
    assert!(!window.raw().contains("\x1b[3"), "{:?}", window.raw());
    // And it may then be right.
    course.save("01", &course::runs(&solution("01_blocking_echo")));
    window.expect("lab 10/10");
    assert!(!window.contents().contains("E0000"), "{}", window.contents());
}

/// A picture of what failed before would be taken for one of what fails now.
#[test]
fn what_does_not_compile_has_no_picture() {
    let course = Course::new();
    let picture = course.picture("02");
    let fails = course::runs(&solution("01_blocking_echo"));
    course.save("02", &fails);
    let (status, said) = course.say("C", &["check", "2"]);
    assert_eq!(status, 1, "{said}");
    assert!(picture.exists(), "{said}");
    course.save("02", "// broken\n");
    let (status, said) = course.say("C", &["check", "2"]);
    assert_eq!(status, 2, "{said}");
    assert!(!picture.exists(), "{said}");

    course.save("02", &fails);
    let mut lab = course.lab("C");
    lab = lab.args(["watch", "2"]);
    let window = Window::open(lab, 80, 60);
    window.expect("02_thread_echo.html");
    assert!(picture.exists(), "{}", window.contents());
    course.save("02", "// broken\n");
    window.expect("It doesn't compile yet.");
    assert!(!picture.exists(), "{}", window.contents());
}

/// While a check runs, or if it's put an end to, none of an earlier one is there.
#[test]
fn a_check_begins_without_a_picture() {
    let course = Course::new();
    let picture = course.picture("02");
    let folder = picture.parent().expect("it's in one");
    fs::create_dir_all(folder).expect("it's new");
    fs::write(&picture, "of an earlier check").expect("written");
    course.save("02", "// slow\n");
    let mut lab = course.command("C");
    let lab = lab.args(["check", "2"]).stdin(Stdio::null());
    let mut lab = lab.spawn().expect("it's started");
    let pids = course.expect_sleepers();
    let is_there = picture.exists();
    let _ = lab.kill();
    let _ = lab.wait();
    course::end(&pids);
    assert!(!is_there);
}

#[test]
fn a_save_ends_what_the_one_before_has_started() {
    let course = Course::new();
    let window = Window::open(course.lab("C"), 80, 40);
    window.expect_bottom("?");
    for sleeps in [&course::runs(&course.sleeper()), "// slow\n"] {
        course.save("01", sleeps);
        let pids = course.expect_sleepers();
        course.save("01", &course::runs(&solution("01_blocking_echo")));
        course::expect_dead(&pids);
        window.expect("lab 10/10");
        course.forget_sleepers();
        course.save("01", &course::runs("true"));
        window.expect("lab 0/10");
    }
}

#[test]
fn another_cargo_is_waited_for_in_a_line() {
    for (lang, words) in
        [("C", "another cargo is building"), ("fr", "un autre cargo compile")]
    {
        let course = Course::new();
        let window = Window::open(course.lab(lang), 80, 24);
        window.expect_bottom("?");
        course.save("01", "// waits\n");
        window.expect_bottom(words);
        course.save("01", &course::runs(&solution("01_blocking_echo")));
        window.expect("lab 10/10");
    }
}

#[test]
fn a_file_that_goes_away_may_come_back() {
    let course = Course::new();
    let window = Window::open(course.lab("C"), 80, 40);
    window.expect_bottom("?");
    let file = course.exercise("01");
    let aside = file.with_extension("rs~");
    fs::rename(&file, &aside).expect("renamed");
    window.expect("exercises/01_blocking_echo.rs isn't there");
    window.expect("cargo lab reset 01");
    // The very same, with its old time.
    fs::rename(&aside, &file).expect("renamed");
    window.expect("lab 0/10");
    // An editor that empties the file before it writes it.
    fs::write(&file, "").expect("written");
    fs::write(&file, course::runs(&solution("01_blocking_echo")))
        .expect("written");
    window.expect("lab 10/10");
}

#[test]
fn a_cargo_that_cannot_be_started_is_said() {
    let course = Course::new();
    let lab = course.lab("C").env("CARGO", "/no/such/cargo");
    let window = Window::open(lab, 80, 24);
    window.expect("cargo can't be started");
}

#[test]
fn the_server_runs_in_the_foreground_until_ctrl_c() {
    let course = Course::new();
    let mut window = Window::open(course.lab("C"), 80, 24);
    window.expect_bottom("?");
    course.save("01", &course::runs("true"));
    window.expect("lab 0/10");
    course.save("01", &course::runs(&course.server()));
    // The key comes at once, and means what was saved.
    window.press("r");
    window.expect("Your server 01 runs");
    window.expect("at your service");
    let pids = course.expect_sleepers();
    window.press("hl\x1b[A");
    course.save("01", &course::runs("true"));
    window.expect("(Saved.");
    assert!(course::is_alive(&pids));
    window.press("\x03");
    course::expect_dead(&pids);
    window.expect("lab 0/10");
    // One that ends by itself leaves its words there until a key is pressed.
    window.press("r");
    window.expect("Your server has ended.");
    window.press("x");
    window.press("h");
    window.expect("lab 0/10");
    window.press("q");
    assert_eq!(window.end(), Some(0));
}

#[test]
fn pages_open_and_close() {
    let course = Course::new();
    let mut window = Window::open(course.lab("C"), 80, 30);
    window.expect_bottom("?");
    for (key, words) in
        [("?", "your progress is kept in"), ("l", "06_channels")]
    {
        window.press(key);
        window.expect(words);
        window.press("\n");
        window.expect("Welcome");
    }
    window.press("f");
    window.expect("Bienvenue");
    window.expect_bottom("e English");
    course.expect_progress("language=fr");
    window.press("\x1b[A\x1b[B");
    window.press("n");
    window.expect("02_thread_echo   lab 0/");
    window.press("p");
    window.expect("01_blocking_echo   lab 0/");
    window.press("h");
    window.expect_bottom("?");
    window.press("q");
    assert_eq!(window.end(), Some(0));
    // The language was chosen for good.
    let window = Window::open(course.lab("C"), 80, 30);
    window.expect_bottom("? aide");
}

#[test]
fn a_window_may_be_narrow_and_change() {
    let course = Course::new();
    course.save("01", &course::runs("true"));
    let mut window = Window::open(course.lab("C"), 40, 24);
    window.expect("I expected\n    the server to listen");
    window.expect_bottom("? help");
    // Nothing is cut in the middle of a word: no line goes on by itself.
    assert!(!window.wraps(), "{}", window.contents());
    window.press("?");
    window.expect("r       run your server");
    window.expect("\n          to talk to it");
    window.expect_bottom("? help");
    assert!(!window.wraps(), "{}", window.contents());
    window.press("\r");
    window.resize(78, 30);
    window.expect("I expected     the server to listen");
    window.expect_bottom("n p steps");
    for (columns, rows) in [(1, 1), (3, 2), (400, 3), (80, 24)] {
        window.resize(columns, rows);
    }
    window.expect("I expected");
    window.press("q");
    assert_eq!(window.end(), Some(0));
}

#[test]
fn a_low_window_counts_what_passes() {
    let course = Course::new();
    course.save("01", &course::runs(&solution("01_blocking_echo")));
    let window = Window::open(course.lab("C"), 80, 18);
    window.expect("2/2");
    window.expect("12 checks pass");
    window.expect("01_blocking_echo   lab 10/10");
    window.expect("Enter: on to step 02");
    window.resize(80, 40);
    window.expect("one client is answered");
}

/// What failed and why stands in a window as it comes, however long the dialogue is.
#[test]
fn a_failure_begins_within_the_window() {
    for (lang, fails, facts, usually, shorter, rest) in [
        (
            "C",
            "FAIL  the moderator may KICK under a new nick, too",
            "I expected     client 2 not to receive",
            "Usually        The moderator is a client, not a nick",
            " more …",
            "… The rest stands in a higher window.",
        ),
        (
            "fr",
            "RATÉ   le créateur garde KICK sous un autre pseudo",
            "J'attendais    que le client 2 ne lise pas",
            "D'ordinaire    Le créateur est un client, pas un pseudo",
            " autres …",
            "… Le reste se lit dans une fenêtre plus haute.",
        ),
    ] {
        let course = Course::new();
        course.save("06", &course::runs(&course.wrong("06d_rights_by_nick")));
        let lab = course.lab(lang).args(["watch", "6"]);
        let window = Window::open(lab, 80, 24);
        window.expect(usually);
        window.expect_bottom("?");
        let said = window.contents();
        for words in ["06_channels   lab 9/14", fails, facts] {
            assert!(said.contains(words), "no {words:?} in\n{said}");
        }
        // Of the dialogue stands its end, where it broke.
        window.resize(80, 34);
        window.expect(shorter);
        window.expect(" X ");
        window.expect("06_channels   lab 9/14");
        window.resize(80, 14);
        window.expect(rest);
        assert!(window.contents().contains(fails), "{}", window.contents());
        window.resize(80, 70);
        window.expect("o------->|  client 1 ");
    }
}

#[test]
fn the_terminal_is_as_before() {
    type Leave = fn(&mut Window);
    let ways: [(Leave, Option<i32>); 5] = [
        (|window| window.press("q"), Some(0)),
        (|window| window.press("\x04"), Some(0)),
        (|window| window.press("\x03"), Some(130)),
        (|window| window.signal(Signal::SIGTERM), Some(143)),
        (|window| window.signal(Signal::SIGQUIT), Some(131)),
    ];
    let course = Course::new();
    for (leave, status) in ways {
        let mut window = Window::open(course.lab("C"), 80, 24);
        let cooked = LocalModes::ICANON | LocalModes::ECHO;
        window.expect_bottom("?");
        assert!(!window.modes().intersects(cooked));
        leave(&mut window);
        assert_eq!(window.end(), status);
        assert!(window.modes().contains(cooked));
    }
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell() {
    let course = Course::new();
    let mut window = Window::open(course.lab("C"), 80, 24);
    let cooked = LocalModes::ICANON | LocalModes::ECHO;
    window.expect_bottom("?");
    for _ in 0..2 {
        window.press("\x1a");
        until(|| window.is_stopped().then_some(())).expect("it's stopped");
        assert!(window.modes().contains(cooked));
        window.clear();
        window.signal(Signal::SIGCONT);
        window.expect("Welcome");
        window.expect_bottom("?");
        assert!(!window.modes().intersects(cooked));
    }
    window.press("q");
    assert_eq!(window.end(), Some(0));
}

#[test]
fn whatever_ends_it_nothing_is_left() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGKILL] {
        for builds in [true, false] {
            let course = Course::new();
            let mut window = Window::open(course.lab("C"), 80, 24);
            window.expect_bottom("?");
            let text = match builds {
                true => "// slow\n".to_string(),
                false => course::runs(&course.sleeper()),
            };
            course.save("01", &text);
            let pids = course.expect_sleepers();
            window.signal(signal);
            window.end();
            course::expect_dead(&pids);
            // And no file is half-written.
            for entry in fs::read_dir(course.path()).expect("there").flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                assert!(!name.contains(".new"), "{name}");
            }
        }
    }
}

#[test]
fn without_a_terminal_it_says_one_verdict_and_ends() {
    let course = Course::new();
    let works = course::runs(&solution("01_blocking_echo"));
    for (text, status, words) in [
        (works.as_str(), 0, "Next: cargo lab watch 02"),
        (&course::runs("true"), 1, "lab 0/10"),
        ("// broken\n", 2, "error[E0000]: it is broken"),
    ] {
        course.save("01", text);
        let (its, said) = course.say("C", &["watch", "1"]);
        assert_eq!(its, status, "{said}");
        assert!(said.contains(words), "{said}");
        assert!(!said.contains('\x1b'), "{said:?}");
    }
}

#[test]
fn without_a_terminal_each_save_gets_its_verdict() {
    let course = Course::new();
    course.save("01", &course::runs("true"));
    let mut lab = course.command("C");
    let lab = lab.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut lab = lab.expect("it runs");
    let said = lab.stdout.take().map(lab::Output::of).expect("piped");
    let hear = |words: &str| {
        until(|| said.text().contains(words).then_some(()))
            .unwrap_or_else(|| panic!("no {words} in {}", said.text()));
    };
    hear("lab 0/10");
    course.save("01", &course::runs(&solution("01_blocking_echo")));
    hear("lab 10/10");
    hear("Next: cargo lab watch 02");
    drop(lab.stdin.take());
    let status = until(|| lab.try_wait().ok().flatten());
    let _ = lab.kill();
    assert_eq!(status.and_then(|it| it.code()), Some(0), "{}", said.text());
}

#[test]
fn an_older_file_put_in_its_place_is_compiled() {
    let course = Course::new();
    course.save("01", &course::runs("true"));
    let file = course.exercise("01");
    let time = || fs::metadata(&file).and_then(|it| it.modified());
    let window = Window::open(course.lab("C"), 80, 40);
    window.expect("lab 0/10");
    let before = time().expect("it's there");
    let aside = file.with_extension("old1");
    let text = course::runs(&solution("01_blocking_echo"));
    fs::write(&aside, text).expect("written");
    let old = fs::File::options().append(true).open(&aside).expect("there");
    old.set_modified(before - std::time::Duration::from_secs(60))
        .expect("it's ours");
    fs::rename(&aside, &file).expect("renamed");
    window.expect("lab 10/10");
    // Cargo goes by times.
    assert!(time().expect("it's there") > before);
}

#[test]
fn the_real_cargo_is_understood() {
    let course = Course::with_cargo();
    let window = Window::open(course.lab("C"), 100, 50);
    window.expect_bottom("? help");
    let skeleton = include_str!("../../skeletons/01_blocking_echo.rs");
    course.save("01", &format!("{skeleton}\nfn broken() -> u8 {{ \"no\" }}\n"));
    window.expect("error[E0308]: mismatched types");
    window.expect("could not compile `exercises`");
    assert!(window.is_coloured("error[E0308]"));
    assert!(!window.contents().contains("aborting due to"));
    // A manifest that nobody can read.
    let manifest = course.path().join("exercises/Cargo.toml");
    let right = fs::read_to_string(&manifest).expect("it's there");
    fs::write(&manifest, format!("{right}\nnonsense")).expect("written");
    window.expect("exercises/Cargo.toml");
    fs::write(&manifest, right).expect("written");
    window.expect("E0308");
    course.save("01", include_str!("../../../solutions/01_blocking_echo.rs"));
    window.expect("lab 10/10");
}

#[test]
fn a_step_alone_gets_the_command_that_is_meant() {
    let course = Course::new();
    for lang in ["C", "fr"] {
        let (status, said) = course.say(lang, &["3"]);
        assert!(said.contains("cargo lab watch 3"), "{said}");
        assert_eq!(status, 2);
    }
}

/// A test that can't be played here says so.
fn skip(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

#[test]
fn the_scripts_of_these_tests_are_understood() {
    let course = Course::new();
    let status = Command::new("sh").args(["-n", &course.sleeper()]).status();
    match status {
        Ok(status) => assert!(status.success(), "{SLEEPER}"),
        Err(error) => skip(&error.to_string()),
    }
}
