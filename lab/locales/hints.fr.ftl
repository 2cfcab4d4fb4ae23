# Les indices, chacun à deux barreaux : `-ask` fait regarder au bon endroit, `-how` est presque le
# code, en mots. Celui du milieu renvoie au livre : lab/src/hints.rs. Un indice ne donne
# jamais la ligne de la solution. Chaque clé est aussi dans hints.en.ftl.

## Avant de servir quelqu'un

hint-no-program-ask = Quel programme devais-je lancer ? Tapez vous-même cette commande, depuis le dossier du cours. Que répond le shell ?
hint-no-program-how = Un chemin faux vu de ce dossier, ou un fichier qui n'a pas le droit d'être exécuté. Votre exercice, lui, se trouve sans aucun chemin : `cargo lab check 1`.
hint-dies-at-once-ask = Relisez les derniers mots du serveur dans le rapport. Lequel de vos appels a pu dire cela, et que lui avait-on donné ?
hint-dies-at-once-how = Il y a peu d'appels entre le démarrage et `listen`, et chacun rend un `Result`. Mettez un `println!` devant chacun : le dernier affiché précède le coupable. Le `?` qui le suit est juste ; c'est son argument qui ne l'est pas.
hint-dies-silently-ask = Votre serveur abandonne sans un mot. Par où sort-il : un `return`, la fin d'une fonction, `process::exit` ?
hint-dies-silently-how = Laissez sortir l'erreur. `serve` rend un `io::Result`, et qui l'appelle affiche l'erreur : transmettez-la par `?`, au lieu de l'avaler avec `let _ =` ou `.ok()`.
hint-ends-at-once-ask = Que fait votre serveur après `listen` ? Suivez-le du doigt, ligne par ligne : laquelle attend quelqu'un ?
hint-ends-at-once-how = Après `listen` vient une `loop` dont rien ne sort, et qui commence par un appel où l'on dort jusqu'à ce que quelqu'un soit là : `accept`, plus tard `select`.
hint-daemonizes-ask = Votre serveur tourne : Ctrl-C dans son terminal l'arrête-t-il ? Qui donc écoute encore ?
hint-daemonizes-how = Ne lancez pas d'autre processus, ne vous détachez pas du terminal. C'est le programme lancé lui-même qui doit servir, jusqu'à ce qu'on l'arrête.
hint-never-listens-ask = Le serveur tourne, et aucun port n'est ouvert. Quels sont les deux appels qui font d'une simple socket une porte où frapper ? Votre programme arrive-t-il aux deux ?
hint-never-listens-how = `bind` lui donne son adresse, celle que reçoit `open_listener` ; `listen` l'ouvre. Dans cet ordre, avant le premier `accept`, et sur la socket que rend la fonction.
hint-other-port-ask = Sur quel port le rapport voit-il votre serveur, et lequel lui avait-on donné ? D'où vient celui que vous utilisez ?
hint-other-port-how = Le port est dans `address`, que reçoit `open_listener` : attachez la socket à cette adresse, n'écrivez pas de numéro vous-même. Sans `bind`, le système prend un port au hasard.
hint-no-accept-ask = À qui appartient la socket d'écoute dans votre code, et où finit cette variable ? En Rust, c'est là qu'elle est fermée.
hint-no-accept-how = Elle doit vivre aussi longtemps que la boucle. Créez-la en dehors, et prêtez-la (`&listener`) à qui en a besoin au lieu de la donner.
hint-never-accepts-ask = Quelqu'un est à la porte. Quel appel le fait entrer ? Dans quel appel votre serveur dort-il, à la place ? Un `println!` devant chacun vous le dira.
hint-never-accepts-how = Aux étapes 01 et 02, c'est dans `accept` qu'on attend. Avec `select`, la porte doit être dans l'ensemble, et l'on appelle `accept` quand `select` l'a désignée.
hint-never-reads-ask = Le client est entré, et il a parlé. Sur quelle socket lisez-vous : celle qui écoute, ou celle qu'a donnée `accept` ?
hint-never-reads-how = `accept` donne une nouvelle socket, et elle seule porte les mots de ce client. Lisez-y, encore et encore, jusqu'à ce qu'elle dise 0.
hint-closes-at-once-ask = En Rust, une socket est fermée là où finit son propriétaire. Qui possède la socket du client, et à quelle ligne cette variable finit-elle ?
hint-closes-at-once-how = Elle doit vivre jusqu'à ce que `read` ait dit 0. Donnez-la à la fonction qui mène la conversation, et voyez par où celle-ci sort : un `return` trop tôt, un `?`, un `Err` en dernière ligne la ferment tous.
hint-spins-ask = Quelque chose est redemandé sans cesse, sans attendre. Mettez un `println!` dans chaque boucle : laquelle défile ? Quel appel devrait y dormir ?
hint-spins-how = Les suspects habituels : un `read` qui dit 0, ou une erreur, et une boucle qui continue quand même ; une socket rendue non bloquante. Sur 0, quittez la boucle ; sur une erreur aussi, sauf `Interrupted`.
hint-crash-ask = Lisez les derniers mots dans le rapport : quelle ligne a arrêté le serveur ? S'agissait-il d'un seul client, ou du serveur lui-même ?
hint-crash-how = Ce qui arrive à un client ne doit concerner que lui. Dans la fonction qui tient la boucle sur tous, ni `?` ni `unwrap` là-dessus : regardez le `Result` (`if let Err(error) = …`), notez-le au journal, fermez ce client, continuez.
hint-stops-ask = Le serveur s'est arrêté, et sans erreur. De quelle boucle est-il sorti, et comment : un `return`, un `break`, la fin d'une fonction ?
hint-stops-how = La boucle la plus extérieure n'a pas de fin : rien de ce que fait un client n'en sort. Un `return` a sa place dans la fonction d'un seul client.
hint-no-build-ask = Ne lisez que la *première* erreur ; les autres en découlent souvent. Qu'attendait le compilateur, et qu'a-t-il trouvé ?
hint-no-build-how = Ce qui suit `help:` est souvent juste. `rustc --explain E0502`, avec le numéro de votre erreur, raconte toute l'histoire. Si rien n'y fait : ôtez ce que vous avez écrit en dernier jusqu'à ce que cela compile, puis remettez-le par petits morceaux.
hint-panicked-ask = Un `panic` donne un fichier et une ligne : allez-y. Quel `unwrap`, `expect`, `insert` ou indice entre crochets s'y trouve, et sur quoi comptait-il ?
hint-panicked-how = Dites ce qui doit se passer dans l'autre cas : `match` ou `if let` pour un `Result` ou une `Option`, `.get(i)` au lieu des crochets. Est-ce l'affaire d'un seul client ? Alors on ferme celui-là, et la boucle continue.
hint-address-in-use-ask = Le port est pris. Par qui : un de vos serveurs qui tourne encore dans un terminal, ou une connexion finie depuis peu ?
hint-address-in-use-how = `ss -tlnp` dit qui écoute. Si ce n'est personne, c'est une ancienne connexion qui retient le port : une option de la socket, posée avant `bind`, déclare que vous vous en accommodez.

## Étape 01

