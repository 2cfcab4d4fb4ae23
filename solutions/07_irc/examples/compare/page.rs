//! The tables, as a part of `BENCHMARKS.md`.

use std::fmt::Write;

use crate::outcome::Outcome;
use crate::servers::Kind;
use crate::{Cell, Options, Scene};

pub(crate) fn page(
    options: &Options,
    kinds: &[Kind],
    cells: &[Cell],
) -> String {
    let versions: Vec<String> = kinds
        .iter()
        .filter_map(|kind| Some(format!("{} {}", kind.name(), kind.version()?)))
        .collect();
    let Options { rounds, seconds, .. } = options;
    let mut page = format!(
        "Medians of {rounds} rounds of {seconds} s each, with the least and the most in \
         brackets. Beside ours: {}.\n",
        versions.join(", ")
    );
    for &scene in &options.scenes {
        let head: &[&str] = match scene {
            Scene::Flood => &[
                "members in channels",
                "server",
                "deliveries/s",
                "p50",
                "p99",
                "processor each",
                "load of the clients",
            ],
            Scene::Calm => &[
                "members in channels",
                "server",
                "p50",
                "p99",
                "processor each",
            ],
            Scene::Idle => &["clients", "server", "memory each", "processor"],
        };
        let _ = write!(page, "\n### {}\n\n", title(scene));
        row(&mut page, head.iter().map(ToString::to_string));
        row(&mut page, head.iter().map(|_| "---".to_string()));
        for cell in cells.iter().filter(|it| it.scene == scene) {
            row(&mut page, cell_row(cell));
        }
    }
    page
}

fn title(scene: Scene) -> &'static str {
    match scene {
        Scene::Flood => "IRC, flood",
        Scene::Calm => "IRC, calm",
        Scene::Idle => "IRC, idle",
    }
}

fn row(page: &mut String, cells: impl IntoIterator<Item = String>) {
    let cells: Vec<String> = cells.into_iter().collect();
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

fn cell_row(cell: &Cell) -> Vec<String> {
    let Cell { members, channels, window, outcomes, .. } = cell;
    let mut name = cell.kind.name().to_string();
    if cell.scene == Scene::Flood && *window < 16 {
        let _ = write!(name, ", {window} at a time");
    }
    let mut row = vec![
        match (members, channels) {
            (members, 0) => thousands(*members as f64),
            (members, channels) => {
                format!("{} in {channels}", thousands(*members as f64))
            }
        },
        name,
    ];
    if outcomes.is_empty() {
        row.push(match &cell.trouble {
            Some(trouble) => trouble.replace(['\n', '|'], " "),
            None => "–".to_string(),
        });
        return row;
    }
    let of = |it: &dyn Fn(&Outcome) -> f64| spread(outcomes, it);
    let each = |it: &Outcome| it.each().unwrap_or(0.0);
    let (half, most) =
        (of(&|it| it.late_half).half, of(&|it| it.late_most).half);
    match cell.scene {
        Scene::Flood => {
            let rate = of(&Outcome::rate);
            row.extend([
                format!(
                    "{} ({}–{})",
                    thousands(rate.half),
                    thousands(rate.least),
                    thousands(rate.most)
                ),
                time(half * 1e6),
                time(most * 1e6),
                time(of(&each).half),
                format!("{:.0} %", of(&|it| it.load).half * 100.0),
            ]);
        }
        Scene::Calm => row.extend([
            time(half * 1e6),
            time(most * 1e6),
            time(of(&each).half),
        ]),
        Scene::Idle => {
            let memory = of(&|it| it.memory.unwrap_or(0) as f64);
            let used = of(&|it| it.used.unwrap_or(0.0) / it.took);
            row.extend([
                format!("{} bytes", thousands(memory.half)),
                format!("{:.1} %", used.half * 100.0),
            ]);
        }
    }
    row
}

/// Nanoseconds, in the unit that fits.
fn time(nanoseconds: f64) -> String {
    let units = [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns")];
    let (unit, name) = units
        .into_iter()
        .find(|(unit, _)| nanoseconds >= *unit)
        .unwrap_or((1.0, "ns"));
    let value = nanoseconds / unit;
    let digits = usize::from(value < 10.0 && unit > 1.0);
    format!("{value:.digits$} {name}")
}

struct Spread {
    least: f64,
    half: f64,
    most: f64,
}

fn spread(outcomes: &[Outcome], it: &dyn Fn(&Outcome) -> f64) -> Spread {
    let mut values: Vec<f64> = outcomes.iter().map(it).collect();
    values.sort_by(f64::total_cmp);
    Spread {
        least: values[0],
        half: values[values.len() / 2],
        most: values[values.len() - 1],
    }
}

/// Three digits that say something, and commas: 4,520,000.
fn thousands(value: f64) -> String {
    let digits = value.max(1.0).log10().floor() as i32 - 2;
    let unit = 10_f64.powi(digits.max(0));
    let text = format!("{:.0}", (value / unit).round() * unit);
    let mut grouped = String::new();
    for (i, c) in text.chars().enumerate() {
        if i > 0 && (text.len() - i) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(c);
    }
    grouped
}
