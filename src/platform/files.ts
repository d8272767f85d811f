import type { HttpAnswer } from './http'

/** A file somebody chose. The path is the platform's own and good for this visit. */
export interface PickedFile {
  readonly name: string
  readonly path: string
}

/** Why something of the phone's could not be used: told in words, never thrown. */
export type FilesProblem = string

/** Files and pictures on this platform. */
export interface Files {
  /** A spreadsheet from a chat (weapp) or from this computer (H5); undefined when nothing was chosen,
   *  or words why none can be. */
  pickSheet(): Promise<PickedFile | FilesProblem | undefined>
  /** @throws {Unreachable} */
  upload(path: string, file: PickedFile, accessToken: string): Promise<HttpAnswer>
  /** Fetches a file and opens it, or saves it where the platform cannot. @throws {Unreachable} */
  open(path: string, name: string, accessToken: string): Promise<HttpAnswer>
  /** Puts text on the clipboard; says what went wrong. */
  copy(text: string): Promise<FilesProblem | undefined>
  /** Keeps a picture (a data URI) among the phone's pictures; says what went wrong. */
  savePicture(dataUri: string, name: string): Promise<FilesProblem | undefined>
}
