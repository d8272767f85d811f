// 写一份可以复制到群里的接龙
import { type Day, isoWeekday } from '../day'

/** What a chain is about. */
export interface ChainHeading {
  readonly topic: string
  readonly day: Day
  /** 「08:30」 */
  readonly time?: string
  readonly place?: string
}

const weekdays = '一二三四五六日'

/** A chain to paste into the group. Who is expected stands in the heading, where `readChain` passes over
 *  it: a name in the list itself would count as come before anybody has written a word. */
export function writeChain({ topic, day, time, place }: ChainHeading, names: readonly string[] = []): string {
  const [, month, date] = day.split('-')
  const weekday = weekdays.charAt(isoWeekday(day) - 1)
  return [
    '#接龙',
    `周汇朝学 ${Number(month)}月${Number(date)}日（周${weekday}）${time === undefined ? '' : ` ${time}`}`,
    ...field('主题', topic),
    ...field('地点', place),
    ...(names.length === 0 ? [] : [`应到${names.length}人：${names.map(oneLine).join('、')}`]),
    '请写姓名；请假写“姓名 请假 原因”，代别人写“别人的姓名（您的姓名代）”。',
    '例 1. 张三 到会',
    '',
    '1. ',
  ].join('\n')
}

const field = (name: string, text: string | undefined): string[] =>
  text === undefined || oneLine(text) === '' ? [] : [`${name}：${oneLine(text)}`]

/** A line of its own could be taken for one of the list. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()
