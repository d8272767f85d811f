export default defineAppConfig({
  pages: [
    'pages/home/index',
    'pages/history/index',
    'pages/me/index',
    'pages/sign-in/index',
    'pages/promises/index',
    'pages/about/index',
  ],
  subPackages: [
    { root: 'packages/member', pages: ['leave/index', 'tray/index'] },
    { root: 'packages/secretary', pages: ['register/index', 'line/index', 'weeks/index', 'plan/index'] },
    { root: 'packages/organization', pages: ['overview/index'] },
  ],
  preloadRule: {
    'pages/home/index': { network: 'all', packages: ['packages/member', 'packages/secretary'] },
  },
  // Taro's H5 router leaves a blank page when somebody goes back during its slide.
  ...(process.env.TARO_ENV === 'h5' ? { animation: false } : {}),
  sitemapLocation: 'sitemap.json',
  lazyCodeLoading: 'requiredComponents',
  tabBar: {
    color: '#5c564f',
    selectedColor: '#b3161b',
    backgroundColor: '#ffffff',
    borderStyle: 'white',
    list: [
      { pagePath: 'pages/home/index', text: '首页' },
      { pagePath: 'pages/history/index', text: '记录' },
      { pagePath: 'pages/me/index', text: '我的' },
    ],
  },
  window: {
    navigationBarTitleText: '周汇朝学',
    navigationBarBackgroundColor: '#f6f4f0',
    navigationBarTextStyle: 'black',
    backgroundColor: '#f6f4f0',
  },
})
