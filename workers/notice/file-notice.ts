import { readFile } from 'node:fs/promises'
import type { Notice, NoticeSource } from './notice-source.ts'

/** A file whose appearance is the notice; its first line, if any, is the reason. */
export class FileNotice implements NoticeSource {
  readonly describe: string
  private readonly path: string

  constructor(path: string) {
    this.path = path
    this.describe = `file ${path}`
  }

  async check(): Promise<Notice | null> {
    try {
      const [line] = (await readFile(this.path, 'utf8')).split('\n')
      return { reason: line?.trim() || `${this.describe} appeared`, at: null }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }
}
