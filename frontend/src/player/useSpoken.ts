import { ref, watch } from 'vue';

import type { Say } from '../messages';
import type { AttemptView } from './attemptState';
import { passedThreshold } from './countdown';

/** What is said aloud: the time at four thresholds, and changes of the connection. Nothing else. */
export function useSpoken(view: Readonly<AttemptView>, say: Say) {
  const spoken = ref('');
  watch(
    () => view.remaining,
    (after, before) => {
      const minutes = passedThreshold(before ?? 0, after ?? 0);
      if (minutes) spoken.value = say('time.announce', { n: minutes });
    },
  );
  watch(
    () => view.link,
    (link) => {
      if (link === 'ok') spoken.value = say('sync.back');
      else spoken.value = say(`sync.${link}`);
    },
  );
  return spoken;
}
