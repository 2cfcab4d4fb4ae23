/* Echo over TCP, a detached thread per client. Usage: thread_02 PORT */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void *handle(void *argument)
{
    int client = (int)(intptr_t)argument;
    char buffer[4096];

    for (;;) {
        ssize_t got = read(client, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        for (char *from = buffer; got > 0;) {
            ssize_t put = send(client, from, (size_t)got, MSG_NOSIGNAL);
            if (put < 0)
                goto end;
            from += put;
            got -= put;
        }
    }
end:
    close(client);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        return 2;
    }

    int server = socket(AF_INET6, SOCK_STREAM, 0), on = 1, off = 0;
    struct sockaddr_in6 here;
    memset(&here, 0, sizeof here);
    here.sin6_family = AF_INET6;
    here.sin6_addr = in6addr_any;
    here.sin6_port = htons((uint16_t)atoi(argv[1]));
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(server, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (server < 0 || bind(server, (struct sockaddr *)&here, sizeof here) || listen(server, SOMAXCONN)) {
        perror(argv[1]);
        return 1;
    }

    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    for (;;) {
        int client = accept(server, NULL, NULL);
        if (client < 0) {
            perror("accept");
            usleep(100000); /* out of descriptors, maybe: let some come back */
            continue;
        }
        pthread_t thread;
        int trouble = pthread_create(&thread, &detached, handle, (void *)(intptr_t)client);
        if (trouble) {
            fprintf(stderr, "thread: %s\n", strerror(trouble));
            close(client);
        }
    }
}
