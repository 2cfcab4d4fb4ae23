# Hints, on two rungs each: `-ask` makes the student look at the right place, `-how` is nearly the
# code, in words. The one between points into the book: lab/src/hints.rs. A hint never
# gives the solution's line. Each key stands in hints.fr.ftl as well.

## Before anybody is served

hint-no-program-ask = Which program was I to start? Type that very command yourself, in the folder of the course. What does the shell say?
hint-no-program-how = A path that is wrong from this folder, or a file that may not be executed. Your own exercise is found without any path: `cargo lab check 1`.
hint-dies-at-once-ask = Read the server's last words in the report again. Which of your calls could have said that, and what was it given?
hint-dies-at-once-how = Few calls stand between the start and `listen`, and each returns a `Result`. Put a `println!` before each of them: the last one that shows is before the culprit. The `?` on it is right; its argument isn't.
hint-dies-silently-ask = Your server gives up without a word. Where does it leave: a `return`, the end of a function, `process::exit`?
hint-dies-silently-how = Let the error come out. `serve` returns an `io::Result`, and whoever calls it prints the error: hand it on with `?`, rather than swallow it with `let _ =` or `.ok()`.
hint-ends-at-once-ask = What does your server do after `listen`? Follow it with your finger, line by line: which line waits for somebody?
hint-ends-at-once-how = After `listen` comes a `loop` that nothing leaves, and the first thing in it is a call that sleeps until somebody is there: `accept`, later `select`.
hint-daemonizes-ask = Your server runs: does Ctrl-C in its terminal stop it? Who is it, then, that still listens?
hint-daemonizes-how = Start no other process, and don't detach. The program that was started must itself be the one that serves, until it's stopped.
hint-never-listens-ask = The server runs, and no port is open. Which two calls make a plain socket one at which clients can knock? Does your program get to both?
hint-never-listens-how = `bind` gives it its address, the one that `open_listener` receives; `listen` opens it. In this order, before the first `accept`, and on the socket that the function returns.
hint-other-port-ask = On which port does the report see your server, and which one was it given? Where does the one that you use come from?
hint-other-port-how = The port is part of `address`, which `open_listener` receives: bind to that, and write no number yourself. Without any `bind`, the system takes a port at random.
hint-no-accept-ask = Who owns the listening socket in your code, and where does that variable end? In Rust, that's where it's closed.
hint-no-accept-how = It must live as long as the loop. Make it outside, and lend it (`&listener`) to whoever needs it instead of giving it away.
hint-never-accepts-ask = Somebody is at the door. Which call lets them in? In which call does your server sleep instead? A `println!` before each tells.
hint-never-accepts-how = In steps 01 and 02 the server waits in `accept` itself. With `select`, the door must be in the set, and `accept` is called once `select` has named it.
hint-never-reads-ask = The client is in, and has spoken. On which socket do you read: on the one that listens, or on the one that `accept` gave?
hint-never-reads-how = `accept` gives a new socket, and that one alone carries this client's words. Read from it, again and again, until it says 0.
hint-closes-at-once-ask = In Rust a socket is closed where its owner ends. Who owns the client's socket, and at which line does that variable end?
hint-closes-at-once-how = It must live until `read` has said 0. Give it to the function that holds the conversation, and see by which ways that one returns: an early `return`, a `?`, an `Err` in the last line all close it.
hint-spins-ask = Something is asked again and again, without a wait. Put a `println!` into each loop: which one scrolls by? Which call in it should sleep?
hint-spins-how = Usual suspects: a `read` that says 0, or an error, and a loop that goes on all the same; a socket made non-blocking. On 0 leave the loop; on an error too, unless it's `Interrupted`.
hint-crash-ask = Read the last words in the report: which line ended the server? Was it about one client, or about the server itself?
hint-crash-how = What goes wrong with one client must stay with it. In the function that has the loop over all of them, no `?` and no `unwrap` on it: look at the `Result` (`if let Err(error) = …`), log it, close that client, go on.
hint-stops-ask = The server ended, and without an error. Which loop did it leave, and by what: a `return`, a `break`, the end of a function?
hint-stops-how = The outermost loop has no end: nothing that a client does leaves it. A `return` belongs into the function of one client.
hint-no-build-ask = Read only the *first* error; the others often follow from it. What did the compiler expect, and what did it find?
hint-no-build-how = What stands behind `help:` is often right. `rustc --explain E0502`, with the number of your error, tells the whole story. If all is lost: take out what you wrote last until it compiles, then put it back in smaller pieces.
hint-panicked-ask = A panic names a file and a line: go there. Which `unwrap`, `expect`, `insert` or index in brackets stands in it, and what did it count on?
hint-panicked-how = Say what shall happen in the other case: `match` or `if let` for a `Result` or an `Option`, `.get(i)` in place of the brackets. Is it one client's trouble? Then that client is closed, and the loop goes on.
hint-address-in-use-ask = The port is taken. By whom: a server of yours that still runs in some terminal, or a connection that ended a moment ago?
hint-address-in-use-how = `ss -tlnp` tells who listens. If nobody does, an old connection holds the port: there's an option of the socket, set before `bind`, that says you don't mind.

## Step 01

