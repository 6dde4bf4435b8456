// Looks at pages of which little or nothing is known, on a phone by night, and prints what it found as JSON:
//
//	node states.mjs CHROMIUM SCREENSHOT_DIR NAME URL NAME URL ...
//
// Where pictures are wanted it looks at each in every way.
import { done, look, looks, shots } from './browser.mjs';

const pages = process.argv.slice(4);
for (let i = 0; i < pages.length; i += 2) {
  if (shots) await looks(pages[i], pages[i + 1]);
  else await look(pages[i], pages[i + 1], 'narrow', 360, 'dark');
}
await done();
