# Ce que dit l'outil, et les quelques mots qu'il met dans les pages. Chaque clé est aussi
# dans en.ftl, avec les mêmes variables : un test y veille.

## Dans les pages

admonition-note = Remarque
admonition-tip = Astuce
admonition-warning = Attention
fold-hint = Un indice
fold-hint-for = Un indice pour { $what }
fold-solution = Notre solution
diff-caption = De { $old } à { $new } (lignes : +{ $added }, −{ $removed })
quiz-legend = Devinez avant de lire la suite
quiz-answers = Les réponses
quiz-right = Oui.
quiz-wrong = Non.
same-place = Cette section en français
contents = Table des matières
front-about = Comment un seul serveur parle à plusieurs clients, pas à pas, en Rust
front-licence = Texte : CC BY 4.0. Code : MIT ou Apache-2.0.

## La ligne de commande

about = Construit le livre du cours, dans les deux langues
usage = Usage : { $usage }
usage-book = cargo book [COMMANDE | PORT] [OPTIONS]
usage-build = cargo book build [OPTIONS]
usage-pdf = cargo book pdf [OPTIONS]
usage-check = cargo book check [OPTIONS]
usage-accept = cargo book accept [SECTION…] [OPTIONS]
without-command = Sans commande : construit, sert sur PORT ou sur un port libre, ouvre le
    navigateur, et reconstruit dès qu'un fichier change. Ctrl-C y met fin.
exit-statuses = Code de retour : 0 tout va bien, 1 quelque chose ne va pas dans le livre, 2 la commande n'est pas comprise.
heading-commands = Commandes
heading-options = Options
heading-arguments = Arguments
about-build = Construit le site dans target/book
about-pdf = Imprime le livre dans target/book-pdf, par Chromium : un fichier par chapitre, et le tout
about-check = Dit ce qui ne va pas dans le livre, fichier et ligne
about-accept = Note que les deux langues disent la même chose
argument-port = Le port où servir
argument-section = Les sections qu'une seule langue avait besoin de changer, comme 1-blocking.md#listen
option-no-open = Ne pas ouvrir le navigateur
option-base = Où sera le site chez son hébergeur, par exemple /causette/
option-without-solutions = Le livre qui va avec un kit de classe
option-lang = La langue de l'outil
option-root = Une autre copie du cours
option-help = Cette aide
error-usage = Cela ne se comprend pas : { $argument }
error-port = Ce n'est pas un port : { $argument }
for-help = En savoir plus : cargo book --help
built = Le livre est dans { $path }
printed = Imprimé : { $path }
no-chromium = Pour imprimer, il faut Chromium ou Chrome, et il n'y en a pas (sous Debian et Ubuntu : sudo apt install chromium). Dans tout navigateur, Ctrl-P imprime une page.
error-pdf = Impossible d'imprimer { $path } : { $error }
serving = Le livre est à l'adresse { $address } (Ctrl-C y met fin)
built-again = Reconstruit.
no-browser = Aucun navigateur n'a pu être ouvert : { $error }
error-listen = Impossible d'avoir le port { $port } : { $error }
error-write = Impossible d'écrire { $path } : { $error }
error-theme = Le modèle de mdBook { $version } a changé : { $file } devrait avoir { $times } × « { $find } » et en a { $found }. Adaptez book/src/theme.rs.
error-mdbook = mdBook dit : { $error }
check-good = Les deux livres disent la même chose : { $chapters } chapitres, { $sections } sections, { $quizzes } quiz, { $films } films.
check-bad = Fautes : { $count }.
accepted = Sections acceptées : { $count }.

## Ce qui ne va pas

