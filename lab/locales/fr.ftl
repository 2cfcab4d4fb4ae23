# Ce que lit un étudiant dans le terminal. Chaque clé est aussi dans en.ftl, avec les
# mêmes paramètres : un test y veille. Aucun texte dans le code.

## Niveaux et verdicts

level-lab = lab
level-solid = solide
verdict-ok = ok
verdict-fail = RATÉ
verdict-waits = attend
verdict-not-observed = ?
label-did = J'ai fait
label-expected = J'attendais
label-saw = J'ai vu
label-usually = D'ordinaire
label-done = Fini
step-done = Tout ce que demande le TP y est.
step-solid = Et c'est du solide : il survit à ce que rencontre un vrai serveur.
step-not-solid = Une invitation : voyez la ligne « solide ». Un vrai serveur survit aussi à cela.
not-observed = non observable ici : { $why }

## Ce qu'a fait un client

did-connect = le client { $client } s'est connecté
did-send = le client { $client } a envoyé "{ $bytes }"
did-half-close = le client { $client } a dit qu'il n'enverrait plus rien
did-close = le client { $client } est parti
did-reset = le client { $client } a disparu (reset)
did-start = j'ai lancé le serveur

## Ce qui devait arriver

expected-listen = que le serveur écoute sur le port qu'on lui donne
expected-connect = pouvoir me connecter
expected-echo = "{ $bytes }" en retour
expected-end = que le serveur ferme cette connexion
expected-sleep = que le serveur se rendorme
expected-serve = que le serveur continue à servir les autres
expected-stays = que ce client reste connecté
expected-heard = que le client { $client } lise une ligne avec "{ $bytes }"
expected-unheard = que le client { $client } ne lise pas "{ $bytes }"
expected-once = que "{ $bytes }" soit dit une seule fois
expected-descriptors = pas plus de descripteurs ouverts qu'avant : { $before }
expected-family = que les clients venus de { $address } soient servis
expected-restart = que le serveur redémarre aussitôt sur le port { $port }

## Ce qui est arrivé

saw-nothing = rien ; le serveur dort
saw-busy = rien ; le serveur travaille sans arrêt
saw-bytes = "{ $bytes }"
saw-bytes-end = "{ $bytes }", puis la fin de la connexion
saw-end = la fin de la connexion
saw-reset = la connexion a été réinitialisée
saw-refused = la connexion a été refusée
saw-exit = le serveur s'est arrêté avec le code { $status }. { $words }
saw-killed = le serveur a été arrêté par le signal { $signal }. { $words }
saw-panic = un thread a paniqué : voyez la sortie d'erreur du serveur
saw-no-program = le programme ne peut pas être lancé : { $error }
saw-daemon = il s'est arrêté, en laissant un processus en arrière-plan
saw-no-listener = il tourne, et n'écoute sur aucun port
saw-other-port = il écoute ailleurs : { $ports }
saw-descriptors = { $now } descripteurs ouverts, { $before } auparavant

## Pourquoi on ne peut pas juger

why-no-proc = ce système n'a pas de /proc
why-busy = le serveur travaille avant que quiconque arrive
why-no-limit = le serveur ne démarre pas sous une telle limite
why-limit = { $error }
why-slow-accept = les clients n'ont pas tous pu se connecter à temps
why-no-family = cette machine n'a pas d'adresse { $address }

## Les vérifications

