import { dayOf, formatInstant } from '#domain/day'
import { ticketNumber } from '#domain/feedback'
import { isMeetingId } from '#domain/gathering-key'
import type { PersonId } from '#domain/ids'
import { itemKey } from '#domain/reading'
import type { Read } from '#domain/records'
import type { RegisterLine } from '#domain/register'
import {
  branchScope,
  memberScope,
  organizationScope,
  reviewScope,
  type Scope,
  secretaryScope,
} from '#domain/scopes'
import {
  correctionStateWords,
  correctionSubjectWords,
  feedbackKindWords,
  leaveKindWords,
  madeUpWords,
  makeUpWords,
  meetingKindWords,
  membershipWords,
  noteKindWords,
  roleWords,
  sourceWords,
  standingWords,
  ticketStateWords,
} from '#domain/words'
import type { Workbook } from '../exports/document'
import { widthOf } from '../exports/on-paper'
import { renderXlsx } from '../exports/render-xlsx'
import type { Database } from '../storage/database'
import type { ReadRecords } from '../storage/read-records'
import { readRecords } from '../storage/rows'

/** The first row are the titles. */
type Table = readonly (readonly string[])[]

/** Everything kept about one person, as a file they can open in WeChat or a spreadsheet. */
export async function exportMine(
  database: Database,
  personId: PersonId,
  now: number,
): Promise<{ name: string; bytes: Buffer }> {
  const workbook = await mineOf(database, personId, now)
  return { name: workbook.fileName, bytes: await renderXlsx(workbook) }
}

export async function mineOf(database: Database, personId: PersonId, now: number): Promise<Workbook> {
  const scope = memberScope(personId)
  const types = [
    'profile',
    'membership',
    'register-line',
    'leave',
    'make-up',
    'consent',
    'cancellation',
    'correction',
    'ticket',
    'reading-progress',
    'reading-note',
  ] as const
  const own = await readRecords(
    database.pool,
    types.map((type) => ({ scope, type, prefix: '' })),
  )
  const branches = await readRecords(
    database.pool,
    own
      .list(scope, 'membership', '')
      .map(({ branchId }) => ({ scope: branchScope(branchId), type: 'branch', key: 'branch' })),
  )
  const nameOf = (branchId: Parameters<typeof branchScope>[0]) =>
    branches.get(branchScope(branchId), 'branch', 'branch')?.name ?? branchId
  const profile = own.get(scope, 'profile', 'profile')
  const care = await readRecords(
    database.pool,
    own
      .list(scope, 'membership', '')
      .map(({ branchId }) => ({ scope: secretaryScope(branchId), type: 'care-note', key: personId })),
  )
  const meetings = await meetingsOf(database, own.list(scope, 'register-line', ''))
  const titles = await readingTitles(database, own, scope)
  const sheets: Record<string, Table> = {
    我的资料: aboutMe(own, personId, nameOf, now),
    学习登记: [
      ['周或会议', '支部', '登记', '补学', '来源', '送达时间', '晚同步', '补录'],
      ...own
        .list(scope, 'register-line', '')
        .map((line) => [
          meetings.nameOf(line),
          nameOf(line.branchId),
          standingWords[line.standing],
          line.madeUp === undefined ? '' : madeUpWords[line.madeUp],
          sourceWords[line.source],
          formatInstant(line.receivedAt),
          yes(line.isLateSync),
          yes(line.isBackfilled),
        ]),
    ],
    请假: [
      ['周或会议', '支部', '类别', '说明', '提出时间'],
      ...own
        .list(scope, 'leave', '')
        .map((leave) => [
          meetings.nameOf(leave),
          nameOf(leave.branchId),
          leaveKindWords[leave.kind],
          leave.note,
          formatInstant(leave.askedAt),
        ]),
    ],
    补学: [
      ['周', '支部', '心得', '进度', '退回的原因', '补学时间'],
      ...own
        .list(scope, 'make-up', '')
        .map((makeUp) => [
          makeUp.week,
          nameOf(makeUp.branchId),
          makeUp.reflection,
          makeUpWords[makeUp.state],
          makeUp.reason ?? '',
          formatInstant(makeUp.doneAt),
        ]),
    ],
    更正与投诉建议: [
      ['编号', '类别', '内容', '进度', '答复', '时间'],
      ...own
        .list(scope, 'correction', '')
        .map((each) => [
          ticketNumber(each.id),
          `更正：${correctionSubjectWords[each.subject]}`,
          each.words,
          correctionStateWords[each.state],
          each.reply ?? '',
          formatInstant(each.askedAt),
        ]),
      ...own
        .list(scope, 'ticket', '')
        .map((each) => [
          ticketNumber(each.id),
          feedbackKindWords[each.kind],
          each.words,
          ticketStateWords[each.state],
          each.reply ?? '',
          formatInstant(each.sentAt),
        ]),
    ],
    读书进度: [
      ['书目', '进度', '记录时间'],
      ...own
        .list(scope, 'reading-progress', '')
        .map((each) => [
          titles(each),
          each.isRead ? '已读' : `读到第 ${each.chapter} 章`,
          formatInstant(each.at),
        ]),
    ],
    读书笔记: [
      ['书目', '类别', '内容', '时间'],
      ...own
        .list(scope, 'reading-note', '')
        .map((each) => [titles(each), noteKindWords[each.kind], each.words, formatInstant(each.at)]),
    ],
    支部书记的关心记录: [
      ['支部', '记下的话', '时间'],
      ...own.list(scope, 'membership', '').flatMap(({ branchId }) => {
        const note = care.get(secretaryScope(branchId), 'care-note', personId)
        return note === undefined ? [] : [[nameOf(branchId), note.note, formatInstant(note.notedAt)]]
      }),
    ],
    会议记录: [['会议', '支部', '关于我的内容'], ...meetings.about(personId, profile?.name)],
    学习前提醒: await reminders(database, personId),
    登录: await signIns(database, personId),
  }
  return {
    is: 'workbook',
    fileName: `我的资料-${profile?.name ?? personId}-${dayOf(now)}.xlsx`,
    footer: [],
    sheets: Object.entries(sheets).map(([name, table]) => sheetOf(name, table)),
  }
}

