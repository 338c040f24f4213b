/**
 * A bank question inside a lesson:
 * `<div data-island="self-check">` with `{"question": uuid, "api": "/api/v1/practice/", "lang"}`.
 */
import { createApp } from 'vue';

import { connectPractice } from '../api/client';
import { SAY, loadSay } from '../messages';
import { randomId } from '../shared/randomId';
import SelfCheck from './SelfCheck.vue';

export interface SelfCheckConfig {
  question: string;
  api: string;
  lang: string;
}
let places = 0;

export async function mount(host: HTMLElement, config: unknown): Promise<void> {
  const { question, api, lang } = config as SelfCheckConfig;
  const say = await loadSay(lang);
  const ports = { api: connectPractice({ api }), newId: randomId };
  const app = createApp(SelfCheck, { question, place: ++places, ports });
  app.provide(SAY, say);
  app.mount(host);
}
