/**
 * Checks a configuration. No fault means that it is sound in itself; whether the names in it exist is asked when it is used.
 *
 * @param {object | string} config As an object or as JSON text. Text is better: in it, a repeated key is found.
 * @returns {Fault[]} every fault
 */
export function validateConfig(config: object | string): Fault[];
/**
 * Checks a case.
 *
 * @param {object | string} value As an object or as JSON text.
 * @returns {Fault[]} every fault
 */
export function validateCase(value: object | string): Fault[];
export { Connector } from "./connector.js";
export { fetchTransport } from "./fetch.js";
export { MemoryStore } from "./memory.js";
export { version };
import type { Fault } from './error.js';
import { version } from './casewire.js';
export { CasewireError, Failure } from "./error.js";