hint-01a-ask = Un client dit trois choses. Combien de fois `accept` est-il appelé ? Mettez un `println!` devant, et comptez.
hint-01a-how = Deux boucles, l'une dans l'autre. Celle du dehors accepte un client ; celle du dedans, dans `handle`, lit et répond jusqu'à ce que `read` dise 0. Pas d'`accept` dans celle du dedans.
hint-01b-ask = Le premier message a eu sa réponse. Quelle ligne vient après elle, et y a-t-il un chemin de là jusqu'à `read` ?
hint-01b-how = Lire et répondre vont dans une `loop`, et deux choses seulement en sortent : `read` dit 0, ou une erreur.
hint-01b-thread-ask = Après une réponse, la connexion est fermée. `handle` se termine-t-il trop tôt ? Ou quelqu'un d'autre ferme-t-il la socket ?
hint-01b-thread-how = `handle` n'a que deux sorties, `read` qui dit 0 ou une erreur. Et la socket n'appartient qu'au thread : `move` l'emporte dans la fermeture, et il n'en reste rien dehors.
hint-01c-ask = Les octets sont dans votre tampon. Que deviennent-ils ? Quel appel porte des octets à un client, et sur quelle socket ?
hint-01c-how = Juste après la lecture, écrivez ce qui est venu, sur la même socket. C'est `write_all` sur un `TcpStream`, et `send` sur un `Peer`.
hint-01c-dies-ask = Le serveur s'est arrêté dès qu'on lui a parlé. Ses derniers mots sont dans le rapport : sur quelle socket lisait-il, ou écrivait-il ?
hint-01c-dies-how = Sur la socket d'écoute, on ne fait qu'`accept` ; lisez et écrivez sur celle qu'il donne. Et voyez par quoi finit `handle` : `Ok(())` quand tout s'est bien passé, pas une erreur.
hint-01d-ask = Tapez une longue ligne, puis `ok`. Qu'est-ce qui revient la deuxième fois ? Combien d'octets de votre tampon sont nouveaux à ce moment-là ?
hint-01d-how = `read` donne un nombre : le message tient dans ce nombre d'octets, au début du tampon ; tout ce qui suit est vieux. Envoyez la tranche qui s'arrête là.
hint-01e-ask = Comparez, dans le rapport, ce qui est parti et ce qui est revenu, signe par signe. Qu'est-ce qui manque, s'ajoute, change ? Quel appel fait cela : `trim`, `format!`, `lines` ?
hint-01e-how = N'en faites pas du texte. Les octets du tampon repartent comme ils sont venus, les `n` premiers, sans rien ajouter ni retirer.
hint-01f-ask = Votre serveur répond une fois que le client a fermé. Quel appel attend la fin : `read_to_end`, `read_to_string`, une boucle qui ne fait qu'amasser ?
hint-01f-how = Un seul `read` donne ce qui est venu jusque-là, fût-ce un octet. Répondez dans la boucle, après chacun.
hint-01g-ask = Le client a envoyé des octets, et pas de saut de ligne. Qu'attend votre appel ?
hint-01g-how = `read_line`, `lines` et leurs semblables attendent une fin de ligne. Un simple `read` prend ce qui est là : à cette étape, c'est lui qu'il faut.
hint-01h-ask = Que donne `read` quand le client n'enverra plus rien ? Affichez-le : combien de fois le voyez-vous ?
hint-01h-how = 0 est son dernier mot. Ce cas passe en premier, avant tout envoi : quittez la boucle et la fonction, et la socket est fermée avec son propriétaire.
hint-01i-ask = Un client est parti. À quelle ligne arrive votre serveur, et comment va-t-il de là jusqu'à l'endroit où il attend le suivant ?
hint-01i-how = Autour de l'attente d'un client et de la conversation avec lui, il y a une `loop`, dont rien ne sort. La conversation peut se terminer ; la boucle passe au suivant.
hint-01j-ask = Un client qui disparaît fait échouer une lecture ou une écriture. Suivez cette erreur : quel `?` la transmet, et qui la reçoit à la fin ?
hint-01j-how = Dans la conversation, `?` convient : il termine celle-là. Dans la boucle sur tous les clients, regardez plutôt le résultat (`if let Err(error) = …`) : notez-le, fermez ce client, continuez.
hint-01k-ask = En UTF-8, aucun caractère ne contient l'octet 0xFF. Où faites-vous du texte avec des octets, et que se passe-t-il si ce n'en est pas ?
hint-01k-how = Un écho n'a pas besoin de texte : laissez-les octets. Un chat a besoin de lignes : `String::from_utf8_lossy` n'échoue jamais, et met une marque à la place de ce qui n'est pas du texte. Ou refusez la ligne, et gardez le client.
hint-01l-ask = Essayez `nc -4 localhost 7777`, puis `nc -6 localhost 7777` : lequel entre ? De quelle famille est votre socket, et à quelle adresse est-elle attachée ?
hint-01l-how = La famille est celle de l'adresse qu'on vous donne : `Domain::for_address`. Une socket IPv6 accepte aussi les clients IPv4, si on ne la réserve pas à l'IPv6.
hint-01l-v6-ask = `nc -4 localhost 7777` n'entre pas. Que sait votre socket de l'IPv4, par une option, ou par son adresse ?
hint-01l-v6-how = Attachez-la à l'adresse qu'on vous donne, `[::]`, c'est-à-dire n'importe laquelle. Et dites, avant `bind`, qu'elle n'est pas réservée à l'IPv6 : `set_only_v6` veut un faux.
hint-01m-ask = Lancez votre serveur, connectez un `nc`, arrêtez le *serveur*, relancez-le aussitôt. Que dit-il, et qui retient le port ?
hint-01m-how = Le système, pour une minute : le bout serveur de cette connexion est en TIME_WAIT. L'option SO_REUSEADDR déclare que vous vous en accommodez. Posez-la sur la socket, avant `bind`.
hint-01m-held-ask = Votre serveur est arrêté, et quelqu'un écoute encore sur son port. Quel est ce processus (`ss -tlnp`), et qui l'a lancé ?
hint-01m-held-how = Un processus lancé par votre serveur hérite de ses sockets. N'en lancez pas, ou arrêtez-le avec le serveur.

## Étape 02

hint-02a-ask = Alice est connectée, et se tait. À quelle ligne est votre thread principal à ce moment-là ?
hint-02a-how = Il doit être revenu dans `accept`. Donnez la fermeture à `spawn` au lieu de l'appeler, et n'attendez pas le thread (pas de `join`) : on peut abandonner ce que rend `spawn`.
hint-02b-ask = `handle` est terminé, et la connexion est encore ouverte. Qui d'autre a cette socket : un clone, une liste, une variable hors du thread ?
hint-02b-how = Une socket est fermée quand le dernier de ses propriétaires a disparu. Emportez l'unique dans la fermeture (`move`), et n'en gardez pas de copie.
hint-02c-ask = Douze clients sont connectés. Combien votre serveur a-t-il de threads (`ls /proc/PID/task`), et quand en lance-t-il un nouveau ?
hint-02c-how = Un `accept`, un thread : on le lance juste derrière, pour ce seul client, quoi que fassent les autres. Pas de nombre fixé d'avance.
hint-02d-ask = Le serveur vit, mais un de ses threads est mort : le rapport donne ses derniers mots. Quelle ligne est-ce, et sur quoi comptait-elle ?
hint-02d-how = Laissez `handle` rendre ses erreurs (`?`). Dans la fermeture, regardez ce qu'il rend : si c'est un `Err`, une ligne au journal, et le thread finit en paix. La socket se ferme avec lui.
hint-02e-ask = Deux clients parlent tour à tour. Quelle variable dit où va la réponse, et qui d'autre la change ?
hint-02e-how = Chaque conversation a sa propre socket : emportée dans la fermeture, ou donnée en argument. Rien que le thread principal change à l'`accept` suivant.
hint-02-crowd-ask = Sur mille threads, le système en refuse un. Que fait alors `thread::spawn`, et que fait le `spawn` d'un `Builder` ?
hint-02-crowd-how = Le second rend un `Result`. Si c'est un `Err`, une ligne au journal, et au client suivant. Le refusé est fermé en même temps que la fermeture qui l'emportait.
hint-02-unread-ask = Le client a été accepté. Et ensuite ? Votre fermeture est-elle appelée, donnée à un thread, ou seulement créée ?
hint-02-unread-how = Une fermeture ne fait rien tant que personne ne l'appelle. `spawn` la fait appeler par un thread ; dedans, `handle` reçoit la socket du client, venue avec `move`.

