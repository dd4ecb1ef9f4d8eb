export { addServingCommands } from './main/serving-commands.ts'
export type { CommandContext } from './main/command-context.ts'
