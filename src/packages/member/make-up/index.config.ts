export default definePageConfig({ navigationBarTitleText: '补学与学时' })
