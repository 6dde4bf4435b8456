// Looks at the page of one endpoint:
//
//	node endpoint.mjs CHROMIUM SCREENSHOT_DIR LIVED_URL LONG_URL PLACE
//
// Behind the first address is an endpoint with a month of history, which is down; behind the second one
// of which every text is long. PLACE is the query and anchor of an old incident of the first.
import { check, cut, done, looks, open, shoot } from './browser.mjs';

const [lived, long, place] = process.argv.slice(4);

await looks('endpoint', lived);
await looks('endpoint-month', lived + '?span=30d');
await looks('endpoint-long', long);

// On paper nothing is cut, and what is folded away is there.
for (const url of [lived, long]) {
  const { page } = await open(url, { viewport: { width: 720, height: 1000 } });
  await page.emulateMedia({ media: 'print' });
  const lost = await cut(page);
  check('nothing is cut on paper', lost.length === 0, lost.slice(0, 5).join('\n'));
  const hidden = await page.evaluate(() => [...document.querySelectorAll('details p, details pre, details table')].filter((e) => !e.checkVisibility({ contentVisibilityAuto: true })).length);
  check('what is folded away is on paper', hidden === 0, `${hidden} are not`);
  await page.context().close();
}

// The picture has a name and a description for those who cannot see it, and the same in numbers.
{
  const { page } = await open(lived);
  const chart = page.locator('svg.chart');
  const said = await page.evaluate(() => document.querySelector('svg.chart').getAttribute('aria-labelledby').split(' ').map((id) => document.getElementById(id).textContent).join(' '));
  check('the picture says what it shows', /Latency by phase over 24 hours.*half took about/.test(said), said);
  check('the picture is as wide as the page', await chart.evaluate((e) => Math.abs(e.clientWidth - e.parentElement.clientWidth) < 2));
  check('and a table has it in numbers', await page.locator('#numbers tbody tr').count() >= 24);
  await page.context().close();
}

// Refreshing: what is open stays open, the focus stays, and news come.
{
  const { page, heard } = await open(lived);
  const summary = page.locator('#numbers summary');
  await summary.focus();
  await page.keyboard.press('Enter');
  await page.evaluate(() => { document.querySelector('#fitting p').textContent = 'old'; document.querySelector('h1').textContent = 'old'; document.dispatchEvent(new Event('visibilitychange')); });
  await page.waitForFunction(() => document.querySelector('#fitting p').textContent !== 'old');
  check('a refresh brings the headline', await page.locator('h1').innerText() !== 'old');
  check('what was open stays open', await page.locator('#numbers').evaluate((e) => e.open));
  check('the focus stays', await page.evaluate(() => document.activeElement.localName === 'summary' && document.activeElement.parentElement.id === 'numbers'));
  check('no complaint while refreshing', heard.length === 0, heard.join('\n'));
  await page.context().close();
}

// A command breaks between its words alone, and is copied as it is.
{
  const { page } = await open(lived, { viewport: { width: 360, height: 800 } });
  const command = page.locator('.command').first();
  const [copied, is] = await command.evaluate((e) => { getSelection().selectAllChildren(e); return [getSelection().toString(), e.textContent]; });
  check('a command is copied as it is', copied === is && is.startsWith('openssl s_client -connect '), copied);
  const broken = await command.evaluate((e) => [...e.querySelectorAll('span')].filter((w) => w.scrollWidth < 200 && w.getBoundingClientRect().height > 30).map((w) => w.textContent));
  check('no short word of a command is broken', broken.length === 0, broken.join(' '));
  await page.context().close();
}

// Without JavaScript: longer spans, older incidents, the way up.
{
  const { page } = await open(lived, { javaScriptEnabled: false });
  await shoot(page, 'endpoint-without-script');
  await page.getByRole('link', { name: '7 days' }).click();
  await page.waitForURL(/span=7d/);
  check('a link shows a longer time', (await page.locator('#chart-title').textContent()).includes('7 days'));
  await page.getByRole('link', { name: 'Older' }).click();
  await page.waitForURL(/before=/);
  check('a link shows older incidents, over the same time', page.url().includes('span=7d') && await page.locator('ol.stories > li').count() > 0);
  await page.goto(lived + place);
  const target = page.locator(':target');
  check('an incident has a place of its own', await target.count() === 1 && await target.isVisible() && await target.locator('details[open] pre').count() === 1);
  await page.getByRole('link', { name: 'All endpoints' }).click();
  check('a link leads up', await page.locator('table.rows').count() > 0, page.url());
  await page.context().close();
}

// Badges and icons are pictures that ask for nothing.
{
  const { page, heard } = await open(lived);
  for (const name of ['state', 'uptime', 'latency']) {
    await page.goto(lived);
    await page.locator('footer').getByRole('link', { name, exact: true }).click();
    check(`the badge ${name} is a picture`, await page.evaluate(() => document.documentElement.localName === 'svg' && document.documentElement.getBoundingClientRect().width > 50), page.url());
  }
  const complaints = heard.filter((s) => !s.includes('/favicon.ico')); // which a browser wants for any picture
  check('no complaint about badges', complaints.length === 0, complaints.join('\n'));
  await page.context().close();
}

await done();
