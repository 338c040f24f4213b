import { describe, expect, it } from 'vitest';

import { loadSay, sayFrom } from '.';
import en from './en.json';
import zhHans from './zh-hans.json';

const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

describe('catalogues', () => {
  it('have the same keys', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zhHans).sort());
  });

  it.each(Object.keys(zhHans) as (keyof typeof zhHans)[])('have the same places in %s', (key) => {
    expect(places(en[key])).toEqual(places(zhHans[key]));
    expect(zhHans[key].trim()).not.toBe('');
    expect(en[key].trim()).not.toBe('');
  });

  it('say nothing in the other language', () => {
    expect(Object.values(en).filter((text) => /\p{Script=Han}/u.test(text))).toEqual([]);
  });

  it('address the reader as 您 or not at all, and do not shout', () => {
    const words = Object.values(zhHans).join('\n');
    expect(words).not.toMatch(/你|！|成功地|亲爱/);
  });
});

describe('say', () => {
  it('fills the places', async () => {
    expect((await loadSay('zh-hans'))('q.number', { n: 7 })).toBe('第 7 题');
    expect((await loadSay('en'))('q.number', { n: 7 })).toBe('Question 7');
  });

  it('falls back to Chinese', async () => {
    expect((await loadSay('fr'))('common.close')).toBe(zhHans['common.close']);
  });

  it('leaves a place without a value visible', () => {
    expect(sayFrom(zhHans)('q.number')).toBe('第 {n} 题');
  });
});
