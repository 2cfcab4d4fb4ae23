//! A question to answer before reading on, with a reason for each choice.
//!
//! The choices are a group of radio buttons; the reasons stand folded below them. A
//! script shows the reason of the choice just made; without it the fold opens by itself.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use lab::texts::{Lang, Texts};
use serde::Deserialize;

use crate::fault::{Fault, Problem};
use crate::{french, html};

/// So many words are never the same in both languages: one waits for its translation.
const SENTENCE: usize = 4;

/// The file `book/quizzes/NAME.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quiz {
    ask: Said,
    choices: Vec<Choice>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    fr: String,
    en: String,
    #[serde(default)]
    right: bool,
    why: Said,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    fr: String,
    en: String,
}

impl Said {
    fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Fr => &self.fr,
        }
    }
}

/// Reads a quiz, and refuses one that lacks a language, a reason or an answer.
pub(crate) fn read(path: &Path) -> Result<Quiz, Fault> {
    let text = fs::read_to_string(path).map_err(|error| {
        Problem::new("fault-quiz-unreadable").with("error", error).at(path, 1)
    })?;
    parse(&text).map_err(|(line, problem)| problem.at(path, line))
}

/// What a quiz can be read in spite of, and mustn't be published with.
pub(crate) fn check(path: &Path) -> Result<(), Fault> {
    let quiz = read(path)?;
    let Some((said, _)) = quiz
        .texts()
        .find(|(fr, en)| fr == en && fr.split_whitespace().count() >= SENTENCE)
    else {
        return Ok(());
    };
    let text = fs::read_to_string(path).unwrap_or_default();
    let start = said.split('"').next().unwrap_or_default();
    let line = text.lines().position(|line| line.contains(start));
    let problem = Problem::new("fault-quiz-same").with("text", said);
    Err(problem.at(path, line.map_or(1, |i| i + 1)))
}

fn parse(text: &str) -> Result<Quiz, (usize, Problem)> {
    let quiz: Quiz = serde_json::from_str(text).map_err(|error| {
        let problem = Problem::new("fault-quiz").with("error", &error);
        (error.line().max(1), problem)
    })?;
    let whole = quiz
        .texts()
        .all(|(fr, en)| !fr.trim().is_empty() && !en.trim().is_empty());
    let right = quiz.choices.iter().filter(|choice| choice.right).count();
    if !whole {
        let empty = text.lines().position(|line| line.contains("\"\""));
        Err((empty.map_or(1, |i| i + 1), Problem::new("fault-quiz-empty")))
    } else if quiz.choices.len() < 2 || right != 1 {
        Err((1, Problem::new("fault-quiz-right").with("right", right)))
    } else {
        Ok(quiz)
    }
}

impl Quiz {
    /// All of it, in French and in English.
    fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let choices = self.choices.iter().flat_map(|choice| {
            [
                (choice.fr.as_str(), choice.en.as_str()),
                (choice.why.fr.as_str(), choice.why.en.as_str()),
            ]
        });
        [(self.ask.fr.as_str(), self.ask.en.as_str())]
            .into_iter()
            .chain(choices)
    }

    /// The form, as one HTML block.
    pub(crate) fn form(&self, name: &str, lang: Lang, texts: &Texts) -> String {
        let say = |said: &str| match lang {
            Lang::En => html::inline(said),
            Lang::Fr => html::inline(&french::spaces(said)),
        };
        let name = html::escape(name);
        let mut choices = String::new();
        let mut reasons = String::new();
        for (i, choice) in self.choices.iter().enumerate() {
            let said = match lang {
                Lang::En => &choice.en,
                Lang::Fr => &choice.fr,
            };
            let _ = write!(
                choices,
                "<label><input type=\"radio\" name=\"quiz-{name}\" \
                 value=\"{i}\"><span>{}</span></label>",
                say(said)
            );
            let verdict =
                if choice.right { "quiz-right" } else { "quiz-wrong" };
            let _ = write!(
                reasons,
                "<li class=\"{verdict}\"><strong>{}</strong> {}</li>",
                texts.say(verdict, &[]),
                say(choice.why.in_lang(lang))
            );
        }
        format!(
            "<form class=\"quiz\" id=\"quiz-{name}\"><fieldset>\
             <legend>{legend}</legend><p>{ask}</p>{choices}\
             <div class=\"verdict\" role=\"status\"></div>\
             <details><summary>{answers}</summary><ol>{reasons}</ol></details>\
             </fieldset></form>\n",
            legend = texts.say("quiz-legend", &[]),
            ask = say(self.ask.in_lang(lang)),
            answers = texts.say("quiz-answers", &[]),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIZ: &str = r#"{
  "ask": { "fr": "Qui dort ?", "en": "Who sleeps?" },
  "choices": [
    { "fr": "Bob", "en": "Bob",
      "why": { "fr": "Non.", "en": "No." } },
    { "fr": "le `serveur`", "en": "the `server`", "right": true,
      "why": { "fr": "Oui.", "en": "Yes." } }
  ]
}"#;

    #[test]
    fn a_form_has_a_reason_for_each_choice() {
        let texts = crate::texts::table(Lang::Fr);
        let form = parse(QUIZ).unwrap().form("sleep", Lang::Fr, &texts);
        assert_eq!(form.matches("<label>").count(), 2);
        assert_eq!(form.matches("<li class").count(), 2);
        assert!(form.contains("Qui dort\u{202f}?"), "{form}");
        assert!(form.contains("<code>serveur</code>"), "{form}");
        assert_eq!(form.trim_end().lines().count(), 1);
    }

    #[test]
    fn a_missing_language_or_reason_is_told_with_its_line() {
        let gone = QUIZ.replace(", \"en\": \"No.\"", "");
        assert_eq!(parse(&gone).unwrap_err().0, 5);
        let gone = QUIZ.replace(
            ",\n      \"why\": { \"fr\": \"Non.\", \"en\": \"No.\" }",
            "",
        );
        assert_eq!(parse(&gone).unwrap_err().0, 4);
        let empty = QUIZ.replace("\"Yes.\"", "\"\"");
        let (line, problem) = parse(&empty).unwrap_err();
        assert_eq!((line, problem.key), (7, "fault-quiz-empty"));
        let wrong = QUIZ.replace("true", "false");
        assert_eq!(parse(&wrong).unwrap_err().1.key, "fault-quiz-right");
    }
}
