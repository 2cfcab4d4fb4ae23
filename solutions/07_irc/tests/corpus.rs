//! The corpus of the fuzzer (`examples/fuzz.rs`), and a little fuzzing.

#[path = "support/mutate.rs"]
mod mutate;
mod support;

use std::path::Path;

use mutate::{Random, corpus, mutate};
use support::{CONFIG, play};

fn scripts() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    corpus(&folder).expect("the corpus")
}

#[test]
fn the_corpus_passes() {
    let scripts = scripts();
    assert!(scripts.len() > 5);
    for script in &scripts {
        let seen = play(script, CONFIG);
        let begin = String::from_utf8_lossy(&script[..script.len().min(40)]);
        assert!(!seen.is_empty(), "nothing is said in {begin}");
    }
}

#[test]
fn some_mutations_of_it_pass() {
    let scripts = scripts();
    let mut random = Random::new(42);
    for _ in 0..1_000 {
        play(&mutate(&scripts, &mut random), CONFIG);
    }
}

#[test]
fn a_script_that_fails_becomes_small() {
    let script = b"one\ntwo\nBOOM\nthree".to_vec();
    let fails = |it: &[u8]| it.windows(4).any(|it| it == b"BOOM");
    assert_eq!(mutate::shrink(script, fails), b"BOOM");
}
