import type { Change, Read } from '#domain/records'
import type { Scope } from '#domain/scopes'
import type { Outcome, Row, SentCommand } from '#protocol/sync'
import type { AuditEnd, AuditLink } from '../audit-chain'
import type { ReadRecords } from '../storage/read-records'

/** One person's outbox on one device, as the server knows it. */
export interface DeviceName {
  /** The person's own scope. */
  readonly scope: Scope
  readonly device: string
}

export interface Device extends DeviceName {
  /** The last command with an outcome. */
  readonly last: number
  /** Those the phone may not have yet, in order of their ids. */
  readonly outcomes: readonly { readonly id: number; readonly result: Outcome }[]
  /** How often the command after `last` failed for a reason of ours. */
  readonly failures: number
  readonly seenAt: number
}

/** A command that failed again and again, kept whole for a repair. */
export interface SetAside extends DeviceName {
  readonly command: SentCommand
  readonly error: string
  readonly at: number
}

/** How far a scope is. */
export interface ScopeHead {
  readonly seq: number
  /** Another one after the server went back to a backup. */
  readonly epoch: number
  /** Tombstones below are gone: a cursor under it begins anew. */
  readonly floor: number
}

/** Rows of a scope after a sequence, oldest first, at most so many. */
export interface FeedAsked {
  readonly scope: Scope
  readonly after: number
  readonly limit: number
}

/** Rows with the floor of their scope at the same moment: deletions below it may be missing among them. */
export interface Feed {
  readonly floor: number
  readonly rows: readonly FeedRow[]
}

export interface FeedRow {
  readonly seq: number
  readonly row: Row
}

/** What a transaction writes with its commit, last of all. */
export interface Writes {
  /** Numbered scope by scope, in this order. Whoever reads up to a head has all up to it: the head is raised
   *  under the scope's lock. */
  readonly changes?: readonly Change[]
  readonly links?: readonly AuditLink[]
  readonly devices?: readonly Device[]
  readonly aside?: readonly SetAside[]
}

/** What a transaction came to, and what is to be written for it. */
export interface Concluded<T> {
  readonly result: T
  readonly writes: Writes
}

/** The scopes that a transaction wrote to, each as it stood at the commit, with what is new there. */
export type Written = ReadonlyMap<Scope, { readonly head: ScopeHead; readonly rows: readonly FeedRow[] }>

export interface Committed<T> {
  readonly result: T
  readonly written: Written
}

/** What synchronisation asks of its database: PostgreSQL at work, memory under the simulator. Each
 *  call takes many at once, so that a batch costs as many statements as a single command. */
export interface SyncStore {
  /** An error of the moment: nothing was written, and another try may succeed. */
  isTransient(error: unknown): boolean
  /** All that `work` wants written becomes durable together, or nothing does. Resolves after the commit. */
  transaction<T>(work: (transaction: SyncTransaction) => Promise<Concluded<T>>): Promise<Committed<T>>
  /** What is committed, in the order asked; a device never heard of is left out. */
  devices(names: readonly DeviceName[]): Promise<Device[]>
  records(reads: readonly Read[]): Promise<ReadRecords>
  heads(scopes: readonly Scope[]): Promise<Map<Scope, ScopeHead>>
  /** One list for each asked, in their order. */
  feeds(asked: readonly FeedAsked[]): Promise<Feed[]>
}

/** Locks are taken in this order, each kind sorted, and held until the transaction ends: devices,
 *  scopes that guard commands, scopes that are written. What is asked without waiting for the answer
 *  before it is carried out in the order asked, each on what is committed by then. */
export interface SyncTransaction {
  /** Those the server has not heard of are made. */
  lockDevices(names: readonly DeviceName[], now: number): Promise<Device[]>
  lockScopes(scopes: readonly Scope[]): Promise<void>
  records(reads: readonly Read[]): Promise<ReadRecords>
  auditEnds(scopes: readonly Scope[]): Promise<Map<Scope, AuditEnd>>
  heads(scopes: readonly Scope[]): Promise<Map<Scope, ScopeHead>>
}
