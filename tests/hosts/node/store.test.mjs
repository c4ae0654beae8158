// The store in memory, and the check that hosts run over their own.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MemoryStore } from 'casewire';
import { checkStore } from 'casewire/conformance';
import { compareKeys } from 'casewire/memory';

test('the store in memory keeps every promise', async () => {
  assert.deepEqual(await checkStore(new MemoryStore()), []);
});

test('a store that breaks a promise is found out', async () => {
  class Forgetful extends MemoryStore {
    commit(batch) {
      return super.commit({ ...batch, expect: [] });
    }
  }
  class Unordered extends MemoryStore {
    scan(prefix, after, limit) {
      return super.scan(prefix, after, limit).reverse();
    }
  }
  class Failing extends MemoryStore {
    get() {
      throw new Error('the disk is full');
    }
  }
  const [forgetful, unordered, failing] = await Promise.all(
    [new Forgetful(), new Unordered(), new Failing()].map(checkStore),
  );
  assert.ok(forgetful.some((promise) => promise.startsWith('a failed expectation')));
  assert.ok(unordered.some((promise) => promise.startsWith('a scan gives')));
  assert.ok(failing.some((promise) => promise.endsWith('the disk is full')));
});

test('keys are compared by their UTF-8 bytes', () => {
  const keys = ['', 'a', 'a%', 'aa', 'b', '\u00e9', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{1f600}'];
  for (const a of keys) {
    for (const b of keys) {
      const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
      assert.equal(Math.sign(compareKeys(a, b)), bytes, JSON.stringify([a, b]));
    }
  }
});
