import { addDays, type Day, instantOf, mondayOf, type Week } from '#domain/day'
import type { OpenStudy } from '#domain/weekly-study'
import { TestBranch } from './branch'

const template = new TestBranch().study()

/** This week's study, held on its Monday unless told, with the clocks of an ordinary morning. */
export function openStudy(week: Week, heldOn: Day = mondayOf(week)): OpenStudy {
  if (template.state !== 'open') throw new Error('the study of the tests is open')
  const at = (clock: string) => instantOf(heldOn, clock)
  return {
    ...template,
    ...{ week, heldOn, version: 1 },
    ...{ opensAt: at('08:15'), startsAt: at('08:30'), onTimeUntil: at('08:40'), endsAt: at('09:30') },
    ...{ closesAt: at('12:00'), registerClosesAt: at('12:00') },
    graceEndsAt: instantOf(addDays(heldOn, 1), '00:00'),
  }
}
