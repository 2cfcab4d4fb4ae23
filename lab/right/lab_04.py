#!/usr/bin/env python3
"""Chat : ce que l'un envoie, tous les autres le reçoivent. Usage : lab_04.py PORT"""
import select
import socket
import sys


def main(port):
    serveur = socket.socket(socket.AF_INET6, socket.SOCK_STREAM, 0)
    serveur.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    serveur.bind(("", port))
    serveur.listen(1)
    # ANCHOR: loop
    presents = []
    while True:
        prets = select.select([serveur, *presents], [], [])[0]
        for prise in prets:
            if prise == serveur:
                nouveau, adresse = serveur.accept()
                presents.append(nouveau)
                print("arrivée de", adresse, "- présents :", len(presents))
            else:
                recu = prise.recv(1500)
                if len(recu) > 0:
                    # ANCHOR: broadcast
                    for autre in presents:
                        if autre != prise:
                            autre.sendall(recu)
                    # ANCHOR_END: broadcast
                else:
                    presents.remove(prise)
                    prise.close()
                    print("un départ - présents :", len(presents))
    # ANCHOR_END: loop


main(int(sys.argv[1]))
