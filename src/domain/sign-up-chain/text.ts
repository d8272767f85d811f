// 接龙文字的写法：全角、看不见的字符、表情、带圈数字、繁体
// Written out by code points, since the engines on some phones know no classes of Unicode.

/** A line as it can be read: ordinary digits and punctuation, each emoji a space or what it means
 *  (「√」, 「×」, 「?」), each circled number 「 3. 」. */
export function plainOf(line: string): string {
  let plain = ''
  const text = withoutKaomoji(withoutEmoticons(line))
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    const low = isHighSurrogate(code) ? text.charCodeAt(index + 1) : Number.NaN
    if (low >= 0xdc00 && low <= 0xdfff) {
      plain += plainPair((code - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000)
      index += 1
    } else if (isKeycap(text, index)) {
      const end = keycapsEnd(text, index)
      plain += ` ${text.slice(index, end).replace(/[^0-9]/g, '')}. `
      index = end - 1
    } else {
      plain += plainUnit(code)
    }
  }
  return plain.replace(/ {2,}/g, ' ')
}

/** The same length, so that a place in one is a place in the other: small letters, and one form for
 *  the several of a character. */
export function foldedOf(plain: string): string {
  let folded = ''
  for (let index = 0; index < plain.length; index += 1) {
    const character = plain.charAt(index)
    const isCapital = character >= 'A' && character <= 'Z'
    folded += isCapital ? character.toLowerCase() : (simplified.get(character) ?? character)
  }
  return folded
}

export const isHan = (character: string | undefined): boolean => {
  if (character === undefined || character === '') return false
  const code = character.charCodeAt(0)
  return (
    (code >= 0x3400 && code <= 0x9fff) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    code === 0x3005 ||
    code === 0x3007 ||
    // Both halves of a character of the planes above.
    (code >= 0xd840 && code <= 0xd8bf) ||
    (code >= 0xdc00 && code <= 0xdfff)
  )
}

export const isLatin = (character: string | undefined): boolean => {
  if (character === undefined || character === '') return false
  const code = character.charCodeAt(0)
  return (
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0xc0 && code <= 0x24f && code !== 0xd7 && code !== 0xf7) ||
    (code >= 0x1e00 && code <= 0x1eff)
  )
}

export const isDigit = (character: string | undefined): boolean =>
  character !== undefined && character >= '0' && character <= '9'

const isHighSurrogate = (code: number) => code >= 0xd800 && code <= 0xdbff

/** 「1️⃣」: a digit, perhaps a selector, and the box around it. */
const isKeycap = (text: string, index: number): boolean =>
  isDigit(text[index]) && text.charCodeAt(index + (text[index + 1] === '\ufe0f' ? 2 : 1)) === 0x20e3

function keycapsEnd(text: string, from: number): number {
  let end = from
  while (isKeycap(text, end)) end += text[end + 1] === '\ufe0f' ? 3 : 2
  return end
}

/** What a text is written with when it says no, or asks: these may not be lost with the other emoji. */
const crosses = new Set(
  '❌❎🙅🚫⛔👎😷🤒🤕🤢🤮🤧🏥🚑🛌✖✗✘✕×╳☓⛌'.match(/[\ud800-\udbff][\udc00-\udfff]|[^\ud800-\udfff]/g),
)
const questions = new Set(['❓', '❔', '⁉', '⁇', '⁈', '🤔', '🤷', '？', '¿'])
const ticks = new Set(['✅', '✔', '✓', '☑', '√', '🗸', '👌'])

function plainPair(code: number): string {
  const character = String.fromCodePoint(code)
  if (code >= 0x20000 && code <= 0x3ffff) return character
  // Skin tones, and selectors of a glyph: they belong to what is before them.
  if ((code >= 0x1f3fb && code <= 0x1f3ff) || code >= 0xe0000) return ''
  if (code === 0x1f51f) return ' 10. '
  return meaning(character)
}

function meaning(character: string): string {
  if (crosses.has(character)) return '×'
  if (questions.has(character)) return '?'
  return ticks.has(character) ? '√' : ' '
}

