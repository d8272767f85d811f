export default definePageConfig({ navigationBarTitleText: '支部与书记' })
