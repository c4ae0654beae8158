/** @import { Content, Host, HttpRequest } from './host.js' */
import { Failure } from './error.js';
import { fetchTransport } from './fetch.js';

/**
 * An effect as the core hands it out.
 *
 * @typedef {{ id: number, operation: number } & Request} Effect
 */

/**
 * @typedef {(
 *     { effect: 'http', method: HttpRequest['method'], url: string, headers: { name: string, value: string }[],
 *       timeout_ms: number, max_answer: number, not_after?: string, store_as?: string, body?: Piece[] }
 *   | { effect: 'store' } & StoreRequest
 *   | { effect: 'timer', deadline: string }
 *   | { effect: 'deliver', delivery: import('./host.js').Delivery }
 *   | { effect: 'fetch', token: string }
 *   | { effect: 'cancel', target: number })} Request
 */

/** @typedef {{ size: number, attachment?: string }} Piece A piece of a body: bytes of the core, or an attachment. */

/**
 * @typedef {(
 *     { store: 'get', keys: string[] }
 *   | { store: 'scan', prefix: string, after?: string, limit: number }
 *   | { store: 'commit' } & import('./host.js').Batch)} StoreRequest
 */

/** @typedef {{ json: object, body?: Uint8Array }} Answer An answer, and the bytes that belong to it. */

/**
 * An answer that says that an effect could not be done.
 *
 * @param {import('./error.js').FailureKind} kind
 * @param {unknown} error
 * @returns {Answer}
 */
export function failed(kind, error) {
  const message = error instanceof Error ? error.message : String(error);
  return { json: { failed: { kind: error instanceof Failure ? error.kind : kind, message } } };
}

/**
 * Makes the function that performs effects with what the host brings. It never throws: what fails is an answer too.
 *
 * @param {Host} host
 * @param {() => number} now
 */
export function performer(host, now) {
  const transport = host.transport ?? fetchTransport({ now });

  /**
   * @param {Effect} effect
   * @param {(Uint8Array | undefined)[]} bytes The core's pieces of the body.
   * @param {AbortSignal} signal
   * @returns {Promise<Answer>}
   */
  return async function perform(effect, bytes, signal) {
    try {
      switch (effect.effect) {
        case 'http':
          return await send(effect, bytes, signal);
        case 'store':
          return { json: { store: await access(effect) } };
        case 'timer':
          await wait(Date.parse(effect.deadline), signal);
          return { json: { done: {} } };
        case 'deliver':
          await host.deliver(effect.delivery, signal);
          return { json: { done: {} } };
        case 'fetch': {
          const blob = await open(effect.token, signal);
          return { json: { fetched: {} }, body: new Uint8Array(await blob.arrayBuffer()) };
        }
        default:
          return failed('other', `this version cannot perform the effect ${effect.effect}`);
      }
    } catch (error) {
      return failed(effect.effect === 'http' ? 'unanswered' : 'other', error);
    }
  };

  /**
   * @param {Effect & { effect: 'http' }} effect
   * @param {(Uint8Array | undefined)[]} bytes
   * @param {AbortSignal} signal
   * @returns {Promise<Answer>}
   */
  async function send(effect, bytes, signal) {
    let body;
    try {
      body = await joinBody(effect.body ?? [], bytes, signal);
    } catch (error) {
      return failed('content', error);
    }
    const notAfter = effect.not_after === undefined ? undefined : Date.parse(effect.not_after);
    if (notAfter !== undefined && now() > notAfter) return failed('not_sent', 'its time passed before it was sent');
    const answer = await transport(
      {
        method: effect.method,
        url: effect.url,
        headers: effect.headers.map(({ name, value }) => [name, value]),
        body,
        timeoutMs: effect.timeout_ms,
        maxAnswer: effect.max_answer,
        notAfter,
      },
      signal,
    );
    const { status, headers } = answer;
    if (effect.store_as === undefined || status < 200 || status > 299) {
      return { json: { http: { status, headers } }, body: answer.body };
    }
    if (!host.storeAttachment) return { json: { http: { status, headers } } };
    try {
      const stored = await store(effect.store_as, answer.body, signal);
      return { json: { http: { status, headers, stored } } };
    } catch (error) {
      return failed('other', error);
    }
  }

  /**
   * Has the host store a file, which never enters the core.
   *
   * @param {string} token
   * @param {Uint8Array} bytes
   * @param {AbortSignal} signal
   */
  async function store(token, bytes, signal) {
    const content = /** @type {Uint8Array<ArrayBuffer>} */ (bytes);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
    await host.storeAttachment?.(token, new Blob([content]), signal);
    return { size: bytes.length, sha256: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') };
  }

  /**
   * @param {Piece[]} pieces
   * @param {(Uint8Array | undefined)[]} bytes
   * @param {AbortSignal} signal
   */
  async function joinBody(pieces, bytes, signal) {
    if (pieces.length < 2 && !pieces[0]?.attachment) return bytes[0];
    const parts = pieces.map(async ({ attachment, size }, index) => {
      if (attachment === undefined) return bytes[index] ?? '';
      const blob = await open(attachment, signal, size);
      if (blob.size !== size) throw new Error(`attachment ${attachment} has ${blob.size} bytes and not ${size}`);
      return blob;
    });
    return new Blob(/** @type {BlobPart[]} */ (await Promise.all(parts)));
  }

  /**
   * @param {string} token
   * @param {AbortSignal} signal
   * @param {number} [limit] How much of a stream to read at most; one byte more is enough to see that it is too long.
   */
  async function open(token, signal, limit = Infinity) {
    if (!host.openAttachment) throw new Error('the host has no openAttachment');
    /** @type {Content} */
    const content = await host.openAttachment(token, signal);
    if (content instanceof Blob) return content;
    if (content instanceof Uint8Array) return new Blob([/** @type {BlobPart} */ (content)]);
    const pieces = [];
    let length = 0;
    for (const reader = content.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return new Blob(pieces);
      pieces.push(/** @type {BlobPart} */ (value));
      length += value.length;
      if (length > limit) {
        reader.cancel().catch(() => {});
        return new Blob(pieces);
      }
    }
  }

  /**
   * @param {StoreRequest} request
   * @returns {Promise<object | string>}
   */
  async function access(request) {
    switch (request.store) {
      case 'get':
        return { records: (await host.store.get(request.keys)).map((record) => record ?? null) };
      case 'scan':
        return { page: await host.store.scan(request.prefix, request.after, request.limit) };
      case 'commit': {
        const { expect, put, delete: deleted } = request;
        const revision = await host.store.commit({ expect, put, delete: deleted });
        return revision === 'conflict' ? 'conflict' : { committed: { revision } };
      }
    }
  }

  /**
   * Waits until `deadline`. Timers of JavaScript are short of 25 days and stand still while a machine sleeps: a long wait
   * looks at the clock every hour.
   *
   * @param {number} deadline
   * @param {AbortSignal} signal
   */
  async function wait(deadline, signal) {
    for (let left = deadline - now(); left > 0 && !signal.aborted; left = deadline - now()) {
      await sleep(Math.min(left, LONGEST_SLEEP), signal);
    }
  }
}

const LONGEST_SLEEP = 3_600_000;

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 */
function sleep(milliseconds, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve(undefined);
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
