//! A line, taken apart: `[:prefix] COMMAND [parameters] [:last parameter]`
//! (RFC 1459, 2.3.1). Bytes stay bytes: nobody says that they are UTF-8.

/// "All the parameters are extracted by the server … up to 15".
pub const MOST_PARAMETERS: usize = 15;

/// What a client has said, in pieces of its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// Who speaks, if the line says so.
    pub prefix: Option<&'a [u8]>,
    /// A word, or three digits.
    pub command: &'a [u8],
    parameters: [&'a [u8]; MOST_PARAMETERS],
    count: usize,
}

impl<'a> Message<'a> {
    /// Takes `line` apart; nothing comes of a line without a command.
    ///
    /// ```
    /// use irc::message::Message;
    /// let message = Message::parse(b":alice PRIVMSG  bob :hi there").unwrap();
    /// assert_eq!(message.prefix, Some(&b"alice"[..]));
    /// assert_eq!(message.command, b"PRIVMSG");
    /// assert_eq!(message.parameters(), [&b"bob"[..], b"hi there"]);
    /// ```
    pub fn parse(line: &'a [u8]) -> Option<Self> {
        let mut rest = skip_spaces(line);
        // Today's clients may put tags in front, for those who understand them.
        if rest.first() == Some(&b'@') {
            rest = cut_word(rest).1;
        }
        let mut prefix = None;
        if rest.first() == Some(&b':') {
            let (word, behind) = cut_word(rest);
            prefix = Some(&word[1..]);
            rest = behind;
        }
        let (command, mut rest) = cut_word(rest);
        if command.is_empty() {
            return None;
        }
        let mut parameters = [&b""[..]; MOST_PARAMETERS];
        let mut count = 0;
        while count < MOST_PARAMETERS && !rest.is_empty() {
            let is_last = count == MOST_PARAMETERS - 1;
            let (parameter, behind) = match rest.strip_prefix(b":") {
                Some(text) => (text, &b""[..]),
                None if is_last => (rest, &b""[..]),
                None => cut_word(rest),
            };
            parameters[count] = parameter;
            count += 1;
            rest = behind;
        }
        Some(Self { prefix, command, parameters, count })
    }

    /// All parameters, in order.
    pub fn parameters(&self) -> &[&'a [u8]] {
        &self.parameters[..self.count]
    }

    /// One parameter, which may be empty.
    pub fn parameter(&self, number: usize) -> Option<&'a [u8]> {
        self.parameters().get(number).copied()
    }

    /// One parameter that says something.
    pub fn word(&self, number: usize) -> Option<&'a [u8]> {
        self.parameter(number).filter(|word| !word.is_empty())
    }
}

/// The first word of `text`, and what follows it behind any spaces.
fn cut_word(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|&byte| byte == b' ');
    let (word, rest) = text.split_at(end.unwrap_or(text.len()));
    (word, skip_spaces(rest))
}

fn skip_spaces(text: &[u8]) -> &[u8] {
    let begin = text.iter().position(|&byte| byte != b' ');
    &text[begin.unwrap_or(text.len())..]
}

/// The items of a list, `a,b,c`; empty ones don't count. But "a reply must be
/// sent for each item" (RFC 1459, 4), so that `,` isn't met with silence: where
/// there is no other item, the list itself is one.
///
/// ```
/// use irc::message::items;
/// assert_eq!(items(b"a,,b").collect::<Vec<_>>(), [b"a", b"b"]);
/// assert_eq!(items(b",,").collect::<Vec<_>>(), [b",,"]);
/// assert_eq!(items(b"").count(), 0);
/// ```
pub fn items(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_blank = list.iter().all(|&byte| byte == b',');
    let itself = (is_blank && !list.is_empty()).then_some(list);
    let named = list.split(|&byte| byte == b',').filter(|it| !it.is_empty());
    itself.into_iter().chain(named)
}

/// Is this word, the `number`th behind the name in MODE, one of letters? The
/// first one is; others only with a sign in front (RFC 2812, 3.2.3): without,
/// they are parameters too many.
pub fn are_modes(number: usize, word: &[u8]) -> bool {
    number == 0 || matches!(word.first(), Some(b'+' | b'-'))
}
