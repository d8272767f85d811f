export default definePageConfig({ navigationBarTitleText: '联合会议' })