## Étape 03

hint-03a-ask = Que rend `recv` quand un client est parti ? Affichez-le : combien de fois par seconde le voyez-vous ?
hint-03a-how = Qui est `Gone` doit être fermé *et* quitter la liste, sinon `select` le dit prêt à chaque tour. Comparez à `Err(Gone)` ce que rendent `handle` et `flush`, et après les deux parcours ne gardez que ceux qui ne sont pas partis.
hint-03b-ask = Le client n'est plus dans votre liste, et sa connexion est encore ouverte. À qui est sa socket, maintenant ?
hint-03b-how = Une socket est fermée quand elle est détruite. `clients.retain(…)` détruit ceux qu'il ne garde pas ; une deuxième liste, ou un clone, les maintient en vie.
hint-03c-ask = Qu'y avait-il dans votre ensemble avant `select`, et qu'y a-t-il après ? Affichez-le pendant deux tours de suite.
hint-03c-how = `select` n'y laisse que ceux qui sont prêts. Chaque tour commence donc par un ensemble neuf, vide, où tout le monde entre de nouveau : tous les clients, et la porte.
hint-03d-ask = Un nouveau venu reste dehors. La porte est-elle dans l'ensemble à *chaque* tour, même après que quelqu'un a parlé, ou est parti ?
hint-03d-how = Elle y entre en haut de la boucle, avec les clients, et non une fois pour toutes avant. Après `select`, demandez si elle y est encore.
hint-03-unwatched-ask = Quelqu'un a parlé, et `select` dort encore. Quelles sockets avez-vous mises dans l'ensemble ?
hint-03-unwatched-how = Avant `select`, parcourez `clients` et mettez-y chacun. Après, demandez pour chacun s'il y est encore : ce sont leurs places qui forment `ready`.
hint-03-newest-ask = Après `select`, chez qui lisez-vous : chez celui qu'il désigne, ou chez le dernier venu ?
hint-03-newest-how = `ready` contient les places, dans `clients`, de ceux qui sont encore dans l'ensemble. Lisez chez ceux-là, chacun son tour, et chez personne d'autre.
hint-03-spins-ask = Personne ne dit mot, et `select` répond aussitôt. Qui dit-il prêt ? A-t-il un délai ?
hint-03-spins-how = Une socket a presque toujours de la place : seuls ceux à qui vous devez des octets (`has_unsent`) vont dans `writable`. Et le dernier argument de `select` est `None` : attendre aussi longtemps qu'il faut.
hint-03-late-ask = Un client envoie des mégaoctets, et ne les lit qu'un moment après. Sa socket n'en a d'abord pris qu'une partie. Qui réveille votre serveur quand il y a de la place pour le reste ?
hint-03-late-how = Qui a des octets en attente (`has_unsent`) est dans `writable`, et pas dans `readable`, sinon sa file déborde. Et regardez le troisième argument de votre `select` : avec `None`, l'ensemble a été rempli pour rien.
hint-03e-ask = Après un `select`, combien de fois lisez-vous chez le même client ? Que trouve la deuxième fois ?
hint-03e-how = `select` promet une lecture sans attente, pas deux. Prenez ce qu'elle donne, et passez au client suivant ; s'il y en a encore, le prochain `select` le dira.
hint-03e-newcomer-ask = Quelqu'un se connecte, et se tait. Dans quel appel est alors votre serveur ?
hint-03e-newcomer-how = Après `accept`, un nouveau venu ne fait qu'entrer dans la liste. Rien ne dit qu'il a parlé : c'est à `select` de l'annoncer, au tour suivant.
hint-03f-ask = Sur quatre clients, les numéros 1 et 2 partent au même tour. Vous retirez le 1. Quel numéro a l'autre, maintenant ?
hint-03f-how = Pendant le parcours, ceux qui partent sont seulement marqués (`close`). Après, d'un seul coup, on garde les autres (`retain`).
hint-03g-ask = Quel est le premier argument de votre `select` ? Un ancien client part, un nouveau arrive : quel descripteur reçoit-il ?
hint-03g-how = C'est le plus grand descripteur de tous ceux des ensembles, plus un. Les numéros resservent, et le dernier venu n'a pas toujours le plus grand. `None` laisse `select` le trouver.
hint-04e-echo-ask = Alice envoie des mégaoctets, et ne lit rien. Dans quel appel est alors votre serveur, et qui attend derrière elle ?
hint-04e-echo-how = N'écrivez pas plus que sa socket ne prend, et gardez le reste dans sa file. Tant qu'il y a un reste, elle est dans `writable`, et *pas* dans `readable`.
hint-03h-ask = Un ensemble de `select` a 1024 places, pour les descripteurs 0 à 1023. Que devient le numéro 1024 dans votre code ?
hint-03h-how = À partir de là, `insert` panique. Regardez le numéro avant, et refusez ce seul client. `door.accept` le fait déjà, si tous les nouveaux passent par lui.
hint-03i-ask = Il n'y a plus de descripteur, et quelqu'un est à la porte. Que répond `accept`, et ce quelqu'un est-il encore là au tour suivant ?
hint-03i-how = Oui, et `select` ne dort donc plus. Tant qu'il n'y a pas de place, la porte n'est pas dans l'ensemble : `is_open` le sait.
hint-03i-thread-ask = Il n'y a plus de descripteur. Que répond `accept`, et qu'en fait votre `?` ?
hint-03i-thread-how = C'est une erreur qui passe, dès que quelqu'un s'en va. Rien ne dit quand : dormez un dixième de seconde, et réessayez. C'est ce que fait `accept_patiently`.

## Étape 04

hint-04e-ask = Un client ne lit pas. Dans quel appel votre serveur l'attend-il, et qui attend avec lui ?
hint-04e-how = Chaque client a sa file : `send` ne fait qu'y ajouter, et `flush` écrit ce que prend la socket, quand `select` dit qu'il y a de la place. Un client dont la file est pleine est `Gone`.
hint-04-mute-ask = Quelqu'un parle, et personne ne l'entend. `broadcast` est-il appelé ? Qui parcourt-il ?
hint-04-mute-how = `handle` passe le message à `broadcast`, qui parcourt tous les clients : `iter_mut()`, avec `enumerate()` pour leurs places. Chacun le reçoit par `send`, sauf qui a parlé.
hint-04b-echo-ask = Qui reçoit le message, à présent : qui a parlé, ou les autres ? Trois `nc` le montrent.
hint-04b-echo-how = `clients[i].send(…)`, c'était l'écho. Dans un chat, le message passe par `broadcast`, qui parcourt tout le monde.
hint-04a-ask = Vous parcourez tous les clients. Comment savez-vous, en chemin, lequel a parlé ?
hint-04a-how = `from` est la place de qui a parlé. Laissez `enumerate()` compter les places en chemin, et ne faites rien à celle-là.
hint-04b-ask = Certains l'ont reçu, d'autres non. Qu'est-ce qui arrête votre parcours : un `return`, un `break`, un `?` ? Où commence-t-il ?
hint-04b-how = Parcourez toute la liste. Qui a parlé est sauté par une condition, qui n'arrête pas le parcours ; l'erreur d'un destinataire non plus.
hint-04c-ask = Un destinataire a disparu, et `send` le dit. Qui paie pour lui dans votre code : lui, celui qui a parlé, ou tous ceux qui suivent ?
hint-04c-how = Pas de `?` dans le parcours. Regardez ce que rend `send` : si c'est `Err(Gone)`, fermez *ce* client, et passez au suivant.
hint-04d-ask = Un client est parti, et c'est un autre qui a perdu sa place. Par quel numéro l'avez-vous fermé, et qu'est devenue la liste depuis que vous l'avez noté ?
hint-04d-how = Tant que vous vous fiez aux numéros, la liste ne doit pas raccourcir. Marquez qui part avec `close` ; retirez-les après tous les parcours, d'un seul coup.

