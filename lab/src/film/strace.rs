//! What strace writes, read: `strace -f -ttt -T -o FILE`.
//!
//! A line is a call with its result; or, where another thread did something in the
//! meantime, two halves, `<unfinished ...>` and `<... resumed>`; or the beginning of
//! a call that was never over, as the last line of a thread.

use std::collections::HashMap;

/// In place of a call's name: the thread has come to its end.
pub(super) const END: &str = "+++";

/// A system call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    /// The thread that made it.
    pub(super) thread: u32,
    /// When it began, in microseconds of the system's clock.
    pub(super) start: u64,
    /// When it was over; `None`: it never was.
    pub(super) end: Option<u64>,
    pub(super) name: String,
    /// Its arguments, as far as they're known.
    pub(super) arguments: Vec<String>,
    /// What it gave; `None`: an error, or nothing yet.
    pub(super) result: Option<i64>,
    /// The name of its error.
    pub(super) error: Option<String>,
    /// What strace explains about the result: `in [3]`.
    pub(super) note: String,
}

/// The calls of a recording, in the order in which they began. What can't be
/// understood is left out.
pub(super) fn calls(text: &str) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    // The half of a call that waits for the other, by thread.
    let mut halves: HashMap<u32, (usize, String)> = HashMap::new();
    for line in text.lines() {
        let Some((thread, time, rest)) = prefix(line) else { continue };
        if let Some(rest) = rest.strip_prefix("<... ") {
            let Some((_, more)) = rest.split_once(" resumed>") else {
                continue;
            };
            let Some((i, begun)) = halves.remove(&thread) else { continue };
            finish(&mut calls[i], &(begun + more), Some(time));
            continue;
        }
        if rest.starts_with("+++ ") {
            calls.push(Call {
                name: END.to_string(),
                end: Some(time),
                ..Call::new(thread, time)
            });
            continue;
        }
        let Some((name, rest)) = rest.split_once('(') else { continue };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(is_name) {
            continue;
        }
        let mut call =
            Call { name: name.to_string(), ..Call::new(thread, time) };
        match rest.trim_end().strip_suffix("<unfinished ...>") {
            Some(begun) => {
                let begun = begun.trim_end().to_string();
                call.arguments = arguments(&begun).0;
                halves.insert(thread, (calls.len(), begun));
            }
            None => finish(&mut call, rest, None),
        }
        calls.push(call);
    }
    calls.sort_by_key(|call| call.start);
    keep_order(&mut calls);
    calls
}

/// `9367  1795600156.227160 read(3, …`: the thread, the time, the rest.
fn prefix(line: &str) -> Option<(u32, u64, &str)> {
    let (thread, rest) = line.trim_start().split_once(' ')?;
    let (time, rest) = rest.trim_start().split_once(' ')?;
    Some((thread.parse().ok()?, microseconds(time)?, rest))
}

/// `1795600156.227160`.
fn microseconds(time: &str) -> Option<u64> {
    let (seconds, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let is_short = fraction.len() <= 6 && !fraction.is_empty();
    if !is_short || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: u64 = format!("{fraction:0<6}").parse().ok()?;
    seconds.parse::<u64>().ok()?.checked_mul(1_000_000)?.checked_add(fraction)
}

/// Fills in what `…) = 1 (in [3]) <0.000047>` tells; where it is only a beginning,
/// the arguments.
fn finish(call: &mut Call, text: &str, time: Option<u64>) {
    let (list, rest) = arguments(text);
    call.arguments = list;
    let Some(rest) = rest.and_then(|rest| rest.trim_start().strip_prefix("= "))
    else {
        return;
    };
    let (rest, took) = match rest.rsplit_once(" <") {
        Some((rest, took)) => (rest, took.strip_suffix('>')),
        None => (rest, None),
    };
    let took = took.and_then(microseconds);
    call.end = time.or(took.map(|took| call.start.saturating_add(took)));
    let (result, note) = rest.split_once(' ').unwrap_or((rest, ""));
    let number = match result.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16).ok(),
        None => result.parse::<i64>().ok(),
    };
    match number {
        Some(number) if number >= 0 => {
            call.result = Some(number);
            call.note = note.trim_matches(['(', ')']).to_string();
        }
        // -1 EAGAIN (…), ? ERESTARTSYS (…), ?
        _ => {
            let error = note.split(' ').next().unwrap_or_default();
            call.error = Some(error.to_string());
            call.end = call.end.or(time);
        }
    }
}

