export default definePageConfig({ navigationBarTitleText: '安排学习' })
