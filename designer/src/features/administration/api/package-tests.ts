import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';
import type { PackageAnswer } from '@/api/packages';

/** A published package. */
export interface PackageSummary {
  name: string;
  hash: string;
  files: number;
}

/** Something that is not as a test expects. */
export interface TestDifference {
  path: string;
  subject: string;
  expected: string;
  got: string;
}

/** One test of a package. */
export interface TestOutcome {
  name: string;
  location: { package: string; file: string; path: string; line: number };
  passed: boolean;
  milliseconds: number;
  differences: TestDifference[];
}

/** What a run of tests has shown. */
export interface TestReport {
  passed: number;
  failed: number;
  problems: { message: string; remedy: string }[];
  tests: TestOutcome[];
}

/** The published packages. */
export const packagesQuery = (api: ApiClient) =>
  queryOptions({ queryKey: ['administration', 'packages'], queryFn: ({ signal }) => api.get<PackageSummary[]>('/api/metadata/packages', signal) });

/** Runs the tests of published packages; everything is rolled back. */
export async function testPackages(api: ApiClient, names: string[]): Promise<TestReport> {
  return runTests(api, await Promise.all(names.map((name) => api.get<PackageAnswer>(`/api/metadata/packages/${name}`))));
}

/** Runs the tests of packages as they are handed over, published or not. */
export async function runTests(api: ApiClient, packages: PackageAnswer[]): Promise<TestReport> {
  return (await api.call<TestReport>('POST', '/api/metadata/test', { body: { packages } })).data;
}
