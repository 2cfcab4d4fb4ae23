//! In a terminal: one line is typed and edited while others come in.
//!
//! The main thread edits; one thread receives and shows, one sends, so that neither
//! ever waits for the other, and one listens to signals. Whoever ends the session says
//! how in [`State::end`] and then gets the main thread out of its `readline`, which
//! leaves the terminal as it was.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use lab::texts::Texts;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use rustyline::completion::Completer;
use rustyline::config::{BellStyle, CompletionType};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Config, Context, Editor, ExternalPrinter, Helper};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::clean::{Lines, Piece};
use crate::connect::why;
use crate::history::{self, History};
use crate::names::Names;
use crate::{BROKEN, OVER, colour};

/// How long a line may stay without its end before it's shown as far as it came.
const HALF_LINE: Duration = Duration::from_millis(200);

/// How long the server may be silent, once the user has said that no more will come.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Between two attempts to get the main thread out of its `readline`: one that comes
/// just before it begins is lost.
const KICK: Duration = Duration::from_millis(20);

const PROMPT: &str = "> ";

/// Back to the row before, and nothing in it.
const ERASE_ROW: &str = "\x1b[A\r\x1b[K";

/// Shows nothing: up and down again. The printer is handed one message while another
/// still waits, but not two, so that this one arrives after the one before was taken.
const NOTHING: &str = "\x1b[A\n";

/// How it ended, unless the user left.
enum End {
    Closed,
    Broken(io::Error),
    Silent,
    Signal(i32),
}

#[derive(Default)]
struct State {
    /// The editor is on the screen and takes what is to be shown above it.
    editing: bool,
    /// The line being typed, and where the cursor is in it.
    typed: (String, usize),
    names: Names,
    heard: Option<Instant>,
    end: Option<End>,
    /// The main thread won't edit any more.
    out: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(
        &'a self,
        state: MutexGuard<'a, State>,
        most: Duration,
    ) -> MutexGuard<'a, State> {
        let waited = self.changed.wait_timeout(state, most);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Waits until the editor is on the screen.
    ///
    /// Outside of `readline` the printer would write at once, past what still waits
    /// to be shown, and perhaps into the line that was just typed.
    fn wait_for_editor(&self) {
        let mut state = self.lock();
        while !state.editing {
            let waited = self.changed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Ends the session: gets the main thread out of `readline`, as Ctrl-C does.
    fn leave(&self, end: End) {
        let mut state = self.lock();
        state.end.get_or_insert(end);
        while !state.out {
            drop(state);
            let _ = kill(Pid::this(), Signal::SIGINT);
            state = self.wait(self.lock(), KICK);
        }
    }
}

/// What the editor asks us; by that it also tells when it comes and goes.
struct Chat(Arc<Shared>);

impl Helper for Chat {}
impl Highlighter for Chat {}

impl Completer for Chat {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(self.0.lock().names.complete(line, position))
    }
}

impl Hinter for Chat {
    type Hint = String;

    /// Called when the line is first shown and at each change.
    fn hint(&self, line: &str, at: usize, _: &Context<'_>) -> Option<String> {
        let mut state = self.0.lock();
        state.typed = (line.to_string(), at);
        if !state.editing {
            state.editing = true;
            self.0.changed.notify_all();
        }
        None
    }
}

impl Validator for Chat {
    /// Called when the line is entered.
    fn validate(
        &self,
        _: &mut ValidationContext<'_>,
    ) -> rustyline::Result<ValidationResult> {
        self.0.lock().editing = false;
        Ok(ValidationResult::Valid(None))
    }
}

type Terminal = Editor<Chat, MemHistory>;

/// A terminal in which lines can be edited.
pub(crate) struct Session {
    editor: Terminal,
    printer: Option<Box<dyn ExternalPrinter + Send>>,
    shared: Arc<Shared>,
    history: Option<History>,
}

impl Session {
    /// `None`: this terminal can't do that (`TERM=dumb`).
    pub(crate) fn new() -> Option<Self> {
        let config = Config::builder()
            .max_history_size(history::MOST)
            .ok()?
            .completion_type(CompletionType::List)
            // Else what comes in would wait for the second Tab.
            .completion_show_all_if_ambiguous(true)
            .completion_prompt_limit(usize::MAX)
            .bell_style(BellStyle::None)
            // Else Escape alone would wait for a key, and all the rest with it.
            .keyseq_timeout(Some(50))
            .build();
        let history = MemHistory::with_config(&config);
        let mut editor = Editor::with_history(config, history).ok()?;
        let shared = Arc::new(Shared::default());
        editor.set_helper(Some(Chat(Arc::clone(&shared))));
        let printer: Box<dyn ExternalPrinter + Send> =
            Box::new(editor.create_external_printer().ok()?);
        let printer = Some(printer);
        Some(Self { editor, printer, shared, history: None })
    }

