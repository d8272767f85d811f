module.exports = {
  // Without hot reload: it needs packages that the build does not.
  presets: [['taro', { framework: 'react', ts: true, compiler: 'webpack5', hot: false }]],
}
