import { readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { sourceFiles } from '#support/promise-scan'
import { noSecrets } from '#ui/Field'

/** Longer ones take whole sentences; names, codes, clocks and what is sought are shorter. */
const longestOfAName = 40

const excused = [
  { field: 'src/features/calendar/NoticeView.tsx 调休上班（可不填）', why: 'only days are kept' },
  { field: 'src/features/calendar/TopicsView.tsx', why: 'nine of them; said once above the first' },
]

const parsed = (file: string, source = readFileSync(file, 'utf8')) =>
  ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)

function nodesIn<Kind extends ts.Node>(root: ts.Node, isKind: (node: ts.Node) => node is Kind): Kind[] {
  const found: Kind[] = []
  const visit = (node: ts.Node): void => {
    if (isKind(node)) found.push(node)
    ts.forEachChild(node, visit)
  }
  visit(root)
  return found
}

const says = (node: ts.Node) => nodesIn(node, ts.isIdentifier).some(({ text }) => text === 'noSecrets')

const isElement = (node: ts.Node): node is ts.JsxSelfClosingElement | ts.JsxOpeningElement =>
  ts.isJsxSelfClosingElement(node) || ts.isJsxOpeningElement(node)

/** Every place for words of one's own, as 「file label」, and whether its own hint warns. */
function freeTexts(file: string, source?: string) {
  return nodesIn(parsed(file, source), isElement)
    .filter(({ tagName }) => tagName.getText() === 'Field')
    .map(({ attributes }) => {
      const named = (name: string) =>
        attributes.properties.find((each) => ts.isJsxAttribute(each) && each.name.getText() === name)
      const written = (name: string) =>
        named(name)
          ?.getText()
          .slice(name.length + 1)
          .replace(/^[{"]|[}"]$/g, '')
      const hint = named('hint')
      return {
        field: `${file} ${written('label')}`,
        // A length that is missing or worked out is taken for a long one.
        isFree: named('multiline') !== undefined || !(Number(written('maxLength')) <= longestOfAName),
        isWarned: hint !== undefined && says(hint),
      }
    })
    .filter(({ isFree }) => isFree)
}

const views = sourceFiles('src').filter((file) => !file.startsWith('src/ui/'))
const fields = views.flatMap((file) => freeTexts(file))
const isExcused = (field: string) => excused.some((each) => field.startsWith(each.field))

test('wherever people write in words of their own, the field says not to write secrets', () => {
  expect(fields.length).toBeGreaterThanOrEqual(10)
  expect(fields.filter(({ field, isWarned }) => !isWarned && !isExcused(field))).toEqual([])
  expect(noSecrets).toBe('请不要填写涉密内容')
})

test('each excuse is needed, and the topics are told above', () => {
  for (const { field } of excused) {
    expect(fields.filter((each) => each.field.startsWith(field) && !each.isWarned)).not.toEqual([])
  }
  const metas = nodesIn(parsed('src/features/calendar/TopicsView.tsx'), isElement)
  expect(metas.some((each) => each.tagName.getText() === 'Meta' && says(each))).toBe(true)
})

test('so does every screen that takes a file', () => {
  const takers = views.filter((file) => readFileSync(file, 'utf8').includes('.pickSheet('))
  expect(takers).toEqual(['src/features/roster/useRoster.tsx'])
  for (const taker of takers) {
    const view = views.filter((file) => path.dirname(file) === path.dirname(taker) && /View\.tsx$/.test(file))
    expect(view.flatMap((file) => nodesIn(parsed(file), isElement)).some(says)).toBe(true)
  }
})

test('the words stand in one place, and nobody writes beside Field', () => {
  const texts = views.flatMap((file) => nodesIn(parsed(file), ts.isStringLiteralLike))
  expect(texts.filter(({ text }) => text.includes('涉密')).map(({ text }) => text)).toEqual([])
  const tags = views.flatMap((file) => nodesIn(parsed(file), isElement)).map((each) => each.tagName.getText())
  expect(tags).toContain('Field')
  expect(tags.filter((tag) => /^(Input|Textarea|input|textarea|Editor)$/.test(tag))).toEqual([])
})

test.each([
  ['without a hint', '<Field label="原因" maxLength={200} />'],
  ['with another hint', '<Field label="原因" maxLength={200} hint="会记入更改记录" />'],
  ['that is multiline', '<Field label="原因" maxLength={20} multiline />'],
  ['of no length', '<Field label="原因" />'],
  ['of a length worked out', '<Field label="原因" maxLength={longest} />'],
])('a field %s is told', (_, field) => {
  expect(freeTexts('x.tsx', field)).toEqual([{ field: 'x.tsx 原因', isFree: true, isWarned: false }])
})

test('a warned field and a name are not', () => {
  expect(freeTexts('x.tsx', '<Field label="姓名" maxLength={20} />')).toEqual([])
  const [warned] = freeTexts('x.tsx', '<Field label="原因" hint={noSecrets} />')
  expect(warned?.isWarned).toBe(true)
})
