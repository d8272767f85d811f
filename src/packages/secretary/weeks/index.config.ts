export default definePageConfig({ navigationBarTitleText: '各周登记簿' })
