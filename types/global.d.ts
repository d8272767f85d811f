/// <reference types="@tarojs/taro" />

declare module '*.css'
declare module '*.png' {
  const url: string
  export default url
}

declare namespace NodeJS {
  interface ProcessEnv {
    /** Set by Taro's build. */
    TARO_ENV: 'weapp' | 'h5'
    /** Where the server is; empty means the page's own origin (H5). */
    SERVER_URL: string
    APP_VERSION: string
  }
}
