/* Echo over TCP, one client at a time; select says which socket is ready, and
 * the listening socket is watched only while there is no client.
 * Usage: select_01 PORT */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

static int listen_on(int port)
{
    struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT };
    int yes = 1, no = 0;
    int s = socket(AF_INET6, SOCK_STREAM, 0);

    if (s < 0)
        die("socket");
    any.sin6_port = htons((unsigned short)port);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    if (bind(s, (struct sockaddr *)&any, sizeof any) < 0)
        die("bind");
    if (listen(s, 1) < 0)
        die("listen");
    return s;
}

/* Gives back what came; -1 when the client is gone. */
static int echo(int client)
{
    char data[1500];
    ssize_t got = recv(client, data, sizeof data, 0);

    if (got <= 0)
        return got < 0 && errno == EINTR ? 0 : -1;
    for (ssize_t sent = 0, n; sent < got; sent += n) {
        n = send(client, data + sent, (size_t)(got - sent), MSG_NOSIGNAL);
        if (n < 0)
            return -1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    int server = listen_on(argc > 1 ? atoi(argv[1]) : 7777);
    int client = -1;

    for (;;) {
        int watched = client < 0 ? server : client;
        fd_set readable;

        FD_ZERO(&readable);
        FD_SET(watched, &readable);
        if (select(watched + 1, &readable, NULL, NULL, NULL) < 0) {
            if (errno == EINTR)
                continue;
            die("select");
        }
        if (client < 0) {
            client = accept(server, NULL, NULL);
            if (client < 0)
                perror("accept");
        } else if (echo(client) < 0) {
            close(client);
            client = -1;
        }
    }
}