/** What somebody's reading is called, as far as the lists of their organisation and branches still hold it. */
async function readingTitles(
  database: Database,
  own: ReadRecords,
  scope: Scope,
): Promise<(of: { readonly listId: string; readonly itemId: string }) => string> {
  const keys = new Set(
    [...own.list(scope, 'reading-progress', ''), ...own.list(scope, 'reading-note', '')].map((each) =>
      itemKey(each.listId, each.itemId),
    ),
  )
  const profile = own.get(scope, 'profile', 'profile')
  const scopes: Scope[] = [
    ...(profile === undefined ? [] : [organizationScope(profile.organizationId)]),
    ...own.list(scope, 'membership', '').map(({ branchId }) => branchScope(branchId)),
  ]
  const items = await readRecords(
    database.pool,
    scopes.flatMap((each) => [...keys].map((key): Read => ({ scope: each, type: 'reading-item', key }))),
  )
  return ({ listId, itemId }) =>
    scopes
      .map((each) => items.get(each, 'reading-item', itemKey(listId, itemId))?.title)
      .find((title) => title !== undefined) ?? `${listId}/${itemId}`
}

/** A column is as wide as what stands in it, within reason. */
function sheetOf(name: string, table: Table): Workbook['sheets'][number] {
  const [titles = [], ...rows] = table
  const columns = titles.map((title, index) => {
    const widest = Math.max(...table.flatMap((row) => (row[index] ?? '').split('\n')).map(widthOf))
    return { title, width: Math.min(46, Math.ceil(widest) + 2) }
  })
  return { name, columns, rows }
}

