/* Chat with poll: what one client sends goes to all the others, as it came.
 * Nothing blocks: a queue per client, and a client whose queue passes 1 MiB is
 * dropped. Usage: poll_04 PORT */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK = 512, MOST = 1 << 20 };

struct queue {
    char *bytes;
    size_t length, room;
};

/* Same index in both; 0 is the listening socket, which has no queue. */
static struct pollfd *watched;
static struct queue *queues;
static size_t count, capacity;

static void *resized(void *old, size_t size)
{
    void *new = realloc(old, size);
    if (!new) {
        perror("memory");
        exit(1);
    }
    return new;
}

static void add(int fd)
{
    if (count == capacity) {
        capacity = capacity ? 2 * capacity : 16;
        watched = resized(watched, capacity * sizeof *watched);
        queues = resized(queues, capacity * sizeof *queues);
    }
    watched[count] = (struct pollfd){ .fd = fd, .events = POLLIN };
    queues[count] = (struct queue){ NULL, 0, 0 };
    count++;
}

/* The client stays in the table, marked, until the end of the turn. */
static void mark_gone(size_t i)
{
    if (watched[i].fd >= 0) {
        close(watched[i].fd);
        free(queues[i].bytes);
        watched[i].fd = -1;
    }
}

static void flush(size_t i)
{
    struct queue *q = &queues[i];
    while (q->length) {
        ssize_t n = send(watched[i].fd, q->bytes, q->length, MSG_NOSIGNAL);
        if (n < 0) {
            if (errno != EAGAIN && errno != EINTR)
                mark_gone(i);
            return;
        }
        q->length -= (size_t)n;
        memmove(q->bytes, q->bytes + n, q->length);
    }
}

static void enqueue(size_t i, const char *bytes, size_t length)
{
    struct queue *q = &queues[i];
    if (q->length + length > MOST) {
        fprintf(stderr, "descriptor %d doesn't read: dropped\n", watched[i].fd);
        mark_gone(i);
        return;
    }
    if (q->length + length > q->room) {
        q->room = 2 * (q->length + length);
        q->bytes = resized(q->bytes, q->room);
    }
    memcpy(q->bytes + q->length, bytes, length);
    q->length += length;
}

static void hear(size_t i)
{
    char chunk[CHUNK];
    ssize_t n = recv(watched[i].fd, chunk, sizeof chunk, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n > 0) {
        for (size_t j = 1; j < count; j++)
            if (j != i && watched[j].fd >= 0)
                enqueue(j, chunk, (size_t)n);
    } else {
        /* The end, or an error: what it is still owed is tried once. */
        if (n == 0)
            flush(i);
        mark_gone(i);
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in6 address = { .sin6_family = AF_INET6 };
    int on = 1, off = 0;
    int server = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);

    address.sin6_port = htons((in_port_t)atoi(argc == 2 ? argv[1] : "7777"));
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(server, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(server, (struct sockaddr *)&address, sizeof address) < 0 || listen(server, 64) < 0) {
        perror("poll_04");
        return 1;
    }
    add(server);

    for (;;) {
        for (size_t i = 1; i < count; i++)
            watched[i].events = queues[i].length ? POLLIN | POLLOUT : POLLIN;
        if (poll(watched, count, -1) < 0) {
            if (errno == EINTR)
                continue;
            perror("poll");
            return 1;
        }
        size_t before = count;
        for (size_t i = 1; i < before; i++)
            if (watched[i].fd >= 0 && watched[i].revents & (POLLIN | POLLHUP | POLLERR))
                hear(i);
        for (size_t i = 1; i < before; i++)
            if (watched[i].fd >= 0)
                flush(i);
        if (watched[0].revents & POLLIN) {
            int client = accept4(server, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (client >= 0)
                add(client);
            else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
                perror("accept");
                usleep(50000);
            }
        }
        size_t kept = 1;
        for (size_t i = 1; i < count; i++)
            if (watched[i].fd >= 0) {
                watched[kept] = watched[i];
                queues[kept++] = queues[i];
            }
        count = kept;
    }
}
