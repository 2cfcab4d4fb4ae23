//! The one limit on every wait.

use std::env;
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

/// How long a thing that must happen may take. Generous, because it costs nothing
/// where all is well and machines are busy: it ends a hang, it measures nothing.
///
/// Who waits for failures on purpose sets `CAUSETTE_DEADLINE`, in seconds.
pub fn deadline() -> Duration {
    static DEADLINE: LazyLock<Duration> = LazyLock::new(|| {
        let given = env::var("CAUSETTE_DEADLINE").ok();
        let seconds = given.and_then(|seconds| seconds.parse().ok());
        Duration::from_secs(seconds.unwrap_or(30))
    });
    *DEADLINE
}

/// Asks again and again until `answer` has something to say; `None` at the deadline.
///
/// For what the system announces to nobody, such as a socket that begins to listen;
/// where there is an event to wait for, wait for that.
pub fn until<T>(answer: impl FnMut() -> Option<T>) -> Option<T> {
    until_within(deadline(), answer)
}

/// The same with a limit of its own.
pub fn until_within<T>(
    most: Duration,
    mut answer: impl FnMut() -> Option<T>,
) -> Option<T> {
    let start = Instant::now();
    loop {
        if let Some(answer) = answer() {
            return Some(answer);
        }
        if start.elapsed() > most {
            return None;
        }
        #[expect(clippy::disallowed_methods, reason = "between two questions")]
        thread::sleep(Duration::from_millis(2));
    }
}