fault-unreadable = impossible de lire { $file } : { $error }
fault-anchor = { $file } n'a pas de « ANCHOR: { $anchor } »
fault-anchor-open = dans { $file }, « ANCHOR: { $anchor } » n'a pas de « ANCHOR_END: { $anchor } »
fault-item = dans { $file }, rien ne commence par « { $item } »
fault-item-twice = dans { $file }, plusieurs éléments commencent par « { $item } » : entourez d'une ancre celui que vous voulez
fault-wide = { $what } a une ligne de plus de { $width } colonnes
fault-include-lines = incluez par une ancre, pas par des numéros de lignes : { $what }
fault-diff-usage = écrivez {"{{"}#diff ANCIEN NOUVEAU{"}}"} ou {"{{"}#diff ANCIEN NOUVEAU ANCRE{"}}"} (ou fn NOM)
fault-diff-equal = { $old } et { $new } y sont identiques
fault-directive = directive inconnue, ou mauvais arguments : { $name }
fault-stray = une directive est seule sur sa ligne
fault-open = « { $name } » s'ouvre et ne se ferme jamais
fault-end = ceci ferme « { $name } », qui n'est pas ce qui est ouvert
fault-fence-open = ce bloc de code ne se ferme jamais
fault-admonition = encadré inconnu : { $name }. Il y a { $known }
fault-quiz-unreadable = ce quiz ne se lit pas : { $error }
fault-quiz = il manque quelque chose à ce quiz, ou ce n'est pas du JSON : { $error }
fault-quiz-empty = ce quiz a un texte vide : chacun, et chaque raison, est nécessaire dans les deux langues
fault-quiz-same = ce quiz dit la même chose dans les deux langues : « { $text } »
fault-quiz-right = un quiz a deux choix ou plus, et une bonne réponse ; ici : { $right }
fault-plot = impossible de lire ce graphique : { $error }
fault-film-unreadable = ce film ne se lit pas : { $error }
fault-film = ce film est mal formé : { $error }
fault-film-check = les films ne correspondent plus aux programmes : { $error }
fault-typed = code tapé à la main : un bloc { $lang } ne contient qu'un {"{{"}#include{"}}"} d'un fichier qui tourne
fault-no-language = un bloc de code dit ce qu'il contient : console, text, rust, python…
fault-definition = une ligne qui commence par deux-points fait une liste de définitions, dont le terme est la ligne précédente : coupez la ligne ailleurs
fault-indented = code indenté : mettez-le dans un bloc ```
fault-include-inline = un include est seul dans un bloc de code
fault-no-id = ce titre n'a pas d'identifiant : terminez-le par {"{"}#id{"}"}
fault-bad-id = un identifiant est fait de a à z, 0 à 9 et - : { $id }
fault-same-id = cet identifiant est déjà pris, voir ligne { $line } : { $id }
fault-only-lang = un passage est « only fr » ou « only en » : { $lang }
fault-only-other = ce passage n'est que pour { $lang }, et se trouve dans l'autre livre
fault-one-language = ce fichier n'a pas de pendant : il manque { $other }
fault-summary-order = les chapitres diffèrent : ici { $here }, dans { $other } { $there }
fault-not-in-summary = ce chapitre n'est pas dans SUMMARY.md
fault-skeleton = les livres diffèrent : ici { $here }, mais { $there } dans { $other }:{ $line }
fault-skeleton-missing = les livres diffèrent : { $there } dans { $other }:{ $line } n'a pas de pendant ici
fault-dead-file = lien mort : il n'y a pas de { $target }
fault-dead-anchor = lien mort : { $file } n'a pas de section #{ $id }
fault-dead-reference = lien mort : [{ $label }] n'est défini nulle part
fault-changed = { $changed } a changé dans la section #{ $id } (ligne { $line }), { $stale } non : mettez { $stale } à jour, puis « cargo book accept ». Si seul { $changed } en avait besoin : « cargo book accept { $section } »
fault-both-changed = les deux langues ont changé dans la section #{ $id } : lisez-les côte à côte, puis « cargo book accept »
fault-never-compared = la section #{ $id } est nouvelle : lisez les deux langues côte à côte, puis « cargo book accept »
fault-gone = { $section } n'est plus dans le livre : « cargo book accept »
fault-no-lock = il n'y a pas encore de verrou : lisez les deux langues côte à côte, puis « cargo book accept »
fault-lock = cette ligne n'est pas « section empreinte-fr empreinte-en »
fault-mdbook = mdBook dit : { $error }
fault-unknown-section = cette section n'existe pas : { $section }
thing-heading = titre { $level } #{ $id }
thing-fence = un bloc « { $info } »
thing-listing = { $info } tiré de { $what }
thing-directive = { $text }
thing-end = {"{{"}/{ $name }{"}}"}
thing-admonition = encadré { $name }
thing-image = image { $target }
thing-table = un tableau de { $columns } colonnes
thing-nothing = plus rien
