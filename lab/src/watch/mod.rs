//! `cargo lab` without a command: the loop in which a student lives. Save, look,
//! understand, try again.
//!
//! [`state`] decides what to do when something happens; what is here makes things happen
//! and does them. Everything that it starts ends with it, whatever ends it.

mod build;
mod job;
mod keys;
mod look;
mod pages;
mod screen;
mod state;
mod terminal;

use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anstream::{AutoStream, ColorChoice};
use clap::ArgMatches;
use lab::Group;
use lab::check::{Check, Level, Verdict};
use lab::course::Step;
use lab::progress::Progress;
use lab::report::Report;
use lab::texts::{Lang, Texts};
use nix::sys::signal::{Signal, raise};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use self::build::{Build, manifests};
use self::job::Job;
use self::keys::Keys;
use self::look::{Look, Watched};
use self::pages::Outcome;
use self::screen::{Screen, fit};
use self::state::{Action, Doing, Event, Go, Page, Watch};
use self::terminal::Terminal;
use crate::exercises::{pristine, shown, steps};
use crate::hinting;
use crate::showing::{drop_picture, keep_picture};
use crate::workspace::{exercise, progress, root};
use crate::{NOT_CHECKED, complain, step_of};

/// Between two looks at the file.
const LOOK: Duration = Duration::from_millis(100);

/// What comes from the threads around the loop.
enum News {
    Event(Event),
    Suspend,
    Built(Go, Build),
    /// `None`: the checks themselves have failed.
    Judged(Go, Level, Option<Vec<(Check, Verdict)>>),
}

/// `cargo lab`, or `cargo lab watch [STEP]`.
pub(crate) fn watch(matches: Option<&ArgMatches>, lang: Lang) -> u8 {
    let texts = Texts::new(lang);
    let asked = match matches.map(|matches| step_of(matches, &texts)) {
        Some(Err(status)) => return status,
        Some(Ok(step)) => step,
        None => None,
    };
    let known = Progress::read(&progress()).unwrap_or_default();
    let is_done = |step: &Step| known.of(*step).done.is_some();
    let last = Step::ALL.into_iter().last();
    let first = Step::ALL.into_iter().find(|step| !is_done(step)).or(last);
    let Some(step) = asked.or(first) else { return NOT_CHECKED };
    // Nothing done, nothing written: somebody is here for the first time.
    let is_first = !Step::ALL.iter().any(is_done)
        && std::fs::read_to_string(exercise(step))
            .is_ok_and(|text| text == pristine(step));
    let (sender, news) = channel();
    // Before the first thread: a signal then finds it in place.
    let terminal = Terminal::open();
    if let Err(error) = listen(&sender, terminal.is_some()) {
        drop(terminal);
        return complain(&error.to_string());
    }
    let colours = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
    // Nobody knows who will read what isn't for a window.
    let size = terminal.as_ref().map_or((83, 24), Terminal::size);
    let mut shell = Shell {
        texts,
        screen: Screen::new(size, colours),
        colours,
        terminal,
        watch: Watch::new(step),
        watched: watched(step),
        sender,
        job: None,
        server: None,
        program: None,
        outcome: Outcome::default(),
        hint: String::new(),
        trouble: None,
        is_first,
    };
    shell.open();
    let status = shell.live(&news);
    shell.close();
    status
}

fn watched(step: Step) -> Watched {
    Watched { exercise: exercise(step), manifests: manifests(&root()) }
}

/// Starts the threads that wait for keys and signals.
fn listen(sender: &Sender<News>, has_keys: bool) -> io::Result<()> {
    let always = [SIGINT, SIGTERM, SIGQUIT];
    let mut signals = Signals::new(always)?;
    if has_keys {
        for signal in [SIGHUP, SIGTSTP, SIGCONT] {
            signals.add_signal(signal)?;
        }
    }
    let to_loop = sender.clone();
    let take = move || {
        for signal in signals.forever() {
            let news = match signal {
                SIGTSTP => News::Suspend,
                SIGCONT => News::Event(Event::Continued),
                SIGINT => News::Event(Event::Interrupt),
                // As a shell says it of who has died of a signal.
                other => {
                    let status = u8::try_from(128 + other).unwrap_or(255);
                    News::Event(Event::Terminate(status))
                }
            };
            if to_loop.send(news).is_err() {
                break;
            }
        }
    };
    thread::Builder::new().spawn(take)?;
    // A terminal without a window beside it (`cargo lab | tee log`) is for signals only.
    if !has_keys && io::stdin().is_terminal() {
        return Ok(());
    }
    let to_loop = sender.clone();
    let read = move || {
        let (mut keys, mut bytes) = (Keys::default(), [0; 64]);
        loop {
            match io::stdin().lock().read(&mut bytes) {
                Ok(n @ 1..) if has_keys => {
                    for key in
                        bytes[..n].iter().filter_map(|&byte| keys.byte(byte))
                    {
                        let _ = to_loop.send(News::Event(Event::Key(key)));
                    }
                }
                Ok(1..) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(0) | Err(_) => break,
            }
        }
        let _ = to_loop.send(News::Event(Event::NoMoreKeys));
    };
    thread::Builder::new().spawn(read)?;
    Ok(())
}

