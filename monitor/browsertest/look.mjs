// Looks at the status page in a real browser and prints what it found as JSON:
//
//	node look.mjs CHROMIUM SMALL_URL LONG_URL [SCREENSHOT_DIR]
//
// {"checks": [{"name", "ok", "detail"}], "measures": {"paint_ms", ...}}
//
// Behind the small address is a prober with endpoints in every state, some with long names; behind
// the long one a prober of ten thousand. The checks wait for what has to come, never for a time.
// Packages are looked for in the working directory.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [chromium, small, long, shots] = process.argv.slice(2);
const require = createRequire(join(process.cwd(), 'package.json'));
const { chromium: launcher } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const checks = [];
const measures = {};
const check = (name, ok, detail = '') => checks.push({ name, ok: Boolean(ok), detail: String(detail) });
const browser = await launcher.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu'] });

// open shows a page and watches for complaints, and for what it asks of others.
const open = async (url, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  const heard = [];
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) heard.push(m.text()); });
  page.on('pageerror', (e) => heard.push(e.message));
  page.on('request', (r) => { if (new URL(r.url()).host !== new URL(url).host) heard.push('asks ' + r.url()); });
  await page.goto(url);
  return { page, heard };
};

// What the page's own policy forbids, the debugger may do: axe comes in by it.
const violations = async (page) => {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200)).join(' ; ')}`);
};
const shoot = async (page, name) => { if (shots) await page.screenshot({ path: join(shots, name + '.png'), fullPage: true }); };
const openAll = (page) => page.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });

// What is cut: wider than its box, or beyond the edge of the page.
const cut = (page) => page.evaluate(() => {
  const edge = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *:not(.spoken, option, thead *)')]
    .filter((e) => e.checkVisibility() && !e.closest('thead, svg, .spoken, select') && (e.getBoundingClientRect().right > edge + 1 || e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline' && getComputedStyle(e).overflowX !== 'visible'))
    .map((e) => e.outerHTML.slice(0, 160));
});

// Accessibility in each look of the page, with everything folded out.
for (const [name, width] of [['wide', 1400], ['narrow', 360]]) {
  for (const colorScheme of ['light', 'dark']) {
    for (const [which, url] of [['small', small], ['long', long]]) {
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
    }
  }
}

// On paper nothing is cut, and what is folded away is there.
{
  const { page } = await open(small, { viewport: { width: 720, height: 1000 } });
  await page.emulateMedia({ media: 'print' });
  const lost = await cut(page);
  check('nothing is cut on paper', lost.length === 0, lost.slice(0, 5).join('\n'));
  const hidden = await page.evaluate(() => [...document.querySelectorAll('details dl')].filter((e) => !e.checkVisibility({ contentVisibilityAuto: true })).length);
  check('what is folded away is on paper', hidden === 0, `${hidden} are not`);
  const form = await page.locator('form').isVisible();
  check('what only a screen can do is not on paper', !form);
  if (shots) await page.pdf({ path: join(shots, 'small.pdf'), format: 'A4' });
  await page.context().close();
}

const rows = (page) => page.evaluate(() => [...document.querySelectorAll('table.rows tbody tr')].map((e) => e.id).join(' '));

// Filters, typed: the page follows, and so does its address.
{
  const { page, heard } = await open(small);
  const all = await rows(page);
  await page.fill('[name=text]', 'expired');
  await page.waitForFunction(() => document.querySelectorAll('table.rows tbody tr').length === 1);
  check('a text filters while it is typed', await rows(page) === 'ecs/cn-beijing/public', await rows(page));
  check('the address says so', new URL(page.url()).search === '?text=expired', page.url());
  check('the field keeps its text and the focus', await page.evaluate(() => document.activeElement.name === 'text' && document.activeElement.value === 'expired'));
  await page.fill('[name=text]', '');
  await page.waitForFunction(() => document.querySelectorAll('table.rows tbody tr').length > 1);
  check('without a filter all is there again', await rows(page) === all, await rows(page));
  await page.selectOption('[name=state]', 'degraded');
  await page.waitForFunction(() => document.querySelectorAll('table.rows tbody tr').length === 1);
  check('a state filters', await rows(page) === 'kms/cn-hangzhou/public', await rows(page));
  await page.reload();
  check('the address leads to the same', await rows(page) === 'kms/cn-hangzhou/public', await rows(page));
  check('and the filter says what it is', await page.inputValue('[name=state]') === 'degraded');
  check('no complaint while filtering', heard.length === 0, heard.join('\n'));
  await page.context().close();
}

// Refreshing: what is open stays open, the focus stays, news come; silence is told.
{
  const { page } = await open(small);
  const details = page.locator('[id="ecs/cn-beijing/public"] details');
  await details.locator('summary').focus();
  await page.keyboard.press('Enter');
  const refresh = () => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await page.evaluate(() => { document.querySelector('#fitting').firstElementChild.textContent = 'old'; document.querySelector('h1').textContent = 'old'; document.querySelector('#wrong').closest('section').remove(); });
  await refresh();
  await page.waitForFunction(() => document.querySelector('#fitting').firstElementChild.textContent !== 'old');
  check('a refresh brings the headline', await page.locator('h1').innerText() !== 'old');
  check('a refresh brings what is wrong', await page.locator('#wrong').count() === 1);
  check('what was open stays open', await details.evaluate((e) => e.open));
  check('the focus stays', await page.evaluate(() => document.activeElement.localName === 'summary' && document.activeElement.closest('tr').id === 'ecs/cn-beijing/public'));
  await page.route('**/*', (r) => r.abort());
  await refresh();
  await page.waitForFunction(() => document.getElementById('live').textContent.includes('has not answered since'));
  await page.unroute('**/*');
  await refresh();
  await page.waitForFunction(() => document.getElementById('live').textContent.includes('Refreshed every'));
  await page.click('#live button');
  check('refreshing can be stopped', await page.evaluate(() => document.getElementById('live').textContent.includes('Not refreshed')));
  await page.context().close();
}

// By keyboard alone to the filter, without JavaScript at all.
{
  const { page } = await open(small, { javaScriptEnabled: false });
  await shoot(page, 'without-script');
  check('without JavaScript there is no button that does nothing', !(await page.locator('#live').isVisible()));
  check('and a link refreshes', await page.locator('noscript a').first().isVisible());
  await page.fill('[name=text]', 'expired');
  await page.keyboard.press('Enter');
  await page.waitForURL(/text=expired/);
  check('and the filter filters', await page.locator('table.rows tbody tr').count() === 1);
  await page.locator('summary').first().click();
  check('and a row folds out', await page.locator('details[open] dl').first().isVisible());
  await page.goto(small + '?refresh=30');
  check('and the page reloads if asked to', await page.locator('meta[http-equiv=refresh]').count() === 1);
  await page.context().close();
}

// A page of ten thousand is small; how soon it is painted is the machine's affair, and told.
{
  const { page } = await open(long);
  await page.reload();
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  const seen = await page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    bytes: performance.getEntriesByType('navigation')[0].decodedBodySize, elements: document.querySelectorAll('*').length,
  }));
  measures.paint_ms = seen.paint;
  measures.bytes = seen.bytes;
  measures.elements = seen.elements;
  check('a page of ten thousand is below 1 MB', seen.bytes < 1e6, seen.bytes);
  check('and has few elements', seen.elements < 15000, seen.elements);
  await page.context().close();
}

await browser.close();
console.log(JSON.stringify({ checks, measures }));
