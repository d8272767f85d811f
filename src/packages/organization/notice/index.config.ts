export default definePageConfig({ navigationBarTitleText: '录入放假安排' })
