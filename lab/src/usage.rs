//! What is wrong with a command line, in the user's language: clap's own words are
//! English.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::texts::Texts;

/// Says one of clap's errors again.
pub fn misused(error: &clap::Error, texts: &Texts) -> String {
    let context = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(value)) => value.clone(),
        Some(ContextValue::Strings(values)) => values.join(", "),
        _ => String::new(),
    };
    let argument = || context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let (key, named) = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            ("error-unknown-command", context(ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument => ("error-unknown-argument", argument()),
        ErrorKind::InvalidValue if value.is_empty() => {
            ("error-value-missing", argument())
        }
        ErrorKind::InvalidValue => ("error-value", argument()),
        ErrorKind::ArgumentConflict => ("error-conflict", argument()),
        ErrorKind::MissingRequiredArgument => ("error-missing", argument()),
        _ => ("error-usage", String::new()),
    };
    texts.say(key, &[("value", value), ("argument", named)])
}
