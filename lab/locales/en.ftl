# What a student reads in the terminal. Each key stands in fr.ftl as well, with the
# same placeholders: a test holds them together. No text in the code.

## Levels and verdicts

level-lab = lab
level-solid = solid
verdict-ok = ok
verdict-fail = FAIL
verdict-waits = waits
verdict-not-observed = ?
label-did = I did
label-expected = I expected
label-saw = I saw
label-usually = Usually
label-done = Done
step-done = All that the lab asks for is there.
step-solid = And it's solid: it passes what a real server meets.
step-not-solid = An invitation: see the row “solid”. A real server survives that too.
not-observed = not observed here: { $why }

## What a client did

did-connect = client { $client } connected
did-send = client { $client } sent "{ $bytes }"
did-half-close = client { $client } said that it would send no more
did-close = client { $client } left
did-reset = client { $client } vanished (reset)
did-start = I started the server

## What should have happened

expected-listen = the server to listen on the port it was given
expected-connect = to be able to connect
expected-echo = "{ $bytes }" back
expected-end = the server to close that connection
expected-sleep = the server to sleep again
expected-serve = the server to go on serving the others
expected-stays = that client to stay connected
expected-heard = client { $client } to read a line with "{ $bytes }"
expected-unheard = client { $client } not to read "{ $bytes }"
expected-once = "{ $bytes }" to be said once
expected-descriptors = no more descriptors open than before: { $before }
expected-family = clients from { $address } to be served
expected-restart = the server to start again at once on port { $port }

## What happened

saw-nothing = nothing; the server sleeps
saw-busy = nothing; the server is busy all the time
saw-bytes = "{ $bytes }"
saw-bytes-end = "{ $bytes }", then the end of the connection
saw-end = the end of the connection
saw-reset = the connection was reset
saw-refused = the connection was refused
saw-exit = the server ended with status { $status }. { $words }
saw-killed = the server was ended by signal { $signal }. { $words }
saw-panic = a thread panicked: see the server's stderr
saw-no-program = the program can't be started: { $error }
saw-daemon = it ended, and left a process in the background
saw-no-listener = it runs, and listens on no port
saw-other-port = it listens elsewhere: { $ports }
saw-descriptors = { $now } descriptors open, { $before } before

## Why something can't be judged

why-no-proc = this system has no /proc
why-busy = the server is busy before anybody comes
why-no-limit = the server doesn't start under such a limit
why-limit = { $error }
why-slow-accept = the clients couldn't all connect in time
why-no-family = this host has no { $address }

## The checks

check-answered = one client is answered
check-again = it's answered again and again
check-same-bytes = the very same bytes come back
check-any-bytes = bytes without a newline are a message too
check-end = a client that says no more gets the end
check-forgotten = a client that leaves is forgotten
check-next = the next client is served
check-second = a second client is answered while the first is silent
check-own-answer = an answer goes to the one who spoke
check-many = a dozen clients are served
check-together = two clients may leave at the same moment
check-last = whoever leaves, the others are served
check-nothing-left = a client that left leaves nothing behind
check-families = IPv4 and IPv6 clients are served
check-restart = the port is free for the next start
check-heard = what one says, all the others read
check-not-by-oneself = one doesn't read one's own words
check-both-ways = everybody may speak, again and again
check-chat-forgotten = a client that leaves is forgotten
check-chat-left = whoever leaves, the others hear each other
check-msg = MSG sends a message to the others
check-msg-whole = the message arrives whole
check-msg-unheard = one doesn't read one's own message
check-pieces = a command may come in pieces
check-glued = two commands may come in one piece
check-no-argument = a command without its argument harms nobody
check-unknown = an unknown command harms nobody
check-nick = NICK gives a name, which stands before one's messages
check-address = the first name is the address
check-arrival = an arrival is announced
check-departure = a departure is announced, once
check-who = WHO tells everybody's name
check-who-alone = WHO answers the one who asked
check-half-close = a question before the half-close is answered
check-quit = QUIT says goodbye, and closes
check-kill = KILL says why, and closes
check-kill-nobody = KILL of nobody harms nobody
check-telnet = a name may come from telnet
check-members = the members of a channel hear each other
check-other-channel = another channel hears nothing
check-outsider = who is in no channel neither speaks there nor hears
check-part = PART leaves the channel
check-one-channel = JOIN leaves the former channel
check-list = LIST tells each channel once
check-list-dead = an empty channel disappears
check-kick = KICK puts out of the channel, not of the server
check-kick-by-others = only the creator may KICK
check-kick-nick = the creator under another name may KICK
check-reset = a client that vanishes concerns nobody else
check-not-text-echo = any bytes come back
check-dead-listener = a listener that vanished concerns nobody else
check-not-text = bytes that are no text harm nobody
check-cut-character = a character may be cut in two
check-same-nick = two can't have the same name
check-reset-named = a client that vanishes leaves properly
check-slow = a client that doesn't read stops nobody else
check-no-descriptor = without a descriptor left, those who are there are served
check-thousand = 1,100 clients may come

