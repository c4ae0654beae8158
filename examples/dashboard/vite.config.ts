import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Plugin, defineConfig } from 'vite';

/** Leaves a compressed copy beside each file that gains by it; the service gives that out as it is. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir = 'dist' }) {
      for (const name of readdirSync(join(dir, 'assets'))) {
        if (!/\.(js|css|wasm|svg)$/.test(name)) continue;
        const path = join(dir, 'assets', name);
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [compressed()],
  resolve: { alias: { react: 'preact/compat', 'react-dom': 'preact/compat' } },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: 'es2022',
    // The page's policy forbids what is inline, and so data: addresses of scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 250,
  },
  server: { proxy: Object.fromEntries(['/instances', '/healthz', '/openapi.json'].map((path) => [path, 'http://127.0.0.1:8480'])) },
});
