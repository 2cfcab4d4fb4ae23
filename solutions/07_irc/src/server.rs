//! What the commands work with: the state, the connections, and the ways to
//! say something to somebody.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use crate::action::Action;
use crate::clock::Moment;
use crate::config::Config;
use crate::conn::Phase;
use crate::ids::{ChannelId, ConnId, ServerId, UserId};
use crate::line::{Line, Writer};
use crate::logging::{Level, visible};
use crate::names::{Folded, fold};
use crate::numeric::{Argument, Numeric};
use crate::state::{ServerInfo, State};
use crate::wires::Wires;

/// The version, as 002, 004 and 351 say it.
pub const VERSION: &str = concat!("causette-", env!("CARGO_PKG_VERSION"));

/// How often a command was used, and with how many bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// How often.
    pub count: u64,
    /// The lines that it came in.
    pub bytes: u64,
}

/// Everything that a command may look at or change.
pub struct Server {
    /// The configuration, which REHASH replaces as a whole.
    pub config: Rc<Config>,
    /// Who is where.
    pub state: State,
    /// The connections, and what goes out on them.
    pub wires: Wires,
    /// The time of this turn of the loop.
    pub now: Moment,
    /// When it started.
    pub started: Moment,
    /// How often each command was used.
    pub usage: BTreeMap<&'static str, Usage>,
    /// Nicks of those who haven't registered yet: nobody else may take them.
    pub claims: HashMap<Folded, ConnId>,
    /// Who has said REHASH and will be told if that fails: a user, and its
    /// serial number, because it may have left.
    pub rehashing: Option<(UserId, u64)>,
}

impl Server {
    /// A server where nobody is yet.
    pub fn new(config: Config, now: Moment) -> Self {
        let mut state = State::default();
        state.servers.insert(ServerInfo {
            name: config.name.bytes().into(),
            description: config.description.bytes().into(),
            hops: 0,
            route: None,
        });
        let mut wires = Wires::new(config.limits.sendq.size());
        wires.logs_lines = config.log >= Level::Lines;
        Self {
            state,
            wires,
            config: Rc::new(config),
            now,
            started: now,
            usage: BTreeMap::new(),
            claims: HashMap::new(),
            rehashing: None,
        }
    }

    /// This server's name.
    pub fn name(&self) -> &[u8] {
        &self.state.servers[ServerId::ME].name
    }

    /// A line from this server.
    pub fn from_me(&self) -> Writer {
        Writer::new().word(":").raw(self.name())
    }

    /// A line from this user.
    pub fn from(&self, user: UserId) -> Writer {
        let user = &self.state.users[user];
        Writer::new()
            .word(":")
            .raw(&user.nick)
            .raw(b"!")
            .raw(&user.user)
            .raw(b"@")
            .raw(&user.host)
    }

    /// A numeric for this user, as yet unsaid: what it tells may lie in the
    /// state.
    pub fn numeric<const N: usize>(
        &self,
        to: UserId,
        numeric: Numeric<N>,
        arguments: [&dyn Argument; N],
    ) -> Line {
        numeric.line(self.name(), &self.state.users[to].nick, arguments)
    }

    /// Says a numeric to this user.
    pub fn reply<const N: usize>(
        &mut self,
        to: UserId,
        numeric: Numeric<N>,
        arguments: [&dyn Argument; N],
    ) {
        let line = self.numeric(to, numeric, arguments);
        self.send(to, &line);
    }

    /// Says a numeric to a connection that may not be a user yet.
    pub fn reply_early<const N: usize>(
        &mut self,
        to: ConnId,
        numeric: Numeric<N>,
        arguments: [&dyn Argument; N],
    ) {
        let Some(conn) = self.wires.conns.get(to) else { return };
        let name = match &conn.phase {
            Phase::User(user) => &self.state.users[*user].nick,
            Phase::Registering(draft) => match &draft.nick {
                Some(nick) => nick,
                None => &b"*"[..],
            },
            Phase::Closing => return,
        };
        let line = numeric.line(self.name(), name, arguments);
        self.wires.send(to, &line);
    }

    /// Says a line to a user, here or on another server.
    pub fn send(&mut self, to: UserId, line: &Line) {
        self.wires.send(self.state.users[to].route.conn(), line);
    }

