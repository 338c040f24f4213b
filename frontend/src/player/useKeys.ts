import { onBeforeUnmount, onMounted } from 'vue';

import { type Shortcut, isTaken, shortcutOf } from './shortcuts';

/** `useKeys(() => display.keys, (shortcut) => …)`: single keys, as long as they are wanted. */
export function useKeys(wanted: () => boolean, act: (shortcut: Shortcut) => void): void {
  function press(event: KeyboardEvent): void {
    if (!wanted() || isTaken(event.target)) return;
    const shortcut = shortcutOf(event);
    if (!shortcut) return;
    event.preventDefault();
    act(shortcut);
  }
  onMounted(() => window.addEventListener('keydown', press));
  onBeforeUnmount(() => window.removeEventListener('keydown', press));
}
