/* Chat with channels on epoll, nothing blocks: a list of clients, a list of
 * channels, an input line and an output queue per client, all of them growing
 * as needed up to a limit.
 *
 * The creator of a channel keeps the right to KICK as long as the channel
 * lives, even after having left it and come back. A channel may be written
 * with or without '#'. Usage: epoll_06 PORT */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LONGEST_LINE = 64 * 1024, LONGEST_QUEUE = 1024 * 1024 };

struct bytes {
    char *data;
    size_t length, room;
};

struct channel {
    struct channel *next;
    char *name;
    unsigned long creator; /* a client's number, never used again */
    int members;
};

struct client {
    struct client *next;
    unsigned long number;
    int fd;
    bool leaving;  /* out of the room; the socket waits for its queue */
    bool broken;   /* nothing can be written any more */
    bool writing;  /* EPOLLOUT is asked for */
    char *nick;
    struct channel *channel;
    struct bytes in, out;
};

static struct client *clients; /* in order of arrival */
static struct channel *channels;
static int poller;

/* ---- memory ---- */

static void *checked(void *memory)
{
    if (!memory) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static void append(struct bytes *b, const char *data, size_t length)
{
    if (b->length + length > b->room) {
        b->room = 2 * (b->length + length);
        b->data = checked(realloc(b->data, b->room));
    }
    memcpy(b->data + b->length, data, length);
    b->length += length;
}

static void drop_front(struct bytes *b, size_t length)
{
    b->length -= length;
    if (b->length == 0) {
        free(b->data);
        b->data = NULL;
        b->room = 0;
    } else {
        memmove(b->data, b->data + length, b->length);
    }
}

/* ---- talking ---- */

static void leave(struct client *c);

static void vsay(struct client *to, const char *format, va_list arguments)
{
    char *text;
    int length;

    if (to->leaving)
        return;
    length = vasprintf(&text, format, arguments);
    if (length < 0) {
        checked(NULL);
        return;
    }
    text[length] = '\n'; /* in place of the final NUL */
    append(&to->out, text, (size_t)length + 1);
    free(text);
    if (to->out.length > LONGEST_QUEUE) {
        fprintf(stderr, "%s doesn't read: dropped\n", to->nick);
        to->broken = true; /* swept at the end of the turn */
    }
}

__attribute__((format(printf, 2, 3)))
static void say(struct client *to, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsay(to, format, arguments);
    va_end(arguments);
}

/* To all but one; only to those of a channel if there is one. */
__attribute__((format(printf, 3, 4)))
static void say_others(struct client *but, struct channel *among, const char *format, ...)
{
    for (struct client *c = clients; c; c = c->next)
        if (c != but && !c->broken && (!among || c->channel == among)) {
            va_list arguments;
            va_start(arguments, format);
            vsay(c, format, arguments);
            va_end(arguments);
        }
}

/* ---- channels ---- */

static const char *bare(const char *name)
{
    return *name == '#' ? name + 1 : name;
}

static void leave_channel(struct client *c)
{
    struct channel *channel = c->channel, **link = &channels;

    c->channel = NULL;
    if (!channel || --channel->members > 0)
        return;
    while (*link != channel)
        link = &(*link)->next;
    *link = channel->next;
    free(channel->name);
    free(channel);
}

static struct channel *open_channel(const char *name, struct client *creator)
{
    struct channel **link = &channels;

    while (*link && strcmp((*link)->name, name) != 0)
        link = &(*link)->next;
    if (!*link) {
        *link = checked(calloc(1, sizeof **link));
        (*link)->name = checked(strdup(name));
        (*link)->creator = creator->number;
    }
    return *link;
}

/* ---- commands ---- */

static struct client *by_nick(const char *nick)
{
    for (struct client *c = clients; c; c = c->next)
        if (!c->leaving && strcmp(c->nick, nick) == 0)
            return c;
    return NULL;
}

/* Ends the first word of a text and returns what follows. */
static char *rest_of(char *text)
{
    char *space = strchr(text, ' ');
    if (!space)
        return text + strlen(text);
    *space = '\0';
    return space + 1;
}

static bool is_word(const char *text)
{
    return *text && !strpbrk(text, " \t");
}

static void leave(struct client *c)
{
    if (c->leaving)
        return;
    leave_channel(c);
    c->leaving = true;
    say_others(c, NULL, "=== %s has left", c->nick);
}

static void do_msg(struct client *me, char *argument)
{
    char *text = rest_of(argument);

    if (!me->channel)
        say(me, "=== error: JOIN a channel first");
    else if (strcmp(bare(argument), me->channel->name) != 0)
        say(me, "=== error: you are in #%s", me->channel->name);
    else
        say_others(me, me->channel, "#%s <%s> %s", me->channel->name, me->nick, text);
}

static void do_nick(struct client *me, char *nick)
{
    if (!is_word(nick) || strlen(nick) > 100)
        say(me, "=== error: NICK takes one word");
    else if (by_nick(nick))
        say(me, "=== error: %s is in use", nick);
    else {
        for (struct client *c = clients; c; c = c->next)
            say(c, "=== %s is %s from now on", me->nick, nick);
        free(me->nick);
        me->nick = checked(strdup(nick));
    }
}

static void do_who(struct client *me, char *argument)
{
    (void)argument;
    for (struct client *c = clients; c; c = c->next)
        if (!c->leaving)
            say(me, "%s\t%s%s", c->nick, c->channel ? "#" : "", c->channel ? c->channel->name : "-");
    say(me, "=== end of WHO");
}

static void do_quit(struct client *me, char *text)
{
    if (*text)
        say_others(me, NULL, "<%s> %s", me->nick, text);
    leave(me);
}

static void do_kill(struct client *me, char *argument)
{
    char *text = rest_of(argument);
    struct client *victim = by_nick(argument);

    if (!victim) {
        say(me, "=== error: no %s here", argument);
        return;
    }
    say(victim, "=== %s disconnects you: %s", me->nick, text);
    leave(victim);
}

static void do_join(struct client *me, char *name)
{
    name = (char *)bare(name);
    if (!is_word(name) || strlen(name) > 100) {
        say(me, "=== error: JOIN takes one word");
    } else if (me->channel && strcmp(me->channel->name, name) == 0) {
        say(me, "=== you are in #%s already", name);
    } else {
        leave_channel(me);
        me->channel = open_channel(name, me);
        me->channel->members++;
        say(me, "=== you are in #%s", name);
    }
}

static void do_part(struct client *me, char *argument)
{
    (void)argument;
    if (!me->channel) {
        say(me, "=== error: you are in no channel");
        return;
    }
    say(me, "=== you have left #%s", me->channel->name);
    leave_channel(me);
}

static void do_list(struct client *me, char *argument)
{
    (void)argument;
    for (struct channel *c = channels; c; c = c->next)
        say(me, "#%s (%d)", c->name, c->members);
    say(me, "=== end of LIST");
}

static void do_kick(struct client *me, char *nick)
{
    struct client *victim = by_nick(nick);

    if (!me->channel || me->channel->creator != me->number) {
        say(me, "=== error: KICK is for the creator of the channel");
    } else if (!victim || victim->channel != me->channel) {
        say(me, "=== error: no %s in #%s", nick, me->channel->name);
    } else {
        say(me, "=== %s is out of #%s", nick, me->channel->name);
        if (victim != me)
            say(victim, "=== you are out of #%s", me->channel->name);
        leave_channel(victim);
    }
}

static void execute(struct client *me, char *line)
{
    static const struct {
        const char *name;
        void (*run)(struct client *, char *);
    } commands[] = {
        { "MSG", do_msg }, { "NICK", do_nick }, { "WHO", do_who }, { "QUIT", do_quit },
        { "KILL", do_kill }, { "JOIN", do_join }, { "PART", do_part }, { "LIST", do_list },
        { "KICK", do_kick },
    };
    char *argument = rest_of(line);

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(line, commands[i].name) == 0) {
            commands[i].run(me, argument);
            return;
        }
    if (*line)
        say(me, "=== error: %s is no command of mine", line);
}

