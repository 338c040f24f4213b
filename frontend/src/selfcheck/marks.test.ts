import { describe, expect, it } from 'vitest';

import { lettersOf, tonesOf, verdictOf } from './marks';

const multiple = {
  type: 'multiple_response' as const,
  key: ['a', 'c', 'd'],
  options: [...'abcde'].map((id) => ({ id, text: id })),
};
const single = { ...multiple, type: 'single_choice' as const, key: ['b'] };

describe('marks', () => {
  it.each([
    [['a', 'c', 'd'], 'right', ['hit', 'plain', 'hit', 'hit', 'plain']],
    [['a', 'c'], 'partial', ['hit', 'plain', 'hit', 'missed', 'plain']],
    [['a', 'b'], 'wrong', ['hit', 'wrong', 'missed', 'missed', 'plain']],
    [[], 'blank', ['key', 'plain', 'key', 'key', 'plain']],
  ])('of a multiple response with %j chosen are %s', (chosen, verdict, tones) => {
    expect(verdictOf(multiple, chosen)).toBe(verdict);
    expect(tonesOf(multiple, chosen)).toEqual(tones);
  });

  it('of a single choice miss nothing: the key is shown', () => {
    expect(verdictOf(single, ['a'])).toBe('wrong');
    expect(tonesOf(single, ['a'])).toEqual(['wrong', 'key', 'plain', 'plain', 'plain']);
    expect(verdictOf(single, ['b'])).toBe('right');
  });

  it('name letters by place, not by id', () => {
    const turned = { ...multiple, options: [...multiple.options].reverse() };
    expect(lettersOf(tonesOf(turned, ['a', 'c']), 'hit')).toBe('C E');
  });
});
