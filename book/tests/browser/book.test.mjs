// The book in a real browser. Run by `cargo test -p book`, which says where things are:
// ROOT is a copy of the fixture, SITE its site, URL where it is served, CHROMIUM a browser.

import assert from 'node:assert/strict';
import { appendFileSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

const { ROOT, SITE, URL: SERVED, CHROMIUM } = process.env;
const FILES = pathToFileURL(SITE).href + '/';
const DEADLINE = 15_000;

let browser;
before(async () => {
    browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
});
after(async () => browser?.close());

// As a hand does: `page.click` first scrolls to where the menu would be if it didn't stick.
async function clickWhereItIs(page, selector) {
    const { x, y, width, height } = await page.locator(selector).boundingBox();
    await page.mouse.click(x + width / 2, y + height / 2);
}

// A page of its own for each test; an error in a script fails it.
function on(name, options, body) {
    test(name, { timeout: 60_000 }, async () => {
        const context = await browser.newContext({ locale: 'en-US', ...options });
        context.setDefaultTimeout(DEADLINE);
        const page = await context.newPage();
        const errors = [];
        page.on('pageerror', error => errors.push(error.message));
        try {
            await body(page, context);
            assert.deepEqual(errors, []);
        } finally {
            await context.close();
        }
    });
}

for (const [where, base] of [['served', SERVED], ['from a file', FILES]]) {
    on(`the link to the other language keeps page and section, ${where}`, {}, async page => {
        await page.goto(base + 'fr/1-blocking.html');
        await page.click('a.language');
        await page.waitForURL(/\/en\/1-blocking\.html(#.*)?$/);
        await page.goto(base + 'en/1-blocking.html#a-client-leaves');
        await clickWhereItIs(page, 'a.language');
        await page.waitForURL(/\/fr\/1-blocking\.html#a-client-leaves$/);
        assert.equal(await page.getAttribute('html', 'lang'), 'fr');
    });

    on(`search finds words without their accents, ${where}`, {}, async page => {
        await page.goto(base + 'fr/glossary.html');
        for (const [asked, found, text] of [
            ['reseau', 'réseau', /before-you-start\.html/],
            ['RÉSEAUX', 'réseau', /before-you-start\.html/],
            ['ecoute', 'écoute', /1-blocking\.html/],
            ["l'écoute", 'écoute', /1-blocking\.html/],
            ['couteau suisse', 'couteau', /before-you-start\.html.*#you-need/],
        ]) {
            if (!await page.isVisible('#mdbook-searchbar')) await page.keyboard.press('/');
            await page.fill('#mdbook-searchbar', asked);
            const first = page.locator('#mdbook-searchresults li', { hasText: found }).first();
            await first.waitFor();
            const links = await page.locator('#mdbook-searchresults a')
                .evaluateAll(links => links.map(link => link.href));
            assert.ok(links.some(link => text.test(link)), `${asked}: ${links}`);
        }
        await page.fill('#mdbook-searchbar', 'xylophone');
        await page.locator('#mdbook-searchresults-header', { hasText: 'Rien pour' }).waitFor();
        await page.fill('#mdbook-searchbar', 'ecoute');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter');
        await page.waitForURL(/1-blocking\.html\?highlight=/);
        await page.locator('main mark', { hasText: 'écoute' }).first().waitFor();
    });
}

on('search in English is in English', {}, async page => {
    await page.goto(SERVED + 'en/glossary.html');
    await page.click('#mdbook-search-toggle');
    await page.fill('#mdbook-searchbar', 'sleeps');
    await page.locator('#mdbook-searchresults-header', { hasText: 'passages for' }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForSelector('#mdbook-search-wrapper', { state: 'hidden' });
});

on('a guess shows its own reason, by keyboard, and stays on the page', {}, async page => {
    await page.goto(SERVED + 'en/1-blocking.html');
    const quiz = page.locator('form.quiz');
    assert.ok(await quiz.locator('details').isHidden());
    await quiz.locator('input').first().focus();
    await page.keyboard.press('Space');
    await quiz.locator('.verdict.quiz-wrong', { hasText: 'have to leave' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await quiz.locator('.verdict.quiz-right', { hasText: 'in the kernel' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await quiz.locator('.verdict.quiz-wrong').waitFor();
    assert.match(page.url(), /1-blocking\.html$/);
    await quiz.locator('summary').click();
    await quiz.locator('ol li').nth(1).waitFor();
});

on('a film is played by keyboard, and the page stays', {}, async page => {
    await page.goto(FILES + 'fr/1-blocking.html');
    const film = page.locator('figure.film');
    const stage = film.locator('.film-stage');
    const place = () => film.locator('input[type=range]').inputValue();
    await stage.focus();
    await page.keyboard.press('Home');
    assert.equal(await place(), '1');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await place(), '2');
    assert.match(await film.locator('.film-said').textContent(), /Image 2 sur \d+/);
    await page.keyboard.press('s');
    assert.ok(await page.locator('#mdbook-searchbar').isHidden());
    await page.keyboard.press('End');
    assert.equal(await place(), await film.getAttribute('data-rows'));
    await film.locator('button').first().focus();
    await page.keyboard.press('Enter');
    assert.equal(await place(), '1');
    assert.match(page.url(), /1-blocking\.html$/);
});

on('without scripts everything can be read', { javaScriptEnabled: false }, async page => {
    await page.goto(FILES + 'fr/1-blocking.html');
    const quiz = page.locator('form.quiz');
    await quiz.locator('summary').click();
    await quiz.locator('li.quiz-right', { hasText: 'noyau' }).waitFor();
    await page.locator('details.hint summary').click();
    await page.locator('details.hint', { hasText: 'Relisez' }).locator('p').waitFor();
    const heights = await page.locator('svg.film-picture')
        .evaluateAll(pictures => pictures.map(picture => picture.clientHeight));
    assert.ok(heights.every(height => height > 300), `the whole picture: ${heights}`);
    // The contents open by a label, and are a frame.
    await page.click('label.without-scripts');
    await page.frameLocator('iframe').locator('a', { hasText: 'Glossaire' }).waitFor();
    await page.click('h2 a.same-place');
    await page.waitForURL(/\/en\/1-blocking\.html#a-client-leaves$/);
    await page.click('a.language');
    await page.waitForURL(/\/fr\/1-blocking\.html$/);
});

on('the page above asks those whose language it doesn’t have', { locale: 'de-DE' }, async page => {
    await page.goto(FILES + 'index.html');
    await page.click('a[hreflang=fr]');
    await page.waitForURL(/\/fr\/index\.html$/);
    await page.goto(FILES + 'index.html');
    await page.waitForURL(/\/fr\/index\.html$/);
});

on('the page above guesses, and remembers the last choice', { locale: 'fr-FR' }, async page => {
    await page.goto(SERVED);
    await page.waitForURL(/\/fr\/index\.html$/);
    await page.click('a.language');
    await page.waitForURL(/\/en\/index\.html/);
    await page.goto(SERVED);
    await page.waitForURL(/\/en\/index\.html$/);
    // A page inside never leads elsewhere by itself.
    await page.goto(SERVED + 'fr/glossary.html', { waitUntil: 'networkidle' }).catch(() => {});
    assert.match(page.url(), /\/fr\/glossary\.html$/);
});

on('a page that isn’t there says so in both languages', {}, async page => {
    const response = await page.goto(SERVED + 'fr/nowhere/at-all.html');
    assert.equal(response.status(), 404);
    assert.match(await page.textContent('main'), /n’existe pas[\s\S]*no such page/);
    await page.click('a:has-text("commence")');
    await page.waitForURL(/\/fr\/index\.html$/);
});

on('the contents open and close by keyboard', { viewport: { width: 800, height: 600 } }, async page => {
    await page.goto(SERVED + 'en/1-blocking.html');
    await page.keyboard.press('Tab');
    assert.equal(await page.textContent(':focus'), 'Skip to the text');
    await page.focus('#mdbook-sidebar-toggle');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#mdbook-sidebar-toggle[aria-expanded=true]');
    await page.locator('#mdbook-sidebar a', { hasText: 'Glossary' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForSelector('#mdbook-sidebar-toggle[aria-expanded=false]');
});

on('a link into a fold opens it', {}, async page => {
    await page.goto(SERVED + 'en/2-threads.html');
    await page.evaluate(() => {
        document.querySelector('main').insertAdjacentHTML(
            'beforeend', '<details><summary>a</summary><p id="inside">b</p></details>');
        location.hash = '#inside';
    });
    await page.waitForSelector('#inside');
});

on('on paper it is A4, unfolded, and without buttons', { colorScheme: 'dark' }, async page => {
    await page.goto(FILES + 'fr/1-blocking.html');
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const [, width, height] = pdf.toString('latin1').match(/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/);
    assert.deepEqual([Math.round(width), Math.round(height)], [595, 842]);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.locator('details.solution pre').waitFor();
    assert.ok(await page.locator('#mdbook-menu-bar').isHidden());
    const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(colour, 'rgb(255, 255, 255)');
});

on('open pages load again after a change', {}, async page => {
    await page.goto(SERVED + 'en/glossary.html');
    // The stream is open once the server has said the number of its build.
    await page.waitForEvent('requestfinished', { timeout: 1000 }).catch(() => {});
    appendFileSync(`${ROOT}/book/en/src/glossary.md`, '\nA word that was added later.\n');
    await page.locator('main p', { hasText: 'added later' }).waitFor();
    assert.match(readFileSync(`${SITE}/en/glossary.html`, 'utf8'), /added later/);
});
