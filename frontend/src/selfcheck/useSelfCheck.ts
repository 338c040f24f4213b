/**
 * One question of practice: loaded, answered, and the answer sent until the server has it.
 * `const check = useSelfCheck(uuid, { api, newId })`; `check.view` is what the page shows.
 */
import { onBeforeUnmount, onMounted, reactive, readonly } from 'vue';

import {
  type PracticeApi,
  type PracticeAnswer,
  type PracticeQuestion,
  type Refusal,
  isPassing,
  needsSignIn,
} from '../api/client';

export interface Ports {
  api: PracticeApi;
  newId: () => string;
}
/** Where the answer is. `waiting`: on this page only, sent again when the network is back. */
export type Saved = 'sending' | 'server' | 'waiting' | 'unwell' | 'signed_out' | 'refused';

interface View {
  phase: 'loading' | 'failed' | 'missing' | 'asking' | 'answered';
  question: PracticeQuestion | null;
  chosen: string[];
  guessed: boolean;
  nothingChosen: boolean;
  saved: Saved;
  /** What the server said when it refused. */
  said: string;
  scoreHalf: number | null;
}

export function useSelfCheck(question: string, { api, newId }: Ports) {
  const view = reactive<View>(unanswered());
  let pending: PracticeAnswer | null = null;

  async function load(): Promise<void> {
    view.phase = 'loading';
    const outcome = await api.question(question);
    if (outcome.ok) {
      Object.assign(view, { question: outcome.body }, standing(outcome.body.last));
    } else {
      view.phase = outcome.refusal.status === 404 ? 'missing' : 'failed';
    }
  }

  function choose(options: string[]): void {
    view.chosen = options;
    view.nothingChosen = false;
  }

  async function answer(): Promise<void> {
    view.nothingChosen = !view.chosen.length;
    if (view.nothingChosen || view.phase !== 'asking') return;
    pending = { key: newId(), options: [...view.chosen], guessed: view.guessed };
    view.phase = 'answered';
    await send();
  }

  async function send(): Promise<void> {
    const sent = pending;
    if (!sent) return;
    view.saved = 'sending';
    const outcome = await api.answer(question, sent);
    // Begun anew meanwhile: this reply is about an answer that is no longer on the page.
    if (pending !== sent) return;
    if (outcome.ok) {
      view.saved = 'server';
      view.scoreHalf = outcome.body.score_half;
    } else {
      view.saved = savedAfter(outcome.refusal);
      view.said = outcome.refusal.message;
    }
  }

  function again(): void {
    pending = null;
    Object.assign(view, unanswered(), { phase: 'asking', question: view.question });
  }

  function retry(): Promise<void> {
    return view.phase === 'failed' ? load() : send();
  }

  /** The network is back: what did not arrive goes out again, and nothing else does. */
  function online(): void {
    const unsent = view.phase === 'answered' && ['waiting', 'unwell'].includes(view.saved);
    if (unsent || view.phase === 'failed') void retry();
  }

  onMounted(load);
  useOnline(online);
  const guess = (guessed: boolean) => void (view.guessed = guessed);
  return { view: readonly(view) as Readonly<View>, choose, guess, answer, again, retry };
}

/** What was answered when the page was open before stands there again. */
function standing(last: PracticeQuestion['last']): Partial<View> {
  if (!last) return { phase: 'asking' };
  const { options: chosen, guessed, score_half: scoreHalf } = last;
  return { phase: 'answered', chosen, guessed, scoreHalf, saved: 'server' };
}

function unanswered(): View {
  return {
    phase: 'loading',
    question: null,
    chosen: [],
    guessed: false,
    nothingChosen: false,
    saved: 'sending',
    said: '',
    scoreHalf: null,
  };
}

function useOnline(act: () => void): void {
  onMounted(() => window.addEventListener('online', act));
  onBeforeUnmount(() => window.removeEventListener('online', act));
}

function savedAfter(refusal: Refusal): Saved {
  if (refusal.status === 0) return 'waiting';
  if (isPassing(refusal)) return 'unwell';
  return needsSignIn(refusal) ? 'signed_out' : 'refused';
}
