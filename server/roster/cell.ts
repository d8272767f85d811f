import type { RosterCell } from '#domain/roster-lines'
import { limits } from './unreadable'

export const cellOf = (text: string): RosterCell =>
  text.length > limits.cell ? { text: '', mark: 'too-long' } : { text }
