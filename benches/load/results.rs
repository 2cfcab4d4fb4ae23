//! The raw figures, and how they are kept.

use serde_json::{Value, json};

use super::scenes::Scene;
use super::table::Kind;

/// One run of `cargo bench`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Results {
    pub(crate) settings: Settings,
    pub(crate) machine: Vec<(String, String)>,
    pub(crate) rows: Vec<Row>,
    pub(crate) memory: Vec<Memory>,
    /// Servers that dropped somebody, lost something, or didn't serve.
    pub(crate) troubles: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settings {
    pub(crate) rounds: usize,
    pub(crate) millis: u64,
    pub(crate) clients: Vec<usize>,
}

/// A server in a scene.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) step: String,
    pub(crate) kind: Kind,
    pub(crate) server: String,
    pub(crate) scene: Scene,
    /// Those who do something, and those who don't.
    pub(crate) clients: usize,
    pub(crate) idle: usize,
    /// One a round.
    pub(crate) samples: Vec<Sample>,
}

/// A server for a moment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample {
    /// Echoes, or deliveries to one client each.
    pub(crate) done: u64,
    pub(crate) lost: u64,
    /// Clients whom the server has closed.
    pub(crate) dropped: usize,
    pub(crate) seconds: f64,
    /// Processor time of the server and of the clients, in seconds.
    pub(crate) cpu: Option<f64>,
    pub(crate) clients_cpu: Option<f64>,
    /// Microseconds from what was said to what was heard. Not in a flood.
    pub(crate) p50: Option<f64>,
    pub(crate) p99: Option<f64>,
    pub(crate) slowest: Option<f64>,
}

/// The memory of a server, in bytes, without clients and with them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Memory {
    pub(crate) step: String,
    pub(crate) kind: Kind,
    pub(crate) server: String,
    pub(crate) clients: usize,
    pub(crate) empty: u64,
    pub(crate) full: u64,
}

impl Memory {
    /// Bytes per client.
    pub(crate) fn each(&self) -> f64 {
        self.full.saturating_sub(self.empty) as f64 / self.clients as f64
    }
}

/// The middle of several figures, and the extremes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) least: f64,
    pub(crate) median: f64,
    pub(crate) most: f64,
}

impl Spread {
    pub(crate) fn of(values: impl Iterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.filter(|it| it.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        let (&least, &most) = values.first().zip(values.last())?;
        let half = values.len() / 2;
        let median = if values.len() % 2 == 1 {
            values[half]
        } else {
            (values[half - 1] + values[half]) / 2.0
        };
        Some(Self { least, median, most })
    }

    /// Do both have figures in common? Then the machine's noise may be all that
    /// tells them apart.
    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.least <= other.most && other.least <= self.most
    }
}

impl Row {
    /// Over the rounds, what `figure` says of each.
    pub(crate) fn spread(
        &self,
        figure: impl Fn(&Sample) -> Option<f64>,
    ) -> Option<Spread> {
        Spread::of(self.samples.iter().filter_map(figure))
    }

    pub(crate) fn rate(&self) -> Option<Spread> {
        self.spread(Sample::rate)
    }

    pub(crate) fn is_sound(&self) -> bool {
        let sound = |it: &Sample| it.lost == 0 && it.dropped == 0;
        !self.samples.is_empty() && self.samples.iter().all(sound)
    }
}

impl Sample {
    /// A second.
    pub(crate) fn rate(&self) -> Option<f64> {
        (self.done > 0).then(|| self.done as f64 / self.seconds)
    }

    /// Microseconds of the server's processor time each.
    pub(crate) fn cost(&self) -> Option<f64> {
        self.cpu.filter(|_| self.done > 0).map(|it| it * 1e6 / self.done as f64)
    }

    /// Which part of their processor the clients took.
    pub(crate) fn clients_share(&self) -> Option<f64> {
        self.clients_cpu.map(|it| it / self.seconds)
    }
}

impl Results {
    /// Those of this step and scene with no idle clients, or with.
    pub(crate) fn find(
        &self,
        step: &str,
        kind: Kind,
        scene: Scene,
        clients: usize,
        with_idle: bool,
    ) -> Option<&Row> {
        self.rows.iter().find(|row| {
            row.step == step
                && row.kind == kind
                && row.scene == scene
                && row.clients == clients
                && (row.idle > 0) == with_idle
        })
    }

    pub(crate) fn to_json(&self) -> String {
        let value = json!({
            "machine": self.machine.iter().map(|(name, fact)| json!([name, fact])).collect::<Vec<_>>(),
            "settings": {
                "rounds": self.settings.rounds,
                "millis": self.settings.millis,
                "clients": self.settings.clients,
            },
            "troubles": self.troubles,
            "memory": self.memory.iter().map(Memory::to_value).collect::<Vec<_>>(),
            "rows": self.rows.iter().map(Row::to_value).collect::<Vec<_>>(),
        });
        format!("{value:#}\n")
    }

