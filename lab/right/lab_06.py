#!/usr/bin/env python3
"""Chat à canaux, en français : MSG NICK WHO QUIT KILL JOIN PART LIST KICK.

Usage : lab_06.py PORT. Sockets bloquantes, select en lecture, sendall.
"""
import select
import socket
import sys

# ANCHOR: tables
clients = []     # dans l'ordre d'arrivée
pseudos = {}     # socket -> pseudo
tampons = {}     # socket -> début de ligne
canal_de = {}    # socket -> nom du canal, "" s'il n'y en a pas
canaux = {}      # nom du canal -> liste des sockets abonnées
createurs = {}   # nom du canal -> socket de qui l'a créé
# ANCHOR_END: tables


def ecrire(prise, texte):
    prise.sendall((texte + "\n").encode("utf-8"))


def ecrire_a(prises, texte, sauf=None):
    for prise in prises:
        if prise is not sauf:
            ecrire(prise, texte)


def par_pseudo(pseudo):
    for prise in clients:
        if pseudos[prise] == pseudo:
            return prise
    return None


def quitter_canal(prise):
    nom = canal_de[prise]
    canal_de[prise] = ""
    if nom:
        canaux[nom].remove(prise)
        if not canaux[nom]:
            del canaux[nom], createurs[nom]


def oublier(prise):
    pseudo = pseudos[prise]
    quitter_canal(prise)
    clients.remove(prise)
    del pseudos[prise], tampons[prise], canal_de[prise]
    prise.close()
    ecrire_a(clients, f"-- {pseudo} est parti")


def msg(prise, arg):
    nom, _, texte = arg.partition(" ")
    if nom == "" or texte == "":
        ecrire(prise, "!! usage : MSG <canal> <message>")
    elif canal_de[prise] != nom:
        ecrire(prise, "!! vous n'êtes pas dans ce canal")
    else:
        ecrire_a(canaux[nom], f"({nom}) {pseudos[prise]} : {texte}", sauf=prise)


def nick(prise, arg):
    if arg == "" or " " in arg:
        ecrire(prise, "!! usage : NICK <pseudo>")
    elif par_pseudo(arg) not in (None, prise):
        ecrire(prise, "!! pseudo déjà pris")
    else:
        pseudos[prise] = arg
        ecrire(prise, f"-- vous êtes {arg}")


def who(prise, arg):
    ecrire(prise, "-- connectés : " + " ".join(pseudos[c] for c in clients))


def quit_(prise, arg):
    if arg:
        ecrire_a(clients, f"{pseudos[prise]} : {arg}", sauf=prise)
    oublier(prise)


def kill(prise, arg):
    pseudo, _, texte = arg.partition(" ")
    victime = par_pseudo(pseudo)
    if victime is None:
        ecrire(prise, "!! personne de ce nom")
    else:
        ecrire(victime, f"{pseudos[prise]} : {texte}")
        oublier(victime)


def join(prise, arg):
    if arg == "" or " " in arg:
        ecrire(prise, "!! usage : JOIN <canal>")
    elif arg == canal_de[prise]:
        ecrire(prise, "!! vous y êtes déjà")
    else:
        quitter_canal(prise)
        if arg not in canaux:
            canaux[arg] = []
            createurs[arg] = prise
        canaux[arg].append(prise)
        canal_de[prise] = arg


def part(prise, arg):
    if canal_de[prise] == "":
        ecrire(prise, "!! vous n'êtes dans aucun canal")
    else:
        quitter_canal(prise)


def list_(prise, arg):
    ecrire(prise, "-- canaux : " + " ".join(canaux))


def kick(prise, arg):
    nom = canal_de[prise]
    victime = par_pseudo(arg)
    if nom == "" or createurs[nom] is not prise:
        ecrire(prise, "!! réservé au créateur du canal")
    elif victime is None or canal_de[victime] != nom:
        ecrire(prise, "!! personne de ce nom dans le canal")
    else:
        quitter_canal(victime)
        ecrire(victime, f"-- {pseudos[prise]} vous a sorti de {nom}")


commandes = {
    "MSG": msg, "NICK": nick, "WHO": who, "QUIT": quit_, "KILL": kill,
    "JOIN": join, "PART": part, "LIST": list_, "KICK": kick,
}


def executer(prise, ligne):
    commande, _, arg = ligne.rstrip().partition(" ")
    if commande in commandes:
        commandes[commande](prise, arg)
    elif commande:
        ecrire(prise, "!! commande inconnue : " + commande)


def accueillir(serveur):
    prise, _ = serveur.accept()
    adresse, port = prise.getpeername()[:2]
    clients.append(prise)
    pseudos[prise] = f"{adresse}:{port}"
    tampons[prise] = b""
    canal_de[prise] = ""
    ecrire_a(clients, f"-- {pseudos[prise]} est arrivé", sauf=prise)


def lire(prise):
    octets = prise.recv(1500)
    if not octets:
        if tampons[prise]:  # dernière ligne, sans fin de ligne
            executer(prise, tampons[prise].decode("utf-8"))
        if prise in clients:
            oublier(prise)
        return
    tampons[prise] += octets
    while prise in clients and b"\n" in tampons[prise]:
        ligne, tampons[prise] = tampons[prise].split(b"\n", 1)
        executer(prise, ligne.decode("utf-8"))


serveur = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
serveur.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
serveur.bind(("", int(sys.argv[1])))
serveur.listen(1)
while True:
    pretes, _, _ = select.select(clients + [serveur], [], [])
    for prise in pretes:
        if prise is serveur:
            accueillir(serveur)
        elif prise in clients:
            lire(prise)