/* ---- sockets ---- */

static void hear(struct client *c)
{
    char data[4096], *newline;
    ssize_t got = recv(c->fd, data, sizeof data, 0);
    size_t done = 0;

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        if (got < 0)
            c->broken = true;
        leave(c);
        return;
    }
    for (ssize_t i = 0; i < got; i++)
        if (data[i] == '\0')
            data[i] = '?';
    append(&c->in, data, (size_t)got);
    while (!c->leaving && (newline = memchr(c->in.data + done, '\n', c->in.length - done))) {
        char *line = c->in.data + done;
        *newline = '\0';
        if (newline > line && newline[-1] == '\r')
            newline[-1] = '\0';
        done = (size_t)(newline + 1 - c->in.data);
        execute(c, line);
    }
    drop_front(&c->in, done);
    if (!c->leaving && c->in.length > LONGEST_LINE) {
        say(c, "=== error: line too long");
        leave(c);
    }
}

static void flush(struct client *c)
{
    while (!c->broken && c->out.length > 0) {
        ssize_t n = send(c->fd, c->out.data, c->out.length, MSG_NOSIGNAL);
        if (n >= 0)
            drop_front(&c->out, (size_t)n);
        else if (errno == EAGAIN)
            break;
        else if (errno != EINTR)
            c->broken = true;
    }
}

