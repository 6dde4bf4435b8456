// Live refresh, and on the status page filters that answer while one types. Without this script a page
// says and does the same: the server filters, and a link refreshes.
(() => {
  'use strict';
  const every = Number(document.body.dataset.refresh) * 1000;
  const form = document.querySelector('form'); // null on other pages
  const live = document.getElementById('live');
  const [button, says] = live.children;
  let failing = null; // since when the page could not be fetched
  let asked = 0; // the number of the last question: an answer to an older one comes too late
  let soon = 0; // the timer of a filter that is being typed

  // What is focused or open has to be found again in the new page: by the row or section that it is
  // in, and its place among its kind there.
  const kinds = 'a, button, summary, details, [tabindex]';
  const placeOf = (e) => {
    const box = e.parentElement.closest('[id]:not(a)');
    return box && { id: box.id, n: [...box.querySelectorAll(kinds)].indexOf(e) };
  };
  const at = (place) => place && document.getElementById(place.id)?.querySelectorAll(kinds)[place.n];

  const replace = (id, fresh) => {
    const old = document.getElementById(id);
    const next = fresh.getElementById(id);
    if (old && next && old.innerHTML !== next.innerHTML) old.replaceChildren(...next.childNodes);
  };
  // The sections above the form come and go.
  const sections = (fresh) => {
    if (!form) return;
    const main = document.querySelector('main');
    for (const e of main.querySelectorAll(':scope > section')) if (!e.contains(form)) e.remove();
    for (const e of [...fresh.querySelectorAll('main > section')]) {
      if (!e.querySelector('form')) main.insertBefore(e, form.closest('section'));
    }
  };

  const show = (text) => {
    const fresh = new DOMParser().parseFromString(text, 'text/html');
    if (!fresh.getElementById('fitting')) throw new Error('not the page');
    const focused = document.activeElement !== document.body && !form?.contains(document.activeElement) && placeOf(document.activeElement);
    const open = [...document.querySelectorAll('details[open]')].map(placeOf);
    document.title = fresh.title;
    document.querySelector('link[rel=icon]').href = fresh.querySelector('link[rel=icon]').href;
    for (const id of ['speaker', 'verdict', 'totals']) replace(id, fresh);
    sections(fresh);
    replace('fitting', fresh);
    for (const place of open) at(place)?.setAttribute('open', '');
    if (focused) at(focused)?.focus({ preventScroll: true });
  };

  const load = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, signal: AbortSignal.timeout(20000) });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const text = await answer.text();
      if (mine !== asked) return;
      show(text);
      failing = null;
    } catch (e) {
      if (mine !== asked) return;
      failing ??= new Date();
      console.info('not refreshed:', e.message);
    }
    tell();
  };

  const on = () => button.getAttribute('aria-pressed') === 'true';
  const tell = () => {
    live.classList.toggle('fail', failing !== null);
    if (failing) says.textContent = `The prober has not answered since ${failing.toISOString().slice(0, 19).replace('T', ' ')} UTC: what you see is old.`;
    else says.textContent = on() ? `Refreshed every ${every / 1000} seconds.` : 'Not refreshed.';
  };

  button.addEventListener('click', () => {
    button.setAttribute('aria-pressed', String(!on()));
    tell();
    if (on()) load();
  });
  setInterval(() => { if (on() && !document.hidden) load(); }, every);
  document.addEventListener('visibilitychange', () => { if (on() && !document.hidden) load(); });

  const filter = () => {
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim() !== ''));
    history.replaceState(null, '', './' + (query.size ? '?' + query : ''));
    load();
  };
  form?.addEventListener('input', () => { clearTimeout(soon); soon = setTimeout(filter, 150); });
  form?.addEventListener('submit', (event) => { event.preventDefault(); clearTimeout(soon); filter(); });

  live.hidden = false;
  tell();
})();
