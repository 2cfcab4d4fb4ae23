// No page has a fault that axe knows, in light and in dark. Run by `cargo test -p book`:
// SITES are the folders of sites, CHROMIUM a browser.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

const { SITES, CHROMIUM } = process.env;
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

for (const site of SITES.split(':')) {
    const base = pathToFileURL(site).href;
    const pages = ['fr', 'en'].flatMap(lang => readdirSync(`${site}/${lang}`)
        .filter(name => name.endsWith('.html'))
        .map(name => `${base}/${lang}/${name}`));
    const all = [`${base}/index.html`, `${base}/404.html`, ...pages];
    for (const colorScheme of ['light', 'dark']) {
        test(`${site}, ${colorScheme}`, { timeout: 300_000 }, () =>
            assertFaultless({ colorScheme }, all));
    }
    test(`${site}, on a phone`, { timeout: 300_000 }, () =>
        assertFaultless({ viewport: { width: 360, height: 700 } }, pages));
    test(`${site}, menus open`, { timeout: 300_000 }, () =>
        assertFaultless({ colorScheme: 'dark' }, [`${base}/fr/index.html`], [() => {
            addEventListener('load', () => {
                document.getElementById('mdbook-theme-toggle').click();
                document.getElementById('mdbook-search-toggle').click();
                const field = document.getElementById('mdbook-searchbar');
                field.value = 'client';
                field.dispatchEvent(new Event('input'));
            });
        }]));
    for (const theme of ['rust', 'coal', 'ayu']) {
        test(`${site}, ${theme}`, { timeout: 300_000 }, () =>
            assertFaultless({}, pages.filter(page => page.includes('/fr/')), [
                theme => localStorage.setItem('mdbook-theme', theme), theme,
            ]));
    }
}
