//! Scripts made of other scripts.

use std::path::Path;
use std::{fs, io};

/// Words that a mutation may put anywhere.
const WORDS: &[&str] = &[
    " #a",
    " #b",
    " &c",
    " alice",
    " bob",
    " carol",
    " +o",
    " -o",
    " +v",
    " +b",
    " *!*@*",
    " +k x",
    " -k",
    " +l 1",
    " +i",
    " +s",
    " +p",
    " +m",
    " irc.test",
    " *.test",
    " $*.test",
    " :",
    " :x y",
    ",",
    "\na JOIN #a",
    "\nb JOIN #a",
    "\nc JOIN #a",
    "\na OPER root sesame",
    "\nb NICK bert",
    "\na QUIT",
    "\nb-",
    "\nc!",
    "\na+",
    "\nb+",
    "\nt30",
    "\nt60",
    "\na MODE #a",
    "\na KICK #a",
    "\nb PRIVMSG #a",
    "\na INVITE bob #a",
    "\na KILL bob",
    "\na PART #a",
    "\na WHO",
    "\na WHOIS",
    "\na WHOWAS",
    "\na NAMES",
    "\na LIST",
    "\na STATS",
];

/// Numbers that look random, the same ones for the same seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `end`, or 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// The scripts of a folder, in the order of their names.
pub(crate) fn corpus(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let entries: io::Result<Vec<_>> = fs::read_dir(folder)?.collect();
    let mut paths: Vec<_> = entries?.iter().map(|it| it.path()).collect();
    paths.sort();
    paths.iter().map(fs::read).collect()
}

/// Another script, from one or two of these.
pub(crate) fn mutate(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut script = corpus[random.below(corpus.len())].clone();
    for _ in 0..=random.below(8) {
        let at = random.below(script.len());
        let to = at + random.below(30).min(script.len() - at);
        match random.below(7) {
            0 if !script.is_empty() => script[at] ^= 1 << random.below(8),
            1 => script.insert(at, random.below(256) as u8),
            2 => drop(script.drain(at..to)),
            3 => {
                let piece = script[at..to].to_vec();
                for _ in 0..random.below(20) {
                    script.splice(at..at, piece.iter().copied());
                }
            }
            4 => {
                let other = &corpus[random.below(corpus.len())];
                let from = random.below(other.len());
                script.truncate(at);
                script.extend_from_slice(&other[from..]);
            }
            5 => {
                // Two lines change places.
                let mut lines: Vec<&[u8]> =
                    script.split(|&b| b == b'\n').collect();
                let (one, two) =
                    (random.below(lines.len()), random.below(lines.len()));
                lines.swap(one, two);
                script = lines.join(&b'\n');
            }
            _ => {
                let word = WORDS[random.below(WORDS.len())].bytes();
                script.splice(at..at, word);
            }
        }
    }
    script.truncate(20_000);
    script
}

/// Leaves out what `fails` doesn't need: lines first, then bytes.
pub(crate) fn shrink(
    mut script: Vec<u8>,
    fails: impl Fn(&[u8]) -> bool,
) -> Vec<u8> {
    let mut size = script.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < script.len() {
            let mut less = script.clone();
            less.drain(at..(at + size).min(script.len()));
            if fails(&less) {
                script = less;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    script
}
