//! What the clients do, and what they then know of the server.

use std::io::{self, Write};
use std::ops::Range;
use std::time::{Duration, Instant};

use super::crowd::Crowd;
use super::table::Wire;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scene {
    /// Every client says something, waits for it to come back, says it again.
    Echo,
    /// One says something; once all the others have got it, the next one does.
    Calm,
    /// Some talk as fast as they can; all the others listen.
    Flood,
}

impl Scene {
    pub(crate) const ALL: [Self; 3] = [Self::Echo, Self::Calm, Self::Flood];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Echo => "echo",
            Self::Calm => "calm",
            Self::Flood => "flood",
        }
    }
}

/// What came back.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// Echoes, or deliveries to one client each.
    pub(crate) done: u64,
    /// What should have come and didn't.
    pub(crate) lost: u64,
    /// From the first message to the last answer.
    pub(crate) time: Duration,
}

/// What is said: 63 bytes and a newline for an echo, a little more in a chat with
/// commands.
pub(crate) const WORDS: &str =
    "the quick brown fox jumps over the lazy dog, and then once more";

/// Between two looks at the clock when nothing arrives.
const LOOK: Duration = Duration::from_millis(100);

/// How many lines may be on their way in a flood: enough to keep a server busy all
/// the time, and less than any server queues.
const ON_THEIR_WAY: u64 = 256;

/// A talker of a flood says so many lines at a time.
const BATCH: usize = 16;

/// How many talk in a flood, of so many who hear each other.
pub(crate) fn talkers(members: usize) -> usize {
    (members / 2).clamp(1, 10)
}

pub(crate) fn play(
    scene: Scene,
    crowd: &mut Crowd,
    members: Range<usize>,
    wire: Wire,
    most: Duration,
    latencies: &mut Vec<u64>,
) -> io::Result<Heard> {
    let line = wire.say(WORDS);
    match scene {
        Scene::Echo => echo(crowd, members, line.as_bytes(), most, latencies),
        Scene::Calm => calm(crowd, members, line.as_bytes(), most, latencies),
        Scene::Flood => flood(crowd, members, line.as_bytes(), most),
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

fn echo(
    crowd: &mut Crowd,
    members: Range<usize>,
    line: &[u8],
    most: Duration,
    latencies: &mut Vec<u64>,
) -> io::Result<Heard> {
    let (start, gone) = (Instant::now(), crowd.gone());
    let end = start + most;
    let mut heard = Heard::default();
    // When each spoke, and how much has come back.
    let mut waits = vec![(start, 0); crowd.len()];
    let mut waiting = 0_usize;
    let mut is_wrong = false;
    for client in members {
        waits[client] = (Instant::now(), 0);
        if crowd.send(client, line) == line.len() {
            waiting += 1;
        } else {
            heard.lost += 1;
        }
    }
    let mut last = start;
    while waiting > crowd.gone() - gone && last.elapsed() < lab::deadline() {
        crowd.hear(LOOK, |client, mut socket, bytes| {
            let (spoke, got) = &mut waits[client];
            is_wrong |= line.get(*got..*got + bytes.len()) != Some(bytes);
            *got += bytes.len();
            if *got < line.len() {
                return;
            }
            last = Instant::now();
            latencies.push(nanos(last - *spoke));
            heard.done += 1;
            if last < end && socket.write(line).is_ok_and(|n| n == line.len()) {
                (*spoke, *got) = (last, 0);
            } else {
                waiting -= 1;
            }
        })?;
        if is_wrong {
            return Err(io::Error::other("what came back is no echo"));
        }
    }
    heard.lost += waiting as u64;
    heard.time = last - start;
    Ok(heard)
}

fn calm(
    crowd: &mut Crowd,
    members: Range<usize>,
    line: &[u8],
    most: Duration,
    latencies: &mut Vec<u64>,
) -> io::Result<Heard> {
    let (start, others) = (Instant::now(), members.len() as u64 - 1);
    let mut heard = Heard::default();
    let mut last = start;
    for speaker in members.cycle() {
        let spoke = Instant::now();
        if spoke - start >= most {
            break;
        }
        if crowd.send(speaker, line) < line.len() {
            heard.lost += others;
            break;
        }
        let mut missing = others;
        last = spoke;
        while missing > 0 && last.elapsed() < lab::deadline() {
            crowd.hear(LOOK, |_, _, bytes| {
                last = Instant::now();
                for _ in 0..lines_in(bytes) {
                    latencies.push(nanos(last - spoke));
                    missing = missing.saturating_sub(1);
                }
            })?;
        }
        heard.done += others - missing;
        heard.lost += missing;
        if missing > 0 {
            break;
        }
    }
    heard.time = last - start;
    Ok(heard)
}

fn flood(
    crowd: &mut Crowd,
    members: Range<usize>,
    line: &[u8],
    most: Duration,
) -> io::Result<Heard> {
    let others = members.len() as u64 - 1;
    let talkers: Vec<usize> =
        members.clone().take(talkers(members.len())).collect();
    let batch = line.repeat(BATCH);
    // What each has begun to say: whole lines go out, however they are cut.
    let mut said = vec![0; talkers.len()];
    let (start, mut spoken) = (Instant::now(), 0_u64);
    let mut delivered = 0_u64;
    let mut last = start;
    loop {
        let owed = spoken * others;
        let is_over = start.elapsed() >= most;
        let mut is_stuck = true;
        if !is_over {
            for (&talker, said) in talkers.iter().zip(&mut said) {
                let outstanding = spoken * others - delivered.min(owed);
                if outstanding + BATCH as u64 * others > ON_THEIR_WAY * others {
                    break;
                }
                let n = crowd.send(talker, &batch[*said % line.len()..]);
                let lines = (*said + n) / line.len();
                *said = (*said + n) % line.len();
                spoken += lines as u64;
                is_stuck &= n == 0;
            }
        } else if let Some(i) = said.iter().position(|&said| said > 0) {
            // A line that was begun is ended, so that the next scene begins well.
            let n = crowd.send(talkers[i], &line[said[i]..]);
            said[i] = (said[i] + n) % line.len();
            spoken += u64::from(n > 0 && said[i] == 0);
            is_stuck = false;
        } else if delivered >= owed || last.elapsed() > lab::deadline() {
            break;
        }
        if last.elapsed() > lab::deadline() + most {
            break;
        }
        let wait =
            if is_stuck { Duration::from_millis(1) } else { Duration::ZERO };
        crowd.hear(wait, |_, _, bytes| {
            delivered += lines_in(bytes);
            last = Instant::now();
        })?;
    }
    let owed = spoken * others;
    Ok(Heard {
        done: delivered.min(owed),
        lost: owed.saturating_sub(delivered),
        time: last - start,
    })
}

/// How many lines end in these bytes. Counted in bytes as long as they can't
/// overflow, which the compiler makes many at a time.
pub(crate) fn lines_in(bytes: &[u8]) -> u64 {
    let count = |chunk: &[u8]| -> u8 {
        chunk.iter().map(|&byte| u8::from(byte == b'\n')).sum()
    };
    bytes.chunks(255).map(|chunk| u64::from(count(chunk))).sum()
}
