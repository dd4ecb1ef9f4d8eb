import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A PATH whose terraform fails the first time that it is to destroy. */
export function oneFailingDestroy(home: string): string {
  return firstDestroy(home, "echo 'Error: this terraform destroys nothing' >&2; exit 1")
}

/** A PATH whose terraform hangs the first time that it is to destroy, until it is let go on: it fails then. */
export function oneHangingDestroy(home: string): { readonly path: string; readonly goOn: () => void } {
  const go = join(home, 'go-on')
  const goOn = (): void => {
    writeFileSync(go, '')
  }
  return { path: firstDestroy(home, `while [ ! -e '${go}' ]; do sleep 0.1; done; exit 1`), goOn }
}

function firstDestroy(home: string, instead: string): string {
  const folder = join(home, 'programs')
  const real = execFileSync('sh', ['-c', 'command -v terraform'], { encoding: 'utf8' }).trim()
  mkdirSync(folder)
  const isFirst = `*destroy*) if mkdir '${folder}/first' 2>/dev/null; then`
  const lines = ['#!/bin/sh', `case "$*" in ${isFirst}`, instead, 'fi ;; esac', `exec '${real}' "$@"`]
  writeFileSync(join(folder, 'terraform'), lines.join('\n'))
  chmodSync(join(folder, 'terraform'), 0o755)
  return `${folder}:${process.env['PATH'] ?? ''}`
}
