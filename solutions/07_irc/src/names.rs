//! Names: which bytes may be one, and when two of them are the same.

/// The longest channel name in bytes (RFC 1459, 1.3).
pub const CHANNEL_LENGTH: usize = 200;

/// The longest name of a user on its own machine, in bytes.
pub const USER_LENGTH: usize = 10;

/// A name as a key: written in lower case.
pub type Folded = Box<[u8]>;

/// Lower case as IRC sees it: "the characters {}| are considered to be the
/// lower case equivalents of the characters []\" (RFC 1459, 2.2), and by usage
/// `^` of `~`.
pub fn lower(byte: u8) -> u8 {
    match byte {
        b'A'..=b'^' => byte + 32,
        _ => byte,
    }
}

/// The name in lower case, to find it again however it's written.
///
/// ```
/// use irc::names::fold;
/// assert_eq!(fold(b"Alice[]\\^"), fold(b"alice{}|~"));
/// ```
pub fn fold(name: &[u8]) -> Folded {
    name.iter().map(|&byte| lower(byte)).collect()
}

/// Is this the same name?
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(&a, &b)| lower(a) == lower(b))
}

/// May this be a nick? RFC 1459, 2.3.1, with the `_` and `|` of RFC 2812.
pub fn is_nick(name: &[u8], most: usize) -> bool {
    let is_special = |byte: u8| b"[]\\`_^{|}".contains(&byte);
    let mut bytes = name.iter().copied();
    name.len() <= most
        && bytes.next().is_some_and(|first| {
            first.is_ascii_alphabetic() || is_special(first)
        })
        && bytes.all(|byte| {
            byte.is_ascii_alphanumeric() || byte == b'-' || is_special(byte)
        })
}

/// Does this look like the name of a channel?
pub fn begins_like_a_channel(name: &[u8]) -> bool {
    matches!(name.first(), Some(b'#' | b'&'))
}

/// May this be a channel? "It may not contain any spaces, a control G or a
/// comma" (RFC 1459, 1.3).
pub fn is_channel(name: &[u8]) -> bool {
    begins_like_a_channel(name)
        && name.len() <= CHANNEL_LENGTH
        && !name.iter().any(|byte| b" \x07,".contains(byte))
}

/// What a user calls itself on its own machine, made fit to stand between `!`
/// and `@`.
pub fn user_name(given: &[u8], most: usize) -> Vec<u8> {
    let is_fit =
        |byte: &u8| byte.is_ascii_graphic() && !b"!@,:%".contains(byte);
    let mut name: Vec<u8> = given.iter().copied().filter(is_fit).collect();
    name.truncate(most);
    if name.is_empty() {
        name.extend_from_slice(b"user");
    }
    name
}
