/** The answer sheet as rows of cells; pure, so that its counts can be checked by hand. */
import type { Item, Paper } from '../api/client';
import { type Sheet, isAnswered } from './sheet';

export type SheetFilter = 'all' | 'blank' | 'flagged' | 'waiting';
export type CellState = 'done' | 'device' | 'blank';

export interface SheetSection {
  index: number;
  name: string;
  from: number;
  to: number;
  isCurrent: boolean;
  items: readonly Item[];
}

/** Sections in order of the paper, the one with the open question first. */
export function sectionsFrom(
  items: readonly Item[],
  paper: Pick<Paper, 'sections'>,
  current: number,
): SheetSection[] {
  const all = paper.sections.flatMap(({ name }, index) => {
    const own = items.filter((item) => item.section === index);
    const [first, last] = [own[0], own.at(-1)];
    if (!first || !last) return [];
    const isCurrent = own.some((item) => item.item === current);
    return [{ index, name, from: first.item, to: last.item, isCurrent, items: own }];
  });
  return [...all.filter((s) => s.isCurrent), ...all.filter((s) => !s.isCurrent)];
}

export function cellsOf(
  items: readonly Item[],
  sheet: Sheet,
  filter: SheetFilter,
): { item: number; state: CellState }[] {
  return items
    .map(({ item }) => item)
    .filter((item) => passes(item, sheet, filter))
    .map((item) => ({ item, state: stateOf(item, sheet) }));
}

function passes(item: number, sheet: Sheet, filter: SheetFilter): boolean {
  if (filter === 'blank') return !isAnswered(sheet, item);
  if (filter === 'flagged') return sheet.flags.has(item);
  return filter === 'all' || sheet.waiting.has(item);
}

function stateOf(item: number, sheet: Sheet): CellState {
  if (!isAnswered(sheet, item)) return 'blank';
  return sheet.waiting.has(item) ? 'device' : 'done';
}

export function countsOf(items: readonly Item[], sheet: Sheet) {
  const answered = items.filter(({ item }) => isAnswered(sheet, item)).length;
  return {
    all: items.length,
    answered,
    blank: items.length - answered,
    flagged: items.filter(({ item }) => sheet.flags.has(item)).length,
    waiting: sheet.waiting.size,
  };
}

/** The next unanswered question after the present one, or from the beginning. */
export function nextBlank(items: readonly Item[], sheet: Sheet, current: number): number | null {
  const open = items.map(({ item }) => item).filter((item) => !isAnswered(sheet, item));
  return open.find((item) => item > current) ?? open.find((item) => item !== current) ?? null;
}
