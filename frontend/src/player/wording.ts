/** Figures as they are said, used by more than one part of the player. */
import type { Say } from '../messages';
import { hoursAndMinutes } from './countdown';

type TimeKey = 'head.timer' | 'submit.left';

export function timeLeft(say: Say, ms: number, key: TimeKey): string {
  const { hours, minutes } = hoursAndMinutes(ms);
  if (!hours) return say(`${key}_short`, { minutes });
  return minutes ? say(key, { hours, minutes }) : say(`${key}_hours`, { hours });
}

/** 2026年6月13日 11:00 in the time of the exam, wherever the phone thinks it is. */
export function momentOf(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language === 'zh-hans' ? 'zh-CN' : language, {
    dateStyle: 'long',
    timeStyle: 'short',
    hour12: false,
    timeZone: 'Asia/Shanghai',
  }).format(new Date(iso));
}
