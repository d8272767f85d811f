/** What a rule decided. `held` waits for the secretary; `refused` changes nothing. */
export type Decision<Accepted, Refusal> =
  | { readonly outcome: 'accepted' | 'held'; readonly value: Accepted }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }

export const accept = <Accepted>(value: Accepted) => ({ outcome: 'accepted', value }) as const
export const hold = <Accepted>(value: Accepted) => ({ outcome: 'held', value }) as const
export const refuse = <Refusal>(refusal: Refusal) => ({ outcome: 'refused', refusal }) as const
