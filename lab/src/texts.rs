//! What is said, in the user's language. Every text stands in `lab/locales`.

use std::env;
use std::ffi::OsString;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};

use crate::check::Text;

/// The languages of the course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// French.
    Fr,
}

impl Lang {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    /// `fr` or `en`.
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "en" => Some(Self::En),
            "fr" => Some(Self::Fr),
            _ => None,
        }
    }

    /// The first of `LC_ALL`, `LC_MESSAGES` and `LANG` that isn't empty decides.
    pub fn of_the_environment() -> Self {
        let values = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .map(|name| env::var_os(name).unwrap_or_default());
        let value = values
            .into_iter()
            .find(|value| !value.is_empty())
            .unwrap_or_default();
        if value.to_string_lossy().starts_with("fr") {
            Self::Fr
        } else {
            Self::En
        }
    }

    /// What `--lang` asks for in a command line, before that is understood: its errors
    /// want a language too. Without it, that of the environment.
    pub fn asked(arguments: &[OsString]) -> Self {
        let mut words = arguments.iter().map(|word| word.to_string_lossy());
        while let Some(word) = words.next() {
            let named = match word.strip_prefix("--lang=") {
                Some(named) => Self::named(named),
                None if word == "--lang" => {
                    words.next().and_then(|word| Self::named(&word))
                }
                None => None,
            };
            if let Some(lang) = named {
                return lang;
            }
        }
        Self::of_the_environment()
    }

    /// `fr` or `en`, as `named` takes it and as HTML's `lang` wants it.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::En => concat!(
                include_str!("../locales/en.ftl"),
                include_str!("../locales/picture.en.ftl"),
            ),
            Self::Fr => concat!(
                include_str!("../locales/fr.ftl"),
                include_str!("../locales/picture.fr.ftl"),
            ),
        }
    }
}

/// The table of one language.
pub struct Texts {
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// Reads the table of `lang`.
    pub fn new(lang: Lang) -> Self {
        Self::of(lang, lang.source())
    }

    /// Reads another table, written in `lang`: a tool beside this one has its own.
    pub fn of(lang: Lang, table: &str) -> Self {
        let id = match lang {
            Lang::En => unic_langid::LanguageIdentifier::from_bytes(b"en"),
            Lang::Fr => unic_langid::LanguageIdentifier::from_bytes(b"fr"),
        };
        let mut bundle = FluentBundle::new(vec![id.unwrap_or_default()]);
        // Else each argument would stand between two invisible marks.
        bundle.set_use_isolating(false);
        Self { bundle }.with(table)
    }

    /// The same table with the texts of another over it.
    #[must_use]
    pub fn with(mut self, table: &str) -> Self {
        // A test reads both languages: what is wrong in one shows there.
        let table = FluentResource::try_new(table.to_string());
        self.bundle
            .add_resource_overriding(table.unwrap_or_else(|(table, _)| table));
        self
    }

    /// The text of a key; a key that isn't there shows itself.
    pub fn say(&self, key: &str, arguments: &[(&str, String)]) -> String {
        let Some(pattern) =
            self.bundle.get_message(key).and_then(|message| message.value())
        else {
            return key.to_string();
        };
        let mut named = FluentArgs::new();
        for (name, value) in arguments {
            named.set(*name, value.as_str());
        }
        self.bundle
            .format_pattern(pattern, Some(&named), &mut Vec::new())
            .into_owned()
    }

    /// The same for a text with its arguments.
    pub fn text(&self, text: &Text) -> String {
        let said = self.say(text.key, &text.arguments);
        said.trim_end().to_string()
    }
}
