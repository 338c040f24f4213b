import { describe, expect, it } from 'vitest';

import {
  anchorFrom,
  clockFace,
  hoursAndMinutes,
  passedThreshold,
  remainingMs,
  serverTime,
} from './countdown';

const MINUTE = 60_000;
const anchor = anchorFrom({
  serverNow: '2026-06-13T09:00:00+08:00',
  deadline: '2026-06-13T11:00:00+08:00',
  sentAt: 1000,
  receivedAt: 1000,
});

describe('remainingMs', () => {
  it('counts from the server time at the last reply', () => {
    expect(remainingMs(anchor, 1000)).toBe(120 * MINUTE);
    expect(remainingMs(anchor, 1000 + 30 * MINUTE)).toBe(90 * MINUTE);
  });

  it('never goes below zero', () => {
    expect(remainingMs(anchor, 1000 + 500 * MINUTE)).toBe(0);
  });

  it('takes the middle of the round trip for the moment of the server', () => {
    const slow = anchorFrom({
      serverNow: '2026-06-13T09:00:00+08:00',
      deadline: '2026-06-13T11:00:00+08:00',
      sentAt: 0,
      receivedAt: 6000,
    });
    expect(remainingMs(slow, 6000)).toBe(120 * MINUTE - 3000);
  });

  it('follows an extension by the next reply', () => {
    const longer = { ...anchor, deadline: anchor.deadline + 10 * MINUTE };
    expect(remainingMs(longer, 1000)).toBe(130 * MINUTE);
  });

  it('does not look at the date of the phone', () => {
    const before = remainingMs(anchor, 2000);
    const realNow = Date.now;
    Date.now = () => realNow() + 86_400_000;
    try {
      expect(remainingMs(anchor, 2000)).toBe(before);
      expect(serverTime(anchor, 2000)).toBe(anchor.serverNow + 1000);
    } finally {
      Date.now = realNow;
    }
  });
});

describe('clockFace', () => {
  it.each([
    [2 * 60 * MINUTE, '2:00:00'],
    [83 * MINUTE + 46_000, '1:23:46'],
    [9 * MINUTE + 5000, '9:05'],
    [900, '0:01'],
    [0, '0:00'],
  ])('shows %i ms as %s', (ms, face) => {
    expect(clockFace(ms)).toBe(face);
  });
});

describe('hoursAndMinutes', () => {
  it('rounds up to whole minutes', () => {
    expect(hoursAndMinutes(83 * MINUTE + 1)).toEqual({ hours: 1, minutes: 24 });
  });
});

describe('passedThreshold', () => {
  it.each([
    [30 * MINUTE + 400, 30 * MINUTE - 600, 30],
    [10 * MINUTE + 1, 10 * MINUTE, 10],
    [5 * MINUTE + 1, 5 * MINUTE - 1, 5],
    [MINUTE + 1, MINUTE, 1],
    [40 * MINUTE, 39 * MINUTE, null],
    [30 * MINUTE, 29 * MINUTE, null],
    [MINUTE + 1, 0, null],
  ])('says once that %i → %i passed %s', (before, after, threshold) => {
    expect(passedThreshold(before, after)).toBe(threshold);
  });

  it('says only the nearest after a long sleep', () => {
    expect(passedThreshold(60 * MINUTE, 4 * MINUTE)).toBe(5);
  });
});
