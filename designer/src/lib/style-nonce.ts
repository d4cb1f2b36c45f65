/**
 * Style elements count only where they have the number that the server has given this page: so nothing that was stored as a text can bring its own styles. Components
 * and the script editor make such elements while they run, each in its own way, and all by this one function of the browser.
 */
export function giveStylesTheirNonce(page: Document): void {
  const nonce = page.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.nonce;
  if (!nonce) return;
  const create = page.createElement.bind(page) as (name: string, options?: ElementCreationOptions) => HTMLElement;
  page.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  }) as Document['createElement'];
}
