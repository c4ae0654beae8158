// Walks through every view against the demo: its main story, its failure, pictures, and what axe says.
//
//   CASEWIRE=target/debug/casewire node walks/all.mjs      after `npm run build`
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { SHOTS, launch, open, shots } from './browser.mjs';
import { startDemo } from './demo.mjs';

const program = process.env.CASEWIRE ?? join(import.meta.dirname, '../../../target/debug/casewire');
const folder = process.env.CASEWIRE_PAGE ?? join(import.meta.dirname, '../dist');
let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([startDemo({ program, page: folder }), launch()]);
  await demo.settled();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
  const pictures = readdirSync(SHOTS).filter((name) => name.endsWith('.png')).length;
  writeFileSync(join(SHOTS, 'figures.txt'), `${pictures} pictures`);
});

/** A walk in a tab of its own, which must show no error of its own making; being offline is none. */
function walk(name, view, steps) {
  test(name, { timeout: 60_000 }, async () => {
    const { page, troubles } = await open(browser.context, demo);
    await page.evaluate((hash) => (location.hash = hash), `#/${view}`);
    try {
      await steps(page);
      assert.deepEqual(troubles.filter((trouble) => !trouble.includes('ERR_INTERNET_DISCONNECTED')), []);
    } catch (error) {
      await page.screenshot({ path: join(SHOTS, `failed-${view.replaceAll('/', '-')}.png`) });
      throw error;
    } finally {
      await page.close();
    }
  });
}

const nothing = (found) => assert.deepEqual(found, []);