## Étape 05

hint-05-mute-ask = Que fait votre serveur de `MSG salut` ? Mettez un `dbg!` sur ce que donne `Command::parse`, et sur ce que répond `msg`.
hint-05-mute-how = `cut` doit donner deux morceaux, le mot et le reste. Ensuite `msg` répond par un seul effet : le texte, dit (`say`) aux autres (`others`), sous le pseudo de l'expéditeur.
hint-05-raw-ask = Qu'ont lu les autres, mot à mot ? Quelle partie de la ligne est la commande, et laquelle le message ?
hint-05-raw-how = Seul l'argument part, ce que contient `Command::Msg` : pas la ligne entière.
hint-05-who-ask = Trois clients sont là. Quels pseudos y a-t-il dans votre réponse, et lesquels dans `self.members` ?
hint-05-who-how = Parcourez tous les membres, prenez le pseudo de chacun, réunissez-les avec des espaces, et dites le tout à qui a demandé.
hint-05a-ask = Chaque `recv` apporte-t-il exactement une ligne ? Essayez `printf 'MSG a\nMSG b\n' | nc localhost 7777`, et affichez ce que donne chacun.
hint-05a-how = Tout ce qui vient va dans un tampon, et c'est là qu'on découpe les lignes, une par saut de ligne. `recv_lines` fait l'un, `next_line` l'autre, jusqu'à ce qu'il donne `None`.
hint-05b-ask = Il arrive d'abord `MS`, une seconde plus tard `G salut` et un saut de ligne. Que fait votre code de `MS` ?
hint-05b-how = Il attend dans le tampon du client. Une commande, c'est ce qui précède un saut de ligne ; tant qu'il n'y en a pas, il n'y a rien à exécuter.
hint-05b-shared-ask = Deux clients envoient chacun une moitié de ligne. Où attend chaque moitié ?
hint-05b-shared-how = Dans un tampon qui appartient à son client : un de ses champs, créé à son arrivée, disparu avec lui. Un `Peer` en a un.
hint-05c-ask = Deux lignes sont arrivées d'un coup. Combien sont exécutées avant le prochain appel de `select` ? Et quand vient le tour de l'autre ?
hint-05c-how = `select` ne connaît que les octets de la socket, or cette ligne est déjà dans votre tampon. Il faut une boucle : tant qu'il y a une ligne entière (`while let`, pas `if let`), exécutez-la.
hint-05d-ask = Affichez le pseudo avec `dbg!`. Qu'y a-t-il derrière sa dernière lettre ?
hint-05d-how = telnet finit une ligne par `\r\n`. Ôtez les deux, de la ligne ou du pseudo : pour `trim` et `trim_end`, `\r` est une espace.
hint-05d-command-ask = Venu de telnet, `WHO` n'est pas `WHO`. Affichez la commande avec `dbg!` : qu'y a-t-il derrière sa dernière lettre ?
hint-05d-command-how = Ôtez d'abord la fin de la ligne, `\n` et aussi `\r` ; regardez ensuite quelle commande c'est.
hint-05e-ask = `MSG un  deux` a trois espaces. Laquelle sépare, et que sont devenues les autres ?
hint-05e-how = Coupez une seule fois, à la première espace (`split_once`) : ce qui suit est l'argument, tel quel. `split_whitespace` oublie combien il y en avait.
hint-05f-ask = En UTF-8, é fait deux octets. Et si l'un arrive maintenant, et l'autre au prochain `recv` ? Où décodez-vous ?
hint-05f-how = Gardez des octets jusqu'à ce que la ligne soit entière : un saut de ligne n'est jamais à l'intérieur d'un caractère. Décodez alors la ligne.
hint-05g-ask = Envoyez `NICK` tout seul, puis `KILL` tout seul, puis une ligne vide. Sur quoi compte votre code, à chaque fois ?
hint-05g-how = Un argument peut être vide. Vérifiez-le d'abord, et répondez par un `Err`, que seul l'expéditeur lit. Guettez les `unwrap`, les `expect` et les indices entre crochets.
hint-05h-ask = Envoyez `FROB salut`. Quelle branche de votre `match` le prend, et qui en entend parler ?
hint-05h-how = Son expéditeur, tout au plus. La dernière branche est un `Err` avec un mot d'explication ; les autres ne reçoivent rien, et on ne ferme personne.
hint-05i-ask = Alice envoie NICK, et c'est un autre qui change de pseudo. Quel membre votre code modifie-t-il ?
hint-05i-how = `me` est la place de l'expéditeur dans `self.members` : celui-là, et non le premier ou le dernier.
hint-05j-ask = Deux clients veulent s'appeler `bob`. Qui serait visé par `KILL bob` ?
hint-05j-how = Avant de rien changer : un membre a-t-il déjà ce pseudo ? `iter().any(…)` le dit. Si oui, refusez, par un `Err`.
hint-05j-empty-ask = Après `NICK` tout seul, comment s'appelle le client ? Que lisent les autres devant son prochain message ?
hint-05j-empty-how = D'abord vérifier, ensuite changer. `check_word` refuse ce qui est vide, et `?` porte sa raison à l'expéditeur ; l'ancien pseudo reste.
hint-05k-prefix-ask = Alice envoie `NICK alice`, puis `MSG salut`. Quel nom Bob a-t-il lu, et d'où votre `msg` le tient-il ?
hint-05k-prefix-how = Du membre qui envoie, au moment du message : le pseudo qu'il a *maintenant*. `say` le met devant le texte.
hint-05k-receiver-ask = Chacun voit son propre pseudo devant le message. Le pseudo de qui prenez-vous ?
hint-05k-receiver-how = La ligne se fabrique une seule fois, avant de parcourir les lecteurs, avec le pseudo de l'expéditeur. Tous lisent la même ligne.
hint-05k-address-ask = Bob n'a pas envoyé de NICK. Que lisent les autres devant son message ? Que devraient-ils lire ?
hint-05k-address-how = L'adresse et le port, tels qu'`accept` les a donnés : un membre entre avec eux pour premier pseudo.
hint-05k-arrival-ask = Bob arrive. Quelle fonction du salon l'apprend, et que répond-elle pour ceux qui sont déjà là ?
hint-05k-arrival-how = `enter` répond par des effets, comme une commande : une ligne, pour tous sauf Bob, avec son pseudo. Pour l'instant, c'est son adresse.
hint-05k-departure-ask = Bob s'en va. Quelle fonction du salon l'apprend, et que répond-elle ?
hint-05k-departure-how = `leave` vient de retirer son pseudo de la liste : une ligne qui le contient, pour ceux qui sont encore dans le salon.
hint-05k-departure-nick-ask = Bob avait envoyé `NICK bob`. Sous quel nom son départ est-il annoncé, et d'où votre code le tient-il ?
hint-05k-departure-nick-how = Du membre qu'on est en train de retirer : son `nick`, tel qu'il est à ce moment-là, et non son `address`.
hint-05k-who-ask = Alice demande WHO. Qui a lu la réponse ?
hint-05k-who-how = `say` reçoit la liste des lecteurs. Ici, c'est une liste d'un seul : l'identifiant de qui a demandé.
hint-05l-ask = Un client a disparu. Quel appel demande son adresse au système, et que peut-il encore répondre ?
hint-05l-how = Demandez une seule fois, quand on l'accepte, et gardez la réponse avec le client, dans une `String`. C'est de toute façon son premier pseudo.
hint-05m-silent-ask = Bob envoie `QUIT bonne nuit`. Qui doit lire ces mots, et qu'est-ce qui vient d'abord, les mots ou la fermeture ?
hint-05m-silent-how = Deux effets, dans cet ordre : le texte, aux autres, sous son pseudo, s'il y en a un ; puis son `Close`.
hint-05m-open-ask = Bob a envoyé QUIT, et il est encore connecté. Lequel des effets ferme un client, et `quit` le rend-il ?
hint-05m-open-how = `Effect::Close`, avec l'identifiant de l'expéditeur ; la boucle fait ensuite le reste.
hint-05m-twice-ask = Un départ, deux annonces. Combien d'endroits de votre code en annoncent un ?
hint-05m-twice-how = Un seul suffit : `leave`, par où passent tous ceux qui partent. Et pour un client qui n'est plus dans la liste, elle ne fait rien.
hint-05m-who-ask = Bob est parti par QUIT, et WHO le donne encore. Dans quelles listes était-il, et desquelles l'a-t-on retiré ?
hint-05m-who-how = Sa socket était dans `clients`, son pseudo dans le salon. `leave` le retire du salon : toutes les façons de partir doivent y passer.
hint-05m-nameless-ask = Les autres lisent quelque chose quand Bob s'en va. Savent-ils que c'était Bob ?
hint-05m-nameless-how = Dites son adieu sous son pseudo, ou annoncez son départ avec lui. Prenez le pseudo avant que son membre ait disparu.
hint-05m-after-ask = `QUIT` et `MSG trop tard` arrivent d'un coup. Qui exécute la seconde commande, et pour qui ?
hint-05m-after-how = Une fois le client fermé, la boucle sur ses lignes doit finir. Exécutez les effets d'une ligne avant de demander la suivante : `next_line` sait alors que le client s'en va.
hint-05n-ask = Envoyez `KILL personne`. Que donne votre recherche, et qu'en faites-vous ?
hint-05n-how = `find` donne une `Option`. Pour `None`, un `Err` dit à l'expéditeur que personne ici n'a ce pseudo : `let Some(…) = … else` est fait pour cela.
hint-05o-killer-ask = Alice vise Bob avec KILL, et c'est elle qui disparaît. Quel identifiant a reçu votre `Close` ?
hint-05o-killer-how = Celui du membre trouvé par son pseudo, pas celui de `me`.
hint-05o-open-ask = La victime a lu le message, et elle est encore là. Que doit encore faire KILL ?
hint-05o-open-how = Un second effet, derrière le message : un `Close`, avec l'identifiant de la victime.
hint-05o-list-ask = La socket de la victime est fermée, mais la victime est dans votre liste au tour suivant. Que peut faire `select` d'une socket fermée ?
hint-05o-list-how = Rien de bon. KILL ferme par le même chemin que tout autre départ : marqué, sorti du salon, retiré de la liste après le parcours.
hint-05o-nothing-ask = KILL n'a rien fait. Affichez avec `dbg!` le pseudo qu'il cherche, et ceux qui sont là. Y en a-t-il deux pareils ?
hint-05o-nothing-how = L'argument a deux parties : le premier mot est le pseudo, le reste est le message. Trouvez le membre qui a ce pseudo ; deux effets sont pour lui, le message puis le `Close`.
hint-05o-mute-ask = La victime est partie, et n'a rien lu. Dans quel ordre sont vos deux effets, et pour qui est le message ?
hint-05o-mute-how = D'abord le message, pour l'identifiant de la victime ; ensuite la fermeture. Un client fermé ne reçoit plus rien de nouveau, mais ce qui l'attend déjà est encore écrit.
hint-05o-who-ask = La victime est partie, et WHO la donne encore. Par quelle fonction passent tous ceux qui quittent le salon ?
hint-05o-who-how = `leave`. Qui est fermé, quelle qu'en soit la raison, doit y passer : la boucle le fait pour chaque `Close`.
hint-05p-ask = Un client demande WHO, et dit dans le même souffle qu'il n'enverra plus rien. Peut-il encore lire ?
hint-05p-how = Oui. Exécutez ce qui est arrivé avant la fin, envoyez les réponses, et fermez quand elles sont écrites.
hint-05p-last-ask = `printf 'WHO' | nc -N localhost 7777` : une ligne sans saut de ligne, puis la fin. Que reste-t-il dans votre tampon ?
hint-05p-last-how = La dernière ligne. Quand la fin est là, ce qui reste dans le tampon en est une : exécutez-la, et fermez ensuite. `recv_lines` y veille.