hint-01a-ask = A client says three things. How often is `accept` called? Put a `println!` before it, and count.
hint-01a-how = Two loops, one in the other. The outer one accepts a client; the inner one, in `handle`, reads and answers until `read` says 0. No `accept` in the inner one.
hint-01b-ask = The first message was answered. Which line comes after that answer, and is there a way from there back to `read`?
hint-01b-how = Reading and answering go into a `loop`, which only two things leave: `read` says 0, or an error.
hint-01b-thread-ask = After one answer, the connection is closed. Does `handle` return too early? Or does somebody else close the socket?
hint-01b-thread-how = `handle` has two ways out, `read` saying 0 or an error. And the socket belongs to the thread alone: `move` takes it into the closure, and nothing of it stays outside.
hint-01c-ask = The bytes are in your buffer. What becomes of them? Which call carries bytes to a client, and on which socket?
hint-01c-how = Right after the read, write what has come, on the same socket. It's `write_all` on a `TcpStream`, and `send` on a `Peer`.
hint-01c-dies-ask = The server ended as soon as somebody spoke. Its last words are in the report: on which socket did it read or write?
hint-01c-dies-how = Only `accept` works on the listening socket; read and write on the one that it gives. And see in what `handle` ends: `Ok(())` when all went well, not an error.
hint-01d-ask = Type a long line, then `ok`. What comes back the second time? How many bytes of your buffer are new by then?
hint-01d-how = `read` gives a number: the message is so many bytes, from the beginning of the buffer; all behind it is old. Send the slice that ends there.
hint-01e-ask = Compare, in the report, what was sent and what came back, sign by sign. What is missing, added, changed? Which call does such things: `trim`, `format!`, `lines`?
hint-01e-how = Make no text of it. The bytes in the buffer go out as they came, the first `n` of them, with nothing added and nothing taken off.
hint-01f-ask = Your server answers once the client has closed. Which call waits for the end: `read_to_end`, `read_to_string`, a loop that only collects?
hint-01f-how = A single `read` gives what has come so far, be it one byte. Answer inside the loop, after each of them.
hint-01g-ask = The client has sent some bytes, and no newline. What is your call waiting for?
hint-01g-how = `read_line`, `lines` and their like wait for the end of a line. A plain `read` takes what is there: in this step, that's the one.
hint-01h-ask = What does `read` give once the client will send no more? Print it: how often do you see it?
hint-01h-how = 0 is its last word. That case comes first, before anything is sent: leave the loop and the function, and the socket is closed with its owner.
hint-01i-ask = A client has left. Which line does your server come to, and how does it get from there to where it waits for the next one?
hint-01i-how = Around the wait for a client and the conversation with it there is a `loop`, which nothing leaves. The conversation may return; the loop goes on to the next.
hint-01j-ask = A client that vanishes makes a read or a write fail. Follow that error: which `?` hands it on, and who gets it in the end?
hint-01j-how = Inside the conversation, `?` is right: it ends that one. In the loop over all clients, look at the result instead (`if let Err(error) = …`): log it, close that client, go on.
hint-01k-ask = In UTF-8, no character contains the byte 0xFF. Where do you make text of bytes, and what happens if they are none?
hint-01k-how = An echo needs no text: leave them bytes. A chat needs lines: `String::from_utf8_lossy` never fails, and puts a mark in place of what isn't text. Or refuse the line, and keep the client.
hint-01l-ask = Try `nc -4 localhost 7777`, then `nc -6 localhost 7777`: which one gets in? Of which family is your socket, and to which address is it bound?
hint-01l-how = The family is that of the address you are given: `Domain::for_address`. An IPv6 socket takes IPv4 clients as well, if it isn't told to be for IPv6 only.
hint-01l-v6-ask = `nc -4 localhost 7777` doesn't get in. What has your socket been told about IPv4, by an option, or by its address?
hint-01l-v6-how = Bind to the address that you are given, `[::]`, which means any. And say, before `bind`, that the socket isn't for IPv6 only: `set_only_v6` wants a false there.
hint-01m-ask = Start your server, connect with `nc`, stop the *server*, start it again at once. What does it say, and who holds the port?
hint-01m-how = The system does, for a minute: the server's end of that connection is in TIME_WAIT. The option SO_REUSEADDR says that you don't mind. Set it on the socket, before `bind`.
hint-01m-held-ask = Your server is stopped, and somebody still listens on its port. Which process is it (`ss -tlnp`), and who started it?
hint-01m-held-how = A process that your server starts inherits its sockets. Start none, or end it together with the server.

## Step 02

hint-02a-ask = Alice is connected, and says nothing. At which line is your main thread at that moment?
hint-02a-how = It must be back in `accept`. Give the closure to `spawn` instead of calling it, and don't wait for the thread (no `join`): what `spawn` returns may be dropped.
hint-02b-ask = `handle` has returned, and the connection is still open. Who else has that socket: a clone, a list, a variable outside the thread?
hint-02b-how = A socket is closed when the last of its owners is gone. `move` the only one into the closure, and keep no copy.
hint-02c-ask = A dozen clients are connected. How many threads has your server (`ls /proc/PID/task`), and when does it start a new one?
hint-02c-how = One `accept`, one thread: it's started right behind, for this client alone, whatever the others are doing. No fixed number of workers.
hint-02d-ask = The server lives, but one of its threads died: the report has its last words. Which line is it, and on what did it count?
hint-02d-how = Let `handle` return its errors (`?`). In the closure, look at what it returns: if it's an `Err`, a line in the log, and the thread ends in peace. The socket closes with it.
hint-02e-ask = Two clients speak in turn. Which variable says where the answer goes, and who else changes it?
hint-02e-how = Each conversation needs a socket of its own: moved into the closure, or given as an argument. Nothing that the main thread changes at the next `accept`.
hint-02-crowd-ask = Of a thousand threads, the system refuses one. What does `thread::spawn` do then, and what does the `spawn` of a `Builder`?
hint-02-crowd-how = The second returns a `Result`. If it's an `Err`, a line in the log, and on to the next client. The refused one is closed together with the closure.
hint-02-unread-ask = The client was accepted. And then? Is your closure called, is it given to a thread, or is it only made?
hint-02-unread-how = A closure does nothing until somebody calls it. `spawn` has it called by a thread; inside, `handle` gets the client's socket, which came along with `move`.

