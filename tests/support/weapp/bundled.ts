import { buildSync } from 'esbuild'
import type { Realm } from './realm'

/** A source file of ours, with all it imports, run in a realm by itself: what it exports. Taro
 *  hands the calls of a mini-program on to `wx`, so here `wx` stands in its place. */
export function runBundled<Exports>(realm: Realm, file: string): Exports {
  const { outputFiles } = buildSync({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'cjs',
    target: 'es2018', // as Taro's build for WeChat
    external: ['@tarojs/taro'],
    define: { 'process.env.TARO_ENV': '"weapp"' },
  })
  const code = outputFiles[0]?.text ?? ''
  const run = realm.evaluate(`(function (require, module, exports) {${code}\n})`, file) as (
    ...parts: unknown[]
  ) => void
  const module = { exports: {} }
  const taro = realm.object({ default: realm.context.wx, __esModule: true })
  run(() => taro, module, module.exports)
  return module.exports as Exports // what this very file exports
}
