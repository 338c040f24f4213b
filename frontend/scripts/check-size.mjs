// The budgets of what a phone downloads, gzipped: printed at each build, which fails above them.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUILT = new URL('../../cms/static_build/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', BUILT), 'utf8'));

const KB = 1000;
const ENTRY = 'src/main.ts';
const BUDGETS = [
  { what: 'entry of every page, script', files: scriptsOf([ENTRY]), most: 8 * KB },
  { what: 'entry of every page, styles', files: manifest[ENTRY].css, most: 20 * KB },
  {
    what: 'signs of life of a lesson',
    files: [manifest['src/study/index.ts'].file],
    most: 2 * KB,
  },
  {
    what: 'exam player in all',
    files: scriptsOf([ENTRY, 'src/player/index.ts', 'src/messages/zh-hans.json']),
    most: 70 * KB,
  },
  {
    what: 'self-check beyond the entry',
    files: scriptsOf(['src/selfcheck/index.ts', 'src/messages/zh-hans.json']).filter(
      (file) => !scriptsOf([ENTRY]).includes(file),
    ),
    most: 40 * KB,
  },
];

/** The chunks of some modules with everything they import at once. */
function scriptsOf(keys, seen = new Set()) {
  for (const key of keys.filter((name) => !seen.has(name))) {
    seen.add(key);
    scriptsOf(manifest[key].imports ?? [], seen);
  }
  return [...seen].map((key) => manifest[key].file);
}

function gzipped(file) {
  return gzipSync(readFileSync(new URL(file, BUILT)), { level: 9 }).length;
}

let failed = false;
for (const { what, files, most } of BUDGETS) {
  const size = [...new Set(files)].reduce((sum, file) => sum + gzipped(file), 0);
  const over = size > most;
  failed ||= over;
  console.log(
    `${what}: ${(size / KB).toFixed(1)} kB of ${most / KB} kB${over ? '  TOO LARGE' : ''}`,
  );
}
process.exitCode = failed ? 1 : 0;
