/* Chat with commands, select and blocking sockets, tables of fixed size.
 *
 * Short answers: "+ nick" and "- nick" for those who come and go, "ok" or
 * "ko reason" to every command but MSG and WHO. Usage: select_05 PORT */
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

#define MAX_CLIENTS 1000
#define MAX_LINE 16384
#define MAX_NICK 64

struct client {
    int fd; /* -1 once it has left */
    char nick[MAX_NICK];
    char line[MAX_LINE];
    size_t length;
};

static struct client *clients[MAX_CLIENTS]; /* in order of arrival */
static int nclients;

static void send_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return; /* it is gone: recv will say so */
        bytes += n;
        length -= (size_t)n;
    }
}

__attribute__((format(printf, 2, 3)))
static void say(struct client *to, const char *format, ...)
{
    static char text[2 * MAX_LINE];
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = vsnprintf(text, sizeof text - 1, format, arguments);
    va_end(arguments);
    if (n > (int)sizeof text - 2)
        n = sizeof text - 2;
    text[n] = '\n';
    send_all(to->fd, text, (size_t)n + 1);
}

__attribute__((format(printf, 2, 3)))
static void say_others(struct client *but, const char *format, ...)
{
    static char text[2 * MAX_LINE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    for (int i = 0; i < nclients; i++)
        if (clients[i] != but && clients[i]->fd >= 0)
            say(clients[i], "%s", text);
}

/* Its place in the table is given back at the end of the turn. */
static void leave(struct client *c, const char *why)
{
    close(c->fd);
    c->fd = -1;
    say_others(c, "- %s%s", c->nick, why);
}

static struct client *by_nick(const char *nick)
{
    for (int i = 0; i < nclients; i++)
        if (clients[i]->fd >= 0 && strcmp(clients[i]->nick, nick) == 0)
            return clients[i];
    return NULL;
}

static void who(struct client *asker)
{
    size_t room = 8 + (size_t)nclients * (MAX_NICK + 1);
    char *list = malloc(room), *end = list;

    if (!list)
        return;
    end += sprintf(end, "who:");
    for (int i = 0; i < nclients; i++)
        if (clients[i]->fd >= 0)
            end += sprintf(end, " %s", clients[i]->nick);
    *end++ = '\n';
    send_all(asker->fd, list, (size_t)(end - list));
    free(list);
}

static void execute(struct client *c, char *line)
{
    char *argument = strchr(line, ' ');

    if (argument)
        *argument++ = '\0';
    else
        argument = line + strlen(line);

    if (*line == '\0') {
        return;
    } else if (strcasecmp(line, "MSG") == 0) {
        say_others(c, "%s> %s", c->nick, argument);
    } else if (strcasecmp(line, "NICK") == 0) {
        if (*argument == '\0' || strchr(argument, ' ') || strlen(argument) >= MAX_NICK) {
            say(c, "ko one word, at most %d bytes", MAX_NICK - 1);
        } else if (by_nick(argument) && by_nick(argument) != c) {
            say(c, "ko taken");
        } else {
            strcpy(c->nick, argument);
            say(c, "ok");
        }
    } else if (strcasecmp(line, "WHO") == 0) {
        who(c);
    } else if (strcasecmp(line, "QUIT") == 0) {
        if (*argument)
            say_others(c, "%s> %s", c->nick, argument);
        say(c, "ok");
        leave(c, "");
    } else if (strcasecmp(line, "KILL") == 0) {
        char *reason = strchr(argument, ' ');
        struct client *victim;

        if (reason)
            *reason++ = '\0';
        victim = by_nick(argument);
        if (!victim) {
            say(c, "ko nobody of that name");
        } else {
            char why[MAX_NICK + 20];
            say(victim, "%s> %s", c->nick, reason ? reason : "out!");
            if (victim != c)
                say(c, "ok");
            snprintf(why, sizeof why, " (killed by %s)", c->nick);
            leave(victim, why);
        }
    } else {
        say(c, "ko unknown command");
    }
}

static void hear(struct client *c)
{
    char *start, *newline;
    ssize_t n = recv(c->fd, c->line + c->length, sizeof c->line - c->length, 0);

    if (n < 0 && errno == EINTR)
        return;
    if (n <= 0) {
        leave(c, "");
        return;
    }
    c->length += (size_t)n;
    start = c->line;
    while (c->fd >= 0 && (newline = memchr(start, '\n', (size_t)(c->line + c->length - start)))) {
        *newline = '\0';
        if (newline > start && newline[-1] == '\r')
            newline[-1] = '\0';
        execute(c, start);
        start = newline + 1;
    }
    if (c->fd < 0)
        return;
    c->length -= (size_t)(start - c->line);
    memmove(c->line, start, c->length);
    if (c->length == sizeof c->line) {
        say(c, "ko line too long");
        leave(c, "");
    }
}

static void welcome(int server)
{
    struct sockaddr_in6 from;
    socklen_t size = sizeof from;
    char host[INET6_ADDRSTRLEN];
    struct client *c;
    int fd = accept(server, (struct sockaddr *)&from, &size), yes = 1;

    if (fd < 0) {
        perror("accept");
        return;
    }
    c = nclients < MAX_CLIENTS && fd < FD_SETSIZE ? malloc(sizeof *c) : NULL;
    if (!c) {
        close(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    c->fd = fd;
    c->length = 0;
    inet_ntop(AF_INET6, &from.sin6_addr, host, sizeof host);
    snprintf(c->nick, sizeof c->nick, "%s:%d", host, ntohs(from.sin6_port));
    clients[nclients++] = c;
    say_others(c, "+ %s", c->nick);
}

int main(int argc, char **argv)
{
    struct sockaddr_in6 here = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT };
    int server = socket(AF_INET6, SOCK_STREAM, 0), yes = 1, no = 0;

    if (argc != 2) {
        fprintf(stderr, "usage: select_05 PORT\n");
        return 2;
    }
    here.sin6_port = htons((in_port_t)atoi(argv[1]));
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(server, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    if (bind(server, (struct sockaddr *)&here, sizeof here) < 0 || listen(server, 8) < 0) {
        perror("select_05");
        return 1;
    }

    for (;;) {
        fd_set readable;
        int highest = server, known = nclients, kept = 0;

        FD_ZERO(&readable);
        FD_SET(server, &readable);
        for (int i = 0; i < nclients; i++) {
            FD_SET(clients[i]->fd, &readable);
            if (clients[i]->fd > highest)
                highest = clients[i]->fd;
        }
        if (select(highest + 1, &readable, NULL, NULL, NULL) < 0) {
            if (errno == EINTR)
                continue;
            perror("select");
            return 1;
        }
        for (int i = 0; i < known; i++)
            if (clients[i]->fd >= 0 && FD_ISSET(clients[i]->fd, &readable))
                hear(clients[i]);
        if (FD_ISSET(server, &readable))
            welcome(server);
        for (int i = 0; i < nclients; i++) {
            if (clients[i]->fd >= 0)
                clients[kept++] = clients[i];
            else
                free(clients[i]);
        }
        nclients = kept;
    }
}
