import { unzipSync } from 'fflate'
import { addDays, dayOf, formatDay } from '#domain/day'
import type { BranchId } from '#domain/ids'
import { isOn, type Meeting, type MeetingKind } from '#domain/meeting'
import { quorumOf } from '#domain/quorum'
import type { Read, Records } from '#domain/records'
import { refusalText } from '#domain/refusal'
import { reviewOn } from '#domain/review'
import { branchScope, organizationScope, reviewScope } from '#domain/scopes'
import { standings } from '#domain/tally'
import { meetingKindWords, missingWords, stageWords } from '#domain/words'
import { readRecords } from '#server/storage/rows'
import { castBranch, demoOrganizationId, otherBranch } from '../../server/demo/cast'
import { admin, fangShusheng, linXiao, secretary } from '../support/cast'
import type { DemoServer } from '../support/demo-server'
import { exported } from '../support/exported'
import { H5Phone } from '../support/h5-phone'
import { journey, untilItOpensOffline } from '../support/journey'
import { type Phone, until } from '../support/phone'
import { testNow } from '../support/test-clock'
import type { WeappPhone } from '../support/weapp/weapp-phone'

const place = '二楼会议室'
const today = () => dayOf(testNow())
/** A phone that was told to wait asks again only after a while. */
const arrival = 15_000

const onServer = ({ database }: DemoServer, reads: readonly Read[]): Promise<Records> =>
  readRecords(database.pool, reads)

/** The meetings of a branch with this topic, as the server has them. */
async function meetingsOn(server: DemoServer, topic: string, branch: BranchId): Promise<Meeting[]> {
  const scope = branchScope(branch)
  const records = await onServer(server, [{ scope, type: 'meeting', prefix: '' }])
  return records.list(scope, 'meeting', '').filter((each) => each.topic === topic)
}

/** The one meeting with this topic, its register and its minutes, as the server has them. */
async function recordOf(server: DemoServer, topic: string) {
  const [found, ...others] = await meetingsOn(server, topic, castBranch.id)
  if (others.length > 0) throw new Error(`${others.length + 1} meetings have the topic ${topic}`)
  if (found === undefined || !isOn(found)) return undefined
  const scope = reviewScope(castBranch.id)
  const records = await onServer(server, [
    { scope: branchScope(castBranch.id), type: 'meeting', key: found.id },
    { scope, type: 'register', key: found.id },
    { scope, type: 'membership', prefix: '' },
    { scope, type: 'register-line', prefix: `${found.id}/` },
    { scope, type: 'minutes', key: found.id },
  ])
  // Read together: the meeting may have changed since it was looked for.
  const meeting = records.get(branchScope(castBranch.id), 'meeting', found.id)
  if (meeting === undefined || !isOn(meeting)) return undefined
  const review = reviewOn(records, castBranch.id, meeting)
  return {
    meeting,
    review,
    lines: records.list(scope, 'register-line', `${found.id}/`),
    quorum: quorumOf(records, castBranch.id, review),
    minutes: records.get(scope, 'minutes', found.id),
  }
}
type Recorded = NonNullable<Awaited<ReturnType<typeof recordOf>>>

/** What the server has of it, once it is so there. */
const onceRecorded = (
  server: DemoServer,
  topic: string,
  what: string,
  isSo: (record: Recorded) => boolean = () => true,
): Promise<Recorded> =>
  until(
    async () => {
      const record = await recordOf(server, topic)
      return record !== undefined && isSo(record) ? record : undefined
    },
    async () =>
      `${what} did not reach the server: ${JSON.stringify((await recordOf(server, topic))?.meeting)}`,
    arrival,
  )

interface Plan {
  readonly kind: MeetingKind
  readonly topic: string
  readonly day: string
  readonly starts: string
  readonly ends: string
  readonly host: string
  readonly agenda: readonly string[]
}

async function fillIn(phone: Phone, { kind, topic, day, starts, ends, host, agenda }: Plan): Promise<void> {
  await phone.tap(`会议类别 ${meetingKindWords[kind]}`)
  await phone.fill('议题或主题', topic)
  await phone.fill('日期', day)
  await phone.fill('开始', starts)
  await phone.fill('结束', ends)
  await phone.fill('地点', place)
  await phone.fill('主持人', host)
  await phone.fill('议程', agenda.join('\n'))
}

/** What its line in 支部日程 is called. */
const lineOf = ({ day, kind, starts, topic }: Plan, stage: keyof typeof stageWords) =>
  `${formatDay(day)} ${meetingKindWords[kind]} ${starts} · ${topic} · ${place} ${stageWords[stage]}`

/** The id a phone without signal gave to the meeting it shows. */
function idOn(phone: Phone, topic: string): string {
  const text =
    phone instanceof H5Phone
      ? phone.page.url()
      : [...(phone as WeappPhone).storage.values()].find((each) => each.includes(topic)) // the only other kind
  const found = /\d{4}-m-[a-z0-9.]+/.exec(text ?? '')?.[0]
  if (found === undefined) throw new Error(`the phone gave the meeting no id: ${text}`)
  return found
}