check-answered = un client reçoit une réponse
check-again = il en reçoit à chaque fois
check-same-bytes = ce sont exactement les mêmes octets qui reviennent
check-any-bytes = des octets sans saut de ligne sont aussi un message
check-end = un client qui n'envoie plus rien reçoit la fin
check-forgotten = un client qui part est oublié
check-next = le client suivant est servi
check-second = un deuxième client reçoit une réponse pendant que le premier se tait
check-own-answer = la réponse va à celui qui a parlé
check-many = une douzaine de clients sont servis
check-together = deux clients peuvent partir au même instant
check-last = quel que soit celui qui part, les autres sont servis
check-nothing-left = un client parti ne laisse rien derrière lui
check-families = les clients IPv4 et IPv6 sont servis
check-restart = le port est libre pour le prochain lancement
check-heard = ce que dit l'un, tous les autres le lisent
check-not-by-oneself = on ne lit pas ses propres paroles
check-both-ways = chacun peut parler, encore et encore
check-chat-forgotten = un client qui part est oublié
check-chat-left = quel que soit celui qui part, les autres s'entendent
check-msg = MSG envoie un message aux autres
check-msg-whole = le message arrive entier
check-msg-unheard = on ne lit pas son propre message
check-pieces = une commande peut arriver en morceaux
check-glued = deux commandes peuvent arriver ensemble
check-no-argument = une commande sans son argument ne gêne personne
check-unknown = une commande inconnue ne gêne personne
check-nick = NICK donne un pseudo, qui précède les messages
check-address = le premier pseudo est l'adresse
check-arrival = une arrivée est annoncée
check-departure = un départ est annoncé, une fois
check-who = WHO donne le pseudo de chacun
check-who-alone = WHO ne répond qu'à celui qui demande
check-half-close = une question suivie d'une demi-fermeture reçoit sa réponse
check-quit = QUIT dit adieu, puis ferme
check-kill = KILL dit pourquoi, puis ferme
check-kill-nobody = KILL d'un inconnu ne gêne personne
check-telnet = un pseudo peut venir de telnet
check-members = les membres d'un canal s'entendent
check-other-channel = un autre canal n'entend rien
check-outsider = qui n'est pas dans un canal n'y parle pas et n'y entend rien
check-part = PART quitte le canal
check-one-channel = JOIN quitte l'ancien canal
check-list = LIST donne chaque canal une fois
check-list-dead = un canal vide disparaît
check-kick = KICK exclut du canal, pas du serveur
check-kick-by-others = seul le créateur peut utiliser KICK
check-kick-nick = le créateur garde KICK sous un autre pseudo
check-reset = un client qui disparaît ne gêne personne d'autre
check-not-text-echo = n'importe quels octets reviennent
check-dead-listener = un destinataire disparu ne gêne personne d'autre
check-not-text = des octets qui ne sont pas du texte ne gênent personne
check-cut-character = un caractère peut être coupé en deux
check-same-nick = deux clients n'ont pas le même pseudo
check-reset-named = un client qui disparaît part proprement
check-slow = un client qui ne lit pas n'arrête personne d'autre
check-no-descriptor = sans descripteur libre, ceux qui sont là restent servis
check-thousand = 1 100 clients peuvent venir

## Ce que c'est d'ordinaire

