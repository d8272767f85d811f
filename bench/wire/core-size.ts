import { readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

export interface CoreSize {
  readonly gzipBytes: number
  readonly minifiedBytes: number
  /** With the rules in it as well. */
  readonly withRulesGzipBytes: number
  /** By file, the largest first: minified, as they stand in the bundle. */
  readonly parts: readonly { readonly file: string; readonly minifiedBytes: number }[]
}

/** The client's synchronisation as a phone loads it: all of src/sync, with what it takes from the
 *  protocol and of valibot. The rules are the branch's, not the core's, and stay outside. */
export async function coreSize(): Promise<CoreSize> {
  const core = await bundled({ external: ['#domain/*'] })
  const parts = Object.entries(core.inputs)
    .map(([file, { bytesInOutput }]) => ({ file, minifiedBytes: bytesInOutput }))
    .sort((a, b) => b.minifiedBytes - a.minifiedBytes)
  const whole = await bundled({})
  return {
    gzipBytes: gzipped(core.code),
    minifiedBytes: core.code.length,
    withRulesGzipBytes: gzipped(whole.code),
    parts,
  }
}

const gzipped = (code: Uint8Array) => gzipSync(code, { level: 9 }).length

async function bundled({ external }: { external?: string[] }) {
  const files = readdirSync('src/sync')
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: files.map((file) => `export * from './src/sync/${file}'`).join('\n'),
      resolveDir: process.cwd(),
    },
    ...(external === undefined ? {} : { external }),
    bundle: true,
    minify: true,
    format: 'cjs',
    target: 'es2018',
    write: false,
    metafile: true,
  })
  const [output] = Object.values(metafile.outputs)
  const [file] = outputFiles
  if (output === undefined || file === undefined) throw new Error('nothing was bundled')
  return { code: file.contents, inputs: output.inputs }
}
