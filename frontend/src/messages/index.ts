/** Words of the islands: one JSON for each language, loaded when an island mounts. */
import { type InjectionKey, inject } from 'vue';

import type zhHans from './zh-hans.json';

export type MessageKey = keyof typeof zhHans;
type Catalogue = Record<MessageKey, string>;
export type Say = (key: MessageKey, values?: Record<string, string | number>) => string;

const CATALOGUES: Record<string, () => Promise<{ default: Catalogue }>> = {
  'zh-hans': () => import('./zh-hans.json'),
  en: () => import('./en.json'),
};

export async function loadSay(language: string): Promise<Say> {
  const load = CATALOGUES[language.toLowerCase()] ?? CATALOGUES['zh-hans'];
  if (!load) throw new Error('no messages');
  return sayFrom((await load()).default);
}

export function sayFrom(catalogue: Catalogue): Say {
  return (key, values = {}) =>
    catalogue[key].replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

const SAY: InjectionKey<Say> = Symbol('say');
export { SAY };

/** The words of the island around this component. */
export function useSay(): Say {
  const say = inject(SAY);
  if (!say) throw new Error('no messages provided');
  return say;
}
