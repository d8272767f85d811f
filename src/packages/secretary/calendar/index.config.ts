export default definePageConfig({ navigationBarTitleText: '学习日程' })
