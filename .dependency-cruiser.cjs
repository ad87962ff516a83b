/** Which top-level folder may import which (docs: README, "Where things are, and how to add one"). */
const only = (folder, allowed) => ({
  name: `${folder}-imports-only-${allowed.length ? allowed.join('-') : 'nothing-of-ours'}`,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: {
    path: '^(contract|experiments|logging|runs|prisma|storage|server|workers|cli|web|scripts|test)/',
    pathNot: `^(${[folder, ...allowed].join('|')})/`,
  },
})

/** Folders of workers/datasets, each with those that it may import: from what lies on a disk up to a changed dataset. */
const DATASET_FOLDERS = {
  text: [],
  archives: ['text'],
  lists: ['text', 'archives'],
  pictures: ['archives'],
  formats: ['archives', 'pictures', 'lists'],
  overview: ['archives', 'pictures'],
  pack: ['archives', 'pictures', 'formats', 'overview'],
  edit: ['archives', 'overview', 'pack'],
}
const datasetFolder = ([folder, allowed]) => ({
  name: `datasets-${folder}-imports-only-${allowed.length ? allowed.join('-') : 'itself'}`,
  severity: 'error',
  from: { path: `^workers/datasets/${folder}/` },
  to: { path: '^workers/datasets/', pathNot: `^workers/datasets/(${[folder, ...allowed].join('|')})/` },
})

module.exports = {
  forbidden: [
    ...Object.entries(DATASET_FOLDERS).map(datasetFolder),
    only('contract', []),
    only('experiments', ['contract']),
    only('logging', []),
    only('storage', ['contract', 'logging']),
    only('prisma', ['contract']),
    only('runs', ['contract', 'experiments', 'logging', 'prisma', 'storage']),
    only('server', ['contract', 'experiments', 'logging', 'runs', 'prisma', 'storage']),
    only('workers', ['contract', 'experiments', 'logging', 'runs', 'prisma', 'storage']),
    only('web', ['contract']),
    {
      name: 'nothing-imports-server-web-or-cli',
      comment: 'Tests and the scripts that start the product are who may.',
      severity: 'error',
      from: { pathNot: '^(server|web|cli|scripts|test)/' },
      to: { path: '^(server|web|cli)/' },
    },
    {
      name: 'engine-knows-no-product',
      comment:
        'The engine is TensorFlow and the contract: no database, no queue, no storage. It reads pickles as datasets do.',
      severity: 'error',
      from: { path: '^workers/engine/' },
      to: {
        path: [
          '^(experiments|logging|prisma|runs|storage|workers/(?!(engine|pickle)/))',
          '^node_modules/(@prisma|pg|bullmq|ioredis)/',
        ],
      },
    },
    {
      name: 'tensorflow-only-in-the-engine',
      comment:
        'Whoever imports it pays 400 MB and a blocked event loop; only the training process does. A browser has its own.',
      severity: 'error',
      from: {
        path: '^(contract|experiments|logging|runs|prisma|storage|server|web|cli|scripts|workers/(?!engine/))',
        pathNot: '^(scripts/setup/install/verify-binding\\.mjs$|web/features/try/)',
      },
      to: { path: '^node_modules/@tensorflow/' },
    },
    {
      name: 'architectures-know-no-loop',
      severity: 'error',
      from: { path: '^workers/engine/(architectures|teaching|optimizers|batches)/' },
      to: { path: '^workers/engine/train\\.ts$' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-folder-circles',
      severity: 'error',
      comment: 'Types count, too: who reads one of two folders should not have to read both.',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
    {
      name: 'contract-runs-in-a-browser',
      comment: 'Pages import it: nothing of Node’s own, and no library but Zod.',
      severity: 'error',
      from: { path: '^contract/' },
      to: { pathNot: '^(contract|node_modules/zod)/' },
    },
    {
      name: 'pages-take-zod-without-eval',
      comment: 'web/forms/zod.ts says why; types are free.',
      severity: 'error',
      from: { path: '^web/', pathNot: ['^web/forms/zod\\.ts$', '^web/(front/|main)'] },
      to: { path: '^node_modules/zod/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-in-the-product',
      severity: 'error',
      from: { path: '^(contract|experiments|logging|runs|prisma|storage|server|workers|cli|web)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(generated|\\.next)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
