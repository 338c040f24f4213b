/**
 * Islands in server-rendered pages:
 * `<div data-island="exam-player"><script type="application/json" data-island-json>{…}</script></div>`
 * The code of an island is fetched only where its place is found. What the server wrote into the
 * place stays until then, and stays for good where the code does not arrive.
 */
export interface Island {
  mount(host: HTMLElement, config: unknown): void | Promise<void>;
}
type Islands = Readonly<Record<string, () => Promise<Island>>>;

const ISLANDS: Islands = {
  'exam-player': () => import('./player'),
  'study-beat': () => import('./study'),
  'self-check': () => import('./selfcheck'),
  'print-button': () => import('./shared/printButton'),
  'display-settings': () => import('./display'),
};

export async function mountIslands(root: ParentNode, islands: Islands = ISLANDS): Promise<void> {
  const hosts = root.querySelectorAll<HTMLElement>('[data-island]:not([data-island-state])');
  await Promise.all([...hosts].map((host) => mountOne(host, islands)));
}

async function mountOne(host: HTMLElement, islands: Islands): Promise<void> {
  host.dataset.islandState = 'loading';
  try {
    const load = islands[host.dataset.island ?? ''];
    if (!load) throw new Error(`unknown island ${host.dataset.island}`);
    const config = readConfig(host);
    await (await load()).mount(host, config);
    host.dataset.islandState = 'mounted';
  } catch (error) {
    host.dataset.islandState = 'failed';
    console.error(error);
  }
}

/** The JSON is read once and taken out of the page. */
function readConfig(host: HTMLElement): unknown {
  const element = host.querySelector('script[data-island-json]');
  element?.remove();
  return JSON.parse(element?.textContent || '{}');
}