usually-no-program = Le programme n'est pas là où je l'ai cherché, ou n'a pas le droit de tourner : compile-t-il ?
usually-dies-at-once = Votre serveur s'arrête avant d'écouter : lisez ses derniers mots ci-dessus.
usually-ends-at-once = Votre serveur arrive à sa fin sans attendre personne : il doit écouter, puis boucler sur accept.
usually-daemonizes = Restez au premier plan : Ctrl-C ne peut pas arrêter un serveur passé en arrière-plan.
usually-never-listens = Attachez la socket au port (bind), puis appelez listen : avant cela, personne ne peut se connecter.
usually-other-port = Le port est le premier argument de votre programme : écoutez sur celui-là.
usually-no-accept = La socket d'écoute a disparu : elle doit rester ouverte tant que le serveur tourne.
usually-closes-at-once = Vous fermez la socket cliente trop tôt : lisez, répondez, et fermez quand recv renvoie 0.
usually-spins = Votre serveur tourne en rond sans rien attendre : quel appel devrait bloquer, et ne bloque pas ?
usually-crash = Une erreur qui ne concerne qu'un client a arrêté tout le serveur : traitez-la, fermez ce client, continuez.
usually-01a = Vous rappelez accept après chaque message : un seul accept par client, puis une boucle sur ce client.
usually-01b = Votre serveur répond une fois, puis plus : continuez à lire jusqu'à ce que recv renvoie 0.
usually-01c = Vous recevez les octets mais ne les renvoyez jamais.
usually-01d = Vous envoyez tout le tampon : seuls les n premiers octets sont le message (`&buf[..n]`).
usually-01e = Un écho rend exactement les mêmes octets ; vous en changez ou en ajoutez.
usually-01f = Vous lisez jusqu'à la fermeture du client : répondez dès que des octets arrivent.
usually-01g = Vous attendez une ligne entière, or TCP transporte des octets : ici, on renvoie ce qui arrive.
usually-01h = recv a renvoyé 0 : le client est parti. Vous continuez à le lire sans fin.
usually-01i = Votre serveur s'arrête, ou ne sert plus, au départ du premier client : revenez à accept.
usually-01j = Un client qui disparaît ne met en erreur que sa socket : fermez ce client et continuez.
usually-01k = Ces octets ne sont pas de l'UTF-8 : un écho n'a pas besoin de texte ; un chat doit les refuser ou les remplacer, pas s'arrêter.
usually-01l = Vous n'écoutez qu'en IPv4 : le TP ouvre une socket IPv6 qui accepte aussi l'IPv4 (::ffff:…).
usually-v6-only = Vous n'acceptez que l'IPv6 : désactivez l'option IPV6_V6ONLY de la socket d'écoute.
usually-01m = Le port reste en TIME_WAIT après l'arrêt : activez SO_REUSEADDR avant bind.
usually-02a = Vous lancez un thread et l'attendez aussitôt, ou appelez handle vous-même : les clients passent l'un après l'autre.
usually-02b = La conversation est finie mais une copie de la socket reste ouverte : le client ne voit jamais la fin.
usually-02c = Seuls quelques clients sont servis à la fois : il faut un thread pour chacun.
usually-02d = Le serveur survit mais un thread a paniqué : traitez l'erreur au lieu d'unwrap.
usually-02e = Votre réponse va au dernier arrivé : donnez à chaque conversation sa propre socket, en argument.
usually-03a = Un client parti est encore dans votre liste : select le dit prêt à chaque tour, ou échoue. Fermez-le et retirez-le.
usually-03b = Vous avez retiré le client de la liste sans fermer sa socket.
usually-03c = select remplace votre ensemble par sa réponse : reconstruisez-le à chaque tour, avec tous les clients.
usually-03d = La socket d'écoute doit être dans l'ensemble à chaque tour.
usually-03e = Après select, un seul recv : un deuxième bloquerait, et tout le monde avec lui.
usually-03f = Vous retirez des éléments de la liste pendant son parcours : quand deux clients partent ensemble, les numéros ne vont plus.
usually-03g = nfds est le plus grand descripteur plus un, pas le nombre de sockets.
usually-slow-echo = Votre serveur attend un client qui ne prend pas son écho, et les autres attendent avec lui.
usually-03h = select ne surveille pas les descripteurs à partir de 1024 : refusez ce client, ou passez à poll.
usually-03i = accept échoue faute de descripteurs et la socket reste prête : ôtez-la de l'ensemble jusqu'au départ d'un client.
usually-04e = Votre serveur attend un lecteur lent, et les autres attendent avec lui : une file par client, écrite quand select le permet.
usually-04-mute = Personne n'entend rien : à chaque message, parcourez tous les clients et envoyez-le à chacun des autres.
usually-04-echo = Vous le renvoyez à son expéditeur : c'est aux autres qu'il doit aller.
usually-04a = L'expéditeur ne doit pas recevoir son propre message.
usually-04b = Tous les autres doivent le recevoir ; quelques-uns seulement l'ont reçu.
usually-04c = Un destinataire a disparu : passez-le, et continuez avec les autres.
usually-04d = Vous avez retiré un autre client que celui qui est parti : les numéros ont-ils bougé ?
usually-05-mute = MSG doit envoyer son texte à tous les autres.
usually-05-raw = Vous relayez toute la ligne : le message est ce qui suit MSG.
usually-05-who = WHO doit donner le pseudo de tous ceux qui sont connectés.
usually-05a = TCP ne sépare pas vos messages : découpez aux sauts de ligne, une commande chacun.
usually-05b = Une moitié de commande est arrivée : gardez-la jusqu'à son saut de ligne.
usually-05c = Votre tampon contient encore une ligne entière : traitez-les toutes avant de revenir à select.
usually-05d = Le pseudo finit par \r ou \n : retirez la fin de ligne.
usually-05e = Seul le premier espace sépare la commande de son argument : le reste est le message, espaces compris.
usually-05f = Un caractère est coupé entre deux segments : décodez des lignes, pas des segments.
usually-05g = Une commande est arrivée sans son argument : un indice ou unwrap échoue. Répondez par une erreur, et continuez.
usually-05h = Une commande inconnue est ignorée, ou signalée à son seul auteur.
usually-05i = NICK a renommé quelqu'un d'autre que son auteur.
usually-05j = Deux clients ont le même pseudo : KILL ne sait plus lequel.
usually-05k-prefix = Mettez le pseudo de l'expéditeur devant chaque message.
usually-05k-address = Jusqu'à NICK, le pseudo d'un client est son adresse et son port.
usually-05k-arrival = Annoncez aux autres l'arrivée d'un client, avec son adresse et son port.
usually-05k-departure = Annoncez aux autres le départ d'un client.
usually-05k-departure-nick = Annoncez un départ par le pseudo actuel du client, pas par son adresse.
usually-05k-who = WHO ne répond qu'à son auteur.
usually-05l = On ne peut plus demander l'adresse d'un client disparu : gardez celle qu'a donnée accept.
usually-05m-silent = QUIT doit envoyer son message aux autres avant de fermer.
usually-05m-open = QUIT doit fermer la socket du client.
usually-05m-twice = C'est annoncé deux fois : faites le ménage à un seul endroit, une seule fois.
usually-05m-who = Après QUIT, le client est encore dans vos tables : WHO le donne.
usually-05n = Personne n'a ce pseudo : répondez-le, pas d'unwrap.
usually-05o-killer = KILL a fermé son auteur : fermez la socket de la victime.
usually-05o-open = La victime est prévenue mais toujours connectée : fermez sa socket.
usually-05o-nothing = KILL n'a rien fait : trouvez le client qui a ce pseudo, envoyez-lui le message, fermez-le.
usually-05o-mute = La victime doit lire le message avant que sa connexion ne se ferme.
usually-05o-who = La victime est encore dans vos tables : WHO la donne.
usually-05p = Le client dit « je n'enverrai plus rien », pas « je suis parti » : répondez avant de fermer.
usually-06-mute = Les membres d'un canal doivent entendre ce qui s'y dit : MSG, le canal, le message.
usually-06-list = LIST doit donner le nom de chaque canal à qui le demande.
usually-06a = Seuls les membres d'un canal entendent ce qui s'y dit.
usually-06a-outsider = Seuls les membres d'un canal peuvent y parler.
usually-06b-part = Après PART, le client ne doit plus rien entendre du canal.
usually-06b-keeps = Un canal à la fois : JOIN quitte l'ancien.
usually-06b-refused = JOIN d'un autre canal doit marcher pour qui est déjà dans un canal.
usually-06c = Chaque canal est donné une fois, quel que soit le nombre de ses membres.
usually-06c-dead = Plus personne n'est dans ce canal : il ne doit plus être donné.
usually-06d-closes = KICK n'exclut que du canal : le client reste connecté.
usually-06d-nothing = Après KICK, le client ne doit plus rien entendre du canal.
usually-06d-anyone = Seul le créateur du canal peut utiliser KICK.
usually-06d-nick = Le créateur est un client, pas un pseudo : NICK ne doit pas lui retirer son droit.