    /// Chats until one side ends it; the exit status.
    pub(crate) fn run(
        mut self,
        socket: TcpStream,
        address: SocketAddr,
        texts: &Texts,
    ) -> u8 {
        let say = |key: &str| texts.say(key, &[]);
        let greeting = [("address", address.to_string())];
        notice(&texts.say("notice-connected", &greeting));
        self.remember(texts);
        let edited = self.chat(socket, texts);
        let mut state = self.shared.lock();
        state.out = true;
        self.shared.changed.notify_all();
        let broken = |error| {
            let why = [("why", why(error, texts))];
            notice(&texts.say("notice-broken", &why));
            BROKEN
        };
        match (&state.end, edited) {
            (Some(End::Closed), _) => notice(&say("notice-closed")),
            (Some(End::Silent), _) => notice(&say("notice-silent")),
            (Some(End::Broken(error)), _) => return broken(error),
            (Some(End::Signal(signal)), _) => {
                let signal = u8::try_from(*signal).unwrap_or_default();
                return signal.saturating_add(128);
            }
            (None, Ok(())) => (),
            (None, Err(error)) => return broken(&error),
        }
        OVER
    }

    fn chat(&mut self, socket: TcpStream, texts: &Texts) -> io::Result<()> {
        let interrupted = Arc::new(AtomicBool::new(false));
        let lines = self.start(socket, &interrupted)?;
        self.edit(lines, &interrupted, texts)
    }

    fn remember(&mut self, texts: &Texts) {
        let Some(place) = history::place() else { return };
        match History::open(&place) {
            Ok((history, lines)) => {
                for line in lines {
                    let _ = self.editor.add_history_entry(line);
                }
                self.history = Some(history);
            }
            Err(error) => {
                let why = format!("{}: {error}", place.display());
                notice(&texts.say("notice-history", &[("why", why)]));
            }
        }
    }

    /// Starts the other threads. What is sent into the answer goes to the server.
    fn start(
        &mut self,
        socket: TcpStream,
        interrupted: &Arc<AtomicBool>,
    ) -> io::Result<Sender<String>> {
        // In the place of what ends a process: `leave` may come between two lines.
        signal_hook::flag::register(SIGINT, Arc::clone(interrupted))?;
        let mut signals =
            signal_hook::iterator::Signals::new([SIGTERM, SIGHUP])?;
        let shared = Arc::clone(&self.shared);
        thread::Builder::new().spawn(move || {
            if let Some(signal) = signals.forever().next() {
                shared.leave(End::Signal(signal));
            }
        })?;
        let (lines, to_send) = mpsc::channel();
        let sending = socket.try_clone()?;
        thread::Builder::new().spawn(move || send(&to_send, sending))?;
        if let Some(printer) = self.printer.take() {
            let (shared, colours) =
                (Arc::clone(&self.shared), colour::wanted());
            let mut screen = Screen { printer, shared, colours };
            thread::Builder::new().spawn(move || screen.receive(socket))?;
        }
        Ok(lines)
    }

