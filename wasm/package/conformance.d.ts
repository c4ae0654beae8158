/** @import { Batch, Committed, Store, StoredRecord } from './host.js' */
/**
 * Checks an empty store and names each promise that it breaks; an empty list means that it keeps them all.
 *
 * The promises are those of `casewire::store::conformance`. What only a crash can show, durability, is for the store's own
 * test: commit, end the process, open again, read.
 *
 * @param {Store} store
 * @returns {Promise<string[]>}
 */
export function checkStore(store: Store): Promise<string[]>;
import type { Store } from './host.js';
