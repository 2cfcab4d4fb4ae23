// The book's own scripts: language, folds, quizzes, search. Each page reads well without
// them.

(function language() {
    // A stock mdBook leaves the name of the page to us: the template has no way to say it.
    for (const link of document.querySelectorAll('[data-page]')) {
        const page = link.dataset.page.replace(/\.md$/, '.html');
        link.setAttribute('href', link.getAttribute('href').replace(/index\.html$/, page));
    }

    // The heading that is being read: the last one above the middle of the window.
    function section() {
        const headings = document.querySelectorAll('main :is(h2, h3, h4)[id]');
        let found = '';
        for (const heading of headings) {
            if (heading.getBoundingClientRect().top > innerHeight / 2) break;
            found = '#' + heading.id;
        }
        return found;
    }

    for (const link of document.querySelectorAll('a.language')) {
        link.addEventListener('click', () => {
            link.hash = section();
            try {
                localStorage.setItem('causette-language', link.hreflang);
            } catch {
                // A private window: nothing is remembered.
            }
        });
    }
})();

(function sidebar() {
    // mdBook toggles it by a label, which no keyboard reaches: ours is a button.
    const button = document.getElementById('mdbook-sidebar-toggle');
    const checkbox = document.getElementById('mdbook-sidebar-toggle-anchor');
    button.addEventListener('click', () => checkbox.click());

    // mdBook scrolls the contents to the chapter, and Chromium then takes that place as the
    // one from which Tab goes on, past the link to the text.
    if (!location.hash && scrollY === 0) document.body.scrollIntoView();
})();

(function folds() {
    // A link to a place inside a fold opens it.
    function open() {
        let place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
        for (; place; place = place.parentElement) {
            if (place.tagName === 'DETAILS') place.open = true;
        }
    }
    addEventListener('hashchange', open);
    open();

    // Paper can't be unfolded.
    let opened = [];
    addEventListener('beforeprint', () => {
        opened = [...document.querySelectorAll('main details:not([open])')];
        for (const fold of opened) fold.open = true;
    });
    addEventListener('afterprint', () => {
        for (const fold of opened) fold.open = false;
    });
})();

(function quizzes() {
    for (const form of document.querySelectorAll('form.quiz')) {
        const verdict = form.querySelector('.verdict');
        const answers = form.querySelector('details');
        const reasons = answers.querySelectorAll('li');
        answers.hidden = true;
        form.addEventListener('submit', event => event.preventDefault());
        form.addEventListener('change', event => {
            const reason = reasons[Number(event.target.value)];
            verdict.innerHTML = reason.innerHTML;
            verdict.className = 'verdict ' + reason.className;
            answers.hidden = false;
        });
        // Firefox keeps a choice over a reload: its reason would be missing.
        form.reset();
    }
})();

(function listings() {
    // What scrolls sideways can be scrolled from the keyboard.
    const boxes = document.querySelectorAll('main :is(pre > code, .table-wrapper, figure.plot)');
    function mark() {
        for (const box of boxes) {
            if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
            else box.removeAttribute('tabindex');
        }
    }
    mark();
    addEventListener('resize', mark);
})();

