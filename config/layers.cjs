/** The layers of docs/architecture.md, checked by `npm run check`. Each folder names what it may
 *  import; anything else of the project is refused. */
const mayImport = {
  '^src/domain/': ['^src/domain/', 'node_modules/(valibot|dayjs)/'],
  '^src/protocol/': ['^src/(protocol|domain)/', 'node_modules/valibot/'],
  '^src/sync/': ['^src/(sync|protocol|domain)/', 'node_modules/valibot/'],
  '^src/platform/': ['^src/(platform|sync|protocol|domain)/', 'node_modules/'],
  '^src/ui/': ['^src/ui/', 'node_modules/(react|@tarojs)/'],
  '^src/workspace\\.tsx$': ['^src/(platform|sync|protocol|domain)/', 'node_modules/'],
  '^server/': ['^server/', '^src/(domain|protocol)/', 'node_modules/', '^(node:)?[a-z_/]+$'],
  // Imported only once they are installed.
  '^config/scripts/': ['^config/scripts/', '^(node:)?[a-z_/]+$', 'node_modules/(esbuild|workbox-build)/'],
}

const rules = Object.entries(mayImport).map(([from, allowed]) => ({
  name: `layer ${from.replace(/[\^\\$]/g, '')}`,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed },
}))

module.exports = {
  forbidden: [
    ...rules,
    {
      name: 'a feature imports no other feature',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/([^/]+)/', pathNot: '^src/features/$1/' },
    },
    {
      name: 'a feature stays off the platform',
      severity: 'error',
      from: { path: '^src/features/' },
      to: { path: '^(src/(platform|pages|packages|wiring)|server/|node_modules/@tarojs/taro/)' },
    },
    {
      name: 'a page imports no other page',
      severity: 'error',
      from: { path: '^src/(?:pages|packages/[^/]+)/([^/]+)/' },
      to: { path: '^src/(?:pages|packages/[^/]+)/([^/]+)/', pathNot: '^src/(?:pages|packages/[^/]+)/$1/' },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'everything resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\.css$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|\\.cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
