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
export async function checkStore(store) {
  const broken = [];
  for (const [promise, holds] of PROMISES) {
    try {
      if (!(await holds(new Session(store, `conformance/${promise}/`)))) broken.push(promise);
    } catch (error) {
      broken.push(`${promise}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return broken;
}

/** A part of the store, with keys of its own. */
class Session {
  #store;
  #prefix;

  /**
   * @param {Store} store
   * @param {string} prefix
   */
  constructor(store, prefix) {
    this.#store = store;
    this.#prefix = prefix;
  }

  /**
   * @param {Partial<Batch>} batch
   * @returns {Promise<Committed>}
   */
  async commit({ expect = [], put = [], delete: deleted = [] }) {
    return this.#store.commit({
      expect: expect.map(({ key, revision }) => ({ key: this.#prefix + key, revision })),
      put: put.map(([key, value]) => [this.#prefix + key, value]),
      delete: deleted.map((key) => this.#prefix + key),
    });
  }

  /**
   * Writes records without expectations and gives their revision.
   *
   * @param {[key: string, value: string][]} put
   */
  async put(...put) {
    const revision = await this.commit({ put });
    if (revision === 'conflict') throw new Error('a commit without expectations was a conflict');
    return revision;
  }

  /** @param {string[]} keys */
  async get(...keys) {
    const all = keys.map((key) => this.#prefix + key);
    const records = await this.#store.get(all);
    if (records.length !== keys.length || records.some((record, index) => record && record.key !== all[index])) {
      throw new Error('a get answered with other keys');
    }
    return records.map((record) => record ?? undefined);
  }

  /** @param {string} key */
  async value(key) {
    return (await this.get(key))[0]?.value;
  }

  /** @param {string} key */
  async revision(key) {
    return (await this.get(key))[0]?.revision;
  }

  /**
   * Reads all records by pages, and gives their values.
   *
   * @param {string} prefix
   * @param {number} limit
   */
  async scan(prefix, limit) {
    const values = [];
    for (let after; ; ) {
      /** @type {StoredRecord[]} */
      const page = await this.#store.scan(this.#prefix + prefix, after, limit);
      if (page.length > limit) throw new Error('a page is larger than its limit');
      values.push(...page.map((record) => record.value));
      after = page.at(-1)?.key;
      if (after === undefined) return values;
    }
  }
}

/** @type {[promise: string, holds: (s: Session) => Promise<boolean>][]} */
const PROMISES = [
  ['a record is read as it was written last', async (s) => {
    await s.put(['a', '{"n":1}']);
    await s.put(['a', '{"n":2}']);
    return (await s.value('a')) === '{"n":2}';
  }],
  ['a get answers in the order of its keys, with a gap for a missing one', async (s) => {
    await s.put(['a', '1'], ['b', '2']);
    const records = await s.get('b', 'none', 'a');
    return records.map((record) => record?.value).join() === '2,,1';
  }],
  ['revisions grow with every commit and are never used again', async (s) => {
    const first = await s.put(['a', '1']);
    const second = await s.put(['b', '1']);
    await s.commit({ delete: ['a'] });
    const third = await s.put(['a', '1']);
    return first < second && second < third && (await s.revision('a')) === third;
  }],
  ["every record of a batch has the batch's revision", async (s) => {
    const revision = await s.put(['a', '1'], ['b', '1']);
    return (await s.revision('a')) === revision && (await s.revision('b')) === revision;
  }],
  ['a failed expectation is a conflict and changes nothing', async (s) => {
    const revision = await s.put(['a', '1']);
    await s.put(['a', '2']);
    const old = await s.commit({ expect: [{ key: 'a', revision }], put: [['a', '3'], ['b', '3']] });
    const missing = await s.commit({ expect: [{ key: 'c', revision }], put: [['b', '3']], delete: ['a'] });
    const [a, b] = await s.get('a', 'b');
    return old === 'conflict' && missing === 'conflict' && a?.value === '2' && b === undefined;
  }],
  ['a record can be expected not to exist', async (s) => {
    const expect = [{ key: 'a', revision: null }];
    const made = await s.commit({ expect, put: [['a', '1']] });
    const again = await s.commit({ expect, put: [['a', '2']] });
    return made !== 'conflict' && again === 'conflict' && (await s.value('a')) === '1';
  }],
  ['a deleted record is gone, and deleting a missing one is no fault', async (s) => {
    await s.put(['a', '1']);
    const deleted = await s.commit({ delete: ['a', 'none'] });
    return deleted !== 'conflict' && (await s.value('a')) === undefined;
  }],
  ['a scan gives the keys with the prefix in the order of their bytes, by pages', async (s) => {
    await s.put(['x%2F', '4'], ['x', '1'], ['x-a', '2'], ['x.a', '3'], ['xZ', '5'], ['x_', '6'], ['xa', '7']);
    await s.put(['x\u{1F600}', '9'], ['x\uFF5E', '8'], ['y', '0'], ['w', '0']);
    return (await s.scan('x', 3)).join('') === '142356789';
  }],
  ['values keep every character, and a megabyte', async (s) => {
    const text = `{"t":"${'é\u{1F600}\\u0000\'%_\\"'.repeat(60_000)}"}`;
    await s.put(['a', text]);
    return (await s.value('a')) === text;
  }],
];
