import * as v from 'valibot'

/** When the phone was last heard before a command existed. Each contact says which id was the first
 *  unused one: a command with that id or a higher one was made after it. */
export const contactsSchema = v.array(v.object({ next: v.number(), at: v.number() }))
export type Contacts = v.InferOutput<typeof contactsSchema>

/** The latest contact at which this command did not exist yet; 0 when the phone was never heard. */
export function earliestOf(contacts: Contacts, id: number): number {
  let earliest = 0
  for (const contact of contacts) {
    if (contact.next <= id) earliest = Math.max(earliest, contact.at)
  }
  return earliest
}

/** With a new contact added, and those dropped that no command to come can need. */
export function heard(contacts: Contacts, next: number, at: number, last: number): Contacts {
  const all = [...contacts.filter((each) => each.next !== next), { next, at }]
  const useful = new Map<number, { next: number; at: number }>()
  for (const each of all) {
    // Commands up to `last` are decided: for those to come, all contacts up to last + 1 say the same.
    const key = Math.max(each.next, last + 1)
    if ((useful.get(key)?.at ?? 0) <= each.at) useful.set(key, each)
  }
  return [...useful.values()]
}
