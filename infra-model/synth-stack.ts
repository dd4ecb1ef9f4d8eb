import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { App, type TerraformStack } from 'cdktn'

/** Writes a stack as terraform reads it, below `outdir`; answers its folder. The same input gives the same bytes. */
export function synthStack(outdir: string, id: string, make: (app: App) => TerraformStack): string {
  mkdirSync(outdir, { recursive: true, mode: 0o700 })
  const app = new App({ outdir, stackTraces: false, skipBackendValidation: true })
  make(app)
  app.synth()
  return join(outdir, 'stacks', id)
}
