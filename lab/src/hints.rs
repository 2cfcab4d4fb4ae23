//! Hints: what a good teacher would ask, where they would point, what they would
//! nearly say.

use crate::check::{Event, Failure};

/// What a server's own words add to the diagnosis: `todo-1.3`, when what the skeleton
/// says in place of a hole was heard; `address-in-use`; `panicked`.
pub fn clue(failure: &Failure) -> Option<String> {
    let mut words: Vec<String> =
        failure.saw.arguments.iter().map(|(_, word)| word.clone()).collect();
    words.extend(failure.complaint.clone());
    for event in &failure.events {
        if let Event::Receive(_, bytes) = event {
            words.push(String::from_utf8_lossy(bytes).into_owned());
        }
    }
    let words = words.join("\n");
    if let Some((_, rest)) = words.split_once("TODO ") {
        let is_number = |c: char| !c.is_ascii_digit() && c != '.';
        let number = rest.split(is_number).next().unwrap_or_default();
        return Some(format!("todo-{}", number.trim_end_matches('.')));
    }
    let has = |word: &str| words.contains(word);
    if has("os error 98") || has("Address already in use") {
        Some("address-in-use".to_string())
    } else if has("panicked at") {
        Some("panicked".to_string())
    } else {
        None
    }
}
