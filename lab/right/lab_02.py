#!/usr/bin/env python3
"""Serveur écho, un thread par client. Usage : lab_02.py PORT"""
import socket
import sys
import threading


# ANCHOR: handle
def servir(client, numero):
    while True:
        octets = client.recv(1500)
        if octets == b"":
            break
        client.sendall(octets)
    client.close()
    print(f"client n°{numero} parti")
# ANCHOR_END: handle


ecoute = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
ecoute.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
ecoute.bind(("", int(sys.argv[1])))
ecoute.listen(1)

# ANCHOR: loop
compteur = 0
while True:
    client, adresse = ecoute.accept()
    compteur += 1
    print(f"client n°{compteur} arrivé de {adresse[0]}, port {adresse[1]}")
    threading.Thread(target=servir, args=(client, compteur)).start()
# ANCHOR_END: loop
