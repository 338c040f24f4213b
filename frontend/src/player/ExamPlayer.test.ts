import { type App, createApp, nextTick } from 'vue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { SAY, sayFrom } from '../messages';
import zhHans from '../messages/zh-hans.json';
import ExamPlayer from './ExamPlayer.vue';
import { configOf, elapse, portsOf, server } from './testing/bench';

let app: App;
let host: HTMLElement;

async function open(attempt: string | null = null): Promise<void> {
  const config = configOf(attempt);
  app = createApp(ExamPlayer, { config, ports: portsOf(config) });
  app.provide(SAY, sayFrom(zhHans));
  app.mount(host);
  await vi.waitFor(() => expect(host.querySelector('h1')).not.toBeNull());
}
async function start(): Promise<void> {
  await open();
  await vi.waitFor(() => button('开始作答').click());
  await vi.waitFor(() => expect(host.querySelector('.option')).not.toBeNull());
}
/** The player ticks twice a second of real time; the clock of the attempt is ours. */
async function wait(ms: number): Promise<void> {
  elapse(ms);
  server.now += ms;
  await vi.advanceTimersByTimeAsync(500);
}
function button(words: string): HTMLElement {
  const found = [...host.querySelectorAll<HTMLElement>('button, a')].find((element) =>
    element.textContent?.includes(words),
  );
  if (!found) throw new Error(`no button ${words}`);
  return found;
}
const options = () => [...host.querySelectorAll<HTMLInputElement>('.option input')];
const question = () => host.querySelector<HTMLElement>('[data-item]');
const heading = () => host.querySelector('h1')?.textContent ?? '';
function press(key: string): Promise<void> {
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  return nextTick();
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  window.scrollTo = () => undefined;
  sessionStorage.clear();
  host = document.createElement('div');
  document.body.replaceChildren(host);
});
afterEach(() => {
  app.unmount();
  vi.useRealTimers();
});

describe('ExamPlayer', () => {
  it('explains the rules before the clock runs', async () => {
    await open();
    await vi.waitFor(() => expect(host.textContent).toContain('交卷后不能再改'));
    expect(server.requests).toHaveLength(0);
  });

  it('marks an answer as being on the device until the server has it', async () => {
    await start();
    expect(question()?.hasAttribute('data-save-state')).toBe(false);
    options()[1]?.click();
    await vi.waitFor(() => expect(question()?.dataset.saveState).toBe('device'));
    expect(host.textContent).toContain('本题已存本机');
    await wait(5500);
    await vi.waitFor(() => expect(question()?.dataset.saveState).toBe('server'));
    expect(host.textContent).toContain('本题已存服务器');
    expect(server.projection().answers).toEqual({ 1: { options: ['b'] } });
  });

  it('sends option ids, several for a multiple response', async () => {
    await start();
    await press('n');
    await press('n');
    expect(heading()).toContain('第 3 题');
    options()[0]?.click();
    options()[2]?.click();
    await vi.waitFor(() => expect(host.querySelectorAll('.option.is-on')).toHaveLength(2));
    await wait(5500);
    await vi.waitFor(() => expect(server.projection().answers[3]).toEqual({ options: ['a', 'c'] }));
  });

  it('is played by keyboard', async () => {
    await start();
    await press('b');
    await vi.waitFor(() => expect(options()[1]?.checked).toBe(true));
    await press('f');
    await vi.waitFor(() => expect(host.querySelector('[aria-pressed="true"]')).not.toBeNull());
    await press('ArrowRight');
    expect(heading()).toContain('第 2 题');
    await press('ArrowLeft');
    await press('ArrowLeft');
    expect(heading()).toContain('第 1 题');
  });

  it('opens the same question with its answer after a reload', async () => {
    await start();
    await press('n');
    options()[3]?.click();
    await vi.waitFor(() => expect(question()?.dataset.saveState).toBe('device'));
    app.unmount();
    host.replaceChildren();
    await open(server.attempt);
    await vi.waitFor(() => expect(heading()).toContain('第 2 题'));
    expect(options().map(({ checked }) => checked)).toEqual([false, false, false, true]);
  });

  it('warns of open questions and shows the receipt', async () => {
    await start();
    options()[0]?.click();
    await vi.waitFor(() => expect(question()?.dataset.saveState).toBe('device'));
    button('交卷').click();
    await nextTick();
    const dialog = host.querySelector('dialog');
    expect(dialog?.textContent).toContain('还有 3 题没答');
    expect(dialog?.textContent).toContain('1 题存在本机');
    dialog?.querySelector<HTMLElement>('.btn-primary')?.click();
    await vi.waitFor(() => expect(host.textContent).toContain('K7QF-2M9X'));
    expect(button('看成绩报告').getAttribute('href')).toBe(`/attempts/${server.attempt}/report/`);
  });

  it('shows the sheet with the counts and goes to a question', async () => {
    await start();
    options()[0]?.click();
    await press('f');
    await vi.waitFor(() => expect(question()?.dataset.saveState).toBe('device'));
    button('答题卡').click();
    await nextTick();
    expect(host.querySelector('dialog')?.textContent).toContain('已答 1 · 未答 3 · 标记 1');
    host.querySelectorAll<HTMLElement>('.cells .cell')[3]?.click();
    await nextTick();
    expect(heading()).toContain('第 4 题');
    expect(host.querySelector('dialog')).toBeNull();
  });

  it('can be read but not changed after a take-over', async () => {
    await start();
    server.takenOverElsewhere();
    await wait(8500);
    await vi.waitFor(() => expect(host.textContent).toContain('正在另一台设备上作答'));
    expect(host.querySelector('fieldset')?.disabled).toBe(true);
    button('转到这里作答').click();
    await vi.waitFor(() => expect(host.querySelector('fieldset')?.disabled).toBe(false));
  });

  it('speaks of the time at thresholds only', async () => {
    await start();
    const spoken = () => host.querySelector('[role="status"]')?.textContent;
    await wait(60 * 60_000);
    expect(spoken()).toBe('');
    await wait(31 * 60_000);
    await vi.waitFor(() => expect(spoken()).toBe('还剩 30 分钟'));
  });

  it('asks to sign in without leaving the page', async () => {
    await start();
    app.unmount();
    host.replaceChildren();
    server.signedIn = false;
    await open(server.attempt);
    await vi.waitFor(() => expect(host.textContent).toContain('登录已过期'));
    server.signedIn = true;
    button('已登录').click();
    await vi.waitFor(() => expect(host.querySelector('.option')).not.toBeNull());
  });
});
