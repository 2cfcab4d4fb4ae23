/* Echo over TCP, one client at a time, with nothing but accept, recv and send.
 * Usage: blocking_01 PORT */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void talk(int client)
{
    char bytes[1500];

    for (;;) {
        ssize_t n = recv(client, bytes, sizeof bytes, 0), sent = 0;
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        while (sent < n) {
            ssize_t taken = send(client, bytes + sent, (size_t)(n - sent), MSG_NOSIGNAL);
            if (taken < 0 && errno == EINTR)
                continue;
            if (taken < 0)
                return;
            sent += taken;
        }
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in6 here = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT };
    int server = socket(AF_INET6, SOCK_STREAM, 0), yes = 1, no = 0;

    if (argc != 2) {
        fprintf(stderr, "usage: blocking_01 PORT\n");
        return 2;
    }
    here.sin6_port = htons((in_port_t)atoi(argv[1]));
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(server, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    if (bind(server, (struct sockaddr *)&here, sizeof here) < 0 || listen(server, 32) < 0) {
        perror("blocking_01");
        return 1;
    }
    for (;;) {
        int client = accept(server, NULL, NULL);
        if (client < 0) {
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            perror("accept");
            return 1;
        }
        talk(client);
        close(client);
    }
}
