/** Agents to connect to, and where they and the program meet. */
export interface AgentsOptions {
  /** Which agents: those started with the same `--group`. */
  readonly group: string
  /** `redis[s]://[user:password@]host[:port][/database]`; default `REDIS_URL`. */
  readonly queue?: string
  /** `postgres://…`; default `DATABASE_URL`, else the embedded server of `BULLPEN_HOME`. */
  readonly databaseUrl?: string
  /** Folder or `s3://bucket/prefix`, the same as the agents'; default `BULLPEN_OBJECTS`. */
  readonly objects?: string
  /** Told what the user should know, e.g. that Redis was lost or came back; default: a line on stderr. */
  readonly onNote?: (text: string) => void
}

/** No agents, no queue, no database: everything in threads of this process. */
export interface LocalOptions {
  readonly local: {
    /** The list of own tasks: the path of a JSON file, or names with paths of modules (relative to the current folder). */
    readonly tasks: string | Readonly<Record<string, string>>
    /** Default the number of cores. */
    readonly threads?: number
  }
}

export type ConnectOptions = AgentsOptions | LocalOptions
