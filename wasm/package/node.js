// Node has no fetch for files: the module's bytes are read from beside this file.
import { readFile } from 'node:fs/promises';

import init from './casewire.js';

await init({ module_or_path: await readFile(new URL('./casewire_bg.wasm', import.meta.url)) });

export * from './casewire.js';
