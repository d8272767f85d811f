/// <reference types="@tarojs/taro" />

declare module '*.css'

declare namespace NodeJS {
  interface ProcessEnv {
    /** Set by Taro's build. */
    readonly TARO_ENV?: 'weapp' | 'h5'
    /** Where the server is; empty means the page's own origin (H5). */
    readonly SERVER_URL?: string
    readonly APP_VERSION?: string
  }
}
