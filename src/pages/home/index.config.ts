export default definePageConfig({ navigationBarTitleText: '周汇朝学', enableShareAppMessage: true })
