//! The shape of the program: no module depends on one that depends on it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

type Graph = BTreeMap<String, BTreeSet<String>>;

/// Each module in `folder`, and those that it names, as `prefix::name`.
fn uses(folder: &Path, prefixes: &[&str]) -> Graph {
    let entries = fs::read_dir(folder).expect("sources");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = paths.collect();
    files.sort();
    let names: Vec<String> = files
        .iter()
        .filter_map(|path| path.file_stem()?.to_str().map(str::to_string))
        .collect();
    let mut graph = Graph::new();
    for (path, name) in files.iter().zip(&names) {
        let text = fs::read_to_string(path).unwrap_or_default();
        let code: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .map(|line| format!("{line}\n"))
            .collect();
        let mut named = BTreeSet::new();
        for prefix in prefixes {
            for rest in code.split(prefix).skip(1) {
                // `crate::a` or `crate::{a, b::c}`.
                let end = rest.find([';', '}']).unwrap_or(rest.len());
                let list = match rest.strip_prefix('{') {
                    Some(list) => &list[..end - 1],
                    None => rest,
                };
                for item in list.split(',') {
                    let word = item
                        .trim()
                        .split(|c: char| !c.is_alphanumeric() && c != '_');
                    let word = word.into_iter().next().unwrap_or_default();
                    if names.iter().any(|it| it == word) && word != name {
                        named.insert(word.to_string());
                    }
                    if !rest.starts_with('{') {
                        break;
                    }
                }
            }
        }
        graph.insert(name.clone(), named);
    }
    graph
}

/// Takes away what depends on nothing, again and again: what is left is a cycle.
fn cycle(mut graph: Graph) -> Graph {
    loop {
        let free: BTreeSet<String> = graph
            .iter()
            .filter(|(_, uses)| uses.is_empty())
            .map(|(name, _)| name.clone())
            .collect();
        if free.is_empty() {
            return graph;
        }
        graph.retain(|name, _| !free.contains(name));
        for uses in graph.values_mut() {
            uses.retain(|name| !free.contains(name));
        }
    }
}

#[test]
fn modules_depend_on_each_other_one_way_only() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut graph = uses(&source, &["crate::"]);
    // The families of commands are one module seen from outside.
    let families = uses(&source.join("command"), &["super::", "self::"]);
    let outside = uses(&source, &["crate::"]);
    let names: BTreeSet<String> = outside.keys().cloned().collect();
    let mut named = BTreeSet::new();
    for entry in fs::read_dir(source.join("command")).expect("commands") {
        let text = fs::read_to_string(entry.expect("an entry").path());
        let text = text.expect("a source");
        for name in &names {
            if text.contains(&format!("crate::{name}")) {
                named.insert(name.clone());
            }
        }
    }
    named.remove("command");
    graph.insert("command".to_string(), named);
    assert!(graph["core"].contains("command"), "the graph is empty");
    assert!(graph["event_loop"].contains("core"));
    assert!(families["registration"].contains("queries"));
    assert_eq!(cycle(graph), Graph::new());
    assert_eq!(cycle(families), Graph::new());
}

#[test]
fn the_core_knows_no_socket_no_clock_and_no_thread() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let outer = ["event_loop.rs", "main.rs", "config.rs", "logging.rs"];
    let mut files: Vec<_> = Vec::new();
    for folder in [source.clone(), source.join("command")] {
        let entries = fs::read_dir(folder).expect("sources");
        files.extend(entries.map(|entry| entry.expect("an entry").path()));
    }
    for path in files {
        let name = path.file_name().expect("a name").to_string_lossy();
        if path.is_dir() || outer.contains(&&*name) {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source");
        for word in [
            "mio",
            "TcpStream",
            "Instant",
            "SystemTime",
            "std::fs",
            "std::thread",
        ] {
            let code =
                text.lines().filter(|it| !it.trim_start().starts_with("//"));
            let mut uses = code.filter(|line| line.contains(word));
            assert_eq!(uses.next(), None, "{name} uses {word}");
        }
    }
}
