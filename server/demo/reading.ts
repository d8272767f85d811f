import type { ReadingItem } from '#domain/reading'
import { readPasted } from '#domain/reading-paste'
import type { Change } from '#domain/records'
import type { Scope } from '#domain/scopes'

/** Known books by title and publisher alone, and invented links; nothing of what stands in them. */
const lists = {
  above: {
    title: '党史学习书目',
    about: '必读的读完一章再读下一章，选读的随各人时间',
    lines: `
《中国共产党简史》｜人民出版社、中共党史出版社｜10章｜必读
《共产党宣言》｜人民出版社｜4章｜必读
《红星照耀中国》｜人民文学出版社｜12章｜选读
《星火燎原》｜解放军出版社｜选读
科学家精神是什么｜演示资料｜2026-03-02｜https://example.cn/spirit｜必读
两弹一星事业中的协作｜演示资料｜2026-04-13｜https://example.cn/together｜选读`,
  },
  branch: {
    title: '支部共读',
    about: '每月一本，月底的集中学习上谈一谈',
    lines: `
《万历十五年》｜中华书局｜7章｜选读
《乡土中国》｜人民文学出版社｜14章｜必读
《寂静的春天》｜上海译文出版社｜17章｜选读`,
  },
}

/** A list as somebody of the demo pasted it. */
export function demoReading(scope: Scope, which: keyof typeof lists): Change[] {
  const { title, about, lines } = lists[which]
  const id = `demo${which}`
  const items = readPasted(lines).items.map(
    (item, index): ReadingItem => ({
      ...item,
      ...{ listId: id, id: `i${index + 1}`, place: index + 1, version: 1 },
    }),
  )
  return [
    { scope, type: 'reading-list', key: id, value: { id, title, about, version: 1 } },
    ...items.map((item): Change => ({ scope, type: 'reading-item', key: `${id}/${item.id}`, value: item })),
  ]
}
