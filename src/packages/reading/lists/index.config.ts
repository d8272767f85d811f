export default definePageConfig({ navigationBarTitleText: '读书清单' })
