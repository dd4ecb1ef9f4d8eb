import { defineConfig } from 'vite'

const here = import.meta.dirname

// The page of the service: built into the folder that serving/pages serves. No plugin: JSX goes through Vite's own
// transform, and every name with a hash in it may be cached for ever.
export default defineConfig({
  root: here,
  base: '/',
  logLevel: 'warn',
  // Our own packages (`#client`) are read as source, so the page needs no compiled output of anything.
  resolve: { conditions: ['source', 'module', 'browser', 'import', 'default'] },
  build: {
    outDir: `${here}/../dist/serving/static`,
    emptyOutDir: true,
    target: 'es2023',
    // The first versions with light-dark(), which an older target would rewrite.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // A data: URL would need a wider content security policy than 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    rolldownOptions: { input: { index: `${here}/index.html`, report: `${here}/report.html` } },
  },
})
