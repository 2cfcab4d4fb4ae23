/* Chat with two threads per client: one reads lines and puts them into the mailboxes of
 * the others, the second writes what is in the client's own, all of it at once. A client
 * whose mailbox would pass 1 MiB is shut down; before that its talkers are slowed.
 * Usage: mailbox_04 PORT */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TURN = 2048, LONGEST = 8192, MOST = 1 << 20, CROWDED = MOST / 4, CLIENTS = 4096 };

struct client {
    int fd;
    pthread_mutex_t lock; /* of the mailbox */
    pthread_cond_t news;
    char *mail;
    size_t length, room;
    int is_closed;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of the table */
static struct client *clients[CLIENTS];
static int count;

/* Is it crowded now? */
static int put(struct client *to, const char *bytes, size_t length)
{
    int is_crowded;

    pthread_mutex_lock(&to->lock);
    if (!to->is_closed && to->length + length > MOST) {
        to->is_closed = 1;
        to->length = 0;
        shutdown(to->fd, SHUT_RDWR); /* wakes both of its threads */
    } else if (!to->is_closed) {
        if (to->length + length > to->room) {
            size_t room = 2 * (to->length + length);
            char *bigger = realloc(to->mail, room);
            if (!bigger) {
                pthread_mutex_unlock(&to->lock);
                return 0;
            }
            to->mail = bigger;
            to->room = room;
        }
        memcpy(to->mail + to->length, bytes, length);
        to->length += length;
    }
    is_crowded = to->length > CROWDED;
    pthread_cond_signal(&to->news);
    pthread_mutex_unlock(&to->lock);
    return is_crowded;
}

static void broadcast(struct client *from, const char *bytes, size_t length)
{
    int is_crowded = 0;

    pthread_mutex_lock(&lock);
    for (int i = 0; i < count; i++)
        if (clients[i] != from)
            is_crowded |= put(clients[i], bytes, length);
    pthread_mutex_unlock(&lock);
    if (is_crowded)
        usleep(1000); /* its writer may only lack a turn */
}

static void *deliver(void *argument)
{
    struct client *me = argument;
    char *mine = NULL;
    size_t room = 0;

    for (;;) {
        size_t length, done = 0;
        char *other;

        pthread_mutex_lock(&me->lock);
        while (me->length == 0 && !me->is_closed)
            pthread_cond_wait(&me->news, &me->lock);
        length = me->length;
        if (length == 0) {
            pthread_mutex_unlock(&me->lock);
            break;
        }
        /* The full box for an empty one. */
        other = me->mail;
        me->mail = mine;
        mine = other;
        size_t its_room = me->room;
        me->room = room;
        room = its_room;
        me->length = 0;
        pthread_mutex_unlock(&me->lock);
        while (done < length) {
            ssize_t n = send(me->fd, mine + done, length - done, MSG_NOSIGNAL);
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0)
                break; /* the other thread will notice */
            done += (size_t)n;
        }
    }
    free(mine);
    return NULL;
}

static void hear(struct client *me)
{
    char bytes[LONGEST + TURN];
    size_t in = 0;

    for (;;) {
        ssize_t n = recv(me->fd, bytes + in, TURN, 0);
        size_t lines;

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            if (n == 0 && in > 0) { /* a last line without its end */
                bytes[in++] = '\n';
                broadcast(me, bytes, in);
            }
            return;
        }
        in += (size_t)n;
        for (lines = in; lines > 0 && bytes[lines - 1] != '\n'; lines--)
            ;
        if (lines > 0)
            broadcast(me, bytes, lines);
        in -= lines;
        memmove(bytes, bytes + lines, in);
        if (in > LONGEST)
            return;
    }
}

static void *stay(void *argument)
{
    struct client *me = argument;
    pthread_t writer;
    int has_writer = pthread_create(&writer, NULL, deliver, me) == 0;

    if (has_writer)
        hear(me);
    pthread_mutex_lock(&lock);
    for (int i = 0; i < count; i++)
        if (clients[i] == me) {
            memmove(&clients[i], &clients[i + 1], (size_t)(--count - i) * sizeof *clients);
            break;
        }
    pthread_mutex_unlock(&lock);
    pthread_mutex_lock(&me->lock);
    me->is_closed = 1;
    pthread_cond_signal(&me->news);
    pthread_mutex_unlock(&me->lock);
    if (has_writer)
        pthread_join(writer, NULL);
    close(me->fd);
    free(me->mail);
    free(me);
    return NULL;
}

int main(int argc, char **argv)
{
    struct sockaddr_in6 here = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT };
    int server = socket(AF_INET6, SOCK_STREAM, 0), yes = 1, no = 0;
    pthread_attr_t detached;

    if (argc != 2) {
        fprintf(stderr, "usage: mailbox_04 PORT\n");
        return 2;
    }
    here.sin6_port = htons((in_port_t)atoi(argv[1]));
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(server, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    if (bind(server, (struct sockaddr *)&here, sizeof here) < 0 || listen(server, SOMAXCONN) < 0) {
        perror("mailbox_04");
        return 1;
    }
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    for (;;) {
        int fd = accept(server, NULL, NULL);
        struct client *c;
        pthread_t thread;

        if (fd < 0) {
            if (errno != EINTR && errno != ECONNABORTED) {
                perror("accept");
                usleep(100000);
            }
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        c = calloc(1, sizeof *c);
        pthread_mutex_lock(&lock);
        if (!c || count == CLIENTS) {
            pthread_mutex_unlock(&lock);
            free(c);
            close(fd);
            continue;
        }
        c->fd = fd;
        pthread_mutex_init(&c->lock, NULL);
        pthread_cond_init(&c->news, NULL);
        clients[count++] = c;
        pthread_mutex_unlock(&lock);
        if (pthread_create(&thread, &detached, stay, c) != 0) {
            fprintf(stderr, "no thread for one more client\n");
            pthread_mutex_lock(&lock);
            count--; /* nobody has come since */
            pthread_mutex_unlock(&lock);
            close(fd);
            free(c->mail);
            free(c);
        }
    }
}
