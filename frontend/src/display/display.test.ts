import { beforeEach, describe, expect, it } from 'vitest';
import { nextTick } from 'vue';

import { readDisplay } from '../shared/display';
import { mount } from '.';

async function settings(lang = 'en'): Promise<HTMLElement> {
  const host = document.createElement('div');
  document.body.append(host);
  await mount(host, { lang });
  return host;
}

const button = (host: HTMLElement, words: string) => {
  const found = [...host.querySelectorAll('button')].find((b) => b.textContent?.trim() === words);
  if (!found) throw new Error(`no button ${words} in ${host.textContent}`);
  return found;
};

describe('display settings', () => {
  beforeEach(() => {
    localStorage.clear();
    document.body.replaceChildren();
  });

  it('apply and keep what is chosen, and say which one it is', async () => {
    const host = await settings();
    button(host, 'Night').click();
    await nextTick();
    expect(document.documentElement.dataset.theme).toBe('dark');
    expect(readDisplay().theme).toBe('dark');
    expect(button(host, 'Night').getAttribute('aria-pressed')).toBe('true');
    expect(button(host, 'Day').getAttribute('aria-pressed')).toBe('false');
  });

  it('leave alone what was chosen elsewhere', async () => {
    const host = await settings();
    localStorage.setItem('display', JSON.stringify({ keys: false }));
    button(host, 'Night').click();
    expect(readDisplay().keys).toBe(false);
  });

  it('speak the language of the page', async () => {
    expect((await settings('zh-hans')).textContent).toContain('夜间');
  });
});
