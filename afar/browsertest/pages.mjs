// Looks at the pages that are drawn from a Prometheus server:
//
//	node pages.mjs CHROMIUM SCREENSHOT_DIR FULL_URL EMPTY_URL GONE_URL HALF_URL ENDPOINT
//
// Behind the addresses is a server with several vantages and an endpoint that is down, one that has no records, one that has
// answered and does not any more, and one where half of the probers are gone. ENDPOINT is the path of the one that is down.
import { check, done, looks, open } from '../../monitor/browsertest/browser.mjs';

const [full, empty, gone, half, endpoint] = process.argv.slice(4);

for (const [which, url] of Object.entries({ full, empty, gone, half })) await looks('afar-' + which, url);
for (const [which, url] of Object.entries({ full, gone })) await looks(`afar-${which}-endpoint`, url + endpoint);
await looks('afar-full-month', full + endpoint + '?span=30d');

// What is linked is there, and what is not is said to be.
for (const url of [full, full + endpoint]) {
  const { page } = await open(url);
  const links = await page.evaluate(() => [...new Set([...document.querySelectorAll('a[href], link[href]')].map((e) => e.href.split('#')[0]))]);
  for (const link of links.filter((l) => l.startsWith(full))) {
    const { status } = await page.evaluate(async (l) => ({ status: (await fetch(l)).status }), link);
    check(`${link} is there`, status === 200, status);
  }
  check('there are links', links.length > 3);
  const lost = await page.evaluate(async (l) => (await fetch(l)).status, full + 'endpoints/no/such/endpoint');
  check('what is not there is 404', lost === 404, lost);
  await page.context().close();
}

// The first words of each page say what is the matter.
for (const [url, words] of [[full, /down/], [empty, /no records of a prober/], [gone, /does not answer/], [half, /prober is absent/]]) {
  const { page } = await open(url, { javaScriptEnabled: false });
  check(`${url} says ${words}`, words.test(await page.locator('body').innerText()));
  await page.context().close();
}

await done();
