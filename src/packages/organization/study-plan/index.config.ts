export default definePageConfig({ navigationBarTitleText: '编制学习计划' })
