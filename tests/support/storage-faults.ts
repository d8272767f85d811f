import { linXiao } from './branch'
import type { Medium } from './storage/medium'
import { memoryMedium } from './storage/memory-medium'
import type { PhoneOnTrial } from './storage/phone-on-trial'
import { type Fault, faults, Run } from './storage/run'
import { strayPages, Trial } from './storage/trial'

/** One thing a person or the server does, from a prepared state. Faults strike in `act`. */
export interface Scenario {
  readonly name: string
  readonly personId?: Trial['personId']
  /** An earlier run of the app. Without it the phone is new. */
  readonly prepare?: (phone: PhoneOnTrial, trial: Trial) => Promise<void>
  /** What became of the disk while the app was not running. */
  readonly spoil?: (disk: Map<string, string>, trial: Trial) => void
  /** Earlier in the same run, with storage that works. */
  readonly before?: (phone: PhoneOnTrial, trial: Trial) => Promise<void>
  /** Faults strike from the start of the app on, and not only in `act`. */
  readonly withOpening?: boolean
  readonly act?: (phone: PhoneOnTrial, trial: Trial) => Promise<unknown>
  /** Calls it must come to, or it is no longer what its name says: how they begin, as `set o/1`. */
  readonly reaches: readonly string[]
}

export interface Findings {
  /** Calls to storage when nothing fails, as {@link Scenario.reaches} names them. */
  readonly calls: readonly string[]
  /** Call × fault, each tried once. */
  cases: number
  notApplicable: number
  readonly violations: string[]
}

/** Every call of a scenario × every fault. After each the app starts again if it was ended, one
 *  more command is recorded without signal, all is synchronised until it rests, and what was
 *  promised is looked at; again after another start; and again when all copies have begun anew. */
export async function everyFault(scenario: Scenario, medium: Medium): Promise<Findings> {
  const untroubled = await tried(scenario, medium)
  const calls = untroubled.run.calls
  const findings: Findings = {
    calls: calls.map(({ call, key }) => `${call} ${key.replace(/^p\/[^/]+\//, '')}`),
    cases: 0,
    notApplicable: 0,
    violations: untroubled.violations.map((each) => `nothing fails: ${each}`),
  }
  for (const [index, { call }] of calls.entries()) {
    for (const fault of faults) {
      if (!medium.canHappen(fault, call)) {
        findings.notApplicable += 1
        continue
      }
      findings.cases += 1
      const { run, violations } = await tried(scenario, medium, { nth: index + 1, fault })
      if (!run.isHit) violations.push('the call was never made')
      const where = `call ${index + 1} (${findings.calls[index]}) ${fault}`
      for (const each of violations) findings.violations.push(`${where}: ${each}`)
    }
  }
  return findings
}

async function tried(
  scenario: Scenario,
  medium: Medium,
  planned?: { nth: number; fault: Fault },
): Promise<{ run: Run; violations: string[] }> {
  const trial = new Trial(scenario.personId ?? linXiao)
  await medium.load(await preparedDisk(scenario, trial))
  const run = new Run(planned)
  const violations: string[] = []
  const phone = await troubled(scenario, trial, medium, run, violations)
  try {
    const isOver = phone === undefined || run.isDead || planned?.fault === 'fails until restart'
    const healed = isOver ? await trial.start(medium) : phone
    if (healed.replica.isFilled) await healed.record('afterwards, before there is signal')
    await healed.settle()
    await healed.exchange()
    const left = await medium.entries()
    violations.push(...trial.violations(healed.replica, left))
    const later = memoryMedium() // the adapter has shown what it can: what follows is about the content
    await later.load(left)
    const restarted = await trial.start(later)
    for (const each of trial.violations(restarted.replica, left))
      if (!violations.includes(each)) violations.push(`after another start: ${each}`)
    trial.server.epoch += 1
    await restarted.settle()
    await restarted.exchange() // what the letters tell was asked about again
    const anew = await later.entries()
    for (const each of [...trial.violations(restarted.replica, anew), ...strayPages(anew)])
      if (!violations.includes(each)) violations.push(`all begun anew: ${each}`)
  } catch (error) {
    violations.push(`it does not heal: ${(error as Error).stack ?? String(error)}`)
  }
  return { run, violations }
}

/** The state before, made on a disk that works. */
async function preparedDisk({ prepare, spoil }: Scenario, trial: Trial): Promise<Map<string, string>> {
  const medium = memoryMedium()
  if (prepare !== undefined) await prepare(await trial.start(medium), trial)
  const disk = await medium.entries()
  spoil?.(disk, trial)
  return disk
}

/** The run in which the fault strikes. Returns the phone if it could be opened. What lives on may
 *  fail only by saying what is wrong with storage. */
async function troubled(
  { withOpening, before, act }: Scenario,
  trial: Trial,
  medium: Medium,
  run: Run,
  violations: string[],
): Promise<PhoneOnTrial | undefined> {
  let phone: PhoneOnTrial | undefined
  try {
    run.isWatched = withOpening ?? false
    phone = await trial.start(medium, run)
    await before?.(phone, trial)
    run.isWatched = true
    await act?.(phone, trial)
  } catch (error) {
    const { name, stack } = error as Error
    if (!run.isDead && name !== run.trouble) violations.push(`it broke: ${stack}`)
  }
  run.isWatched = false
  return phone
}
