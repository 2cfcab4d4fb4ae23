//! `cargo lab hint`: each time one rung further, as long as the same thing fails.

use std::fs;
use std::io::{self, Write};

use clap::ArgMatches;
use lab::course::Step;
use lab::hints::{self, RUNGS, Topic};
use lab::progress::Progress;
use lab::report::wrapped;
use lab::texts::Texts;

use crate::workspace::{self, exercise, note, root};
use crate::{DONE, complain, step_of};

/// As wide as a terminal is at least, the indentation taken off.
const WIDTH: usize = 72;

pub(crate) fn hint(matches: &ArgMatches, texts: &Texts) -> u8 {
    let asked = match step_of(matches, texts) {
        Ok(step) => step,
        Err(status) => return status,
    };
    let progress = Progress::read(&workspace::progress()).unwrap_or_default();
    let Some(step) = asked.or_else(|| where_one_is(&progress)) else {
        let _ = writeln!(io::stdout(), "{}", texts.say("hint-all-done", &[]));
        return DONE;
    };
    let ends = ["hint-further", "hint-last"];
    match page(step, matches.get_flag("all"), WIDTH, ends, texts) {
        Ok(page) => {
            let _ = io::stdout().write_all(page.as_bytes());
            DONE
        }
        Err(why) => complain(&why),
    }
}

/// The next rung for a step, or all of them, in lines of `width` characters; what was
/// shown is noted. `ends` says how to get the one after it, and that there is none.
///
/// # Errors
///
/// There is no exercise: a sentence about that.
pub(crate) fn page(
    step: Step,
    all: bool,
    width: usize,
    ends: [&str; 2],
    texts: &Texts,
) -> Result<String, String> {
    let number = || ("step", step.short().to_string());
    let progress = Progress::read(&workspace::progress()).unwrap_or_default();
    let text = fs::read(exercise(step))
        .map_err(|_| texts.say("exercise-missing", &[number()]))?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let mut standing = progress.of(step);
    let Some(topic) = hints::topic(step, &standing, &text) else {
        let said = texts.say("hint-nothing", &[number()]);
        return Ok(format!("{}: {said}\n", step.name()));
    };
    let rungs = hints::rungs(step, &topic, texts, &root());
    let shown = if all {
        0..RUNGS
    } else {
        let rung = standing.next_rung(&topic.key, RUNGS);
        rung - 1..rung
    };
    note(texts, |it| {
        let mut standing = it.of(step);
        standing.hint = Some((topic.key.clone(), shown.end));
        it.set(step, standing);
    });
    Ok(written(step, &topic, &rungs, shown, width, ends, texts))
}

/// The first step that fails, else the first that isn't done, else the first that
/// something solid fails in.
fn where_one_is(progress: &Progress) -> Option<Step> {
    let first = |is_it: &dyn Fn(Step) -> bool| {
        Step::ALL.into_iter().find(|&step| is_it(step))
    };
    first(&|step| progress.of(step).fails(step))
        .or_else(|| first(&|step| progress.of(step).done.is_none()))
        .or_else(|| first(&|step| progress.of(step).setback.is_some()))
}

fn written(
    step: Step,
    topic: &Topic,
    rungs: &[String; RUNGS],
    shown: std::ops::Range<usize>,
    width: usize,
    ends: [&str; 2],
    texts: &Texts,
) -> String {
    let number = ("step", step.short().to_string());
    let last = ends[usize::from(shown.end >= RUNGS)];
    let mut page = format!("{}: {}\n", step.name(), hints::title(topic, texts));
    for (i, rung) in
        rungs.iter().enumerate().skip(shown.start).take(shown.len())
    {
        let indent = "      ";
        let lines = wrapped(rung, width).join(&format!("\n{indent}"));
        page += &format!("{:>4}  {lines}\n", format!("{}/{RUNGS}", i + 1));
    }
    page += &format!("  {}\n", texts.say(last, &[number]));
    page
}
