/** Columns to the width of what is in them; the first to the left, figures to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ''))))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat((widths[column] ?? 0) - width(cell))
        return column === 0 ? cell + gap : gap + cell
      })
      .join('  ')
      .trimEnd()
  return [line(head), widths.map((each) => '-'.repeat(each)).join('  '), ...rows.map(line)].join('\n')
}

/** A Chinese character takes two places in a terminal. */
const width = (text: string) =>
  [...text].reduce((sum, each) => sum + (/[\u2e80-\uffef]/.test(each) ? 2 : 1), 0)

export const ratioText = (ratio: number) => (Number.isFinite(ratio) ? `${ratio.toFixed(2)} ×` : '∞')
