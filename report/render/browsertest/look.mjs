// Looks at report pages in a real browser and prints what it found as JSON:
//
//	node look.mjs CHROMIUM SCREENSHOT_DIR SMALL.html FULL.html
//
// {"checks": [{"name", "ok", "detail"}], "measures": {"paint_ms", "filter_ms", ...}}
//
// The small page has a result of every outcome and every kind of evidence; the full page is
// that of a run over the whole catalogue. Packages are looked for in the working directory.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [chromium, shots, small, full] = process.argv.slice(2);
const require = createRequire(join(process.cwd(), 'package.json'));
const { chromium: launcher } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const checks = [];
const measures = {};
const check = (name, ok, detail = '') => checks.push({ name, ok: Boolean(ok), detail: String(detail) });

const browser = await launcher.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu'] });

// open shows a page and watches for anything that it asks for or complains about.
const open = async (file, options = {}, hash = '') => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const heard = [];
  const asked = [];
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) heard.push(m.text()); });
  page.on('pageerror', (e) => heard.push(e.message));
  page.on('request', (r) => asked.push(r.url()));
  await page.goto(pathToFileURL(file).href + hash);
  return { page, heard, asked };
};

const violations = async (page) => {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' ; ')}`);
};

const shoot = async (page, name) => { if (shots) await page.screenshot({ path: join(shots, name + '.png'), fullPage: true }); };

// Accessibility, with everything folded out, in each look of the page.
const looks = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 740 } },
};
for (const [look, options] of Object.entries(looks)) {
  const { page, heard, asked } = await open(small, options);
  await shoot(page, look);
  await page.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });
  await page.waitForFunction(() => document.querySelector('details.finding details.evidence'));
  await page.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });
  await shoot(page, look + '-open');
  const found = await violations(page);
  check(`axe finds nothing, ${look}`, found.length === 0, found.join('\n'));
  check(`no complaint in the console, ${look}`, heard.length === 0, heard.join('\n'));
  check(`nothing is loaded, ${look}`, asked.length === 1, asked.join('\n'));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const cut = await page.evaluate(() => [...document.querySelectorAll('.matrix :is(th, td):last-child, #requirements td:last-child')]
    .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth || e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent));
  check(`the last column of each table shows, ${look}`, look !== 'narrow' || cut.length === 0, cut.join());
  const thin = await page.evaluate(() => [...document.querySelectorAll('.results tbody :is(th, td)')].filter((e) => e.checkVisibility() && e.textContent.length > 12 && e.clientWidth < 80).map((e) => e.textContent));
  check(`no column of the results is a few letters wide, ${look}`, thin.length === 0, thin.slice(0, 3).join());
  const fields = await page.evaluate(() => [...document.querySelectorAll('#filters :is(select, input, button)')].map((e) => ({ name: e.name || e.type, ...e.getBoundingClientRect().toJSON() }))
    .filter((r) => r.left < 0 || r.right > document.documentElement.clientWidth || r.width < 60 || r.height < 24).map((r) => r.name));
  check(`every filter can be hit, ${look}`, fields.length === 0, fields.join());
  check(`the page is no wider than the window, ${look}`, wide <= 0, `${wide} pixels too wide`);
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  check(`the ground is that of the colour scheme, ${look}`, (ground === 'rgb(255, 255, 255)') === (look !== 'dark'), ground);
  await page.context().close();
}

// A full page on a phone.
{
  const { page } = await open(full, looks.narrow);
  const cut = await page.evaluate(() => [...document.querySelectorAll('.matrix :is(th, td):last-child')]
    .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth || e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent));
  check('the last column of the full matrix shows on a phone', cut.length === 0, cut.slice(0, 5).join());
  await page.selectOption('[name=group]', 'charset');
  const alone = await page.evaluate(() => [...document.querySelectorAll('.matrix thead')].filter((e) => e.checkVisibility()).map((e) => [...e.querySelectorAll('th')].filter((h) => h.checkVisibility()).map((h) => h.textContent).join(' ')));
  check('a filter by group leaves its column on a phone', alone.length > 0 && alone.every((h) => h === 'Region charset'), alone.join());
  if (shots) await page.locator('.matrix').first().screenshot({ path: join(shots, 'narrow-matrix.png') });
  await page.context().close();
}

// By keyboard alone: to the results, open the first finding, see its evidence.
{
  const { page } = await open(small);
  await page.keyboard.press('Tab');
  const first = await page.evaluate(() => document.activeElement.textContent);
  check('the first stop of the keyboard leads to the results', first === 'Skip to the results', first);
  await page.keyboard.press('Enter');
  let opened = false;
  for (let i = 0; i < 30 && !opened; i++) {
    await page.keyboard.press('Tab');
    opened = await page.evaluate(() => document.activeElement.localName === 'summary' && document.activeElement.parentElement.matches('.finding'));
  }
  await page.keyboard.press('Enter');
  const shown = await page.evaluate(() => document.activeElement.parentElement.open);
  check('a finding opens by keyboard', opened && shown);
  await page.waitForFunction(() => document.querySelector('details.finding[open] details.evidence'));
  const copies = await page.evaluate(() => [...document.querySelectorAll('details.finding[open] details.evidence')].map((d) => d.textContent).join(' '));
  check('an opened finding shows its evidence', copies.includes('sha256'), copies.slice(0, 300));
  const rendered = await page.evaluate(() => {
    const text = document.querySelector('details.finding[open] dl').innerText;
    return ['Expected', 'Got', 'Reproduce', 'openssl s_client'].filter((w) => !text.includes(w));
  });
  check('a finding tells expected, got, and how to reproduce it', rendered.length === 0, rendered.join(', ') + ' missing');
  await page.context().close();
}

// Filters show what they say.
{
  const { page } = await open(small);
  const visible = () => page.evaluate(() => ({
    findings: [...document.querySelectorAll('details.finding')].filter((e) => e.checkVisibility()).map((e) => e.dataset.o),
    folded: [...document.querySelectorAll('details.undecided')].filter((e) => e.checkVisibility()).map((e) => e.innerText),
    rows: [...document.querySelectorAll('table.results tbody tr')].filter((e) => !e.hidden && !e.closest('[hidden]')).map((e) => e.id),
    endpoints: [...document.querySelectorAll('details.endpoint')].filter((e) => e.checkVisibility()).length,
    says: document.getElementById('matches').textContent,
  }));
  const want = async (name, rows, endpoints) => {
    const v = await visible();
    check(name, v.rows.join(' ') === rows.join(' ') && v.endpoints === endpoints, JSON.stringify(v));
    return v;
  };
  const before = await visible();
  const all = before.rows;
  check('all results are there at first', all.length === 8 && before.endpoints === 4 && before.findings.length === 4 && before.folded.length === 1, JSON.stringify(before));
  check('what could not be decided is one line', before.folded[0]?.includes('prober/resolver_unavailable: 1 result at 1 endpoint: 1 inconclusive; no resolver answered'), before.folded.join());
  const heads = await page.evaluate(() => {
    const at = (selector) => document.querySelector(selector).getBoundingClientRect().top;
    return ['.verdict', '.scope', '.unverified', '#attention', 'details.finding', '.matrix', '#results'].map(at);
  });
  check('verdict, scope, what was not verified, findings, matrix, results: in this order', heads.every((y, i) => i === 0 || y > heads[i - 1]), heads.join());
  const breaks = await page.evaluate(() => getComputedStyle(document.querySelector('dd.lines')).whiteSpaceCollapse);
  check('a detail keeps its lines', breaks === 'preserve-breaks', breaks);
  check('failures come first', before.findings[0] === 'fail' && !before.findings.includes('inconclusive'), before.findings.join(' '));
  await page.selectOption('[name=outcome]', 'flaky');
  const flaky = await want('filter by outcome', ['kms/cn-beijing/vpc/KMS-CHARSET-01'], 1);
  const cells = await page.evaluate(() => [...document.querySelectorAll('.matrix tbody tr')].filter((r) => r.checkVisibility())
    .map((r) => [...r.querySelectorAll('th a, .cell:not([hidden]) [aria-hidden]')].map((e) => e.textContent).join(' ')));
  check('the matrix is filtered too', cells.join() === 'cn-beijing ~ 1', cells.join());
  check('findings are filtered too', flaky.findings.join() === 'flaky', flaky.findings.join());
  check('what could not be decided is filtered too', flaky.folded.length === 0, flaky.folded.join());
  check('the filter says how much it shows', flaky.says === '1 of 8 results, at 1 endpoints', flaky.says);
  await page.click('button[type=reset]');
  await page.waitForFunction(() => document.getElementById('matches').textContent === '8 results');
  await want('the button shows all again', all, 4);
  await page.selectOption('[name=product]', 'ecs');
  await want('filter by product', ['ecs/default/public/ECS-DNS-01'], 1);
  await page.selectOption('[name=product]', '');
  await page.selectOption('[name=region]', 'ap-south-1');
  await want('filter by region', ['kms/ap-south-1/public/KMS-TLS-02'], 1);
  await page.selectOption('[name=region]', '');
  await page.selectOption('[name=network]', 'vpc');
  await page.selectOption('[name=group]', 'charset');
  await want('filter by network and group', ['kms/cn-beijing/vpc/KMS-CHARSET-01'], 1);
  await page.selectOption('[name=network]', '');
  await page.selectOption('[name=group]', '');
  await page.selectOption('[name=level]', 'REPORT');
  await want('filter by level', ['kms/cn-beijing/public/KMS-TLS-03', 'kms/cn-beijing/vpc/KMS-TLS-03'], 2);
  await page.selectOption('[name=level]', '');
  await page.fill('[name=text]', 'BEIJING utf-8');
  await want('search in words', ['kms/cn-beijing/public/KMS-CHARSET-01', 'kms/cn-beijing/vpc/KMS-CHARSET-01'], 2);
  await page.fill('[name=text]', 'no such words');
  await want('a search that finds nothing', [], 0);
  await page.fill('[name=text]', '');
  await page.click('a.cell.flaky');
  const cell = await page.evaluate(() => document.querySelector('details.endpoint[open]')?.querySelector('tr:not([hidden]) th')?.textContent && {
    group: document.querySelector('[name=group]').value, open: document.querySelectorAll('details.endpoint[open]').length,
  });
  check('a cell of the matrix leads to its results', cell && cell.group === 'charset' && cell.open === 1, JSON.stringify(cell));
  await page.waitForTimeout(0); // the reset event of the click has been handled
  check('and stays filtered', await page.evaluate(() => document.getElementById('matches').textContent.startsWith('2 of 8')));
  await page.context().close();
}

// A link to a result shows it, though it is folded away.
{
  const { page } = await open(small, { reducedMotion: 'reduce' }, '#kms/cn-beijing/public/KMS-CHARSET-01');
  const seen = await page.evaluate(() => {
    const e = document.getElementById('kms/cn-beijing/public/KMS-CHARSET-01');
    const r = e.getBoundingClientRect();
    return e.checkVisibility() && r.bottom > 0 && r.top < innerHeight;
  });
  check('a link to a result shows it', seen);
  await page.context().close();
}

// Without JavaScript the page can be read.
{
  const { page } = await open(small, { javaScriptEnabled: false });
  await shoot(page, 'without-script');
  const form = await page.locator('#filters').isVisible();
  check('filters that would do nothing are not shown without JavaScript', !form);
  await page.locator('details.finding > summary').first().click();
  const text = await page.locator('details.finding').first().innerText();
  check('a finding can be read without JavaScript', text.includes('SSLv3 accepted at 127.0.0.1') && text.includes('openssl s_client'), text);
  await page.locator('details.endpoint > summary').nth(1).click();
  await page.locator('details.endpoint').nth(1).locator('details.evidence > summary').first().click();
  const proof = await page.locator('details.endpoint').nth(1).innerText();
  check('evidence can be read without JavaScript', proof.includes('sha256') && proof.includes('TLS1.0'), proof.slice(0, 500));
  await page.context().close();
}

// Nothing moves for those who do not want it.
for (const [motion, want] of [['reduce', 'auto'], ['no-preference', 'smooth']]) {
  const { page } = await open(small, { reducedMotion: motion });
  const got = await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior);
  check(`scrolling, where motion is ${motion}`, got === want, got);
  await page.context().close();
}

// The page of a full run is quick: a filter touches each element once at most, and none that stays as
// it is, and lays the page out once. How long that takes is the machine's affair, and told.
{
  const { page, heard, asked } = await open(full);
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  measures.paint_ms = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const layouts = async () => (await cdp.send('Performance.getMetrics')).metrics.find((m) => m.name === 'LayoutCount').value;
  const filter = async (name, value) => {
    const before = await layouts();
    const seen = await page.evaluate(([name, value]) => {
      const field = document.querySelector(`[name=${name}]`);
      const observer = new MutationObserver(() => {});
      observer.observe(document.body, { subtree: true, attributes: true, childList: true });
      const begin = performance.now();
      field.value = value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      document.body.getBoundingClientRect(); // lays the page out
      const took = performance.now() - begin;
      const times = new Map();
      const records = observer.takeRecords();
      for (const r of records) times.set(r.target, (times.get(r.target) ?? 0) + 1);
      observer.disconnect();
      return { took, changes: records.length, most: Math.max(0, ...times.values()) };
    }, [name, value]);
    return { ...seen, layouts: await layouts() - before };
  };
  for (const [name, value] of [['outcome', 'fail'], ['region', 'cn-beijing'], ['text', 'cn-hangzhou'], ['text', 'expected of it hangzhou tls']]) {
    const there = await filter(name, value);
    const again = await filter(name, value);
    const back = await filter(name, '');
    const what = `filter by ${name} ${value}`;
    measures[`filter_${name}_ms`] = Math.max(there.took, back.took);
    check(`${what}: something changes`, there.changes > 0 && back.changes > 0, JSON.stringify({ there, back }));
    check(`${what}: no element is touched twice`, there.most <= 1 && back.most <= 1, JSON.stringify({ there, back }));
    check(`${what}: the same again touches only the line that says how much is shown`, again.changes <= 1, JSON.stringify(again));
    check(`${what}: the page is laid out once, and for the frames about it`, there.layouts <= 3 && back.layouts <= 3, JSON.stringify({ there, back }));
  }
  const found = await violations(page);
  check('axe finds nothing, full run', found.length === 0, found.join('\n'));
  check('no complaint in the console, full run', heard.length === 0, heard.join('\n'));
  check('nothing is loaded, full run', asked.every((url) => url === asked[0]), asked.join('\n'));
  await shoot(page, 'full');
  await page.context().close();
}

await browser.close();
console.log(JSON.stringify({ checks, measures }));