## Step 03

hint-03a-ask = What does `recv` return when a client has left? Print it: how many times a second do you see it?
hint-03a-how = Who is `Gone` must be closed *and* leave the list, or `select` calls it ready at every turn. Compare what `handle` and `flush` return with `Err(Gone)`, and after both walks keep only those who haven't left.
hint-03b-ask = The client is off your list, and its connection is still open. Who owns its socket now?
hint-03b-how = A socket is closed when it's dropped. `clients.retain(…)` drops those that it doesn't keep; a second list, or a clone, keeps them alive.
hint-03c-ask = What was in your set before `select`, and what is in it after? Print it at two turns running.
hint-03c-how = `select` leaves only those who are ready. So each turn begins with a new, empty set, and everybody goes in again: all clients, and the door.
hint-03d-ask = A newcomer stays outside. Is the door in the set at *every* turn, also after somebody has spoken or left?
hint-03d-how = It goes in at the top of the loop, beside the clients, and not once before it. After `select`, ask whether it's still there.
hint-03-unwatched-ask = Somebody has spoken, and `select` sleeps on. Which sockets did you put into the set?
hint-03-unwatched-how = Before `select`, walk over `clients` and put each of them in. After it, ask for each of them whether it's still there: these places make up `ready`.
hint-03-newest-ask = After `select`, from whom do you read: from the one it names, or from the last who came?
hint-03-newest-how = `ready` holds the places, in `clients`, of those who are still in the set. Read from these, each in its turn, and from nobody else.
hint-03-spins-ask = Nobody says a word, and `select` returns at once. Whom does it call ready? Has it a time limit?
hint-03-spins-how = A socket nearly always has room: so only those to whom you owe bytes (`has_unsent`) go into `writable`. And the last argument of `select` is `None`: wait as long as it takes.
hint-03-late-ask = A client sends megabytes, and reads them a moment later. Its socket has taken only a part at first. Who wakes your server up when there is room for the rest?
hint-03-late-how = Whoever has unsent bytes (`has_unsent`) is in `writable`, and not in `readable`, or the queue overflows. And look at the third argument of your `select`: with `None`, the set was filled in vain.
hint-03e-ask = After one `select`, how many times do you read from the same client? What does the second time find?
hint-03e-how = `select` promises one read that doesn't wait, no more. Take what it gives, and go on to the next client; if there is more, the next `select` will say so.
hint-03e-newcomer-ask = Somebody connects, and keeps silent. In which call is your server then?
hint-03e-newcomer-how = After `accept`, a newcomer only goes into the list. Nobody has said that it has spoken: that's for `select` to tell, at the next turn.
hint-03f-ask = Of four clients, numbers 1 and 2 leave in the same turn. You take out number 1. Which number has the other one now?
hint-03f-how = During the walk, those who leave are only marked (`close`). After it, all at once, the others are kept (`retain`).
hint-03g-ask = What is the first argument of your `select`? An early client leaves, a new one comes: which descriptor does that one get?
hint-03g-how = It's the highest descriptor of all that are in the sets, plus one. Numbers are given out again, so the newest isn't always the highest. `None` lets `select` find out.
hint-04e-echo-ask = Alice sends megabytes, and reads nothing. In which call is your server then, and who waits behind her?
hint-04e-echo-how = Write no more than her socket takes now, and keep the rest in her queue. As long as there is a rest she's in `writable`, and *not* in `readable`.
hint-03h-ask = A set of `select` has 1024 places, for the descriptors 0 to 1023. What becomes of number 1024 in your code?
hint-03h-how = `insert` panics from there on. Look at the number before, and refuse that one client. `door.accept` does so already, if all newcomers come through it.
hint-03i-ask = No descriptor is left, and somebody is at the door. What does `accept` answer, and is that somebody still there at the next turn?
hint-03i-how = Yes, and so `select` never sleeps. As long as there is no room, the door isn't in the set: `is_open` knows.
hint-03i-thread-ask = No descriptor is left. What does `accept` answer, and what does your `?` make of that?
hint-03i-thread-how = It's an error that passes, once somebody leaves. Nothing tells when: sleep for a tenth of a second, and try again. `accept_patiently` does.

## Step 04

hint-04e-ask = One client doesn't read. In which call does your server wait for it, and who waits along?
hint-04e-how = Each client has a queue: `send` only adds to it, and `flush` writes what the socket takes, when `select` says that there is room. A client whose queue is full is `Gone`.
hint-04-mute-ask = Somebody speaks, and nobody hears it. Is `broadcast` called? Over whom does it walk?
hint-04-mute-how = `handle` hands the message to `broadcast`, which walks over all clients: `iter_mut()`, with `enumerate()` for their places. Each gets it by `send`, except who spoke.
hint-04b-echo-ask = Who gets the message now, who spoke or the others? Three `nc` show it.
hint-04b-echo-how = `clients[i].send(…)` was the echo. In a chat the message goes through `broadcast`, which walks over everybody.
hint-04a-ask = You walk over all clients. How do you know, on the way, which of them has spoken?
hint-04a-how = `from` is the speaker's place. Let `enumerate()` count the places along the way, and do nothing at that one.
hint-04b-ask = Some have heard it, others haven't. What ends your walk early: a `return`, a `break`, a `?`? Where does it begin?
hint-04b-how = Walk over the whole list. Who has spoken is skipped by a condition, which doesn't end the walk; nor does a recipient's error.
hint-04c-ask = A recipient has vanished, and `send` says so. Who pays for it in your code: that one, the one who spoke, or all who come behind?
hint-04c-how = No `?` in the walk. Look at what `send` returns: if it's `Err(Gone)`, close *that* client, and go on to the next.
hint-04d-ask = One client left, and another lost its place. By which number did you close it, and what had become of the list since you noted that number?
hint-04d-how = As long as you go by numbers, the list mustn't get shorter. Mark who leaves with `close`; take them off after all walks, in one go.

