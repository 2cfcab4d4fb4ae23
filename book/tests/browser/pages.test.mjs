// Every page: no fault that axe knows, and nothing wider than a phone. Run by
// `cargo test -p book`: FIXTURE and BOOK are the folders of sites, the second may be
// missing; PICTURES has pages of `cargo lab check`; CHROMIUM is a browser.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

const { FIXTURE, BOOK, PICTURES, CHROMIUM } = process.env;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser;
before(async () => {
    browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
});
after(async () => browser?.close());

async function faults(page, url) {
    await page.goto(url);
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => axe.run());
    return violations.flatMap(({ id, nodes }) => nodes.map(node =>
        `${id}: ${node.html.slice(0, 160)}: ${node.failureSummary.split('\n')[1]?.trim()}`));
}

async function assertFaultless(options, urls, prepare) {
    const context = await browser.newContext({ locale: 'de-DE', reducedMotion: 'reduce', ...options });
    try {
        const page = await context.newPage();
        if (prepare) await context.addInitScript(...prepare);
        const found = [];
        for (const url of urls) {
            for (const fault of await faults(page, url)) found.push(`${url}: ${fault}`);
        }
        assert.deepEqual(found, []);
    } finally {
        await context.close();
    }
}

for (const [name, site] of [['fixture', FIXTURE], ['book', BOOK]]) {
    if (!site) continue;
    const base = pathToFileURL(site).href;
    const pages = ['fr', 'en'].flatMap(lang => readdirSync(`${site}/${lang}`)
        .filter(name => name.endsWith('.html'))
        .map(name => `${base}/${lang}/${name}`));
    const all = [`${base}/index.html`, `${base}/404.html`, ...pages];
    for (const colorScheme of ['light', 'dark']) {
        test(`${name}, ${colorScheme}`, { timeout: 300_000 }, () =>
            assertFaultless({ colorScheme }, all));
    }

    test(`${name}, as wide as a phone`, { timeout: 300_000 }, async () => {
        const context = await browser.newContext({ viewport: { width: 360, height: 700 } });
        try {
            const page = await context.newPage();
            const wide = [];
            for (const url of pages) {
                await page.goto(url);
                const width = await page.evaluate(() => Math.max(
                    document.scrollingElement.scrollWidth,
                    document.querySelector('main').scrollWidth));
                if (width > 360) wide.push(`${url}: ${width}`);
            }
            assert.deepEqual(wide, []);
        } finally {
            await context.close();
        }
    });
}

{
    const base = pathToFileURL(FIXTURE).href;
    const pages = ['index', '1-blocking', '2-threads'].map(name => `${base}/fr/${name}.html`);
    test('on a phone', { timeout: 300_000 }, () =>
        assertFaultless({ viewport: { width: 360, height: 700 } }, pages));
    test('menus open', { timeout: 300_000 }, () =>
        assertFaultless({ colorScheme: 'dark' }, pages.slice(0, 1), [() => {
            addEventListener('load', () => {
                document.getElementById('mdbook-theme-toggle').click();
                document.getElementById('mdbook-search-toggle').click();
                const field = document.getElementById('mdbook-searchbar');
                field.value = 'client';
                field.dispatchEvent(new Event('input'));
            });
        }]));
    for (const theme of ['rust', 'coal', 'ayu']) {
        test(`theme ${theme}`, { timeout: 300_000 }, () =>
            assertFaultless({}, pages, [
                theme => localStorage.setItem('mdbook-theme', theme), theme,
            ]));
    }
}

{
    const pictures = readdirSync(PICTURES).map(name => pathToFileURL(`${PICTURES}/${name}`).href);
    const phone = { width: 360, height: 700 };
    for (const [name, options] of Object.entries({
        light: {}, dark: { colorScheme: 'dark' }, phone: { viewport: phone },
        'without JavaScript': { javaScriptEnabled: false },
    })) {
        test(`pictures, ${name}`, { timeout: 300_000 }, async () => {
            assert.equal(pictures.length, 2);
            const context = await browser.newContext(options);
            try {
                const page = await context.newPage();
                for (const url of pictures) {
                    await page.goto(url);
                    assert.ok(await page.getByRole('img').isVisible());
                    assert.ok(await page.getByRole('listitem').first().isVisible());
                    const box = await page.locator('body').boundingBox();
                    assert.ok(box.width <= (options.viewport?.width ?? 1280));
                }
            } finally {
                await context.close();
            }
            if (options.javaScriptEnabled !== false) await assertFaultless(options, pictures);
        });
    }
}
