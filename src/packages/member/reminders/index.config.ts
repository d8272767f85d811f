export default definePageConfig({ navigationBarTitleText: '学习前提醒' })
