export { CODES } from './codes.js';
export { CasewireError, Failure } from './error.js';
export { Connector } from './connector.js';
export * from './decisions.js';
export { Deliveries } from './deliveries.js';
export { fetchTransport } from './fetch.js';
export { MemoryStore } from './memory.js';
