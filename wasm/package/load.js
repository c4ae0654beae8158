/** @import { InitInput } from './casewire.js' */
import init from './casewire.js';

/** @type {Promise<unknown> | undefined} */
let loading;
let loaded = false;

/**
 * Makes the function that loads the module, once for all.
 *
 * @param {() => InitInput | undefined | Promise<InitInput | undefined>} standard Where the module is if nothing else is said.
 */
export function loader(standard) {
  /**
   * Loads the module. Has to have returned before anything else of the package is used; a second call does nothing.
   *
   * @param {InitInput} [source] Where the module is, if not beside this file: its address, its bytes or its response.
   * @returns {Promise<void>}
   */
  return async function load(source) {
    loading ??= begin(source ?? standard());
    await loading;
  };
}

/** @param {InitInput | undefined | Promise<InitInput | undefined>} source */
async function begin(source) {
  try {
    await init({ module_or_path: /** @type {InitInput} */ (await source) });
    loaded = true;
  } catch (error) {
    loading = undefined;
    throw error;
  }
}

/** Fails with words that say what to do where the module is not loaded. */
export function requireLoaded() {
  if (!loaded) throw new Error('casewire is not loaded: call `await load()` once before');
}
