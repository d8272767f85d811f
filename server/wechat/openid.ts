import * as v from 'valibot'

/** Who somebody is to WeChat, in our mini-program only: another one knows them by another. */
export const openidSchema = v.pipe(v.string(), v.regex(/^[\w-]{1,128}$/))
