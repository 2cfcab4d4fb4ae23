/* Chat with channels on select, one thread. The lines of a turn wait in a queue per
 * client (1 MiB at most) and leave in one write at its end; who has unsent bytes isn't
 * read. Answers begin with '*'. A channel belongs to whoever is in it longest.
 * Usage: select_06 PORT */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TURN = 2048, LONGEST = 8192, MOST = 1 << 20, WORD = 64 };

struct client {
    int fd, is_leaving, is_broken;
    char nick[WORD], channel[WORD]; /* in none: "" */
    unsigned long joined;           /* grows with each JOIN */
    size_t in, out, room;
    char *queue;
    char line[LONGEST + TURN + 1];
};

static struct client *clients[FD_SETSIZE]; /* in order of arrival */
static int count;

static void flush(struct client *c)
{
    size_t done = 0;

    while (done < c->out && !c->is_broken) {
        ssize_t n = send(c->fd, c->queue + done, c->out - done, MSG_NOSIGNAL);
        if (n >= 0)
            done += (size_t)n;
        else if (errno == EAGAIN)
            break;
        else if (errno != EINTR)
            c->is_broken = 1;
    }
    if (done > 0)
        memmove(c->queue, c->queue + done, c->out - done);
    c->out -= done;
}

static void enqueue(struct client *c, const char *bytes, size_t length)
{
    if (c->is_leaving || c->is_broken)
        return;
    if (c->out + length > MOST)
        flush(c);
    if (c->out + length > c->room) {
        char *bigger = realloc(c->queue, 2 * (c->out + length));
        if (!bigger) {
            c->is_broken = 1;
            return;
        }
        c->queue = bigger;
        c->room = 2 * (c->out + length);
    }
    if (c->out + length > MOST) {
        fprintf(stderr, "%s does not read: dropped\n", c->nick);
        c->is_broken = 1;
        return;
    }
    memcpy(c->queue + c->out, bytes, length);
    c->out += length;
}

static char text[2 * LONGEST + 2 * TURN];

static size_t format_line(const char *format, va_list arguments)
{
    int n = vsnprintf(text, sizeof text - 1, format, arguments);
    size_t length = n < (int)sizeof text - 1 ? (size_t)n : sizeof text - 2;
    text[length] = '\n';
    return length + 1;
}

__attribute__((format(printf, 2, 3)))
static void say(struct client *to, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    enqueue(to, text, format_line(format, arguments));
    va_end(arguments);
}

/* To all but one, in this channel only if there is one. Formatted once. */
__attribute__((format(printf, 3, 4)))
static void say_others(struct client *but, const char *channel, const char *format, ...)
{
    va_list arguments;
    size_t length;

    va_start(arguments, format);
    length = format_line(format, arguments);
    va_end(arguments);
    for (int i = 0; i < count; i++)
        if (clients[i] != but && (!channel || strcmp(clients[i]->channel, channel) == 0))
            enqueue(clients[i], text, length);
}

static void leave(struct client *c)
{
    if (c->is_leaving)
        return;
    say_others(c, NULL, "* %s is gone", c->nick);
    c->channel[0] = '\0';
    c->is_leaving = 1;
}

static struct client *by_nick(const char *nick)
{
    for (int i = 0; i < count; i++)
        if (!clients[i]->is_leaving && strcmp(clients[i]->nick, nick) == 0)
            return clients[i];
    return NULL;
}

static int is_moderator(const struct client *c)
{
    for (int i = 0; i < count; i++)
        if (strcmp(clients[i]->channel, c->channel) == 0 && clients[i]->joined < c->joined)
            return 0;
    return c->channel[0] != '\0';
}

static char *cut(char *line)
{
    char *space = strchr(line, ' ');
    if (!space)
        return line + strlen(line);
    *space = '\0';
    return space + 1;
}

static const char *bare(const char *channel)
{
    return channel + (*channel == '#');
}

static int is_word(const char *word)
{
    return *word && strlen(word) < WORD && !strpbrk(word, " \t");
}

static void who(struct client *me)
{
    char *list = malloc((size_t)count * (WORD + 1) + 1), *end = list;

    if (!list)
        return;
    for (int i = 0; i < count; i++)
        if (!clients[i]->is_leaving)
            end += sprintf(end, " %s", clients[i]->nick);
    *end++ = '\n';
    enqueue(me, "* here:", 7);
    enqueue(me, list, (size_t)(end - list));
    free(list);
}

static void list_channels(struct client *me)
{
    for (int i = 0; i < count; i++) {
        int members = 0, is_first = clients[i]->channel[0] != '\0';
        for (int j = 0; j < count; j++)
            if (strcmp(clients[i]->channel, clients[j]->channel) == 0) {
                members++;
                if (j < i)
                    is_first = 0;
            }
        if (is_first)
            say(me, "* channel %s, members: %d", clients[i]->channel, members);
    }
    say(me, "* that is all");
}

