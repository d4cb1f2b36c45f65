import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProvider } from '@/api/api-context';
import { ModelContext } from '@/api/application-model';
import { ApiClient } from '@/api/client';
import type { ApplicationModel, Entity } from '@/api/model';
import { ModelIndex } from '@/api/model-index';
import { LanguageContext, type OpenLanguage } from '../language/language-context';
import type { CodeEditorProps } from './code-editor';
import { ScriptsPage } from './scripts-page';

// The editor itself needs a real browser.
vi.mock('./code-editor', () => ({
  CodeEditor: ({ label, value, onChange }: CodeEditorProps) => <textarea aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)} />,
}));

const deal = { name: 'deal', plural: 'deals', label: 'Deal', pluralLabel: 'Deals', primary: 'title', fields: [], buttons: [], actions: [], rules: [], formScripts: [] } as unknown as Entity;
const model = new ModelIndex({ version: 7, language: 'en', timeZone: 'UTC', user: { id: '1', userName: 'a', displayName: 'A', roles: [], isAdministrator: true, values: [] }, apps: [], entities: [deal], forms: [], views: [], scriptTexts: [] } as ApplicationModel);
const path = 'rules/deal.price.ts';
const entityFile = '{\n  "name": "deal",\n  "rules": [\n    { "name": "price", "on": ["create"], "script": "deal.price.ts" }\n  ]\n}\n';

interface Call {
  path: string;
  body: unknown;
}

/** A compiler that finds the word "wrong" wrong. */
const language: OpenLanguage = ({ file }) => ({
  check: (text) => Promise.resolve(text.includes('wrong') ? { output: '', problems: [{ line: text.slice(0, text.indexOf('wrong')).split('\n').length, column: 1, message: 'That is wrong.' }] } : { output: `made from ${file}: ${text}`, problems: [] }),
  complete: () => Promise.resolve([]), explain: () => Promise.resolve(null), hover: () => Promise.resolve(null), callHelp: () => Promise.resolve(null), ready: Promise.resolve(), close: () => undefined,
});

function stage(address: string, publish: { status: number; body: unknown } = { status: 200, body: { version: 8 } }, stored = 'one();\n') {
  const calls: Call[] = [];
  const files: Record<string, string> = { 'entities/deal.json': entityFile, [path]: stored, 'rules/deal.price.js': 'old' };
  window.fetch = (input, init) => {
    const url = new URL(String(input), 'http://localhost');
    const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined;
    calls.push({ path: url.pathname, body });
    const json = (answer: unknown, status = 200) => Promise.resolve(new Response(JSON.stringify(answer), { status }));
    const wanted = url.searchParams.getAll('path');
    if (url.pathname === '/api/metadata/scripts') return json([{ package: 'deals', file: 'deal.price.ts', uses: [{ kind: 'rule', entity: 'deal', name: 'price', canBeTried: true }] }]);
    if (url.pathname === '/api/metadata/scripts/inputs') return json({ libraries: [], contexts: [''] });
    if (url.pathname === '/api/metadata/packages') return json([{ name: 'deals' }]);
    if (url.pathname === '/api/metadata/packages/deals') return json({ name: 'deals', files: wanted.length ? Object.fromEntries(Object.entries(files).filter(([name]) => wanted.includes(name))) : files });
    if (url.pathname === '/api/metadata/test') return json({ passed: 2, failed: 0, problems: [], tests: [] });
    if (url.pathname === '/api/metadata/publish' && publish.status === 200) for (const { files: sent } of (body as { packages: { files: Record<string, string> }[] }).packages) Object.assign(files, sent);
    return json(publish.body, publish.status);
  };
  const router = createMemoryRouter([{ path: '/administration/scripts/:package?', element: <ScriptsPage /> }], { initialEntries: [`/administration/scripts${address}`] });
  const { container, unmount } = render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <ApiProvider client={new ApiClient({ onUnauthorised: () => undefined, onModelVersion: () => undefined })}>
          <ModelContext value={model}>
            <LanguageContext value={language}>
              <RouterProvider router={router} />
            </LanguageContext>
          </ModelContext>
        </ApiProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { calls, container, unmount, files };
}

const published = (calls: Call[]) => calls.find((call) => call.path === '/api/metadata/publish')?.body as { packages: { files: Record<string, string> }[]; baseVersion: number } | undefined;
const editor = () => screen.findByRole<HTMLTextAreaElement>('textbox', { name: /^Script deal/ });

