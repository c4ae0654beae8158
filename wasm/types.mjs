// Checks the JavaScript of a built package, and writes or checks the types in package/.
//
//   npm run types -- FOLDER   writes package/*.d.ts from the JSDoc in package/*.js
//   npm run check -- FOLDER   fails where the JavaScript has a type error or package/*.d.ts are out of date
//
// FOLDER is the package as `cargo xtask wasm` builds it: it has the types of the module, which are generated.
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';

const [check, built] = process.argv[2] === '--check' ? [true, process.argv[3]] : [false, process.argv[2]];
const source = join(import.meta.dirname, 'package');
const modules = ['casewire', 'casewire_pure'].flatMap((name) => [`${name}.js`, `${name}.d.ts`]);

const work = mkdtempSync(join(tmpdir(), 'casewire-types-'));
try {
  if (!built) throw new Error('name the folder of the built package');
  const written = readdirSync(source).filter((name) => name.endsWith('.js'));
  const types = written.map((name) => name.replace(/\.js$/, '.d.ts'));
  // Without the types that are there already, which would be believed in place of the JavaScript.
  const folder = join(work, 'node_modules', 'casewire');
  for (const name of written) cpSync(join(source, name), join(folder, name));
  cpSync(join(source, 'package.json'), join(folder, 'package.json'));
  for (const name of modules) cpSync(join(built, name), join(folder, name));
  const fresh = compile(written.map((name) => join(folder, name)), { declaration: true, emitDeclarationOnly: true });
  for (const [path, text] of fresh) writeFileSync(path, text);

  const stale = types.filter((name) => read(join(source, name)) !== fresh.get(join(folder, name)));
  if (check && stale.length > 0) throw new Error(`out of date: ${stale.join(', ')}; run \`npm run types -- FOLDER\``);
  for (const name of stale) cpSync(join(folder, name), join(source, name));

  // What a user would write, against the types that a user would have.
  const usage = join(work, 'usage.mts');
  cpSync(join(import.meta.dirname, 'usage.mts'), usage);
  compile([usage], { noEmit: true, allowJs: false, checkJs: false, skipLibCheck: false });
} finally {
  rmSync(work, { recursive: true });
}

/**
 * Checks files and returns what the compiler writes for them.
 *
 * @param {string[]} files
 * @param {ts.CompilerOptions} options
 */
function compile(files, options) {
  /** @type {Map<string, string>} */
  const written = new Map();
  const program = ts.createProgram(files, {
    allowJs: true,
    checkJs: true,
    strict: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: ['node'],
    typeRoots: [join(import.meta.dirname, 'node_modules/@types')],
    ...options,
  });
  const emitted = program.emit(undefined, (path, text) => written.set(path, text));
  const problems = [...ts.getPreEmitDiagnostics(program), ...emitted.diagnostics];
  if (problems.length > 0) {
    const host = { getCanonicalFileName: String, getCurrentDirectory: () => work, getNewLine: () => '\n' };
    throw new Error(ts.formatDiagnostics(problems, host));
  }
  return written;
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