journey('a general meeting from plan to file', async ({ phoneOf, server }) => {
  const plan: Plan = {
    kind: 'general-meeting',
    topic: '审议下一年度支部工作计划',
    day: today(),
    starts: '06:00',
    ends: '07:30',
    host: '何秋岚',
    agenda: ['支部书记报告计划', '讨论和表决'],
  }
  const { topic } = plan
  const content = '支部书记逐条说明了计划，同志们提出了修改意见。'
  const why = '在外地看病'

  const he = await phoneOf(secretary)
  await he.tap('支部日程')
  await he.tap('安排会议')
  await fillIn(he, plan)
  await he.fill('记录人', '罗一鸣')
  await he.tap('保存')
  await he.tap(lineOf(plan, 'incomplete'))
  const made = await onceRecorded(server, topic, 'the plan')
  expect(made.meeting).toMatchObject({ state: 'open', heldOn: plan.day, agenda: plan.agenda, version: 1 })
  expect(made.quorum.missing).toBeGreaterThan(1)
  await he.sees(`还差 ${made.quorum.missing} 人可表决`)
  await he.sees(missingWords.register)

  await he.tap('打开登记簿')
  await he.tap('方树声 缺席')
  await he.tap('其余全部到会')
  await he.tap('全部到会')
  const { quorum } = await onceRecorded(
    server,
    topic,
    'the register',
    ({ review }) => review.tally.unrecorded === 0,
  )
  expect(quorum).toEqual({ ...made.quorum, present: made.quorum.entitled - 1, missing: 0 })
  await he.goBack()
  await he.sees('可以表决')

  const matter = '同意下一年度工作计划'
  const vote = { inFavour: quorum.present - 2, against: 1, abstained: 1 }
  await he.tap('记一次表决')
  await he.fill('表决事项', matter)
  await he.fill('赞成', String(quorum.present))
  await he.fill('反对', String(vote.against))
  await he.fill('弃权', '0')
  await he.tap('记下')
  await he.sees(refusalText['votes-do-not-add-up'])
  await he.fill('赞成', String(vote.inFavour))
  await he.fill('弃权', String(vote.abstained))
  await he.tap('记下')
  await he.sees(`赞成 ${vote.inFavour} · 反对 1 · 弃权 1 · 有表决权 ${quorum.entitled}`)
  await he.sees(/^通过/m)
  const voted = await onceRecorded(server, topic, 'the vote', ({ minutes }) => minutes?.votes.length === 1)
  expect(voted.minutes?.votes[0]).toMatchObject({
    matter,
    ...vote,
    entitled: quorum.entitled,
    present: quorum.present,
    isPassed: true,
  })

  await he.tap('打开登记簿')
  await he.tap('关闭登记')
  await he.tap('关闭')
  await he.sees('登记已于')
  await onceRecorded(server, topic, 'the closing', ({ meeting }) => meeting.state === 'closed')
  await he.goBack()
  await he.sees(/^还缺：会议内容、缺席原因$/m)

  await he.tap('写会议记录')
  await he.fill('会议内容', content)
  await he.fill('交流发言', '林晓：建议把科普讲座排进计划')
  await he.fill('决议', '按意见修改计划后印发，罗一鸣，12月15日')
  await he.fill('列席', '王建国 市气象局')
  await he.fill(fangShusheng.name, why)
  await he.tap('保存')
  await he.sees('已保存')
  await onceRecorded(server, topic, 'the minutes', ({ minutes }) => minutes?.content === content)
  await he.goBack()
  await he.sees('内容已齐，可以归档')
  await he.tap('归档')
  const { meeting, review, minutes } = await onceRecorded(
    server,
    topic,
    'the filing',
    ({ meeting }) => meeting.filedAt !== undefined,
  )
  await he.sees(stageWords.filed)
  if (meeting.state !== 'closed') throw new Error('it was filed and is open')
  expect(meeting.isBackfilled).toBe(false)
  const { tally } = meeting
  expect(tally).toMatchObject({ expected: review.members.length, absent: 1, unrecorded: 0 })
  expect(standings.reduce((sum, each) => sum + tally[each], 0)).toBe(tally.expected)
  expect(review.tally).toEqual(tally)
  expect(minutes).toMatchObject({
    content,
    speeches: [{ name: '林晓', words: '建议把科普讲座排进计划' }],
    guests: [{ name: '王建国', from: '市气象局' }],
    absences: [{ memberId: fangShusheng.personId, reason: why }],
    resolutions: [
      { text: '按意见修改计划后印发', owner: '罗一鸣', due: `${plan.day.slice(0, 4)}-12-15`, isDone: false },
    ],
  })

  const { name, bytes } = await exported(he, '会议记录 时间、到会、议程、内容、表决和决议 · 文档')
  expect(name).toBe(`会议记录-${castBranch.name}-支部党员大会-${plan.day}.docx`)
  const document = unzipSync(new Uint8Array(bytes))['word/document.xml']
  const paper = new TextDecoder().decode(document).replace(/<[^>]*>|\s/g, '')
  expect(paper).toContain(topic)
  expect(paper).toContain(`应到${tally.expected}人实到${tally['on-time']}人`)
  expect(paper).toContain(
    `${matter}：应到会有表决权${quorum.entitled}人，实到${quorum.present}人；` +
      `赞成${vote.inFavour}、反对1、弃权1，通过。`,
  )
  expect(paper).toContain(`1人：方树声（${why}）`)
  expect(paper).toContain('王建国（市气象局）')

  const lin = await phoneOf(linXiao)
  await lin.tap('支部日程')
  await lin.tap(lineOf(plan, 'filed'))
  await lin.sees('1. 支部书记报告计划')
  await lin.sees('2. 讨论和表决')
  await lin.sees('已到会')
  const all = await lin.screen()
  for (const kept of [content, matter, '会议记录', '按意见修改计划后印发', '王建国', why, '打开登记簿'])
    expect(all).not.toContain(kept)
})

