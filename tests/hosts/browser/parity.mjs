// The same decisions everywhere: previews of random cases are the same bytes in Rust, Node and Chromium, from a saved catalog;
// and in Rust and C, with what the simulator says, where the shared library is named.
//
//   CASEWIRE=target/debug/casewire node parity.mjs [CASES] [SEED]    with CASEWIRE_SIMULATOR, where `casewire` is installed
//   CASEWIRE_LIBRARY=target/debug/libcasewire.so PYTHONPATH=examples/python   for C
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Connector, MemoryStore, load } from 'casewire';
import { preview } from 'casewire/raw';
import { launch } from './chromium.mjs';
import { configuration, control, keys } from './host.mjs';
import { serve } from './server.mjs';

const [count = 1000, seed = 7] = process.argv.slice(2).map(Number);
const folder = import.meta.dirname;
const config = configuration();
config.routes.unshift({
  name: 'audit', when: { category: ['windows'], kind: ['audit'] }, board: 'Professional Services', type: 'Security', subtype: 'Audit',
  status: { created: 'New (not responded)', cleared: 'Closed' },
}, { name: 'updates', when: { kind: ['update'] }, ignore: true });
config.ticket = {
  summary: 'Case #{{ case.number }} - {{ case.title }}',
  initial_description: '{{ case.description }}{% for a in case.artifacts %}\n{{ a.type }}: {{ a.value }}{% endfor %}',
  impact: 'Medium',
};

await load();
const connector = new Connector(config, { store: new MemoryStore(), keys, deliver() {} });
const { kind, ...catalog } = await connector.readCatalog();
await connector.close();
const companies = (await control('GET', 'records/companies')).map(({ id, identifier, name }) => ({ id, identifier, name, deleted: false }));
const file = JSON.stringify({ ...catalog, directory: { companies, contacts: [], configurations: [], mappings: [] } });
const text = JSON.stringify(config);
const cases = Array.from({ length: count }, (_, index) => JSON.stringify(randomCase(random(seed + index), index)));

const started = performance.now();
const node = cases.map((one) => preview(text, file, one));
const inNode = performance.now() - started;
const native = inRust(['--catalog', 'catalog.json']);
const chromium = await inChromium();

