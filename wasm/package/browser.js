import { loader } from './load.js';

export * from './index.js';

export const load = loader(() => undefined);
