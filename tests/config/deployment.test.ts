import * as v from 'valibot'
import { parse, parseAllDocuments } from 'yaml'
import { settingsFrom } from '#server/settings'
import { envFile, faultsIn, fileText, isPinned, isSecret, settingNames } from '#support/deployment'
import flags from '../../config/server-flags.json'

const settings = settingNames()
const ofCompose = ['POSTGRES_PASSWORD', 'NODE_IMAGE', 'NPM_REGISTRY']

test('the settings of the server were found', () => {
  expect(settings).toEqual(expect.arrayContaining(['PORT', 'DATABASE_URL', 'WECHAT_APP_ID', 'SECRET_KEY']))
})

test.each(['docs/operating.md', 'docs/manuals/operator.md'])('%s names every setting', (file) => {
  const text = fileText(file)
  expect(settings.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})

describe('deploy/env.example', () => {
  const example = fileText('deploy/env.example')
  const all = envFile(example, { withExamples: true })

  test('has every setting, and no other', () => {
    expect(Object.keys(all).sort()).toEqual([...settings, ...ofCompose].sort())
  })

  test('says something about each', () => {
    const [withoutWords] = /(?<=\n\n)(#?[A-Z_]+=)/.exec(example) ?? []
    expect(withoutWords).toBeUndefined()
  })

  test('as it stands, and with every example, is taken by the server, and is no demo', () => {
    const asItStands = { ...envFile(example), DATABASE_URL: all.DATABASE_URL, HOST: '0.0.0.0' }
    expect(settingsFrom(asItStands)).toMatchObject({ demo: 'no', wechat: undefined })
    expect(settingsFrom(all)).toMatchObject({ demo: 'no', wechat: { isCloud: false } })
  })

  test('holds no secret: every one is the word itself or is left out', () => {
    const given = Object.entries(envFile(example)).filter(([name]) => isSecret(name))
    expect(given).toEqual([['POSTGRES_PASSWORD', 'replace-me']])
  })
})

describe('Dockerfile', () => {
  const dockerfile = fileText('Dockerfile')
  const ignored = fileText('.dockerignore')
  const known = [...settings, 'NODE_ENV', 'npm_config_registry']
  const faults = (text: string, ignore = ignored) => faultsIn(text, ignore, known)

  test('has nothing to object to', () => {
    expect(faults(dockerfile)).toEqual([])
  })

  test('lets nothing in that was not asked for', () => {
    expect(ignored.split('\n').filter((line) => line !== '' && !line.startsWith('#'))[0]).toBe('*')
  })

  test.each([
    { from: 'USER node', to: '', fault: 'it runs as root' },
    { from: 'USER node', to: 'USER root', fault: 'it runs as root' },
    { from: '20-bookworm-slim', to: 'latest', fault: 'node:latest has no tag of its own' },
    { from: ':20-bookworm-slim', to: '', fault: 'node has no tag of its own' },
    { from: 'STOPSIGNAL SIGTERM', to: '', fault: 'STOPSIGNAL is missing' },
    { from: 'HEALTHCHECK', to: '# HEALTHCHECK', fault: 'HEALTHCHECK is missing' },
    { from: 'COPY types types', to: 'COPY sorts types', fault: 'sorts is not there' },
    { from: 'COPY types types', to: 'COPY tests tests', fault: 'tests is kept out' },
    { from: 'DEMO=0', to: 'DEMO=0 DEMMO=1', fault: 'nobody reads DEMMO' },
    { from: 'DEMO=0', to: 'SECRET_KEY=abc', fault: 'SECRET_KEY would be readable in the image' },
    {
      from: `CMD ["node", ${flags.map((flag) => `"${flag}"`).join(', ')}, "dist/server/main.js"]`,
      to: 'CMD npm start',
      fault: 'a shell stands between the signal and the server',
    },
  ])('$fault', ({ from, to, fault }) => {
    expect(dockerfile).toContain(from)
    expect(faults(dockerfile.replaceAll(from, to))).toContain(fault)
  })
})

const healthcheck = v.object({ test: v.array(v.string()), interval: v.string(), retries: v.number() })
const composeSchema = v.object({
  services: v.object({
    server: v.object({
      image: v.string(),
      env_file: v.literal('.env'),
      environment: v.record(v.string(), v.string()),
      ports: v.array(v.pipe(v.string(), v.startsWith('127.0.0.1:'))),
      depends_on: v.object({ database: v.object({ condition: v.literal('service_healthy') }) }),
      healthcheck,
      stop_grace_period: v.string(),
    }),
    database: v.object({
      image: v.pipe(v.string(), v.startsWith('postgres:15')),
      environment: v.record(v.string(), v.string()),
      volumes: v.tuple([v.literal('database:/var/lib/postgresql/data')]),
      healthcheck,
    }),
  }),
  volumes: v.object({ database: v.nullable(v.object({})) }),
})

describe('compose.yaml', () => {
  const text = fileText('compose.yaml')
  const { services } = v.parse(composeSchema, parse(text))
  const example = envFile(fileText('deploy/env.example'), { withExamples: true })
  const filledIn = (value: string) =>
    value.replace(/\$\{(\w+)(?::[?-][^}]*)?\}/g, (_, name: string) => example[name] ?? '?')

  test('asks for nothing that env.example does not have', () => {
    const asked = [...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name)
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.filter((name) => !(name in example))).toEqual([])
  })

  test('starts the server in earnest, on the database beside it', () => {
    const { environment } = services.server
    expect(Object.keys(environment).filter((name) => !settings.includes(name))).toEqual([])
    const values = Object.entries(environment).map(([name, value]) => [name, filledIn(value)])
    expect(settingsFrom({ ...example, ...Object.fromEntries(values) })).toMatchObject({
      demo: 'no',
      host: '0.0.0.0',
      databaseUrl: `postgres://${services.database.environment.POSTGRES_USER}:${example.POSTGRES_PASSWORD}@database:5432/${services.database.environment.POSTGRES_DB}`,
    })
  })

  test('holds no secret itself', () => {
    const { server, database } = services
    const given = [...Object.entries(server.environment), ...Object.entries(database.environment)]
    const secrets = given.filter(([name]) => isSecret(name))
    expect(secrets.map(([name]) => name)).toEqual(['DATABASE_URL', 'POSTGRES_PASSWORD'])
    for (const [, value] of secrets) expect(value).toContain(`\${POSTGRES_PASSWORD:?`)
  })

  test('names its images by version', () => {
    expect([services.server.image, services.database.image].filter((image) => !isPinned(image))).toEqual([])
  })
})

