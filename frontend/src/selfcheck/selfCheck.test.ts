import { type App, createApp } from 'vue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Outcome, PracticeAnswer, PracticeQuestion, PracticeVerdict } from '../api/client';
import { SAY, sayFrom } from '../messages';
import zhHans from '../messages/zh-hans.json';
import SelfCheck from './SelfCheck.vue';

const QUESTION: PracticeQuestion = {
  question: '11111111-1111-4111-8111-111111111111',
  type: 'multiple_response',
  points_half: 4,
  stem: '<strong>下列说法</strong>正确的有（　　）。',
  stimulus: null,
  options: [...'abcde'].map((id) => ({ id, text: `说法${id}` })),
  key: ['a', 'c', 'd'],
  rationale: '因为<script>alert(1)</script>如此。',
  last: null,
};
const RIGHT: PracticeVerdict = {
  verdict: 'right',
  score_half: 4,
  points_half: 4,
  options: ['a', 'c', 'd'],
  guessed: false,
};
const ok = <T>(body: T): Outcome<T> => ({ ok: true, body });
const refused = (status: number, code = 'unknown', message = ''): Outcome<never> => ({
  ok: false,
  refusal: { status, code, message, detail: {}, retryAfterMs: null },
});
const lost = refused(0, 'network');

let apps: App[] = [];
let sent: PracticeAnswer[] = [];
let loads: Outcome<PracticeQuestion>[] = [];
let replies: (Outcome<PracticeVerdict> | Promise<Outcome<PracticeVerdict>>)[] = [];
let ids = 0;

function open(question: PracticeQuestion = QUESTION, place = 1): HTMLElement {
  const host = document.createElement('div');
  document.body.append(host);
  const api = {
    question: async () => loads.shift() ?? ok(question),
    answer: async (_question: string, body: PracticeAnswer) => {
      sent.push(body);
      return (await replies.shift()) ?? ok(RIGHT);
    },
  };
  const ports = { api, newId: () => `key-${++ids}` };
  const app = createApp(SelfCheck, { question: question.question, place, ports });
  app.provide(SAY, sayFrom(zhHans));
  app.mount(host);
  apps.push(app);
  return host;
}
async function asked(question?: PracticeQuestion): Promise<HTMLElement> {
  const host = open(question);
  await vi.waitFor(() => expect(host.querySelector('form')).not.toBeNull());
  return host;
}
function choose(host: HTMLElement, ...letters: string[]): void {
  for (const letter of letters) {
    host.querySelector<HTMLInputElement>(`.option input[value=${letter}]`)?.click();
  }
}
function press(host: HTMLElement, words: string): void {
  const found = [...host.querySelectorAll('button')].find((b) => b.textContent?.includes(words));
  if (!found) throw new Error(`no button ${words}`);
  found.click();
}
const submit = (host: HTMLElement) =>
  host.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
async function answered(host: HTMLElement, ...letters: string[]): Promise<void> {
  choose(host, ...letters);
  submit(host);
  await vi.waitFor(() => expect(host.querySelector('.rationale')).not.toBeNull());
}
const phase = (host: HTMLElement) => host.querySelector<HTMLElement>('.selfcheck')?.dataset;

beforeEach(() => {
  document.body.replaceChildren();
  [apps, sent, loads, replies, ids] = [[], [], [], [], 0];
});
afterEach(() => apps.forEach((app) => app.unmount()));