## Step 05

hint-05-mute-ask = What does your server make of `MSG hello`? Put a `dbg!` on what `Command::parse` gives, and on what `msg` answers.
hint-05-mute-how = `cut` must give two pieces, the word and the rest. Then `msg` answers with a single effect: the text, said (`say`) to the others (`others`), from the sender's nick.
hint-05-raw-ask = What did the others read, word by word? Which part of the line is the command, and which the message?
hint-05-raw-how = Only the argument goes out, the part that `Command::Msg` carries: not the whole line.
hint-05-who-ask = Three clients are there. Which nicks are in your answer, and which in `self.members`?
hint-05-who-how = Walk over all members, take the nick of each, join them with spaces, and say the result to who asked.
hint-05a-ask = Does each `recv` bring exactly one line? Try `printf 'MSG a\nMSG b\n' | nc localhost 7777`, and print what each one gives.
hint-05a-how = All that comes goes into a buffer, and lines are cut from there, one at each newline. `recv_lines` does the first, `next_line` the second, until it gives `None`.
hint-05b-ask = First `MS` comes, a second later `G hello` and a newline. What does your code do with `MS`?
hint-05b-how = It waits in the client's buffer. A command is what stands before a newline; as long as there is none, there is nothing to execute.
hint-05b-shared-ask = Two clients each send half a line. Where does each half wait?
hint-05b-shared-how = In a buffer that belongs to its client: a field of it, made when it comes, gone when it leaves. A `Peer` has one inside.
hint-05c-ask = Two lines came in one piece. How many are executed before `select` is called again? And when does the other get its turn?
hint-05c-how = `select` only knows of bytes in the socket, and that line is in your buffer already. So a loop: as long as there is a whole line (`while let`, not `if let`), execute it.
hint-05d-ask = Print the nick with `dbg!`. What stands behind its last letter?
hint-05d-how = telnet ends a line with `\r\n`. Take both off, from the line or from the nick: `trim` and `trim_end` take `\r` for a space.
hint-05d-command-ask = From telnet, `WHO` isn't `WHO`. Print the command with `dbg!`: what stands behind its last letter?
hint-05d-command-how = First take off the end of the line, `\n` and also `\r`; then look which command it is.
hint-05e-ask = `MSG one  two` has three spaces. Which of them separates, and what became of the others?
hint-05e-how = Cut once, at the first space (`split_once`): what follows is the argument as it stands. `split_whitespace` forgets how many there were.
hint-05f-ask = In UTF-8, é is two bytes. What if one comes now, and the other with the next `recv`? Where do you decode?
hint-05f-how = Keep bytes until the line is whole: a newline never stands inside a character. Then decode the line.
hint-05g-ask = Send `NICK` alone, then `KILL` alone, then an empty line. On what does your code count, each time?
hint-05g-how = An argument may be empty. Check that first, and answer with an `Err`, which its sender alone reads. Look out for `unwrap`, `expect`, and indexes in brackets.
hint-05h-ask = Send `FROB hello`. Which arm of your `match` takes it, and who hears of it?
hint-05h-how = Its sender at most. The last arm is an `Err` with a word of why; the others are sent nothing, and nobody is closed.
hint-05i-ask = Alice sends NICK, and another one is renamed. Which member does your code change?
hint-05i-how = `me` is the sender's place in `self.members`: that one, and not the first or the last.
hint-05j-ask = Two clients want to be `bob`. Whom would `KILL bob` hit?
hint-05j-how = Before anything changes: has any member this nick already? `iter().any(…)` tells. Then refuse, with an `Err`.
hint-05j-empty-ask = After `NICK` alone, what is the client called? What do the others read before its next message?
hint-05j-empty-how = First check, then change. `check_word` refuses what is empty, and `?` brings its reason to the sender; the old nick stays.
hint-05k-prefix-ask = Alice sends `NICK alice`, then `MSG hello`. Which name did Bob read, and where does your `msg` get it?
hint-05k-prefix-how = From the sender's own member, at the moment of the message: the nick that it has *now*. `say` puts it before the text.
hint-05k-receiver-ask = Each reader sees their own nick before the message. Whose nick do you take?
hint-05k-receiver-how = The line is made once, before you walk over the readers, and with the sender's nick. All of them read the same line.
hint-05k-address-ask = Bob hasn't sent any NICK. What do the others read before his message? What should they read?
hint-05k-address-how = Address and port, as `accept` told them: a member enters with them as its first nick.
hint-05k-arrival-ask = Bob comes in. Which function of the room learns of it, and what does it answer for those who are there?
hint-05k-arrival-how = `enter` answers with effects, like a command: one line, for all but Bob, with his nick in it. That is his address, for now.
hint-05k-departure-ask = Bob leaves. Which function of the room learns of it, and what does it answer?
hint-05k-departure-how = `leave` has just taken his nick out of the list: one line with it, for those who are still in the room.
hint-05k-departure-nick-ask = Bob had sent `NICK bob`. Under which name is his departure announced, and where does your code get it?
hint-05k-departure-nick-how = From the member that is being removed: its `nick`, as it is at that moment, and not its `address`.
hint-05k-who-ask = Alice asks WHO. Who has read the answer?
hint-05k-who-how = `say` is given the list of its readers. Here it's a list of one: the id of who asked.
hint-05l-ask = A client has vanished. Which call asks the system for its address, and what can the system answer by now?
hint-05l-how = Ask once, when it's accepted, and keep the answer with the client, as a `String`. It's its first nick anyway.
hint-05m-silent-ask = Bob sends `QUIT good night`. Who should read the two words, and what comes first, the words or the close?
hint-05m-silent-how = Two effects, in this order: the text, to the others, from his nick, if there is one; then his `Close`.
hint-05m-open-ask = Bob has sent QUIT, and is still connected. Which of the effects closes a client, and does `quit` return it?
hint-05m-open-how = `Effect::Close` with the sender's id; the loop then does the rest.
hint-05m-twice-ask = One departure, two announcements. How many places in your code announce one?
hint-05m-twice-how = One is enough: `leave`, through which everybody goes who leaves. And for a client that is no longer in the list, it does nothing.
hint-05m-who-ask = Bob has quit, and WHO still names him. In which lists was he, and from which has he been taken?
hint-05m-who-how = His socket was in `clients`, his nick in the room. `leave` takes him out of the room: every way to leave must pass there.
hint-05m-nameless-ask = The others read something when Bob quits. Can they tell that it was Bob?
hint-05m-nameless-how = Say his goodbye under his nick, or announce his departure with it. Take the nick before his member is gone.
hint-05m-after-ask = `QUIT` and `MSG late` come in one piece. Who executes the second, and for whom?
hint-05m-after-how = Once a client is closed, the loop over its lines must end. Carry out the effects of one line before you ask for the next: then `next_line` knows that the client is leaving.
hint-05n-ask = Send `KILL nobody`. What does your search give, and what do you do with that?
hint-05n-how = `find` gives an `Option`. For `None`, an `Err` tells the sender that nobody here has this nick: `let Some(…) = … else` is made for it.
hint-05o-killer-ask = Alice kills Bob, and it's Alice who is gone. Which id did your `Close` get?
hint-05o-killer-how = The id of the member that you have found by its nick, not that of `me`.
hint-05o-open-ask = The victim has read the message, and is still there. What else does KILL do?
hint-05o-open-how = A second effect, behind the message: a `Close`, with the victim's id.
hint-05o-list-ask = The victim's socket is closed, but the victim is in your list at the next turn. What can `select` do with a closed socket?
hint-05o-list-how = Nothing good. KILL closes by the same way as any other departure: marked, out of the room, off the list after the walk.
hint-05o-nothing-ask = KILL has done nothing. Print with `dbg!` the nick it looks for, and the nicks that are there. Are two of them alike?
hint-05o-nothing-how = The argument has two parts: the first word is the nick, the rest is the message. Find the member with that nick; two effects are for it, the message and then the `Close`.
hint-05o-mute-ask = The victim is gone, and has read nothing. In which order do your two effects stand, and for whom is the message?
hint-05o-mute-how = First the message, for the victim's id; then the close. A client that is closed gets nothing more, but what waits for it already is still written.
hint-05o-who-ask = The victim is gone, and WHO still names it. Through which function does everybody go who leaves the room?
hint-05o-who-how = `leave`. Whoever is closed, for whatever reason, must pass there: the loop does that for each `Close`.
hint-05p-ask = A client asks WHO, and says in the same breath that it will send no more. Can it still read?
hint-05p-how = Yes. Execute what came before the end, send the answers, and close once they are written.
hint-05p-last-ask = `printf 'WHO' | nc -N localhost 7777`: a line without a newline, then the end. What is still in your buffer?
hint-05p-last-how = The last line. When the end has come, what is left in the buffer counts as one: execute it, and close then. `recv_lines` sees to that.