journey('planned and recorded without signal, it arrives whole', async ({ phoneOf, server }) => {
  const plan: Plan = {
    kind: 'theme-day',
    topic: '清晨到公园清理步道',
    day: today(),
    starts: '05:00',
    ends: '06:00',
    host: '何秋岚',
    agenda: ['分组清理', '小结'],
  }
  const he = await phoneOf(secretary)
  await untilItOpensOffline(he)
  await he.loseSignal()
  await he.tap('支部日程')
  await he.tap('安排会议')
  await fillIn(he, plan)
  await he.tap('保存')
  await he.tap(lineOf(plan, 'incomplete'))
  await he.sees('分组清理')
  const id = idOn(he, plan.topic)
  await he.tap('打开登记簿')
  await he.tap('其余全部到会')
  await he.tap('全部到会')
  await he.sees('都已登记')
  await he.goBack()
  await he.goBack()
  await he.goBack()
  await he.sees('未送达 2 条')
  expect(await meetingsOn(server, plan.topic, castBranch.id)).toEqual([])

  await he.regainSignal()
  const { meeting, review, lines } = await onceRecorded(
    server,
    plan.topic,
    'the meeting',
    (record) => record.review.tally.unrecorded === 0,
  )
  await he.seesNo('未送达', arrival)
  await he.seesNo('没有被接受')
  expect(meeting).toMatchObject({ id, state: 'open', heldOn: plan.day, version: 1 })
  expect(review.tally).toMatchObject({ expected: review.members.length, 'on-time': review.members.length })
  expect(lines.map(({ memberId }) => memberId).sort()).toEqual(
    review.members.map(({ memberId }) => memberId).sort(),
  )
  expect(lines.every(({ standing, version }) => standing === 'on-time' && version === 1)).toBe(true)
  expect(await meetingsOn(server, plan.topic, castBranch.id)).toHaveLength(1)
})

journey('a joint meeting', async ({ phoneOf, server }) => {
  const plan: Plan = {
    kind: 'theme-day',
    topic: '植物学会和科技馆共建科普角',
    day: addDays(today(), 8),
    starts: '15:00',
    ends: '16:30',
    host: '梁亦真',
    agenda: ['参观', '交流'],
  }
  const { topic } = plan
  const both = [otherBranch, castBranch].map(({ id, name }) => ({ id, name }))
  const liang = await phoneOf(admin)
  await liang.tap('各支部情况 按支部和周次，只读')
  await liang.tap('联合会议 几个支部一起开的会')
  await liang.tap('安排联合会议')
  await fillIn(liang, plan)
  await liang.tap(otherBranch.name)
  await liang.tap(castBranch.name)
  await liang.sees('已选 2 个')
  await liang.tap('保存')
  await liang.sees(`${formatDay(plan.day)} 主题党日：${topic}`)
  const organization = organizationScope(demoOrganizationId)
  const jointOnServer = async () =>
    (await onServer(server, [{ scope: organization, type: 'joint-meeting', prefix: '' }])).list(
      organization,
      'joint-meeting',
      '',
    )
  const joint = await until(
    async () => (await jointOnServer())[0],
    () => 'the joint meeting did not reach the server',
    arrival,
  )
  expect(joint).toMatchObject({ topic, heldOn: plan.day, branches: both, isCancelled: false })

  const he = await phoneOf(secretary)
  await he.tap('支部日程')
  await he.sees(`${formatDay(plan.day)} ${plan.starts} 联合主题党日：${topic}`)
  await he.tap('参加')
  if (plan.day.slice(0, 7) !== today().slice(0, 7)) await he.tap('下个月')
  await he.tap(lineOf(plan, 'planned'))
  await he.sees(`联合召开：${both.map(({ name }) => name).join('、')}`)
  const { meeting } = await onceRecorded(server, topic, 'the answer')
  expect(meeting).toMatchObject({
    id: joint.id,
    joint: { id: joint.id, branches: both.map(({ name }) => name) },
    heldOn: plan.day,
    studyHours: 1.5,
    agenda: plan.agenda,
  })
  await he.goBack()
  await he.seesNo('联合主题党日')

  expect(await jointOnServer()).toHaveLength(1)
  expect(await meetingsOn(server, topic, castBranch.id)).toHaveLength(1)
  expect(await meetingsOn(server, topic, otherBranch.id)).toEqual([])
})
