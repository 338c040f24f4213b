import { afterEach, describe, expect, it, vi } from 'vitest';

import { applyDisplay, keepDisplay, readDisplay } from './display';

const { dataset } = document.documentElement;
afterEach(() => {
  localStorage.clear();
  applyDisplay({ theme: 'auto', text: 'normal', keys: true });
});

describe('display', () => {
  it('follows the system until something is chosen', () => {
    applyDisplay(readDisplay());
    expect([dataset.theme, dataset.text]).toEqual([undefined, undefined]);
  });

  it('keeps a choice for the next page', () => {
    keepDisplay({ theme: 'dark', text: 'large', keys: false });
    expect([dataset.theme, dataset.text]).toEqual(['dark', 'large']);
    expect(readDisplay()).toEqual({ theme: 'dark', text: 'large', keys: false });
  });

  it('gives a choice back to the system', () => {
    keepDisplay({ theme: 'dark', text: 'large', keys: true });
    keepDisplay({ theme: 'auto', text: 'normal', keys: true });
    expect([dataset.theme, dataset.text]).toEqual([undefined, undefined]);
  });

  it('does without storage', () => {
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
      throw new DOMException('no');
    });
    expect(readDisplay().theme).toBe('auto');
  });
});
