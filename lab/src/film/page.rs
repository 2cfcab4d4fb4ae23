//! A page of its own: one file, nothing else.

use super::words::escape;
use super::{CSS, Film, JS};
use crate::texts::Texts;

const LOOK: &str = "
:root { color-scheme: light dark; --bg: light-dark(#fff, #16181d);
  --fg: light-dark(#1c1e24, #d8dae2); }
body { margin: 0 auto; max-width: 56rem; padding: 1rem; color: var(--fg);
  background: var(--bg); font: 100%/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; }
h2 { font-size: 1.1rem; }
dt { font-weight: 600; }
dd { margin: 0 0 .6em 1.5em; overflow-wrap: anywhere; }
";

pub(super) fn page(film: &Film, texts: &Texts) -> String {
    let server = [("server", film.server.clone())];
    html(&texts.say("film-page", &server), &film.figure(texts, "film"), texts)
}

/// A page with this body, in HTML, under this title.
pub(crate) fn html(title: &str, body: &str, texts: &Texts) -> String {
    let say = |key: &str| escape(&texts.say(key, &[]));
    let title = escape(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, \
         initial-scale=1\">\n<title>{title}</title>\n\
         <style>{LOOK}{CSS}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n{body}</main>\n<script>\n{JS}</script>\n</body>\n</html>\n",
        say("film-language"),
    )
}
