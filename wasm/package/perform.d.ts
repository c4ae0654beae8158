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
export function failed(kind: import("./error.js").FailureKind, error: unknown): Answer;
/**
 * Makes the function that performs effects with what the host brings. It never throws: what fails is an answer too.
 *
 * @param {Host} host
 * @param {() => number} now
 */
export function performer(host: Host, now: () => number): (effect: Effect, bytes: (Uint8Array | undefined)[], signal: AbortSignal) => Promise<Answer>;
/**
 * An effect as the core hands it out.
 */
export type Effect = {
    id: number;
    operation: number;
} & Request;
export type Request = ({
    effect: "http";
    method: HttpRequest["method"];
    url: string;
    headers: {
        name: string;
        value: string;
    }[];
    timeout_ms: number;
    max_answer: number;
    not_after?: string;
    store_as?: string;
    body?: Piece[];
} | ({
    effect: "store";
} & StoreRequest) | {
    effect: "timer";
    deadline: string;
} | {
    effect: "deliver";
    delivery: import("./host.js").Delivery;
} | {
    effect: "fetch";
    token: string;
} | {
    effect: "cancel";
    target: number;
});
/**
 * A piece of a body: bytes of the core, or an attachment.
 */
export type Piece = {
    size: number;
    attachment?: string;
};
export type StoreRequest = ({
    store: "get";
    keys: string[];
} | {
    store: "scan";
    prefix: string;
    after?: string;
    limit: number;
} | ({
    store: "commit";
} & import("./host.js").Batch));
/**
 * An answer, and the bytes that belong to it.
 */
export type Answer = {
    json: object;
    body?: Uint8Array;
};
import type { Host } from './host.js';
import type { HttpRequest } from './host.js';
