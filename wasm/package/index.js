/** @import { Fault } from './error.js' */
import { validateCase as caseFaults, validateConfig as configFaults, version } from './casewire.js';
import { json } from './connector.js';
import { requireLoaded } from './load.js';

export { CasewireError, Failure } from './error.js';
export { Connector } from './connector.js';
export { fetchTransport } from './fetch.js';
export { MemoryStore } from './memory.js';
export { version };

/**
 * Checks a configuration. No fault means that it is sound in itself; whether the names in it exist is asked when it is used.
 *
 * @param {object | string} config As an object or as JSON text. Text is better: in it, a repeated key is found.
 * @returns {Fault[]} every fault
 */
export function validateConfig(config) {
  requireLoaded();
  return JSON.parse(configFaults(json(config)));
}

/**
 * Checks a case.
 *
 * @param {object | string} value As an object or as JSON text.
 * @returns {Fault[]} every fault
 */
export function validateCase(value) {
  requireLoaded();
  return JSON.parse(caseFaults(json(value)));
}