## La commande

about = Le compagnon de Causette : il vérifie votre serveur, et explique.
about-check = Vérifie une étape : votre exercice, notre solution, ou n'importe quel programme.
about-run = Lance votre propre serveur au premier plan, prêt pour nc.
about-list = Donne la liste des étapes.
argument-step = l'étape : 3, 03 ou 03_select_echo ; sans elle, toutes, jusqu'à la première qui n'est pas finie
option-cmd = vérifier plutôt ce programme : une ligne de shell où {"{port}"} est le port
option-solution = prendre notre solution au lieu de votre exercice
option-level = ce qu'on demande : lab ou solid
option-lang = la langue : fr ou en ; sinon celle de votre environnement
option-json = donner le rapport en JSON
option-help = cette aide
usage = Utilisation : { $usage }
usage-lab = cargo lab [OPTIONS] COMMANDE
usage-check = cargo lab check [STEP] [OPTIONS]
usage-run = cargo lab run STEP [OPTIONS]
usage-list = cargo lab list
heading-commands = Commandes{" "}
heading-arguments = Arguments{" "}
heading-options = Options{" "}
exit-statuses = Code de retour : 0 fini, 1 pas encore, 2 vérification impossible.
error-unknown-argument = Je ne connais pas l'argument "{ $argument }".
error-unknown-command = Je ne connais pas la commande "{ $argument }".
error-value = "{ $value }" n'est pas possible pour { $argument }.
error-value-missing = { $argument } attend une valeur.
error-conflict = { $argument } ne va pas avec les autres options.
error-missing = Il manque { $argument }.
error-step = Il n'y a pas d'étape "{ $step }". Les étapes sont : { $steps }.
error-cmd-step = Quelle étape est-ce ? Dites-le : cargo lab check 03 --cmd …
error-usage = La commande n'est pas compréhensible.
error-build = Cela ne compile pas encore : voyez ci-dessus.
error-cargo = cargo ne peut pas être lancé : { $error }
for-help = Pour l'aide : cargo lab --help