## Step 06

hint-06-mute-ask = Alice and Bob have sent `JOIN rust`, and Alice `MSG rust hello`. Print the channel's members with `dbg!`: are both there?
hint-06-mute-how = `join` adds the sender's id to the members of the channel that `find_or_create` finds. `msg` says the text to the channel's others.
hint-06-list-ask = What does LIST answer, and which channels are in `self.channels` at that moment?
hint-06-list-how = Their names, on one line, for who asked. It's WHO again, with channels in place of members.
hint-06a-ask = Somebody in another channel has read it. Whose `others` do you use: the room's, or the channel's?
hint-06a-how = Each of the two has a function of that name. The readers of a message are the others of the *channel*.
hint-06a-outsider-ask = Who may speak in a channel? Which line of your `msg` asks whether the sender is in it?
hint-06a-outsider-how = Ask first where the sender is: `channel_of`. If it's nowhere, or elsewhere, an `Err`.
hint-06a-named-ask = Alice is in `rust`, and sends `MSG python hello`. Where did it go?
hint-06a-named-how = Compare the name of the channel where she is with the one that she names. If they differ, refuse.
hint-06b-part-ask = A client has sent PART, and still reads along. In which list is it still?
hint-06b-part-how = In the channel's members. `leave_channel` takes it out of there, and `part` calls it.
hint-06b-speaks-ask = A client has sent PART, and can still speak. How does your `msg` find out who may?
hint-06b-speaks-how = From the channels' lists of members, as they are now (`channel_of`), and not from something that was noted at JOIN.
hint-06b-twice-ask = A client sends `JOIN rust` twice. How many times is its id in the list?
hint-06b-twice-how = Ask before you add it: is it in this channel already? Then there is nothing to do, or an `Err`.
hint-06b-keeps-ask = A client sends `JOIN one`, then `JOIN two`. In which channels is it now?
hint-06b-keeps-how = In `two` alone. Before it enters a channel, `leave_channel` takes it out of the one where it is, if there is any.
hint-06b-refused-ask = A client is in `one`, and sends `JOIN two`. What does it get for an answer, and why?
hint-06b-refused-how = Being elsewhere is no reason to refuse: it leaves the old one and enters the new one, in a single command. Only its own channel is refused.
hint-06c-ask = Three clients are in one channel, and LIST gives it several times. Over what does your `list` walk?
hint-06c-how = Over `self.channels`, one name for each. If a name is there twice, see how `join` looks for a channel that exists already.
hint-06c-dead-ask = Who is last in a channel can leave it in three ways: by PART, by JOIN of another, by leaving the server. Is the channel gone after each?
hint-06c-dead-how = All three must go through `leave_channel`. There, if nobody is left among the members, the channel goes too.
hint-06d-closes-ask = Bob is kicked out of a channel, and loses his connection. Which effect did that?
hint-06d-closes-how = KICK changes a channel's list of members, and nothing else: `leave_channel`, and no `Close`.
hint-06d-kicker-ask = Alice kicks Bob, and it's Alice who is out. Whose id did `leave_channel` get?
hint-06d-kicker-how = The id of the client whose nick is the argument: look for it among those who are in the channel.
hint-06d-speaks-ask = Bob was kicked, and can still speak. Where does your `msg` look who may?
hint-06d-speaks-how = In the channel's members, as they are now; and KICK has taken Bob's id out of them, by `leave_channel`.
hint-06d-nothing-ask = Bob was kicked, and still reads along. Did `kick` find him, and was his id taken out of the members?
hint-06d-nothing-how = Find the client with that nick, make sure that it's in the channel, and then it leaves like one who sends PART: `leave_channel`.
hint-06d-anyone-ask = Bob hasn't created the channel, and yet can KICK. How does your code know who may?
hint-06d-anyone-how = The moderator is the first of the members, the oldest. Compare that id with the sender's, before anything else.
hint-06d-nick-ask = Alice created the channel, then sent `NICK ally`. Is she still the moderator? What have you noted of her?
hint-06d-nick-how = Her id, which never changes. Or nothing at all: the first of the members is the moderator.
hint-06e-ask = Connect, join nothing, and send `PART`, then `KICK`, then `LIST`; and `JOIN` and `MSG` alone. Where does your code count on a channel, or on a word, that isn't there?
hint-06e-how = `channel_of` gives an `Option`: for `None`, an `Err`, which the sender alone reads. Look out for `unwrap`, `expect`, and indexes in brackets.
hint-06e-join-ask = Alice is in `tea`, and sends `JOIN` alone. Is she still in `tea`? In which order does your `join` check the name and leave the old channel?
hint-06e-join-how = `check_word` comes first, with its `?`: when it refuses, nothing has changed yet. Leaving the old channel comes behind.

