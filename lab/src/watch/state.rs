//! What the watch does when something happens: events in, actions out. No clock, no
//! terminal, no process: the loop around it has those.

use lab::check::Level;
use lab::course::Step;
use lab::texts::Lang;

use super::keys::Key;
use super::look::{Look, Stamp};

/// So many looks in a row that find no text are needed for it to be gone: an editor
/// that saves may take the file away for a moment, or empty it.
const GONE: u32 = 5;

/// The number of a go: what comes from an earlier one is out of date.
pub(super) type Go = u32;

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// Somebody looked at the file.
    Looked(Look),
    /// A key.
    Key(Key),
    /// Nothing more comes from the keyboard.
    NoMoreKeys,
    /// Another cargo is building, and ours waits for it; or doesn't any more.
    Waits(Go, bool),
    /// The build has ended: is there a program?
    Built(Go, bool),
    /// The checks of a level have ended: do they all pass?
    Judged(Go, Level, bool),
    /// The student's server, in the foreground, has ended.
    ServerEnded,
    /// Ctrl-C.
    Interrupt,
    /// Another signal wants us to end: the exit status.
    Terminate(u8),
    /// Stopped for a while, and running again.
    Continued,
}

/// What there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// End the build or the checks that run.
    Cancel,
    /// Give the file the time of now: cargo goes by times, and would take it for old.
    Touch,
    /// Compile the exercise.
    Build(Go),
    /// Play the checks of a level.
    Check(Go, Level),
    /// Start the student's server in the foreground.
    Serve,
    /// End it.
    EndServer,
    /// Say a word while it runs.
    SavedMeanwhile,
    /// Show something.
    Show(Page),
    /// Show the next rung of the hints.
    Hint,
    /// Say everything in this language from now on.
    Speak(Lang),
    /// What is said at the bottom has changed.
    Status,
    /// End with this exit status.
    Quit(u8),
}

/// What the window shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// How it went: the compiler's words or the verdicts, and what is next.
    Outcome,
    /// The keys.
    Help,
    /// All the steps.
    List,
    /// A hint.
    Hint,
    /// The file isn't there.
    Missing,
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    /// Waiting for a save.
    Nothing,
    /// Compiling; does it wait for another cargo?
    Building { waits: bool },
    /// Playing the checks of a level.
    Checking(Level),
    /// The student's server runs in the foreground.
    Serving,
    /// It has ended by itself; what it said still stands there.
    Served,
}

/// How the last go went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Unknown,
    NoProgram,
    NotYet,
    Done,
}

/// The state of the watch.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    step: Step,
    go: Go,
    doing: Doing,
    page: Page,
    outcome: Outcome,
    /// Is there a program of the last go?
    has_program: bool,
    /// What was there when the last go began.
    seen: Option<Stamp>,
    /// Nobody has saved or asked for anything yet.
    is_untouched: bool,
    /// So many looks in a row have found no text.
    gone: u32,
    /// Start the server once it's built.
    serve_next: bool,
    /// End once the verdict is there.
    is_last: bool,
}

impl Watch {
    /// Nothing is known yet; the first look begins the first go.
    pub(super) fn new(step: Step) -> Self {
        Self {
            step,
            go: 0,
            doing: Doing::Nothing,
            page: Page::Outcome,
            outcome: Outcome::Unknown,
            has_program: false,
            seen: None,
            is_untouched: true,
            gone: 0,
            serve_next: false,
            is_last: false,
        }
    }

    pub(super) fn step(&self) -> Step {
        self.step
    }

    /// Has nobody saved or asked for anything yet? Ctrl-Z begins a go anew, too.
    pub(super) fn is_untouched(&self) -> bool {
        self.is_untouched
    }

    /// Is this the go that counts?
    pub(super) fn is_now(&self, go: Go) -> bool {
        go == self.go
    }

    /// We have given the file another time ourselves: that's no save.
    pub(super) fn touched(&mut self, stamp: Stamp) {
        if self.seen.as_ref().is_some_and(|seen| seen.hash == stamp.hash) {
            self.seen = Some(stamp);
        }
    }

    pub(super) fn doing(&self) -> Doing {
        self.doing
    }