/// The arguments up to the closing parenthesis, and what stands behind it.
fn arguments(text: &str) -> (Vec<String>, Option<&str>) {
    let mut list = Vec::new();
    let (mut depth, mut is_quoted, mut is_escaped) = (0_u32, false, false);
    let mut start = 0;
    for (i, c) in text.char_indices() {
        if is_quoted {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '"' => is_quoted = false,
                _ => (),
            }
            continue;
        }
        match c {
            '"' => is_quoted = true,
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => {
                push(&mut list, &text[start..i]);
                return (list, Some(&text[i + 1..]));
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                push(&mut list, &text[start..i]);
                start = i + 1;
            }
            _ => (),
        }
    }
    push(&mut list, &text[start..]);
    (list, None)
}

fn push(list: &mut Vec<String>, argument: &str) {
    let argument = argument.trim();
    if !argument.is_empty() {
        list.push(argument.to_string());
    }
}

/// Rounding must not let a call end after the next one of its thread began.
fn keep_order(calls: &mut [Call]) {
    let mut next: HashMap<u32, u64> = HashMap::new();
    for call in calls.iter_mut().rev() {
        if let (Some(end), Some(next)) = (call.end, next.get(&call.thread)) {
            call.end = Some(end.min(*next).max(call.start));
        }
        next.insert(call.thread, call.start);
    }
}

impl Call {
    fn new(thread: u32, start: u64) -> Self {
        Self {
            thread,
            start,
            end: None,
            name: String::new(),
            arguments: Vec::new(),
            result: None,
            error: None,
            note: String::new(),
        }
    }

    /// An argument as a number: a descriptor.
    pub(super) fn number(&self, i: usize) -> Option<i64> {
        self.arguments.get(i)?.parse().ok()
    }

    /// All its arguments as they stand there.
    pub(super) fn text(&self) -> String {
        self.arguments.join(", ")
    }
}

