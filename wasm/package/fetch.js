/** @import { HttpAnswer, HttpRequest, Transport } from './host.js' */
import { Failure } from './error.js';

/**
 * @typedef {object} FetchOptions
 * @property {typeof globalThis.fetch} [fetch] Sends in place of the global `fetch`: through a proxy of the host, or with an agent.
 * @property {(request: HttpRequest) => HeadersInit | Promise<HeadersInit>} [headers] Gives headers to add to a request, such
 *   as `Authorization` where the connector was given no keys.
 * @property {() => number} [now] Milliseconds since 1970; `Date.now` where nothing is said.
 */

/**
 * Makes a transport of `fetch`. It follows no redirect, sends no cookies and reads no cache.
 *
 * @param {FetchOptions} [options]
 * @returns {Transport}
 */
export function fetchTransport({ fetch = globalThis.fetch, headers, now = Date.now } = {}) {
  return async (request, signal) => {
    const all = new Headers(request.headers);
    if (headers) new Headers(await headers(request)).forEach((value, name) => all.set(name, value));
    if (request.notAfter !== undefined && now() > request.notAfter) {
      throw new Failure('not_sent', 'its time passed before it was sent');
    }
    const timeout = AbortSignal.timeout(request.timeoutMs);
    try {
      const response = await fetch(request.url, {
        method: request.method,
        headers: all,
        body: /** @type {BodyInit | undefined} */ (request.body),
        redirect: 'manual',
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.any([signal, timeout]),
      });
      return {
        status: status(response),
        headers: [...response.headers],
        body: await readBody(response, request.maxAnswer),
      };
    } catch (error) {
      if (error instanceof Failure) throw error;
      if (timeout.aborted) {
        throw new Failure('unanswered', `no complete answer within ${request.timeoutMs} ms`, { cause: error });
      }
      throw new Failure(kind(error), reason(error), { cause: error });
    }
  };
}

/**
 * The status. A browser hides that of a redirect which it did not follow; 302 stands for it.
 *
 * @param {Response} response
 */
function status(response) {
  return response.type === 'opaqueredirect' ? 302 : response.status;
}

/**
 * Reads a body of at most `limit` bytes.
 *
 * @param {Response} response
 * @param {number} limit
 */
async function readBody(response, limit) {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array();
  const pieces = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return join(pieces, length);
    length += value.length;
    if (length > limit) {
      reader.cancel().catch(() => {});
      throw new Failure('too_large', `the answer is larger than ${limit} bytes`);
    }
    pieces.push(value);
  }
}

/**
 * @param {Uint8Array[]} pieces
 * @param {number} length
 */
function join(pieces, length) {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

/**
 * What is known about a request that `fetch` gave up. Browsers tell nothing; Node's `fetch` names the system call, and one
 * that failed to look up or to connect has sent nothing.
 *
 * @param {unknown} error
 * @returns {import('./error.js').FailureKind}
 */
function kind(error) {
  const cause = causeOf(error);
  if (cause.code === 'UND_ERR_CONNECT_TIMEOUT' || ['connect', 'getaddrinfo'].includes(cause.syscall)) return 'not_sent';
  return /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/.test(cause.code) ? 'tls' : 'unanswered';
}

/** @param {unknown} error */
function reason(error) {
  const { code, message } = causeOf(error);
  return [message, code].filter(Boolean).join(' ') || 'fetch failed';
}

/**
 * The cause that Node attaches; the first of several, where several addresses were tried.
 *
 * @param {unknown} error
 */
function causeOf(error) {
  let cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof AggregateError) cause = cause.errors[0] ?? cause;
  const { code, syscall, message } = /** @type {Record<string, unknown>} */ (cause ?? {});
  return { code: String(code ?? ''), syscall: String(syscall ?? ''), message: String(message ?? '') };
}