    pub(super) fn page(&self) -> Page {
        self.page
    }

    /// Does all that the lab asks for pass, and is there a step after this one?
    pub(super) fn next_if_done(&self) -> Option<Step> {
        (self.outcome == Outcome::Done).then(|| self.neighbour(1)).flatten()
    }

    fn neighbour(&self, by: isize) -> Option<Step> {
        let here = Step::ALL.iter().position(|&step| step == self.step)?;
        Step::ALL.get(here.checked_add_signed(by)?).copied()
    }

    /// As `cargo lab check` ends.
    fn status(&self) -> u8 {
        match self.outcome {
            Outcome::Done => crate::DONE,
            Outcome::NotYet => crate::NOT_YET,
            Outcome::Unknown | Outcome::NoProgram => crate::NOT_CHECKED,
        }
    }

    pub(super) fn on(&mut self, event: Event) -> Vec<Action> {
        match event {
            Event::Looked(look) => self.looked(look),
            Event::Key(key) => self.pressed(key),
            Event::NoMoreKeys if self.is_busy() || self.seen.is_none() => {
                self.is_last = true;
                Vec::new()
            }
            Event::NoMoreKeys => vec![Action::Quit(self.status())],
            Event::Waits(go, waits) => {
                let now = Doing::Building { waits };
                let is_news = go == self.go
                    && matches!(self.doing, Doing::Building { .. })
                    && self.doing != now;
                if !is_news {
                    return Vec::new();
                }
                self.doing = now;
                vec![Action::Status]
            }
            Event::Built(go, has_program) => self.built(go, has_program),
            Event::Judged(go, level, passes) => self.judged(go, level, passes),
            Event::ServerEnded if self.doing == Doing::Serving => {
                self.doing = Doing::Served;
                vec![Action::Status]
            }
            Event::ServerEnded => Vec::new(),
            Event::Interrupt => match self.doing {
                Doing::Serving | Doing::Served => self.back(),
                _ => vec![Action::Cancel, Action::Quit(130)],
            },
            Event::Terminate(status) => {
                vec![Action::Cancel, Action::EndServer, Action::Quit(status)]
            }
            // The clocks of a check went on meanwhile.
            Event::Continued if self.is_busy() => {
                let mut actions = self.start();
                actions.push(Action::Show(self.page));
                actions
            }
            Event::Continued if self.doing == Doing::Nothing => {
                vec![Action::Show(self.page)]
            }
            Event::Continued => Vec::new(),
        }
    }

    fn is_busy(&self) -> bool {
        matches!(self.doing, Doing::Building { .. } | Doing::Checking(_))
    }

    /// A new go, in place of the one that may be on its way.
    fn start(&mut self) -> Vec<Action> {
        let mut actions = Vec::new();
        if self.is_busy() {
            actions.push(Action::Cancel);
        }
        self.go += 1;
        self.doing = Doing::Building { waits: false };
        self.has_program = false;
        self.outcome = Outcome::Unknown;
        actions.extend([Action::Build(self.go), Action::Status]);
        actions
    }

    fn looked(&mut self, look: Look) -> Vec<Action> {
        let stamp = match look {
            Look::Nothing => {
                self.gone = self.gone.saturating_add(1);
                if self.gone != GONE {
                    return Vec::new();
                }
                return self.lost();
            }
            Look::Text(stamp) => stamp,
        };
        self.gone = 0;
        if self.seen.as_ref() == Some(&stamp) {
            return Vec::new();
        }
        let is_older = self.seen.as_ref().is_some_and(|seen| {
            seen.hash != stamp.hash && stamp.modified <= seen.modified
        });
        self.is_untouched &= self.seen.is_none();
        self.seen = Some(stamp);
        if self.doing == Doing::Serving {
            // What runs may be talking to somebody: they end it, and come back.
            return vec![Action::SavedMeanwhile];
        }
        self.serve_next = false;
        let mut actions = self.start();
        if is_older {
            let at = actions.len() - 2;
            actions.insert(at, Action::Touch);
        }
        actions
    }

