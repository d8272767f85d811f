/** An event for the phone's own calendar. Instants are ms, UTC. */
export interface PhoneEvent {
  readonly title: string
  readonly place: string
  readonly startsAt: number
  readonly endsAt: number
  readonly alarmMinutes: number
}

/** A page of the mini-program, as WeChat wants it signed. */
export interface SignedLink {
  readonly path: string
  readonly signature: string
}

/** `done`; `nothing`: they went back by themselves; or words on what went wrong and what to do. */
export type Reminded = { readonly is: 'done' | 'nothing' } | { readonly is: 'said'; readonly message: string }

/** How this platform can bring a study to mind. Nothing depends on any of it. */
export interface Reminding {
  readonly inWechat:
    | {
        /** Asks in WeChat whether one message may be sent. Only in a tap: WeChat asks at no other time. */
        agree(templateId: string): Promise<Reminded>
        /** Writes into the phone's calendar. Only in a tap. */
        addToCalendar(event: PhoneEvent, link: SignedLink | undefined): Promise<Reminded>
      }
    | undefined
  /** The whole address of a path of the server's; undefined where no calendar app could reach it. */
  addressOf(path: string): string | undefined
  /** Hands the address to this device's calendar app; undefined where there is no way to. */
  readonly subscribe: ((address: string) => void) | undefined
}
