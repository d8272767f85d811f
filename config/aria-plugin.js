const path = require('node:path')
const components = require('./aria-attributes')

/** Taro writes no `aria-*` attribute into the weapp templates. This adds the ones our `src/ui`
 *  uses, at build time and in the runtime's table of attributes, so that a screen reader on a
 *  phone hears them. A test reads the built `base.wxml`. */
module.exports = (ctx) => {
  ctx.registerMethod({
    name: 'onSetupClose',
    fn(platform) {
      if (!platform.template) return // H5 writes attributes as they are
      platform.template.mergeComponents(platform.ctx, components)
      const runtime = path.resolve(__dirname, 'aria-runtime.js')
      platform.runtimePath = [platform.runtimePath, runtime].flat().filter(Boolean)
    },
  })
}
