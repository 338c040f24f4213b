/**
 * What became of each option, from the key that travels with a practice question. It only draws:
 * what an answer is worth, and whether it counts, the server says.
 */
import type { PracticeQuestion, PracticeVerdict } from '../api/client';

export type Verdict = PracticeVerdict['verdict'];
export type Tone = 'hit' | 'missed' | 'wrong' | 'key' | 'plain';
type Keyed = Pick<PracticeQuestion, 'type' | 'key' | 'options'>;

const LETTERS = 'ABCDEFGHIJ';

export function tonesOf({ type, key, options }: Keyed, chosen: readonly string[]): Tone[] {
  const left: Tone = type === 'multiple_response' && chosen.length ? 'missed' : 'key';
  return options.map(({ id }) => {
    if (key.includes(id)) return chosen.includes(id) ? 'hit' : left;
    return chosen.includes(id) ? 'wrong' : 'plain';
  });
}

export function verdictOf({ type, key }: Keyed, chosen: readonly string[]): Verdict {
  if (!chosen.length) return 'blank';
  if (!chosen.every((id) => key.includes(id))) return 'wrong';
  if (chosen.length === key.length) return 'right';
  return type === 'multiple_response' ? 'partial' : 'wrong';
}

/** Letters of the options with one of these tones: "A C". */
export function lettersOf(tones: readonly Tone[], ...wanted: Tone[]): string {
  return tones.flatMap((tone, place) => (wanted.includes(tone) ? LETTERS[place] : [])).join(' ');
}

export function letterOf(place: number): string {
  return LETTERS[place] ?? '';
}
