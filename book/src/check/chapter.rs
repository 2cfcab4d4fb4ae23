//! What can be wrong with one chapter by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;

use lab::texts::Lang;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use crate::expand;
use crate::fault::{Fault, Problem};
use crate::markup::{self, Kind, Piece};

/// Languages whose listings come from files that run.
const INCLUDED: [&str; 3] = ["rust", "python", "rs"];

/// One file of one language.
#[derive(Debug)]
pub(crate) struct Chapter {
    pub(crate) lang: Lang,
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

impl Chapter {
    pub(crate) fn new(lang: Lang, path: PathBuf, text: String) -> Self {
        Self { lang, path, text }
    }

    pub(crate) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Its pieces without those that stand in one language only.
    pub(crate) fn shared(&self) -> Vec<Piece<'_>> {
        let pieces = markup::scan(&self.text);
        let only = markup::only(&pieces);
        pieces
            .into_iter()
            .zip(only)
            .filter(|(_, only)| only.is_none())
            .map(|(piece, _)| piece)
            .collect()
    }

    /// The lines of passages that stand in one language only.
    pub(crate) fn only_lines(&self) -> BTreeSet<usize> {
        let pieces = markup::scan(&self.text);
        let only = markup::only(&pieces);
        let end = self.text.lines().count() + 1;
        let next = pieces.iter().skip(1).map(|piece| piece.line).chain([end]);
        pieces
            .iter()
            .zip(only)
            .zip(next)
            .filter(|((_, only), _)| only.is_some())
            .flat_map(|((piece, _), next)| piece.line..next)
            .collect()
    }

    /// The ids of its headings, with their lines.
    pub(crate) fn ids(&self) -> BTreeMap<&str, usize> {
        markup::scan(&self.text)
            .into_iter()
            .filter_map(|piece| match piece.kind {
                Kind::Heading { id: Some(id), .. } => Some((id, piece.line)),
                _ => None,
            })
            .collect()
    }

    pub(crate) fn parser(
        &self,
    ) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
        Parser::new_ext(&self.text, Options::all()).into_offset_iter()
    }

    /// The line, counted from 1, of a place in the text.
    pub(crate) fn line_at(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        before.matches('\n').count() + 1
    }

    pub(crate) fn check(&self, faults: &mut Vec<Fault>) {
        let mut fault = |line: usize, problem: Problem| {
            faults.push(problem.at(&self.path, line));
        };
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for Piece { line, kind } in markup::scan(&self.text) {
            match kind {
                Kind::Heading { id: None, .. } => {
                    fault(line, Problem::new("fault-no-id"));
                }
                Kind::Heading { id: Some(id), .. } => {
                    if !is_id(id) {
                        fault(
                            line,
                            Problem::new("fault-bad-id").with("id", id),
                        );
                    }
                    if let Some(first) = seen.insert(id, line) {
                        let problem = Problem::new("fault-same-id")
                            .with("id", id)
                            .with("line", first);
                        fault(line, problem);
                    }
                }
                Kind::Only(lang) => match Lang::named(lang) {
                    None => fault(
                        line,
                        Problem::new("fault-only-lang").with("lang", lang),
                    ),
                    Some(named) if named != self.lang => fault(
                        line,
                        Problem::new("fault-only-other").with("lang", lang),
                    ),
                    Some(_) => {}
                },
                _ => {}
            }
        }
        for (event, range) in self.parser() {
            let line = self.line_at(range.start);
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    self.check_code(&kind, &self.text[range], line, &mut fault);
                }
                Event::Start(Tag::DefinitionListDefinition) => {
                    fault(line, Problem::new("fault-definition"));
                }
                _ => {}
            }
        }
    }

    fn check_code(
        &self,
        kind: &CodeBlockKind<'_>,
        block: &str,
        line: usize,
        fault: &mut impl FnMut(usize, Problem),
    ) {
        let CodeBlockKind::Fenced(info) = kind else {
            fault(line, Problem::new("fault-indented"));
            return;
        };
        let lang = info.split([',', ' ']).next().unwrap_or_default();
        let lines: Vec<&str> = block.lines().skip(1).collect();
        let body = lines.split_last().map_or(&lines[..], |(_, body)| body);
        if lang.is_empty() {
            fault(line, Problem::new("fault-no-language"));
        } else if let Some(what) = expand::included(body) {
            if what.matches(':').count() > 1
                || what.split_once(':').is_some_and(|(_, anchor)| {
                    anchor.bytes().all(|byte| byte.is_ascii_digit())
                })
            {
                let problem = Problem::new("fault-include-lines");
                fault(line + 1, problem.with("what", what));
            }
        } else if INCLUDED.contains(&lang) {
            fault(line, Problem::new("fault-typed").with("lang", lang));
        } else if body.iter().any(|line| line.contains("{{#include")) {
            fault(line, Problem::new("fault-include-inline"));
        }
    }
}

fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
        })
}