## The holes of the exercises, by their numbers

hint-todo-1-1-ask = Is `address` an IPv4 or an IPv6 one? Of which family must the socket be, then? What if it's IPv6, and an IPv4 client comes?
hint-todo-1-1-how = `Socket::new` wants a domain (the address knows it), a type, and a protocol in `Some(…)`. If the address is IPv6, switch off "only v6". Then `bind`; `.into()` makes of the address what it takes. Each of them may fail: `?`.
hint-todo-1-2-ask = The socket has its port, and refuses everybody. Which call opens it? And what does this function promise to return?
hint-todo-1-2-how = `listen`, with BACKLOG. Then, in place of the line with `Err`, an `Ok(…)` around the socket, turned into the `TcpListener` that was promised: `.into()` once more.
hint-todo-1-3-ask = `accept` gives two things, as in Python. Which of them does `handle` want?
hint-todo-1-3-how = Take the pair apart, `let (…, …) = accept(listener)?`, and give the socket to `handle`. What that returns may be what `serve` returns: it's the last line, without a semicolon.
hint-todo-1-4-ask = When is a port taken though nobody listens? Before you write anything, play the scene that the book has for this TODO.
hint-todo-1-4-how = It's an option of the socket, and `set_reuse_address` sets it. It comes too late if the socket is bound already.
hint-todo-1-5-ask = `read` fills a part of the buffer. Which part is it, and who tells you how long?
hint-todo-1-5-how = Lend it the buffer (`&mut`), keep the number that it gives, and let `write_all` send so many bytes from the beginning. The last line says that all went well: `Ok(())`.
hint-todo-1-6-ask = How do you learn that the client has said all it will? What has to happen then, and what in every other case?
hint-todo-1-6-how = A `loop` around it, and a `match` on what `read` returns. Four cases: zero bytes, some bytes, an error that only means "interrupted", any other error. One goes on to the answer, one starts again, two leave.
hint-todo-1-7-ask = After its first client, your server ends. Where should it go back to? And what was the second thing that `accept` gave?
hint-todo-1-7-how = All of `serve` goes into a `loop`. When `handle` is done, a `log!` says `client disconnected` and the name; then the loop turns.
hint-todo-1-8-ask = Run `yes | nc localhost 7777 > /dev/null`, and stop it with Ctrl-C. Which of your `?` has ended the server?
hint-todo-1-8-how = The one behind `handle`: it hands a client's error on as if it were the server's. Look at the result instead: `if let Err(error) = …`, a `log!`, and the loop goes on.
hint-todo-2-1-ask = A closure is a function that takes along what it needs. What does this one need? Should it borrow that, or own it, to outlive this turn of the loop?
hint-todo-2-1-how = `move || …` owns what it names. Its body is the call of `handle`; its name is `conversation`, and you call it like any function.
hint-todo-2-2-ask = `conversation()` works here and now, and the main thread with it. Who else could call it?
hint-todo-2-2-how = A thread: `spawn`, of a `thread::Builder`, takes the closure itself. So no parentheses behind its name, or it would be called right here.
hint-todo-2-3-ask = When the conversation is over, what has `handle` returned, and who is there to look at it?
hint-todo-2-3-how = The closure. Make a block of its body: look at the result as in TODO 1.8, then log that the client has disconnected. The name comes along with `move`.
hint-todo-2-4-ask = What does the `spawn` of a `Builder` return, and what have you done with it so far?
hint-todo-2-4-how = A `Result`. If it's an `Err`, a `log!` says so, and the loop goes on. The name has moved into the closure by then: `clone` it before.
hint-todo-3-1-ask = `select` watches an empty set. What must be in it, for a newcomer to wake it up? And how do you see afterwards that it was a newcomer?
hint-todo-3-1-how = Two halves. Before `select`, the door goes into `readable`, by its descriptor (`as_fd`). After it, `contains` tells whether the door is still in there: that's `newcomer`.
hint-todo-3-2-ask = Who may speak? All of them must be in the set. And after `select`, which of them are still in it?
hint-todo-3-2-how = Before: a `for` over `&clients`. After: all places, `(0..clients.len())`, of which `filter` keeps those whose client the set still contains, and `collect` makes the list.
hint-todo-3-3-ask = You have the message. Which function of a `Peer` sends something, and what does it return?
hint-todo-3-3-how = `send` takes a slice, hence a `&`. What it returns is what `handle` has to return: so it can be the last line, without a semicolon.
hint-todo-3-4-ask = Somebody leaves. What do `handle` and `flush` return then? And who is still in the list at the end of the turn?
hint-todo-3-4-how = Three places. Where `handle` and `flush` are called, compare the result with `Err(Gone)`, and `close` that client. After both walks, `retain` keeps those who haven't left.
hint-todo-3-5-ask = A client takes nothing of what you owe it. Why go on reading what it says? And who can tell you when it takes something again?
hint-todo-3-5-how = A second set, `writable`, new at every turn. For each client an `if`: with unsent bytes it goes there, without, into `readable`. `select` takes the second set as its third argument.
hint-todo-3-6-ask = No descriptor is left, and somebody stands at the door. How long does `select` sleep?
hint-todo-3-6-how = Not at all. So the door goes into the set only `if` there is room: `is_open` tells, once it knows how many clients there are.
hint-todo-4-1-ask = Who should get the message, and what must `broadcast` know to do that?
hint-todo-4-1-how = In `broadcast`, a `for` over `clients.iter_mut()`, and a `send` for each. In `handle`, it takes the place of the `send`; its last line is `Ok(())` then.
hint-todo-4-2-ask = Who has spoken reads their own words. How do you know, on your walk, who it was?
hint-todo-4-2-how = By the place. `enumerate()`, behind `iter_mut()`, gives it together with the client; compare it with `from`.
hint-todo-4-3-ask = Try `(printf hel; sleep 2; echo lo) | nc localhost 7777`, and let another client speak in between. What do the others read?
hint-todo-4-3-how = `recv_lines` in place of `recv`, then a `while let` as long as `next_line` gives one. A line comes without its newline: `format!` can add it.
hint-todo-4-4-ask = `send` may say `Err(Gone)`. Whose trouble is that: who spoke, or who should have read it?
hint-todo-4-4-how = The reader's. So no `?`, which would end the walk: compare, `close` that one, and go on.
hint-todo-5-1-ask = In `MSG  hello  all`, which is the word, which is the rest, and which spaces count?
hint-todo-5-1-how = Spaces in front go first (`trim_start`). Then one cut, at a space (`split_once`). If there is none, all of it is the word, and the rest is empty: `unwrap_or` gives a pair for that case.
hint-todo-5-2-ask = Who reads it, under which name, and what if there is no text?
hint-todo-5-2-how = `self.members[me]` has the sender's id and nick, `others` gives the readers, `say` makes the effect: a `vec!` of one, in `Ok`. A text that is blank (`trim`) is an `Err` with its reason.
hint-todo-5-3-ask = Somebody comes, or leaves. Whom does that concern, and is that somebody in the list of members at that moment?
hint-todo-5-3-how = In each of the two functions, one `say` from `server`, for the `others` of this id: `client connected` or `client disconnected`, and the nick. It takes the place of `Vec::new()`.
hint-todo-5-4-ask = A new nick shows in three places: in the member, in the log, and to everybody. What does each of them need to know?
hint-todo-5-4-how = Make the notice first, while the old nick is still there. Then change that of `self.members[me]`. Two effects: `Rename` for the log, and the notice for *all* ids, the sender's too.
hint-todo-5-5-ask = What would come of an empty nick? Of two alike? Of one called `server`? Of one that looks like another's address?
hint-todo-5-5-how = Four checks before anything changes, each with an `Err` of its own: `check_word`, with `?`; the reserved word; `is_address`, unless it's the sender's own; `any` member who has it.
hint-todo-5-6-ask = Where are all the nicks, and who wants to know them?
hint-todo-5-6-how = `iter().map(…)` over the members gives the nicks, `collect` puts them into a `Vec<&str>`, `join` makes one line of that. One `say`, for the sender's id alone.
hint-todo-5-7-ask = Which comes first, the goodbye or the close? And if there is no goodbye?
hint-todo-5-7-how = Begin with an empty `Vec` of effects. If the message isn't blank, push a `say` for the others, from the sender's nick. In any case, push the `Close` behind it.
hint-todo-5-8-ask = You have a nick, and need a client. Where do you look, and what if nobody has it?
hint-todo-5-8-how = `iter().find(…)` by nick gives an `Option`; `let Some(victim) = … else` leaves with an `Err`. Then it's QUIT again, but both effects are for the victim.
hint-todo-5-9-ask = The server has a password. Who may KILL then, and where does the room note who has given it?
hint-todo-5-9-how = In `admin`, a `match` on `&self.password`: there is none, it's wrong, it's right. The last one sets `is_admin` of this member. In `kill`, before all else: a password, and no administrator? `Err`.
hint-todo-6-1-ask = What is known of a channel once somebody has joined it, and who is told?
hint-todo-6-1-how = `check_word` first, with `?`. Then `find_or_create` gives the channel's number: push the sender's id to its members, and `say` to all of them who has come.
hint-todo-6-2-ask = In which channel is the sender, and is it the one that the message names?
hint-todo-6-2-how = `channel_of` gives an `Option`. A `match` with a condition: a channel with that name, then a `say` to its `others`; anything else, an `Err`. A blank text is refused as in step 05.
hint-todo-6-3-ask = WHO gives the nicks to who asks. What is different for LIST?
hint-todo-6-3-how = The names of `self.channels`, collected and joined in the same way, for the sender alone. If there are none, the `Err` says so.
hint-todo-6-4-ask = Who is told that somebody has left the channel? When must you note who they are?
hint-todo-6-4-how = Before: copy the channel's name and members (`clone`), since `leave_channel` changes them. In that function: find the channel, let `retain` keep the others, and remove the channel if nobody stays.
hint-todo-6-5-ask = The sender is in another channel. Which function takes it out, and who is told?
hint-todo-6-5-how = Look at `channel_of` first: if it's the very same channel, an `Err`. Else the effects of leaving come before those of joining, in one `Vec` (`extend`).
hint-todo-6-6-ask = A client leaves the server. In which list is its id still?
hint-todo-6-6-how = In its channel's. `leave` collects its effects in a `Vec`: the notice first, then all that `leave_channel` answers.
hint-todo-6-7-ask = Bob quits with a message. Who should read it now: everybody, or those of his channel?
hint-todo-6-7-how = The readers are the `others` of his channel, if `channel_of` finds one. Without a channel there are no readers.
hint-todo-6-8-ask = Three things must be true: the sender is in a channel, is the first in it, and the victim is in it, too. Which ids do you compare?
hint-todo-6-8-how = For each that isn't, an `Err` of its own (`let … else`). Then as in PART: copy who is in the channel, tell them, and `leave_channel` for the victim. Nobody is closed.
hint-todo-6-9-ask = The first of the members leaves. Who is the first now, and who should know?
hint-todo-6-9-how = Before `retain`, note whether it's the first who leaves. After it, whoever is first now: find the nick among the room's members, and `say` it to the channel.

