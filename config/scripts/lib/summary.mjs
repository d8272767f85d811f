/** Prints what ran and what did not, and ends with `N passed, N failed`. */
export function printSummary(counts) {
  console.log('')
  for (const { layer, skipped = [] } of counts) {
    for (const name of skipped) console.log(`skipped: ${layer} › ${name}`)
  }

  const width = Math.max(...counts.map(({ layer }) => layer.length), 12) + 2
  const row = (layer, passed, failed, skipped, time) =>
    `${layer.padEnd(width)}${String(passed).padStart(8)}${String(failed).padStart(8)}${String(skipped).padStart(9)}${time.padStart(10)}`
  console.log(row('layer', 'passed', 'failed', 'skipped', 'time'))
  for (const { layer, passed, failed, skipped, seconds, notRun } of counts) {
    console.log(
      notRun
        ? `${layer.padEnd(width)}  not run: ${notRun}`
        : row(layer, passed, failed, skipped.length, `${seconds} s`),
    )
  }

  const sum = (key) => counts.reduce((total, count) => total + (count[key] ?? 0), 0)
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`)
}