    /// There is no file any more.
    fn lost(&mut self) -> Vec<Action> {
        self.seen = None;
        self.is_untouched = false;
        if self.doing == Doing::Serving {
            return Vec::new();
        }
        let mut actions = Vec::new();
        if self.is_busy() {
            actions.push(Action::Cancel);
        }
        self.go += 1;
        self.doing = Doing::Nothing;
        self.has_program = false;
        self.outcome = Outcome::Unknown;
        actions.push(self.show(Page::Missing));
        if self.is_last {
            actions.push(Action::Quit(self.status()));
        }
        actions
    }

    fn show(&mut self, page: Page) -> Action {
        self.page = page;
        Action::Show(page)
    }

    fn built(&mut self, go: Go, has_program: bool) -> Vec<Action> {
        if go != self.go || !matches!(self.doing, Doing::Building { .. }) {
            return Vec::new();
        }
        self.has_program = has_program;
        if !has_program {
            self.outcome = Outcome::NoProgram;
            self.doing = Doing::Nothing;
            self.serve_next = false;
            return self.said();
        }
        if self.serve_next {
            self.doing = Doing::Nothing;
            return self.serve();
        }
        self.doing = Doing::Checking(Level::Lab);
        vec![Action::Check(go, Level::Lab), Action::Status]
    }

    fn judged(&mut self, go: Go, level: Level, passes: bool) -> Vec<Action> {
        if go != self.go || self.doing != Doing::Checking(level) {
            return Vec::new();
        }
        if level == Level::Lab {
            self.outcome = if passes { Outcome::Done } else { Outcome::NotYet };
        }
        if level == Level::Lab && passes {
            self.doing = Doing::Checking(Level::Solid);
            let mut actions = vec![self.show(Page::Outcome)];
            actions.push(Action::Check(go, Level::Solid));
            return actions;
        }
        self.doing = Doing::Nothing;
        self.said()
    }

    /// The verdict is there.
    fn said(&mut self) -> Vec<Action> {
        let mut actions = vec![self.show(Page::Outcome)];
        if self.is_last {
            actions.push(Action::Quit(self.status()));
        }
        actions
    }

    fn serve(&mut self) -> Vec<Action> {
        self.serve_next = false;
        let mut actions = Vec::new();
        if self.is_busy() {
            actions.push(Action::Cancel);
        }
        self.doing = Doing::Serving;
        actions.push(Action::Serve);
        actions
    }

    /// From the student's server, with what was saved meanwhile, or the checks that it
    /// put an end to.
    fn back(&mut self) -> Vec<Action> {
        self.is_untouched = false;
        let mut actions = vec![Action::EndServer];
        self.doing = Doing::Nothing;
        actions.push(self.show(Page::Outcome));
        actions.extend(self.start());
        actions
    }

    fn pressed(&mut self, key: Key) -> Vec<Action> {
        match (self.doing, key) {
            // What the server was asked on the keyboard isn't meant for us.
            (Doing::Serving, Key::Quit) => return self.back(),
            (Doing::Serving, _) => return Vec::new(),
            (Doing::Served, _) => return self.back(),
            _ => {}
        }
        match key {
            Key::Quit => vec![Action::Cancel, Action::Quit(0)],
            Key::Help => self.turn_to(Page::Help),
            Key::List => self.turn_to(Page::List),
            Key::Hint => {
                self.page = Page::Hint;
                vec![Action::Hint]
            }
            Key::Speak(lang) => {
                // The hint that stands there is in the other language.
                if self.page == Page::Hint {
                    self.page = Page::Outcome;
                }
                vec![Action::Speak(lang), Action::Show(self.page)]
            }
            Key::Redraw => vec![Action::Show(self.page)],
            Key::Check => self.again(),
            Key::Run if self.has_program => self.serve(),
            Key::Run if matches!(self.doing, Doing::Building { .. }) => {
                self.serve_next = true;
                Vec::new()
            }
            // It doesn't compile: the window says so.
            Key::Run => vec![self.show(Page::Outcome)],
            Key::Next => self.go_to(self.neighbour(1)),
            Key::Previous => self.go_to(self.neighbour(-1)),
            Key::Enter if !matches!(self.page, Page::Outcome) => {
                let page = match self.seen {
                    Some(_) => Page::Outcome,
                    None => Page::Missing,
                };
                vec![self.show(page)]
            }
            Key::Enter => match self.next_if_done() {
                Some(step) => self.go_to(Some(step)),
                None => self.again(),
            },
        }
    }

