// Shows what Grafana makes of answers of Prometheus in the tables of dashboards, by Grafana's own code (@grafana/data).
//
// It reads [{title, transformations, answers: {A: [{metric: {label: value}, value: [seconds, "number"]}]}}] and writes
// [{title, columns: [name], rows: [[text]]}], a table each.
const { JSDOM } = require('jsdom');

// The package wants to find itself in a browser.
const page = new JSDOM('<!doctype html><body></body>', { url: 'http://localhost/' });
global.window = page.window;
for (const name of ['document', 'localStorage', 'HTMLElement', 'Node', 'Element', 'DOMParser']) global[name] = page.window[name];
// Another package advertises itself on the console, where the answer goes.
console.info = console.log = () => {};

const grafana = require('@grafana/data');
const { firstValueFrom } = require('rxjs');

const known = new Map(Object.values(grafana.standardTransformers).map((t) => [t.id, t]));
grafana.standardTransformersRegistry.setInit(() =>
  [...known.values()].map((t) => ({ id: t.id, name: t.name, transformation: t, editor: () => null })));

// frame is an answer as Grafana's data source for Prometheus gives it to tables: the labels as columns, and the value. It is
// called "Value" where it is the only answer.
function frame(ref, series, alone) {
  const labels = [...new Set(series.flatMap((s) => Object.keys(s.metric)))].sort();
  return grafana.toDataFrame({
    refId: ref,
    fields: [
      { name: 'Time', type: 'time', config: {}, values: series.map((s) => s.value[0] * 1000) },
      ...labels.map((l) => ({ name: l, type: 'string', config: {}, values: series.map((s) => s.metric[l]) })),
      { name: alone ? 'Value' : `Value #${ref}`, type: 'number', config: {}, values: series.map((s) => Number(s.value[1])) },
    ],
  });
}

async function table(panel) {
  const answers = Object.entries(panel.answers || {}).filter(([, series]) => series.length > 0);
  const frames = answers.map(([ref, series]) => frame(ref, series, answers.length === 1));
  for (const t of panel.transformations) if (!known.has(t.id)) throw new Error(`${panel.title}: no transformation ${t.id}`);
  const made = await firstValueFrom(grafana.transformDataFrame(panel.transformations, frames, { interpolate: (s) => s }));
  if (made.length > 1) throw new Error(`${panel.title}: ${made.length} tables instead of one`);
  const fields = made.length ? made[0].fields : [];
  const text = (v) => (v === undefined || v === null ? '' : String(v));
  return {
    title: panel.title,
    columns: fields.map((f) => grafana.getFieldDisplayName(f, made[0], made)),
    rows: Array.from({ length: made.length ? made[0].length : 0 }, (_, i) => fields.map((f) => text(f.values[i]))),
  };
}

(async () => {
  let input = '';
  for await (const chunk of process.stdin) input += chunk;
  process.stdout.write(JSON.stringify(await Promise.all(JSON.parse(input).map(table))));
})();