test('git keeps out what compose and the release read secrets from', () => {
  const lines = fileText('.gitignore').split('\n')
  expect(lines).toEqual(expect.arrayContaining(['.env', '*.key', 'project.private.config.json']))
})

describe('container.config.json, for WeChat hosting', () => {
  // The format and the sizes are those of its documentation; what it sets up of its own MySQL is not ours.
  const sizes = { 0.25: 0.5, 0.5: 1, 1: 2, 2: 4, 4: 8, 8: 16, 16: 32 }
  const schema = v.strictObject({
    containerPort: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(61_000), v.notValue(9100)),
    dockerfilePath: v.literal('Dockerfile'),
    buildDir: v.literal(''),
    minNum: v.pipe(v.number(), v.integer(), v.minValue(0)),
    maxNum: v.pipe(v.number(), v.integer(), v.maxValue(50)),
    cpu: v.number(),
    mem: v.number(),
    policyType: v.picklist(['cpu', 'mem', 'cpu/mem']),
    policyThreshold: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
    envParams: v.record(v.string(), v.string()),
    customLogs: v.literal('stdout'),
    initialDelaySeconds: v.pipe(v.number(), v.integer(), v.minValue(0)),
  })
  const config = v.parse(schema, JSON.parse(fileText('container.config.json')))

  test('is of a size that is offered, and one instance always closes registers', () => {
    expect(Object.entries(sizes)).toContainEqual([String(config.cpu), config.mem])
    expect(config.minNum).toBeGreaterThanOrEqual(1)
  })

  test('sets what the server knows, no secret, and the port it listens on', () => {
    const names = Object.keys(config.envParams)
    expect(names.filter((name) => !settings.includes(name) || isSecret(name))).toEqual([])
    const DATABASE_URL = 'postgres://study:password@10.0.0.1:5432/study'
    expect(settingsFrom({ ...config.envParams, DATABASE_URL })).toMatchObject({
      port: config.containerPort,
      host: '0.0.0.0',
      demo: 'no',
    })
  })
})

describe('deploy/kubernetes.yaml', () => {
  const probe = (at: string) =>
    v.object({ httpGet: v.object({ path: v.literal(at), port: v.literal('http') }) })
  const deploymentSchema = v.object({
    kind: v.literal('Deployment'),
    spec: v.object({
      template: v.object({
        metadata: v.object({ labels: v.object({ app: v.string() }) }),
        spec: v.object({
          terminationGracePeriodSeconds: v.number(),
          securityContext: v.object({
            runAsNonRoot: v.literal(true),
            runAsUser: v.pipe(v.number(), v.minValue(1)),
          }),
          containers: v.tuple([
            v.object({
              image: v.string(),
              ports: v.tuple([v.object({ name: v.literal('http'), containerPort: v.number() })]),
              envFrom: v.tuple([v.object({ secretRef: v.object({ name: v.string() }) })]),
              env: v.array(v.object({ name: v.string(), value: v.string() })),
              startupProbe: probe('/healthz'),
              readinessProbe: probe('/readyz'),
              livenessProbe: probe('/healthz'),
              lifecycle: v.object({
                preStop: v.object({ exec: v.object({ command: v.array(v.string()) }) }),
              }),
            }),
          ]),
        }),
      }),
    }),
  })
  const serviceSchema = v.object({
    kind: v.literal('Service'),
    spec: v.object({
      selector: v.object({ app: v.string() }),
      ports: v.tuple([v.object({ targetPort: v.literal('http') })]),
    }),
  })
  const documents = parseAllDocuments(fileText('deploy/kubernetes.yaml')).map(
    (each) => each.toJS() as unknown,
  )
  const [deployment, service] = v.parse(v.tuple([deploymentSchema, serviceSchema]), documents)
  const { spec: pod, metadata } = deployment.spec.template
  const [container] = pod.containers

  test('the service finds the pods', () => {
    expect(service.spec.selector).toEqual(metadata.labels)
  })

  test('the server is given what it knows, no secret, and is no demo', () => {
    expect(container.env.filter(({ name }) => !settings.includes(name) || isSecret(name))).toEqual([])
    const environment = Object.fromEntries(container.env.map(({ name, value }) => [name, value]))
    const DATABASE_URL = 'postgres://study:password@10.0.0.1:5432/study'
    expect(settingsFrom({ ...environment, DATABASE_URL })).toMatchObject({
      port: container.ports[0].containerPort,
      host: '0.0.0.0',
      demo: 'no',
    })
  })

  test('its image is named by version, and its end leaves time after the pause', () => {
    expect(isPinned(container.image)).toBe(true)
    const pause = Number(container.lifecycle.preStop.exec.command.at(-1))
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(pause + 30)
  })
})
