import { execFile, execFileSync } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const mounted = new Set<string>()

/** A disk of its own: an ext4 in a file. The file holds what has reached the disk; what was written
 *  and not synced is still in the memory of the mounted system, and so goes with the power. */
export class Disk {
  private constructor(
    readonly image: string,
    readonly folder: string,
    private readonly device: string,
  ) {}

  static async make(image: string, size: string): Promise<void> {
    await run('truncate', ['-s', size, image])
    await run('mkfs.ext4', ['-q', image])
  }

  /** Its journal is committed by syncs alone, not every five seconds.
   *  @throws where mounting is not allowed */
  static async mount(image: string): Promise<Disk> {
    const folder = `${image}.mounted`
    await mkdir(folder, { recursive: true })
    await run('mount', ['-o', 'loop,commit=300', image, folder])
    mounted.add(folder)
    const { stdout } = await run('findmnt', ['-n', '-o', 'SOURCE', folder])
    return new Disk(image, folder, path.basename(stdout.trim()))
  }

  /** Everything written until now has reached it. */
  async sync(): Promise<void> {
    await run('sync', ['-f', this.folder])
  }

  /** What a power cut leaves: whoever writes is to be stopped already.
   *  @throws when the system keeps writing to it meanwhile, for then it is the disk of no moment */
  async copyAsCut(copy: string): Promise<void> {
    for (let tries = 0; tries < 5; tries += 1) {
      const before = await this.writes()
      await run('cp', ['--sparse=always', this.image, copy])
      if ((await this.writes()) === before) return
    }
    throw new Error('the disk is written to while it is copied')
  }

  async unmount(): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        await run('umount', [this.folder])
        mounted.delete(this.folder)
        return
      } catch (error) {
        if (tries === 20) throw error
        await sleep(100) // a process that was killed is still going
      }
    }
  }

  /** For whoever is going at once: each goes, with its loop device, when the last process lets go. */
  static leaveAll(): void {
    for (const folder of mounted) execFileSync('umount', ['-l', folder])
  }

  /** How many writes the device was ever given. */
  private async writes(): Promise<number> {
    const stat = await readFile(`/sys/block/${this.device}/stat`, 'utf8')
    return Number(stat.trim().split(/\s+/)[4])
  }
}
