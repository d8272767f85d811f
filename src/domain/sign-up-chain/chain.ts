// 一份群接龙读出来的样子
import type { PersonId } from '../ids'
import type { LeaveKind } from '../register'
import type { ChainStanding } from './notes'

/** One line, or a part of it, that names somebody or seems to. */
export interface ChainEntry {
  /** Counted from 1, as an editor does. */
  readonly line: number
  /** The part of the line that is about this person; the whole line, where it is about nobody else. */
  readonly text: string
  /** As it stands there, without spaces; '' where somebody only wrote 「到」. */
  readonly name: string
  readonly note: string
  /** 代: who wrote it for them, as it stands there. */
  readonly agent?: string
}

/** Why a line waits for a decision.
 *  - `unknown-name`: nobody on the roster has this name; `candidates` are alike
 *  - `ambiguous`: several have it
 *  - `twice`: another line says otherwise of the same person
 *  - `unclear`: somebody is named, but not plainly as one who comes, is late, or stays away */
export type ChainProblem = 'unknown-name' | 'ambiguous' | 'twice' | 'unclear'

/** Settled where there is a `memberId`. Beside a problem, the standing is only what it seems to be. */
export type ChainMatch = {
  readonly entry: ChainEntry
  readonly standing: ChainStanding
  readonly leaveKind?: LeaveKind
  /** Who may be meant; of a settled match the one person. */
  readonly candidates: readonly PersonId[]
} & (
  | { readonly memberId: PersonId; readonly problem?: undefined }
  | { readonly memberId?: undefined; readonly problem: ChainProblem }
)

/** `repeated`: a later line says the same of the same person. */
export type IgnoredBecause = 'blank' | 'heading' | 'example' | 'talk' | 'repeated'

export interface IgnoredLine {
  readonly line: number
  readonly text: string
  readonly because: IgnoredBecause
}

export interface ChainReading {
  readonly matches: readonly ChainMatch[]
  readonly ignored: readonly IgnoredLine[]
  /** Of the roster, whom no line names: neither settled nor waiting for a decision. */
  readonly missing: readonly PersonId[]
  readonly refusal?: 'too-long' | 'nothing-found'
}
