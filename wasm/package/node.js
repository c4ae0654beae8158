import { readFile } from 'node:fs/promises';
import { loader } from './load.js';

export * from './index.js';

export const load = loader(() => readFile(new URL('casewire_bg.wasm', import.meta.url)));
