// What the page weighs and how fast it is, in Chromium on this computer.
//
//   CASEWIRE=target/release/casewire node walks/measure.mjs      after `npm run build`
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { launch, open } from './browser.mjs';
import { startDemo } from './demo.mjs';

const program = process.env.CASEWIRE ?? join(import.meta.dirname, '../../../target/debug/casewire');
const folder = process.env.CASEWIRE_PAGE ?? join(import.meta.dirname, '../dist');
const many = Number(process.env.CONFIGURATIONS ?? 20_000);
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const failures = [];

/** Prints a figure and holds it to its bar. */
function figure(name, value, shown, most) {
  const over = most !== undefined && value > most;
  if (over) failures.push(name);
  console.log(`${name.padEnd(58)} ${shown}${most === undefined ? '' : ` (at most ${most})`}${over ? '  TOO MUCH' : ''}`);
}

const sizes = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.gz'));
const weight = (of) => sizes.filter(of).reduce((sum, name) => sum + readFileSync(join(folder, 'assets', name)).length, 0);
// `pure-…` is the glue of the package, `casewire_pure_bg-…` its module.
const ofPackage = (name) => /^(pure|casewire_pure_bg)-/.test(name);
figure('package, gzipped: module and glue', 0, kb(weight(ofPackage)));
figure('all else of the page, gzipped', weight((name) => !ofPackage(name)) / 1000, kb(weight((name) => !ofPackage(name))));

const demo = await startDemo({ program, page: folder, companies: 1, configurations: many });
const { context, close } = await launch();
try {
  await demo.settled();
  await load('first load, cold');
  await load('second load, warm');
  await list();
} finally {
  await close();
  await demo.stop();
}
if (failures.length > 0) {
  console.error(`too much: ${failures.join(', ')}`);
  process.exitCode = 1;
}

/** How much comes over the wire for the first view, and when it can be used. */
async function load(name) {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  let bytes = 0;
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.addInitScript(() => {
    globalThis.long = [];
    new PerformanceObserver((list) => globalThis.long.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask', buffered: true });
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    const seen = new MutationObserver(() => {
      if (globalThis.usable === undefined && document.querySelector('.figures b')?.textContent.match(/\d/)) globalThis.usable = performance.now();
    });
    seen.observe(document, { subtree: true, childList: true, characterData: true });
  });
  await page.goto(demo.address);
  await page.waitForFunction(() => globalThis.usable !== undefined);
  await page.locator('.chart canvas').waitFor();
  await page.waitForTimeout(500);
  const { usable, shift, long } = await page.evaluate(() => ({ usable: globalThis.usable, shift: globalThis.shift, long: globalThis.long }));
  figure(`${name}: over the wire`, bytes / 1000, kb(bytes), 250);
  figure(`${name}: usable, with its figures, ms`, usable, usable.toFixed(0), 1000);
  figure(`${name}: layout shift`, shift, shift.toFixed(3), 0.1);
  figure(`${name}: long tasks`, long.length, long.map((one) => `${one.toFixed(0)} ms`).join(' ') || 'none');
  await page.close();
}

/** The longest task of the page's main thread, by the time that the thread ran: what else this computer does is not counted. */
async function longestTask(page, act) {
  const devtools = await context.newCDPSession(page);
  const events = [];
  devtools.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const complete = new Promise((resolve) => devtools.once('Tracing.tracingComplete', resolve));
  await devtools.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline'] } });
  await act();
  await devtools.send('Tracing.end');
  await complete;
  await devtools.detach();
  const main = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`);
  const tasks = events.filter(({ name, pid, tid, tdur }) => /RunTask$/.test(name) && tdur > 0 && main.includes(`${pid} ${tid}`));
  if (tasks.length === 0) throw new Error('the browser traced no task');
  return Math.max(...tasks.map(({ tdur }) => tdur)) / 1000;
}

/** A list of 20,000 configurations: scrolled from end to end and searched. */
async function list() {
  const { companies } = await demo.command({ command: 'list_companies', limit: 1000 });
  const { id } = companies.reduce((last, one) => (one.id > last.id ? one : last));
  await demo.command({ command: 'set_mapping', mappings: [{ kind: 'group', id: 'UnmappedCo', company: { id } }] });
  const { page, troubles } = await open(context, demo);
  // A group with systems, mapped to the company of all these configurations.
  await page.route('**/inventory', async (route) =>
    route.fulfill({ json: { groups: [{ group: { id: 'UnmappedCo' }, systems: [{ id: 's-1', name: 's-1' }] }] } }),
  );
  await page.evaluate(() => (location.hash = '#/mapping/systems'));
  const table = page.getByRole('table', { name: 'Configurations' });
  await page.waitForFunction((rows) => Number(document.querySelector('[role=table][aria-label=Configurations]')?.getAttribute('aria-rowcount')) > rows, many, { timeout: 60_000 });
  await page.waitForTimeout(500);
  const rows = table.getByRole('rowgroup', { name: 'Configurations, rows' });
  const scrolled = await longestTask(page, () =>
    rows.evaluate(async (element) => {
      for (let turn = 0; turn <= 60; turn += 1) {
        element.scrollTop = (element.scrollHeight * turn) / 60;
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    }),
  );
  const search = page.getByRole('searchbox', { name: 'Search configurations' });
  const searched = await longestTask(page, async () => {
    await search.pressSequentially('0015', { delay: 60 });
    await page.waitForTimeout(200);
    await search.fill('');
    await page.waitForTimeout(200);
  });
  figure(`${many} configurations, scrolling: longest task, ms`, scrolled, scrolled.toFixed(0), 50);
  figure(`${many} configurations, searching: longest task, ms`, searched, searched.toFixed(0), 50);
  if (troubles.length > 0) failures.push(...troubles);
  await page.close();
}
