const isH5 = process.env.TARO_ENV === 'h5'

/** WeChat looks a colour of its bars up in theme.json. The tab bar of H5 stands in the page, where the
 *  tokens of ui.css hold. Both follow the system without any code of ours. */
const colour = (name: string, token: string) => (isH5 ? `var(--${token})` : `@${name}`)

export default defineAppConfig({
  pages: [
    'pages/home/index',
    'pages/study/index',
    'pages/history/index',
    'pages/me/index',
    'pages/sign-in/index',
    'pages/promises/index',
    'pages/about/index',
  ],
  subPackages: [
    {
      root: 'packages/member',
      pages: [
        'leave/index',
        'tray/index',
        'feedback/index',
        'privacy/index',
        'account/index',
        'make-up/index',
        'reminders/index',
      ],
    },
    {
      root: 'packages/secretary',
      pages: [
        'register/index',
        'line/index',
        'weeks/index',
        'plan/index',
        'calendar/index',
        'settings/index',
        'people/index',
        'corrections/index',
        'make-ups/index',
        'code/index',
        'ledger/index',
        'care/index',
        'membership/index',
      ],
    },
    {
      root: 'packages/meetings',
      pages: ['calendar/index', 'meeting/index', 'plan/index', 'minutes/index'],
    },
    { root: 'packages/study', pages: ['plan/index', 'topic/index'] },
    { root: 'packages/reading', pages: ['lists/index', 'list/index', 'item/index', 'edit/index'] },
    // By itself: reading what a group wrote takes more code than most screens.
    { root: 'packages/chain', pages: ['paste/index'] },
    {
      root: 'packages/organization',
      pages: [
        'overview/index',
        'desk/index',
        'calendar/index',
        'notice/index',
        'topics/index',
        'study-plan/index',
        'progress/index',
        'keepers/index',
        'person/index',
        'roster/index',
        'joint/index',
      ],
    },
  ],
  preloadRule: {
    'pages/home/index': { network: 'all', packages: ['packages/member', 'packages/secretary'] },
  },
  // Taro's H5 router leaves a blank page when somebody goes back during its slide.
  ...(isH5 ? { animation: false } : {}),
  sitemapLocation: 'sitemap.json',
  lazyCodeLoading: 'requiredComponents',
  darkmode: true,
  themeLocation: 'theme.json',
  tabBar: {
    color: colour('tabText', 'ink-2'),
    selectedColor: colour('tabHere', 'red'),
    backgroundColor: colour('tabs', 'surface'),
    // On H5 'white' could not be overruled. Taro's type knows no variable here.
    borderStyle: isH5 ? 'black' : ('@tabLine' as 'black'),
    list: [
      { pagePath: 'pages/home/index', text: '首页' },
      { pagePath: 'pages/study/index', text: '学习' },
      { pagePath: 'pages/history/index', text: '记录' },
      { pagePath: 'pages/me/index', text: '我的' },
    ],
  },
  window: {
    navigationBarTitleText: '周汇朝学',
    navigationBarBackgroundColor: colour('paper', 'paper'),
    navigationBarTextStyle: isH5 ? 'black' : '@titleStyle',
    backgroundColor: colour('paper', 'paper'),
  },
})
