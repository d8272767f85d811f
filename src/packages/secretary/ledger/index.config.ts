export default definePageConfig({ navigationBarTitleText: '台账与导出' })
