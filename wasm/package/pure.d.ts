export { CODES } from "./codes.js";
export * from "./decisions.js";
export { CasewireError } from "./error.js";
/**
 * Loads the module. Has to have returned before anything else of the package is used; a second call does nothing. Its
 * argument says where the module is, if not beside this file: its address, its bytes or its response.
 */
export const load: (source?: import("casewire/raw").InitInput) => Promise<void>;
