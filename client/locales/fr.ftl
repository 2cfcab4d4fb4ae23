# Ce que dit le client de chat, par-dessus la table de lab/locales. Chaque clé est
# aussi dans en.ftl, avec les mêmes paramètres : un test y veille.

about = Un client de chat : ce que nc ne sait pas faire dans un terminal
usage-client = { $called } [HOST] [PORT] [OPTIONS]
argument-host = le nom ou l'adresse du serveur ; localhost par défaut
argument-port = son port, de 1 à 65535 ; 7777 par défaut. Seul, c'est un port de localhost
option-version = de quelle version il s'agit
keys =
    Dans un terminal : Tab complète les commandes, les pseudos et les canaux ; ↑ et ↓
    parcourent ce que vous avez tapé auparavant ; Ctrl-D annonce que vous n'enverrez plus
    rien, Ctrl-C quitte. Une ligne que le serveur n'a pas encore finie s'affiche avec … à
    la fin. NO_COLOR=1 supprime les couleurs. À travers des tubes, les octets passent tels
    quels, comme avec nc -N.
exit-statuses = Code de retour : 0 c'est fini, 1 connexion impossible ou rompue, 2 la ligne de commande est incorrecte.
for-help = Pour obtenir l'aide : { $called } --help
error-port = « { $port } » n'est pas un port, c'est-à-dire un nombre de 1 à 65535.

error-unreachable = { $name } : impossible de se connecter à { $host }, port { $port } :
error-address = { $address } : { $why }
error-unresolved = { $name } : aucune adresse connue pour « { $host } » : { $why }
hint-refused = Personne n'y écoute. Le serveur est-il lancé, et sur ce port ?
why-refused = connexion refusée
why-timeout = pas de réponse
why-unreachable = inaccessible d'ici
error-connection = { $name } : la connexion est rompue : { $why }
error-output = { $name } : impossible d'écrire ce qui arrive : { $why }
error-input = { $name } : impossible de lire l'entrée : { $why }
why-reset = le serveur l'a coupée net

notice-connected = connecté à { $address } ; Tab complète, Ctrl-D termine
notice-closed = le serveur a fermé la connexion
notice-broken = la connexion est rompue : { $why }
notice-waiting = vous n'envoyez plus rien ; en attente des derniers mots du serveur
notice-silent = le serveur ne dit plus rien, et ne ferme pas
notice-history = ce que vous taperez aujourd'hui ne sera pas retenu : { $why }
notice-typing = le terminal a envoyé des octets qui ne sont pas de l'UTF-8 : ce que vous aviez tapé est toujours là
