//! The steps of the course: their names, and where their programs are.

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// One client at a time.
    BlockingEcho,
    /// A thread for each client.
    ThreadEcho,
    /// One thread: `select`.
    SelectEcho,
    /// What one says, all the others get.
    BroadcastChat,
    /// Commands.
    CommandChat,
    /// Channels.
    Channels,
    /// The bonus: the chat of step 04 with threads.
    ThreadChat,
}

impl Step {
    /// All of them, first to last.
    pub const ALL: [Self; 7] = [
        Self::BlockingEcho,
        Self::ThreadEcho,
        Self::SelectEcho,
        Self::BroadcastChat,
        Self::CommandChat,
        Self::Channels,
        Self::ThreadChat,
    ];

    /// Its number and name: `03_select_echo`.
    pub fn name(self) -> &'static str {
        match self {
            Self::BlockingEcho => "01_blocking_echo",
            Self::ThreadEcho => "02_thread_echo",
            Self::SelectEcho => "03_select_echo",
            Self::BroadcastChat => "04_broadcast_chat",
            Self::CommandChat => "05_command_chat",
            Self::Channels => "06_channels",
            Self::ThreadChat => "bonus_thread_chat",
        }
    }

    /// Its number, as in `03`; the bonus has none, and is called `bonus`.
    pub fn number(self) -> &'static str {
        self.name().split('_').next().unwrap_or_default()
    }

    /// Does it take a thread for each client?
    pub fn has_threads(self) -> bool {
        matches!(self, Self::ThreadEcho | Self::ThreadChat)
    }

    /// The step that a user means: `3`, `03`, `03_select_echo`, `ex03_select_echo`.
    pub fn named(word: &str) -> Option<Self> {
        let word = word.strip_prefix("ex").unwrap_or(word);
        let is_meant = |step: &Self| {
            word == step.name()
                || word == step.number()
                || word == step.number().trim_start_matches('0')
        };
        Self::ALL.into_iter().find(is_meant)
    }
}
