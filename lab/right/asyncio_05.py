#!/usr/bin/env python3
"""Salon de discussion avec asyncio, réponses en français.

Usage : asyncio_05.py PORT. Accueil de bienvenue, annonces aussi au nouveau
venu, adresses IPv6 entre crochets, WHO à raison d'un pseudo par ligne.
"""
import asyncio
import socket
import sys

salon = []


class Habitue:
    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        hote, port = writer.get_extra_info("peername")[:2]
        self.pseudo = f"[{hote}]:{port}" if ":" in hote else f"{hote}:{port}"

    def dire(self, *lignes):
        for ligne in lignes:
            self.writer.write(f"{ligne}\n".encode())

    def partir(self):
        """Quitte le salon ; le reste part avant la fermeture."""
        if self in salon:
            salon.remove(self)
            annoncer(f"*** {self.pseudo} nous a quittés")
            self.writer.close()


def annoncer(texte, sauf=None):
    for habitue in salon:
        if habitue is not sauf:
            habitue.dire(texte)


def trouver(pseudo):
    return next((h for h in salon if h.pseudo == pseudo), None)


def executer(moi, ligne):
    mot, _, reste = ligne.partition(" ")
    match mot.upper():
        case "":
            pass
        case "MSG" if reste:
            annoncer(f"{moi.pseudo} dit : {reste}", sauf=moi)
        case "NICK" if len(reste.split()) == 1:
            pseudo = reste.strip()
            if trouver(pseudo) not in (None, moi):
                moi.dire(f"--- Le pseudo {pseudo} est déjà pris.")
            else:
                ancien, moi.pseudo = moi.pseudo, pseudo
                annoncer(f"*** {ancien} s'appelle désormais {pseudo}")
        case "WHO":
            moi.dire(f"--- {len(salon)} en ligne", *(h.pseudo for h in salon))
        case "QUIT":
            if reste:
                annoncer(f"{moi.pseudo} dit en partant : {reste}", sauf=moi)
            moi.dire("--- À bientôt !")
            moi.partir()
        case "KILL" if reste:
            pseudo, _, adieu = reste.partition(" ")
            if victime := trouver(pseudo):
                victime.dire(f"--- {moi.pseudo} vous met dehors : {adieu}")
                victime.partir()
            else:
                moi.dire(f"--- {pseudo} ? Inconnu au bataillon.")
        case "MSG" | "NICK" | "KILL":
            moi.dire(f"--- Il manque quelque chose après {mot}.")
        case _:
            moi.dire("--- Commande inconnue.")


async def recevoir(reader, writer):
    moi = Habitue(reader, writer)
    salon.append(moi)
    moi.dire("--- Bienvenue ! Commandes : MSG, NICK, WHO, QUIT, KILL.")
    annoncer(f"*** {moi.pseudo} entre dans le salon")
    try:
        while moi in salon and (octets := await reader.readline()):
            if moi in salon:
                executer(moi, octets.decode(errors="replace").rstrip("\r\n"))
    except (ConnectionError, ValueError):  # coupure, ou ligne de plus de 64 Kio
        pass
    finally:
        moi.partir()


async def main():
    prise = socket.create_server(
        ("", int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True
    )
    serveur = await asyncio.start_server(recevoir, sock=prise)
    await serveur.serve_forever()


asyncio.run(main())
