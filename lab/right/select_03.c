/* Serveur écho à un seul thread : select surveille tous les clients.
 * Un petit tampon (256 octets), exprès. Usage : select_03 PORT */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static int ouvrir(int port)
{
    int prise = socket(AF_INET6, SOCK_STREAM, 0);
    int oui = 1, non = 0;
    struct sockaddr_in6 ici = {
        .sin6_family = AF_INET6,
        .sin6_port = htons((in_port_t)port),
        .sin6_addr = in6addr_any,
    };

    setsockopt(prise, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    setsockopt(prise, IPPROTO_IPV6, IPV6_V6ONLY, &non, sizeof non);
    if (bind(prise, (struct sockaddr *)&ici, sizeof ici) == -1 || listen(prise, 16) == -1) {
        perror("ouverture du port");
        exit(1);
    }
    return prise;
}

/* Rend 0 quand le client est parti. */
static int repondre(int client)
{
    char tampon[256];
    ssize_t recus = recv(client, tampon, sizeof tampon, 0);
    ssize_t rendus = 0;

    if (recus <= 0)
        return 0;
    while (rendus < recus) {
        ssize_t n = send(client, tampon + rendus, (size_t)(recus - rendus), MSG_NOSIGNAL);
        if (n == -1)
            return 0;
        rendus += n;
    }
    return 1;
}

int main(int argc, char *argv[])
{
    int serveur, plus_haut;
    fd_set ouverts; /* le serveur et ses clients */

    if (argc < 2) {
        fprintf(stderr, "usage : %s PORT\n", argv[0]);
        return 2;
    }
    serveur = ouvrir(atoi(argv[1]));
    plus_haut = serveur;
    FD_ZERO(&ouverts);
    FD_SET(serveur, &ouverts);

    while (1) {
        fd_set prets = ouverts; /* select écrase l'ensemble : travailler sur une copie */
        int fd, haut = plus_haut;

        if (select(plus_haut + 1, &prets, NULL, NULL, NULL) == -1) {
            if (errno == EINTR)
                continue;
            perror("select");
            return 1;
        }
        for (fd = 0; fd <= haut; fd++) {
            if (!FD_ISSET(fd, &prets))
                continue;
            if (fd != serveur) {
                if (!repondre(fd)) {
                    FD_CLR(fd, &ouverts);
                    close(fd);
                    printf("client %d parti\n", fd);
                }
                continue;
            }
            int client = accept(serveur, NULL, NULL);
            if (client == -1) {
                perror("accept");
            } else if (client >= FD_SETSIZE) {
                fprintf(stderr, "trop de clients\n");
                close(client);
            } else {
                FD_SET(client, &ouverts);
                if (client > plus_haut)
                    plus_haut = client;
                printf("client %d arrivé\n", client);
            }
        }
        fflush(stdout);
    }
}
