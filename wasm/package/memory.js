/** @import { Batch, Committed, StoredRecord } from './host.js' */

/** A store in memory, for tests and for pages that may forget: what it holds is gone with the page. */
export class MemoryStore {
  /** @type {Map<string, StoredRecord>} */
  #records = new Map();
  /** The keys in the order of their UTF-8 bytes. @type {string[]} */
  #keys = [];
  #revision = 0;

  /**
   * @param {string[]} keys
   * @returns {(StoredRecord | undefined)[]}
   */
  get(keys) {
    return keys.map((key) => this.#records.get(key));
  }

  /**
   * @param {string} prefix
   * @param {string | undefined} after
   * @param {number} limit
   * @returns {StoredRecord[]}
   */
  scan(prefix, after, limit) {
    const page = [];
    let index = this.#position(prefix);
    if (after !== undefined && compareKeys(after, prefix) >= 0) {
      index = this.#position(after);
      if (this.#keys[index] === after) index += 1;
    }
    for (const key of this.#keys.slice(index, index + limit)) {
      const record = this.#records.get(key);
      if (!record || !key.startsWith(prefix)) break;
      page.push(record);
    }
    return page;
  }

  /**
   * @param {Batch} batch
   * @returns {Committed}
   */
  commit(batch) {
    const holds = batch.expect.every(({ key, revision }) => (this.#records.get(key)?.revision ?? null) === revision);
    if (!holds) return 'conflict';
    this.#revision += 1;
    for (const key of batch.delete) {
      if (this.#records.delete(key)) this.#keys.splice(this.#position(key), 1);
    }
    for (const [key, value] of batch.put) {
      if (!this.#records.has(key)) this.#keys.splice(this.#position(key), 0, key);
      this.#records.set(key, Object.freeze({ key, revision: this.#revision, value }));
    }
    return this.#revision;
  }

  /**
   * Where a key stands, or would stand.
   *
   * @param {string} key
   */
  #position(key) {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareKeys(this.#keys[middle] ?? '', key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * Compares two texts by their UTF-8 bytes, as `Array.sort` wants it. JavaScript's own order, by UTF-16 units, puts
 * characters beyond U+FFFF before those from U+E000.
 *
 * @param {string} a
 * @param {string} b
 */
export function compareKeys(a, b) {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const [x, y] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (x !== y) return weight(x) - weight(y);
  }
  return a.length - b.length;
}

/**
 * The place of a UTF-16 unit among those of other characters: surrogates last.
 *
 * @param {number} unit
 */
function weight(unit) {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
