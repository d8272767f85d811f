export default definePageConfig({ navigationBarTitleText: '关心提醒' })
