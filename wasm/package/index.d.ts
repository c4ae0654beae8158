/** The version of casewire. */
export function version(): string;
/**
 * Checks a configuration. Without a catalog it is checked by itself; with one, whether the names in it exist and belong
 * together.
 *
 * @param {object | string} config As an object or as JSON text. Text is better: in it, a repeated key is found.
 * @param {object | string} [catalog] As `Connector.readCatalog` gives it.
 * @returns {Fault[]} every fault; none means that it is sound
 */
export function validateConfig(config: object | string, catalog?: object | string): Fault[];
/**
 * Checks a case.
 *
 * @param {object | string} value As an object or as JSON text.
 * @returns {Fault[]} every fault; none means that it is sound
 */
export function validateCase(value: object | string): Fault[];
/**
 * Says what a case would become, each field with its reason, and asks ConnectWise nothing.
 *
 * @param {object | string} config
 * @param {object | string} catalog As `Connector.readCatalog` gives it. It may hold a `directory` with companies, contacts
 *   and device configurations; what it does not hold, a real run looks up.
 * @param {object | string} value The case.
 * @returns {Preview}
 */
export function preview(config: object | string, catalog: object | string, value: object | string): Preview;
export { Connector } from "./connector.js";
export { fetchTransport } from "./fetch.js";
export { MemoryStore } from "./memory.js";
import type { Fault } from './error.js';
import type { Preview } from './host.js';
export { CasewireError, Failure } from "./error.js";
