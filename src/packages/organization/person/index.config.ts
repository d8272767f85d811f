export default definePageConfig({ navigationBarTitleText: '任职与转接' })
