import { organizationScope } from '#domain/scopes'
import type { Replica, Submitted } from '#sync/replica'
import { Unreachable } from '#sync/server-link'
import { association } from '../branch'
import type { Run } from './run'
import type { Trial } from './trial'

/** What somebody was told of a command: undefined when the process died before it could tell. */
export interface Told {
  readonly words: string
  answer: Submitted | 'threw' | undefined
}

/** One run of the app on the phone of a {@link Trial}. Whatever is told is written down there. */
export class PhoneOnTrial {
  constructor(
    private readonly trial: Trial,
    readonly run: Run,
    readonly replica: Replica,
  ) {}

  /** A ticket of 投诉建议: each counts, and none is like another. */
  async record(words: string): Promise<void> {
    const told: Told = { words, answer: undefined }
    this.trial.told.push(told)
    try {
      const args = { kind: 'question', words } as const
      const answer = await this.replica.submit('send-feedback', organizationScope(association), args)
      if (!this.run.isDead) told.answer = answer
    } catch (error) {
      if (this.run.isDead) return
      told.answer = 'threw'
      const { name } = error as Error
      const isFull = name === 'StorageFull' // which is an answer, not an error
      if (isFull || name !== this.run.trouble) throw new Error(`it could not be recorded: ${name}`)
    }
  }

  async dismiss(id: number): Promise<void> {
    this.trial.dismissed.set(id, 'perhaps')
    await this.replica.dismiss(id)
    if (!this.run.isDead) this.trial.dismissed.set(id, 'surely')
  }

  exchange() {
    const { server } = this.trial
    return this.replica.exchange({
      sync: async (request) => {
        if (this.run.isDead) throw new Unreachable('the app has ended')
        return server.sync(request)
      },
    })
  }

  /** Until there is nothing more to send or to fetch. */
  async settle(): Promise<void> {
    for (let round = 0; round < 50; round++) if (!(await this.exchange())?.hasMore) return
    throw new Error('it does not come to rest')
  }
}