## Étape 06

hint-06-mute-ask = Alice et Bob ont envoyé `JOIN rust`, et Alice `MSG rust salut`. Affichez les membres du canal avec `dbg!` : y sont-ils tous deux ?
hint-06-mute-how = `join` ajoute l'identifiant de l'expéditeur aux membres du canal que trouve `find_or_create`. `msg` dit le texte aux autres du canal.
hint-06-list-ask = Que répond LIST, et quels canaux y a-t-il dans `self.channels` à ce moment-là ?
hint-06-list-how = Leurs noms, sur une ligne, pour qui a demandé. C'est encore WHO, avec des canaux au lieu des membres.
hint-06a-ask = Quelqu'un d'un autre canal l'a lu. Quels autres prenez-vous : ceux du salon, ou ceux du canal ?
hint-06a-how = Les deux ont une fonction `others`. Les lecteurs d'un message sont les autres du *canal*.
hint-06a-outsider-ask = Qui peut parler dans un canal ? Quelle ligne de votre `msg` demande si l'expéditeur y est ?
hint-06a-outsider-how = Demandez d'abord où est l'expéditeur : `channel_of`. S'il n'est nulle part, ou ailleurs, un `Err`.
hint-06a-named-ask = Alice est dans `rust`, et envoie `MSG python salut`. Où cela est-il allé ?
hint-06a-named-how = Comparez le nom du canal où elle est à celui qu'elle donne. S'ils diffèrent, refusez.
hint-06b-part-ask = Un client a envoyé PART, et lit encore ce qui se dit. Dans quelle liste est-il encore ?
hint-06b-part-how = Dans les membres du canal. `leave_channel` l'en retire, et `part` l'appelle.
hint-06b-speaks-ask = Un client a envoyé PART, et peut encore parler. Comment votre `msg` sait-il qui en a le droit ?
hint-06b-speaks-how = Par les listes de membres des canaux, telles qu'elles sont (`channel_of`), et non par quelque chose de noté au moment de JOIN.
hint-06b-twice-ask = Un client envoie deux fois `JOIN rust`. Combien de fois son identifiant est-il dans la liste ?
hint-06b-twice-how = Demandez avant de l'ajouter : est-il déjà dans ce canal ? Alors il n'y a rien à faire, ou un `Err`.
hint-06b-keeps-ask = Un client envoie `JOIN un`, puis `JOIN deux`. Dans quels canaux est-il à présent ?
hint-06b-keeps-how = Dans `deux` seulement. Avant qu'il entre dans un canal, `leave_channel` le retire de celui où il est, s'il y en a un.
hint-06b-refused-ask = Un client est dans `un`, et envoie `JOIN deux`. Que lui répond-on, et pourquoi ?
hint-06b-refused-how = Être ailleurs n'est pas une raison de refuser : il quitte l'ancien et entre dans le nouveau, en une seule commande. On ne refuse que son propre canal.
hint-06c-ask = Trois clients sont dans un canal, et LIST le donne plusieurs fois. Que parcourt votre `list` ?
hint-06c-how = `self.channels`, un nom pour chacun. Si un nom s'y trouve deux fois, voyez comment `join` cherche un canal qui existe déjà.
hint-06c-dead-ask = Le dernier d'un canal peut en sortir de trois façons : par PART, par JOIN d'un autre, en quittant le serveur. Le canal a-t-il disparu après chacune ?
hint-06c-dead-how = Toutes trois doivent passer par `leave_channel`. Là, s'il ne reste personne parmi les membres, le canal disparaît aussi.
hint-06d-closes-ask = Bob est exclu d'un canal, et perd sa connexion. Quel effet a fait cela ?
hint-06d-closes-how = KICK change la liste des membres d'un canal, et rien d'autre : `leave_channel`, et pas de `Close`.
hint-06d-kicker-ask = Alice exclut Bob, et c'est elle qui est dehors. L'identifiant de qui a reçu `leave_channel` ?
hint-06d-kicker-how = Celui du client dont le pseudo est l'argument : cherchez-le parmi ceux qui sont dans le canal.
hint-06d-speaks-ask = Bob a été exclu, et peut encore parler. Où votre `msg` regarde-t-il qui en a le droit ?
hint-06d-speaks-how = Dans les membres du canal, tels qu'ils sont ; et KICK en a retiré l'identifiant de Bob, par `leave_channel`.
hint-06d-nothing-ask = Bob a été exclu, et lit encore ce qui se dit. `kick` l'a-t-il trouvé, et son identifiant a-t-il quitté les membres ?
hint-06d-nothing-how = Trouvez le client qui a ce pseudo, vérifiez qu'il est dans le canal, et il en sort comme qui envoie PART : `leave_channel`.
hint-06d-anyone-ask = Bob n'a pas créé le canal, et peut pourtant exclure. Comment votre code sait-il qui en a le droit ?
hint-06d-anyone-how = Le modérateur est le premier des membres, le plus ancien. Comparez cet identifiant à celui de l'expéditeur, avant toute chose.
hint-06d-nick-ask = Alice a créé le canal, puis envoyé `NICK aline`. Est-elle encore modératrice ? Qu'avez-vous noté d'elle ?
hint-06d-nick-how = Son identifiant, qui ne change jamais. Ou rien du tout : le premier des membres est le modérateur.
hint-06e-ask = Connectez-vous sans entrer dans un canal, et envoyez `PART`, puis `KICK`, puis `LIST` ; et `JOIN` et `MSG` tout seuls. Où votre code compte-t-il sur un canal, ou sur un mot, qui n'est pas là ?
hint-06e-how = `channel_of` donne une `Option` : pour `None`, un `Err`, que seul l'expéditeur lit. Guettez les `unwrap`, les `expect` et les indices entre crochets.
hint-06e-join-ask = Alice est dans `rust`, et envoie `JOIN` tout seul. Est-elle encore dans `rust` ? Dans quel ordre votre `join` vérifie-t-il le nom et quitte-t-il l'ancien canal ?
hint-06e-join-how = `check_word` d'abord, avec son `?` : quand il refuse, rien n'a encore changé. On ne quitte l'ancien canal qu'après.