static void execute(struct client *me, char *line)
{
    static unsigned long joins;
    char *argument = cut(line);

    if (*line == '\0')
        return;
    if (strcasecmp(line, "MSG") == 0) {
        char *words = cut(argument);
        if (me->channel[0] && strcmp(bare(argument), me->channel) == 0)
            say_others(me, me->channel, "%s: %s", me->nick, words);
        else
            say(me, "* you are not there");
    } else if (strcasecmp(line, "NICK") == 0) {
        if (!is_word(argument))
            say(me, "* a nick is one word");
        else if (by_nick(argument))
            say(me, "* somebody has it");
        else {
            say_others(me, NULL, "* %s is now %s", me->nick, argument);
            strcpy(me->nick, argument);
            say(me, "* you are %s", me->nick);
        }
    } else if (strcasecmp(line, "WHO") == 0) {
        who(me);
    } else if (strcasecmp(line, "QUIT") == 0) {
        if (*argument && me->channel[0])
            say_others(me, me->channel, "%s: %s", me->nick, argument);
        leave(me);
    } else if (strcasecmp(line, "KILL") == 0) {
        char *words = cut(argument);
        struct client *victim = by_nick(argument);
        if (victim) {
            say(victim, "%s: %s", me->nick, words);
            leave(victim);
        } else {
            say(me, "* nobody of that name");
        }
    } else if (strcasecmp(line, "JOIN") == 0) {
        const char *name = bare(argument);
        if (!is_word(name)) {
            say(me, "* a channel is one word");
        } else if (strcmp(me->channel, name) == 0) {
            say(me, "* you are there already");
        } else {
            strcpy(me->channel, name);
            me->joined = ++joins;
            say(me, "* you are in %s", name);
        }
    } else if (strcasecmp(line, "PART") == 0) {
        say(me, me->channel[0] ? "* you are out" : "* you are nowhere");
        me->channel[0] = '\0';
    } else if (strcasecmp(line, "LIST") == 0) {
        list_channels(me);
    } else if (strcasecmp(line, "KICK") == 0) {
        struct client *victim = by_nick(argument);
        if (!is_moderator(me)) {
            say(me, "* KICK is not for you");
        } else if (!victim || strcmp(victim->channel, me->channel) != 0) {
            say(me, "* nobody of that name there");
        } else {
            victim->channel[0] = '\0';
            say(victim, "* %s has put you out", me->nick);
            if (victim != me)
                say(me, "* done");
        }
    } else {
        say(me, "* what is %s?", line);
    }
}

/* What is there of lines; the rest stays. */
static void execute_lines(struct client *c)
{
    char *start = c->line, *end;

    while (!c->is_leaving && (end = memchr(start, '\n', c->in - (size_t)(start - c->line)))) {
        *end = '\0';
        if (end > start && end[-1] == '\r')
            end[-1] = '\0';
        execute(c, start);
        start = end + 1;
    }
    c->in -= (size_t)(start - c->line);
    memmove(c->line, start, c->in);
}

static void hear(struct client *c)
{
    ssize_t n = recv(c->fd, c->line + c->in, TURN, 0);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n < 0)
        c->is_broken = 1;
    if (n <= 0) {
        if (n == 0 && c->in > 0) { /* a last line without its end */
            c->line[c->in++] = '\n';
            execute_lines(c);
        }
        leave(c);
        return;
    }
    c->in += (size_t)n;
    execute_lines(c);
    if (c->in > LONGEST) {
        say(c, "* that line is too long");
        leave(c);
    }
}

static void welcome(int server)
{
    struct sockaddr_in6 from;
    socklen_t size = sizeof from;
    char host[INET6_ADDRSTRLEN];
    int fd = accept4(server, (struct sockaddr *)&from, &size, SOCK_NONBLOCK), yes = 1;
    struct client *c;

    if (fd < 0) {
        if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
            perror("accept");
            usleep(50000);
        }
        return;
    }
    c = fd < FD_SETSIZE ? calloc(1, sizeof *c) : NULL;
    if (!c) {
        close(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    c->fd = fd;
    inet_ntop(AF_INET6, &from.sin6_addr, host, sizeof host);
    snprintf(c->nick, sizeof c->nick, "%s:%d", host, ntohs(from.sin6_port));
    clients[count++] = c;
    say_others(c, NULL, "* %s is here", c->nick);
}

/* What the turn has queued is written; who is found gone is announced, which queues
 * again. */
static void flush_all(void)
{
    int news = 1;

    while (news) {
        news = 0;
        for (int i = 0; i < count; i++) {
            flush(clients[i]);
            if (clients[i]->is_broken && !clients[i]->is_leaving) {
                leave(clients[i]);
                news = 1;
            }
        }
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in6 here = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT };
    int server = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1, no = 0;

    if (argc != 2) {
        fprintf(stderr, "usage: select_06 PORT\n");
        return 2;
    }
    here.sin6_port = htons((in_port_t)atoi(argv[1]));
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(server, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    if (bind(server, (struct sockaddr *)&here, sizeof here) < 0 || listen(server, SOMAXCONN) < 0) {
        perror("select_06");
        return 1;
    }
    for (;;) {
        fd_set readable, writable;
        int highest = server, known = count, kept = 0;

        FD_ZERO(&readable);
        FD_ZERO(&writable);
        FD_SET(server, &readable);
        for (int i = 0; i < count; i++) {
            FD_SET(clients[i]->fd, clients[i]->out ? &writable : &readable);
            if (clients[i]->fd > highest)
                highest = clients[i]->fd;
        }
        if (select(highest + 1, &readable, &writable, NULL, NULL) < 0) {
            if (errno == EINTR)
                continue;
            perror("select");
            return 1;
        }
        for (int i = 0; i < known; i++)
            if (!clients[i]->is_leaving && FD_ISSET(clients[i]->fd, &readable))
                hear(clients[i]);
        flush_all();
        if (FD_ISSET(server, &readable)) {
            welcome(server);
            flush_all();
        }
        for (int i = 0; i < count; i++) {
            struct client *c = clients[i];
            if (c->is_leaving && (c->out == 0 || c->is_broken)) {
                close(c->fd);
                free(c->queue);
                free(c);
            } else {
                clients[kept++] = c;
            }
        }
        count = kept;
    }
}
