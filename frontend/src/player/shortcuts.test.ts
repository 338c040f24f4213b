import { afterEach, describe, expect, it } from 'vitest';

import { isTaken, shortcutOf } from './shortcuts';

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  shortcutOf({ key, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, ...more });

afterEach(() => document.body.replaceChildren());

describe('shortcutOf', () => {
  it.each([
    ['a', { act: 'choose', option: 0 }],
    ['E', { act: 'choose', option: 4 }],
    ['1', { act: 'choose', option: 0 }],
    ['5', { act: 'choose', option: 4 }],
    ['ArrowRight', { act: 'next' }],
    ['n', { act: 'next' }],
    ['ArrowLeft', { act: 'previous' }],
    ['P', { act: 'previous' }],
    ['f', { act: 'flag' }],
  ])('reads %s', (key, shortcut) => {
    expect(press(key)).toEqual(shortcut);
  });

  it.each(['0', 'x', 'Enter', ' ', 'Tab', 'ArrowUp', 'ArrowDown', 'F5', ''])(
    'leaves %s to the browser',
    (key) => {
      expect(press(key)).toBeNull();
    },
  );

  it('leaves combinations and unfinished Chinese input alone', () => {
    expect(press('a', { ctrlKey: true })).toBeNull();
    expect(press('a', { isComposing: true })).toBeNull();
  });
});

describe('isTaken', () => {
  it('gives keys to text fields, not to the options', () => {
    const field = document.createElement('input');
    const radio = document.createElement('input');
    radio.type = 'radio';
    expect([isTaken(field), isTaken(radio), isTaken(document.body)]).toEqual([true, false, false]);
  });

  it('gives keys to an open dialog', () => {
    const dialog = document.createElement('dialog');
    dialog.setAttribute('open', '');
    document.body.append(dialog);
    expect(isTaken(document.body)).toBe(true);
  });
});
