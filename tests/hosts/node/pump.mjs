// The pump: what it does with attachments, failures of the host, the clock and the checks that need no connector.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  CasewireError, Connector, Deliveries, MemoryStore, fetchTransport, preview, validateCase, validateConfig,
} from 'casewire';
import { case10012, configuration, connect, control, keys } from './host.mjs';

const content = new TextEncoder().encode('event id 1102\n');
const attachment = { id: 'a-1', file_name: 'events.txt', size: content.length, token: 'file:events' };
const withFile = { ...case10012, attachments: [attachment] };

function deferred() {
  const both = {};
  both.promise = new Promise((resolve) => (both.resolve = resolve));
  return both;
}

test('an attachment is sent as a blob, as bytes or as a stream', async (t) => {
  const forms = { blob: () => new Blob([content]), bytes: () => content, stream: () => new Blob([content]).stream() };
  for (const [form, give] of Object.entries(forms)) {
    const tokens = [];
    const { connector } = connect(t, { openAttachment: (token) => (tokens.push(token), give()) });
    const outcome = await connector.submit({ ...withFile, id: form });
    assert.deepEqual([outcome.outcome, outcome.warnings], ['opened', undefined]);
    assert.ok(tokens.length > 0 && tokens.every((token) => token === attachment.token));
  }
  const documents = await control('GET', 'records/documents');
  assert.deepEqual(documents.map(({ fileName }) => fileName), Array(3).fill('events.txt'));
});

test('an attachment of another length is not sent', async (t) => {
  const { connector } = connect(t, { openAttachment: () => new Blob([content, content]) });
  const result = await connector.submit(withFile).catch((error) => error);
  assert.equal((await control('GET', 'records/documents')).length, 0);
  assert.match(JSON.stringify(result.warnings ?? result.message), /bytes/);
});

test('a store that fails keeps everything from being sent', async (t) => {
  let requests = 0;
  const store = new MemoryStore();
  store.commit = () => Promise.reject(new Error('the disk is full'));
  const transport = (request, signal) => ((requests += request.method !== 'GET'), fetchTransport()(request, signal));
  const { connector } = connect(t, { store, transport });
  await assert.rejects(connector.submit(case10012), (error) => {
    assert.equal(error.code, 'store_failed');
    return error.retry && error.message.includes('the disk is full');
  });
  assert.equal(requests, 0);
});

test('an answer of the host that is none fails its effect and not the connector', async (t) => {
  const store = new MemoryStore();
  const get = store.get.bind(store);
  store.get = (keys) => {
    if (!keys.some((key) => key.includes('/outbox/'))) return get(keys);
    store.get = get;
    return keys.flatMap((key) => [{ key }, { key }]);
  };
  const { connector } = connect(t, { store });
  await assert.rejects(connector.submit(case10012), CasewireError);
  assert.equal((await connector.submit(case10012)).outcome, 'opened');
});

test('what the host did not take over is offered again with the same id', async (t) => {
  const store = new MemoryStore();
  const { promise: refused, resolve } = deferred();
  const deliver = ({ id }) => {
    resolve(id);
    throw new Error('the database is away');
  };
  const { connector } = connect(t, { store, deliver });
  await connector.submit(case10012);
  const id = await refused;
  await connector.close();
  const { connector: next, deliveries } = connect(t, { store });
  await next.idle();
  assert.deepEqual(deliveries.map((delivery) => delivery.id), [id]);
});

test('a connection is tested part by part, and the catalog serves previews without a connector', async (t) => {
  const { connector } = connect(t);
  const report = await connector.testConnection();
  assert.ok(report.ok, JSON.stringify(report.parts));
  const catalog = await connector.readCatalog();
  assert.deepEqual(validateConfig(configuration(), catalog), []);
  const wrong = configuration();
  wrong.routes[0].type = 'Securty';
  assert.equal(validateConfig(wrong, catalog)[0].pointer, '/routes/0/type');

  const offline = preview(configuration(), catalog, case10012);
  const live = await connector.preview(case10012);
  assert.deepEqual([offline.outcome, live.outcome], ['ticket', 'ticket']);
  assert.equal((await control('GET', 'records/tickets')).length, 0);
});

test('faults of a case are told without a connector, and those of JSON text with its repeated keys', () => {
  assert.deepEqual(validateCase(case10012), []);
  const pointers = validateCase({ ...case10012, title: 7, severty: 'high' }).map(({ pointer }) => pointer);
  assert.ok(pointers.includes('/title') && pointers.includes('/severty'), `${pointers}`);
  assert.equal(validateConfig('{"version": 1, "version": 1}').some(({ message }) => message.includes('more than once')), true);
});

test('a host that lacks a function is told so at once', () => {
  assert.throws(() => new Connector(configuration(), { store: new MemoryStore(), keys }), /host\.deliver/);
  assert.throws(() => new Connector(configuration(), { store: {}, deliver() {} }), /host\.store\.get/);
});

test('deliveries are iterated: one is taken over when the next is asked for, and one whose loop is left is offered again', async (t) => {
  const store = new MemoryStore();
  const refused = new Deliveries();
  const { connector } = connect(t, { store, deliver: refused.deliver });
  await connector.submit(case10012);
  let left;
  for await (const delivery of refused) {
    left = delivery.id;
    break;
  }
  await connector.close();

  const taken = new Deliveries();
  const { connector: next } = connect(t, { store, deliver: taken.deliver });
  const ids = [];
  const loop = (async () => {
    for await (const { id } of taken) ids.push(id);
  })();
  await next.idle();
  taken.close();
  await loop;
  assert.deepEqual(ids, [left]);
  await assert.rejects(taken.deliver({ id: 'late' }, new AbortController().signal), /not taken any more/);
});