/// The hands of the watch.
struct Shell {
    texts: Texts,
    /// `None`: nobody presses keys, and lines come one after the other.
    terminal: Option<Terminal>,
    screen: Screen,
    colours: bool,
    watch: Watch,
    watched: Watched,
    sender: Sender<News>,
    /// The build or the checks that run.
    job: Option<Job>,
    /// The student's server in the foreground.
    server: Option<Group>,
    program: Option<PathBuf>,
    outcome: Outcome,
    hint: String,
    /// What can't be kept of the progress, and why.
    trouble: Option<String>,
    is_first: bool,
}

impl Shell {
    fn say(&self, key: &str, facts: &[(&str, String)]) -> String {
        self.texts.say(key, facts)
    }

    fn open(&mut self) {
        if self.terminal.is_some() {
            let _ = self.show(Page::Outcome);
            return;
        }
        // Of the keys there is nothing to tell.
        self.is_first = false;
        let file = [("file", shown(&self.watched.exercise))];
        let _ = self.print(&self.say("watch-plain", &file));
    }

    /// Until somebody wants it to end: the exit status.
    fn live(&mut self, news: &Receiver<News>) -> u8 {
        let mut next_look = Instant::now();
        loop {
            let wait = next_look.saturating_duration_since(Instant::now());
            let events = match news.recv_timeout(wait) {
                Ok(news) => self.take(news),
                Err(RecvTimeoutError::Timeout) => {
                    next_look = Instant::now() + LOOK;
                    self.look_around()
                }
                Err(RecvTimeoutError::Disconnected) => return NOT_CHECKED,
            };
            for event in events {
                for action in self.watch.on(event) {
                    match self.act(action) {
                        Ok(None) => {}
                        Ok(Some(status)) => return status,
                        // Nobody reads any more.
                        Err(_) => return NOT_CHECKED,
                    }
                }
            }
        }
    }

    fn close(&mut self) {
        self.cancel();
        self.server = None;
        if self.terminal.take().is_some() {
            self.screen.leave();
        }
    }

    fn take(&mut self, news: News) -> Vec<Event> {
        match news {
            News::Event(event) => {
                if event == Event::Continued
                    && let Some(terminal) = &self.terminal
                {
                    let _ = terminal.take();
                }
                match event {
                    // Whoever saves and then presses a key means what they saved.
                    Event::Key(_) => {
                        vec![Event::Looked(self.watched.look()), event]
                    }
                    event => vec![event],
                }
            }
            News::Suspend => {
                self.suspend();
                Vec::new()
            }
            News::Built(go, build) => vec![self.built(go, build)],
            News::Judged(go, level, verdicts) => {
                vec![self.judged(go, level, verdicts)]
            }
        }
    }

    /// Ctrl-Z: the terminal is the shell's until `fg`.
    fn suspend(&self) {
        let Some(terminal) = &self.terminal else { return };
        self.screen.leave();
        terminal.give_back();
        let _ = raise(Signal::SIGSTOP);
    }

    fn look_around(&mut self) -> Vec<Event> {
        if let Some(terminal) = &self.terminal {
            let size = terminal.size();
            let is_new = size != (self.screen.columns, self.screen.rows);
            if is_new {
                self.screen = Screen::new(size, self.colours);
            }
            // What the server has said is its own.
            let doing = self.watch.doing();
            if is_new && !matches!(doing, Doing::Serving | Doing::Served) {
                let _ = self.show(self.watch.page());
            }
        }
        let mut events = Vec::new();
        if let Some(server) = &mut self.server
            && !matches!(server.child().try_wait(), Ok(None))
        {
            self.server = None;
            events.push(Event::ServerEnded);
        }
        events.push(Event::Looked(self.watched.look()));
        events
    }

