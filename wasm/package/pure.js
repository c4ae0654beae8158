// Checks, previews and suggestions alone, a third of the whole: for pages whose service holds the connector.
import * as module from './casewire_pure.js';
import { loader } from './load.js';

export { CODES } from './codes.js';
export * from './decisions.js';
export { CasewireError } from './error.js';

/**
 * Loads the module. Has to have returned before anything else of the package is used; a second call does nothing. Its
 * argument says where the module is, if not beside this file: its address, its bytes or its response.
 */
export const load = loader(module, () => undefined);
