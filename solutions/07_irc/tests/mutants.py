#!/usr/bin/env python3
"""Shows that the tests of the IRC server can fail.

Each mutant is the server with one thing broken, and the tests that must see it: a
file of `tests`, and the beginning of a name in it where that helps. Works on a copy
in target/mutants-irc.

    python3 solutions/07_irc/tests/mutants.py           all of them
    python3 solutions/07_irc/tests/mutants.py REGEX     those whose name matches
    python3 solutions/07_irc/tests/mutants.py --words   says which name words that are
                                                        no longer there, and plays none
"""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests"))

from mutation import copy_tree, say_out_of_date

COPY = ROOT / "target" / "mutants-irc" / "tree"
TARGET = ROOT / "target" / "mutants-irc" / "target"
SOURCE = "solutions/07_irc/src/"

# What is broken, where, the words to replace, their replacement, who must see it.
MUTANTS = [
    # The grammar.
    ("only LF ends a line", "line.rs", r"matches!(byte, b'\r' | b'\n')", r"matches!(byte, b'\n')", "cases"),
    ("a line without a limit", "line.rs", "length.min(LIMIT)", "length", "cases every_case"),
    ("a long line is kept whole", "line.rs", "        self.bytes.truncate(LIMIT);\n", "", "properties lines_are"),
    ("what is heard stays in the buffer", "line.rs", "        self.bytes.drain(..self.start);\n        self.start = 0;\n        if bytes", "        if bytes", "properties lines_that"),
    ("NUL is a byte", "line.rs", "if bytes.contains(&0) {", "if false {", "cases every_case"),
    ("a reply without a limit", "line.rs", "cut(&mut self.bytes, LIMIT);", "", "cases every_case"),
    ("a space where the line was cut", "line.rs", "while self.bytes.last() == Some(&b' ') {", "while false {", "crowd a_cut"),
    ("cut within a character", "line.rs", "bytes.truncate(begin.unwrap_or(most));", "let _ = begin; bytes.truncate(most);", "cases every_case"),
    ("an empty parameter vanishes", "message.rs", "Some(text) => (text, &b\"\"[..]),", "Some(text) => (if text.is_empty() { b\"x\" } else { text }, &b\"\"[..]),", "cases every_case"),
    ("a list of commas is met with silence", "message.rs", "itself.into_iter().chain(named)", "itself.into_iter().take(0).chain(named)", "cases every_case"),
    ("an empty parameter is one", "command/mod.rs", "message.word(least - 1)", "message.parameter(least - 1)", "cases every_case"),
    ("14 parameters", "message.rs", "MOST_PARAMETERS: usize = 15", "MOST_PARAMETERS: usize = 14", "properties of_many_words"),
    ("ASCII case only", "names.rs", "b'A'..=b'^' => byte + 32", "b'A'..=b'Z' => byte + 32", "cases every_case"),
    ("a nick may begin with a digit", "names.rs", "first.is_ascii_alphabetic() || is_special(first)", "first.is_ascii_alphanumeric() || is_special(first)", "cases every_case"),
    ("a star never takes more", "mask.rs", "star = Some((at, taken + 1));", "return false; #[allow(unreachable_code)] { star = Some((at, taken + 1)); }", "properties masks"),
    ("a word of a reply may be two", "numeric.rs", "if !is_text && argument.is_a_word() {", "if false {", "cases every_case"),
    # Registration.
    ("a prefix says who speaks", "command/mod.rs", "if !nick.is_some_and(|nick| names::same(nick, own)) {", "if nick.is_none() {", "cases every_case"),
    ("anyone may come", "command/registration.rs", "Some(right) if draft.password.as_deref()", "Some(right) if false && draft.password.as_deref()", "cases every_case"),
    ("a claimed nick is free", "command/registration.rs", "claimer.is_some_and(|claimer| claimer != conn)", "claimer.is_some_and(|_| false)", "cases every_case"),
    ("a claim for ever", "server.rs", "self.claims.remove(&nick);", "let _ = nick;", "cases every_case"),
    ("the same nick is told", "command/registration.rs", "if &*old == nick {", "if old.is_empty() {", "cases every_case"),
    ("CAP doesn't wait", "command/registration.rs", "draft.negotiating = true;", "", "cases every_case"),
    ("unregistered ones aren't counted", "wires.rs", "self.unregistered -= usize::from(is_new);", "let _ = is_new;", "cases every_case"),
    ("K lines are for show", "command/registration.rs", "config.ban.iter().find(fits) {", "config.ban.iter().find(|it| fits(it) && name.is_empty()) {", "cases every_case"),
    # Channels.
    ("everyone is operator", "state.rs", "let operator = members.is_empty();", "let operator = true;", "cases every_case"),
    ("an empty channel stays", "state.rs", "self.channel_names.remove(&fold(&gone.name));", "", "cases every_case"),
    ("invitations for ever", "state.rs", "self.forget_invitation(id, channel);\n        let members", "let members", "cases every_case"),
    ("an invitation is of no use", "command/channels.rs", "let is_invited = channel.invited.contains(&user);", "let is_invited = false;", "cases every_case"),
    ("anyone's invitation counts", "command/channels.rs", "        if is_operator {\n            let most", "        {\n            let most", "cases every_case"),
    ("no limit", "command/channels.rs", "channel.members.len() >= limit", "channel.members.len() > limit", "cases every_case"),
    ("keys out of order", "command/channels.rs", "keys.next().unwrap_or_default()", "keys.find(|key| !key.is_empty()).unwrap_or_default()", "cases every_case"),
    ("secret channels are named", "channel.rs", "!self.flags.private && !self.flags.secret", "!self.flags.private", "cases every_case"),
    ("a key for everybody", "command/channel_modes.rs", "it.modes(it.has(user))", "it.modes(true)", "cases every_case"),
    ("a ban may begin with a colon", "command/channel_modes.rs", "|| ban[0] == b':'", "", "cases every_case"),
    ("367 is cut within the time", "command/channel_modes.rs", "false => short,", "false => line(&more),", "cases every_case"),
    ("a word too many is modes", "message.rs", "number == 0 ||", "true || number == 0 ||", "cases every_case"),
    ("as many parameters as one likes", "command/channel_modes.rs", "if with_parameter > MOST_PARAMETERS {", "if with_parameter > 100 {", "cases every_case"),
    ("what is so is told", "command/channel_modes.rs", "if *right != change.on {", "if *right != change.on || change.on {", "cases every_case"),
    ("modes without right", "command/channel_modes.rs", "if !server.state.channels[channel].is_operator(user) {", "if false {", "cases every_case"),
    ("KICK without right", "command/channels.rs", "if !server.state.channels[channel].is_operator(user) {", "if false {", "cases every_case"),
    ("TOPIC without right", "command/channels.rs", "if it.flags.topic && !it.is_operator(user) {", "if false {", "cases every_case"),
    ("an empty topic is one", "command/channels.rs", "let is_cleared = signed.text.is_empty();", "let is_cleared = false;", "cases every_case"),
    ("a space at the end of 353", "line.rs", "            texts.push(mem::take(&mut text));\n", "            text.push(b' ');\n            texts.push(mem::take(&mut text));\n", "crowd"),
    ("names are lost", "line.rs", "    if !text.is_empty() {\n        texts.push(text);\n    }\n", "", "crowd"),
    ("a mode is cut", "command/channel_modes.rs", "if length > room && !letters.is_empty() {", "if false && length > room {", "cases every_case"),
    ("JOIN 0 joins what it leaves", "command/channels.rs", "if zero.is_none_or(|zero| zero < number) {", "if zero.is_none_or(|_| true) {", "cases every_case"),
    ("the whole list is answered", "command/users.rs", "if !is_all || !is_whole {", "if !is_whole {", "cases every_case"),
    ("more than TARGMAX is answered", "command/users.rs", "asked.into_iter().take(targets)", "asked.into_iter().take(1_000)", "cases every_case"),
    ("twice the same item", "command/target.rs", "if !asked.iter()", "if true || !asked.iter()", "cases every_case"),
    # Messages.
    ("one hears oneself", "command/messages.rs", "server.send_to_channel(channel, &line, Some(user));", "server.send_to_channel(channel, &line, None);", "crowd a_message"),
    ("a NOTICE is answered", "command/messages.rs", "if command == \"PRIVMSG\" {", "if !command.is_empty() {", "cases every_case"),
    ("the moderated speak", "command/messages.rs", "let is_silent = it.flags.moderated", "let is_silent = false", "cases every_case"),
    ("the banned speak", "command/messages.rs", "(!it.bans.is_empty()", "(it.bans.is_empty()", "cases every_case"),
    ("masks for everybody", "command/messages.rs", "if !server.state.users[user].modes.operator {", "if false {", "cases every_case"),
    ("seen leaving twice", "server.rs", "conns.dedup();", "", "crowd who_leaves"),
    # Users.
    ("who hides is found", "state.rs", "|| !self.users[user].modes.invisible", "|| true", "cases every_case"),
    ("a long answer ends who asks", "wires.rs", "conn.queue.len() <= self.most / 2", "true", "crowd a_long_answer"),
    ("one may search for as much as one likes", "command/users.rs", "let is_whole = number < most && {\n            let channel", "let is_whole = number < 1_000 && {\n            let channel", "cases every_case"),
    ("the most there were is now", "state.rs", "self.most_users.max(self.users.len())", "self.most_users.max(1)", "cases every_case"),
    ("VERSION without what it supports", "command/queries.rs", "        support::tell(server, user);\n", "", "cases every_case"),
    ("the oldest first", "history.rs", "numbers.rev().filter_map", "numbers.filter_map", "cases every_case"),
    ("a history without end", "history.rs", "if self.entries.len() > KEPT {", "if false {", "crowd history"),
    ("a chase by the clock on the wall", "history.rs", "now.ms.saturating_sub(last.at.ms) <= CHASE", "now.unix.saturating_sub(last.at.unix) <= CHASE / 1_000", "cases every_case"),
    ("a chase for ever", "history.rs", "<= CHASE)", "<= CHASE * 100)", "cases every_case"),
    ("six of USERHOST", "command/users.rs", ".take(5)", ".take(6)", "cases every_case"),
    ("everyone is told what the file says", "core.rs", "self.server.notice_watchers(what, true);", "self.server.notice_watchers(what, false);", "cases every_case"),
    ("+o for the asking", "command/user_modes.rs", "b'o' if on => {}", "b'o' if on && letters.is_empty() => {}", "cases every_case"),
    ("operators aren't asked", "command/mod.rs", "if server.state.users[user].modes.operator {", "if true {", "cases every_case"),
    # Time.
    ("no PING", "core.rs", "self.server.wires.send(id, &line.end());", "let _ = line.end();", "cases every_case"),
    ("no time-out", "core.rs", "self.hung_up(id, &reason);", "let _ = reason;", "cases every_case"),
    ("one may take one's time to register", "core.rs", "self.server.drop_conn(id, reason, reason);\n                return;", "let _ = reason;\n                return;", "cases every_case"),
    ("no flood control", "core.rs", "conn.flood.spend(pace);", "let _ = pace;", "cases every_case"),
    ("cut while it isn't heard", "core.rs", "(conn.heard, conn.pinged) = (now, None);", "", "crowd one_that_is_not_heard"),
    ("held for ever", "core.rs", "                self.execute_lines(id);\n", "", "cases every_case"),
    ("as many from one address as like", "core.rs", "*count > per_address && !is_exempt", "*count > per_address && is_exempt", "cases every_case"),
    ("addresses are never forgotten", "core.rs", "*count -= 1;", "", "cases every_case"),
    # The queue and the loop.
    ("a queue without end", "outqueue.rs", "if self.bytes + line.len() > most {", "if most == 0 {", "server abuse::a_client_that_does_not_read"),
    ("what was half written is written again", "outqueue.rs", "self.written = count;", "self.written = 0;", "cases every_case"),
    ("what is held back is read", "core.rs", "const INPUT_LIMIT: usize = 8 << 10;", "const INPUT_LIMIT: usize = 64 << 20;", "server abuse::what_flood"),
    ("a queue that fills within a turn", "event_loop.rs", "if self.core.take_pressed() {", "if self.core.take_pressed() && false {", "server abuse::many_who_talk"),
    ("a log longer than memory", "wires.rs", "self.actions.len() < LOGGED {", "true {", "crowd a_log"),
    ("a timer for each time", "wires.rs", "Some(due) => self.timers.remove(due, id),", "Some(_) => {}", "cases every_case"),
    ("who is gone has a timer", "wires.rs", "        if let Some(due) = conn.due {\n            self.timers.remove(due, id);\n        }\n", "", "cases every_case"),
    ("a farewell without end", "wires.rs", "        self.wake(id, now + FAREWELL);\n", "        let _ = (now, FAREWELL);\n", "cases every_case"),
    ("new limits are for newcomers", "core.rs", "        self.server.wires.most = config.limits.sendq.size();\n", "", "crowd who_does_not"),
    ("a log that waits", "logging.rs", "if !takes_more() {", "if false {", "server command_line::nobody_needs"),
    ("nobody is told of the end", "core.rs", "self.server.wires.close(id, reason.as_bytes(), self.server.now.ms);", "let _ = (id, reason);", "server ending::sigterm"),
    ("the end waits for all", "event_loop.rs", "if left.is_zero() {", "if left.is_zero() && events.is_empty() && false {", "server ending::one_who_does_not_read"),
    ("newcomers wait for ever", "event_loop.rs", "            door.is_ready = true;\n", "            let _ = door;\n", "server abuse::without_a_descriptor"),
    ("the loop never sleeps", "event_loop.rs", "true => self.until_next_due(),", "true => Some(Duration::ZERO),", "server abuse::idle_clients"),
    ("SIGHUP ends it", "event_loop.rs", "SIGHUP => self.core.ask_for_rehash(),", "SIGHUP => self.end = Some(End::Stop),", "server configuration::sighup"),
    ("a wrong line number", "config.rs", "byte == b'\\n').count() + 1", "byte == b'\\n').count()", "server configuration::a_wrong_file"),
    ("a cycle", "names.rs", "/// The longest channel name", "#[allow(unused_imports)]\nuse crate::server as _;\n/// The longest channel name", "structure"),
]