test('nobody gets in with a wrong token, and the token is not in the address', async () => {
  const page = await browser.context.newPage();
  await page.goto(demo.origin);
  await page.getByLabel('Access token').fill('not-the-token-at-all');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('CASEWIRE_ADMIN_TOKEN').waitFor();
  nothing(await shots(page, 'sign-in'));
  await page.getByLabel('Access token').fill(demo.token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  assert.ok(!page.url().includes(demo.token));
  await page.goto(demo.address);
  await page.waitForURL((url) => !url.href.includes(demo.token));
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.close();
});

walk('the overview says what waits, what works and what happened', 'overview', async (page) => {
  await page.getByRole('region', { name: 'Health' }).waitFor();
  await page.getByRole('row', { name: /Ticket created/ }).waitFor();
  const held = page.getByRole('list', { name: 'What waits' }).getByRole('listitem').filter({ hasText: 'Held' });
  await held.getByText('1', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Month' }).click();
  await page.locator('.chart canvas').waitFor();
  nothing(await shots(page, 'overview'));

  // By keyboard alone: over the navigation to the content, and to another view, whose heading has the focus then.
  await page.reload();
  await page.getByRole('region', { name: 'Health' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  await page.getByRole('link', { name: 'Boards' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.textContent === 'Boards' && document.activeElement.tagName === 'H1');
});

walk('tickets are listed, found, and change while one looks', 'tickets', async (page) => {
  const table = page.getByRole('table', { name: 'Cases' });
  await table.getByRole('row', { name: /10047/ }).waitFor();
  nothing(await shots(page, 'tickets'));
  await page.getByRole('searchbox').fill('malware');
  await table.getByRole('row', { name: /10047/ }).waitFor({ state: 'detached' });
  await page.getByRole('searchbox').fill('');
  await table.getByRole('button', { name: 'Case', exact: true }).click();
  await table.getByRole('row', { name: /10010/ }).waitFor();
  await page.getByRole('searchbox').fill('live-1');
  await table.getByText('No case is like this').waitFor();
  const fresh = { id: 'live-1', number: 'live-1', title: 'New while one looks', severity: 'high', category: 'windows', kind: 'audit', group: { id: '48Tech' }, created_at: '2019-02-11T01:07:14Z', updated_at: '2030-02-11T01:07:14Z' };
  assert.equal((await demo.call('POST', '/cases?wait=20s', fresh)).status, 200);
  await table.getByRole('row', { name: /New while one looks.*In step/ }).waitFor();
  await page.getByRole('searchbox').fill('10012');
  await table.getByRole('link', { name: /10012/ }).click();
  const panel = page.getByRole('complementary', { name: 'Case 10012' });
  await panel.getByText('Comment by EventTrackerAdmin').waitFor();
  await panel.getByText('Ticket created').waitFor();
  nothing(await shots(page, 'case'));
  await panel.getByRole('button', { name: 'Why it is so' }).click();
  await page.getByRole('dialog').getByText('Service ticket, new').waitFor();
  await page.keyboard.press('Escape');
  await panel.getByRole('link', { name: 'Close the case' }).click();
  await panel.waitFor({ state: 'detached' });
});

walk('a dead letter says why, and is tried again once it is mended', 'tickets', async (page) => {
  await demo.control('POST', 'faults', { when: { method: 'POST', path: 'service/tickets' }, fault: { kind: 'forbidden' }, times: 50 });
  const bad = { id: 'dead-1', number: 'dead-1', title: 'Refused by the role', severity: 'high', category: 'windows', kind: 'audit', group: { id: '48Tech' }, created_at: '2019-02-11T01:07:14Z', updated_at: '2030-02-12T01:07:14Z' };
  await demo.call('POST', '/cases?wait=20s', bad);
  await page.getByRole('button', { name: 'Needs attention' }).click();
  const row = page.getByRole('row', { name: /Refused by the role/ });
  await row.waitFor();
  await row.getByRole('link').click();
  const panel = page.getByRole('complementary', { name: 'Case dead-1' });
  await panel.locator('.notice.bad').waitFor();
  nothing(await shots(page, 'dead-letter'));
  await demo.control('DELETE', 'faults');
  await panel.getByRole('button', { name: 'Try again now' }).click();
  await panel.getByText('In step').waitFor();
  await panel.getByText('Ticket created').waitFor();
});

walk('a group is mapped by search and choice, unmapped, mapped by suggestion and by list', 'mapping', async (page) => {
  const groups = page.getByRole('table', { name: 'Groups' });
  await groups.getByRole('row', { name: /UnmappedCo.*Not mapped/ }).waitFor();
  nothing(await shots(page, 'mapping'));
  const map = page.getByRole('button', { name: 'Map', exact: true });
  assert.ok(await map.isDisabled());
  await groups.getByRole('checkbox', { name: 'UnmappedCo' }).check();
  await page.getByRole('searchbox', { name: 'Search companies' }).fill('bigdesign');
  await page.getByRole('radio').first().check();
  await map.click();
  await page.getByText('1 mapping made. 1 held case go on.').waitFor();
  await groups.getByRole('row', { name: /UnmappedCo.*by hand/ }).waitFor();
  await groups.getByRole('checkbox', { name: 'UnmappedCo' }).check();
  await page.getByRole('button', { name: 'Remove map' }).click();
  await groups.getByRole('row', { name: /UnmappedCo.*Removed by hand/ }).waitFor();
  await groups.getByRole('checkbox', { name: 'UnmappedCo' }).check();
  await page.getByRole('button', { name: 'Leave to automatic mapping' }).click();
  await page.getByText('1 mapping given back to automatic mapping').waitFor();

  await page.getByRole('button', { name: 'Map automatically' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('UnmappedCo').first().waitFor();
  await dialog.getByText('Refused').first().waitFor();
  nothing(await shots(page, 'auto-map'));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Suggestions' }).click();
  await dialog.locator('.empty, .suggestions li').first().waitFor();
  nothing(await shots(page, 'suggestions'));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Lists (CSV)' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Save as CSV' }).click()]);
  assert.equal(download.suggestedFilename(), 'mappings-acme-soc.csv');
  await dialog.getByLabel('Read a CSV file').setInputFiles({ name: 'bad.csv', mimeType: 'text/csv', buffer: Buffer.from('kind,id,company\ngroup,X,NoSuchCompany\n') });
  await dialog.getByRole('alert').waitFor();
  nothing(await shots(page, 'csv'));
});

walk('systems are mapped within the company of their group', 'mapping/systems', async (page) => {
  await page.getByRole('heading', { name: /Configurations of/ }).waitFor();
  const systems = page.getByRole('table', { name: 'Systems' });
  await systems.getByRole('checkbox', { name: '48Tech-FW1' }).check();
  await page.getByRole('table', { name: 'Configurations' }).getByRole('radio').first().check();
  await page.getByRole('button', { name: 'Map', exact: true }).click();
  await systems.getByRole('row', { name: /48Tech-FW1.*by hand/ }).waitFor();
  nothing(await shots(page, 'systems'));
});

walk('a route that does not fit is named as it is changed, and only a sound one is saved', 'boards', async (page) => {
  const route = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /1\. audit log cleared/ }) });
  await route.getByText('Fits').waitFor();
  nothing(await shots(page, 'boards'));
  const save = page.getByRole('button', { name: 'Save' });
  const subtypes = await route.getByLabel(/^Subtype/).locator('option').allTextContents();
  assert.ok(subtypes.includes('Audit') && subtypes.length < 8, `${subtypes}`);
  await route.getByLabel(/^Board/).selectOption({ index: 1 });
  await route.getByText('Does not fit').waitFor();
  assert.ok(await save.isDisabled());
  nothing(await shots(page, 'boards-fault'));
  await page.getByRole('button', { name: 'Undo changes' }).click();
  await route.getByText('Fits').waitFor();
  await page.getByRole('button', { name: /^Statuses/ }).click();
  await page.getByRole('region', { name: 'Ticket → case' }).waitFor();
  nothing(await shots(page, 'statuses'));
  await page.getByRole('button', { name: /^Priorities/ }).click();
  await page.getByLabel(/^Low: /).selectOption({ index: 2 });
  await save.click();
  await page.getByText('The service goes on with it.').waitFor();
  nothing(await shots(page, 'priorities'));
  await page.getByRole('button', { name: 'Drift' }).click();
  await page.getByRole('button', { name: 'Compare now' }).click();
  await page.getByText(/Nothing changed since|Everything fits/).waitFor();
  nothing(await shots(page, 'drift'));
});

