
// Filters, and evidence beside the finding. Without this script everything on the page can
// be read all the same.
(() => {
  'use strict';
  const form = document.getElementById('filters');
  const matches = document.getElementById('matches');
  const endpoints = [...document.querySelectorAll('details.endpoint')];
  const requirements = [...document.querySelectorAll('#requirements tbody tr')];
  const findings = [...document.querySelectorAll('details.finding')];

  const item = (element, endpoint, outcome, finding) => ({
    element, endpoint, outcome, finding,
    product: endpoint.dataset.product, region: endpoint.dataset.region, network: endpoint.dataset.network,
    requirement: requirements[element.dataset.q],
    level: requirements[element.dataset.q].dataset.level, group: requirements[element.dataset.q].dataset.group,
    words: null, key: endpoint.id.slice(1) + ' ' + requirements[element.dataset.q].dataset.group, word: null,
  });
  const items = findings.map((f) => item(f, endpoints[f.dataset.e], f.dataset.o, true));
  for (const endpoint of endpoints) {
    for (const row of endpoint.querySelectorAll('table.results > tbody > tr')) items.push(item(row, endpoint, row.className, false));
  }
  const folded = [...document.querySelectorAll('details.undecided')];
  const headings = [...document.querySelectorAll('h3.cause')];
  const columns = [...document.querySelectorAll('table.matrix :is(th, td)[data-g]')];
  let group = ''; // the one whose column is shown alone
  const matrices = [...document.querySelectorAll('table.matrix')];
  const cells = [...document.querySelectorAll('a.cell')].map((link) => {
    const was = [link.className, ...[...link.children].map((e) => e.textContent)];
    return { link, key: link.dataset.e + ' ' + link.dataset.g, was, is: was };
  });
  // Without a row for each result the cells stay those of all results.
  const told = !document.getElementById('untold');
  const symbols = Object.fromEntries([...document.querySelectorAll('a.count')].map((a) => [a.dataset.o, a.querySelector('[aria-hidden]').textContent]));
  const total = items.length - findings.length;

  // The words of an item, for the search: worked out once, when somebody searches.
  const endpointWords = new Map();
  const wordsOf = (i) => {
    if (i.words === null) {
      if (!endpointWords.has(i.endpoint)) endpointWords.set(i.endpoint, i.endpoint.querySelector('summary').textContent);
      i.words = (i.element.textContent + ' ' + endpointWords.get(i.endpoint) + ' ' + i.requirement.textContent).toLowerCase();
    }
    return i.words;
  };

  const show = (element, on) => { if (element.hidden === on) element.hidden = !on; };

  const worstFirst = ['fail', 'inconclusive', 'flaky', 'waived', 'pass', 'skip', 'not-applicable'];

  // The cell of results that a filter leaves, as the page has it of all: its class, what it shows
  // and what is said of it.
  const cellOf = (outcomes) => {
    const n = Object.groupBy(outcomes, (o) => o.split(':')[0]);
    let worst = worstFirst.find((o) => n[o]);
    if (worst === 'pass' && outcomes.includes('skip: not-active')) worst = 'skip';
    const part = n[worst].length === outcomes.length ? '' : n[worst].length + '/';
    const said = Object.keys(symbols).filter((o) => n[o]).map((o) => `${n[o].length} ${o}`);
    return ['cell ' + worst, `${symbols[worst]} ${part}${outcomes.length}`, said.join(', ')];
  };

  const matrix = (want, filtered, left, found) => {
    for (const c of cells) {
      const outcomes = found.get(c.key);
      show(c.link, !(filtered && told && !outcomes));
      const is = filtered && told && outcomes ? cellOf(outcomes) : c.was;
      if (is.join() === c.is.join()) continue;
      c.is = is;
      c.link.className = is[0];
      [...c.link.children].forEach((e, i) => { e.textContent = is[i + 1]; });
    }
    for (const table of matrices) {
      let shown = false;
      for (const row of table.tBodies[0].rows) {
        const on = !filtered || left.has(endpoints[row.dataset.e]);
        show(row, on);
        shown ||= on;
      }
      show(table.parentElement, shown);
    }
    if (want.group === group) return;
    group = want.group;
    for (const e of columns) show(e, !group || e.dataset.g === group);
  };

  const apply = () => {
    const want = Object.fromEntries(new FormData(form));
    const words = want.text.toLowerCase().split(/\s+/).filter(Boolean);
    const keys = ['product', 'region', 'network', 'group', 'level', 'outcome'].filter((k) => want[k] !== '');
    const left = new Map();
    const found = new Map(); // the outcomes by cell of the matrix
    const causes = new Set(); // those with a shown finding
    const open = new Set(); // endpoints with a shown result that could not be decided
    let shown = 0;
    for (const i of items) {
      const on = keys.every((k) => i[k] === want[k]) && words.every((w) => wordsOf(i).includes(w));
      show(i.element, on);
      if (on && i.finding) causes.add(i.element.dataset.cause);
      if (on && !i.finding) {
        shown++;
        i.word ??= i.element.cells[1].textContent.slice(2);
        if (!found.has(i.key)) found.set(i.key, []);
        found.get(i.key).push(i.word);
        left.set(i.endpoint, true);
        if (i.outcome === 'inconclusive') open.add(i.endpoint);
      }
    }
    for (const f of folded) show(f, f.dataset.e.split(' ').some((e) => open.has(endpoints[e])));
    for (const h of headings) show(h, causes.has(h.nextElementSibling.dataset.cause));
    const filtered = keys.length > 0 || words.length > 0;
    matrix(want, filtered, left, found);
    for (const endpoint of endpoints) show(endpoint, !filtered || left.has(endpoint));
    matches.textContent = filtered ? `${shown} of ${total} results, at ${left.size} endpoints` : `${total} results`;
  };

  form.hidden = false;
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(apply));

  // A cell of the matrix leads to its endpoint, and shows its group alone; a count leads to
  // the results that it counts.
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a.cell, a.count');
    if (!link) return;
    form.reset();
    if (link.matches('.cell')) {
      form.elements.group.value = link.dataset.g;
      endpoints[link.dataset.e].open = true;
    } else {
      form.elements.outcome.value = link.dataset.o;
    }
    apply();
  });

  // Evidence stands once on the page; an opened finding shows a copy of it.
  document.addEventListener('toggle', (event) => {
    if (!event.target.matches('details.finding[open]')) return;
    for (const link of event.target.querySelectorAll('a.evidence-link')) {
      const original = document.getElementById(link.hash.slice(1));
      if (!original) continue;
      const copy = original.cloneNode(true);
      copy.removeAttribute('id');
      copy.open = false;
      link.closest('p').replaceWith(copy);
    }
  }, true);

  // A link to something that is folded away or filtered out shows it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest('[hidden]')) {
      form.reset();
      apply();
    }
    for (let e = target; e; e = e.parentElement) if (e.localName === 'details') e.open = true;
    target.scrollIntoView();
  };
  addEventListener('hashchange', reveal);
  apply();
  if (location.hash) reveal();
})();