    fn act(&mut self, action: Action) -> io::Result<Option<u8>> {
        match action {
            Action::Cancel => self.cancel(),
            Action::Touch => {
                self.watched.touch();
                if let Look::Text(stamp) = self.watched.look() {
                    self.watch.touched(stamp);
                }
            }
            Action::Build(go) => self.build(go),
            Action::Check(go, level) => self.check(go, level),
            Action::Serve => self.serve()?,
            Action::EndServer => self.server = None,
            Action::SavedMeanwhile => {
                self.print(&self.say("watch-saved", &[]))?;
            }
            Action::Show(page) => {
                if self.watched.exercise != exercise(self.watch.step()) {
                    self.turn();
                }
                self.show(page)?;
            }
            Action::Hint => {
                self.hint = self.next_hint();
                self.show(Page::Hint)?;
            }
            Action::Speak(lang) => {
                self.texts = Texts::new(lang);
                self.note(|progress| progress.set_language(lang));
            }
            Action::Status => self.status()?,
            Action::Quit(status) => return Ok(Some(status)),
        }
        Ok(None)
    }

    /// To another step.
    fn turn(&mut self) {
        self.watched = watched(self.watch.step());
        self.outcome = Outcome::default();
        self.program = None;
        self.is_first = false;
    }

    fn cancel(&mut self) {
        if let Some(job) = self.job.take() {
            job.cancel();
        }
    }

    fn build(&mut self, go: Go) {
        self.program = None;
        self.is_first &= self.watch.is_untouched();
        let step = self.watch.step();
        let started = Job::build(go, step, self.colours, self.sender.clone());
        self.started(started, |why| {
            let build = Build {
                program: None,
                words: String::new(),
                no_cargo: Some(why),
            };
            News::Built(go, build)
        });
    }

    fn check(&mut self, go: Go, level: Level) {
        let Some(program) = self.program.clone() else { return };
        let step = self.watch.step();
        let started = Job::check(go, step, level, program, self.sender.clone());
        self.started(started, |_| News::Judged(go, level, None));
    }

    fn started(
        &mut self,
        started: Result<Job, String>,
        failed: impl FnOnce(String) -> News,
    ) {
        match started {
            Ok(job) => self.job = Some(job),
            Err(why) => {
                let _ = self.sender.send(failed(why));
            }
        }
    }

    fn built(&mut self, go: Go, build: Build) -> Event {
        let has_program = build.program.is_some();
        if self.watch.is_now(go) {
            self.job = None;
            self.program = build.program;
            let trouble = build
                .no_cargo
                .map(|error| self.say("error-cargo", &[("error", error)]));
            if !has_program && trouble.is_none() {
                let step = self.watch.step();
                self.note(|progress| progress.record_build_failure(step));
            }
            // The verdicts of before stand there until there are others.
            if has_program {
                self.outcome.words = build.words;
                self.outcome.is_broken = false;
                self.outcome.trouble = trouble;
            } else {
                self.drop_picture();
                self.outcome = Outcome {
                    words: build.words,
                    is_broken: true,
                    trouble,
                    ..Outcome::default()
                };
            }
        }
        Event::Built(go, has_program)
    }

    fn judged(
        &mut self,
        go: Go,
        level: Level,
        verdicts: Option<Vec<(Check, Verdict)>>,
    ) -> Event {
        if !self.watch.is_now(go) {
            return Event::Judged(go, level, false);
        }
        self.job = None;
        let Some(mut verdicts) = verdicts else {
            self.outcome.trouble = Some(self.say("watch-broke", &[]));
            if level == Level::Lab {
                self.drop_picture();
                self.outcome.report = None;
            }
            return Event::Judged(go, level, false);
        };
        self.outcome.trouble = None;
        let step = self.watch.step();
        // Those of the lab come first.
        if level == Level::Solid
            && let Some(report) = self.outcome.report.take()
        {
            let mut all = report.verdicts;
            all.append(&mut verdicts);
            verdicts = all;
        }
        let report = Report { step, level, verdicts };
        self.note(|progress| progress.record(&report));
        let passes = match level {
            Level::Lab => report.is_done(),
            Level::Solid => report.passed(level) == report.count(level),
        };
        self.outcome.picture = keep_picture(&report, &self.texts);
        self.outcome.report = Some(report);
        Event::Judged(go, level, passes)
    }