(function search() {
    // mdBook's own search is made for English: it doesn't find "réseau" from "reseau", nor
    // "l'écoute" from "ecoute". The texts in its index are searched here word by word,
    // without accents, elisions and plurals.
    const button = document.getElementById('mdbook-search-toggle');
    if (!button) return;
    const box = document.getElementById('mdbook-search-wrapper');
    const form = document.getElementById('mdbook-searchbar-outer');
    const field = document.getElementById('mdbook-searchbar');
    const panel = document.getElementById('mdbook-searchresults-outer');
    const status = document.getElementById('mdbook-searchresults-header');
    const list = document.getElementById('mdbook-searchresults');
    const MOST = 30;
    const AROUND = 90;
    const words = document.documentElement.lang === 'fr'
        ? {
            none: what => `Rien pour « ${what} ».`,
            found: (n, what) => `${n} ${n > 1 ? 'passages' : 'passage'} pour « ${what} »`,
            loading: 'Un instant…',
            failed: 'La recherche n’a pas pu être chargée.',
        }
        : {
            none: what => `Nothing for “${what}”.`,
            found: (n, what) => `${n} ${n > 1 ? 'passages' : 'passage'} for “${what}”`,
            loading: 'A moment…',
            failed: 'The search could not be loaded.',
        };
    let sections = null;

    // Keeps the length, so that places in the folded text are places in the text.
    const fold = text => [...text.toLowerCase()].map(letter => {
        const bare = letter.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
        return bare.length === letter.length ? bare : letter;
    }).join('');
    const stem = word => word.length < 4
        ? word
        : word.replace(/eaux$/, 'eau').replace(/aux$/, 'al').replace(/[sx]$/, '');
    const cut = text => [...fold(text).matchAll(/[\p{L}\p{N}_]+/gu)]
        .map(found => ({ word: found[0], stem: stem(found[0]), at: found.index }));

    function index(data) {
        const docs = data.index.documentStore.docs;
        return data.doc_urls.map((url, i) => {
            const doc = docs[String(i)];
            return {
                url, doc, title: cut(doc.title), body: cut(doc.body), place: doc.breadcrumbs,
            };
        });
    }

    // How well a section answers: 0 where a word is missing.
    function score(section, asked) {
        let sum = 0;
        for (const { word, stem } of asked) {
            let best = 0;
            for (const [found, weight] of [[section.title, 8], [section.body, 1]]) {
                let here = 0;
                for (const other of found) {
                    if (other.stem === stem) here += 3;
                    else if (word.length > 1 && other.word.startsWith(stem)) here += 1;
                }
                best += weight * Math.min(here, 12);
            }
            if (best === 0) return 0;
            sum += best;
        }
        return sum;
    }

    function matches(section, asked) {
        return section.body.filter(found => asked.some(({ word, stem }) =>
            found.stem === stem || word.length > 1 && found.word.startsWith(stem)));
    }

    // The text around the first match, all matches marked.
    function teaser(section, asked) {
        const body = section.doc.body;
        const found = matches(section, asked);
        const first = found.length ? found[0].at : 0;
        const start = first < AROUND ? 0 : body.indexOf(' ', first - AROUND) + 1;
        const end = start + 2 * AROUND;
        const shown = document.createElement('span');
        shown.className = 'teaser';
        let at = start;
        if (start > 0) shown.append('… ');
        for (const { at: from, word } of found) {
            if (from < at || from + word.length > end) continue;
            const mark = document.createElement('em');
            mark.textContent = body.slice(from, from + word.length);
            shown.append(body.slice(at, from), mark);
            at = from + word.length;
        }
        shown.append(body.slice(at, end));
        if (end < body.length) shown.append(' …');
        return shown;
    }

    // Of "l'écoute" the word counts, not what was elided before it.
    function question() {
        const asked = cut(field.value);
        const long = asked.filter(({ word }) => word.length > 1 && word !== 'qu');
        return long.length ? long : asked;
    }

    function show() {
        const asked = question();
        list.replaceChildren();
        panel.classList.toggle('hidden', asked.length === 0);
        if (asked.length === 0) return;
        if (sections === null) {
            status.textContent = words.loading;
            return;
        }
        const found = sections
            .map(section => ({ section, score: score(section, asked) }))
            .filter(({ score }) => score > 0)
            .sort((one, other) => other.score - one.score)
            .slice(0, MOST);
        status.textContent = found.length
            ? words.found(found.length, field.value.trim())
            : words.none(field.value.trim());
        for (const { section } of found) {
            const item = document.createElement('li');
            const link = document.createElement('a');
            const [page, id] = section.url.split('#');
            const marked = matches(section, asked).map(({ word }) => word);
            const query = new URLSearchParams({ highlight: [...new Set(marked)].join(' ') });
            link.href = `${path_to_root}${page}?${query}${id ? '#' + id : ''}`;
            link.textContent = section.place;
            item.append(link, teaser(section, asked));
            list.append(item);
        }
    }

    function load() {
        if (load.begun) return;
        load.begun = true;
        const script = document.createElement('script');
        script.src = window.path_to_searchindex_js;
        script.onload = () => {
            sections = index(window.search);
            show();
        };
        script.onerror = () => { status.textContent = words.failed; };
        document.head.append(script);
    }

    function open() {
        load();
        box.classList.remove('hidden');
        button.setAttribute('aria-expanded', 'true');
        scrollTo(0, 0);
        field.select();
    }
    function close() {
        box.classList.add('hidden');
        button.setAttribute('aria-expanded', 'false');
        button.focus();
    }

    window.search = Object.assign(window.search || {}, {
        hasFocus: () => box.contains(document.activeElement),
    });
    button.addEventListener('click', () => {
        if (box.classList.contains('hidden')) open();
        else close();
    });
    field.addEventListener('input', show);
    form.addEventListener('submit', event => {
        event.preventDefault();
        const first = list.querySelector('a');
        if (first) location.assign(first.href);
    });
    document.addEventListener('keydown', event => {
        if (event.altKey || event.ctrlKey || event.metaKey) return;
        const inside = box.contains(document.activeElement);
        if (event.key === 'Escape' && inside) {
            event.preventDefault();
            close();
        } else if (inside && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
            const stops = [field, ...list.querySelectorAll('a')];
            const at = stops.indexOf(document.activeElement);
            const to = stops[at + (event.key === 'ArrowDown' ? 1 : -1)];
            if (to) {
                event.preventDefault();
                to.focus();
            }
        } else if (!inside && (event.key === 's' || event.key === '/')
            && !mdbook_something_else_has_focus(event)) {
            event.preventDefault();
            open();
        }
    });

    // The words that led here.
    const asked = new URLSearchParams(location.search).get('highlight');
    if (asked && window.Mark) {
        const marker = new Mark(document.querySelector('main'));
        marker.mark(asked.split(' '), { exclude: ['text', 'svg *'] });
        document.addEventListener('click', () => marker.unmark(), { once: true });
    }
})();
