import { useEffect, useRef, useState } from 'react'
import { type ExportAsked, exportSchema } from '#protocol/export'
import { useWorkspace } from '#workspace'

const askEveryMs = 700
const patienceMs = 60_000

/** A file that the server makes meanwhile: asked for, waited for, opened. */
export interface Exporting {
  /** What is being made, if anything; one at a time. */
  readonly making: ExportAsked | undefined
  /** The file that was opened last. */
  readonly done: string | undefined
  readonly problem: string | undefined
  readonly onExport: (asked: ExportAsked) => void
}

export function useExport(): Exporting {
  const workspace = useWorkspace()
  const [state, setState] = useState<Omit<Exporting, 'onExport'>>({
    making: undefined,
    done: undefined,
    problem: undefined,
  })
  const isHere = useRef(true)
  useEffect(
    () => () => {
      isHere.current = false
    },
    [],
  )

  /** Words of what went wrong, or the file's name once it is open. */
  const made = async (asked: ExportAsked): Promise<{ problem: string } | { done: string }> => {
    let called = await workspace.call({ method: 'POST', path: '/v1/exports', body: asked }, exportSchema)
    const until = Date.now() + patienceMs
    while (called.is === 'done' && called.value.state === 'asked' && isHere.current) {
      if (Date.now() > until) return { problem: '还没有做好，请稍后再导出一次' }
      await new Promise((resolve) => setTimeout(resolve, askEveryMs))
      called = await workspace.call({ method: 'GET', path: `/v1/exports/${called.value.id}` }, exportSchema)
    }
    if (called.is === 'said') return { problem: called.message }
    const { id, state: end, fileName } = called.value
    if (end !== 'done' || fileName === undefined) return { problem: '没有做成，请稍后再试' }
    const problem = await workspace.openFile(`/v1/exports/${id}/file`, fileName)
    return problem === undefined ? { done: fileName } : { problem }
  }

  const run = async (asked: ExportAsked) => {
    setState({ making: asked, done: undefined, problem: undefined })
    const result = await made(asked)
    if (isHere.current) setState({ making: undefined, done: undefined, problem: undefined, ...result })
  }
  return {
    ...state,
    onExport: (asked) => {
      if (state.making === undefined) void run(asked)
    },
  }
}