    /// The window no longer names it.
    fn drop_picture(&mut self) {
        drop_picture(self.watch.step(), &self.texts);
        self.outcome.picture = None;
    }

    /// That the progress can't be kept is worth a sentence, and stops nothing.
    fn note(&mut self, change: impl FnOnce(&mut Progress)) {
        let file = progress();
        self.trouble = Progress::change(&file, change).err().map(|error| {
            let facts = [("file", shown(&file)), ("error", error.to_string())];
            self.say("error-progress", &facts)
        });
    }

    fn next_hint(&self) -> String {
        let width = self.screen.width().saturating_sub(6).min(72);
        let ends = ["watch-hint-further", "watch-hint-last"];
        hinting::page(self.watch.step(), false, width, ends, &self.texts)
            .unwrap_or_else(|why| why)
    }

    fn serve(&mut self) -> io::Result<()> {
        let Some(program) = &self.program else { return Ok(()) };
        let step = [("step", self.watch.step().number().to_string())];
        self.screen.clear(&fit(
            &self.say("watch-serving", &step),
            self.screen.width(),
        ))?;
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        match Group::start(&mut command) {
            Ok(server) => self.server = Some(server),
            Err(error) => {
                let words = self.say("watch-no-server", &[("error", error)]);
                self.print(&words)?;
                let _ = self.sender.send(News::Event(Event::ServerEnded));
            }
        }
        Ok(())
    }

    fn status(&mut self) -> io::Result<()> {
        let width = self.screen.width();
        let bottom = pages::bottom(&self.watch, &self.texts, width);
        if self.terminal.is_some() {
            if self.watch.doing() == Doing::Served {
                // Under its last words.
                self.print("")?;
            }
            return self.screen.say(&bottom);
        }
        match self.watch.doing() {
            Doing::Building { waits: true } => self.print(&bottom),
            _ => Ok(()),
        }
    }

    fn show(&self, page: Page) -> io::Result<()> {
        let has_keys = self.terminal.is_some();
        let is_over = self.watch.doing() == Doing::Nothing;
        if !has_keys && !is_over {
            // Line by line: the last word only.
            return Ok(());
        }
        let (texts, step) = (&self.texts, self.watch.step());
        let width = self.screen.width();
        let narrow = |text: &str| fit(text, width);
        let is_done = self.outcome.report.as_ref().is_some_and(Report::is_done);
        let trouble = self.trouble.as_deref().map(narrow);
        // Two at the bottom, two for what comes next, and a word about the progress.
        let others = [
            2,
            if is_done { 2 } else { 0 },
            trouble.as_ref().map_or(0, |it| it.lines().count() + 1),
        ];
        let rows = match has_keys {
            true => self.screen.rows.saturating_sub(others.iter().sum()),
            false => usize::MAX,
        };
        let back = || format!("\n{}", self.say("watch-back", &[]));
        let mut text = match page {
            Page::Outcome => {
                let mut text = match self.is_first {
                    true => narrow(&pages::welcome(step, texts)),
                    false => String::new(),
                };
                // That nothing works yet is no news to whoever begins.
                if !self.is_first || self.outcome.is_broken {
                    text += &self.outcome.page(step, texts, width, rows);
                }
                if is_done && is_over {
                    let next = pages::onward(&self.watch, has_keys, texts);
                    text += &narrow(&next);
                    text.push('\n');
                }
                text
            }
            Page::Help => narrow(&(pages::help(texts) + &back())),
            Page::List => {
                let known = Progress::read(&progress()).unwrap_or_default();
                narrow(&(steps(&known, texts) + &back()))
            }
            Page::Hint => narrow(&(self.hint.clone() + &back())),
            Page::Missing => narrow(&pages::missing(step, texts)),
        };
        if let Some(trouble) = trouble {
            text = format!("{}\n\n{trouble}\n", text.trim_end());
        }
        if !has_keys {
            return self.print(&text);
        }
        self.screen.show(&text, &pages::bottom(&self.watch, texts, width))
    }

    /// Where lines come one after the other.
    fn print(&self, text: &str) -> io::Result<()> {
        let mut out = anstream::stdout().lock();
        writeln!(out, "{}", text.trim_end())?;
        out.flush()
    }
}
