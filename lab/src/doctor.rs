//! `cargo lab doctor`: what this machine lacks for the course, and, for people who
//! change the course, whether its checks still judge as they must.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};

use clap::ArgMatches;
use lab::cast::{self, Member};
use lab::check::{self, Level, Verdict};
use lab::course::Step;
use lab::film::can_film;
use lab::texts::Texts;
use lab::{Family, Program, is_observable, raise_descriptor_limit};

use crate::exercises::pristine;
use crate::workspace::{build, exercise, root, target};
use crate::{DONE, NOT_YET};

/// The manifest of the exercises as it's handed out: a mistake in it stops cargo in the
/// whole course.
const MANIFEST: &str = include_str!("../../exercises/Cargo.toml");

/// How one look came out: what there is to say of it and, in a word or two for the last
/// line, what one has to do without.
enum Finding {
    /// All is well.
    Well(String),
    /// Something works less well without it.
    Note(String, String),
    /// The course can't be followed like this.
    Bad(String, String),
}

use Finding::{Bad, Note, Well};

/// What the last line is about.
#[derive(Default)]
struct Missing {
    notes: Vec<String>,
    bad: Vec<String>,
}

impl Missing {
    fn is_well(&self) -> bool {
        self.bad.is_empty()
    }

    /// Is all well, and if it isn't, what does that cost?
    fn sum(&self, with_course: bool, texts: &Texts) -> String {
        let (key, what) = match (&self.bad[..], &self.notes[..]) {
            ([], []) if with_course => ("doctor-all-and-course", &self.notes),
            ([], []) => ("doctor-all", &self.notes),
            ([], _) => ("doctor-without", &self.notes),
            _ => ("doctor-bad", &self.bad),
        };
        texts.say(key, &[("what", what.join(", "))])
    }
}

pub(crate) fn doctor(matches: &ArgMatches, texts: &Texts) -> u8 {
    let mut missing = Missing::default();
    let mut tell = |finding: Finding| {
        let (key, said) = match finding {
            Well(said) => ("verdict-ok", said),
            Note(said, what) => {
                missing.notes.push(what);
                ("verdict-note", said)
            }
            Bad(said, what) => {
                missing.bad.push(what);
                ("verdict-fail", said)
            }
        };
        let _ = writeln!(io::stdout(), "  {:5} {said}", texts.say(key, &[]));
    };
    the_machine(texts, &mut tell);
    the_exercises(texts, &mut tell);
    let with_course = matches.get_flag("course");
    if with_course {
        the_course(texts, &mut tell);
    }
    let sum = missing.sum(with_course, texts);
    let _ = writeln!(io::stdout(), "\n{sum}");
    if missing.is_well() { DONE } else { NOT_YET }
}

fn the_machine(texts: &Texts, tell: &mut impl FnMut(Finding)) {
    let say = |key: &str| texts.say(key, &[]);
    let say_with = |key: &str, name: &'static str, value: String| {
        texts.say(key, &[(name, value)])
    };
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let version = Command::new(cargo).arg("--version").output();
    let version = version.map(|output| {
        String::from_utf8_lossy(&output.stdout).trim().to_string()
    });
    tell(match version {
        Ok(version) => Well(version),
        Err(error) => Bad(
            say_with("error-cargo", "error", error.to_string()),
            "cargo".to_string(),
        ),
    });
    let takes = |family: Family| TcpListener::bind(family.loopback(0)).is_ok();
    tell(match (takes(Family::V4), takes(Family::V6)) {
        (true, true) => Well(say("doctor-both-families")),
        (true, false) => Note(say("doctor-no-v6"), say("without-v6")),
        (false, _) => Bad(say("doctor-no-v4"), "127.0.0.1".to_string()),
    });
    tell(match TcpListener::bind(("0.0.0.0", 7777)) {
        Ok(_) => Well(say("doctor-port-free")),
        Err(error) => Note(
            say_with("doctor-port-taken", "error", error.to_string()),
            say("without-port"),
        ),
    });
    tell(if is_observable() {
        Well(say("doctor-proc"))
    } else {
        Note(say("doctor-no-proc"), say("without-proc"))
    });
    tell(match raise_descriptor_limit(8192) {
        Ok(()) => Well(say("doctor-descriptors")),
        Err(_) => {
            Note(say("doctor-few-descriptors"), say("without-descriptors"))
        }
    });
    // `nc -h` ends with 1 in some builds, and prints all over the terminal.
    for (program, argument, key, what) in [
        ("nc", "-h", "doctor-no-nc", "without-nc"),
        ("bash", "--version", "doctor-no-bash", "without-bash"),
        ("python3", "--version", "doctor-no-python", "without-python"),
    ] {
        let tried = Command::new(program)
            .arg(argument)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        tell(match tried {
            Ok(_) => Well(program.to_string()),
            Err(_) => Note(say(key), say(what)),
        });
    }
    tell(match can_film() {
        Ok(()) => Well("strace".to_string()),
        Err(why) => Note(
            say_with("doctor-no-strace", "error", texts.text(&why.text())),
            say("without-strace"),
        ),
    });
}

