import writeXlsx from 'write-excel-file/node'
import { branchNames } from '../../server/demo/branch-names'
import { Random } from '../../server/demo/random'

const header = ['支部名称', '类别', '姓名', '编号', '党员身份', '职务', '加入日期']
const surnames = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'
const given = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平'

/** A roster of an invented association, xlsx: the first of each branch is its secretary. The same
 *  for the same sizes. */
export async function largeRoster({
  branches,
  people,
}: {
  branches: number
  people: number
}): Promise<Buffer> {
  const random = new Random('roster')
  const named = branchNames(branches)
  const rows = Array.from({ length: people }, (_, index) => {
    const branch = named[index % branches]
    const name = random.pick([...surnames]) + random.pick([...given]) + random.pick([...given])
    return [
      branch?.name ?? '',
      branch?.family ?? '',
      name,
      `T${String(index).padStart(5, '0')}`,
      index % 17 === 16 ? '预备党员' : '正式党员',
      index < branches ? '支部书记' : '',
      '2022-05-01',
    ]
  })
  return writeXlsx(
    [header, ...rows].map((row) => row.map((value) => ({ value, type: String }))),
    { sheet: '花名册' },
  ).toBuffer()
}