for (const [index, one] of cases.entries()) {
  const id = JSON.stringify(JSON.parse(one).id);
  // The program writes the preview's own keys behind the case's id.
  same(native[index], `{"case_id":${id},${node[index].slice(1)}`, `case ${index} in Rust and Node`);
  same(chromium.previews[index], node[index], `case ${index} in Chromium and Node`);
}
if (process.env.CASEWIRE_LIBRARY) {
  const [rust, c] = [inRust([]), inC()];
  for (const [index, line] of c.entries()) {
    const found = /^\{"step":"finished",.*?"result":\{"ok":\{"kind":"preview",(.*)\}\}$/s.exec(line);
    const id = JSON.stringify(JSON.parse(cases[index]).id);
    same(`{"case_id":${id},${found?.[1]}`, rust[index], `case ${index} in C and Rust`);
  }
  console.log(`${count} previews with what the simulator says are the same bytes in Rust and C`);
}
const outcomes = {};
for (const one of node) outcomes[JSON.parse(one).outcome] = (outcomes[JSON.parse(one).outcome] ?? 0) + 1;
assert.ok(Object.keys(outcomes).length >= 3, `the cases are too much alike: ${JSON.stringify(outcomes)}`);
console.log(`${count} previews are the same bytes in Rust, Node and Chromium: ${JSON.stringify(outcomes)}`);
console.log(`a preview takes ${(inNode / count).toFixed(2)} ms in Node, ${(chromium.took / count).toFixed(2)} ms in Chromium`);

/** Shows where two texts part. */
function same(actual, expected, what) {
  if (actual === expected) return;
  let at = 0;
  while (actual[at] === expected[at]) at += 1;
  assert.fail(`${what}: '${actual.slice(at - 40, at + 40)}' and '${expected.slice(at - 40, at + 40)}'`);
}

/** What the program says, from a catalog or live. */
function inRust(catalog) {
  return linesOf(process.env.CASEWIRE ?? 'casewire', ['preview', '--config', 'config.json', ...catalog, '--cases', 'cases.jsonl', '--json']);
}

/** What a host says that calls the C ABI. */
function inC() {
  return linesOf('python3', [join(folder, 'parity.py'), 'config.json', 'cases.jsonl']);
}

function linesOf(program, args) {
  const work = mkdtempSync(join(tmpdir(), 'casewire-parity-'));
  try {
    writeFileSync(join(work, 'config.json'), text);
    writeFileSync(join(work, 'catalog.json'), file);
    writeFileSync(join(work, 'cases.jsonl'), `${cases.join('\n')}\n`);
    const env = { ...process.env, CASEWIRE_PUBLIC_KEY: keys.publicKey, CASEWIRE_PRIVATE_KEY: keys.privateKey, PYTHONDONTWRITEBYTECODE: '1' };
    const told = spawnSync(program, args, { cwd: work, env, encoding: 'utf8', maxBuffer: 1 << 30 });
    const lines = told.stdout.trimEnd().split('\n');
    assert.equal(lines.length, count, `${told.error ?? ''} ${told.stderr}`);
    return lines;
  } finally {
    rmSync(work, { recursive: true });
  }
}

async function inChromium() {
  const server = await serve(folder, { upstream: '', authorization: '', given: {} });
  const browser = await launch();
  try {
    const page = await browser.context.newPage();
    await page.goto(server.url);
    return await page.evaluate(
      async ([text, file, cases]) => {
        const { default: init, preview } = await import('/node_modules/casewire/casewire.js');
        await init();
        const begun = performance.now();
        const previews = cases.map((one) => preview(text, file, one));
        return { previews, took: performance.now() - begun };
      },
      [text, file, cases],
    );
  } finally {
    await browser.close();
    server.close();
  }
}

/** A case that has all that it must have, and of the rest what comes. */
function randomCase(next, index) {
  const pick = (...all) => all[Math.floor(next() * all.length)];
  const maybe = (value) => (next() < 0.5 ? value : undefined);
  const words = () => Array.from({ length: 1 + Math.floor(next() * 12) }, () => pick('audit', 'log', 'Größe', '日本', '😀', '<b>', '&amp;', '"quoted"', '\\', 'a_b*c', 'https://x.example/?a=1&b=2', 'e\u0301', '\u2028')).join(' ');
  const at = () => `2019-02-${String(1 + Math.floor(next() * 28)).padStart(2, '0')}T0${Math.floor(next() * 10)}:07:14Z`;
  return {
    id: `random-${index}`,
    number: String(10_000 + index),
    title: pick(`Alert ${words()}`, `Alert ${words()}`, 'x'.repeat(300)),
    description: maybe(pick(words(), 'line\nline\r\nline', 'ü'.repeat(5_000))),
    severity: pick('critical', 'high', 'medium', 'low', 'unheard-of'),
    category: maybe(pick('windows', 'network')),
    kind: maybe(pick('audit', 'update', 'vpn')),
    status: maybe(pick('open', 'in_progress', 'closed')),
    group: { id: pick('48Tech', '48Tech', '48Tech', 'Nobody'), name: maybe(words()), email: maybe('it@bigdesign.com') },
    system: maybe({ id: `s-${words()}`, name: words(), macs: ['00-15-5D-01-4F-A1'] }),
    user: maybe({ name: words() }),
    artifacts: maybe(Array.from({ length: Math.floor(next() * 4) }, () => ({ type: pick('host', 'ip'), value: words() }))),
    comments: maybe(Array.from({ length: 1 + Math.floor(next() * 3) }, (_, n) => ({ id: `c-${n}`, text: words(), created_at: at(), visibility: maybe(pick('internal', 'discussion')), format: maybe(pick('plain', 'markdown', 'html')) }))),
    attachments: maybe([{ id: 'a-1', file_name: 'a.txt', size: Math.floor(next() * 1e6), token: 't' }]),
    custom_fields: maybe({ 'Case Number': words() }),
    created_at: '2019-02-01T00:00:00Z',
    updated_at: '2019-03-01T00:00:00Z',
  };
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function random(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