## What that usually is

usually-no-program = The program isn't where I looked, or isn't allowed to run: does it compile?
usually-dies-at-once = Your server stops before it listens: read its last words above.
usually-ends-at-once = Your server reaches its end without waiting for anybody: it must listen, and then loop over accept.
usually-daemonizes = Stay in the foreground: a server that goes to the background can't be stopped by Ctrl-C.
usually-never-listens = Bind the socket to the port, then call listen: until then nobody can connect.
usually-other-port = The port is the first argument of your program: listen on that one.
usually-no-accept = The listening socket is gone: it must stay open as long as the server runs.
usually-closes-at-once = You close the client's socket too early: read what it says, answer, and close when recv returns 0.
usually-spins = Your server turns round and round without waiting: which call should block, and doesn't?
usually-crash = An error that concerns one client ended the whole server: handle it, close that client, go on.
usually-01a = You call accept again after each message: accept once per client, then loop on that client.
usually-01b = Your server answers once, and then no more: keep reading until recv returns 0.
usually-01c = You received the bytes but never sent them back.
usually-01d = You send the whole buffer: only the first n bytes are the message (`&buf[..n]`).
usually-01e = An echo gives back the very same bytes; you change or add some.
usually-01f = You read until the client closes: answer each time some bytes arrive.
usually-01g = You wait for a whole line, but TCP carries bytes: this step gives back whatever arrives.
usually-01h = recv returned 0: the client has left. You keep reading it for ever.
usually-01i = Your server stops, or stops serving, when its first client leaves: go back to accept.
usually-01j = A client that vanishes gives an error on its own socket: close that client and go on.
usually-01k = These bytes are not UTF-8: an echo needs no text; a chat must refuse or replace them, not stop.
usually-01l = You listen on IPv4 only: the lab opens an IPv6 socket that takes IPv4 clients as well (::ffff:…).
usually-v6-only = You take IPv6 clients only: clear the option IPV6_V6ONLY of the listening socket.
usually-01m = The port stays in TIME_WAIT after a stop: set SO_REUSEADDR before bind.
usually-02a = You start a thread and wait for it at once, or call handle yourself: clients are served one after another.
usually-02b = The conversation is over but a copy of the socket is still open: the client never sees the end.
usually-02c = Only some clients are served at a time: each needs a thread of its own.
usually-02d = The server survives but a thread panicked: handle the error instead of unwrap.
usually-02e = Your answer goes to the newest client: give each conversation its own socket, as an argument.
usually-03a = A client that left is still in your list: select says “ready” for ever, or fails. Close it and remove it.
usually-03b = You removed the client from the list without closing its socket.
usually-03c = select replaces your set by its answer: rebuild the set on every turn, with all clients.
usually-03d = The listening socket must be in the set on every turn.
usually-03e = After select, call recv once: a second recv would block, and everybody with it.
usually-03f = You remove from the list while walking it: when two leave at once, the numbers no longer fit.
usually-03g = nfds is the highest descriptor plus one, not the number of sockets.
usually-slow-echo = Your server waits for one client that doesn't take its echo, and the others wait with it.
usually-03h = select can't watch descriptors of 1024 and above: refuse that client, or use poll.
usually-03i = accept fails for want of descriptors, and the socket stays ready: leave it out of the set until a client leaves.
usually-04e = Your server waits for one slow reader, and the others wait with it: a queue per client, written when select allows it.
usually-04-mute = Nobody hears anything: on a message, walk over all clients and send it to each of the others.
usually-04-echo = You send it back to its sender: it must go to the others.
usually-04a = The sender must not receive its own message.
usually-04b = All the others must receive it; only some did.
usually-04c = One recipient has vanished: skip it, and go on with the others.
usually-04d = You removed another client than the one who left: did the numbers move?
usually-05-mute = MSG must send its text to all the others.
usually-05-raw = You relay the whole line: only what follows MSG is the message.
usually-05-who = WHO must tell the name of everyone who is connected.
usually-05a = TCP doesn't keep your messages apart: cut at newlines, one command each.
usually-05b = Half a command arrived: keep it until its newline comes.
usually-05c = Your buffer still holds a whole line: treat all of them before you go back to select.
usually-05d = The name ends with \r or \n: strip the end of the line.
usually-05e = Only the first space separates the command from its argument: the rest is the message, spaces included.
usually-05f = A character was cut between two segments: decode whole lines, not segments.
usually-05g = A command came without its argument: an index or unwrap fails. Answer with an error, and go on.
usually-05h = An unknown command is ignored, or told to its sender alone.
usually-05i = NICK renamed somebody else than its sender.
usually-05j = Two clients have the same name: KILL no longer knows whom.
usually-05k-prefix = Put the sender's name before each message.
usually-05k-address = Until NICK, a client's name is its address and port.
usually-05k-arrival = Tell the others when a client connects, with its address and port.
usually-05k-departure = Tell the others when a client leaves.
usually-05k-departure-nick = Announce a departure by the client's current name, not by its address.
usually-05k-who = WHO answers its sender alone.
usually-05l = The address of a client that has vanished can't be asked for: keep the one that accept gave.
usually-05m-silent = QUIT must send its message to the others before it closes.
usually-05m-open = QUIT must close the client's socket.
usually-05m-twice = This was announced twice: clean up in one place, and only once.
usually-05m-who = After QUIT the client is still in your tables: WHO tells it.
usually-05n = Nobody has that name: answer so, don't unwrap.
usually-05o-killer = KILL closed the one who sent it: close the victim's socket.
usually-05o-open = The victim was told and is still connected: close its socket.
usually-05o-nothing = KILL did nothing: find the client with that name, send it the message, close it.
usually-05o-mute = The victim must read the message before its connection closes.
usually-05o-who = The victim is still in your tables: WHO tells it.
usually-05p = The client said “I will send no more”, not “I am gone”: answer before you close.
usually-06-mute = The members of a channel must hear what is said there: MSG, the channel, the message.
usually-06-list = LIST must tell each channel's name to whoever asks.
usually-06a = Only the members of a channel hear what is said there.
usually-06a-outsider = Only the members of a channel may speak there.
usually-06b-part = After PART the client must hear nothing more of the channel.
usually-06b-keeps = One channel at a time: JOIN leaves the former one.
usually-06b-refused = JOIN of another channel must work for who is in one already.
usually-06c = Each channel is listed once, whatever the number of its members.
usually-06c-dead = Nobody is in that channel any more: it must not be listed.
usually-06d-closes = KICK puts out of the channel only: the client stays connected.
usually-06d-nothing = After KICK the client must hear nothing more of the channel.
usually-06d-anyone = Only the creator of the channel may KICK.
usually-06d-nick = The creator is a client, not a name: NICK must not take its right away.