walk('what was switched off in ConnectWise is named with the routes that it breaks, and how to mend them', 'boards', async (page) => {
  const boards = await demo.psa('GET', "service/boards?conditions=name='Professional Services'");
  const subtypes = `service/boards/${boards[0].id}/subtypes`;
  const [audit] = await demo.psa('GET', `${subtypes}?conditions=name='Audit'`);
  const switched = (value) => demo.psa('PATCH', `${subtypes}/${audit.id}`, [{ op: 'replace', path: 'inactiveFlag', value }]);
  await page.getByRole('button', { name: 'Drift' }).click();
  const compare = page.getByRole('button', { name: 'Compare now' });
  await compare.click();
  await page.getByText(/Nothing changed since|Everything fits/).waitFor();
  await switched(true);
  try {
    await compare.click();
    const found = page.getByRole('status').getByRole('listitem').filter({ hasText: 'Audit' });
    await found.getByText(/deactivated/).first().waitFor();
    assert.match(await found.innerText(), /\/routes\/0\/subtype .*Activate it there/);
    assert.equal(await found.count(), 1);
    nothing(await shots(page, 'drift-fault'));
  } finally {
    await switched(false);
  }
  await compare.click();
  await page.getByText(/Nothing changed since|Everything fits/).waitFor();
});

walk('what was loaded works without the network, and says that it does not hear the service', 'tickets', async (page) => {
  const table = page.getByRole('table', { name: 'Cases' });
  await table.getByRole('row', { name: /10047/ }).waitFor();
  await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('.wasm')));
  await page.waitForTimeout(500);
  await page.context().setOffline(true);
  try {
    await page.getByRole('searchbox').fill('malware');
    await table.getByRole('row', { name: /malware/ }).first().waitFor();
    await page.getByRole('link', { name: 'Boards' }).click();
    await page.getByRole('alert').getByText('does not answer').waitFor();
    nothing(await shots(page, 'offline'));
  } finally {
    await page.context().setOffline(false);
  }
});

walk('a preview follows what is typed, and says why each field is as it is', 'preview', async (page) => {
  const ticket = page.getByRole('article', { name: /The ticket as ConnectWise shows it/ });
  await ticket.getByText('EventTracker Case #10012').waitFor();
  await ticket.locator('.why summary').first().click();
  nothing(await shots(page, 'preview'));
  const area = page.getByLabel('Or write and paste JSON');
  const text = await area.inputValue();
  await area.fill(text.replace('Windows: Audit log cleared', 'Typed just now'));
  await ticket.getByText('Typed just now').waitFor();
  await area.fill(text.replace('"severity"', '"severty"'));
  await page.getByText('/severty').waitFor();
  nothing(await shots(page, 'preview-fault'));
  await area.fill(text);
  await page.getByRole('button', { name: 'Look up in ConnectWise' }).click();
  await page.getByText('with what ConnectWise says now').waitFor();
});

walk('a connection is saved after a passed test only', 'connection', async (page) => {
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText('The connection works').waitFor();
  nothing(await shots(page, 'connection'));
  const save = page.getByRole('button', { name: 'Save' });
  assert.ok(await save.isDisabled());
  await page.getByLabel('Company id').fill('nobody');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText('The connection does not work').waitFor();
  assert.ok(await save.isDisabled());
  nothing(await shots(page, 'connection-fault'));
  await page.getByLabel('Company id').fill('acme');
  await page.getByLabel('Keys end on').fill('2031-05-06');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText('The connection works').waitFor();
  await save.click();
  await page.getByText('The service goes on with it.').waitFor();
  assert.equal((await demo.call('GET', '/configuration')).body.connection.credential_expiry, '2031-05-06');
  await page.getByRole('button', { name: 'Check everything' }).click();
  await page.getByText(/Ready for tickets|Not ready for tickets/).waitFor();
  nothing(await shots(page, 'preflight'));
});
