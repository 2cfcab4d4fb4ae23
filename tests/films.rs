//! The films of the book show what the servers do: recorded again, they tell the
//! same story. And what else can be filmed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use lab::Program;
use lab::film::{Film, NotFilmed, Scene, can_film, record};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// The film, or `None` where nothing can be filmed.
fn filmed(program: &Program, scene: Scene) -> Option<Film> {
    match record(program, scene, "it") {
        Ok(film) => Some(film),
        Err(why @ (NotFilmed::NoStrace | NotFilmed::NoPtrace)) => {
            skip(&format!("{why:?}"));
            None
        }
        Err(why) => panic!("{why:?}"),
    }
}

/// Not through `eprintln!`, which the test harness would swallow.
fn skip(why: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// A server in Python of `lab/right`.
fn python(name: &str) -> Option<Program> {
    if Command::new("python3").arg("--version").output().is_err() {
        skip("python3 is not installed");
        return None;
    }
    let file = folder().join("lab/right").join(name);
    let program = Program::of_line("exec python3 \"$FILE\" {port}");
    Some(program.env("FILE", file))
}

#[track_caller]
fn tells(film: &Film, name: &str) {
    let file = folder().join("book/films").join(format!("{name}.jsonl"));
    let text = fs::read_to_string(file).expect("the film is there");
    let kept = Film::parse(&text).expect("it's a film");
    assert_eq!(
        film.story().join("\n"),
        kept.story().join("\n"),
        "another film than {name}: cargo lab film --record"
    );
}

macro_rules! the_book_shows {
    ($($test:ident: $path:literal $scene:ident $name:literal;)+) => {
        $(
            #[test]
            fn $test() {
                let path = env!(concat!("CARGO_BIN_EXE_", $path));
                let film = filmed(&Program::new(path), Scene::$scene);
                if let Some(film) = film {
                    tells(&film, $name);
                }
            }
        )+
    };
}

the_book_shows! {
    blocking_echo: "01_blocking_echo" ThreeClients "01-three-clients";
    thread_echo: "02_thread_echo" ThreeClients "02-three-clients";
    select_echo: "03_select_echo" ThreeClients "03-three-clients";
    select_echo_goes_on: "03_select_echo" SlowReader "03-slow-reader";
    a_line_goes_out_whole: "04_broadcast_chat" HalfLine "04-half-line";
    thread_chat: "bonus_thread_chat" Chat "bonus-chat";
}

#[test]
fn select_by_the_letter_of_the_lab_freezes() {
    let Some(program) = python("lab_03.py") else { return };
    if let Some(film) = filmed(&program, Scene::SlowReader) {
        tells(&film, "lab_03-slow-reader");
    }
}

#[test]
fn a_chat_by_the_letter_of_the_lab_mixes_lines() {
    let Some(program) = python("lab_04.py") else { return };
    if let Some(film) = filmed(&program, Scene::HalfLine) {
        tells(&film, "lab_04-half-line");
    }
}

/// Who is accepted and who is answered, whatever the calls are.
fn essence(film: &Film) -> Vec<String> {
    let told = film.story().into_iter().filter(|line| {
        ["\"accept\",\"peer\"", "\"send\"", "\"close\""]
            .iter()
            .any(|word| line.contains(word))
    });
    told.filter_map(|line| {
        let (_, rest) = line.split_once("\"ev\":\"")?;
        Some(rest.replace("return\",\"call\":\"", "").replace("\"}", ""))
    })
    .collect()
}

#[test]
fn servers_of_any_build_can_be_filmed() {
    // poll with a time limit, epoll, a thread for each client.
    for name in ["threads_02.py", "asyncio_01.py", "selectors_03.py"] {
        let Some(program) = python(name) else { return };
        let Some(film) = filmed(&program, Scene::ThreeClients) else { return };
        let expected = [
            "accept\",\"peer\":\"Alice",
            "accept\",\"peer\":\"Bob",
            "send\",\"peer\":\"Bob\",\"n\":6,\"data\":\"hello\\n",
            "accept\",\"peer\":\"Carol",
            "send\",\"peer\":\"Carol\",\"n\":5,\"data\":\"hola\\n",
            "send\",\"peer\":\"Alice\",\"n\":6,\"data\":\"salut\\n",
            "close\",\"peer\":\"Alice",
        ];
        assert_eq!(essence(&film), expected, "{name}");
    }
}

#[test]
fn a_program_that_serves_nobody_is_no_film() {
    if let Err(why) = can_film() {
        return skip(&format!("{why:?}"));
    }
    let program = Program::of_line("false {port}");
    let no_film = record(&program, Scene::ThreeClients, "it");
    assert!(matches!(no_film, Err(NotFilmed::NotServing(_))), "{no_film:?}");
}