static void welcome(int server)
{
    struct sockaddr_in6 from;
    socklen_t size = sizeof from;
    static unsigned long numbers;
    char host[INET6_ADDRSTRLEN];
    int fd = accept4(server, (struct sockaddr *)&from, &size, SOCK_NONBLOCK);
    struct client *c, **last = &clients;
    struct epoll_event event = { .events = EPOLLIN };

    if (fd < 0) {
        if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
            perror("accept");
            usleep(50000);
        }
        return;
    }
    c = checked(calloc(1, sizeof *c));
    c->fd = fd;
    c->number = ++numbers;
    inet_ntop(AF_INET6, &from.sin6_addr, host, sizeof host);
    if (asprintf(&c->nick, "[%s]:%d", host, ntohs(from.sin6_port)) < 0)
        checked(NULL);
    event.data.ptr = c;
    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
    while (*last)
        last = &(*last)->next;
    *last = c;
    say_others(c, NULL, "=== %s has come", c->nick);
    printf("%s\n", c->nick);
    fflush(stdout);
}

static void destroy(struct client *c)
{
    close(c->fd); /* also takes it out of epoll */
    free(c->nick);
    free(c->in.data);
    free(c->out.data);
    free(c);
}

/* Once every event of the turn has been seen: a client that is freed earlier
 * might still be in the array of events. */
static void end_of_turn(void)
{
    struct client **link, *c;
    bool news;

    do { /* a notice of departure may find somebody else gone */
        news = false;
        for (c = clients; c; c = c->next) {
            flush(c);
            if (c->broken && !c->leaving) {
                leave(c);
                news = true;
            }
        }
    } while (news);
    for (link = &clients; (c = *link);) {
        flush(c);
        if (c->leaving && (c->broken || c->out.length == 0)) {
            *link = c->next;
            destroy(c);
            continue;
        }
        if (c->writing != (c->out.length > 0) || c->leaving) {
            struct epoll_event event = { .data.ptr = c };
            c->writing = c->out.length > 0;
            event.events = (c->leaving ? 0 : EPOLLIN) | (c->writing ? EPOLLOUT : 0);
            epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &event);
        }
        link = &c->next;
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in6 here = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
    int server, yes = 1, no = 0;

    if (argc != 2) {
        fprintf(stderr, "usage: epoll_06 PORT\n");
        return 2;
    }
    here.sin6_port = htons((in_port_t)atoi(argv[1]));
    server = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(server, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    if (bind(server, (struct sockaddr *)&here, sizeof here) < 0 || listen(server, 128) < 0) {
        perror("epoll_06");
        return 1;
    }
    poller = epoll_create1(0);
    if (poller < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, server, &event) < 0) {
        perror("epoll");
        return 1;
    }

    for (;;) {
        struct epoll_event events[32];
        int n = epoll_wait(poller, events, 32, -1);

        if (n < 0 && errno != EINTR) {
            perror("epoll_wait");
            return 1;
        }
        for (int i = 0; i < n; i++) {
            struct client *c = events[i].data.ptr;
            if (!c) {
                welcome(server);
                continue;
            }
            if (events[i].events & EPOLLERR)
                c->broken = true;
            if (!c->leaving && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
                hear(c);
            else if (c->leaving && events[i].events & EPOLLHUP)
                c->broken = true;
        }
        end_of_turn();
    }
}
