//! `BENCHMARKS.md`: what people wrote, with the tables that were measured in it.

use std::fmt::Write;
use std::fs;

use super::results::{Memory, Results, Row, Sample, Spread};
use super::root;
use super::scenes::Scene;
use super::table::{Kind, STEPS, Step};

/// A cell of a table for which there is nothing.
const NOTHING: &str = "–";

/// The template with its tables. Each stands for `{{name}}` alone on a line;
/// `{{include FILE}}` is what another program has measured.
pub(crate) fn page(
    results: &Results,
    template: &str,
) -> Result<String, String> {
    let mut page = String::new();
    for (i, line) in template.lines().enumerate() {
        let name =
            line.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
        let Some(name) = name else {
            page.push_str(line);
            page.push('\n');
            continue;
        };
        let at = |what: String| format!("benches/report.md:{}: {what}", i + 1);
        let table = match name.strip_prefix("include ") {
            Some(file) => fs::read_to_string(root().join(file))
                .map_err(|error| at(format!("{file}: {error}")))?,
            None => table(results, name)
                .ok_or_else(|| at(format!("no table {name}")))?,
        };
        page.push_str(&table);
    }
    Ok(page)
}

/// All the tables, for a terminal.
pub(crate) fn tables(results: &Results) -> String {
    let names = [
        "machine", "steps", "verdict", "echo", "calm", "flood", "memory",
        "idle", "troubles",
    ];
    let mut text = String::new();
    for name in names {
        let table = table(results, name).unwrap_or_default();
        let _ = write!(text, "## {name}\n\n{table}\n");
    }
    text
}

fn table(results: &Results, name: &str) -> Option<String> {
    Some(match name {
        "machine" => machine_table(results),
        "steps" => steps(results),
        "verdict" => verdict(results),
        "echo" => scene(results, Scene::Echo, false),
        "calm" => scene(results, Scene::Calm, false),
        "flood" => scene(results, Scene::Flood, false),
        "memory" => memory(results),
        "idle" => idle(results),
        "troubles" => troubles(results),
        _ => return None,
    })
}

fn grid(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = head.iter().map(|it| (*it).to_string()).collect();
    text.push_str(&line(&head));
    text.push_str(&line(&vec!["---".to_string(); head.len()]));
    rows.iter().for_each(|row| text.push_str(&line(row)));
    text
}

fn machine_table(results: &Results) -> String {
    let mut rows: Vec<Vec<String>> = results
        .machine
        .iter()
        .map(|(name, fact)| vec![name.clone(), fact.clone()])
        .collect();
    let settings = &results.settings;
    rows.push(vec![
        "samples".to_string(),
        format!(
            "{} rounds of {} ms each, after a warm-up",
            settings.rounds, settings.millis
        ),
    ]);
    grid(&["what", "here"], &rows)
}

/// Who stands beside whom.
fn steps(results: &Results) -> String {
    let mut rows = Vec::new();
    for step in STEPS {
        let name = |kind| {
            let its = |row: &&Row| row.step == step.id && row.kind == kind;
            let row = results.rows.iter().find(its);
            row.map_or_else(
                || NOTHING.to_string(),
                |row| format!("`{}`", row.server),
            )
        };
        let (id, design) = (step.id.to_string(), step.design.to_string());
        rows.push([vec![id, design], Kind::ALL.map(name).to_vec()].concat());
    }
    let kinds = Kind::ALL.map(Kind::name);
    grid(&[&["step", "design"], &kinds[..]].concat(), &rows)
}

/// The cells of this scene: a step and a number of clients.
fn cells(
    results: &Results,
    scene: Scene,
    with_idle: bool,
) -> Vec<(&'static Step, usize)> {
    let mut cells = Vec::new();
    for step in STEPS {
        let mut clients: Vec<usize> = results
            .rows
            .iter()
            .filter(|row| row.step == step.id && row.scene == scene)
            .filter(|row| (row.idle > 0) == with_idle)
            .map(|row| row.clients)
            .collect();
        clients.sort_unstable();
        clients.dedup();
        cells.extend(clients.into_iter().map(|clients| (step, clients)));
    }
    cells
}

