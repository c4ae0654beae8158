// What `fetchTransport` says of requests that go wrong.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { Failure, fetchTransport } from 'casewire';

const signal = new AbortController().signal;
const server = createServer((request, response) => {
  switch (request.url) {
    case '/redirect':
      response.writeHead(302, { location: '/echo' }).end();
      break;
    case '/large':
      response.end('x'.repeat(2_000));
      break;
    case '/silent':
      break;
    case '/cut':
      response.writeHead(200, { 'content-length': 100 }).write('half');
      setTimeout(() => response.destroy(), 20);
      break;
    default: {
      const pieces = [];
      request.on('data', (piece) => pieces.push(piece)).on('end', () => {
        const body = { method: request.method, headers: request.headers, body: Buffer.concat(pieces).toString() };
        response.setHeader('link', '</next>; rel="next"').end(JSON.stringify(body));
      });
    }
  }
});
let url;

before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

function request(path, rest = {}) {
  return { method: 'GET', url: url + path, headers: [], timeoutMs: 5_000, maxAnswer: 1_000, ...rest };
}

function isFailure(kind) {
  return (error) => error instanceof Failure && error.kind === kind;
}

test('a request goes out as it is, and the answer comes whole', async () => {
  const send = fetchTransport();
  for (const body of [new TextEncoder().encode('héllo'), new Blob(['hé', 'llo'])]) {
    const headers = [['content-type', 'application/json'], ['clientId', 'abc']];
    const answer = await send(request('/echo', { method: 'PATCH', headers, body }), signal);
    const echo = JSON.parse(new TextDecoder().decode(answer.body));
    assert.equal(answer.status, 200);
    assert.deepEqual([echo.method, echo.body], ['PATCH', 'héllo']);
    assert.equal(echo.headers['content-type'], 'application/json');
    assert.equal(echo.headers.clientid, 'abc');
    assert.equal(echo.headers['content-length'], '6');
    assert.ok(answer.headers.some(([name, value]) => name === 'link' && value.includes('next')));
  }
});

test('a redirect is not followed', async () => {
  assert.equal((await fetchTransport()(request('/redirect'), signal)).status, 302);
});

test('an answer that is too large is given up', async () => {
  await assert.rejects(fetchTransport()(request('/large'), signal), isFailure('too_large'));
});

test('no answer in time, and one that breaks off, are unanswered', async () => {
  await assert.rejects(fetchTransport()(request('/silent', { timeoutMs: 50 }), signal), isFailure('unanswered'));
  await assert.rejects(fetchTransport()(request('/cut'), signal), isFailure('unanswered'));
});

test('what cannot connect has not been sent', async () => {
  const closed = createServer();
  await new Promise((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address();
  await new Promise((resolve) => closed.close(resolve));
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'no-such-host.invalid']) {
    await assert.rejects(fetchTransport()(request('', { url: `http://${host}/` }), signal), isFailure('not_sent'));
  }
});

test('a server that speaks no TLS is refused before anything is sent', async () => {
  const { port } = server.address();
  await assert.rejects(fetchTransport()(request('', { url: `https://127.0.0.1:${port}/` }), signal), isFailure('tls'));
});

test('a write whose time has passed does not leave, even if the header came late', async () => {
  let now = 1_000;
  const headers = async () => {
    now = 3_000;
    return {};
  };
  const send = fetchTransport({ now: () => now, headers, fetch: () => assert.fail('it was sent') });
  await assert.rejects(send(request('/echo', { method: 'POST', notAfter: 2_000 }), signal), isFailure('not_sent'));
});

test('an aborted request ends', async () => {
  const abort = new AbortController();
  const sent = fetchTransport()(request('/silent'), abort.signal);
  abort.abort();
  await assert.rejects(sent, isFailure('unanswered'));
});
