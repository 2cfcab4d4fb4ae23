//! The numeric replies, as the RFC writes them: one table.
//!
//! `{}` is a hole. How many a reply has is part of its type, so that forgetting
//! one doesn't compile.

use crate::line::{Line, Writer, cut};

/// A reply with `N` holes.
#[derive(Clone, Copy, Debug)]
pub struct Numeric<const N: usize> {
    code: u16,
    template: &'static str,
}

/// What can stand in a hole.
pub trait Argument {
    /// Appends it to `line`.
    fn write(&self, line: &mut Vec<u8>);

    /// Is it one word, whatever a client has sent?
    fn is_a_word(&self) -> bool {
        true
    }
}

impl<T: AsRef<[u8]> + ?Sized> Argument for T {
    fn write(&self, line: &mut Vec<u8>) {
        line.extend_from_slice(self.as_ref());
    }
}

/// Several words in a hole, of our own making.
pub struct Words<'a>(pub &'a [u8]);

impl Argument for Words<'_> {
    fn write(&self, line: &mut Vec<u8>) {
        line.extend_from_slice(self.0);
    }

    fn is_a_word(&self) -> bool {
        false
    }
}

/// A number in a hole.
pub struct Count(pub u64);

impl Argument for Count {
    fn write(&self, line: &mut Vec<u8>) {
        line.extend_from_slice(self.0.to_string().as_bytes());
    }
}

impl Count {
    /// The number of things.
    pub fn of(things: usize) -> Self {
        Self(things as u64)
    }
}

impl<const N: usize> Numeric<N> {
    /// `:server NNN target …`, the holes filled with `arguments`.
    pub fn line(
        &self,
        server: &[u8],
        target: &[u8],
        arguments: [&dyn Argument; N],
    ) -> Line {
        let mut arguments = arguments.into_iter();
        let mut bytes = Vec::with_capacity(128);
        let pieces = self.template.split("{}");
        let mut is_text = false;
        for (number, piece) in pieces.enumerate() {
            if number > 0
                && let Some(argument) = arguments.next()
            {
                let begin = bytes.len();
                argument.write(&mut bytes);
                if !is_text && argument.is_a_word() {
                    make_a_word(&mut bytes, begin);
                }
            }
            bytes.extend_from_slice(piece.as_bytes());
            is_text |= piece.starts_with(':') || piece.contains(" :");
        }
        Writer::new()
            .word(":")
            .raw(server)
            .word(format!("{:03}", self.code))
            .word(target)
            .word(bytes)
            .end()
    }
}

/// The longest word that a client gave, as replies repeat it: as long as a
/// channel with some more, so that what the reply says has its place behind it.
const WORD: usize = 256;

/// What a client sent as its last parameter may hold spaces, or nothing, but in
/// the middle of a reply it would be taken for several parameters, or none.
fn make_a_word(bytes: &mut Vec<u8>, begin: usize) {
    if let Some(space) = bytes[begin..].iter().position(|&it| it == b' ') {
        bytes.truncate(begin + space);
    }
    let colons = bytes[begin..].iter().take_while(|&&it| it == b':').count();
    bytes.drain(begin..begin + colons);
    cut(bytes, begin + WORD);
    if bytes.len() == begin {
        bytes.push(b'*');
    }
}

/// A line of the table, for those who read it whole.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its number.
    pub code: u16,
    /// Its name.
    pub name: &'static str,
    /// What the reply says.
    pub template: &'static str,
}

const fn holes(template: &str) -> usize {
    let bytes = template.as_bytes();
    let (mut i, mut count) = (0, 0);
    while i < bytes.len() {
        count += (bytes[i] == b'{') as usize;
        i += 1;
    }
    count
}

macro_rules! numerics {
    ($($code:literal $name:ident $template:literal)*) => {
        $(
            #[doc = concat!("`", $template, "`")]
            pub const $name: Numeric<{ holes($template) }> =
                Numeric { code: $code, template: $template };
        )*
        /// The whole table.
        pub const ALL: &[Entry] = &[$(Entry {
            code: $code,
            name: stringify!($name),
            template: $template,
        }),*];
    };
}

