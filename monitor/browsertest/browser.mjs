// What the looks at the pages share: a browser, and the checks that hold for any page. A look is called
//
//	node LOOK.mjs CHROMIUM SCREENSHOT_DIR ARGUMENT ...
//
// where an empty SCREENSHOT_DIR leaves no pictures, and prints what it found as JSON:
//
// {"checks": [{"name", "ok", "detail"}], "measures": {"paint_ms", ...}}
//
// Packages are looked for in the working directory.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const [chromium, shots] = process.argv.slice(2);
const require = createRequire(join(process.cwd(), 'package.json'));
const { chromium: launcher } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const checks = [];
export const measures = {};
export const check = (name, ok, detail = '') => checks.push({ name, ok: Boolean(ok), detail: String(detail) });
const browser = await launcher.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu'] });

// open shows a page and watches for complaints, and for what it asks of others. That the page itself comes with an error's status
// is none.
export const open = async (url, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  const heard = [];
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type()) && m.location().url !== url) heard.push(`${m.text()} ${m.location().url}`); });
  page.on('pageerror', (e) => heard.push(e.message));
  page.on('request', (r) => { if (new URL(r.url()).host !== new URL(url).host) heard.push('asks ' + r.url()); });
  await page.goto(url);
  return { page, heard };
};

// What the page's own policy forbids, the debugger may do: axe comes in by it.
export const violations = async (page) => {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200)).join(' ; ')}`);
};
export const shoot = async (page, name) => { if (shots) await page.screenshot({ path: join(shots, name + '.png'), fullPage: true }); };
export const openAll = (page) => page.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });

// What is cut: wider than its box, or beyond the edge of the page.
export const cut = (page) => page.evaluate(() => {
  const edge = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *:not(.spoken, option, thead *)')]
    .filter((e) => e.checkVisibility() && !e.closest('thead, svg, .spoken, select') && (e.getBoundingClientRect().right > edge + 1 || e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline' && getComputedStyle(e).overflowX !== 'visible'))
    .map((e) => e.outerHTML.slice(0, 160));
});

// look holds a page against all this, with everything folded out.
export const look = async (which, url, name, width, colorScheme) => {
  const look = `${which}, ${name}, ${colorScheme}`;
  const { page, heard } = await open(url, { colorScheme, viewport: { width, height: 800 } });
  await shoot(page, `${which}-${name}-${colorScheme}`);
  await openAll(page);
  const found = await violations(page);
  check(`axe finds nothing, ${look}`, found.length === 0, found.join('\n'));
  check(`no complaint, ${look}`, heard.length === 0, heard.join('\n'));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(`the page is no wider than the window, ${look}`, wide <= 0, `${wide} pixels too wide`);
  const lost = await cut(page);
  check(`nothing is cut, ${look}`, lost.length === 0, lost.slice(0, 5).join('\n'));
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  check(`the ground is that of the colour scheme, ${look}`, (ground === 'rgb(255, 255, 255)') === (colorScheme === 'light'), ground);
  await page.context().close();
};

// looks does it at a desk and on a phone, by day and by night.
export const looks = async (which, url) => {
  for (const [name, width] of [['wide', 1400], ['narrow', 360]]) {
    for (const colorScheme of ['light', 'dark']) await look(which, url, name, width, colorScheme);
  }
};

// done says what was found.
export const done = async () => {
  await browser.close();
  console.log(JSON.stringify({ checks, measures }));
};
