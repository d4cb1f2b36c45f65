/**
 * What is stored beside a source: a header that says what it was made from, and the code. The server reads the header again and refuses what does not fit.
 *
 * @param {string} file File name of the source.
 * @param {string} source Its text.
 * @param {string} body What was compiled from it.
 */
export async function builtScript(file, source, body) {
  return `// Made from ${file} by xrm build; do not edit. source ${await hash(source)} output ${await hash(body)}\n${body}`;
}

// Git can write other line ends on another machine; that makes it no other script.
async function hash(text) {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text.replaceAll('\r\n', '\n')));
  return `sha256-${[...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