numerics! {
    // Welcome: RFC 2812, 5.1; 005 as all servers of today use it.
    1 RPL_WELCOME ":Welcome to the Internet Relay Network {}"
    2 RPL_YOURHOST ":Your host is {}, running version {}"
    3 RPL_CREATED ":This server was created {}"
    4 RPL_MYINFO "{} {} {} {} {}"
    5 RPL_ISUPPORT "{} :are supported by this server"

    // RFC 1459, 6.2: command responses.
    200 RPL_TRACELINK "Link {} {} {}"
    203 RPL_TRACEUNKNOWN "???? {} {}"
    204 RPL_TRACEOPERATOR "Oper {} {}"
    205 RPL_TRACEUSER "User {} {}"
    206 RPL_TRACESERVER "Serv {} {}S {}C {} {}"
    211 RPL_STATSLINKINFO "{} {} {} {} {} {} {}"
    212 RPL_STATSCOMMANDS "{} {}"
    213 RPL_STATSCLINE "C {} * {} {} {}"
    214 RPL_STATSNLINE "N {} * {} {} {}"
    215 RPL_STATSILINE "I {} * {} {} {}"
    216 RPL_STATSKLINE "K {} * {} 0 0"
    218 RPL_STATSYLINE "Y {} {} {} {}"
    219 RPL_ENDOFSTATS "{} :End of /STATS report"
    221 RPL_UMODEIS "{}"
    241 RPL_STATSLLINE "L {} * {} {}"
    242 RPL_STATSUPTIME ":Server Up {} days {}:{}:{}"
    243 RPL_STATSOLINE "O {} * {}"
    244 RPL_STATSHLINE "H {} * {}"
    251 RPL_LUSERCLIENT ":There are {} users and {} invisible on {} servers"
    252 RPL_LUSEROP "{} :operator(s) online"
    253 RPL_LUSERUNKNOWN "{} :unknown connection(s)"
    254 RPL_LUSERCHANNELS "{} :channels formed"
    255 RPL_LUSERME ":I have {} clients and {} servers"
    256 RPL_ADMINME "{} :Administrative info"
    257 RPL_ADMINLOC1 ":{}"
    258 RPL_ADMINLOC2 ":{}"
    259 RPL_ADMINEMAIL ":{}"
    // RFC 2812, 5.1.
    262 RPL_TRACEEND "{} {} :End of TRACE"
    // Practice: how many there are, and the most there have been at once.
    265 RPL_LOCALUSERS "{} {} :Current local users {}, max {}"
    266 RPL_GLOBALUSERS "{} {} :Current global users {}, max {}"
    301 RPL_AWAY "{} :{}"
    302 RPL_USERHOST ":{}"
    303 RPL_ISON ":{}"
    305 RPL_UNAWAY ":You are no longer marked as being away"
    306 RPL_NOWAWAY ":You have been marked as being away"
    311 RPL_WHOISUSER "{} {} {} * :{}"
    312 RPL_WHOISSERVER "{} {} :{}"
    313 RPL_WHOISOPERATOR "{} :is an IRC operator"
    314 RPL_WHOWASUSER "{} {} {} * :{}"
    315 RPL_ENDOFWHO "{} :End of /WHO list"
    317 RPL_WHOISIDLE "{} {} {} :seconds idle, signon time"
    318 RPL_ENDOFWHOIS "{} :End of /WHOIS list"
    319 RPL_WHOISCHANNELS "{} :{}"
    321 RPL_LISTSTART "Channel :Users  Name"
    322 RPL_LIST "{} {} :{}"
    323 RPL_LISTEND ":End of /LIST"
    324 RPL_CHANNELMODEIS "{} {}"
    // Practice: when the channel was formed.
    329 RPL_CREATIONTIME "{} {}"
    331 RPL_NOTOPIC "{} :No topic is set"
    332 RPL_TOPIC "{} :{}"
    // Practice: who set the topic, and when.
    333 RPL_TOPICWHOTIME "{} {} {}"
    341 RPL_INVITING "{} {}"
    351 RPL_VERSION "{} {} :{}"
    352 RPL_WHOREPLY "{} {} {} {} {} {} :{} {}"
    353 RPL_NAMREPLY "{} {} :{}"
    364 RPL_LINKS "{} {} :{} {}"
    365 RPL_ENDOFLINKS "{} :End of /LINKS list"
    366 RPL_ENDOFNAMES "{} :End of /NAMES list"
    367 RPL_BANLIST "{} {}{}"
    368 RPL_ENDOFBANLIST "{} :End of channel ban list"
    369 RPL_ENDOFWHOWAS "{} :End of WHOWAS"
    371 RPL_INFO ":{}"
    372 RPL_MOTD ":- {}"
    374 RPL_ENDOFINFO ":End of /INFO list"
    375 RPL_MOTDSTART ":- {} Message of the day - "
    376 RPL_ENDOFMOTD ":End of /MOTD command"
    381 RPL_YOUREOPER ":You are now an IRC operator"
    382 RPL_REHASHING "{} :Rehashing"
    391 RPL_TIME "{} :{}"

    // RFC 1459, 6.1: error replies.
    401 ERR_NOSUCHNICK "{} :No such nick/channel"
    402 ERR_NOSUCHSERVER "{} :No such server"
    403 ERR_NOSUCHCHANNEL "{} :No such channel"
    404 ERR_CANNOTSENDTOCHAN "{} :Cannot send to channel"
    405 ERR_TOOMANYCHANNELS "{} :You have joined too many channels"
    406 ERR_WASNOSUCHNICK "{} :There was no such nickname"
    407 ERR_TOOMANYTARGETS "{} :{} recipients. No message delivered"
    409 ERR_NOORIGIN ":No origin specified"
    // Capability negotiation, as today's clients begin with it.
    410 ERR_INVALIDCAPCMD "{} :Invalid CAP command"
    411 ERR_NORECIPIENT ":No recipient given ({})"
    412 ERR_NOTEXTTOSEND ":No text to send"
    413 ERR_NOTOPLEVEL "{} :No toplevel domain specified"
    414 ERR_WILDTOPLEVEL "{} :Wildcard in toplevel domain"
    // RFC 2812, 3.2.5 and 3.2.6: of a long answer that was the beginning.
    416 ERR_TOOMANYMATCHES "{} {} :Too many matches"
    421 ERR_UNKNOWNCOMMAND "{} :Unknown command"
    422 ERR_NOMOTD ":MOTD File is missing"
    423 ERR_NOADMININFO "{} :No administrative info available"
    424 ERR_FILEERROR ":File error doing {} on {}"
    431 ERR_NONICKNAMEGIVEN ":No nickname given"
    432 ERR_ERRONEUSNICKNAME "{} :Erroneous nickname"
    433 ERR_NICKNAMEINUSE "{} :Nickname is already in use"
    441 ERR_USERNOTINCHANNEL "{} {} :They aren't on that channel"
    442 ERR_NOTONCHANNEL "{} :You're not on that channel"
    443 ERR_USERONCHANNEL "{} {} :is already on channel"
    445 ERR_SUMMONDISABLED ":SUMMON has been disabled"
    446 ERR_USERSDISABLED ":USERS has been disabled"
    451 ERR_NOTREGISTERED ":You have not registered"
    461 ERR_NEEDMOREPARAMS "{} :Not enough parameters"
    462 ERR_ALREADYREGISTRED ":You may not reregister"
    463 ERR_NOPERMFORHOST ":Your host isn't among the privileged"
    464 ERR_PASSWDMISMATCH ":Password incorrect"
    465 ERR_YOUREBANNEDCREEP ":You are banned from this server"
    467 ERR_KEYSET "{} :Channel key already set"
    471 ERR_CHANNELISFULL "{} :Cannot join channel (+l)"
    472 ERR_UNKNOWNMODE "{} :is unknown mode char to me"
    473 ERR_INVITEONLYCHAN "{} :Cannot join channel (+i)"
    474 ERR_BANNEDFROMCHAN "{} :Cannot join channel (+b)"
    475 ERR_BADCHANNELKEY "{} :Cannot join channel (+k)"
    // RFC 2812, 5.2.
    478 ERR_BANLISTFULL "{} {} :Channel list is full"
    481 ERR_NOPRIVILEGES ":Permission Denied- You're not an IRC operator"
    482 ERR_CHANOPRIVSNEEDED "{} :You're not channel operator"
    483 ERR_CANTKILLSERVER ":You cant kill a server!"
    491 ERR_NOOPERHOST ":No O-lines for your host"
    501 ERR_UMODEUNKNOWNFLAG ":Unknown MODE flag"
    502 ERR_USERSDONTMATCH ":Cant change mode for other users"
    // Practice: a key or a limit that can't be one.
    525 ERR_INVALIDKEY "{} :Key is not well-formed"
    696 ERR_INVALIDMODEPARAM "{} {} {} :Invalid mode parameter"
}