def sees(witness):
    """Do these tests fail? None: it doesn't compile."""
    test, *name = witness.split(" ")
    environment = dict(
        os.environ, CARGO_TARGET_DIR=str(TARGET), CAUSETTE_DEADLINE="10", RUST_BACKTRACE="0"
    )
    # A group of its own: a test that never ends has to end with cargo.
    run = subprocess.Popen(
        ["cargo", "test", "--quiet", "-p", "irc", "--test", test, "--", *name],
        cwd=COPY, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True,
    )
    try:
        stdout, stderr = run.communicate(timeout=300)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        return True
    if "test result:" not in stdout:
        print(stderr[-1500:])
        return None
    return run.returncode != 0


def main():
    if sys.argv[1:] == ["--words"]:
        return say_out_of_date(ROOT / SOURCE, MUTANTS)
    wanted = re.compile(sys.argv[1] if len(sys.argv) > 1 else "")
    copy_tree(ROOT, COPY)
    survivors = []
    for name, file, old, new, witness in MUTANTS:
        if not wanted.search(name):
            continue
        path = COPY / SOURCE / file
        text = path.read_text()
        if old not in text:
            survivors.append(f"{name}: these words are not in {file}")
            continue
        path.write_text(text.replace(old, new, 1))
        seen = sees(witness)
        path.write_text(text)
        print({True: "seen", False: "MISS", None: "??  "}[seen], name, flush=True)
        if not seen:
            survivors.append(f"{name}: {witness}")
    for line in survivors:
        print("survivor:", line)
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