describe('SelfCheck', () => {
  it('shows nothing of the key before the answer', async () => {
    const host = await asked();
    expect(host.textContent).toContain('正确的有');
    expect(host.textContent).not.toContain('如此');
    expect(host.querySelector('.is-right')).toBeNull();
  });

  it('shows what was answered when the page was open before', async () => {
    const last = { ...RIGHT, verdict: 'partial' as const, score_half: 2, options: ['a', 'c'] };
    const host = open({ ...QUESTION, last });
    await vi.waitFor(() => expect(phase(host)?.phase).toBe('answered'));
    expect(host.textContent).toContain('您选了 A C，少选了 D');
    expect(host.textContent).toContain('得 1 分，满分 2 分');
    expect(sent).toEqual([]);
    press(host, '再做');
    await vi.waitFor(() => expect(host.querySelector('form')).not.toBeNull());
    expect(host.querySelector('.option input:checked')).toBeNull();
  });

  it('gives feedback at once and says when the server has the answer', async () => {
    const host = await asked();
    await answered(host, 'c', 'a', 'd');
    expect(host.textContent).toContain('您选了 A C D，答对了');
    await vi.waitFor(() => expect(phase(host)?.saved).toBe('server'));
    expect(host.textContent).toContain('得 2 分，满分 2 分');
    expect(sent).toEqual([{ key: 'key-1', options: ['a', 'c', 'd'], guessed: false }]);
  });

  it('sets too few apart from wrong, and warns of one alone without blocking', async () => {
    const host = await asked();
    await answered(host, 'a');
    expect(host.textContent).toContain('您选了 A，少选了 C D');
    expect(host.querySelectorAll('.is-missed')).toHaveLength(2);
    expect(host.textContent).toContain('您只选了 1 项');
  });

  it('asks for a choice before it sends anything', async () => {
    const host = await asked();
    submit(host);
    await vi.waitFor(() => expect(host.querySelector('[role=alert]')).not.toBeNull());
    expect(sent).toEqual([]);
    choose(host, 'a');
    await vi.waitFor(() => expect(host.querySelector('[role=alert]')).toBeNull());
  });

  it('tells the server of a guess', async () => {
    const host = await asked();
    host.querySelector<HTMLInputElement>('.check input')?.click();
    await answered(host, 'a');
    expect(sent[0]?.guessed).toBe(true);
  });

  it('keeps the answer on the page without a network and sends the same one on a tap', async () => {
    replies = [lost, ok(RIGHT)];
    const host = await asked();
    await answered(host, 'a', 'c', 'd');
    await vi.waitFor(() => expect(phase(host)?.saved).toBe('waiting'));
    expect(host.textContent).toContain('还没存到服务器');
    expect(host.textContent).toContain('您选了 A C D');
    press(host, '再试一次');
    await vi.waitFor(() => expect(phase(host)?.saved).toBe('server'));
    expect(sent.map(({ key }) => key)).toEqual(['key-1', 'key-1']);
  });

  it('sends it again by itself when the network is back, and only once', async () => {
    replies = [lost, ok(RIGHT)];
    const host = await asked();
    await answered(host, 'a');
    await vi.waitFor(() => expect(phase(host)?.saved).toBe('waiting'));
    window.dispatchEvent(new Event('online'));
    await vi.waitFor(() => expect(phase(host)?.saved).toBe('server'));
    window.dispatchEvent(new Event('online'));
    await Promise.resolve();
    expect(sent).toHaveLength(2);
  });

  it.each([
    [503, 'unwell', '服务器暂时没有回应'],
    [403, 'signed_out', '登录已过期'],
    [409, 'refused', '服务器没有接受这次作答'],
  ])('says why when the server answers %i', async (status, saved, words) => {
    replies = [refused(status)];
    const host = await asked();
    await answered(host, 'a');
    await vi.waitFor(() => expect(phase(host)?.saved).toBe(saved));
    expect(host.textContent).toContain(words);
  });

  it('takes a new key when done again, and no late reply to the first', async () => {
    let late: (outcome: Outcome<PracticeVerdict>) => void = () => undefined;
    replies = [new Promise((resolve) => (late = resolve)), ok({ ...RIGHT, score_half: 1 })];
    const host = await asked();
    await answered(host, 'a', 'c', 'd');
    press(host, '再做一次');
    await vi.waitFor(() => expect(host.querySelector('form')).not.toBeNull());
    expect(host.querySelector('input:checked')).toBeNull();
    await answered(host, 'a');
    await vi.waitFor(() => expect(phase(host)?.saved).toBe('server'));
    late(ok(RIGHT));
    await Promise.resolve();
    expect(host.textContent).toContain('得 0.5 分');
    expect(sent.map(({ key }) => key)).toEqual(['key-1', 'key-2']);
  });

  it('offers to load again, and loads by itself when the network is back', async () => {
    loads = [lost];
    const host = open();
    await vi.waitFor(() => expect(phase(host)?.phase).toBe('failed'));
    window.dispatchEvent(new Event('online'));
    await vi.waitFor(() => expect(phase(host)?.phase).toBe('asking'));
  });

  it('says that a question was taken back and does not offer it again', async () => {
    loads = [refused(404, 'not_found')];
    const host = open();
    await vi.waitFor(() => expect(phase(host)?.phase).toBe('missing'));
    expect(host.querySelector('button')).toBeNull();
  });

  it('keeps two questions of one lesson apart', async () => {
    const single = { ...QUESTION, type: 'single_choice' as const, key: ['b'] };
    const [first, second] = [open(single, 1), open(single, 2)];
    await vi.waitFor(() => expect(document.querySelectorAll('form')).toHaveLength(2));
    choose(first, 'a');
    choose(second, 'b');
    expect(first.querySelector<HTMLInputElement>('input:checked')?.value).toBe('a');
  });

  it('lets no script of a stored text into the page', async () => {
    const host = await asked();
    await answered(host, 'a');
    expect(host.querySelector('.rationale')?.textContent).toContain('因为如此。');
    expect(host.querySelector('script')).toBeNull();
  });

  it('moves the focus to what came of the answer', async () => {
    const host = await asked();
    await answered(host, 'a');
    await vi.waitFor(() =>
      expect(document.activeElement?.textContent).toContain('您选了 A，少选了 C D'),
    );
  });
});
