/** The words of a rich text without their format. */
export function plainText(html: string): string {
  const page = new DOMParser().parseFromString(html.replace(/<(br|\/p|\/li|\/div|\/h\d)[^>]*>/gi, '$& '), 'text/html');
  return (page.body.textContent ?? '').replace(/\s+/g, ' ').trim();
}
