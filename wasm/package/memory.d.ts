/**
 * Compares two texts by their UTF-8 bytes, as `Array.sort` wants it. JavaScript's own order, by UTF-16 units, puts
 * characters beyond U+FFFF before those from U+E000.
 *
 * @param {string} a
 * @param {string} b
 */
export function compareKeys(a: string, b: string): number;
/** @import { Batch, Committed, StoredRecord } from './host.js' */
/** A store in memory, for tests and for pages that may forget: what it holds is gone with the page. */
export class MemoryStore {
    /**
     * @param {string[]} keys
     * @returns {(StoredRecord | undefined)[]}
     */
    get(keys: string[]): (StoredRecord | undefined)[];
    /**
     * @param {string} prefix
     * @param {string | undefined} after
     * @param {number} limit
     * @returns {StoredRecord[]}
     */
    scan(prefix: string, after: string | undefined, limit: number): StoredRecord[];
    /**
     * @param {Batch} batch
     * @returns {Committed}
     */
    commit(batch: Batch): Committed;
    #private;
}
import type { StoredRecord } from './host.js';
import type { Batch } from './host.js';
import type { Committed } from './host.js';
