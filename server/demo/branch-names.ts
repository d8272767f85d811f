import { type BranchId, branchId } from '#domain/ids'
import type { Branch } from '#domain/weekly-study'
import { castBranch, otherBranch } from './cast'

export interface BranchName {
  readonly id: BranchId
  readonly name: string
  readonly family: Branch['family']
}

const offices = '一二三四五六七八九十'

const units =
  '青少年科技中心 科普服务中心 学会服务中心 科技交流中心 科技咨询服务中心 科技人才服务中心 农村科普服务站 科技报社 科普影视中心 科技信息中心 科技会展中心 科普出版中心'.split(
    ' ',
  )

const disciplines =
  '数学 物理 化学 天文 气象 地理 地质 动物 微生物 生态 昆虫 土壤 作物 园艺 林学 畜牧兽医 水产 农业工程 农业机械 食品科学 茶叶 蚕桑 中医药 护理 预防医学 药学 营养 口腔医学 康复医学 心理 解剖 生理 遗传 生物工程 环境科学 测绘 水利 电机工程 机械工程 汽车工程 铁道 公路 航海 航空 自动化 电子 通信 计算机 人工智能 图像图形 光学 声学 计量测试 仪器仪表 材料 金属 铸造 焊接 热处理 表面工程 化工 石油 煤炭 矿业 能源研究 制冷 建筑 土木 岩石力学 振动工程 城市规划 风景园林 消防 安全科学 青少年科技教育 科技期刊 科技史 系统工程 运筹 标准化 质量 物流 档案 纺织 印刷 造纸 包装 硅酸盐'.split(
    ' ',
  )

/** Most branches are those of science societies. The first three, one of each family, are where the
 *  cast is at home. */
export function branchNames(count: number): BranchName[] {
  const named: Omit<BranchName, 'id'>[] = [
    { family: '机关', name: '机关第一党支部' },
    { family: '科技社团', name: otherBranch.name },
    { family: '直属单位', name: castBranch.name },
    ...[...offices].slice(1).map((number) => ({ family: '机关', name: `机关第${number}党支部` })),
    { family: '机关', name: '离退休党支部' },
    ...['一', '二'].map((number) => ({ family: '直属单位', name: `科技馆第${number}党支部` })),
    ...units.map((unit) => ({ family: '直属单位', name: `${unit}党支部` })),
    ...disciplines.map((discipline) => ({ family: '科技社团', name: `市${discipline}学会党支部` })),
  ]
  if (count < 3 || count > named.length) throw new RangeError(`between 3 and ${named.length} branches`)
  return named
    .slice(0, count)
    .map((each, index) => ({ id: branchId(`branch-${String(index + 1).padStart(3, '0')}`), ...each }))
}
