import { runSchedule } from './schedule'

async function main(): Promise<void> {
  const [first = '1', count = '100'] = process.argv.slice(2)
  const began = performance.now()
  let bad = 0
  for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) {
    const { violation, taken } = await runSchedule(seed)
    if (violation === undefined) continue
    bad += 1
    if (bad < 12) console.log(`seed ${seed} (${taken.length} choices): ${violation.message}`)
  }
  console.log(`${count} schedules, ${bad} violations, ${((performance.now() - began) / Number(count)).toFixed(2)} ms each`)
}
void main()