/** Where a run of numbers in circles, brackets or with a stop begins, its length, and its first number. */
const numberRuns = [
  [0x2460, 20, 1],
  [0x2474, 20, 1],
  [0x2488, 20, 1],
  [0x24eb, 10, 11],
  [0x24f5, 10, 1],
  [0x2776, 10, 1],
  [0x2780, 10, 1],
  [0x278a, 10, 1],
  [0x3220, 10, 1],
  [0x3251, 15, 21],
  [0x3280, 10, 1],
  [0x32b1, 15, 36],
] as const

function circledNumber(code: number): number | undefined {
  if (code < 0x2460 || code > 0x32bf) return undefined
  const run = numberRuns.find(([start, length]) => code >= start && code < start + length)
  return run === undefined ? undefined : run[2] + code - run[0]
}

const openings = new Set('(［[{【〔「『〖〘〚｛（')
const closings = new Set(')］]}】〕」』〗〙〛｝）')
const middleDots = new Set('·•・‧∙⋅･᛫●・')
/** An arrow or a sign of equality between two names says that one stands for the other. */
const dashes = new Set('‐‑‒–—―−－﹣=>→←↔⇒⇐⇔➡⬅➔➜')
const kept = new Set('.,:;!?-_/|+@#&、。《')

function plainUnit(code: number): string {
  const character = String.fromCharCode(code)
  if (isInvisible(code)) return ''
  if (openings.has(character)) return '('
  if (closings.has(character)) return ')'
  if (middleDots.has(character)) return '·'
  if (dashes.has(character)) return '-'
  // The full-width forms are the ordinary ones, further on.
  if (code >= 0xff01 && code <= 0xff5e) return plainUnit(code - 0xfee0)
  if (isHan(character)) return isLoneHalf(code) ? ' ' : character
  if (isLatin(character) || isDigit(character) || kept.has(character)) return character
  if (character === '〈' || character === '<') return '《'
  const number = circledNumber(code)
  return number === undefined ? meaning(character) : ` ${number}. `
}

const isLoneHalf = (code: number) => code >= 0xd800 && code <= 0xdfff

function isInvisible(code: number): boolean {
  return (
    code === 0xad ||
    code === 0x34f ||
    code === 0x61c ||
    code === 0x180e ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    code === 0xfeff
  )
}

/** WeChat's own emoticons are copied as 「[强]」. Those that could say something stay, and are read. */
const emoticons = new Set(
  (
    '强 玫瑰 OK 抱拳 微笑 鼓掌 握手 胜利 爱心 呲牙 愉快 太阳 庆祝 烟花 加油 合十 拳头 勾引 咖啡 啤酒 偷笑 憨笑 得意 ' +
    '奋斗 旺柴 好的 耶 奸笑 机智 嘿哈 666 红包 礼物 蛋糕 爆竹 哇 可爱 调皮 害羞 色 龇牙 拥抱 月亮 跳跳 转圈 社会社会 Yeah! Smile ThumbsUp'
  ).split(' '),
)

const withoutEmoticons = (line: string): string =>
  line.replace(/\[([^[\]\s]{1,8})\]/g, (whole, name: string) => (emoticons.has(name) ? ' ' : whole))

/** 「(≧▽≦)」, 「(T_T)」, 「o_o」: faces, but never what could be a question, a cross, a number or a word. */
const withoutKaomoji = (line: string): string =>
  line
    .replace(
      /[oOdbqpmyYv]?[（(]([^（()）\n]{1,16})[）)](?:[oOdbqpmyYv](?![A-Za-z]))?/g,
      (whole, inner: string) => (isFace(inner) ? ' ' : whole),
    )
    .replace(/([TQO;])[_^﹏]{1,5}\1/gi, ' ')

function isFace(inner: string): boolean {
  let isStrange = false
  for (const character of inner) {
    if (isHan(character) || crosses.has(character) || questions.has(character) || character === '?')
      return false
    if (character === '√' || ticks.has(character) || circledNumber(character.charCodeAt(0)) !== undefined)
      return false
    isStrange = isStrange || !isOrdinary(character)
  }
  return isStrange && !/[A-Za-z]{2}/.test(inner) && !/\d{2}/.test(inner)
}

