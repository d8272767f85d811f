import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { toJsonSchema } from '@valibot/to-json-schema'
import ts from 'typescript'
import type * as v from 'valibot'

/** A name or a text, and where it stands. */
export interface Found {
  readonly where: string
  readonly text: string
}

/** Words of measuring and comparing people, as identifiers are made of them: `readingSeconds` is
 *  `reading seconds`, `check-in-count` is `check in count`. */
const forbiddenNames =
  /\b(streaks?|rank(ed|s|ing|ings)?|scor(e|es|ed|ing)|points?|leader ?boards?|\w+ seconds|\w+ duration|durations?|time spent|(online|reading|study|learning|screen|dwell|watch) (time|hours|minutes|ms)|check in count|consecutive|medals?|badges?)\b/
const forbiddenWords = /时长|学时|(在线|阅读|学习|停留)时间|积分|排行|排名|名次|打卡|连续(签到|次数|天)|勋章/
const trackingNames =
  /\b(latitude|longitude|lat|lng|lon|coordinates?|geo ?\w*|location|gps|photos?|images?|videos?|camera|tracks?|trajectory|face|avatar)\b/

/** The whole of what the rule allows: 学时 is credit for a study that was held, and the prompt to
 *  care belongs to the review. */
const allowed = [
  { name: 'studyHours', where: /./ },
  { name: '学时', where: /./ },
  { name: 'fromCodePoint', where: /./ }, // of a character
  { name: 'codePointAt', where: /./ },
  { name: 'consecutiveUnexplainedAbsences', where: /^src\/domain\/review/ },
]

/** A promise may name what it denies: these texts, word for word, in these files. */
export const denials = new Set([
  'src/features/public/PromisesView.tsx 登记真实的学习，不搞打卡',
  'src/features/public/PromisesView.tsx 不排名、不积分、不计连续次数',
  'src/features/public/PromisesView.tsx 任何页面、接口和表格里都没有个人排名',
  'src/features/public/PromisesView.tsx 不统计在线时间和阅读时间',
  'src/features/public/PromisesView.tsx 不强制上传照片、视频和位置',
  'src/features/public/PromisesView.tsx 没有照片和位置也能完成所有登记，不记录行踪',
  'src/features/home/GuestView.tsx 不打卡、不排名、不计时的承诺',
  'src/features/me/MeView.tsx 不打卡、不排名、不计时的承诺',
  'src/features/public/privacy-text.ts 不收集手机号、身份证号、照片、位置和行踪，不统计在线时间，不用于排名和考核到个人。',
])
/** What others write in their groups: it is read there, and shown nowhere. */
const readOnly = 'src/domain/sign-up-chain/words.ts'
export const isDenial = ({ where, text }: Found) => where === readOnly || denials.has(`${where} ${text}`)

const wordsOf = (text: string) =>
  text
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .toLowerCase()

/** What measures or compares people. */
export const measures = (found: readonly Found[]): Found[] =>
  found.filter(({ where, text }) => {
    const rest = allowed.reduce(
      (left, each) =>
        each.where.test(where)
          ? left.replace(new RegExp(`(?<![A-Za-z])${each.name}(?![A-Za-z])`, 'g'), ' ')
          : left,
      text,
    )
    return forbiddenNames.test(wordsOf(rest)) || forbiddenWords.test(rest)
  })

/** What would show a face or a place on the map. */
export const tracks = (found: readonly Found[]): Found[] =>
  found.filter(({ text }) => trackingNames.test(wordsOf(text)))

/** Every property name and every word of a JSON document. */
export function wordsInJson(where: string, value: unknown): Found[] {
  if (typeof value === 'string') return [{ where, text: value }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(Array.isArray(value) ? [] : [{ where, text: key }]),
    ...wordsInJson(`${where}.${key}`, inner),
  ])
}

const jsonSchemaOf = (schema: v.GenericSchema) => toJsonSchema(schema, { errorMode: 'ignore' })

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly enum?: readonly unknown[]
  readonly const?: unknown
}

/** Every property name of a schema at any depth, and every word that a value can be. */
export function namesInSchema(where: string, schema: v.GenericSchema): Found[] {
  const names: Found[] = []
  const walk = (part: unknown): void => {
    if (Array.isArray(part)) for (const each of part) walk(each)
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return
    const { properties, enum: words = [], const: word } = part as JsonSchema // what toJsonSchema writes
    for (const text of [...Object.keys(properties ?? {}), ...words, word]) {
      if (typeof text === 'string') names.push({ where, text })
    }
    for (const inner of properties === undefined ? [] : Object.values(properties)) walk(inner)
    for (const [key, inner] of Object.entries(part)) if (key !== 'properties') walk(inner)
  }
  walk(jsonSchemaOf(schema))
  return names
}

export function sourceFiles(folder: string, ending = /\.tsx?$/): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name))
    .filter((file) => ending.test(file))
    .sort()
}

/** The texts of a source file, as a person could read them on a screen, and with `names` also the
 *  identifiers; no comments. */
export function textsIn(file: string, { names = false, source = readFileSync(file, 'utf8') } = {}): Found[] {
  const found: Found[] = []
  const visit = (node: ts.Node): void => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) || ts.isJsxText(node)
    if (isText || (names && (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)))) {
      if (node.text.trim() !== '') found.push({ where: file, text: node.text.trim() })
    }
    ts.forEachChild(node, visit)
  }
  const kind = file.endsWith('.ts') ? ts.ScriptKind.TS : ts.ScriptKind.TSX // <Item>(…) is no tag in the former
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, kind))
  return found
}
