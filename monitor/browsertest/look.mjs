// Looks at the status page in a real browser and prints what it found as JSON:
//
//	node look.mjs CHROMIUM SCREENSHOT_DIR SMALL_URL LONG_URL
//
// Behind the small address is a prober with endpoints in every state, some with long names; behind
// the long one a prober of ten thousand. The checks wait for what has to come, never for a time.
import { join } from 'node:path';
import { check, cut, done, looks, measures, open, shoot, shots } from './browser.mjs';

const [small, long] = process.argv.slice(4);

for (const [which, url] of [['small', small], ['long', long]]) await looks(which, url);

// On a phone a row is a card: each part of it may take the whole width.
{
  const { page } = await open(small, { viewport: { width: 360, height: 800 } });
  const squeezed = await page.evaluate(() => [...document.querySelectorAll('table.rows tbody th, table.rows tbody td')].filter((e) => e.checkVisibility() && e.getBoundingClientRect().width < e.parentElement.getBoundingClientRect().width - 1).map((e) => e.outerHTML.slice(0, 160)));
  check('on a phone each part of a row has its width', squeezed.length === 0, squeezed.slice(0, 3).join('\n'));
  await page.context().close();
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

await done();
