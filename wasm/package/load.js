/** @import { InitInput } from './casewire.js' */

/**
 * What the package asks of a module that needs no connector.
 *
 * @typedef {Pick<typeof import('./casewire.js'), 'version' | 'validateConfig' | 'validateCase' | 'preview' | 'suggestMappings'>} Decisions
 */

/** @typedef {Decisions & { default: (options: { module_or_path: InitInput | undefined }) => Promise<unknown> }} Module */

/** The modules that are loaded, the first of them first. @type {Set<Decisions>} */
const loaded = new Set();

/**
 * Makes the function that loads a module, once for all.
 *
 * @param {Module} module
 * @param {() => InitInput | undefined | Promise<InitInput | undefined>} standard Where it is if nothing else is said.
 */
export function loader(module, standard) {
  /** @type {Promise<unknown> | undefined} */
  let loading;

  /** @param {InitInput | undefined | Promise<InitInput | undefined>} source */
  async function begin(source) {
    try {
      await module.default({ module_or_path: await source });
      loaded.add(module);
    } catch (error) {
      loading = undefined;
      throw error;
    }
  }

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

/**
 * Gives a module that is loaded, or fails with words that say what to do.
 *
 * @param {Decisions | undefined} [wanted] That one, where any other will not do.
 * @returns {Decisions}
 */
export function requireLoaded(wanted = loaded.values().next().value) {
  if (!wanted || !loaded.has(wanted)) throw new Error('casewire is not loaded: call `await load()` once before');
  return wanted;
}
