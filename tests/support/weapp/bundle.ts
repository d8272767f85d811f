import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Config } from './instance'
import type { Realm } from './realm'

/** The files of a built app, its modules run in one realm as WeChat runs them. */
export class Bundle {
  private readonly modules = new Map<string, { exports: unknown }>()
  private readonly registrations = new Map<string, Config>()
  private readonly settings = new Map<string, Config>()
  private registered: Config | undefined

  constructor(
    private readonly dist: string,
    private readonly realm: Realm,
  ) {
    if (!existsSync(path.join(dist, 'app.json')))
      throw new Error(`${dist} is not built: run npm run build:weapp`)
    const register = (config: Config) => {
      this.registered = config
    }
    realm.define({ Page: register, Component: register, Behavior: (config: Config) => config })
  }

  json(file: string): Config {
    const known = this.settings.get(file) ?? this.readJson(file)
    this.settings.set(file, known)
    return known
  }

  /** What this page's or component's file registers; the file is run when first needed. */
  registration(file: string): Config {
    const known = this.registrations.get(file)
    if (known) return known
    this.registered = undefined
    this.realm.enter(`${file}.js`, () => this.run(`${file}.js`))
    if (!this.registered) this.realm.fault(`${file}.js registers neither a Page nor a Component`)
    const config = this.registered ?? {}
    this.registrations.set(file, config)
    return config
  }

  run(file: string): unknown {
    const known = this.modules.get(file)
    if (known) return known.exports
    const module = { exports: {} }
    this.modules.set(file, module)
    const source = readFileSync(path.join(this.dist, file), 'utf8')
    const wrapped = this.realm.evaluate(`(function (require, module, exports) {${source}\n})`, file) as (
      ...parts: unknown[]
    ) => void
    const require = (name: string) =>
      this.run(path.posix.join(path.posix.dirname(file), name.replace(/(\.js)?$/, '.js')))
    wrapped(require, module, module.exports)
    return module.exports
  }

  private readJson(file: string): Config {
    const at = path.join(this.dist, `${file}.json`)
    return existsSync(at) ? (JSON.parse(readFileSync(at, 'utf8')) as Config) : {}
  }
}