/// The number behind `key`, wherever it stands: `sin6_port=htons(` 48154.
pub(super) fn number_after(text: &str, key: &str) -> Option<u64> {
    let (_, rest) = text.split_once(key)?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// The first text between quotes, as bytes; `None` where there is none or it was
/// cut.
pub(super) fn string(text: &str) -> Option<Vec<u8>> {
    let (_, rest) = text.split_once('"')?;
    let mut bytes = Vec::new();
    let mut rest = rest.as_bytes().iter().copied().peekable();
    loop {
        match rest.next()? {
            b'"' => break,
            b'\\' => match rest.next()? {
                b'n' => bytes.push(b'\n'),
                b't' => bytes.push(b'\t'),
                b'r' => bytes.push(b'\r'),
                b'v' => bytes.push(0x0b),
                b'f' => bytes.push(0x0c),
                first @ b'0'..=b'7' => {
                    let mut value = u32::from(first - b'0');
                    for _ in 0..2 {
                        let Some(&digit @ b'0'..=b'7') = rest.peek() else {
                            break;
                        };
                        rest.next();
                        value = value * 8 + u32::from(digit - b'0');
                    }
                    bytes.push(value as u8);
                }
                other => bytes.push(other),
            },
            other => bytes.push(other),
        }
    }
    // strace cuts long ones: "abc"...
    (rest.next() != Some(b'.')).then_some(bytes)
}

/// The numbers in brackets: `[3 4 5]`.
pub(super) fn set(text: &str) -> Vec<i64> {
    let Some((_, rest)) = text.split_once('[') else { return Vec::new() };
    let Some((set, _)) = rest.split_once(']') else { return Vec::new() };
    set.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// The pieces between braces at the outermost level: `[{…}, {…}]`.
pub(super) fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut depth, mut start) = (0_u32, 0);
    for (i, c) in text.char_indices() {
        match c {
            '{' => {
                if depth == 0 {
                    start = i + 1;
                }
                depth += 1;
            }
            '}' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    pieces.push(&text[start..i]);
                }
            }
            _ => (),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server with threads, a client that leaves while another speaks.
    const THREADS: &str = r#"
9417  1795600158.077344 accept4(3, {sa_family=AF_INET6, sin6_port=htons(33760), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::ffff:127.0.0.1", &sin6_addr), sin6_scope_id=0}, [128 => 28], SOCK_CLOEXEC) = 4 <1.291445>
9417  1795600159.369559 accept4(3,  <unfinished ...>
9534  1795600159.369891 recvfrom(4,  <unfinished ...>
9417  1795600159.469283 <... accept4 resumed>{sa_family=AF_INET6, sin6_port=htons(33764), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::ffff:127.0.0.1", &sin6_addr), sin6_scope_id=0}, [128 => 28], SOCK_CLOEXEC) = 5 <0.099702>
9535  1795600159.470315 recvfrom(5, "hel) = lo\n\"", 1500, 0, NULL, NULL) = 6 <0.099178>
9534  1795600159.669820 <... recvfrom resumed>"salut\n", 1500, 0, NULL, NULL) = 6 <0.299896>
9534  1795600159.670033 recvfrom(4, 0x7ffc, 1500, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable) <0.000012>
9534  1795600159.670035 --- SIGCHLD {si_signo=SIGCHLD} ---
9534  1795600159.680036 +++ exited with 0 +++
9417  1795600161.597002 pselect6(6, [3 5], [4], NULL, NULL, NULL) = 2 (in [5], out [4]) <0.105489>
9417  1795600161.703211 pselect6(4, [3], [], NULL, NULL, NULL"#;

    #[test]
    fn calls_in_one_piece_and_in_two() {
        let calls = calls(THREADS);
        let names: Vec<(&str, u32)> = calls
            .iter()
            .map(|call| (call.name.as_str(), call.thread))
            .collect();
        let expected = [
            ("accept4", 9417),
            ("accept4", 9417),
            ("recvfrom", 9534),
            ("recvfrom", 9535),
            ("recvfrom", 9534),
            ("+++", 9534),
            ("pselect6", 9417),
            ("pselect6", 9417),
        ];
        assert_eq!(names, expected);
        assert_eq!(calls[0].result, Some(4));
        let port = number_after(&calls[1].text(), "sin6_port=htons(");
        assert_eq!(port, Some(33764));
        assert_eq!(calls[1].end, Some(1_795_600_159_469_283));
        assert_eq!(string(&calls[2].text()), Some(b"salut\n".to_vec()));
        assert_eq!(string(&calls[3].text()), Some(b"hel) = lo\n\"".to_vec()));
        assert_eq!(calls[3].result, Some(6));
        assert_eq!(calls[4].error.as_deref(), Some("EAGAIN"));
    }

    #[test]
    fn a_call_that_is_never_over_is_there() {
        let calls = calls(THREADS);
        let last = calls.last().unwrap();
        assert_eq!((last.end, last.result), (None, None));
        assert_eq!(set(&last.arguments[1]), [3]);
    }

    #[test]
    fn sets_and_their_answers() {
        let calls = calls(THREADS);
        let select = &calls[6];
        assert_eq!(set(&select.arguments[1]), [3, 5]);
        assert_eq!(set(&select.arguments[2]), [4]);
        assert_eq!(select.note, "in [5], out [4]");
        let line = "1  2.000001 epoll_wait(3, [{events=EPOLLIN, \
                    data={u32=9, u64=140183437574153}}], 5, -1) = 1 <0.1>";
        let epoll = &super::calls(line)[0];
        let piece = pieces(&epoll.arguments[1])[0];
        assert_eq!(number_after(piece, "u64="), Some(140_183_437_574_153));
        assert!(piece.contains("EPOLLIN"), "{piece}");
    }

    #[test]
    fn bytes_are_unescaped() {
        assert_eq!(
            string(r#""\303\251\0\t\\""#),
            Some(b"\xc3\xa9\0\t\\".into())
        );
        assert_eq!(string(r#""abc"..., 1500"#), None);
        assert_eq!(string(r#""abc"#), None);
    }

    #[test]
    fn rounding_never_turns_the_order_round() {
        let text = "7  1.000001 close(3) = 0 <0.000009>\n\
                    7  1.000005 close(4) = 0 <0.000001>\n";
        let calls = calls(text);
        assert_eq!(calls[0].end, Some(calls[1].start));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(
            lines in proptest::collection::vec(
                r#"(7|8)  1\.[0-9]{1,7} (<\.\.\. |)(read|é|)(\(| resumed>|)["\\(){}\[\],= a<>é0-9-]{0,24}"#,
                0..12,
            ),
        ) {
            for call in calls(&lines.join("\n")) {
                let text = call.text();
                string(&text);
                set(&text);
                pieces(&text);
            }
        }
    }
}
