export default definePageConfig({ navigationBarTitleText: '修改清单' })
