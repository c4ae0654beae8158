// Prints the size of a WASM module, its gzipped size, and one line `module.name` for each import.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const bytes = readFileSync(process.argv[1]);
console.log(bytes.length);
console.log(gzipSync(bytes, { level: 9 }).length);
for (const { module, name } of WebAssembly.Module.imports(new WebAssembly.Module(bytes))) {
  console.log(`${module}.${name}`);
}
