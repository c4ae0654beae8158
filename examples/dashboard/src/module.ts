// The core's decisions as a WASM module, loaded when a view first needs it.
import type { Preview } from 'casewire/host';
import type { Fault } from './api';

export interface Core {
  validateConfig(config: string, catalog?: object): Fault[];
  validateCase(text: string): Fault[];
  preview(config: string, catalog: object, theCase: string): Preview;
}

let loading: Promise<Core> | undefined;

export function core(): Promise<Core> {
  loading ??= import('casewire/pure').then(async (module) => {
    await module.load();
    return module;
  });
  loading.catch(() => (loading = undefined));
  return loading;
}
