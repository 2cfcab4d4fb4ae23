//! The pictures of the book: SVG, one per language.
//!
//! Text is text, and takes the colour of the page around it; as a file of its own the
//! picture looks whether the reader's system is dark. Languages are told apart by
//! colour, by dashes and by the shape of their points.

use std::fmt::Write;

use super::report::most_clients;
use super::results::{Results, Row, Spread};
use super::scenes::Scene;
use super::table::{Kind, STEPS};
use super::words::{Lang, Words};

/// Those of the same design.
const KINDS: [Kind; 3] = [Kind::Rust, Kind::C, Kind::Python];

/// A panel, in the units of the picture, with what stands around it.
const PANEL: (f64, f64) = (350.0, 240.0);
/// Left, top, right, bottom of the figures within it.
const MARGIN: [f64; 4] = [52.0, 34.0, 16.0, 42.0];
/// The title and the legend above all the panels.
const HEAD: f64 = 58.0;

/// All the pictures: their names in `book/plots`, and what's in them.
pub(crate) fn all(results: &Results) -> Vec<(String, String)> {
    let mut pictures = Vec::new();
    for lang in Lang::ALL {
        let rate = |row: &Row| row.rate();
        let slowest = |row: &Row| {
            row.spread(|sample| sample.slowest.map(|micros| micros / 1e3))
        };
        let of = |scenes: &[Scene], figure: &dyn Fn(&Row) -> Option<Spread>| {
            panels(results, lang, scenes, figure)
        };
        let both = [Scene::Echo, Scene::Calm];
        let mut add = |name: &str, svg: String| {
            pictures.push((format!("{}/{name}.svg", lang.code()), svg));
        };
        let lines = |name: &str, words: &Words, panels: &[Panel], scale| {
            chart(name, lang, words, panels, scale)
        };
        add(
            "echo-rate",
            lines(
                "echo-rate",
                &lang.echo_rate(),
                &of(&[Scene::Echo], &rate),
                Scale::Linear,
            ),
        );
        add(
            "slowest",
            lines("slowest", &lang.slowest(), &of(&both, &slowest), Scale::Log),
        );
        add(
            "deliveries",
            lines(
                "deliveries",
                &lang.deliveries(),
                &of(&[Scene::Flood], &rate),
                Scale::Log,
            ),
        );
        add("memory", bars("memory", lang, &lang.memory(), &memory(results)));
        add("idle", bars("idle", lang, &lang.idle(), &kept(results)));
    }
    pictures
}

/// One step: a line for each language.
struct Panel {
    title: String,
    lines: Vec<(Kind, Vec<(usize, Spread)>)>,
}

impl Panel {
    fn points(&self) -> impl Iterator<Item = &(usize, Spread)> {
        self.lines.iter().flat_map(|(_, points)| points)
    }
}

fn panels(
    results: &Results,
    lang: Lang,
    scenes: &[Scene],
    figure: &dyn Fn(&Row) -> Option<Spread>,
) -> Vec<Panel> {
    let mut panels = Vec::new();
    for step in STEPS {
        let line = |kind: Kind| {
            let its = |row: &&Row| {
                row.step == step.id
                    && row.kind == kind
                    && scenes.contains(&row.scene)
                    && row.idle == 0
                    && row.is_sound()
            };
            let rows = results.rows.iter().filter(its);
            let mut points: Vec<_> = rows
                .filter_map(|row| Some((row.clients, figure(row)?)))
                .collect();
            points.sort_by_key(|(clients, _)| *clients);
            (kind, points)
        };
        let title = lang.step(step.id);
        let panel = Panel { title, lines: KINDS.map(line).to_vec() };
        // A single number of clients is no line.
        let first = panel.points().next().map(|(clients, _)| *clients);
        if panel.points().any(|(clients, _)| Some(*clients) != first) {
            panels.push(panel);
        }
    }
    panels
}

#[derive(Clone, Copy, PartialEq)]
enum Scale {
    Linear,
    Log,
}

/// From figures to places, and what is written along them.
struct Axis {
    scale: Scale,
    from: f64,
    to: f64,
    ticks: Vec<f64>,
}

