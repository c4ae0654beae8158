// The packed package in Chromium: built with Vite and run in a worker, and as it is in a page without a bundler.
//
//   node packaging.mjs VITE_DIST PLAIN    with CASEWIRE_SIMULATOR
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch } from './chromium.mjs';
import { serve } from './server.mjs';

const [vite, plain] = process.argv.slice(2);
const simulator = process.env.CASEWIRE_SIMULATOR ?? 'http://127.0.0.1:8080';
const { case10012, configuration } = await import('./host.mjs');
const given = { configuration: configuration(), theCase: case10012 };
const host = { upstream: simulator, authorization: `Basic ${btoa('acme+simulator-public:simulator-private')}`, given };

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

for (const [name, folder] of Object.entries({ 'built with Vite, in a worker': vite, 'without a bundler': plain })) {
  test(name, { timeout: 60_000 }, async () => {
    await fetch(`${simulator}/simulator/reset`, { method: 'POST' });
    const server = await serve(folder, host);
    try {
      const page = await browser.context.newPage();
      const errors = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(server.url);
      await page.waitForFunction(() => 'run' in window);
      const seen = await page.evaluate((database) => window.run(database), 'story');
      assert.match(seen.unloaded, /call `await load\(\)`/);
      assert.match(seen.version, /^\d+\.\d+\.\d+/);
      assert.deepEqual(seen.brokenPromises, []);
      assert.deepEqual(seen.fullDisk, { failed: true, kept: false });
      assert.deepEqual([seen.opened.outcome, seen.opened.ticket_id, seen.again.outcome], ['opened', 909, 'unchanged']);
      assert.deepEqual(seen.events, ['ticket_created']);
      assert.deepEqual(seen.refused, { known: true, code: 'invalid_value', faults: ['/title'] }, JSON.stringify(seen.refused));
      assert.equal(seen.aborted.code, 'cancelled');
      assert.ok(seen.faults.includes('/severty'));
      assert.equal(seen.preview, 'ticket');
      assert.deepEqual(seen.suggested, [[21, 'domain']]);

      // What the store holds outlives the page: the next one finds the ticket.
      await page.reload();
      await page.waitForFunction(() => 'run' in window);
      const later = await page.evaluate((database) => window.run(database), 'story');
      assert.deepEqual([later.opened.outcome, later.opened.ticket_id, later.events], ['unchanged', 909, []]);
      assert.equal((await (await fetch(`${simulator}/simulator/records/tickets`)).json()).length, 1);
      assert.deepEqual(errors, []);
      await page.close();
    } finally {
      server.close();
    }
  });
}
