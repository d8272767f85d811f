export default definePageConfig({ navigationBarTitleText: '群接龙' })
