// 上级党组织：下发主题、顺延规则、公布的放假安排
import * as v from 'valibot'
import { organizationCommand } from '../command'
import { accept, refuse } from '../decision'
import { publishedNoticeSchema } from '../published-notice'
import { organizationScope } from '../scopes'
import { weekRuleSchema } from '../week-rule'
import { weekTopicSchema } from '../weekly-study'

export const handDownTopic = organizationCommand({
  version: 1,
  args: weekTopicSchema,
  roles: ['admin'],
  guard: organizationScope,
  reads: () => [],
  decide: (id, topic) =>
    accept([{ scope: organizationScope(id), type: 'week-topic', key: topic.week, value: topic }]),
})

/** The published notice of a year, entered by hand, or the plain weekdays knowingly taken. */
export const confirmCalendar = organizationCommand({
  version: 1,
  args: v.pipe(
    v.object({ notice: publishedNoticeSchema }),
    // A published notice without a single day off is a form left empty.
    v.check(({ notice }) => notice.source !== 'notice' || Object.keys(notice.daysOff).length > 0),
  ),
  roles: ['admin'],
  guard: organizationScope,
  reads: (id, { notice }) => [{ scope: organizationScope(id), type: 'notice', key: String(notice.year) }],
  decide(id, { notice }, records) {
    const before = records.get(organizationScope(id), 'notice', String(notice.year))
    // An assumption that arrives late must not undo what was published meanwhile.
    if (notice.source === 'assumed' && before?.source === 'notice')
      return refuse({ code: 'changed-meanwhile' })
    return accept([{ scope: organizationScope(id), type: 'notice', key: String(notice.year), value: notice }])
  },
})

export const changeWeekRule = organizationCommand({
  version: 1,
  args: v.object({ weekRule: weekRuleSchema, version: v.number() }),
  roles: ['admin'],
  guard: organizationScope,
  reads: (id) => [{ scope: organizationScope(id), type: 'organization', key: 'organization' }],
  decide(id, { weekRule, version }, records) {
    const organization = records.get(organizationScope(id), 'organization', 'organization')
    if (organization === undefined) return refuse({ code: 'no-such-branch' })
    if (organization.version !== version) return refuse({ code: 'changed-meanwhile' })
    const value = { ...organization, weekRule, version: organization.version + 1 }
    return accept([{ scope: organizationScope(id), type: 'organization', key: 'organization', value }])
  },
})