impl Axis {
    /// From 0 to a round number.
    fn linear(most: f64) -> Self {
        let most = if most > 0.0 { most } else { 1.0 };
        let unit = 10_f64.powf(most.log10().floor());
        let steps = [0.2, 0.25, 0.5, 1.0, 2.0, 2.5];
        let step = steps
            .into_iter()
            .map(|it| it * unit)
            .find(|step| most / step <= 5.0)
            .unwrap_or(unit);
        let count = (most / step).ceil().max(1.0) as usize;
        let ticks: Vec<f64> = (0..=count).map(|i| i as f64 * step).collect();
        let to = ticks.last().copied().unwrap_or(most);
        Self { scale: Scale::Linear, from: 0.0, to, ticks }
    }

    /// Powers of ten around the figures.
    fn log(least: f64, most: f64) -> Self {
        let first = least.max(1e-9).log10().floor() as i32;
        let last = (most.max(1e-9).log10().ceil() as i32).max(first + 1);
        let ticks: Vec<f64> =
            (first..=last).map(|it| 10_f64.powi(it)).collect();
        let (from, to) = (10_f64.powi(first), 10_f64.powi(last));
        Self { scale: Scale::Log, from, to, ticks }
    }

    /// From 0 to 1.
    fn place(&self, figure: f64) -> f64 {
        match self.scale {
            Scale::Linear => (figure - self.from) / (self.to - self.from),
            Scale::Log => {
                (figure.max(self.from) / self.from).ln()
                    / (self.to / self.from).ln()
            }
        }
    }
}