    pub(crate) fn of_json(text: &str) -> Result<Self, String> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| error.to_string())?;
        let value = Field { value: &value, name: "the file" };
        let settings = value.get("settings")?;
        let pair = |fact: Field| match fact.list()?.as_slice() {
            [name, fact] => Ok((name.text()?, fact.text()?)),
            _ => Err("machine: a name and a fact are expected".to_string()),
        };
        Ok(Self {
            settings: Settings {
                rounds: settings.get("rounds")?.count()?,
                millis: settings.get("millis")?.whole()?,
                clients: settings.get("clients")?.each(|it| it.count())?,
            },
            machine: value.get("machine")?.each(pair)?,
            rows: value.get("rows")?.each(Row::of_value)?,
            memory: value.get("memory")?.each(Memory::of_value)?,
            troubles: value.get("troubles")?.each(|it| it.text())?,
        })
    }
}

impl Row {
    fn to_value(&self) -> Value {
        json!({
            "step": self.step,
            "kind": self.kind.name(),
            "server": self.server,
            "scene": self.scene.name(),
            "clients": self.clients,
            "idle": self.idle,
            "samples": self.samples.iter().map(Sample::to_value).collect::<Vec<_>>(),
        })
    }

    fn of_value(value: Field) -> Result<Self, String> {
        let scene = value.get("scene")?.text()?;
        Ok(Self {
            step: value.get("step")?.text()?,
            kind: kind(&value)?,
            server: value.get("server")?.text()?,
            scene: Scene::ALL
                .into_iter()
                .find(|it| it.name() == scene)
                .ok_or(format!("{scene} is no scene"))?,
            clients: value.get("clients")?.count()?,
            idle: value.get("idle")?.count()?,
            samples: value.get("samples")?.each(Sample::of_value)?,
        })
    }
}

fn kind(value: &Field) -> Result<Kind, String> {
    let name = value.get("kind")?.text()?;
    let found = Kind::ALL.into_iter().find(|it| it.name() == name);
    found.ok_or(format!("{name} is no kind of server"))
}

impl Sample {
    fn to_value(&self) -> Value {
        json!({
            "done": self.done, "lost": self.lost, "dropped": self.dropped,
            "seconds": self.seconds, "cpu": self.cpu, "clients_cpu": self.clients_cpu,
            "p50": self.p50, "p99": self.p99, "slowest": self.slowest,
        })
    }

    fn of_value(value: Field) -> Result<Self, String> {
        Ok(Self {
            done: value.get("done")?.whole()?,
            lost: value.get("lost")?.whole()?,
            dropped: value.get("dropped")?.count()?,
            seconds: value.number("seconds")?.unwrap_or_default(),
            cpu: value.number("cpu")?,
            clients_cpu: value.number("clients_cpu")?,
            p50: value.number("p50")?,
            p99: value.number("p99")?,
            slowest: value.number("slowest")?,
        })
    }
}

impl Memory {
    fn to_value(&self) -> Value {
        json!({
            "step": self.step, "kind": self.kind.name(), "server": self.server,
            "clients": self.clients, "empty": self.empty, "full": self.full,
        })
    }

    fn of_value(value: Field) -> Result<Self, String> {
        let clients = value.get("clients")?.count()?.max(1);
        Ok(Self {
            step: value.get("step")?.text()?,
            kind: kind(&value)?,
            server: value.get("server")?.text()?,
            clients,
            empty: value.get("empty")?.whole()?,
            full: value.get("full")?.whole()?,
        })
    }
}

/// A part of the file, with its name for who has to mend it.
#[derive(Clone, Copy)]
struct Field<'a> {
    value: &'a Value,
    name: &'a str,
}

impl<'a> Field<'a> {
    fn get(self, name: &'a str) -> Result<Self, String> {
        let value = self.value.get(name);
        value
            .map(|value| Self { value, name })
            .ok_or_else(|| format!("{} has no {name}", self.name))
    }

    fn is_no(self, what: &str) -> String {
        format!("{}: {} is no {what}", self.name, self.value)
    }

    fn list(self) -> Result<Vec<Self>, String> {
        let Self { value, name } = self;
        let list = value.as_array().ok_or_else(|| self.is_no("list"))?;
        Ok(list.iter().map(|value| Self { value, name }).collect())
    }

    fn each<T>(
        self,
        of: impl Fn(Self) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        self.list()?.into_iter().map(of).collect()
    }

    fn text(self) -> Result<String, String> {
        let text = self.value.as_str().ok_or_else(|| self.is_no("text"))?;
        Ok(text.to_string())
    }

    fn whole(self) -> Result<u64, String> {
        self.value.as_u64().ok_or_else(|| self.is_no("whole number"))
    }

    fn count(self) -> Result<usize, String> {
        self.whole().map(|number| number as usize)
    }

    /// A number, or nothing: what this machine didn't tell.
    fn number(self, name: &'a str) -> Result<Option<f64>, String> {
        let field = self.get(name)?;
        if field.value.is_null() {
            return Ok(None);
        }
        field.value.as_f64().map(Some).ok_or_else(|| field.is_no("number"))
    }
}
