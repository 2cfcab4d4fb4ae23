//! The self-checks against what they must pass and what they must not.

use std::sync::Mutex;

use lab::Program;
use lab::check::{self, Level, Verdict};
use lab::course::Step;
use lab::report::Report;
use lab::texts::{Lang, Texts};

/// One at a time: each plays several checks at once already.
static TURN: Mutex<()> = Mutex::new(());

/// The verdicts on a program.
fn report(program: &Program, step: Step, level: Level) -> Report {
    let _turn = TURN.lock();
    Report { step, level, verdicts: check::play(program, step, level) }
}

fn passes(path: &str, step: Step) {
    let report = report(&Program::new(path), step, Level::Solid);
    assert!(
        report.is_done() && report.failure().is_none(),
        "{}",
        report.text(&Texts::new(Lang::En))
    );
}

macro_rules! solutions {
    ($($name:ident: $path:literal $step:ident;)+) => {
        $(
            #[test]
            fn $name() {
                passes(env!(concat!("CARGO_BIN_EXE_", $path)), Step::$step);
            }
        )+
    };
}

solutions! {
    blocking_echo_passes: "01_blocking_echo" BlockingEcho;
    thread_echo_passes: "02_thread_echo" ThreadEcho;
    select_echo_passes: "03_select_echo" SelectEcho;
    broadcast_chat_passes: "04_broadcast_chat" BroadcastChat;
    command_chat_passes: "05_command_chat" CommandChat;
    channels_passes: "06_channels" Channels;
    thread_chat_passes: "bonus_thread_chat" ThreadChat;
}

/// The server of one step is what is wrong with it for the next.
#[test]
fn each_step_fails_the_checks_of_the_next_by_its_own_mistake() {
    let cases = [
        (env!("CARGO_BIN_EXE_01_blocking_echo"), Step::ThreadEcho, "02a"),
        (env!("CARGO_BIN_EXE_03_select_echo"), Step::BroadcastChat, "04b-echo"),
        (env!("CARGO_BIN_EXE_04_broadcast_chat"), Step::CommandChat, "05-raw"),
        (env!("CARGO_BIN_EXE_05_command_chat"), Step::Channels, "06a"),
    ];
    for (path, step, mistake) in cases {
        let report = report(&Program::new(path), step, Level::Lab);
        let found = report.failure().map(|(_, failure)| failure.mistake);
        assert_eq!(
            found,
            Some(mistake),
            "{}",
            report.text(&Texts::new(Lang::En))
        );
        // One is blamed, the others wait or pass.
        let failed = report
            .verdicts
            .iter()
            .filter(|(_, verdict)| matches!(verdict, Verdict::Failed(_)));
        assert_eq!(failed.count(), 1);
    }
}
