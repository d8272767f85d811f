import type { Appointment } from '#domain/authority'
import {
  type BranchId,
  branchId,
  type OrganizationId,
  organizationId,
  type PersonId,
  personId,
} from '#domain/ids'
import type { Membership } from '#domain/membership'

/** Somebody of the demo association whom one can be for a while. All of them are invented. */
export interface CastMember {
  readonly personId: PersonId
  readonly name: string
  /** What they do here, in words: 「党支部书记」. */
  readonly part: string
  /** Absent for somebody who comes from outside. */
  readonly branchId?: BranchId
  /** Empty for somebody who comes from outside. */
  readonly branchName: string
  readonly membership?: Membership['membership']
  readonly appointments: readonly Appointment[]
  readonly birthYear: number
  /** Reads in large type. */
  readonly largeType?: boolean
}

export const demoOrganizationId: OrganizationId = organizationId('shancheng-kexie')
export const demoOrganizationName = '山城市科学技术协会'

/** The branch most of the cast belong to. */
export const castBranch = { id: branchId('branch-003'), name: '科技馆第三党支部' } as const
/** Of the society next door: what happens there is none of the cast branch's business. */
export const otherBranch = { id: branchId('branch-002'), name: '市植物学会党支部' } as const
const officeBranch = { id: branchId('branch-001'), name: '机关第一党支部' } as const

const member = (
  slug: string,
  name: string,
  part: string,
  birthYear: number,
  branch: { readonly id: BranchId; readonly name: string },
  more: Partial<Pick<CastMember, 'appointments' | 'membership' | 'largeType'>> = {},
): CastMember => ({
  personId: personId(slug),
  name,
  part,
  birthYear,
  branchId: branch.id,
  branchName: branch.name,
  membership: 'full',
  appointments: [],
  ...more,
})

export const cast: readonly CastMember[] = [
  member('he-qiulan', '何秋岚', '党支部书记', 1976, castBranch, {
    appointments: [{ role: 'secretary', branchId: castBranch.id }],
  }),
  member('luo-yiming', '罗一鸣', '组织委员', 1985, castBranch, {
    appointments: [{ role: 'committee-member', branchId: castBranch.id }],
  }),
  member('tang-shuyan', '唐书言', '本周领学人', 1988, castBranch),
  member('lin-xiao', '林晓', '党员', 1994, castBranch),
  member('fang-shusheng', '方树声', '党员，62 岁，使用大字', 1964, castBranch, { largeType: true }),
  member('xu-zhixia', '许知夏', '预备党员', 2000, castBranch, { membership: 'probationary' }),
  member('jiang-wangshu', '蒋望舒', '党支部书记', 1979, otherBranch, {
    appointments: [{ role: 'secretary', branchId: otherBranch.id }],
  }),
  member('qin-xiaohe', '秦小禾', '党员', 1991, otherBranch),
  member('liang-yizhen', '梁亦真', '机关党委管理员', 1982, officeBranch, {
    appointments: [{ role: 'admin', organizationId: demoOrganizationId }],
  }),
  {
    personId: personId('tao-jingxing'),
    name: '陶景行',
    part: '督导，只查看',
    birthYear: 1972,
    branchName: '',
    appointments: [{ role: 'inspector', organizationId: demoOrganizationId }],
  },
]
