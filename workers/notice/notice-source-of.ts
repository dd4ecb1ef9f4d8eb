import { BullpenError } from '#core/errors'
import { AwsNotice } from './aws-notice.ts'
import { CommandNotice } from './command-notice.ts'
import { FileNotice } from './file-notice.ts'
import type { NoticeSource } from './notice-source.ts'

/** The source a setting names: `aws`, `file:PATH` or `command:CMD`. Throws USAGE for any other. */
export function noticeSourceOf(setting: string): NoticeSource {
  if (setting === 'aws') return new AwsNotice()
  const [, kind, rest] = /^(file|command):(.+)$/s.exec(setting) ?? []
  if (kind === 'file') return new FileNotice(rest!)
  if (kind === 'command') return new CommandNotice(rest!)
  throw new BullpenError('USAGE', { reason: `notices come from aws, file:PATH or command:CMD, not from ${setting}` })
}
