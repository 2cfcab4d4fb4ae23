/* Chat with select: each line goes to all the others. Nothing blocks: what a client
 * is owed waits in a queue of at most 1 MiB and is written once a turn; a client with
 * unsent bytes isn't read until it has taken them. Usage: select_04 PORT */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TURN = 2048, LONGEST = 8192, MOST = 1 << 20 };

struct client {
    int fd; /* -1 once it is gone */
    size_t in, out, room;
    char *queue;
    char line[LONGEST + TURN];
};

static struct client *clients[FD_SETSIZE]; /* in order of arrival */
static int count;

static void drop(struct client *c)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
}

static void flush(struct client *c)
{
    size_t done = 0;

    while (done < c->out) {
        ssize_t n = send(c->fd, c->queue + done, c->out - done, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            if (errno != EAGAIN)
                drop(c);
            break;
        }
        done += (size_t)n;
    }
    if (done > 0)
        memmove(c->queue, c->queue + done, c->out - done);
    c->out -= done;
}

static void enqueue(struct client *c, const char *bytes, size_t length)
{
    if (c->fd >= 0 && c->out + length > MOST)
        flush(c);
    if (c->fd < 0)
        return;
    if (c->out + length > MOST) {
        fprintf(stderr, "descriptor %d does not read: dropped\n", c->fd);
        drop(c);
        return;
    }
    if (c->out + length > c->room) {
        char *bigger = realloc(c->queue, 2 * (c->out + length));
        if (!bigger) {
            drop(c);
            return;
        }
        c->queue = bigger;
        c->room = 2 * (c->out + length);
    }
    memcpy(c->queue + c->out, bytes, length);
    c->out += length;
}

static void broadcast(struct client *from, const char *line, size_t length)
{
    for (int i = 0; i < count; i++)
        if (clients[i] != from)
            enqueue(clients[i], line, length);
}

static void hear(struct client *c)
{
    ssize_t n = recv(c->fd, c->line + c->in, TURN, 0);
    char *start = c->line, *end;

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        if (n == 0 && c->in > 0) { /* a last line without its end */
            c->line[c->in++] = '\n';
            broadcast(c, c->line, c->in);
        }
        drop(c);
        return;
    }
    c->in += (size_t)n;
    while ((end = memchr(start, '\n', c->in - (size_t)(start - c->line)))) {
        broadcast(c, start, (size_t)(end + 1 - start));
        start = end + 1;
    }
    c->in -= (size_t)(start - c->line);
    memmove(c->line, start, c->in);
    if (c->in > LONGEST)
        drop(c);
}

static void welcome(int server)
{
    int fd = accept4(server, NULL, NULL, SOCK_NONBLOCK), yes = 1;
    struct client *c;

    if (fd < 0) {
        if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
            perror("accept");
            usleep(50000);
        }
        return;
    }
    c = fd < FD_SETSIZE ? malloc(sizeof *c) : NULL;
    if (!c) {
        close(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    c->fd = fd;
    c->in = c->out = c->room = 0;
    c->queue = NULL;
    clients[count++] = c;
}

int main(int argc, char **argv)
{
    struct sockaddr_in6 here = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT };
    int server = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1, no = 0;

    if (argc != 2) {
        fprintf(stderr, "usage: select_04 PORT\n");
        return 2;
    }
    here.sin6_port = htons((in_port_t)atoi(argv[1]));
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(server, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    if (bind(server, (struct sockaddr *)&here, sizeof here) < 0 || listen(server, SOMAXCONN) < 0) {
        perror("select_04");
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
            if (clients[i]->fd >= 0 && FD_ISSET(clients[i]->fd, &readable))
                hear(clients[i]);
        for (int i = 0; i < known; i++)
            if (clients[i]->fd >= 0)
                flush(clients[i]);
        if (FD_ISSET(server, &readable))
            welcome(server);
        for (int i = 0; i < count; i++) {
            if (clients[i]->fd >= 0) {
                clients[kept++] = clients[i];
            } else {
                free(clients[i]->queue);
                free(clients[i]);
            }
        }
        count = kept;
    }
}
