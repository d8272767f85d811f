export default definePageConfig({ navigationBarTitleText: '下发主题' })
