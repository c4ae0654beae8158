// What the tests bring as a host: a configuration, cases, a connector, the simulator's controls.
import { Connector, MemoryStore } from 'casewire';

const simulator = process.env.CASEWIRE_SIMULATOR ?? 'http://127.0.0.1:8080';

/** Keys of the simulator's API member. */
export const keys = { publicKey: 'simulator-public', privateKey: 'simulator-private' };

/** Case 10012 of the guide. */
export const case10012 = Object.freeze({
  id: '10012',
  number: '10012',
  title: 'Windows: Audit log cleared',
  description: 'The audit log was cleared.',
  severity: 'critical',
  category: 'windows',
  kind: 'audit',
  group: { id: '48Tech' },
  created_at: '2019-02-11T01:07:14Z',
  updated_at: '2019-02-11T01:09:53Z',
});

/** A configuration for the simulator. `limits` go over the configuration's own. */
export function configuration(limits = {}) {
  return {
    version: 1,
    instance: 'node',
    connection: {
      site: simulator,
      company_id: 'acme',
      client_id: '6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11',
      allow_insecure_loopback: true,
    },
    companies: { map: [{ group: '48Tech', company: { identifier: 'BigDesign' } }] },
    routes: [
      {
        name: 'all',
        board: 'Professional Services',
        type: 'Security',
        status: { created: 'New (not responded)', cleared: 'Closed' },
      },
    ],
    status_map: {
      'Professional Services': {
        to_case: {
          'New (not responded)': 'open',
          'In Progress': 'in_progress',
          'Waiting Customer Response': 'in_progress',
          Closed: 'closed',
        },
        to_ticket: { open: 'New (not responded)', in_progress: 'In Progress', closed: 'Closed' },
      },
    },
    priority_map: { critical: 'Priority 1 - Emergency Response', low: 'Priority 4 - Scheduled Maintenance' },
    limits,
  };
}

/** A connector to the simulator, with what it delivered. It is closed when the test is over. */
export function connect(test, { limits, ...host } = {}) {
  const deliveries = [];
  const connector = new Connector(configuration(limits), {
    store: new MemoryStore(),
    keys,
    deliver: (delivery) => deliveries.push(delivery),
    ...host,
  });
  test.after(() => connector.close());
  return { connector, deliveries };
}

/** Calls a control of the simulator. */
export async function control(method, path, body) {
  const response = await fetch(`${simulator}/simulator/${path}`, {
    method,
    body: body && JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? undefined : response.json();
}

/** The tickets that the simulator holds. */
export function tickets() {
  return control('GET', 'records/tickets');
}
