#!/usr/bin/env python3
"""Grammalecte on the French pages of a site: french.py PAGE…

Listings, pictures and lists of events are left out; a word of code in a sentence becomes
a name, so that the sentence keeps its grammar; and "socket", feminine in this course and
masculine to Grammalecte, becomes "prise". Prints what is wrong and exits with 1 if
anything is. `french.txt` beside it has the words of the trade that it doesn't know."""
import html.parser
import json
import os
import subprocess
import sys
import tempfile

SKIPPED = {"pre", "svg", "script", "style", "table", "button", "figure", "nav"}
BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "legend", "summary", "label", "dt", "dd"}
EMPTY = {"input", "br", "hr", "img", "link", "meta"}
# After an elision (l'`accept`) and otherwise (le `recv`).
NAMES = {True: "Alice", False: "Bob"}


class Prose(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.out = []
        self.inside = []
        # French sets foreign words in italics: nobody expects to know them.
        self.foreign = set()

    def handle_starttag(self, tag, attrs):
        if tag in EMPTY:
            return
        classes = (dict(attrs).get("class") or "").split()
        if "same-place" in classes:
            tag = "pre"
        self.inside.append(tag)
        if tag in BLOCKS:
            self.out.append("\n\n")
        if tag == "code" and not self.skips():
            elided = "".join(self.out[-1:]).endswith(("'", "’"))
            self.out.append(NAMES[elided])

    def handle_endtag(self, tag):
        while self.inside and tag not in EMPTY:
            last = self.inside.pop()
            if last == tag or last == "pre" and tag == "a":
                break

    def handle_data(self, data):
        if "main" in self.inside and not self.skips() and "code" not in self.inside:
            self.out.append(data.replace("\n", " "))
            if "em" in self.inside:
                self.foreign.update(data.lower().split())

    def skips(self):
        return "main" not in self.inside or SKIPPED & set(self.inside)


# The build sees to spaces and quotation marks.
OFF = ["typo", "apos", "nbsp", "esp", "num", "unit", "maj"]


def prose_of(path):
    prose = Prose()
    with open(path, encoding="utf-8") as page:
        prose.feed(page.read())
    text = "".join(prose.out).replace("socket", "prise").replace("Socket", "Prise")
    paragraphs = text.split("\n\n")
    texts = [" ".join(text.split(" ")).strip() for text in paragraphs if text.strip()]
    return texts, prose.foreign


def faults_in(paragraphs, known):
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write("\n".join(paragraphs) + "\n")
        file.flush()
        command = ["grammalecte-cli", "-f", file.name, "-j", "-off", *OFF]
        said = subprocess.run(command, capture_output=True, text=True, timeout=300)
    for found in json.loads(said.stdout)["data"]:
        text = paragraphs[found["iParagraph"] - 1]
        for fault in found["lGrammarErrors"]:
            # Of a name that stands for code, neither gender nor number is known.
            if text[fault["nStart"]:fault["nEnd"]] in NAMES.values():
                continue
            start = max(0, fault["nStart"] - 30)
            yield f"{fault['sMessage']} : … {text[start:fault['nEnd'] + 30]} …"
        for fault in found["lSpellingErrors"]:
            word = fault["sValue"]
            plain = not word.isupper() and not any(c.isdigit() for c in word)
            if plain and word.lower() not in known:
                yield f"mot inconnu : {word} : … {text[:90]} …"


with open(os.path.join(os.path.dirname(__file__), "french.txt"), encoding="utf-8") as file:
    words = {line.strip().lower() for line in file if not line.startswith("#")}
status = 0
for path in sys.argv[1:]:
    texts, foreign = prose_of(path)
    for fault in faults_in(texts, words | foreign):
        print(f"{path}: {fault}")
        status = 1
sys.exit(status)
