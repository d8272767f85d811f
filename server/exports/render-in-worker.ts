import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Render } from './render'

const timeoutMs = 60_000
/** What a year of the whole association takes several times over; a document that needs more fails alone. */
const memory = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64 }

/** Packing a file takes a second of computing at worst: in another thread, nobody's check-in waits for it.
 *  @throws when it fails or takes too long; the thread is gone then */
export const renderInWorker =
  (script: string): Render =>
  async (document) => {
    const worker = new Worker(script, { workerData: document, resourceLimits: memory })
    try {
      const signal = AbortSignal.timeout(timeoutMs)
      const [bytes] = (await once(worker, 'message', { signal })) as [Uint8Array]
      return bytes
    } finally {
      await worker.terminate()
    }
  }
