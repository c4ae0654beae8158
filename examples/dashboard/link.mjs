// Puts the built npm package where this project finds it, as `npm install casewire` would.
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const built = resolve(process.env.CASEWIRE_PACKAGE ?? join(here, '../../target/npm/casewire'));
if (!existsSync(join(built, 'casewire_bg.wasm'))) {
  throw new Error(`${built} is no built package: run \`cargo xtask wasm\`, or set CASEWIRE_PACKAGE`);
}
const place = join(here, 'node_modules/casewire');
mkdirSync(join(here, 'node_modules'), { recursive: true });
rmSync(place, { recursive: true, force: true });
symlinkSync(built, place, 'junction');
