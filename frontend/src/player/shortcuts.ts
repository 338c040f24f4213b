/** What a key means while a question is open; pure, so that no key can mean two things. */
export type Shortcut =
  { act: 'choose'; option: number } | { act: 'next' } | { act: 'previous' } | { act: 'flag' };

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing'>;

export function shortcutOf(event: Key): Shortcut | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  const key = event.key.toLowerCase();
  // Left and right would change a radio button that has the focus: an answer lost to a page turn.
  if (key === 'arrowright' || key === 'n') return { act: 'next' };
  if (key === 'arrowleft' || key === 'p') return { act: 'previous' };
  if (key === 'f') return { act: 'flag' };
  const option = /^[1-9]$/.test(key) ? Number(key) - 1 : 'abcde'.indexOf(key);
  return key.length === 1 && option >= 0 ? { act: 'choose', option } : null;
}

/** Keys typed into a text field, or while a dialog is open, belong to it. */
export function isTaken(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['radio', 'checkbox'].includes(target.type);
  return target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName);
}
