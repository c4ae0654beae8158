/**
 * A store in the browser's IndexedDB, for pages and workers. Every tab and worker of an origin that opens the same name
 * shares it.
 *
 * A commit is on the disk when it returns. A browser may still clear an origin's data when it runs out of room:
 * `navigator.storage.persist()` asks it not to.
 */
export class IndexedDbStore {
    /**
     * Opens a store, and makes it where there is none.
     *
     * @param {string} [name] Name of the database, within the page's origin.
     * @param {IDBFactory} [factory] Where databases are; the global `indexedDB` where nothing is said.
     */
    static open(name?: string, factory?: IDBFactory): Promise<IndexedDbStore>;
    /**
     * Deletes a store with all that it holds. Stores of this name that are open are closed by it.
     *
     * @param {string} [name]
     * @param {IDBFactory} [factory]
     */
    static delete(name?: string, factory?: IDBFactory): Promise<void>;
    /** @param {IDBDatabase} database As `open` makes it. */
    constructor(database: IDBDatabase);
    /** Lets go of the database. */
    close(): void;
    /**
     * @param {string[]} keys
     * @returns {Promise<(StoredRecord | undefined)[]>}
     */
    get(keys: string[]): Promise<(StoredRecord | undefined)[]>;
    /**
     * @param {string} prefix
     * @param {string | undefined} after
     * @param {number} limit
     * @returns {Promise<StoredRecord[]>}
     */
    scan(prefix: string, after: string | undefined, limit: number): Promise<StoredRecord[]>;
    /**
     * @param {Batch} batch
     * @returns {Promise<Committed>}
     */
    commit({ expect, put, delete: deleted }: Batch): Promise<Committed>;
    #private;
}
import type { StoredRecord } from './host.js';
import type { Batch } from './host.js';
import type { Committed } from './host.js';