fn scene(results: &Results, scene: Scene, with_idle: bool) -> String {
    let what = if scene == Scene::Echo { "echoes/s" } else { "deliveries/s" };
    let mut head = vec!["step", "clients", "server", what];
    if scene != Scene::Flood {
        head.extend(["p50", "p99", "slowest"]);
    }
    head.extend(["processor each", "load of the clients"]);
    let mut rows = Vec::new();
    for (step, clients) in cells(results, scene, with_idle) {
        for kind in Kind::ALL {
            let row = results.find(step.id, kind, scene, clients, with_idle);
            if row.is_none() && kind == Kind::Other {
                continue;
            }
            let name = row.map_or_else(
                || kind.name().to_string(),
                |row| server(row.kind, &row.server),
            );
            let mut cells =
                vec![step.id.to_string(), clients.to_string(), name];
            match row {
                None => cells.push("not here".to_string()),
                Some(row) if !row.is_sound() => {
                    cells.push(format!("**{}**", what_went_wrong(row)));
                }
                Some(row) => cells.push(spread(row.rate(), &count)),
            }
            if scene != Scene::Flood {
                let of = |it: fn(&Sample) -> Option<f64>| {
                    spread_of(row, it, &|s| time(s.median))
                };
                cells.push(of(|it| it.p50));
                cells.push(of(|it| it.p99));
                // Of all the rounds: the worst that anybody had to wait.
                cells.push(spread_of(row, |it| it.slowest, &|s| time(s.most)));
            }
            cells.push(spread_of(row, Sample::cost, &|s| time(s.median)));
            cells.push(spread_of(row, Sample::clients_share, &|s| {
                percent(s.median)
            }));
            rows.push(cells);
        }
    }
    grid(&head, &rows)
}

fn what_went_wrong(row: &Row) -> String {
    let sum = |of: fn(&Sample) -> u64| row.samples.iter().map(of).sum::<u64>();
    match (sum(|it| it.dropped as u64), sum(|it| it.lost)) {
        (0, 0) => "no answer".to_string(),
        (0, lost) => format!("{lost} lost"),
        (dropped, lost) => {
            format!("{dropped} clients dropped, {lost} lost")
        }
    }
}

fn server(kind: Kind, name: &str) -> String {
    format!("{}, `{name}`", if kind == Kind::Other { "C" } else { kind.name() })
}

/// Ours against the two others: by the rate, and by the processor time that each
/// message costs, which a busy machine changes less.
fn verdict(results: &Results) -> String {
    let mut rows = Vec::new();
    for (scene, with_idle) in [
        (Scene::Echo, false),
        (Scene::Calm, false),
        (Scene::Flood, false),
        (Scene::Echo, true),
        (Scene::Calm, true),
        (Scene::Flood, true),
    ] {
        for (step, clients) in cells(results, scene, with_idle) {
            let row = |kind| {
                let found =
                    results.find(step.id, kind, scene, clients, with_idle);
                found.filter(|row| row.is_sound())
            };
            let rate = |kind| row(kind).and_then(Row::rate);
            let pace = |kind| {
                row(kind).and_then(|row| {
                    row.spread(|it| it.cost().map(|cost| 1.0 / cost))
                })
            };
            let name = match with_idle {
                true => format!("{}, beside idle ones", scene.name()),
                false => scene.name().to_string(),
            };
            let mut cells =
                vec![step.id.to_string(), name, clients.to_string()];
            for kind in [Kind::C, Kind::Python] {
                cells.push(against(rate(Kind::Rust), rate(kind)));
                cells.push(against(pace(Kind::Rust), pace(kind)));
            }
            rows.push(cells);
        }
    }
    grid(
        &[
            "step",
            "scene",
            "clients",
            "rate, against C",
            "for the same processor time",
            "rate, against Python",
            "for the same processor time",
        ],
        &rows,
    )
}

/// How many times as much ours does; marked where all its rounds were better, or
/// worse, than all of theirs.
fn against(ours: Option<Spread>, theirs: Option<Spread>) -> String {
    let Some((ours, theirs)) = ours.zip(theirs) else {
        return NOTHING.to_string();
    };
    let ratio = ours.median / theirs.median;
    match (ours.overlaps(theirs), ratio < 1.0) {
        (true, _) => format!("≈ ({ratio:.2})"),
        (false, true) => format!("**× {ratio:.2}, less**"),
        (false, false) => format!("× {ratio:.2}"),
    }
}

