/** One project for each layer of tests, so that `npm run check` can run the quick ones alone and
 *  `npm test` can count them apart. */
const transform = {
  '^.+\\.(t|j)sx?$': [
    '@swc/jest',
    {
      jsc: {
        parser: { syntax: 'typescript', tsx: true },
        transform: { react: { runtime: 'automatic' } },
        target: 'es2022',
      },
      module: { type: 'commonjs' },
    },
  ],
}

const project = (displayName, folders, more = {}) => ({
  displayName,
  transform,
  testEnvironment: 'node',
  testMatch: folders.map((folder) => `<rootDir>/tests/${folder}/**/*.test.{ts,tsx}`),
  ...more,
})

const withServer = {
  globalSetup: '<rootDir>/tests/support/postgres-setup.ts',
  globalTeardown: '<rootDir>/tests/support/postgres-teardown.ts',
}

module.exports = {
  projects: [
    project('unit', ['domain', 'protocol', 'sync', 'platform', 'demo', 'config']),
    project('ui', ['ui', 'features', 'pages'], {
      testEnvironment: 'jsdom',
      // Else jsdom asks for what browsers get: modules, which Jest does not run.
      testEnvironmentOptions: { customExportConditions: [] },
      moduleNameMapper: {
        '\\.css$': '<rootDir>/tests/support/empty.ts',
        '^@tarojs/components$': '<rootDir>/tests/support/taro-components.tsx',
        '^@tarojs/taro$': '<rootDir>/tests/support/taro-api.ts',
        // As Taro has it when it builds for Preact.
        '^react$': 'preact/compat',
        '^react/jsx-runtime$': 'preact/jsx-runtime',
      },
    }),
    project('server', ['server'], withServer),
    project('weapp', ['weapp'], withServer),
    project('journeys', ['journeys'], withServer),
  ],
}
