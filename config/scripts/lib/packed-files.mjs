import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const packable = /\.(js|css|html|json|svg|webmanifest)$/
const packed = /\.(br|gz)$/
/** Bytes; what is smaller fits into one packet as it is. */
const worthwhile = 1_024

const packers = {
  br: (content) =>
    promisify(brotliCompress)(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
  gz: (content) => promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
}

/** Writes a .br and a .gz beside each file that is text: packed once, as small as it gets, instead of
 *  at each request. The same files give the same bytes. */
export async function packFiles(folder) {
  for (const name of await namesIn(folder)) {
    if (!packable.test(name)) continue
    const file = path.join(folder, name)
    const content = await readFile(file)
    if (content.length <= worthwhile) continue
    for (const [ending, pack] of Object.entries(packers)) {
      await writeFile(`${file}.${ending}`, await pack(content))
    }
  }
}

/** The server sends what is packed rather than the file beside it: neither may outlive the other. */
export async function removePacked(folder) {
  for (const name of await namesIn(folder)) {
    if (packed.test(name)) await rm(path.join(folder, name))
  }
}

async function namesIn(folder) {
  try {
    return (await readdir(folder, { recursive: true })).sort()
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}