## Les trous des exercices, par leurs numéros

hint-todo-1-1-ask = `address` est-elle IPv4 ou IPv6 ? De quelle famille doit donc être la socket ? Et si elle est IPv6, et qu'un client IPv4 se présente ?
hint-todo-1-1-how = `Socket::new` veut un domaine (l'adresse le connaît), un type, et un protocole dans `Some(…)`. Si l'adresse est IPv6, désactivez « seulement v6 ». Puis `bind` ; `.into()` fait de l'adresse ce qu'il attend. Chacun peut échouer : `?`.
hint-todo-1-2-ask = La socket a son port, et refuse tout le monde. Quel appel l'ouvre ? Et que promet de rendre cette fonction ?
hint-todo-1-2-how = `listen`, avec BACKLOG. Puis, à la place de la ligne avec `Err`, un `Ok(…)` autour de la socket, changée en le `TcpListener` promis : encore `.into()`.
hint-todo-1-3-ask = `accept` donne deux choses, comme en Python. Laquelle `handle` veut-il ?
hint-todo-1-3-how = Défaites la paire, `let (…, …) = accept(listener)?`, et donnez la socket à `handle`. Ce qu'il rend peut être ce que rend `serve` : en dernière ligne, sans point-virgule.
hint-todo-1-4-ask = Quand un port est-il pris alors que personne n'écoute ? Avant d'écrire quoi que ce soit, jouez la scène que le livre prévoit pour ce TODO.
hint-todo-1-4-how = C'est une option de la socket, et `set_reuse_address` la pose. Elle vient trop tard si la socket est déjà attachée.
hint-todo-1-5-ask = `read` remplit une partie du tampon. Laquelle, et qui vous dit sa longueur ?
hint-todo-1-5-how = Prêtez-lui le tampon (`&mut`), gardez le nombre qu'il donne, et que `write_all` envoie ce nombre d'octets depuis le début. La dernière ligne dit que tout s'est bien passé : `Ok(())`.
hint-todo-1-6-ask = Comment apprenez-vous que le client a tout dit ? Que doit-il se passer alors, et que faire dans tous les autres cas ?
hint-todo-1-6-how = Une `loop` autour, et un `match` sur ce que rend `read`. Quatre cas : zéro octet, des octets, une erreur qui dit seulement « interrompu », toute autre erreur. L'un va jusqu'à la réponse, l'un recommence, deux sortent.
hint-todo-1-7-ask = Après son premier client, votre serveur s'arrête. Où devrait-il revenir ? Et quelle était la deuxième chose donnée par `accept` ?
hint-todo-1-7-how = Tout `serve` va dans une `loop`. Quand `handle` a fini, un `log!` dit `client disconnected` et le nom ; puis la boucle tourne.
hint-todo-1-8-ask = Lancez `yes | nc localhost 7777 > /dev/null`, et arrêtez-le par Ctrl-C. Lequel de vos `?` a arrêté le serveur ?
hint-todo-1-8-how = Celui qui suit `handle` : il transmet l'erreur d'un client comme si c'était celle du serveur. Regardez plutôt le résultat : `if let Err(error) = …`, un `log!`, et la boucle continue.
hint-todo-2-1-ask = Une fermeture est une fonction qui emporte ce dont elle a besoin. De quoi celle-ci a-t-elle besoin ? Doit-elle l'emprunter, ou le posséder, pour survivre à ce tour de boucle ?
hint-todo-2-1-how = `move || …` possède ce qu'elle nomme. Son corps est l'appel de `handle` ; son nom est `conversation`, et elle s'appelle comme toute fonction.
hint-todo-2-2-ask = `conversation()` travaille ici et maintenant, et le thread principal avec elle. Qui d'autre pourrait l'appeler ?
hint-todo-2-2-how = Un thread : le `spawn` d'un `thread::Builder` prend la fermeture elle-même. Donc pas de parenthèses derrière son nom, sinon elle serait appelée ici même.
hint-todo-2-3-ask = Quand la conversation est finie, qu'a rendu `handle`, et qui est là pour le regarder ?
hint-todo-2-3-how = La fermeture. Faites de son corps un bloc : regardez le résultat comme au TODO 1.8, puis notez au journal que le client est parti. Le nom vient avec `move`.
hint-todo-2-4-ask = Que rend le `spawn` d'un `Builder`, et qu'en avez-vous fait jusqu'ici ?
hint-todo-2-4-how = Un `Result`. Si c'est un `Err`, un `log!` le dit, et la boucle continue. À ce moment-là, le nom est parti dans la fermeture : faites-en un `clone` avant.
hint-todo-3-1-ask = `select` surveille un ensemble vide. Que doit-il contenir pour qu'un nouveau venu le réveille ? Et comment voyez-vous ensuite que c'en était un ?
hint-todo-3-1-how = Deux moitiés. Avant `select`, la porte entre dans `readable`, par son descripteur (`as_fd`). Après, `contains` dit si la porte y est encore : c'est `newcomer`.
hint-todo-3-2-ask = Qui peut parler ? Tous doivent être dans l'ensemble. Et après `select`, lesquels y sont encore ?
hint-todo-3-2-how = Avant : un `for` sur `&clients`. Après : toutes les places, `(0..clients.len())`, dont `filter` garde celles des clients que l'ensemble contient encore, et `collect` en fait la liste.
hint-todo-3-3-ask = Vous avez le message. Quelle fonction d'un `Peer` envoie, et que rend-elle ?
hint-todo-3-3-how = `send` prend une tranche, d'où un `&`. Ce qu'elle rend est ce que `handle` doit rendre : elle peut donc être la dernière ligne, sans point-virgule.
hint-todo-3-4-ask = Quelqu'un s'en va. Que rendent alors `handle` et `flush` ? Et qui est encore dans la liste à la fin du tour ?
hint-todo-3-4-how = Trois endroits. Là où `handle` et `flush` sont appelés, comparez le résultat à `Err(Gone)`, et fermez ce client (`close`). Après les deux parcours, `retain` garde ceux qui ne sont pas partis.
hint-todo-3-5-ask = Un client ne prend rien de ce que vous lui devez. Pourquoi continuer à lire ce qu'il dit ? Et qui peut vous dire quand il prendra de nouveau ?
hint-todo-3-5-how = Un deuxième ensemble, `writable`, neuf à chaque tour. Pour chaque client, un `if` : s'il lui reste des octets à prendre, il va là ; sinon, dans `readable`. `select` prend ce deuxième ensemble en troisième argument.
hint-todo-3-6-ask = Il n'y a plus de descripteur, et quelqu'un est devant la porte. Combien de temps `select` dort-il ?
hint-todo-3-6-how = Pas du tout. La porte n'entre donc dans l'ensemble que s'il y a de la place : `is_open` le dit, si on lui donne le nombre de clients.
hint-todo-4-1-ask = Qui doit recevoir le message, et que doit savoir `broadcast` pour cela ?
hint-todo-4-1-how = Dans `broadcast`, un `for` sur `clients.iter_mut()`, et un `send` pour chacun. Dans `handle`, il prend la place du `send` ; la dernière ligne est alors `Ok(())`.
hint-todo-4-2-ask = Celui qui a parlé lit ses propres mots. Comment savez-vous, en parcourant la liste, qui c'était ?
hint-todo-4-2-how = Par sa place. `enumerate()`, derrière `iter_mut()`, la donne en même temps que le client ; comparez-la à `from`.
hint-todo-4-3-ask = Essayez `(printf sa; sleep 2; echo lut) | nc localhost 7777`, et faites parler un autre client entre les deux. Que lisent les autres ?
hint-todo-4-3-how = `recv_lines` à la place de `recv`, puis un `while let` tant que `next_line` en donne une. Une ligne vient sans son saut de ligne : `format!` peut l'ajouter.
hint-todo-4-4-ask = `send` peut dire `Err(Gone)`. De qui est-ce l'affaire : de qui a parlé, ou de qui devait lire ?
hint-todo-4-4-how = De qui devait lire. Donc pas de `?`, qui arrêterait le parcours : comparez, fermez celui-là (`close`), et continuez.
hint-todo-5-1-ask = Dans `MSG  salut  tous`, quel est le mot, quel est le reste, et quelles espaces comptent ?
hint-todo-5-1-how = Celles de devant s'en vont d'abord (`trim_start`). Puis une seule coupe, à une espace (`split_once`). S'il n'y en a pas, tout est le mot, et le reste est vide : `unwrap_or` donne une paire pour ce cas.
hint-todo-5-2-ask = Qui le lit, sous quel nom, et que faire s'il n'y a pas de texte ?
hint-todo-5-2-how = `self.members[me]` a l'identifiant et le pseudo de l'expéditeur, `others` donne les lecteurs, `say` fabrique l'effet : un `vec!` d'un seul, dans `Ok`. Un texte blanc (`trim`) est un `Err` avec sa raison.
hint-todo-5-3-ask = Quelqu'un arrive, ou s'en va. Qui cela concerne-t-il, et ce quelqu'un est-il dans la liste des membres à ce moment-là ?
hint-todo-5-3-how = Dans chacune des deux fonctions, un `say` de la part de `server`, pour les `others` de cet identifiant : `client connected` ou `client disconnected`, et le pseudo. Il prend la place de `Vec::new()`.
hint-todo-5-4-ask = Un nouveau pseudo se voit à trois endroits : dans le membre, dans le journal, et chez tout le monde. Que doit savoir chacun ?
hint-todo-5-4-how = Fabriquez l'annonce d'abord, tant que l'ancien pseudo est là. Changez ensuite celui de `self.members[me]`. Deux effets : `Rename` pour le journal, et l'annonce pour *tous* les identifiants, l'expéditeur aussi.
hint-todo-5-5-ask = Que donnerait un pseudo vide ? Deux pareils ? Un qui serait `server` ? Un qui aurait l'air de l'adresse d'un autre ?
hint-todo-5-5-how = Quatre vérifications avant de rien changer, chacune avec son `Err` : `check_word`, avec `?` ; le mot réservé ; `is_address`, sauf pour la sienne propre ; un membre qui l'aurait déjà (`any`).
hint-todo-5-6-ask = Où sont tous les pseudos, et qui veut les connaître ?
hint-todo-5-6-how = `iter().map(…)` sur les membres donne les pseudos, `collect` les met dans un `Vec<&str>`, `join` en fait une ligne. Un `say`, pour le seul identifiant de l'expéditeur.
hint-todo-5-7-ask = Qu'est-ce qui vient d'abord, l'adieu ou la fermeture ? Et s'il n'y a pas d'adieu ?
hint-todo-5-7-how = Partez d'un `Vec` d'effets vide. Si le message n'est pas blanc, ajoutez un `say` pour les autres, sous le pseudo de l'expéditeur. Dans tous les cas, ajoutez le `Close` derrière.
hint-todo-5-8-ask = Vous avez un pseudo, et il vous faut un client. Où cherchez-vous, et si personne ne l'a ?
hint-todo-5-8-how = `iter().find(…)` par le pseudo donne une `Option` ; `let Some(victim) = … else` sort avec un `Err`. Ensuite c'est encore QUIT, mais les deux effets sont pour la victime.
hint-todo-5-9-ask = Le serveur a un mot de passe. Qui peut alors utiliser KILL, et où le salon note-t-il qui l'a donné ?
hint-todo-5-9-how = Dans `admin`, un `match` sur `&self.password` : il n'y en a pas, il est faux, il est juste. Le dernier met `is_admin` de ce membre à vrai. Dans `kill`, avant tout : un mot de passe, et pas administrateur ? `Err`.
hint-todo-6-1-ask = Que sait-on d'un canal une fois que quelqu'un y est entré, et qui l'apprend ?
hint-todo-6-1-how = `check_word` d'abord, avec `?`. Puis `find_or_create` donne le numéro du canal : ajoutez l'identifiant de l'expéditeur à ses membres, et dites-leur à tous (`say`) qui est venu.
hint-todo-6-2-ask = Dans quel canal est l'expéditeur, et est-ce celui que nomme le message ?
hint-todo-6-2-how = `channel_of` donne une `Option`. Un `match` avec une condition : un canal de ce nom, alors un `say` à ses `others` ; tout le reste, un `Err`. Un texte blanc est refusé comme à l'étape 05.
hint-todo-6-3-ask = WHO donne les pseudos à qui le demande. Qu'est-ce qui change pour LIST ?
hint-todo-6-3-how = Les noms de `self.channels`, recueillis et réunis de la même façon, pour le seul expéditeur. S'il n'y en a pas, l'`Err` le dit.
hint-todo-6-4-ask = Qui apprend que quelqu'un a quitté le canal ? Quand devez-vous noter qui ils sont ?
hint-todo-6-4-how = Avant : copiez le nom et les membres du canal (`clone`), car `leave_channel` les change. Dans celle-ci : trouvez le canal, que `retain` garde les autres, et supprimez le canal s'il ne reste personne.
hint-todo-6-5-ask = L'expéditeur est dans un autre canal. Quelle fonction l'en sort, et qui l'apprend ?
hint-todo-6-5-how = Regardez d'abord `channel_of` : si c'est le même canal, un `Err`. Sinon, les effets de la sortie viennent avant ceux de l'entrée, dans un seul `Vec` (`extend`).
hint-todo-6-6-ask = Un client quitte le serveur. Dans quelle liste est encore son identifiant ?
hint-todo-6-6-how = Dans celle de son canal. `leave` réunit ses effets dans un `Vec` : l'annonce d'abord, puis tout ce que répond `leave_channel`.
hint-todo-6-7-ask = Bob s'en va avec un message. Qui doit le lire maintenant : tout le monde, ou ceux de son canal ?
hint-todo-6-7-how = Les lecteurs sont les `others` de son canal, si `channel_of` en trouve un. Sans canal, pas de lecteurs.
hint-todo-6-8-ask = Trois choses doivent être vraies : l'expéditeur est dans un canal, il en est le premier, et la victime y est aussi. Quels identifiants comparez-vous ?
hint-todo-6-8-how = Pour chacune qui ne l'est pas, un `Err` (`let … else`). Ensuite, comme pour PART : copiez qui est dans le canal, dites-le-leur, et `leave_channel` pour la victime. On ne ferme personne.
hint-todo-6-9-ask = Le premier des membres s'en va. Qui est le premier maintenant, et qui doit le savoir ?
hint-todo-6-9-how = Avant `retain`, notez si c'est le premier qui s'en va. Après, voyez qui est le premier : trouvez son pseudo parmi les membres du salon, et dites-le au canal (`say`).

## Le bonus

hint-bonus-stuck-ask = Tout le monde attend le même verrou. Quel thread l'a, et dans quel appel dort-il ? Suivez chaque `lock()` jusqu'à la ligne où finit sa garde.
hint-bonus-stuck-how = Une garde tient le verrou jusqu'à sa destruction ; dans un `for` sur `lock().iter()`, jusqu'à la fin de la boucle. À l'intérieur, rien ne doit reprendre le verrou (`leave`, `broadcast`) ni attendre. Notez dans un `Vec` ce qu'il y a à faire, et faites-le après la boucle.
hint-bonus-poisoned-ask = Un thread a paniqué, puis tous les autres. Qu'avait le premier en main quand il est mort, et que rend `lock()` depuis lors ?
hint-bonus-poisoned-how = Un `Err`, avec la liste dedans malgré tout. La fonction `lock` du salon l'en sort : appelez celle-là, au lieu d'un `unwrap`. Et l'erreur qui a tout déclenché doit se traiter hors du verrou.
hint-bonus-kept-ask = Le thread qui lit ce client est fini. Qui tient encore un `Arc` de ce client ? Affichez-y `Arc::strong_count`.
hint-bonus-kept-how = La liste, jusqu'à ce que `leave` l'en retire : gardez, par `retain`, tous ceux qui ne sont pas celui-ci. `Arc::ptr_eq` dit si deux sont le même.
hint-bonus-thread-ask = Le client est parti, et l'un de ses deux threads est encore là. Dans quel appel dort-il, et qui pourrait le réveiller ?
hint-bonus-thread-how = Il attend le prochain message, qui ne viendra pas. Celui qui lit sait que c'est fini : en sortant, il ferme la boîte aux lettres. Alors `take` donne ce qui reste, puis `None`.
hint-bonus-frozen-ask = Un client ne lit pas. Quel thread dort en lui écrivant, ou en l'attendant, et que tient-il pendant ce temps ?
hint-bonus-frozen-how = Personne n'écrit à un client, sauf son propre second thread. Qui parle ne fait que `put`, qui n'attend jamais. Ce que `put` répond se regarde quand le verrou est de nouveau libre : qui est `Full` est abandonné.
hint-bonus-spins-ask = Personne ne dit mot, et un processeur travaille. Laquelle de vos boucles redemande sans cesse ? Un `println!` dans chacune vous le dira.
hint-bonus-spins-how = Un thread qui n'a rien à faire dort dans un appel : `read` pour l'un, `take` pour l'autre. Pas de `try_lock`, pas de boucle qui regarde une boîte vide.
hint-todo-B-1-ask = Le thread principal appelle `handle`, et attend que ce client soit parti. Qui d'autre pourrait l'appeler, et que lui faut-il en propre ?
hint-todo-B-1-how = Faites deux clones par `Arc::clone`, un du client et un du salon, et une fermeture avec `move` qui s'en sert. Le `spawn` d'un `Builder` la prend. En cas d'`Err`, `refuse` et `leave` : votre propre part est encore là.
hint-todo-B-2-ask = Un thread dort jusqu'à ce que le client parle. Qui peut écrire à ce client pendant ce temps, et combien de temps peut-il vivre ?
hint-todo-B-2-how = `thread::scope(|scope| …)` autour de tout, et dedans `spawn_scoped`, pour une fermeture qui appelle `write`. Dans `write`, un `while let`, tant que le `take` de la boîte donne des octets : `write_all` sur `&client.socket`.
hint-todo-B-3-ask = Tous les threads se partagent une liste. Qu'en fait chacune des trois fonctions, et combien de temps lui faut-il le verrou ?
hint-todo-B-3-how = `enter` ajoute un clone de l'`Arc` ; `leave` laisse `retain` garder les autres (`Arc::ptr_eq`) ; `broadcast` parcourt la liste et appelle `put` sur chaque boîte, sauf celle de `from`.
hint-todo-B-4-ask = Le client a tout dit, et `handle` ne se termine pas. Qui le `scope` attend-il, et qu'attend celui-là ?
hint-todo-B-4-how = Le second thread, qui dort dans `take`. Fermez la boîte, derrière `leave` et encore dans le `scope` : ce qui s'y trouve est écrit, et `take` donne `None`.
hint-todo-B-5-ask = `put` peut répondre qu'une boîte est pleine. Que faire alors, et peut-on le faire pendant que la liste est verrouillée ?
hint-todo-B-5-how = Un `match` sur ce que répond `put` remplit deux listes, ceux qui sont `Crowded` et ceux qui sont `Full`. Après la boucle, le verrou est libre : `give_up` pour les uns, `wait_for_room` sur les boîtes des autres.
