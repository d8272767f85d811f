/** What a keeper may record somebody as: the same on the register and on one person's line. */
export type Recordable = 'on-time' | 'late' | 'excused' | 'absent'

export const recordable: readonly { value: Recordable; label: string; tone?: 'wait' | 'red' }[] = [
  { value: 'on-time', label: '到会' },
  { value: 'late', label: '迟到', tone: 'wait' },
  { value: 'excused', label: '请假', tone: 'wait' },
  { value: 'absent', label: '缺席', tone: 'red' },
]
