module.exports = {
  // Without hot reload: it needs packages that the build does not.
  presets: [['taro', { framework: 'preact', ts: true, compiler: 'webpack5', hot: false }]],
}
