// Bundles the command with all that it needs into one file, so that the package has no dependencies: `npx` starts it
// as soon as it is there. Run by `npm pack` from a checkout that is set up.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = new URL('../../', import.meta.url)

await build({
  entryPoints: [fileURLToPath(new URL('cli/studyhall.ts', root))],
  outfile: fileURLToPath(new URL('generated/studyhall.mjs', import.meta.url)),
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Native accelerators of ws, which does without them.
  external: ['bufferutil', 'utf-8-validate'],
  banner: {
    js: [
      '#!/usr/bin/env node',
      `// Studyhall's command. ${readFileSync(new URL('LICENSE', root), 'utf8').split('\n')[0]}.`,
      "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    ].join('\n'),
  },
  logLevel: 'warning',
})