fn the_exercises(texts: &Texts, tell: &mut impl FnMut(Finding)) {
    let manifest = root().join("exercises/Cargo.toml");
    let is_as_before =
        fs::read_to_string(manifest).is_ok_and(|text| text == MANIFEST);
    tell(if is_as_before {
        Well("exercises/Cargo.toml".to_string())
    } else {
        let what = texts.say("without-manifest", &[]);
        Note(texts.say("doctor-manifest", &[]), what)
    });
    for step in Step::ALL {
        let name = format!("exercises/{}.rs", step.name());
        tell(match fs::read(exercise(step)) {
            Ok(_) => Well(name),
            Err(error) => {
                let facts = [
                    ("file", name.clone()),
                    ("error", error.to_string()),
                    ("step", step.number().to_string()),
                ];
                Bad(texts.say("doctor-no-exercise", &facts), name)
            }
        });
    }
}

/// What must hold of the checks themselves: each skeleton fails its first check, each
/// solution passes all, each right server of another build passes what the lab asks,
/// and each wrong one is told its own mistake first.
fn the_course(texts: &Texts, tell: &mut impl FnMut(Finding)) {
    for step in Step::ALL {
        let name = format!("lab/skeletons/{}.rs", step.name());
        let facts = [("name", name.clone())];
        let Some(program) = skeleton(step) else {
            tell(Bad(texts.say("doctor-no-program", &facts), name));
            continue;
        };
        let verdicts = check::play(&program, step, Level::Lab);
        let fails_first =
            matches!(verdicts.first(), Some((_, Verdict::Failed(_))));
        tell(if fails_first && !pristine(step).is_empty() {
            Well(texts.say("doctor-skeleton", &facts))
        } else {
            Bad(texts.say("doctor-skeleton-passes", &facts), name)
        });
    }
    for step in Step::ALL {
        let name = format!("solutions/{}.rs", step.name());
        let Ok(path) = build(step, true, texts) else {
            let facts = [("name", name.clone())];
            tell(Bad(texts.say("doctor-no-program", &facts), name));
            continue;
        };
        let solution =
            Member { name, step, mistake: None, program: Program::new(path) };
        tell(judged(&solution, Level::Solid, texts));
    }
    let casts = [
        (cast::right(&root(), &target()), Level::Lab),
        (cast::wrong_in_rust(&root()), Level::Solid),
        (cast::wrong_in_python(&root()), Level::Solid),
    ];
    for (members, level) in casts {
        match members {
            Ok(members) => {
                for member in members {
                    tell(judged(&member, level, texts));
                }
            }
            Err(error) => tell(Bad(error, texts.say("without-cast", &[]))),
        }
    }
}

fn judged(member: &Member, level: Level, texts: &Texts) -> Finding {
    let found = check::play(&member.program, member.step, level)
        .into_iter()
        .find_map(|(_, verdict)| match verdict {
            Verdict::Failed(failure) => Some(failure.mistake),
            _ => None,
        });
    let facts = [
        ("name", member.name.clone()),
        ("found", found.unwrap_or("-").to_string()),
        ("mistake", member.mistake.clone().unwrap_or("-".to_string())),
    ];
    if member.is_it(found) {
        Well(texts.say("doctor-judged", &facts))
    } else {
        Bad(texts.say("doctor-misjudged", &facts), member.name.clone())
    }
}

/// The program that cargo makes of a skeleton.
fn skeleton(step: Step) -> Option<Program> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let bin = format!("skeleton{}", step.name());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "-p", "skeletons", "--bin", &bin])
        .current_dir(root())
        .stdin(Stdio::null())
        .status();
    let path = target().join("debug").join(bin);
    (built.ok()?.success() && path.exists()).then(|| Program::new(path))
}
