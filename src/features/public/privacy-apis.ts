/** The parts of the phone that WeChat guards and this app uses, each for one purpose. What is filed
 *  with WeChat says the same; `npm run privacy` compares the list with what is built. */
export interface PrivacyApi {
  /** As WeChat's interface calls it. */
  readonly api: string
  /** As WeChat's guide calls it. */
  readonly information: string
  readonly purpose: string
}

export const privacyApis: readonly PrivacyApi[] = [
  {
    api: 'chooseMessageFile',
    information: '选中的文件',
    purpose: '支部书记或管理员从聊天中选择花名册表格，用于建立支部名单',
  },
  {
    api: 'setClipboardData',
    information: '剪切板',
    purpose: '把邀请码等文字复制出来，便于转发；只写入，不读取',
  },
  {
    api: 'saveImageToPhotosAlbum',
    information: '相册（仅写入）',
    purpose: '把邀请码图片保存到相册；不读取您的照片',
  },
  {
    api: 'addPhoneCalendar',
    information: '日历（仅写入）',
    purpose: '把下一次学习或会议写进手机日历，由您点按后才写；不读取您的日历',
  },
]
