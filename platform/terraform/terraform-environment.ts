/**
 * The environment of a terraform: that of this process without the TF_ settings someone made for other work (arguments,
 * workspace, data folder, logs), and with those that keep it quiet and offline.
 *
 * @param cliConfig an empty file; terraform warns in every command about one that is not there
 */
export function terraformEnvironment(cliConfig: string): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^TF_(?!PLUGIN_CACHE_DIR$)/.test(entry[0]),
  )
  return {
    ...Object.fromEntries(inherited),
    TF_CLI_CONFIG_FILE: cliConfig,
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
  }
}
