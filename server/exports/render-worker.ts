import { parentPort, workerData } from 'node:worker_threads'
import type { Document } from './document'
import { render } from './render'

/** One document in a thread of its own; its bytes are handed over, not copied. */
async function main(): Promise<void> {
  const bytes = new Uint8Array(await render(workerData as Document)) // as renderInWorker hands it over
  parentPort?.postMessage(bytes, [bytes.buffer])
}

void main()
