import path from 'node:path'
import { defineConfig } from '@tarojs/cli'

const { version } = require('../package.json') as { version: string }

/** Lengths stay in px on both platforms: a logical px is what the type scale and the 44 pt
 *  touch targets are written in, and `calc(16px * var(--s))` must survive. */
const postcss = { pxtransform: { enable: false }, cssModules: { enable: false } }

/** H5 is served by its server. A mini-program must be told where it is: without being told, where
 *  `npm start` serves on this machine, for WeChat's developer tools. */
const serverUrl = process.env.SERVER_URL || (process.env.TARO_ENV === 'weapp' ? 'http://127.0.0.1:8787' : '')

/** Every variable that changes the output belongs in the cache's name: Taro's own key knows
 *  only NODE_ENV and TARO_ENV. */
const cacheName = `${process.env.TARO_ENV}-${process.env.NODE_ENV}-${version}-${[serverUrl, process.env.CLOUD_ENV, process.env.CLOUD_SERVICE].join(' ').replace(/\W+/g, '-')}`

interface Chain {
  devtool(kind: false | string): void
  resolve: { alias: { set(name: string, to: string): void } }
  optimization: { splitChunks(options: object): void }
}

export default defineConfig(() => ({
  projectName: 'morning-study',
  designWidth: 375,
  deviceRatio: { 375: 2 },
  sourceRoot: 'src',
  outputRoot: `dist/${process.env.TARO_ENV}`,
  framework: 'preact',
  compiler: { type: 'webpack5', prebundle: { enable: false } },
  cache: { enable: true, name: cacheName, cacheDirectory: path.resolve(__dirname, '../.cache') },
  plugins: [path.resolve(__dirname, 'aria-plugin.js')],
  copy: {
    // Taro writes app.json itself, and leaves the file that its sitemapLocation names to us; and it knows
    // nothing of a picture that no page draws.
    patterns:
      process.env.TARO_ENV === 'weapp'
        ? ['sitemap.json', 'share-card.png'].map((file) => ({
            from: `src/${file}`,
            to: `dist/weapp/${file}`,
          }))
        : [],
    options: {},
  },
  defineConstants: {
    'process.env.SERVER_URL': JSON.stringify(serverUrl),
    'process.env.CLOUD_ENV': JSON.stringify(process.env.CLOUD_ENV ?? ''),
    'process.env.CLOUD_SERVICE': JSON.stringify(process.env.CLOUD_SERVICE ?? ''),
    'process.env.APP_VERSION': JSON.stringify(version),
  },
  jsMinimizer: 'terser',
  mini: {
    // Our deepest page nests nine; each level writes all templates out once more, and deeper ones still work.
    baseLevel: 10,
    postcss,
    webpackChain(chain: Chain) {
      chain.devtool(false)
      // Taro names a module that has no `createRoot`.
      chain.resolve.alias.set('react-dom', path.resolve(__dirname, 'preact-dom.js'))
    },
  },
  h5: {
    publicPath: '/',
    staticDirectory: 'static',
    output: { filename: 'js/[name].[contenthash:8].js', chunkFilename: 'js/[name].[contenthash:8].js' },
    miniCssExtractPluginOption: {
      ignoreOrder: true,
      filename: 'css/[name].[contenthash:8].css',
      chunkFilename: 'css/[name].[contenthash:8].css',
    },
    router: { mode: 'hash' as const },
    devServer: {
      open: false,
      hot: false,
      host: '127.0.0.1',
      proxy: [{ context: ['/v1', '/healthz', '/readyz', '/demo'], target: 'http://127.0.0.1:8787' }],
    },
    postcss: { ...postcss, autoprefixer: { enable: true } },
    webpackChain(chain: Chain) {
      chain.devtool(false)
      chain.optimization.splitChunks({ chunks: 'all' })
    },
  },
}))
