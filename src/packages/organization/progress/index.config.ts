export default definePageConfig({ navigationBarTitleText: '计划进度' })
