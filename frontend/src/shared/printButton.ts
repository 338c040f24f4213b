/**
 * Prints the page: `{% island "print-button" label %}`. There is no such button without script,
 * because a server-rendered one could do nothing.
 */
interface PrintConfig {
  label: string;
}

export function mount(host: HTMLElement, config: unknown): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'btn';
  button.textContent = (config as PrintConfig).label;
  button.addEventListener('click', () => {
    window.print();
  });
  host.append(button);
}
