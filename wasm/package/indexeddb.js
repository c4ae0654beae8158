/** @import { Batch, Committed, StoredRecord } from './host.js' */

const RECORDS = 'records';
const COUNTER = 'counter';
const REVISION = 'revision';

/**
 * A store in the browser's IndexedDB, for pages and workers. Every tab and worker of an origin that opens the same name
 * shares it.
 *
 * A commit is on the disk when it returns. A browser may still clear an origin's data when it runs out of room:
 * `navigator.storage.persist()` asks it not to.
 */
export class IndexedDbStore {
  #database;

  /** @param {IDBDatabase} database As `open` makes it. */
  constructor(database) {
    this.#database = database;
    // Whoever deletes or upgrades the database is not kept waiting by this tab.
    database.onversionchange = () => database.close();
  }

  /**
   * Opens a store, and makes it where there is none.
   *
   * @param {string} [name] Name of the database, within the page's origin.
   * @param {IDBFactory} [factory] Where databases are; the global `indexedDB` where nothing is said.
   */
  static async open(name = 'casewire', factory = globalThis.indexedDB) {
    if (!factory) throw new Error('there is no IndexedDB here: use another store, such as MemoryStore');
    const opening = factory.open(name, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(RECORDS);
      opening.result.createObjectStore(COUNTER);
    };
    return new IndexedDbStore(await result(opening));
  }

  /**
   * Deletes a store with all that it holds. Stores of this name that are open are closed by it.
   *
   * @param {string} [name]
   * @param {IDBFactory} [factory]
   */
  static async delete(name = 'casewire', factory = globalThis.indexedDB) {
    await result(factory.deleteDatabase(name));
  }

  /** Lets go of the database. */
  close() {
    this.#database.close();
  }

  /**
   * @param {string[]} keys
   * @returns {Promise<(StoredRecord | undefined)[]>}
   */
  async get(keys) {
    const records = this.#database.transaction(RECORDS).objectStore(RECORDS);
    return Promise.all(keys.map((key) => result(records.get(bytes(key)))));
  }

  /**
   * @param {string} prefix
   * @param {string | undefined} after
   * @param {number} limit
   * @returns {Promise<StoredRecord[]>}
   */
  async scan(prefix, after, limit) {
    const range = rangeOf(bytes(prefix), after === undefined ? undefined : bytes(after));
    // IndexedDB takes a limit of 0 for none at all.
    if (!range || limit < 1) return [];
    const records = this.#database.transaction(RECORDS).objectStore(RECORDS);
    return result(records.getAll(range, limit));
  }

  /**
   * @param {Batch} batch
   * @returns {Promise<Committed>}
   */
  async commit({ expect, put, delete: deleted }) {
    const transaction = this.#database.transaction([RECORDS, COUNTER], 'readwrite', { durability: 'strict' });
    const done = completion(transaction);
    const records = transaction.objectStore(RECORDS);
    const counter = transaction.objectStore(COUNTER);
    try {
      const found = await Promise.all(expect.map(({ key }) => result(records.get(bytes(key)))));
      if (expect.some(({ revision }, index) => (found[index]?.revision ?? null) !== revision)) {
        await done;
        return 'conflict';
      }
      const revision = ((await result(counter.get(REVISION))) ?? 0) + 1;
      counter.put(revision, REVISION);
      for (const key of deleted) records.delete(bytes(key));
      for (const [key, value] of put) records.put({ key, revision, value }, bytes(key));
      await done;
      return revision;
    } catch (error) {
      abort(transaction);
      await done.catch(() => {});
      // The reason that the transaction gives says more, such as that the disk is full.
      throw transaction.error ?? error;
    }
  }
}

/**
 * A key as IndexedDB orders it: by bytes. Texts it would order by their UTF-16 units, which is another order.
 *
 * @param {string} key
 */
function bytes(key) {
  return new TextEncoder().encode(key);
}

/**
 * The keys with a prefix, after one where it is named; nothing where there can be none.
 *
 * @param {Uint8Array<ArrayBuffer>} prefix
 * @param {Uint8Array<ArrayBuffer> | undefined} after
 */
function rangeOf(prefix, after) {
  const begin = after && indexedDB.cmp(after, prefix) >= 0 ? after : prefix;
  const open = begin === after;
  if (prefix.length === 0) return IDBKeyRange.lowerBound(begin, open);
  const end = prefix.slice();
  // No byte of UTF-8 is above 0xf4, so the last one has a next.
  end[end.length - 1] = (end.at(-1) ?? 0) + 1;
  return indexedDB.cmp(begin, end) < 0 ? IDBKeyRange.bound(begin, end, open, true) : undefined;
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @param {IDBTransaction} transaction
 * @returns {Promise<void>}
 */
function completion(transaction) {
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(undefined);
    transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
  });
  // It may fail before anyone waits for it.
  done.catch(() => {});
  return /** @type {Promise<void>} */ (done);
}

/** @param {IDBTransaction} transaction */
function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // It is over already.
  }
}
