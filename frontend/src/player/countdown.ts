/**
 * The time left, counted from the server's clock at the last reply and the browser's monotonic
 * clock since then. The phone's own date is never asked: it can be set by hand.
 */
export interface Anchor {
  /** Server time at the last reply, ms since the epoch. */
  serverNow: number;
  /** Reading of the monotonic clock that belongs to `serverNow`. */
  at: number;
  deadline: number;
}

interface Sample {
  serverNow: string;
  deadline: string;
  sentAt: number;
  receivedAt: number;
}

/** The server read its clock somewhere between sending and receiving; the middle errs least. */
export function anchorFrom({ serverNow, deadline, sentAt, receivedAt }: Sample): Anchor {
  return {
    serverNow: Date.parse(serverNow),
    at: (sentAt + receivedAt) / 2,
    deadline: Date.parse(deadline),
  };
}

export function serverTime(anchor: Anchor, monotonic: number): number {
  return anchor.serverNow + (monotonic - anchor.at);
}

export function remainingMs(anchor: Anchor, monotonic: number): number {
  return Math.max(0, anchor.deadline - serverTime(anchor, monotonic));
}

/** 1:23:46, and 9:05 in the last hour. Rounded up, so that 0:00 means the time is really over. */
export function clockFace(ms: number): string {
  const total = Math.ceil(ms / 1000);
  const seconds = String(total % 60).padStart(2, '0');
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours
    ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`
    : `${minutes}:${seconds}`;
}

export function hoursAndMinutes(ms: number): { hours: number; minutes: number } {
  const minutes = Math.ceil(ms / 60_000);
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 };
}

const ANNOUNCED_MINUTES = [1, 5, 10, 30];

/** The threshold passed between two readings, to be said aloud; null almost always. */
export function passedThreshold(beforeMs: number, afterMs: number): number | null {
  return (
    ANNOUNCED_MINUTES.find((minutes) => {
      const edge = minutes * 60_000;
      return beforeMs > edge && afterMs <= edge && afterMs > 0;
    }) ?? null
  );
}
