import { execFile } from 'node:child_process'
import { chmod } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

/** Compiles `fsync.c` into a folder that PostgreSQL's account can read; the library's path.
 *  @throws where there is no `cc`: then what needs a slow or a full disk is not run */
export async function compiledShim(folder: string): Promise<string> {
  const source = path.resolve('bench/shim/fsync.c')
  const library = path.join(folder, 'fsync.so')
  await promisify(execFile)('cc', ['-O2', '-fPIC', '-shared', '-o', library, source, '-ldl'])
  await chmod(library, 0o755)
  return library
}
