//! A build or a play of checks in a thread of its own, which can be put an end to.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use lab::check::{self, Level, Stop};
use lab::course::Step;
use lab::{Program, until_within};

use super::News;
use super::build::{Build, Building};
use super::state::{Event, Go};

/// What runs beside the loop.
pub(super) struct Job {
    thread: JoinHandle<()>,
    is_cancelled: Arc<AtomicBool>,
    stop: Stop,
}

impl Job {
    /// Compiles an exercise.
    ///
    /// # Errors
    ///
    /// The system refuses a thread.
    pub(super) fn build(
        go: Go,
        step: Step,
        colours: bool,
        news: Sender<News>,
    ) -> Result<Self, String> {
        Self::start(move |is_cancelled, _| {
            let built = match Building::start(step, colours) {
                Ok(building) => follow(go, building, is_cancelled, &news),
                Err(why) => Some(Build {
                    program: None,
                    words: String::new(),
                    no_cargo: Some(why),
                }),
            };
            if let Some(build) = built {
                let _ = news.send(News::Built(go, build));
            }
        })
    }

    /// Plays the checks of one level.
    ///
    /// # Errors
    ///
    /// The system refuses a thread.
    pub(super) fn check(
        go: Go,
        step: Step,
        level: Level,
        program: PathBuf,
        news: Sender<News>,
    ) -> Result<Self, String> {
        Self::start(move |is_cancelled, stop| {
            let program = Program::new(program);
            let mut checks = check::of(step, level);
            checks.retain(|check| check.level == level);
            let play = || check::play_until(&program, step, checks, stop);
            // One that fails must not leave the loop waiting.
            let verdicts = catch_unwind(AssertUnwindSafe(play));
            if !is_cancelled.load(Ordering::Relaxed) {
                let verdicts = verdicts.ok().flatten();
                let _ = news.send(News::Judged(go, level, verdicts));
            }
        })
    }

    fn start(
        work: impl FnOnce(&AtomicBool, &Stop) + Send + 'static,
    ) -> Result<Self, String> {
        let is_cancelled = Arc::new(AtomicBool::new(false));
        let stop = Stop::default();
        let (theirs, its) = (Arc::clone(&is_cancelled), stop.clone());
        let thread = thread::Builder::new()
            .spawn(move || work(&theirs, &its))
            .map_err(|error| error.to_string())?;
        Ok(Self { thread, is_cancelled, stop })
    }

    /// Ends it, with all the processes that it has started.
    pub(super) fn cancel(self) {
        /// It has nothing to wait for once they are dead.
        const MOST: Duration = Duration::from_secs(2);
        self.is_cancelled.store(true, Ordering::Relaxed);
        // Again, for one that was about to be started.
        let _ = until_within(MOST, || {
            self.stop.stop();
            self.thread.is_finished().then_some(())
        });
    }
}

/// Until the end of the build. `None`: it was cancelled.
fn follow(
    go: Go,
    mut building: Building,
    is_cancelled: &AtomicBool,
    news: &Sender<News>,
) -> Option<Build> {
    let mut did_wait = false;
    let ended = until_within(Duration::MAX, || {
        if is_cancelled.load(Ordering::Relaxed) {
            return Some(None);
        }
        let waits = building.waits();
        if waits != did_wait {
            did_wait = waits;
            let _ = news.send(News::Event(Event::Waits(go, waits)));
        }
        building.end().map(Some)
    });
    ended.flatten()
}
