//! Masks: `*` stands for any bytes, `?` for any one.

use crate::names::lower;

/// Does `name` match `mask`, whatever its case?
///
/// When a `*` turns out to have taken too little it takes one more; an earlier
/// one need never be asked again, so the time is at most the product of the
/// lengths.
///
/// ```
/// use irc::mask::matches;
/// assert!(matches(b"*!*@*.edu", b"wiz!jto@tolsun.EDU"));
/// assert!(!matches(b"*.edu", b"tolsun.oulu.fi"));
/// ```
pub fn matches(mask: &[u8], name: &[u8]) -> bool {
    let (mut m, mut n) = (0, 0);
    let mut star = None;
    while n < name.len() {
        match mask.get(m) {
            Some(b'*') => {
                star = Some((m, n));
                m += 1;
            }
            Some(&byte) if byte == b'?' || lower(byte) == lower(name[n]) => {
                m += 1;
                n += 1;
            }
            _ => {
                let Some((at, taken)) = star else { return false };
                star = Some((at, taken + 1));
                m = at + 1;
                n = taken + 1;
            }
        }
    }
    mask[m..].iter().all(|&byte| byte == b'*')
}

/// Does it hold a wildcard?
pub fn is_mask(text: &[u8]) -> bool {
    text.iter().any(|byte| b"*?".contains(byte))
}

/// A ban as `nick!user@host`, the missing parts being `*`.
///
/// ```
/// use irc::mask::complete;
/// assert_eq!(complete(b"wiz"), b"wiz!*@*");
/// assert_eq!(complete(b"jto@*.fi"), b"*!jto@*.fi");
/// assert_eq!(complete(b"*.fi"), b"*!*@*.fi");
/// ```
pub fn complete(text: &[u8]) -> Vec<u8> {
    let bang = text.iter().position(|&byte| byte == b'!');
    let at = text.iter().rposition(|&byte| byte == b'@');
    let or_star = |part: &[u8]| match part {
        [] => b"*".to_vec(),
        _ => part.to_vec(),
    };
    let is_host = |part: &[u8]| part.iter().any(|byte| b".:".contains(byte));
    let (nick, user, host) = match (bang, at) {
        (Some(b), Some(a)) if b < a => {
            (&text[..b], &text[b + 1..a], &text[a + 1..])
        }
        (_, Some(a)) => (&b""[..], &text[..a], &text[a + 1..]),
        (Some(b), None) => (&text[..b], &text[b + 1..], &b""[..]),
        (None, None) if is_host(text) => (&b""[..], &b""[..], text),
        (None, None) => (text, &b""[..], &b""[..]),
    };
    [&or_star(nick)[..], b"!", &or_star(user), b"@", &or_star(host)].concat()
}