    /// Says several lines to a user.
    pub fn send_all(&mut self, to: UserId, lines: &[Line]) {
        let conn = self.state.users[to].route.conn();
        for line in lines {
            self.wires.send(conn, line);
        }
    }

    /// Says what there is to say about each of `things`, as long as most of the
    /// user's queue is free: a long answer shall end before it ends the one who
    /// has asked, or keeps all others waiting. Has it been said of all?
    pub fn tell_of_each<T>(
        &mut self,
        to: UserId,
        things: impl IntoIterator<Item = T>,
        lines: impl Fn(&Self, T) -> Vec<Line>,
    ) -> bool {
        let conn = self.state.users[to].route.conn();
        for thing in things {
            if !self.wires.has_room(conn) {
                return false;
            }
            let lines = lines(self, thing);
            self.send_all(to, &lines);
        }
        true
    }

    /// Says a line to the members of a channel, but for `except`: all of them
    /// get the same bytes.
    pub fn send_to_channel(
        &mut self,
        channel: ChannelId,
        line: &Line,
        except: Option<UserId>,
    ) {
        let Self { state, wires, .. } = self;
        for (&user, member) in &state.channels[channel].members {
            if Some(user) != except {
                wires.send(member.route.conn(), line);
            }
        }
    }

    /// Says a line to those who share a channel with `user`, each once, not to
    /// the user itself.
    pub fn send_to_neighbours(&mut self, user: UserId, line: &Line) {
        let channels = &self.state.users[user].channels;
        let mut conns: Vec<ConnId> = channels
            .iter()
            .flat_map(|&channel| &self.state.channels[channel].members)
            .filter(|&(&member, _)| member != user)
            .map(|(_, member)| member.route.conn())
            .collect();
        if channels.len() > 1 {
            conns.sort_unstable();
            conns.dedup();
        }
        for conn in conns {
            self.wires.send(conn, line);
        }
    }

    /// Something that operators do: for the log and for those who watch.
    pub fn report(&mut self, text: &str) {
        self.log(|| text.to_string());
        self.notice_watchers(text, false);
    }

    /// A notice for those who want to know what happens (user mode `s`), or for
    /// the operators among them.
    pub fn notice_watchers(&mut self, text: &str, only_operators: bool) {
        let watching: Vec<UserId> = self
            .state
            .users
            .iter()
            .filter(|(_, user)| user.modes.notices)
            .filter(|(_, user)| user.modes.operator || !only_operators)
            .map(|(id, _)| id)
            .collect();
        for user in watching {
            let nick = &self.state.users[user].nick;
            let line = self.from_me().word("NOTICE").word(nick);
            let line = line.text("*** Notice -- ").raw(text.as_bytes()).end();
            self.send(user, &line);
        }
    }

    /// How far a connection has come.
    pub fn phase(&self, conn: ConnId) -> Option<&Phase> {
        self.wires.conns.get(conn).map(|conn| &conn.phase)
    }

    /// Ends a connection: if it's a user, the others see it leave with
    /// `message`; it's told why with `reason`.
    pub fn drop_conn(&mut self, id: ConnId, message: &[u8], reason: &[u8]) {
        let Some(conn) = self.wires.conns.get(id) else { return };
        match &conn.phase {
            Phase::User(user) => self.remove_user(*user, message),
            Phase::Registering(draft) => {
                if let Some(nick) = &draft.nick {
                    let nick = fold(nick);
                    self.claims.remove(&nick);
                }
                let (peer, why) = (conn.peer.clone(), visible(reason));
                self.log(|| format!("client disconnected {peer:?}: {why}"));
            }
            Phase::Closing => return,
        }
        self.wires.close(id, reason, self.now.ms);
    }

    /// Takes a user out of the network, and lets those know who see it.
    pub fn remove_user(&mut self, user: UserId, message: &[u8]) {
        let line = self.from(user).word("QUIT").text(message).end();
        self.send_to_neighbours(user, &line);
        if let Some(gone) = self.state.remove_user(user, self.now) {
            let nick = String::from_utf8_lossy(&gone.nick).into_owned();
            let why = visible(message);
            self.log(|| format!("client disconnected {nick:?}: {why}"));
        }
    }

    /// Says in the log what has happened, if it's for events.
    pub fn log(&mut self, text: impl FnOnce() -> String) {
        if self.config.log >= Level::Events {
            self.wires.actions.push(Action::Log(text()));
        }
    }
}
