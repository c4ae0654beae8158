// How the page asks the service. Everything that decides is there or in the WASM module; keys never come here.
import type { Fault } from 'casewire/error';
import type { Case, Command, ConnectionReport, Delivery, Inventory, LinkItem, OutboxItem, Outcome } from 'casewire/host';
export type { Fault };

/** What the service refused, and what to do about it. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly faults: Fault[];

  constructor(status: number, refusal: { code?: string; message?: string; faults?: Fault[] }) {
    super(refusal.message ?? `the service answered ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.code = refusal.code ?? 'unknown';
    this.faults = refusal.faults ?? [];
  }
}

export type OutcomeOf<K extends string> = Extract<Outcome, { kind: K }>;

export interface Change {
  cursor: string;
  instance: string;
  delivery: Delivery;
}

/** A case as it was handed over. */
export type KnownCase = Case & {
  number?: string;
  status?: string;
  group?: { id: string; name?: string };
  description?: string;
  updated_at?: string;
  created_at?: string;
};

export interface History {
  case_id: string;
  case: KnownCase | null;
  link: LinkItem | null;
  waiting: OutboxItem | null;
  changes: Change[];
}

export interface Health {
  status: 'ready' | 'degraded' | 'down';
  reasons: { code: string; instance?: string; message: string }[];
  instances: Record<
    string,
    {
      last_success?: string | null;
      oldest_waiting?: string | null;
      waiting: number;
      retrying: number;
      failed: number;
      held: number;
      inbound: string[];
    }
  >;
}

/** The configuration as text, in which the order of its keys is kept, and its revision. */
export interface Saved {
  text: string;
  revision: string;
}

export interface Api {
  instance: string;
  command<K extends Outcome['kind']>(command: Command, kind: K, signal?: AbortSignal): Promise<OutcomeOf<K>>;
  cases(): Promise<KnownCase[]>;
  history(caseId: string, signal?: AbortSignal): Promise<History>;
  inventory(): Promise<Inventory>;
  configuration(): Promise<Saved>;
  save(text: string, revision: string): Promise<Saved>;
  testConnection(connection: object): Promise<ConnectionReport>;
  changes(after: string | undefined, wait: number, signal: AbortSignal): Promise<{ changes: Change[]; cursor: string }>;
}

async function call(token: string, method: string, path: string, rest: { body?: string; headers?: HeadersInit; signal?: AbortSignal } = {}) {
  const headers = new Headers(rest.headers);
  headers.set('authorization', `Bearer ${token}`);
  if (rest.body !== undefined) headers.set('content-type', 'application/json');
  let response: Response;
  try {
    response = await fetch(path, { method, headers, body: rest.body ?? null, signal: rest.signal ?? null, credentials: 'omit', cache: 'no-store' });
  } catch (error) {
    if (rest.signal?.aborted) throw error;
    throw new ApiError(0, { code: 'unreachable', message: 'the service does not answer: see whether it runs, and try again' });
  }
  if (!response.ok) throw new ApiError(response.status, await response.json().catch(() => ({})));
  return response;
}

export async function instances(token: string): Promise<string[]> {
  const answer = await (await call(token, 'GET', '/instances')).json();
  return answer.instances;
}

export async function health(): Promise<Health> {
  return (await fetch('/healthz', { cache: 'no-store' })).json();
}

export function apiFor(token: string, instance: string): Api {
  const base = `/instances/${encodeURIComponent(instance)}`;
  const json = async (method: string, path: string, body?: object, signal?: AbortSignal) =>
    (await call(token, method, base + path, { ...(body && { body: JSON.stringify(body) }), ...(signal && { signal }) })).json();
  const saved = async (response: Response) => ({ text: await response.text(), revision: response.headers.get('etag') ?? '' });
  return {
    instance,
    command: async (command, kind, signal) => {
      const outcome = await json('POST', '/commands', command, signal);
      if (outcome.kind !== kind) throw new ApiError(0, { message: `the service answered '${outcome.kind}', not '${kind}'` });
      return outcome;
    },
    cases: async () => (await json('GET', '/cases?limit=1000')).cases,
    history: (caseId, signal) => json('GET', `/cases/${encodeURIComponent(caseId)}/history`, undefined, signal),
    inventory: () => json('GET', '/inventory'),
    configuration: async () => saved(await call(token, 'GET', `${base}/configuration`)),
    save: async (text, revision) =>
      saved(await call(token, 'PUT', `${base}/configuration`, { body: text, headers: { 'if-match': revision } })),
    testConnection: (connection) => json('POST', '/connection/test', { connection }),
    changes: (after, wait, signal) =>
      json('GET', `/changes?limit=1000&wait=${wait}s${after === undefined ? '' : `&after=${after}`}`, undefined, signal),
  };
}

/** Reads a list by its pages. */
export async function pages<P extends { next?: string | number }>(read: (after: any) => Promise<P>, take: (page: P) => void) {
  for (let after: string | number | undefined; ; ) {
    const page = await read(after);
    take(page);
    if (page.next === undefined) return;
    after = page.next;
    // The page stays free between two of them.
    await new Promise((resolve) => setTimeout(resolve));
  }
}
