import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from './client';

/** One thing that a rule does, as packages write it. */
export interface ActionSource {
  require?: string[];
  lock?: string[];
  show?: string[];
  hide?: string[];
  clear?: string[];
  limit?: string;
  options?: (string | number)[];
  set?: string;
  default?: string;
  to?: string;
  message?: string;
  kind?: 'error' | 'warning' | 'info';
  field?: string;
}

/** A rule as packages write it; `script` is there where it has one. */
export interface RuleSource {
  name: string;
  label?: string;
  on?: string[];
  fields?: string[];
  when?: string;
  then?: ActionSource[];
  else?: ActionSource[];
  script?: string;
  order?: number;
}

/** A file that has rules of an entity: its own, or an extension. */
export interface RuleFile {
  package: string;
  path: string;
  text: string;
  rules: RuleSource[];
}

/** What a publish found wrong. */
export interface PublishProblem {
  code: string;
  /** `line` begins with 1; missing or 0 where it is in none. */
  location: { package: string; file: string; path: string; line?: number };
  message: string;
  remedy: string;
}

/** A package: text of its files by path. */
export interface PackageAnswer {
  name: string;
  files: Record<string, string>;
}

function pathsOf(entity: string): string[] {
  return [`entities/${entity}.json`, `extensions/${entity}.json`];
}

async function read(api: ApiClient, name: string, paths: string[], signal?: AbortSignal): Promise<PackageAnswer> {
  const query = paths.map((path) => `path=${encodeURIComponent(path)}`).join('&');
  return api.get<PackageAnswer>(`/api/metadata/packages/${name}${query ? `?${query}` : ''}`, signal);
}

/** The files of all packages that have, or could have, rules of an entity. */
export function ruleFilesQuery(api: ApiClient, entity: string, version: number) {
  return queryOptions({
    queryKey: ['metadata', 'rules', entity, version],
    queryFn: async ({ signal }): Promise<RuleFile[]> => {
      const packages = await api.get<{ name: string }[]>('/api/metadata/packages', signal);
      const answers = await Promise.all(packages.map(({ name }) => read(api, name, pathsOf(entity), signal)));
      return answers.flatMap(({ name, files }) =>
        Object.entries(files).map(([path, text]) => ({ package: name, path, text, rules: (JSON.parse(text) as { rules?: RuleSource[] }).rules ?? [] })),
      );
    },
  });
}

/** Names of the published packages. */
export function packageNamesQuery(api: ApiClient, version: number) {
  return queryOptions({
    queryKey: ['metadata', 'packages', version],
    queryFn: async ({ signal }) => (await api.get<{ name: string }[]>('/api/metadata/packages', signal)).map(({ name }) => name),
  });
}

/** One file of a published package; null where there is none. */
export function packageFileQuery(api: ApiClient, name: string, path: string, version: number) {
  return queryOptions({
    queryKey: ['metadata', 'file', name, path, version],
    queryFn: async ({ signal }) => (await read(api, name, [path], signal)).files[path] ?? null,
  });
}

/** Gives the files that a publish changes, with their texts, from all files of the package as they are in force. */
export type FileChange = (files: Record<string, string>) => Record<string, string>;

/** A package with some files changed, for a publish or a test. */
export async function changedPackage(api: ApiClient, name: string, change: FileChange): Promise<PackageAnswer> {
  const { files } = await read(api, name, []);
  return { name, files: { ...files, ...change(files) } };
}

/** Publishes a package with some files changed; fails where another version was published meanwhile. */
export async function publishFiles(api: ApiClient, name: string, change: FileChange, baseVersion: number): Promise<void> {
  await api.call('POST', '/api/metadata/publish', { body: { packages: [await changedPackage(api, name, change)], baseVersion } });
}
