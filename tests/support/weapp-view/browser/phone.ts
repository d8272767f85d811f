/** What WeChat draws around the pages and over them, as plain as can be, to look at and to tap. */

import type { Frame } from '../messages'

window.openPage = (id, address) => {
  const page = document.createElement('iframe')
  Object.assign(page, { id, src: address })
  find('.pages').appendChild(page)
}

window.closePage = (id) => find(`#${id}`).remove()

window.showFrame = ({ front, title, canGoBack, tabs, dialog, toast, colours }: Frame) => {
  for (const page of document.querySelectorAll('iframe')) page.hidden = page.id !== front
  for (const [name, colour] of Object.entries(colours))
    document.documentElement.style.setProperty(`--${name}`, colour)
  say('.title', title)
  say('.back', canGoBack ? '‹' : '')
  say('.toast', toast)
  say('.dialog-lines', dialog?.lines.join('\n') ?? '')
  find('.dialog').hidden = dialog === undefined
  offer('.dialog-buttons', dialog?.buttons.map((text) => ({ text, isHere: false })) ?? [])
  offer('.tabs', tabs)
}

function find(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector)
  if (!found) throw new Error(`the phone has no ${selector}`)
  return found
}

function say(selector: string, text: string): void {
  const place = find(selector)
  place.textContent = text
  place.hidden = text === ''
}

/** Buttons that are there already stay, so that a finger does not lose them. */
function offer(selector: string, choices: Frame['tabs']): void {
  const place = find(selector)
  const wanted = JSON.stringify(choices)
  if (place.dataset.offered === wanted) return
  place.dataset.offered = wanted
  place.hidden = choices.length === 0
  place.replaceChildren(
    ...choices.map(({ text, isHere }) => {
      const button = document.createElement('button')
      button.textContent = text
      button.classList.toggle('here', isHere)
      button.onclick = () => void window.choose(text)
      return button
    }),
  )
}