/** The meetings on whose registers somebody stands, and what their minutes say of them. */
async function meetingsOf(database: Database, lines: readonly RegisterLine[]) {
  const at = lines.filter(({ week }) => isMeetingId(week))
  const records = await readRecords(
    database.pool,
    at.flatMap(({ branchId, week: key }): Read[] => [
      { scope: branchScope(branchId), type: 'meeting', key },
      { scope: branchScope(branchId), type: 'branch', key: 'branch' },
      { scope: reviewScope(branchId), type: 'minutes', key },
    ]),
  )
  const nameOf = ({ branchId, week }: Pick<RegisterLine, 'branchId' | 'week'>) => {
    const meeting = records.get(branchScope(branchId), 'meeting', week)
    return meeting === undefined
      ? week
      : `${meeting.heldOn} ${meetingKindWords[meeting.kind]}：${meeting.topic}`
  }
  return {
    nameOf,
    about: (personId: PersonId, name: string | undefined): string[][] =>
      at.flatMap((line) => {
        const { branchId, week } = line
        const minutes = records.get(reviewScope(branchId), 'minutes', week)
        const meeting = records.get(branchScope(branchId), 'meeting', week)
        const branchName = records.get(branchScope(branchId), 'branch', 'branch')?.name ?? branchId
        return [
          ...(meeting?.host === name ? ['主持'] : []),
          ...(meeting?.recorder === name ? ['记录'] : []),
          ...(minutes?.speeches ?? []).flatMap((each) => (each.name === name ? [`发言：${each.words}`] : [])),
          ...(minutes?.absences ?? []).flatMap((each) =>
            each.memberId === personId ? [`缺席原因：${each.reason}`] : [],
          ),
          ...(minutes?.resolutions ?? []).flatMap((each) =>
            each.owner === name ? [`负责落实：${each.text}`] : [],
          ),
        ].map((what) => [nameOf(line), branchName, what])
      }),
  }
}

const yes = (is: boolean) => (is ? '是' : '否')

function aboutMe(
  own: ReadRecords,
  personId: PersonId,
  nameOf: (branchId: Parameters<typeof branchScope>[0]) => string,
  now: number,
): Table {
  const scope = memberScope(personId)
  const profile = own.get(scope, 'profile', 'profile')
  const cancellation = own.get(scope, 'cancellation', 'cancellation')
  return [
    ['项目', '内容'],
    ['姓名', profile?.name ?? ''],
    ['编号', profile?.number ?? ''],
    ...(profile?.appointments ?? []).map((each) => ['职务', roleWords[each.role]]),
    ...own
      .list(scope, 'membership', '')
      .flatMap((each) => [
        ['支部', nameOf(each.branchId)],
        ['党员身份', membershipWords[each.membership]],
        ...each.spells.map((spell) => [
          '在支部',
          `${spell.from} 起${spell.until === undefined ? '' : `，${spell.until} 止`}`,
        ]),
      ]),
    ...own
      .list(scope, 'consent', '')
      .map((each) => [
        '同意隐私保护说明',
        `${each.version} 版，${formatInstant(each.givenAt)}${each.withdrawnAt === undefined ? '' : `，${formatInstant(each.withdrawnAt)} 撤回`}`,
      ]),
    ...(cancellation?.state === 'asked' ? [['注销账号', `${formatInstant(cancellation.dueAt)} 生效`]] : []),
    ['导出时间', formatInstant(now)],
  ]
}

async function reminders(database: Database, personId: PersonId): Promise<Table> {
  const rows = await database.query
    .selectFrom('reminder_credits')
    .select(['given_at', 'ended_at', 'ended_by'])
    .where('scope', '=', memberScope(personId))
    .orderBy('given_at')
    .execute()
  return [
    ['同意时间', '用完时间', '用于'],
    ...rows.map((row) => [
      formatInstant(row.given_at),
      row.ended_at === null ? '' : formatInstant(row.ended_at),
      row.ended_by === 'refused' ? '微信没有发出' : (row.ended_by?.split('/').at(-1) ?? ''),
    ]),
  ]
}

async function signIns(database: Database, personId: PersonId): Promise<Table> {
  const rows = await database.query
    .selectFrom('sessions')
    .select(['created_at', 'ended_at'])
    .where('scope', '=', memberScope(personId))
    .orderBy('created_at')
    .execute()
  return [
    ['登录时间', '退出时间'],
    ...rows.map((row) => [
      formatInstant(row.created_at),
      row.ended_at === null ? '' : formatInstant(row.ended_at),
    ]),
  ]
}
