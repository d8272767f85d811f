import { type PersonId, personId } from '#domain/ids'
import type { Random } from './random'

/** Surnames, about as often as they are met. The people are invented; so that no one well known comes
 *  out by chance, some common characters are missing on purpose. */
const surnames: readonly (readonly [string, number])[] = [
  ...shares('王李张', 70),
  ...shares('刘陈杨', 50),
  ...shares('黄赵吴周', 25),
  ...shares('徐孙马朱胡郭何林', 13),
  ...shares('高罗郑梁谢宋唐许', 9),
  ...shares('韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕', 6),
  ...shares('丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛', 3),
  ...shares('闫段雷龙史陶黎贺毕顾郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳', 1),
]

function shares(characters: string, share: number): (readonly [string, number])[] {
  return [...characters].map((surname) => [surname, share])
}

/** Given names change with the years; each of two characters is one from `first` and one from `second`. */
const generations = [
  {
    until: 1962,
    single: '',
    first: '仁建志德永明光世秀桂玉淑素翠惠',
    second: '华平生林荣成安兰珍芳云琴梅芬英',
  },
  {
    until: 1979,
    single: '敏丽静斌萍燕玲娟',
    first: '志晓海春宏俊学丽红雪亚文',
    second: '明辉松阳林梅燕霞玲蓉娟敏',
  },
  {
    until: 1992,
    single: '洁磊岚超倩婷琳晶',
    first: '嘉思雨晨佳梦宇雅博文晓',
    second: '怡琪涵宁航瑶雯然洁楠',
  },
  { until: 2100, single: '', first: '子梓一欣若知亦书景予', second: '涵萱然宁言辰溪阳澄瑜' },
] as const

export function givenName(random: Random, birthYear: number): string {
  const generation = generations.find(({ until }) => birthYear <= until) ?? generations[3]
  if (generation.single !== '' && random.chance(0.18)) return random.pick([...generation.single])
  return random.pick([...generation.first]) + random.pick([...generation.second])
}

/** Names one person after another. A few share a name, as in life: everything must go by the id. */
export class Names {
  private count = 0
  private readonly given: string[] = []

  constructor(private readonly random: Random) {}

  next(birthYear: number): { readonly id: PersonId; readonly name: string } {
    this.count += 1
    const isNamesake = this.given.length > 20 && this.random.chance(0.004)
    const name = isNamesake
      ? this.random.pick(this.given)
      : this.random.weighted(surnames) + givenName(this.random, birthYear)
    this.given.push(name)
    return { id: personId(`p-${String(this.count).padStart(5, '0')}`), name }
  }
}