## The bonus

hint-bonus-stuck-ask = Everybody waits for the same lock. Which thread has it, and in which call does that thread sleep? Follow each `lock()` to the line where its guard ends.
hint-bonus-stuck-how = A guard holds the lock until it's dropped, in a `for` over `lock().iter()` until the loop ends. Inside, nothing may lock again (`leave`, `broadcast`) or wait. Note what is to do in a `Vec`, and do it after the loop.
hint-bonus-poisoned-ask = One thread panicked, and then all the others. What had the first one in its hands when it died, and what does `lock()` return ever since?
hint-bonus-poisoned-how = An `Err`, with the list inside it all the same. The room's own `lock` takes it out; call that one, instead of an `unwrap`. And the error that started it belongs outside the lock.
hint-bonus-kept-ask = The client's reading thread has ended. Who still holds an `Arc` of that client? Print `Arc::strong_count` there.
hint-bonus-kept-how = The list does, until `leave` takes it out: keep, with `retain`, all those that aren't this one. `Arc::ptr_eq` tells whether two are the same.
hint-bonus-thread-ask = The client has left, and one of its two threads is still there. In which call does it sleep, and who could wake it?
hint-bonus-thread-how = It waits for the next message, which won't come. Who reads knows that it's over: when it ends, it closes the mailbox. Then `take` gives what is left, and after that `None`.
hint-bonus-frozen-ask = One client doesn't read. Which thread sleeps in a write to it, or waits for it, and what does that thread hold meanwhile?
hint-bonus-frozen-how = Nobody but its own second thread writes to a client. Who speaks only calls `put`, which never waits. What `put` answers is looked at when the lock is free again: who is `Full` is given up.
hint-bonus-spins-ask = Nobody says a word, and a processor works. Which of your loops asks again and again? A `println!` in each tells.
hint-bonus-spins-how = A thread that has nothing to do sleeps in a call: `read` for one, `take` for the other. No `try_lock`, no look at an empty mailbox in a loop.
hint-todo-B-1-ask = The main thread calls `handle`, and waits until that client has left. Who else could call it, and what does that one need to have for its own?
hint-todo-B-1-how = Make two clones with `Arc::clone`, one of the client and one of the room, and a closure with `move` that uses them. `spawn` of a `Builder` takes it. In case of an `Err`, `refuse` and `leave`: you still have your own share.
hint-todo-B-2-ask = One thread sleeps until the client speaks. Who can write to that client meanwhile, and how long may it live?
hint-todo-B-2-how = `thread::scope(|scope| …)` around all of it, and `spawn_scoped` in there, for a closure that calls `write`. In `write`, a `while let`, as long as `take` of the mailbox gives bytes: `write_all` on `&client.socket`.
hint-todo-B-3-ask = All threads share one list. What does each of the three functions do with it, and for how long do they need the lock?
hint-todo-B-3-how = `enter` pushes a clone of the `Arc`; `leave` lets `retain` keep the others (`Arc::ptr_eq`); `broadcast` walks over the list and calls `put` on each mailbox, except that of `from`.
hint-todo-B-4-ask = The client has said all it will, and `handle` doesn't return. For whom does the scope wait, and what is that one waiting for?
hint-todo-B-4-how = For the second thread, which sleeps in `take`. Close the mailbox, behind `leave` and still within the scope: what is in there is written, and `take` gives `None`.
hint-todo-B-5-ask = `put` may answer that a mailbox is full. What then, and may you do that while the list is locked?
hint-todo-B-5-how = A `match` on what `put` answers fills two lists, of those who are `Crowded` and of those who are `Full`. After the loop the lock is free: `give_up` for the ones, `wait_for_room` on the mailboxes of the others.