    /// The same page a second time: back from it.
    fn turn_to(&mut self, page: Page) -> Vec<Action> {
        let page = match (self.page == page, &self.seen) {
            (false, _) => page,
            (true, Some(_)) => Page::Outcome,
            (true, None) => Page::Missing,
        };
        vec![self.show(page)]
    }

    fn again(&mut self) -> Vec<Action> {
        if self.seen.is_none() {
            return vec![self.show(Page::Missing)];
        }
        self.page = Page::Outcome;
        self.is_untouched = false;
        self.start()
    }

    fn go_to(&mut self, step: Option<Step>) -> Vec<Action> {
        let Some(step) = step else {
            return vec![self.show(Page::List)];
        };
        let mut actions = Vec::new();
        if self.is_busy() {
            actions.push(Action::Cancel);
        }
        let (go, is_last) = (self.go + 1, self.is_last);
        *self = Self { go, is_last, ..Self::new(step) };
        actions.push(Action::Show(Page::Outcome));
        actions
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(save: u64) -> Look {
        let time = std::time::Duration::from_secs(save);
        let modified = std::time::SystemTime::UNIX_EPOCH.checked_add(time);
        Look::Text(Stamp { modified, hash: save, manifests: Vec::new() })
    }

    /// A watch whose first look was at `text(1)`.
    fn begun() -> Watch {
        let mut watch = Watch::new(Step::BlockingEcho);
        let actions = watch.on(Event::Looked(text(1)));
        assert_eq!(actions, [Action::Build(1), Action::Status]);
        watch
    }

    /// One that has judged it: are the lab's checks passed, and the others?
    fn judged(lab: bool, solid: bool) -> Watch {
        let mut watch = begun();
        watch.on(Event::Built(1, true));
        watch.on(Event::Judged(1, Level::Lab, lab));
        watch.on(Event::Judged(1, Level::Solid, solid));
        watch
    }

    #[test]
    fn a_go_that_ctrl_z_has_interrupted_is_still_the_first() {
        let mut watch = begun();
        watch.on(Event::Continued);
        assert_eq!(watch.go, 2);
        assert!(watch.is_untouched());
        let asks = |event: Event| {
            let mut watch = watch.clone();
            watch.on(event);
            !watch.is_untouched()
        };
        assert!(asks(Event::Looked(text(2))));
        assert!(asks(Event::Key(Key::Check)));
        assert!(!asks(Event::Key(Key::Help)));
        assert!(!asks(Event::Looked(text(1))));
    }

    #[test]
    fn a_save_is_compiled_and_checked() {
        let mut watch = judged(false, false);
        assert_eq!(watch.doing(), Doing::Nothing);
        assert_eq!(watch.on(Event::Looked(text(1))), []);
        assert_eq!(
            watch.on(Event::Looked(text(2))),
            [Action::Build(2), Action::Status]
        );
        assert_eq!(
            watch.on(Event::Built(2, true)),
            [Action::Check(2, Level::Lab), Action::Status]
        );
        assert_eq!(
            watch.on(Event::Judged(2, Level::Lab, false)),
            [Action::Show(Page::Outcome)]
        );
    }

    #[test]
    fn what_is_done_is_asked_to_be_solid() {
        let mut watch = begun();
        watch.on(Event::Built(1, true));
        assert_eq!(
            watch.on(Event::Judged(1, Level::Lab, true)),
            [Action::Show(Page::Outcome), Action::Check(1, Level::Solid)]
        );
        assert_eq!(watch.next_if_done(), Some(Step::ThreadEcho));
        assert_eq!(
            watch.on(Event::Judged(1, Level::Solid, false)),
            [Action::Show(Page::Outcome)]
        );
    }

    #[test]
    fn a_save_ends_the_checks_of_the_one_before() {
        for level in [Level::Lab, Level::Solid] {
            let mut watch = begun();
            watch.on(Event::Built(1, true));
            if level == Level::Solid {
                watch.on(Event::Judged(1, Level::Lab, true));
            }
            assert_eq!(
                watch.on(Event::Looked(text(2))),
                [Action::Cancel, Action::Build(2), Action::Status]
            );
            // What was on its way is out of date.
            assert_eq!(watch.on(Event::Judged(1, level, true)), []);
            assert_eq!(watch.on(Event::Built(1, true)), []);
            assert_eq!(watch.on(Event::Waits(1, true)), []);
            assert_eq!(watch.next_if_done(), None);
        }
    }

    #[test]
    fn an_editor_may_take_the_file_away_for_a_moment() {
        let mut watch = judged(false, false);
        for _ in 1..GONE {
            assert_eq!(watch.on(Event::Looked(Look::Nothing)), []);
        }
        assert_eq!(watch.on(Event::Looked(text(1))), []);
        // Gone for good.
        for _ in 1..GONE {
            assert_eq!(watch.on(Event::Looked(Look::Nothing)), []);
        }
        let gone = watch.on(Event::Looked(Look::Nothing));
        assert_eq!(gone, [Action::Show(Page::Missing)]);
        assert_eq!(watch.on(Event::Looked(Look::Nothing)), []);
        // The very same is back: it's checked again.
        let back = watch.on(Event::Looked(text(1)));
        assert!(back.contains(&Action::Build(3)), "{back:?}");
    }

    #[test]
    fn an_older_file_in_its_place_is_not_taken_for_the_one_before() {
        let mut watch = Watch::new(Step::BlockingEcho);
        watch.on(Event::Looked(text(5)));
        assert_eq!(
            watch.on(Event::Looked(text(4))),
            [Action::Cancel, Action::Touch, Action::Build(2), Action::Status]
        );
        // That we touch it is no save.
        let Look::Text(mut stamp) = text(4) else { unreachable!() };
        stamp.modified = std::time::SystemTime::UNIX_EPOCH
            .checked_add(std::time::Duration::from_secs(9));
        watch.touched(stamp.clone());
        assert_eq!(watch.on(Event::Looked(Look::Text(stamp))), []);
    }

    #[test]
    fn enter_goes_on_once_the_step_is_done() {
        let mut watch = judged(true, false);
        let actions = watch.on(Event::Key(Key::Enter));
        assert_eq!(actions, [Action::Show(Page::Outcome)]);
        assert_eq!(watch.step(), Step::ThreadEcho);
        // The file of the new step is another.
        let actions = watch.on(Event::Looked(text(1)));
        assert_eq!(actions, [Action::Build(3), Action::Status]);
        let mut watch = judged(false, false);
        let actions = watch.on(Event::Key(Key::Enter));
        assert_eq!(actions, [Action::Build(2), Action::Status]);
        assert_eq!(watch.step(), Step::BlockingEcho);
    }

    #[test]
    fn the_server_runs_as_soon_as_there_is_one() {
        let mut watch = begun();
        assert_eq!(watch.on(Event::Key(Key::Run)), []);
        assert_eq!(watch.on(Event::Built(1, true)), [Action::Serve]);
        assert_eq!(watch.on(Event::Key(Key::Check)), []);
        assert_eq!(watch.on(Event::Looked(text(2))), [Action::SavedMeanwhile]);
        let back = watch.on(Event::Interrupt);
        assert_eq!(back[..2], [Action::EndServer, Action::Show(Page::Outcome)]);
        assert!(back.contains(&Action::Build(2)), "{back:?}");
        // With the checks under way it ends them.
        watch.on(Event::Built(2, true));
        assert_eq!(
            watch.on(Event::Key(Key::Run)),
            [Action::Cancel, Action::Serve]
        );
        assert_eq!(watch.on(Event::ServerEnded), [Action::Status]);
        assert!(watch.on(Event::Key(Key::List)).contains(&Action::Build(3)));
    }

    #[test]
    fn nothing_runs_that_does_not_compile() {
        let mut watch = begun();
        watch.on(Event::Key(Key::Run));
        assert_eq!(
            watch.on(Event::Built(1, false)),
            [Action::Show(Page::Outcome)]
        );
        assert_eq!(
            watch.on(Event::Key(Key::Run)),
            [Action::Show(Page::Outcome)]
        );
    }

    #[test]
    fn without_keys_it_ends_with_the_verdict() {
        for (lab, status) in [(true, 0), (false, 1)] {
            let mut watch = Watch::new(Step::BlockingEcho);
            assert_eq!(watch.on(Event::NoMoreKeys), []);
            watch.on(Event::Looked(text(1)));
            watch.on(Event::Built(1, true));
            let mut actions = watch.on(Event::Judged(1, Level::Lab, lab));
            actions.extend(watch.on(Event::Judged(1, Level::Solid, false)));
            assert_eq!(actions.last(), Some(&Action::Quit(status)));
        }
        let mut watch = Watch::new(Step::BlockingEcho);
        watch.on(Event::NoMoreKeys);
        let looks =
            (0..GONE).flat_map(|_| watch.on(Event::Looked(Look::Nothing)));
        let last = looks.last();
        assert_eq!(last, Some(Action::Quit(crate::NOT_CHECKED)));
        let mut watch = judged(true, true);
        assert_eq!(watch.on(Event::NoMoreKeys), [Action::Quit(0)]);
    }

    #[test]
    fn a_pause_begins_the_checks_anew() {
        let mut watch = begun();
        watch.on(Event::Built(1, true));
        assert_eq!(
            watch.on(Event::Continued),
            [
                Action::Cancel,
                Action::Build(2),
                Action::Status,
                Action::Show(Page::Outcome)
            ]
        );
        let mut watch = judged(true, true);
        assert_eq!(watch.on(Event::Continued), [Action::Show(Page::Outcome)]);
    }

    fn any_event() -> impl Strategy<Value = Event> {
        let key = prop::sample::select(vec![
            Key::Hint,
            Key::List,
            Key::Run,
            Key::Check,
            Key::Next,
            Key::Previous,
            Key::Help,
            Key::Speak(Lang::Fr),
            Key::Enter,
            Key::Redraw,
        ]);
        let level = prop::sample::select(vec![Level::Lab, Level::Solid]);
        prop_oneof![
            (0u64..4).prop_map(|save| Event::Looked(text(save))),
            Just(Event::Looked(Look::Nothing)),
            key.prop_map(Event::Key),
            (0..9u32, any::<bool>()).prop_map(|(go, it)| Event::Waits(go, it)),
            (0..9u32, any::<bool>()).prop_map(|(go, it)| Event::Built(go, it)),
            (0..9u32, level, any::<bool>())
                .prop_map(|(go, level, it)| Event::Judged(go, level, it)),
            Just(Event::ServerEnded),
            Just(Event::Continued),
        ]
    }

    proptest! {
        /// Whatever comes: never two things at a time, and a save is always heard.
        #[test]
        fn one_thing_at_a_time(events in prop::collection::vec(any_event(), 0..60)) {
            let mut watch = Watch::new(Step::BlockingEcho);
            let (mut job, mut server) = (false, false);
            for event in events {
                let now = watch.go;
                match event {
                    Event::Built(go, _) | Event::Judged(go, ..)
                        if go == now && !job => continue,
                    Event::ServerEnded => server = false,
                    _ => {}
                }
                if matches!(event, Event::Built(go, _) | Event::Judged(go, ..)
                    if go == now)
                {
                    // Only what runs can end.
                    let ends = match (&event, watch.doing()) {
                        (Event::Built(..), Doing::Building { .. }) => true,
                        (Event::Judged(_, level, _), Doing::Checking(now)) => {
                            *level == now
                        }
                        _ => false,
                    };
                    if !ends { continue }
                    job = false;
                }
                for action in watch.on(event.clone()) {
                    match action {
                        Action::Cancel => job = false,
                        Action::EndServer => server = false,
                        Action::Build(_) | Action::Check(..) => {
                            prop_assert!(!job && !server, "{:?}", event);
                            job = true;
                        }
                        Action::Serve => {
                            prop_assert!(!job && !server, "{:?}", event);
                            server = true;
                        }
                        _ => {}
                    }
                }
                prop_assert_eq!(job, watch.is_busy());
            }
            if watch.doing() == Doing::Serving {
                watch.on(Event::Interrupt);
            }
            watch.on(Event::Looked(text(1000)));
            let builds = matches!(watch.doing(), Doing::Building { .. });
            prop_assert!(builds);
        }
    }
}
