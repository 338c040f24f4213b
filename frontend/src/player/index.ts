import { createApp } from 'vue';

import { connectAttempts } from '../api/client';
import { SAY, loadSay } from '../messages';
import ExamPlayer from './ExamPlayer.vue';
import type { PlayerConfig, Ports } from './attemptState';
import { randomId } from '../shared/randomId';
import { journalOf } from './journal';

const ATTEMPT_URL = '/attempts/{attempt}/';

export async function mount(host: HTMLElement, config: unknown): Promise<void> {
  const ours = config as PlayerConfig;
  const say = await loadSay(ours.lang);
  const app = createApp(ExamPlayer, { config: ours, ports: browserPorts(ours) });
  app.provide(SAY, say);
  app.mount(host);
}

function browserPorts(config: PlayerConfig): Ports {
  // Asks the browser not to clear the journal for want of space; it may say no.
  void navigator.storage?.persist?.().catch(() => false);
  return {
    api: connectAttempts({ api: config.api }),
    journal: journalOf(config.user),
    monotonic: () => performance.now(),
    clientDate: () => new Date().toISOString(),
    chance: () => Math.random(),
    newId: randomId,
    showAddress: (attempt) => {
      const address = (config.attemptUrl ?? ATTEMPT_URL).replace('{attempt}', attempt);
      history.replaceState(null, '', address);
    },
  };
}
