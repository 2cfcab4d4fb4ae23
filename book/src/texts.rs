//! What the tool itself says, and the few words that it puts into the pages.

use lab::texts::{Lang, Texts};

/// The tool's table of one language.
pub(crate) fn table(lang: Lang) -> Texts {
    Texts::of(lang, source(lang))
}

fn source(lang: Lang) -> &'static str {
    match lang {
        Lang::En => include_str!("../locales/en.ftl"),
        Lang::Fr => include_str!("../locales/fr.ftl"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each key with its placeholders.
    fn shape(lang: Lang) -> Vec<(String, Vec<String>)> {
        let mut shape: Vec<(String, Vec<String>)> = Vec::new();
        for line in source(lang).lines() {
            let key =
                line.split_once(" =").filter(|_| !line.starts_with([' ', '#']));
            if let Some((key, _)) = key {
                shape.push((key.to_string(), Vec::new()));
            }
            if let Some((_, names)) = shape.last_mut() {
                let found = line.split("{ $").skip(1);
                names.extend(found.filter_map(|rest| {
                    Some(rest.split_once(['}', ' ', ','])?.0.trim().to_string())
                }));
                names.sort();
                names.dedup();
            }
        }
        shape
    }

    #[test]
    fn both_tables_have_the_same_keys_and_placeholders() {
        assert_eq!(shape(Lang::Fr), shape(Lang::En));
        assert!(shape(Lang::En).len() > 40);
    }

    #[test]
    fn each_key_can_be_said() {
        for lang in Lang::ALL {
            let texts = table(lang);
            for (key, names) in shape(lang) {
                let arguments: Vec<(&str, String)> = names
                    .iter()
                    .map(|name| (name.as_str(), "1".into()))
                    .collect();
                assert_ne!(texts.say(&key, &arguments), key);
            }
        }
    }

    #[test]
    fn french_signs_have_their_no_break_space() {
        for line in
            source(Lang::Fr).lines().filter(|line| !line.starts_with('#'))
        {
            let text = line.split_once(" = ").map_or(line, |(_, text)| text);
            for sign in [" :", " ;", " !", " ?", "« ", " »"] {
                assert!(!text.contains(sign), "{line:?}");
            }
        }
    }

    #[test]
    fn each_key_of_the_code_is_in_the_tables() {
        let code = concat!(
            include_str!("check/chapter.rs"),
            include_str!("check/mod.rs"),
            include_str!("check/pairs.rs"),
            include_str!("check/links.rs"),
            include_str!("check/lock.rs"),
            include_str!("diff.rs"),
            include_str!("expand.rs"),
            include_str!("film.rs"),
            include_str!("listing.rs"),
            include_str!("quiz.rs"),
        );
        let keys: Vec<String> =
            shape(Lang::En).into_iter().map(|(key, _)| key).collect();
        for found in code.split("\"fault-").skip(1) {
            let key =
                format!("fault-{}", found.split('"').next().unwrap_or(""));
            assert!(keys.contains(&key), "{key}");
        }
    }
}