fn memory(results: &Results) -> String {
    let mut rows = Vec::new();
    for step in STEPS {
        for kind in Kind::ALL {
            let Some(memory) = most_clients(results, step.id, kind) else {
                continue;
            };
            rows.push(vec![
                step.id.to_string(),
                server(kind, &memory.server),
                memory.clients.to_string(),
                kibibytes(memory.empty as f64),
                kibibytes(memory.full as f64),
                kibibytes(memory.each()),
            ]);
        }
    }
    let head = ["step", "server", "clients", "without", "with", "each"];
    grid(&head, &rows)
}

/// What most clients take, where there were several.
pub(super) fn most_clients<'a>(
    results: &'a Results,
    step: &str,
    kind: Kind,
) -> Option<&'a Memory> {
    results
        .memory
        .iter()
        .filter(|it| it.step == step && it.kind == kind && it.clients > 1)
        .max_by_key(|it| it.clients)
}

fn idle(results: &Results) -> String {
    let mut rows = Vec::new();
    for row in results.rows.iter().filter(|row| row.idle > 0) {
        let alone =
            results.find(&row.step, row.kind, row.scene, row.clients, false);
        let rates = alone.and_then(Row::rate).zip(row.rate());
        let kept = rates.map(|(alone, beside)| beside.median / alone.median);
        let cost = |row| spread_of(row, Sample::cost, &|s| time(s.median));
        rows.push(vec![
            row.step.clone(),
            row.scene.name().to_string(),
            server(row.kind, &row.server),
            spread(alone.and_then(Row::rate), &count),
            spread(row.rate(), &count),
            kept.map_or_else(|| NOTHING.to_string(), percent),
            format!("{} → {}", cost(alone), cost(Some(row))),
        ]);
    }
    let others = results.rows.iter().map(|row| row.idle).max().unwrap_or(0);
    let beside = format!("beside {others}");
    grid(
        &[
            "step",
            "scene",
            "server",
            "10 alone, a second",
            &beside,
            "kept",
            "processor each",
        ],
        &rows,
    )
}

fn troubles(results: &Results) -> String {
    if results.troubles.is_empty() {
        return "No server lost anything or dropped anybody.\n".to_string();
    }
    let lines = results.troubles.iter().map(|it| format!("- {it}\n"));
    lines.collect()
}

/// The median, and from the least to the most.
fn spread(spread: Option<Spread>, number: &dyn Fn(f64) -> String) -> String {
    spread.map_or_else(
        || NOTHING.to_string(),
        |it| {
            format!(
                "{} ({}–{})",
                number(it.median),
                number(it.least),
                number(it.most)
            )
        },
    )
}

fn spread_of(
    row: Option<&Row>,
    figure: impl Fn(&Sample) -> Option<f64>,
    show: &dyn Fn(Spread) -> String,
) -> String {
    row.and_then(|row| row.spread(figure))
        .map_or_else(|| NOTHING.to_string(), show)
}

/// Three digits that count, and commas: `215,000`.
fn count(number: f64) -> String {
    let digits = (number.max(1.0).log10().floor() as i32 - 2).max(0);
    let unit = 10_f64.powi(digits);
    let rounded = ((number / unit).round() * unit) as u64;
    let text = rounded.to_string();
    let mut grouped = String::new();
    for (i, digit) in text.chars().enumerate() {
        if i > 0 && (text.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Of microseconds.
fn time(micros: f64) -> String {
    match micros {
        it if it < 0.1 => format!("{:.0} ns", it * 1e3),
        it if it < 10.0 => format!("{it:.2} µs"),
        it if it < 1e3 => format!("{it:.0} µs"),
        it if it < 1e4 => format!("{:.1} ms", it / 1e3),
        it => format!("{:.0} ms", it / 1e3),
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn kibibytes(bytes: f64) -> String {
    let kibibytes = bytes / 1024.0;
    if kibibytes < 100.0 {
        format!("{kibibytes:.1} KiB")
    } else {
        format!("{} KiB", count(kibibytes))
    }
}
