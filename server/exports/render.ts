import type { Document } from './document'

/** The file's bytes. Each library is loaded when its first file is made. */
export type Render = (document: Document) => Promise<Uint8Array>

export const render: Render = async (document) => {
  if (document.is === 'workbook') return (await import('./render-xlsx')).renderXlsx(document)
  return (await import('./render-docx')).renderDocx(document)
}
