export default defineAppConfig({
  pages: ['pages/home/index', 'pages/me/index'],
  lazyCodeLoading: 'requiredComponents',
  window: {
    navigationBarTitleText: '周汇朝学',
    navigationBarBackgroundColor: '#f6f4f0',
    navigationBarTextStyle: 'black',
    backgroundColor: '#f6f4f0',
  },
})
