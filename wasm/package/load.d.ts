/**
 * Makes the function that loads the module, once for all.
 *
 * @param {() => InitInput | undefined | Promise<InitInput | undefined>} standard Where the module is if nothing else is said.
 */
export function loader(standard: () => InitInput | undefined | Promise<InitInput | undefined>): (source?: InitInput) => Promise<void>;
/** Fails with words that say what to do where the module is not loaded. */
export function requireLoaded(): void;
import type { InitInput } from './casewire.js';