fn chart(
    name: &str,
    lang: Lang,
    words: &Words,
    panels: &[Panel],
    scale: Scale,
) -> String {
    let columns = panels.len().clamp(1, 2);
    let rows = panels.len().div_ceil(columns).max(1);
    let (width, height) = (PANEL.0 * 2.0, HEAD + PANEL.1 * rows as f64);
    let mut svg = Svg::begin(name, lang, words, width, height);
    svg.describe(&told(lang, panels));
    let figures = || panels.iter().flat_map(Panel::points);
    let least = figures().map(|(_, it)| it.least).fold(f64::MAX, f64::min);
    let most = figures().map(|(_, it)| it.most).fold(0.0, f64::max);
    let clients: Vec<usize> = {
        let mut all: Vec<usize> = figures().map(|(n, _)| *n).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let ends = clients.first().zip(clients.last());
    let across = |n: usize| {
        let (&first, &last) = ends.unwrap_or((&1, &2));
        (n as f64 / first as f64).ln() / (last as f64 / first as f64).ln()
    };
    // One scale for all panels: they stand side by side to be compared.
    let axis = match scale {
        Scale::Linear => Axis::linear(most),
        Scale::Log => Axis::log(least.min(most), most),
    };
    for (i, panel) in panels.iter().enumerate() {
        let corner = (
            PANEL.0 * (i % columns) as f64,
            HEAD + PANEL.1 * (i / columns) as f64,
        );
        let [left, top, right, bottom] = MARGIN;
        let size = (PANEL.0 - left - right, PANEL.1 - top - bottom);
        let x = |n: usize| corner.0 + left + 8.0 + across(n) * (size.0 - 16.0);
        let y =
            |figure: f64| corner.1 + top + (1.0 - axis.place(figure)) * size.1;
        svg.text(corner.0 + left, corner.1 + top - 14.0, "b", &panel.title);
        for &tick in &axis.ticks {
            svg.line(
                (corner.0 + left, y(tick)),
                (corner.0 + left + size.0, y(tick)),
                "grid",
            );
            let at = corner.0 + left - 6.0;
            svg.text(at, y(tick) + 4.0, "r", &short(lang, tick));
        }
        let mut free = f64::MIN;
        for (n, _) in points_across(panel) {
            // 1 and 2 clients would stand one on the other.
            if x(n) - free < 20.0 {
                continue;
            }
            free = x(n);
            svg.text(x(n), corner.1 + top + size.1 + 16.0, "m", &n.to_string());
        }
        let middle = corner.0 + left + size.0 / 2.0;
        svg.text(middle, corner.1 + PANEL.1 - 8.0, "m s", lang.clients());
        for (kind, points) in &panel.lines {
            svg.series(
                *kind,
                points.iter().map(|(n, it)| {
                    (x(*n), [y(it.least), y(it.median), y(it.most)])
                }),
            );
        }
    }
    svg.end()
}

fn points_across(panel: &Panel) -> Vec<(usize, ())> {
    let mut all: Vec<(usize, ())> =
        panel.points().map(|(n, _)| (*n, ())).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The figures, for who can't see the lines.
fn told(lang: Lang, panels: &[Panel]) -> String {
    let colon = lang.colon();
    let mut text = String::new();
    for panel in panels {
        for (kind, points) in panel.lines.iter().filter(|it| !it.1.is_empty()) {
            let points: Vec<String> = points
                .iter()
                .map(|(n, it)| format!("{n}{colon}{}", short(lang, it.median)))
                .collect();
            let (title, name) = (&panel.title, kind.name());
            let _ = write!(text, " {title}, {name} ({}).", points.join("; "));
        }
    }
    text
}

/// A step, a language, a figure.
type Bar = (&'static str, Kind, f64);

fn memory(results: &Results) -> Vec<Bar> {
    each_server(|step, kind| {
        most_clients(results, step, kind).map(|it| it.each() / 1024.0)
    })
}

fn kept(results: &Results) -> Vec<Bar> {
    each_server(|step, kind| {
        // The chat at full speed; who only echoes knows no other.
        let row = results.rows.iter().find(|row| {
            row.step == step
                && row.kind == kind
                && row.idle > 0
                && row.scene != Scene::Calm
                && row.is_sound()
        })?;
        let alone = results.find(step, kind, row.scene, row.clients, false)?;
        Some(row.rate()?.median / alone.rate()?.median * 100.0)
    })
}

fn each_server(figure: impl Fn(&'static str, Kind) -> Option<f64>) -> Vec<Bar> {
    let all = STEPS.iter().flat_map(|step| KINDS.map(|kind| (step.id, kind)));
    all.filter_map(|(step, kind)| Some((step, kind, figure(step, kind)?)))
        .collect()
}

fn bars(name: &str, lang: Lang, words: &Words, bars: &[Bar]) -> String {
    const THICK: f64 = 14.0;
    const GAP: f64 = 16.0;
    let width = PANEL.0 * 2.0;
    let mut steps: Vec<&str> = bars.iter().map(|(step, ..)| *step).collect();
    steps.dedup();
    let height = HEAD
        + bars.len() as f64 * (THICK + 2.0)
        + steps.len() as f64 * GAP
        + 24.0;
    let mut svg = Svg::begin(name, lang, words, width, height);
    let mut text = String::new();
    for (step, kind, figure) in bars {
        let (step, colon) = (lang.step(step), lang.colon());
        let (name, figure) = (kind.name(), short(lang, *figure));
        let _ = write!(text, " {step}, {name}{colon}{figure}.");
    }
    svg.describe(&text);
    let most = bars.iter().map(|(.., figure)| *figure).fold(0.0, f64::max);
    let axis = Axis::linear(most);
    let (left, right) = (110.0, 70.0);
    let x = |figure: f64| left + axis.place(figure) * (width - left - right);
    for &tick in &axis.ticks {
        svg.line((x(tick), HEAD), (x(tick), height - 22.0), "grid");
        svg.text(x(tick), height - 6.0, "m s", &short(lang, tick));
    }
    let mut y = HEAD;
    let mut before = "";
    for (step, kind, figure) in bars {
        if *step != before {
            y += GAP;
            svg.text(left - 10.0, y + 2.0 * THICK, "r", &lang.step(step));
            before = step;
        }
        svg.bar((left, y), (x(*figure) - left, THICK), *kind);
        svg.text(x(*figure) + 6.0, y + 11.5, "s", &short(lang, *figure));
        y += THICK + 2.0;
    }
    svg.end()
}

/// `0.5`, `20`, `150k`, `2M`.
fn short(lang: Lang, figure: f64) -> String {
    let (figure, unit) = match figure {
        it if it >= 1e6 => (it / 1e6, "M"),
        it if it >= 1e3 => (it / 1e3, "k"),
        it => (it, ""),
    };
    // Three digits that count, and no zeros that don't.
    let digits = match figure {
        it if it >= 100.0 || it == 0.0 => 0,
        it if it >= 10.0 => 1,
        it if it >= 0.1 => 2,
        _ => 3,
    };
    let text = format!("{figure:.digits$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    format!("{text}{unit}").replace('.', lang.point())
}

/// A picture that is being written.
struct Svg {
    text: String,
    body: String,
    description: String,
}

impl Svg {
    fn begin(
        name: &str,
        lang: Lang,
        words: &Words,
        width: f64,
        height: f64,
    ) -> Self {
        let code = lang.code();
        let id = format!("plot-{name}-{code}");
        let mut text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" lang=\"{code}\" \
             viewBox=\"0 0 {width} {height:.0}\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-about\" font-family=\"sans-serif\" \
             font-size=\"12\" fill=\"currentColor\">\n\
             <title id=\"{id}-title\">{}</title>\n",
            escape(words.title)
        );
        let _ = write!(text, "<desc id=\"{id}-about\">");
        let mut svg = Self {
            text,
            body: String::new(),
            description: words.description.to_string(),
        };
        svg.body.push_str(STYLE);
        svg.text(8.0, 18.0, "b", words.title);
        svg.text(8.0, HEAD - 4.0, "s", words.axis);
        for (i, kind) in KINDS.into_iter().enumerate() {
            let x = width - 270.0 + 90.0 * i as f64;
            svg.series(kind, [x, x + 26.0].into_iter().map(|x| (x, [40.0; 3])));
            svg.text(x + 34.0, 44.0, "s", kind.name());
        }
        svg
    }

    fn describe(&mut self, figures: &str) {
        self.description.push_str(figures);
    }

    fn end(self) -> String {
        let Self { text, body, description } = self;
        format!("{text}{}</desc>\n{body}</svg>\n", escape(&description))
    }

    fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        let text = escape(text);
        let _ = writeln!(
            self.body,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\">{text}</text>"
        );
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let _ = writeln!(
            self.body,
            "<path class=\"{class}\" d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>",
            from.0, from.1, to.0, to.1
        );
    }

    fn bar(&mut self, at: (f64, f64), size: (f64, f64), kind: Kind) {
        let _ = writeln!(
            self.body,
            "<rect class=\"{}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
            class(kind),
            at.0,
            at.1,
            size.0.max(1.0),
            size.1
        );
    }

    /// A line through the medians, a point on each, and from the least to the most.
    fn series(
        &mut self,
        kind: Kind,
        points: impl Iterator<Item = (f64, [f64; 3])>,
    ) {
        let points: Vec<(f64, [f64; 3])> = points.collect();
        let path: Vec<String> = points
            .iter()
            .map(|(x, [_, y, _])| format!("{x:.1} {y:.1}"))
            .collect();
        let class = class(kind);
        if points.len() > 1 {
            let _ = writeln!(
                self.body,
                "<path class=\"line {class}\" d=\"M{}\"/>",
                path.join("L")
            );
        }
        for (x, [least, y, most]) in points {
            if (least - most).abs() > 1.0 {
                self.line((x, least), (x, most), &format!("range {class}"));
            }
            let shape = match kind {
                Kind::Rust => format!(
                    "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>"
                ),
                Kind::C | Kind::Other => format!(
                    "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"7\" height=\"7\"/>",
                    x - 3.5,
                    y - 3.5
                ),
                Kind::Python => format!(
                    "<path class=\"{class}\" d=\"M{x:.1} {:.1}l4.5 8h-9z\"/>",
                    y - 5.0
                ),
            };
            self.body.push_str(&shape);
            self.body.push('\n');
        }
    }
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Rust => "rust",
        Kind::C | Kind::Other => "c",
        Kind::Python => "python",
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Within a page the text has the page's colour. The colours of the lines have a
/// contrast of 3:1 or more on white and on what dark pages use.
const STYLE: &str = "<style>\
svg.plot:root{color:#222}\
@media(prefers-color-scheme:dark){svg.plot:root{color:#ddd}}\
.plot .b{font-weight:bold}.plot .m{text-anchor:middle}.plot .r{text-anchor:end}\
.plot .s{font-size:11px}\
.plot path{fill:none}\
.plot .grid{stroke:currentColor;stroke-opacity:.2}\
.plot .rust{fill:#d4572a;stroke:#d4572a}\
.plot .c{fill:#3b82c4;stroke:#3b82c4}\
.plot .python{fill:#2f9168;stroke:#2f9168}\
.plot .line{fill:none;stroke-width:2}.plot .range{stroke-width:1.2}\
.plot .line.c{stroke-dasharray:7 3}.plot .line.python{stroke-dasharray:2 3}\
</style>\n";
