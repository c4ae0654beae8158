/**
 * Makes the function that loads a module, once for all.
 *
 * @param {Module} module
 * @param {() => InitInput | undefined | Promise<InitInput | undefined>} standard Where it is if nothing else is said.
 */
export function loader(module: Module, standard: () => InitInput | undefined | Promise<InitInput | undefined>): (source?: InitInput) => Promise<void>;
/**
 * Gives a module that is loaded, or fails with words that say what to do.
 *
 * @param {Decisions | undefined} [wanted] That one, where any other will not do.
 * @returns {Decisions}
 */
export function requireLoaded(wanted?: Decisions | undefined): Decisions;
/**
 * What the package asks of a module that needs no connector.
 */
export type Decisions = Pick<typeof import("./casewire.js"), "version" | "validateConfig" | "validateCase" | "preview" | "suggestMappings">;
export type Module = Decisions & {
    default: (options: {
        module_or_path: InitInput | undefined;
    }) => Promise<unknown>;
};
import type { InitInput } from './casewire.js';
