// The module without a connector decides as the whole does.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Connector, MemoryStore, load } from 'casewire';
import * as pure from 'casewire/pure';
import * as whole from 'casewire/raw';
import { case10012, configuration, keys } from './host.mjs';

test('it has to be loaded, has no connector, and decides as the whole does', async () => {
  assert.throws(() => pure.version(), /call `await load\(\)`/);
  await pure.load();
  const host = { store: new MemoryStore(), keys, deliver() {} };
  assert.throws(() => new Connector(configuration(), host), /call `await load\(\)`/);
  await load();
  const connector = new Connector(configuration(), host);
  const { kind, ...catalog } = await connector.readCatalog();
  await connector.close();

  const companies = [{ id: 21, identifier: 'BigDesign', name: 'Big Design', contact_emails: ['a@bigdesign.com'] }];
  const given = { groups: [{ id: '48Tech', email: 'it@bigdesign.com' }], companies };
  const texts = [configuration(), catalog, case10012].map((value) => JSON.stringify(value));
  assert.equal(pure.version(), whole.version());
  const pairs = [
    [pure.preview(...texts), whole.preview(...texts)],
    [pure.suggestMappings(given), whole.suggestMappings(JSON.stringify(given))],
    [pure.validateConfig({ severty: 1 }, texts[1]), whole.validateConfig('{"severty":1}', texts[1])],
    [pure.validateCase('{}'), whole.validateCase('{}')],
  ];
  for (const [ofPure, ofWhole] of pairs) {
    assert.deepEqual(ofPure, JSON.parse(ofWhole));
    assert.ok(JSON.stringify(ofPure).length > 10);
  }
  assert.throws(() => pure.preview('{', texts[1], texts[2]), pure.CasewireError);
});
