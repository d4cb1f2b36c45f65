const browsers: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

const systems: [RegExp, string][] = [
  [/Windows/, 'Windows'],
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

const nameIn = (names: [RegExp, string][], agent: string) => names.find(([pattern]) => pattern.test(agent))?.[1];

/** What people call a browser that calls itself so; the text itself where nobody knows. */
export function browserName(agent: string | undefined, unknown: string): string {
  if (!agent) return unknown;
  const [browser, system] = [nameIn(browsers, agent), nameIn(systems, agent)];
  return [browser, system].filter(Boolean).join(', ') || agent.slice(0, 60);
}
