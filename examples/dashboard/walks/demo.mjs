// `casewire demo --dashboard` for a walk: a simulated instance, the service, and the page's address with its token.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export async function startDemo({ program, page, companies = 120, configurations = 1200 }) {
  const child = spawn(program, ['demo', '--dashboard', page, '--companies', String(companies), '--configurations', String(configurations)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (text) => (log += text));
  const address = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /http:\/\/\S+\/#token=\S+/.exec(line);
      if (found) resolve(found[0]);
    });
    child.on('exit', (code) => reject(new Error(`the demo ended with ${code}: ${log}`)));
  });
  const url = new URL(address);
  const token = url.hash.replace('#token=', '');
  const call = async (method, path, body, headers = {}) => {
    const response = await fetch(url.origin + path, { method, headers: { authorization: `Bearer ${token}`, ...headers }, body: body && JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text };
  };
  const site = (await call('GET', '/configuration')).body.connection.site;
  return {
    address,
    origin: url.origin,
    token,
    site,
    log: () => log,
    call,
    command: async (command) => (await call('POST', '/commands', command)).body,
    /** A request to the simulated ConnectWise, as its administrator would make it there. */
    psa: async (method, path, body) => {
      const authorization = `Basic ${btoa('acme+simulator-public:simulator-private')}`;
      const headers = { authorization, clientId: '6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11', 'content-type': 'application/json' };
      const response = await fetch(`${site}/v4_6_release/apis/3.0/${path}`, { method, headers, body: body && JSON.stringify(body) });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return response.json();
    },
    /** A control of the simulator. */
    control: async (method, path, body) => {
      const response = await fetch(`${site}/simulator/${path}`, { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return response.status === 204 ? undefined : response.json();
    },
    /** Waits until the demo's cases were worked on, but the one whose group is not mapped, and companies were read. */
    settled: async () => {
      for (let turn = 0; turn < 300; turn += 1) {
        const backlog = (await call('POST', '/commands', { command: 'backlog' })).body;
        const { links = [] } = (await call('POST', '/commands', { command: 'list_links', limit: 1000 })).body;
        const { companies } = (await call('POST', '/commands', { command: 'list_companies', limit: 1 })).body;
        if (links.length >= 20 && backlog.waiting === 0 && companies) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`the demo does not settle: ${log.slice(-2000)}`);
    },
    stop: () => new Promise((resolve) => (child.once('exit', resolve), child.kill('SIGTERM'))),
  };
}
