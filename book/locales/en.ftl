# What the tool says, and the few words that it puts into the pages. Each key stands in
# fr.ftl as well, with the same placeholders: a test holds them together.

## In the pages

admonition-note = Note
admonition-tip = Tip
admonition-warning = Careful
fold-hint = A hint
fold-hint-for = A hint for { $what }
fold-solution = Our solution
diff-caption = From { $old } to { $new } (lines: +{ $added }, −{ $removed })
quiz-legend = Guess before you read on
quiz-answers = The answers
quiz-right = Yes.
quiz-wrong = No.
same-place = This section in English
contents = Table of contents
front-about = How one server talks to many clients, step by step, in Rust
front-licence = Text: CC BY 4.0. Code: MIT or Apache-2.0.

## The command line

about = Builds the book of the course, in both languages
usage = Usage: { $usage }
usage-book = cargo book [COMMAND | PORT] [OPTIONS]
usage-build = cargo book build [OPTIONS]
usage-pdf = cargo book pdf [OPTIONS]
usage-check = cargo book check [OPTIONS]
usage-accept = cargo book accept [SECTION…] [OPTIONS]
without-command = Without a command: builds, serves on PORT or on a free port, opens the
    browser, and builds again whenever a file changes. Ctrl-C ends it.
exit-statuses = Exit status: 0 all is well, 1 something is wrong with the book, 2 the command can't be understood.
heading-commands = Commands
heading-options = Options
heading-arguments = Arguments
about-build = Builds the site into target/book
about-pdf = Prints the book into target/book-pdf, by Chromium: a file a chapter, and the whole
about-check = Says what is wrong with the book, with file and line
about-accept = Notes that both languages say the same
argument-port = The port to serve on
argument-section = Sections that one language alone needed to change, such as 1-blocking.md#listen
option-no-open = Don't open the browser
option-base = Where the site will stand on its host, such as /causette/
option-without-solutions = The book that goes with a class kit
option-lang = The tool's language
option-root = Another copy of the course
option-help = This help
error-usage = That can't be understood: { $argument }
error-port = Not a port: { $argument }
for-help = More: cargo book --help
built = The book is in { $path }
printed = Printed: { $path }
no-chromium = Printing needs Chromium or Chrome, and there is none (on Debian and Ubuntu: sudo apt install chromium). In any browser, Ctrl-P prints a page.
error-pdf = { $path } can't be printed: { $error }
serving = The book is at { $address } (Ctrl-C ends this)
built-again = Built again.
no-browser = No browser could be opened: { $error }
error-listen = Port { $port } can't be had: { $error }
error-write = { $path } can't be written: { $error }
error-theme = The template of mdBook { $version } has changed: { $file } should have { $times } × “{ $find }” and has { $found }. Bring book/src/theme.rs along.
error-mdbook = mdBook says: { $error }
check-good = Both books say the same: { $chapters } chapters, { $sections } sections, { $quizzes } quizzes, { $films } films.
check-bad = Faults: { $count }.
accepted = Accepted: { $count } sections.

## What is wrong

fault-unreadable = { $file } can't be read: { $error }
fault-anchor = { $file } has no “ANCHOR: { $anchor }”
fault-anchor-open = in { $file } “ANCHOR: { $anchor }” has no “ANCHOR_END: { $anchor }”
fault-item = { $file } has no item that begins with “{ $item }”
fault-item-twice = in { $file } several items begin with “{ $item }”: put an anchor around the one you mean
fault-wide = { $what } has a line of more than { $width } columns
fault-include-lines = include by an anchor, not by line numbers: { $what }
fault-diff-usage = write {"{{"}#diff OLD NEW{"}}"} or {"{{"}#diff OLD NEW ANCHOR{"}}"} (or fn NAME)
fault-diff-equal = { $old } and { $new } are the same there
fault-directive = no such directive, or wrong arguments: { $name }
fault-stray = a directive stands alone on its line
fault-open = “{ $name }” is opened and never closed
fault-end = this closes “{ $name }”, which isn't what is open
fault-fence-open = this fence is never closed
fault-admonition = no such admonition: { $name }. There are { $known }
fault-quiz-unreadable = this quiz can't be read: { $error }
fault-quiz = this quiz lacks something, or isn't JSON: { $error }
fault-quiz-empty = this quiz has an empty text: each one, and each reason, is needed in both languages
fault-quiz-same = this quiz says the same in both languages: “{ $text }”
fault-quiz-right = a quiz has two choices or more, and one right answer; here: { $right }
fault-plot = this plot can't be read: { $error }
fault-film-unreadable = this film can't be read: { $error }
fault-film = this film doesn't parse: { $error }
fault-film-check = the films no longer match the programs: { $error }
fault-typed = typed code: a { $lang } fence holds nothing but an {"{{"}#include{"}}"} of a file that runs
fault-no-language = a fence says what it holds: console, text, rust, python…
fault-definition = a line that begins with a colon makes a definition list, and the line before it the term: break the line elsewhere
fault-indented = indented code: use a fence
fault-include-inline = an include stands alone in a fence
fault-no-id = this heading has no id: end it with {"{"}#id{"}"}
fault-bad-id = an id is made of a to z, 0 to 9 and -: { $id }
fault-same-id = this id is taken, see line { $line }: { $id }
fault-only-lang = a passage is only for fr or only for en: { $lang }
fault-only-other = this passage is only for { $lang }, and stands in the other book
fault-one-language = this file has no counterpart: { $other } is missing
fault-summary-order = the chapters differ: here { $here }, in { $other } { $there }
fault-not-in-summary = this chapter isn't in SUMMARY.md
fault-skeleton = the books differ: here { $here }, but { $there } in { $other }:{ $line }
fault-skeleton-missing = the books differ: { $there } in { $other }:{ $line } has no counterpart here
fault-dead-file = dead link: there is no { $target }
fault-dead-anchor = dead link: { $file } has no section #{ $id }
fault-dead-reference = dead link: [{ $label }] is defined nowhere
fault-changed = { $changed } changed in section #{ $id } (line { $line }), { $stale } did not: bring { $stale } along, then “cargo book accept”. If only { $changed } needed it: “cargo book accept { $section }”
fault-both-changed = both languages changed in section #{ $id }: read them side by side, then “cargo book accept”
fault-never-compared = section #{ $id } is new: read both languages side by side, then “cargo book accept”
fault-gone = { $section } is no longer in the book: “cargo book accept”
fault-no-lock = there is no lock yet: read both languages side by side, then “cargo book accept”
fault-lock = this line isn't “section fr-hash en-hash”
fault-mdbook = mdBook says: { $error }
fault-unknown-section = there is no such section: { $section }
thing-heading = heading { $level } #{ $id }
thing-fence = a fence “{ $info }”
thing-listing = { $info } from { $what }
thing-directive = { $text }
thing-end = {"{{"}/{ $name }{"}}"}
thing-admonition = admonition { $name }
thing-image = image { $target }
thing-table = a table of { $columns } columns
thing-nothing = nothing more
