/* Chat, a thread per client: each thread reads its client and writes to all the
 * others, under one lock. A client that doesn't read is waited for: so is a chat of
 * blocking writes. Usage: thread_04 PORT */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 4096 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int clients[MOST];
static int count;

static void write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return; /* its own thread will notice */
        bytes += n;
        length -= (size_t)n;
    }
}

static void *serve(void *argument)
{
    int me = (int)(intptr_t)argument;
    char chunk[1500];

    for (;;) {
        ssize_t n = recv(me, chunk, sizeof chunk, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        pthread_mutex_lock(&lock);
        for (int i = 0; i < count; i++)
            if (clients[i] != me)
                write_all(clients[i], chunk, (size_t)n);
        pthread_mutex_unlock(&lock);
    }
    pthread_mutex_lock(&lock);
    for (int i = 0; i < count; i++)
        if (clients[i] == me) {
            clients[i] = clients[--count];
            break;
        }
    pthread_mutex_unlock(&lock);
    close(me); /* not before it is out of the table: the number is used again */
    return NULL;
}

int main(int argc, char **argv)
{
    struct sockaddr_in6 here = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT };
    int server = socket(AF_INET6, SOCK_STREAM, 0), yes = 1, no = 0;
    pthread_attr_t detached;

    if (argc != 2) {
        fprintf(stderr, "usage: thread_04 PORT\n");
        return 2;
    }
    here.sin6_port = htons((in_port_t)atoi(argv[1]));
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(server, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    if (bind(server, (struct sockaddr *)&here, sizeof here) < 0 || listen(server, SOMAXCONN) < 0) {
        perror("thread_04");
        return 1;
    }
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    for (;;) {
        int client = accept(server, NULL, NULL), is_in = 0;
        pthread_t thread;

        if (client < 0) {
            if (errno != EINTR && errno != ECONNABORTED) {
                perror("accept");
                usleep(100000);
            }
            continue;
        }
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        pthread_mutex_lock(&lock);
        if (count < MOST) {
            clients[count++] = client;
            is_in = 1;
        }
        pthread_mutex_unlock(&lock);
        if (!is_in) {
            close(client);
        } else if (pthread_create(&thread, &detached, serve, (void *)(intptr_t)client) != 0) {
            fprintf(stderr, "no thread for one more client\n");
            pthread_mutex_lock(&lock);
            for (int i = 0; i < count; i++)
                if (clients[i] == client) {
                    clients[i] = clients[--count];
                    break;
                }
            pthread_mutex_unlock(&lock);
            close(client);
        }
    }
}