describe('the script editor', () => {
  beforeEach(() => localStorage.clear());

  it('lists the scripts with what uses them', async () => {
    const { container } = stage('');
    expect((await screen.findByRole('link', { name: 'deal.price.ts' })).getAttribute('href')).toBe('/administration/scripts/deals?file=deal.price.ts');
    expect(screen.getByText('Rule price of Deal · deals')).toBeTruthy();
    const found = await axe.run(container, { rules: { region: { enabled: false }, 'color-contrast': { enabled: false } } });
    expect(found.violations.map((each) => each.id)).toEqual([]);
  });

  it('publishes source and output together, and nothing while there are mistakes', async () => {
    const { calls, container, files } = stage('/deals?file=deal.price.ts');
    const box = await editor();
    await userEvent.type(box, 'wrong');
    expect(await screen.findByRole('button', { name: 'Line 2: That is wrong.' })).toBeTruthy();
    await userEvent.keyboard('{Control>}s{/Control}');
    expect(await screen.findByText(/correct the mistakes first/)).toBeTruthy();
    expect(published(calls)).toBeUndefined();
    const found = await axe.run(container, { rules: { region: { enabled: false }, 'color-contrast': { enabled: false } } });
    expect(found.violations.map((each) => each.id)).toEqual([]);
    await userEvent.clear(box);
    await userEvent.type(box, 'two();');
    expect(await screen.findByText('No mistakes.')).toBeTruthy();
    await userEvent.keyboard('{Control>}s{/Control}');
    await waitFor(() => expect(published(calls)).toBeTruthy());
    expect(published(calls)?.baseVersion).toBe(7);
    expect(files).toEqual({ 'entities/deal.json': entityFile, [path]: 'two();', 'rules/deal.price.js': 'made from deal.price.ts: two();' });
    await waitFor(() => expect(localStorage.length).toBe(0));
    expect((await editor()).value).toBe('two();');
    expect(screen.queryByText(/Not published yet/)).toBeNull();
  });

  it('keeps what is not published, until it is discarded', async () => {
    const first = stage('/deals?file=deal.price.ts');
    await userEvent.type(await editor(), 'more();');
    expect(await screen.findByText(/Not published yet\. This browser keeps the text/)).toBeTruthy();
    first.unmount();
    stage('/deals?file=deal.price.ts');
    expect((await editor()).value).toBe('one();\nmore();');
    expect(screen.getByText(/This browser kept what you wrote/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Discard' }));
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Discard' }));
    expect((await editor()).value).toBe('one();\n');
    expect(localStorage.length).toBe(0);
  });

  it('does not replace what somebody else has published meanwhile', async () => {
    const first = stage('/deals?file=deal.price.ts');
    await userEvent.type(await editor(), 'mine();');
    first.unmount();
    const { calls } = stage('/deals?file=deal.price.ts', undefined, 'theirs();\n');
    expect(await screen.findByText(/Somebody else has published another text/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Publish' })).toHaveProperty('disabled', true);
    await userEvent.click(screen.getByRole('button', { name: 'Keep mine' }));
    await userEvent.click(screen.getByRole('button', { name: 'Publish' }));
    await waitFor(() => expect(published(calls)?.packages[0]?.files[path]).toBe('one();\nmine();'));
  });

  it('shows what the server refuses at the line of the source', async () => {
    const problems = [{ code: 'rule_syntax', location: { package: 'deals', file: path, path: '$', line: 3 }, message: 'No.', remedy: 'Else.' }, { code: 'test_failed', location: { package: 'deals', file: 'tests/deal.json', path: '$' }, message: 'A test fails.', remedy: '' }];
    stage('/deals?file=deal.price.ts', { status: 422, body: { plan: { problems } } });
    await userEvent.type(await editor(), 'x();');
    await userEvent.click(screen.getByRole('button', { name: 'Publish' }));
    expect(await screen.findByRole('button', { name: 'Line 3: No. Else.' })).toBeTruthy();
    expect(screen.getByRole('alert').textContent).toContain('deals/tests/deal.json: A test fails.');
    expect(screen.getByText(/Not published yet/)).toBeTruthy();
  });

  it('runs the tests of the package with the text as it stands', async () => {
    const { calls } = stage('/deals?file=deal.price.ts');
    await userEvent.type(await editor(), 'tested();');
    await waitFor(() => expect(screen.getByRole('button', { name: 'Run the tests' })).toHaveProperty('disabled', false));
    await screen.findByText('No mistakes.');
    await userEvent.click(screen.getByRole('button', { name: 'Run the tests' }));
    expect(await screen.findByText('2 passed, 0 failed.')).toBeTruthy();
    const sent = calls.find((call) => call.path === '/api/metadata/test')?.body as { packages: { files: Record<string, string> }[] };
    expect(sent.packages[0]?.files['rules/deal.price.js']).toBe('made from deal.price.ts: one();\ntested();');
  });

  it('makes a new script with the rule that uses it', async () => {
    const { files } = stage('');
    await userEvent.click(await screen.findByRole('button', { name: 'New script' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('combobox', { name: 'Kind of record' }));
    await userEvent.click(await screen.findByRole('option', { name: 'Deal' }));
    await userEvent.type(within(dialog).getByRole('textbox', { name: 'Name' }), 'Größe');
    await waitFor(() => expect(within(dialog).getByRole('button', { name: 'Write it' })).toHaveProperty('disabled', false));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Write it' }));
    await userEvent.type(await editor(), 'fresh();');
    await screen.findByText('No mistakes.');
    await userEvent.click(screen.getByRole('button', { name: 'Publish' }));
    await waitFor(() => expect(files['rules/deal.grosse.js']).toContain('fresh();'));
    expect((JSON.parse(files['entities/deal.json'] ?? '') as { rules: unknown[] }).rules).toEqual([{ name: 'price', on: ['create'], script: 'deal.price.ts' }, { name: 'grosse', label: 'Größe', on: ['create', 'update'], script: 'deal.grosse.ts' }]);
    expect(files['rules/deal.grosse.ts']).toMatch(/fresh\(\);$/);
  });
});
