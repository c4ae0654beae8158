import { readFile } from 'node:fs/promises';
import * as module from './casewire.js';
import { loader } from './load.js';

export * from './index.js';

/**
 * Loads the module. Has to have returned before anything else of the package is used; a second call does nothing. Its
 * argument says where the module is, if not beside this file: its address, its bytes or its response.
 */
export const load = loader(module, () => readFile(new URL('casewire_bg.wasm', import.meta.url)));
