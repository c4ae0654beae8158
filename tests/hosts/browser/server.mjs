// A host's web server: it gives out a folder, and passes on to ConnectWise what the page sends there, with the keys that the
// page does not have.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' };
/** What the page may see of ConnectWise's answers. */
const PASSED = ['content-type', 'date', 'link', 'retry-after'];

/**
 * @param {string} folder
 * @param {{ upstream: string, authorization: string, given: object }} host
 */
export async function serve(folder, { upstream, authorization, given }) {
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://host');
    try {
      if (pathname.startsWith('/connectwise/')) {
        const answer = await pass(request, upstream + pathname.slice('/connectwise'.length) + search, authorization);
        for (const [name, value] of answer.headers) if (PASSED.includes(name)) response.setHeader(name, value);
        response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
      } else if (pathname === '/given.json') {
        response.setHeader('content-type', 'application/json').end(JSON.stringify(given));
      } else {
        const path = pathname === '/' ? '/index.html' : normalize(pathname);
        const content = await readFile(join(folder, path));
        response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream').end(content);
      }
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

async function pass(request, url, authorization) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const { host, connection, 'content-length': length, ...headers } = request.headers;
  const body = pieces.length > 0 ? Buffer.concat(pieces) : undefined;
  return fetch(url, { method: request.method, headers: { ...headers, authorization }, body });
}