## The command

about = The course runner of Causette: checks your server, and explains.
about-check = Check a step: your exercise, our solution, or any program.
about-run = Start your own server in the foreground, ready for nc.
about-list = List the steps.
argument-step = the step: 3, 03 or 03_select_echo; without it, all of them, up to the first that isn't done
option-cmd = check this program instead: a line of shell in which {"{port}"} is the port
option-solution = take our solution instead of your exercise
option-level = how much to ask: lab or solid
option-lang = the language: fr or en; else that of your environment
option-json = print the report as JSON
option-help = this help
usage = Usage: { $usage }
usage-lab = cargo lab [OPTIONS] COMMAND
usage-check = cargo lab check [STEP] [OPTIONS]
usage-run = cargo lab run STEP [OPTIONS]
usage-list = cargo lab list
heading-commands = Commands
heading-arguments = Arguments
heading-options = Options
exit-statuses = Exit status: 0 done, 1 not yet, 2 it could not be checked.
error-unknown-argument = I don't know the argument "{ $argument }".
error-unknown-command = I don't know the command "{ $argument }".
error-value = "{ $value }" is not possible for { $argument }.
error-value-missing = { $argument } needs a value.
error-conflict = { $argument } doesn't go with the other options.
error-missing = { $argument } is missing.
error-step = There is no step "{ $step }". The steps are: { $steps }.
error-cmd-step = Which step is it? Say so: cargo lab check 03 --cmd …
error-usage = The command can't be understood.
error-build = It doesn't compile yet: see above.
error-cargo = cargo can't be started: { $error }
for-help = For help: cargo lab --help
