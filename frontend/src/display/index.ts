/**
 * The display settings on the own page:
 * `{% island "display-settings" display %}` with `{ lang }`.
 */
import { createApp } from 'vue';

import { SAY, loadSay } from '../messages';
import DisplayFields from '../shared/DisplayFields.vue';

export async function mount(host: HTMLElement, config: unknown): Promise<void> {
  const app = createApp(DisplayFields);
  app.provide(SAY, await loadSay((config as { lang: string }).lang));
  app.mount(host);
}
