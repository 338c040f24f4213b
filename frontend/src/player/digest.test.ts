import { afterEach, describe, expect, it, vi } from 'vitest';

import { answersDigest, answersText } from './digest';
import { sha256 } from './sha256';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('answersText', () => {
  it('sorts items by number and options by id, and leaves blanks out', () => {
    expect(answersText({ 10: ['b'], 3: ['c', 'a'], 1: ['b'], 7: [] })).toBe('1:b\n3:a,c\n10:b\n');
  });

  it('is empty when nothing is answered', () => {
    expect(answersText({})).toBe('');
  });
});

describe('answersDigest', () => {
  afterEach(() => vi.unstubAllGlobals());

  // echo -n | sha256sum; printf '1:b\n3:a,c\n' | sha256sum
  const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const TWO_LINES = '9a62d367d9b4b11903e62748f2214c60001faa85cddd48f807328144aa458f03';

  it('is the SHA-256 of the text in hex', async () => {
    expect(await answersDigest({})).toBe(EMPTY);
    expect(await answersDigest({ 3: ['c', 'a'], 1: ['b'] })).toBe(TWO_LINES);
  });

  it('does not depend on the order in which options were tapped', async () => {
    expect(await answersDigest({ 1: ['a', 'c'] })).toBe(await answersDigest({ 1: ['c', 'a'] }));
  });

  it('is the same on a page without crypto.subtle', async () => {
    vi.stubGlobal('crypto', {});
    expect(await answersDigest({ 3: ['c', 'a'], 1: ['b'] })).toBe(TWO_LINES);
  });
});

describe('sha256', () => {
  // FIPS 180-4 examples of NIST
  it.each([
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
  ])('agrees with the published value', (text, digest) => {
    expect(hex(sha256(bytesOf(text)))).toBe(digest);
  });

  it('agrees with the browser at every length around a block', async () => {
    for (let length = 50; length < 140; length += 1) {
      const message = Uint8Array.from({ length }, (_, index) => (index * 37) % 256);
      const theirs = new Uint8Array(await crypto.subtle.digest('SHA-256', message));
      expect(hex(sha256(message))).toBe(hex(theirs));
    }
  });
});
