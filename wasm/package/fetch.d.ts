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
export function fetchTransport({ fetch, headers, now }?: FetchOptions): Transport;
export type FetchOptions = {
    /**
     * Sends in place of the global `fetch`: through a proxy of the host, or with an agent.
     */
    fetch?: typeof globalThis.fetch | undefined;
    /**
     * Gives headers to add to a request, such
     * as `Authorization` where the connector was given no keys.
     */
    headers?: ((request: HttpRequest) => HeadersInit | Promise<HeadersInit>) | undefined;
    /**
     * Milliseconds since 1970; `Date.now` where nothing is said.
     */
    now?: (() => number) | undefined;
};
import type { Transport } from './host.js';
import type { HttpRequest } from './host.js';
