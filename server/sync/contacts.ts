import * as v from 'valibot'

/** What a phone had heard from us at `at`, and which command id was the first unused one when it
 *  next wrote: a command with that id or a higher one was made after that instant. */
export const contactsSchema = v.array(v.object({ next: v.number(), at: v.number() }))
export type Contacts = v.InferOutput<typeof contactsSchema>

/** A phone that asks again and again says nothing new for so long: writing each time would cost a
 *  commit, and an earliest instant that is a little too early only favours the member. */
const coarseMs = 60_000
/** A phone that makes commands and is never answered would let them grow without end. */
const most = 50

/** The latest contact at which this command did not exist yet; 0 when the phone was never heard. */
export function earliestOf(contacts: Contacts, id: number): number {
  let earliest = 0
  for (const contact of contacts) {
    if (contact.next <= id) earliest = Math.max(earliest, contact.at)
  }
  return earliest
}

/** With a new contact added, and without those that tell nothing any more. The very same when this
 *  one adds nothing worth writing down.
 *
 *  `at` is when we sent what the phone had heard, not when its request arrived: a request can be
 *  long on its way, and what is done meanwhile already has the id it calls unused. */
export function heard(contacts: Contacts, next: number, at: number, last: number): Contacts {
  // Up to `last` everything is decided: all contacts below say the same of what is to come.
  const first = Math.max(next, last + 1)
  const isTidy = contacts.every((each) => each.next > last)
  if (isTidy && earliestOf(contacts, first) > at - coarseMs) return contacts
  const raised = contacts.map((each) => ({ next: Math.max(each.next, last + 1), at: each.at }))
  const front: { next: number; at: number }[] = []
  for (const each of [...raised, { next: first, at }].sort((a, b) => a.next - b.next || b.at - a.at)) {
    // One that is later and speaks for more ids makes this one idle.
    if (each.at > (front.at(-1)?.at ?? 0)) front.push(each)
  }
  return front.slice(-most)
}
