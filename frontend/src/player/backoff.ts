const FIRST_MS = 1000;
const LONGEST_MS = 30_000;

interface Failure {
  /** Failures in a row, from 1. */
  failures: number;
  /** Between 0 and 1. A hall of phones that lost the network together must not return together. */
  chance: number;
  /** What the server asked for, if it did. */
  retryAfterMs: number | null;
}

export function retryDelayMs({ failures, chance, retryAfterMs }: Failure): number {
  const doubled = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.max(retryAfterMs ?? 0, doubled * (0.5 + chance / 2));
}
