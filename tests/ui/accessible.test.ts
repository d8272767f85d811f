import { onPlatform } from '#support/taro-api'
import { accessible, pressable } from '#ui/accessible'

const everything = {
  role: 'radio',
  label: '林晓 到会',
  checked: false,
  selected: true,
  disabled: false,
  hidden: false,
  live: 'polite',
  level: 2,
  busy: false,
  modal: true,
  now: 3,
} as const

test('on weapp: aria-role, booleans as they are, and nothing the template has no place for', () => {
  onPlatform('weapp')
  expect(accessible(everything)).toEqual({
    'aria-role': 'radio',
    'aria-label': '林晓 到会',
    'aria-checked': false,
    'aria-selected': true,
    'aria-disabled': false,
    'aria-hidden': false,
    'aria-live': 'polite',
  })
  expect(Object.keys(pressable(jest.fn()))).toEqual(['hoverClass', 'onClick'])
})

test('on H5: role, and booleans as text, because Taro takes a false attribute away', () => {
  onPlatform('h5')
  expect(accessible(everything)).toEqual({
    role: 'radio',
    'aria-label': '林晓 到会',
    'aria-checked': 'false',
    'aria-selected': 'true',
    'aria-disabled': 'false',
    'aria-hidden': 'false',
    'aria-live': 'polite',
    'aria-level': 2,
    'aria-busy': 'false',
    'aria-modal': 'true',
    'aria-valuenow': 3,
  })
})

test.each(['weapp', 'h5'] as const)('on %s nothing is written that was not said', (platform) => {
  onPlatform(platform)
  expect(accessible({})).toEqual({})
})
