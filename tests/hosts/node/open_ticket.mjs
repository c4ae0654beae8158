// The main job: a case becomes a ticket, exactly once.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CasewireError, Connector, MemoryStore, fetchTransport } from 'casewire';
import { case10012, configuration, connect, control, keys, tickets } from './host.mjs';

test('a case becomes a ticket, and the same case again changes nothing', async (t) => {
  const { connector, deliveries } = connect(t);
  const opened = await connector.submit(case10012);
  t.diagnostic(`case ${opened.case_id} -> ticket ${opened.ticket_id}`);
  assert.deepEqual([opened.outcome, opened.ticket_id], ['opened', 909]);

  const again = await connector.submit(case10012);
  assert.deepEqual([again.outcome, again.ticket_id], ['unchanged', 909]);
  const closed = await connector.submit({ ...case10012, status: 'closed', updated_at: '2019-02-11T02:00:00Z' });
  assert.equal(closed.outcome, 'closed');

  await connector.idle();
  assert.deepEqual(deliveries.map(({ event }) => event.event), ['ticket_created', 'ticket_closed']);
  assert.equal(deliveries[0].ticket.ticket_id, 909);
  assert.equal(new Set(deliveries.map(({ id }) => id)).size, 2);
  assert.equal((await tickets()).length, 1);
});

test('a wrong key is unauthorized and is in no message', async (t) => {
  const { connector } = connect(t, { keys: { ...keys, privateKey: 'hunter2' } });
  await assert.rejects(connector.submit(case10012), (error) => {
    assert.ok(error instanceof CasewireError);
    assert.equal(error.code, 'unauthorized');
    assert.equal(error.httpStatus, 401);
    assert.ok(!error.message.includes('hunter2'));
    return true;
  });
  assert.equal((await tickets()).length, 0);
});

test('a transport that adds the header does without keys', async (t) => {
  const token = btoa(`acme+${keys.publicKey}:${keys.privateKey}`);
  const transport = fetchTransport({ headers: async () => ({ authorization: `Basic ${token}` }) });
  const { connector } = connect(t, { keys: undefined, transport });
  assert.equal((await connector.submit(case10012)).outcome, 'opened');
});

test('a bad configuration and a bad case are refused whole, with every fault', async (t) => {
  const bad = { ...configuration(), instance: 'Not Allowed', prioritymap: {}, version: 'one' };
  const make = () => new Connector(bad, { store: new MemoryStore(), keys, deliver() {} });
  assert.throws(make, (error) => {
    const pointers = error.faults.map(({ pointer }) => pointer);
    assert.ok(['/instance', '/prioritymap', '/version'].every((pointer) => pointers.includes(pointer)), `${pointers}`);
    return error instanceof CasewireError;
  });

  const { connector } = connect(t);
  await assert.rejects(connector.submit({ ...case10012, title: '', severity: 7 }), (error) => {
    assert.ok(error.faults.length >= 1);
    return error instanceof CasewireError;
  });
  assert.equal((await tickets()).length, 0);
});

test('an aborted operation is cancelled, and the next connector over the store finishes it', async (t) => {
  const store = new MemoryStore();
  const abort = new AbortController();
  const send = fetchTransport();
  // The create is under way when the host aborts; it never reaches the server.
  const stuck = (request, signal) => {
    if (request.method !== 'POST') return send(request, signal);
    queueMicrotask(() => abort.abort());
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const { connector } = connect(t, { store, transport: stuck });
  await assert.rejects(connector.submit(case10012, { signal: abort.signal }), { code: 'cancelled' });
  await assert.rejects(connector.submit(case10012, { signal: AbortSignal.abort() }), { code: 'cancelled' });
  await connector.close();
  await assert.rejects(connector.submit(case10012), { code: 'cancelled' });
  assert.equal((await tickets()).length, 0);

  const finished = [];
  // Ten minutes later the create can no longer arrive, so that it is made again at once.
  const now = () => Date.now() + 600_000;
  const next = connect(t, { store, now, finished: (operation) => finished.push(operation) });
  await next.connector.idle();
  const taken = finished.find(({ case_id }) => case_id === '10012');
  assert.equal(taken?.result.ok?.outcome, 'opened', JSON.stringify(finished));
  assert.equal((await tickets()).length, 1);
});

test('a hundred cases side by side make a hundred tickets, at most eight requests at a time', async (t) => {
  let [underWay, most] = [0, 0];
  const send = fetchTransport();
  const transport = async (request, signal) => {
    most = Math.max(most, (underWay += 1));
    try {
      return await send(request, signal);
    } finally {
      underWay -= 1;
    }
  };
  const { connector } = connect(t, { transport, limits: { concurrency: 8 } });
  const cases = Array.from({ length: 100 }, (_, index) => ({ ...case10012, id: `many-${index}`, number: `${index}` }));
  const outcomes = await Promise.all(cases.map((one) => connector.submit(one)));
  assert.ok(outcomes.every(({ outcome }) => outcome === 'opened'));
  assert.equal(new Set(outcomes.map(({ ticket_id }) => ticket_id)).size, 100);
  const references = (await tickets()).map(({ externalXRef }) => externalXRef);
  assert.equal(references.length, 100);
  assert.equal(new Set(references).size, 100);
  assert.ok(most > 1 && most <= 8, `${most} at a time`);
});

test('a lost answer does not make a second ticket', async (t) => {
  await control('POST', 'faults', {
    when: { method: 'POST', path: 'service/tickets' },
    fault: { kind: 'answerLost' },
    times: 1,
  });
  const { connector } = connect(t, { limits: { settle: '1s' } });
  const opened = await connector.submit(case10012);
  assert.equal(opened.outcome, 'opened');
  assert.deepEqual((await tickets()).map(({ id }) => id), [opened.ticket_id]);
});
