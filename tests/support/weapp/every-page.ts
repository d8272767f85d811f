import { readFileSync } from 'node:fs'
import path from 'node:path'
import { addDays, dayOf, mondayOf, weekOf } from '#domain/day'
import type { CastMember } from '../../../server/demo/cast'
import { admin, secretary } from '../cast'
import { testNow } from '../test-clock'
import { builtWeapp, requireBuiltWeapp } from './built-weapp'

const week = weekOf(dayOf(testNow()))

/** Whatever a page may ask for; it takes what it knows. */
/** What the branch of the cast was told of, in the week after the next Monday. */
const meeting = `${week.slice(0, 4)}-m-${addDays(mondayOf(week), 10).slice(5).replace('-', '')}themeday`

export const pageQuery = [
  `branch=${secretary.branchId}&week=${week}&of=${week}&id=${meeting}&list=demobranch&item=i1`,
  `member=xu-zhixia&year=${week.slice(0, 4)}`,
].join('&')

export type Visitor = 'guest' | 'admin' | 'secretary'

/** Who sees the most of this page. */
export function visitorOf(route: string): Visitor {
  if (route === 'pages/sign-in/index') return 'guest'
  return route.startsWith('packages/organization/') ? 'admin' : 'secretary'
}

export const personOf: Record<Exclude<Visitor, 'guest'>, CastMember> = { admin, secretary }

/** Every page of the built app.json. */
export function everyPage(): string[] {
  requireBuiltWeapp()
  const app = JSON.parse(readFileSync(path.join(builtWeapp, 'app.json'), 'utf8')) as AppJson
  const theirs = app.subPackages.flatMap(({ root, pages }) => pages.map((page) => `${root}/${page}`))
  return [...app.pages, ...theirs]
}

interface AppJson {
  pages: string[]
  subPackages: { root: string; pages: string[] }[]
}
