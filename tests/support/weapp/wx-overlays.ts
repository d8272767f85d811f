import type { Realm } from './realm'
import { type Api, answering } from './wx-call'

interface ModalOptions {
  title?: string
  content?: string
  showCancel?: boolean
  cancelText?: string
  confirmText?: string
}

interface Dialog {
  readonly lines: string[]
  /** What each of its buttons answers. */
  readonly buttons: ReadonlyMap<string, () => void>
}

/** What WeChat itself draws over a page: toasts, loading, and the dialogs that wait for a tap. */
export class Overlays {
  dialog: Dialog | undefined
  /** What it says; nothing while there is none. */
  toast = ''
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly realm: Realm) {}

  get lines(): string[] {
    return [...(this.dialog?.lines ?? []), ...(this.dialog?.buttons.keys() ?? []), this.toast].filter(Boolean)
  }

  /** Taps a button of the open dialog. */
  tap(name: string): void {
    const answer = this.dialog?.buttons.get(name)
    if (!answer) throw new Error(`the dialog has no button ${name}`)
    this.dialog = undefined
    answer()
  }

  api(): Api {
    const { realm } = this
    return {
      showToast: answering<{ title: string; duration?: number }>(
        realm,
        'showToast',
        ({ title, duration = 1500 }) => this.showToast(title, duration),
      ),
      hideToast: answering(realm, 'hideToast', () => this.showToast('')),
      showLoading: answering<{ title: string }>(realm, 'showLoading', ({ title }) => this.showToast(title)),
      hideLoading: answering(realm, 'hideLoading', () => this.showToast('')),
      showModal: answering<ModalOptions>(realm, 'showModal', (options) => this.showModal(options)),
      showActionSheet: answering<{ itemList: string[] }>(realm, 'showActionSheet', ({ itemList }) =>
        this.showSheet(itemList),
      ),
    }
  }

  private showToast(title: string, duration?: number): undefined {
    clearTimeout(this.timer)
    this.toast = title
    if (duration !== undefined) this.timer = this.realm.later(() => this.showToast(''), duration)
  }

  private showModal({
    title = '',
    content = '',
    showCancel = true,
    cancelText = '取消',
    confirmText = '确定',
  }: ModalOptions): Promise<object> {
    return new Promise((resolve) => {
      const answer = (confirm: boolean) => () => resolve({ confirm, cancel: !confirm, content: null })
      const cancel: [string, () => void][] = showCancel ? [[cancelText, answer(false)]] : []
      this.dialog = { lines: [title, content], buttons: new Map([...cancel, [confirmText, answer(true)]]) }
    })
  }

  private showSheet(items: string[]): Promise<object> {
    return new Promise((resolve, reject) => {
      const choices = items.map((item, tapIndex): [string, () => void] => [item, () => resolve({ tapIndex })])
      const cancel: [string, () => void] = ['取消', () => reject(new Error('cancel'))]
      this.dialog = { lines: [], buttons: new Map([...choices, cancel]) }
    })
  }
}
