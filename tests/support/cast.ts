import { type CastMember, cast } from '../../server/demo/cast'

/** The people of the demo association, so that a failure speaks of people you know. */
const known = (slug: string): CastMember => {
  const person = cast.find((each) => each.personId === slug)
  if (person === undefined) throw new Error(`nobody of the cast is called ${slug}`)
  return person
}

/** 林晓, an ordinary member of the cast's branch. */
export const linXiao = known('lin-xiao')
export const secretary = known('he-qiulan')
export const committeeMember = known('luo-yiming')
export const studyLead = known('tang-shuyan')
/** 62 years old, reads in large type. */
export const fangShusheng = known('fang-shusheng')
export const probationaryMember = known('xu-zhixia')
/** Of another branch. */
export const outsider = known('qin-xiaohe')
export const otherSecretary = known('jiang-wangshu')
export const admin = known('liang-yizhen')
export const inspector = known('tao-jingxing')