const isOrdinary = (character: string): boolean =>
  /[A-Za-z0-9\s.,:+\-/]/.test(character) ||
  isInvisible(character.charCodeAt(0)) ||
  (character >= '！' && character <= '～')

/** The other form of a character, then the one it is read as. Only two forms of the same character:
 *  肖 and 萧, 闫 and 阎, 哲 and 喆 are different names. */
const pairs =
  '張张偉伟陳陈靜静劉刘趙赵吳吴呉吴楊杨黃黄孫孙馬马馮冯鄭郑羅罗許许鄧邓韓韩蘇苏葉叶盧卢蔣蒋錢钱陸陆賈贾' +
  '龍龙萬万湯汤嚴严龔龚譚谭鄒邹閻阎顧顾喬乔賴赖齊齐關关歐欧陽阳諸诸東东門门魯鲁麗丽強强軍军傑杰艷艳豔艳' +
  '濤涛鵬鹏華华國国蘭兰紅红雲云鳳凤瑩莹穎颖瓊琼蓮莲鋒锋鋼钢剛刚飛飞棟栋權权榮荣慶庆義义禮礼聖圣賢贤輝辉' +
  '曉晓勝胜學学凱凯樂乐維维衛卫衞卫澤泽潤润潔洁嬋婵嫻娴嵐岚嶺岭寧宁寶宝實实賓宾憲宪憶忆懷怀恆恒摯挚時时' +
  '顯显來来業业樺桦夢梦歡欢濱滨滿满淵渊靈灵燦灿煒炜燁烨爗烨煥焕愛爱瓏珑環环發发碩硕禎祯紹绍經经繼继緣缘' +
  '繡绣緒绪綺绮聯联肅肃藝艺節节蘋苹詩诗誠诚謙谦謝谢貞贞貴贵贊赞軒轩運运進进遠远達达連连鑒鉴鑑鉴鈞钧鐵铁' +
  '銘铭銳锐錦锦鎮镇長长聞闻韋韦韜韬韻韵項项順顺領领風风馳驰駿骏鳴鸣鴻鸿鶴鹤齡龄鍾钟鐘钟蕭萧溫温呂吕峯峰' +
  '羣群爲为為为眞真徳德塗涂會会請请遲迟參参報报職职處处黨党員员開开課课幫帮簽签還还沒没們们無无見见' +
  '書书記记師师組组織织線线產产調调應应確确認认預预備备點点個个號号' +
  '戶户鄔邬鄺邝闞阚閔闵閆闫竇窦龐庞婁娄紀纪祿禄畢毕賀贺費费藺蔺鮑鲍遊游譽誉詠咏筆笔鑰钥儀仪優优億亿' +
  '倫伦勵励勳勋勛勋競竞純纯緯纬綱纲練练縱纵總总細细紋纹綠绿繪绘給给絲丝綿绵纓缨續续麥麦賽赛嶽岳獻献' +
  '瑋玮瑤瑶璽玺畫画盡尽祕秘種种積积稱称穩稳競竞籬篱蒼苍蔭荫薩萨藍蓝蘆芦裏里製制複复規规覺觉覽览訓训訪访' +
  '評评詞词詳详語语調调論论諾诺謀谋證证識识護护讓让豐丰財财資资質质趕赶蹤踪車车輕轻辦办農农邊边鄉乡鄰邻' +
  '醫医釋释針针鈴铃鋭锐錄录鍵键鏡镜鑽钻閃闪閒闲間间隊队階阶隨随險险雙双雜杂電电霧雾響响頁页頌颂頓顿頻频' +
  '題题願愿類类飲饮館馆驗验體体魚鱼鮮鲜鳥鸟鴿鸽鷹鹰麵面黙默點点齊齐龜龟'

const simplified = new Map<string, string>()
for (let index = 0; index + 1 < pairs.length; index += 2) {
  simplified.set(pairs.charAt(index), pairs.charAt(index + 1))
}
