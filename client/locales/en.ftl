# What the chat client says, over the table of lab/locales. Each key stands in fr.ftl
# as well, with the same placeholders: a test holds them together.

about = A chat client: what nc can't do in a terminal
usage-client = { $called } [HOST] [PORT] [OPTIONS]
argument-host = the server's name or address; by default, localhost
argument-port = its port, from 1 to 65535; by default, 7777. Alone, it's a port of localhost
option-version = which version this is
keys =
    In a terminal: Tab completes commands, nicks and channels; ↑ and ↓ go through what
    you typed before; Ctrl-D says that you will send no more, Ctrl-C leaves. A line that
    the server hasn't ended yet is shown with … at its end. NO_COLOR=1 does without
    colours. Through pipes, bytes pass untouched, as with nc -N.
exit-statuses = Exit status: 0 it's over, 1 no connection or a broken one, 2 the command line is wrong.
for-help = For help: { $called } --help
error-port = "{ $port }" is not a port, which is a number from 1 to 65535.

error-unreachable = { $name }: no connection to { $host }, port { $port }:
error-address = { $address }: { $why }
error-unresolved = { $name }: no address is known for "{ $host }": { $why }
hint-refused = Nobody listens there. Is the server started, and is this its port?
why-refused = connection refused
why-timeout = no answer
why-unreachable = it can't be reached from here
error-connection = { $name }: the connection is broken: { $why }
error-output = { $name }: what came can't be written: { $why }
error-input = { $name }: the input can't be read: { $why }
why-reset = the server reset it

notice-connected = connected to { $address }; Tab completes, Ctrl-D ends
notice-closed = the server closed the connection
notice-broken = the connection is broken: { $why }
notice-waiting = you send no more; waiting for the server's last words
notice-silent = the server says nothing more, and doesn't close
notice-history = lines typed today won't be remembered: { $why }
notice-typing = the terminal sent bytes that aren't UTF-8: what you typed is still there
