import { sha256 } from './sha256';

/** Chosen option ids by item number. */
export type Answers = Readonly<Record<number, readonly string[]>>;

/** The text both sides hash: one line for each answered item, "3:a,c\n", items and options ascending. */
export function answersText(answers: Answers): string {
  return Object.keys(answers)
    .map(Number)
    .sort((a, b) => a - b)
    .filter((item) => answers[item]?.length)
    .map((item) => `${item}:${[...(answers[item] ?? [])].sort().join(',')}\n`)
    .join('');
}

export async function answersDigest(answers: Answers): Promise<string> {
  const bytes = new TextEncoder().encode(answersText(answers));
  // Browsers offer subtle only to secure pages; a classroom may run on plain http in its own network.
  const digest = globalThis.crypto.subtle
    ? new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes))
    : sha256(bytes);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
