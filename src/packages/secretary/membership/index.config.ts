export default definePageConfig({ navigationBarTitleText: '名册变动' })
