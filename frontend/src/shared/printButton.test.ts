import { afterEach, expect, it, vi } from 'vitest';

import { mount } from './printButton';

afterEach(() => {
  vi.restoreAllMocks();
});

it('prints the page when it is pressed', () => {
  const print = vi.fn();
  vi.stubGlobal('print', print);
  const host = document.createElement('div');
  mount(host, { label: '打印' });
  const button = host.querySelector('button');
  expect(button?.textContent).toBe('打印');
  button?.click();
  expect(print).toHaveBeenCalledOnce();
});