    /// Edits and sends lines until the end; `Err` if the terminal fails.
    fn edit(
        &mut self,
        lines: Sender<String>,
        interrupted: &AtomicBool,
        texts: &Texts,
    ) -> io::Result<()> {
        let mut lines = Some(lines);
        let mut initial = (String::new(), String::new());
        while self.shared.lock().end.is_none()
            && !interrupted.load(Ordering::Relaxed)
        {
            let prompt = if lines.is_some() { PROMPT } else { "" };
            let (left, right) = std::mem::take(&mut initial);
            let typed =
                self.editor.readline_with_initial(prompt, (&left, &right));
            let mut state = self.shared.lock();
            state.editing = false;
            let (line, at) = state.typed.clone();
            drop(state);
            if typed.is_err() && line.is_empty() {
                print(ERASE_ROW);
            }
            match typed {
                Ok(line) => {
                    if let Some(lines) = &lines {
                        self.enter(&line, lines, texts);
                    }
                }
                Err(ReadlineError::Eof) if lines.is_some() => {
                    // Without a sender, the other thread half-closes.
                    lines = None;
                    notice(&texts.say("notice-waiting", &[]));
                    self.watch()?;
                }
                Err(ReadlineError::Eof | ReadlineError::Interrupted) => break,
                Err(ReadlineError::Io(error))
                    if error.kind() == ErrorKind::InvalidData =>
                {
                    let (left, right) = line.split_at(at);
                    initial = (left.to_string(), right.to_string());
                    notice(&texts.say("notice-typing", &[]));
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(())
    }

    /// Sends what was typed, and remembers it. Pasted, it may be several lines.
    fn enter(&mut self, typed: &str, lines: &Sender<String>, texts: &Texts) {
        let typed = typed.trim_end_matches('\n');
        for line in typed.split('\n') {
            self.shared.lock().names.sent(line);
            if !history::is_memorable(line) {
                continue;
            }
            let is_new =
                self.editor.add_history_entry(line).unwrap_or_default();
            if let Some(history) = self.history.as_mut().filter(|_| is_new)
                && let Err(error) = history.add(line)
            {
                self.history = None;
                let why = [("why", error.to_string())];
                notice(&texts.say("notice-history", &why));
            }
        }
        let _ = lines.send(format!("{typed}\n"));
    }

    /// Ends the session when the server has been silent for long enough.
    fn watch(&self) -> io::Result<()> {
        let shared = Arc::clone(&self.shared);
        let start = Instant::now();
        thread::Builder::new().spawn(move || {
            let mut state = shared.lock();
            loop {
                let since = state.heard.map_or(start, |it| it.max(start));
                let Some(left) = LAST_WORDS.checked_sub(since.elapsed()) else {
                    break;
                };
                state = shared.wait(state, left);
            }
            drop(state);
            shared.leave(End::Silent);
        })?;
        Ok(())
    }
}

/// Sends what comes out of `lines`; at their end, half-closes. That the server takes
/// no more shows when we receive.
fn send(lines: &Receiver<String>, mut socket: TcpStream) {
    for line in lines {
        if socket.write_all(line.as_bytes()).is_err() {
            return;
        }
    }
    let _ = socket.shutdown(Shutdown::Write);
}

/// Shows what comes in.
struct Screen {
    printer: Box<dyn ExternalPrinter + Send>,
    shared: Arc<Shared>,
    colours: bool,
}

impl Screen {
    /// Receives and shows until the server closes, and ends the session.
    fn receive(&mut self, mut socket: TcpStream) {
        let mut lines = Lines::default();
        let mut buffer = vec![0; 16 << 10];
        // Has a half line been asked for, since something came?
        let mut asked = false;
        let end = loop {
            let patience = (lines.has_half() && !asked).then_some(HALF_LINE);
            let _ = socket.set_read_timeout(patience);
            match socket.read(&mut buffer) {
                Ok(0) => break End::Closed,
                Ok(n) => {
                    asked = false;
                    self.shared.lock().heard = Some(Instant::now());
                    self.show(&lines.push(&buffer[..n]));
                }
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => (),
                    ErrorKind::WouldBlock | ErrorKind::TimedOut => {
                        asked = true;
                        self.show(lines.half().as_slice());
                    }
                    _ => break End::Broken(error),
                },
            }
        };
        let rest = lines.finish().map(|rest| Piece { ends: true, ..rest });
        self.show(rest.as_slice());
        self.print(NOTHING.to_string());
        self.shared.leave(end);
    }

    fn show(&mut self, pieces: &[Piece]) {
        let mut text = String::new();
        for piece in pieces {
            if piece.begins && piece.ends {
                self.shared.lock().names.heard(&piece.text);
            }
            text.push_str(if piece.begins { "" } else { "…" });
            if self.colours && piece.begins {
                text.push_str(&colour::paint(&piece.text));
            } else {
                text.push_str(&piece.text);
            }
            text.push_str(if piece.ends { "\n" } else { "…\n" });
        }
        if !text.is_empty() {
            self.print(text);
        }
    }

    /// Hands it to the editor, which takes it when it can.
    fn print(&mut self, text: String) {
        self.shared.wait_for_editor();
        let _ = self.printer.print(text);
    }
}

/// What the client itself says, while nothing is being edited.
fn notice(words: &str) {
    print(&format!("-- {words}\n"));
}

fn print(text: &str) {
    let mut output = io::stdout();
    let _ = output.write_all(text.as_bytes());
    let _ = output.flush();
}
