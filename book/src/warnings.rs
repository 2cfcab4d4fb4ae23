//! What mdBook warns of, caught: an unclosed tag breaks a page as surely as an error.

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Runs `work`, and returns what was warned of meanwhile.
pub(crate) fn during<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    let ear = Ear::default();
    let done = tracing::subscriber::with_default(ear.clone(), work);
    let mut heard = ear.heard.lock().unwrap_or_else(PoisonError::into_inner);
    (done, std::mem::take(&mut heard))
}

#[derive(Clone, Default)]
struct Ear {
    heard: Arc<Mutex<Vec<String>>>,
}

impl Subscriber for Ear {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut words = Words(String::new());
        event.record(&mut words);
        let mut heard =
            self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.push(words.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            let _ = write!(self.0, "{value:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_heard_and_a_remark_is_not() {
        let (done, heard) = during(|| {
            tracing::info!("a remark");
            tracing::warn!("a {} warning", "loud");
            7
        });
        assert_eq!((done, heard), (7, vec!["a loud warning".to_string()]));
    }
}
