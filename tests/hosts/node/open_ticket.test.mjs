// Stands in for the real story: shows that the package loads and the simulator answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { version } from 'casewire';

test('the package loads and the simulator answers', async () => {
  assert.match(version(), /^\d+\.\d+\.\d+$/);
  const answer = await fetch(`${process.env.CASEWIRE_SIMULATOR}/v4_6_release/apis/3.0/system/info`);
  assert.ok(answer.status >= 200 && answer.status < 500);
});
