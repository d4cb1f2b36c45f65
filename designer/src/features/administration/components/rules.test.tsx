import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { describe, expect, it } from 'vitest';
import { ApiProvider } from '@/api/api-context';
import { ModelContext } from '@/api/application-model';
import { ApiClient } from '@/api/client';
import type { ApplicationModel, Entity } from '@/api/model';
import { ModelIndex } from '@/api/model-index';
import { linesText } from '@/trial/components/trace-result';
import { valuesOf } from '@/trial/hooks/use-trace';
import type { Rule } from '../api/rules';
import { byHealth, healthOf } from '../hooks/rule-health';
import { PackageTestsPage } from './package-tests-page';
import { RulePage } from './rule-page';
import { RulesPage } from './rules-page';
import { UsesPage } from './uses-page';

const item = { name: 'item', plural: 'items', label: 'Item', pluralLabel: 'Items', primary: 'title', fields: [{ name: 'size', label: 'Size', options: [{ value: 'large', label: 'Large' }] }, { name: 'double', label: 'Double', options: [] }] } as unknown as Entity;
const model = new ModelIndex({ entities: [item], apps: [], forms: [], views: [] } as unknown as ApplicationModel);

function rule(name: string, more: Partial<Rule> = {}): Rule {
  return {
    entity: 'item', entityLabel: 'Item', name, label: name[0]?.toUpperCase() + name.slice(1), package: 'stock', kind: 'script', file: `rules/item.${name}.ts`, on: ['create', 'update'], fields: [],
    runs: 100, refusals: 3, failures: 0, slow: 0, meanMilliseconds: 0.4, longestMilliseconds: 12, lastRunAt: '2026-11-23T10:00:00Z', ...more,
  };
}

interface Call {
  path: string;
  body: Record<string, unknown> | undefined;
}

function stage(path: string, answer: (call: Call) => unknown) {
  const calls: Call[] = [];
  window.fetch = (input, init) => {
    const url = new URL(String(input), 'http://localhost');
    const call = { path: url.pathname + url.search, body: typeof init?.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : undefined };
    calls.push(call);
    const body = answer(call);
    return Promise.resolve(body === undefined ? new Response(null, { status: 204 }) : new Response(JSON.stringify(body)));
  };
  const routes = [
    { path: '/administration/rules', element: <RulesPage /> },
    { path: '/administration/rules/:kind/:entity/:rule', element: <RulePage /> },
    { path: '/administration/package-tests', element: <PackageTestsPage /> },
    { path: '/administration/uses', element: <UsesPage /> },
  ];
  const { container } = render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <ApiProvider client={new ApiClient({ onUnauthorised: () => undefined, onModelVersion: () => undefined })}>
          <ModelContext value={model}>
            <RouterProvider router={createMemoryRouter(routes, { initialEntries: [path] })} />
          </ModelContext>
        </ApiProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { calls, container, user: userEvent.setup() };
}

async function violations(container: HTMLElement) {
  // Colours need a layout engine; the browser tests look at them.
  return (await axe.run(container, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } })).violations.map(({ id }) => id);
}

describe('the list of rules', () => {
  it('puts first what needs attention', () => {
    const rules = [rule('fine'), rule('idle', { runs: 0 }), rule('lazy', { slow: 20 }), rule('off', { off: { reason: 'x', by: 'Ada', at: '' }, failures: 9 }), rule('bad', { failures: 1 })];
    expect(byHealth(rules).map((each) => `${each.name} ${healthOf(each)}`)).toEqual(['bad failing', 'lazy slow', 'off off', 'fine healthy', 'idle unused']);
  });

  it('tells what went wrong and who switched a rule off', async () => {
    const { container } = stage('/administration/rules', () => [
      rule('bad', { failures: 2, lastFailure: { message: 'line 4 of rules/item.bad.ts: No thirteen.', line: 4, at: '2026-11-23T10:00:00Z' } }),
      rule('quiet', { off: { reason: 'Too strict.', by: 'Ada', at: '2026-11-23T10:00:00Z' } }),
    ]);
    expect(await screen.findByText(/No thirteen/)).toBeTruthy();
    expect(screen.getByText(/Switched off by Ada on .*: Too strict\./)).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Bad' }).getAttribute('href')).toBe('/administration/rules/script/item/bad');
    expect(await violations(container)).toEqual([]);
  });
});

describe('a rule', () => {
  it('is switched off with a reason', async () => {
    let off: Rule['off'];
    const { calls, user, container } = stage('/administration/rules/script/item/check', ({ path, body }) => {
      if (path.endsWith('/switch-off')) {
        off = { reason: String(body?.reason), by: 'Ada', at: '2026-11-23T10:00:00Z' };
        return undefined;
      }
      return [rule('check', off ? { off } : {})];
    });
    await user.click(await screen.findByRole('button', { name: 'Switch off' }));
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('button', { name: 'Switch off' }));
    expect(within(dialog).getByText('Say why.')).toBeTruthy();
    await user.type(within(dialog).getByLabelText(/Reason/), 'It refuses orders.');
    await user.click(within(dialog).getByRole('button', { name: 'Switch off' }));
    await waitFor(() => expect(calls.find((call) => call.path.endsWith('/item/check/switch-off'))?.body).toEqual({ reason: 'It refuses orders.' }));
    expect(await screen.findByRole('button', { name: 'Switch on' })).toBeTruthy();
    expect(await violations(container)).toEqual([]);
  });

  it('is tried on records portion by portion, and one of them is traced', async () => {
    const sample = { id: '7', title: 'Desk', outcome: 'changed', changes: [{ field: 'size', label: 'Size', column: 'size', before: null, after: 'large' }], errors: [], messages: [] };
    const { calls, user, container } = stage('/administration/rules/script/item/check', ({ path, body }) => {
      if (path.endsWith('/dry-run'))
        return { total: 800, examined: body?.after ? 300 : 500, changed: body?.after ? 14 : 200, refused: 1, failed: 0, ...(body?.after ? {} : { next: '7' }), samples: body?.after ? [] : [sample], problems: [] };
      if (path.endsWith('/trace'))
        return {
          outcome: 'refused', detail: 'Too many.', errors: [], messages: [], milliseconds: 3, problems: [],
          rules: [
            { entity: 'item', rule: 'check', kind: 'script', file: 'rules/item.check.ts', recordId: '7', depth: 0, outcome: 'refused', milliseconds: 1.25, statements: 9, lines: [{ line: 1, times: 1 }, { line: 2, times: 1 }, { line: 4, times: 3 }], inputs: { size: 'large' }, changes: [], effects: [], log: [{ line: 2, text: 'count is 3' }], errors: [{ code: 'rule_refused', message: 'Too many.' }], messages: [] },
            { entity: 'item', rule: 'sized', kind: 'decision', file: 'entities/item.json', recordId: '7', depth: 0, outcome: 'skipped', changes: [], effects: [], log: [], errors: [], messages: [] },
          ],
        };
      return [rule('check')];
    });
    await user.type(await screen.findByLabelText(/Only records with/), "size eq 'small'");
    await user.click(screen.getByRole('button', { name: 'Try' }));
    expect(await screen.findByText('This would change 214, refuse 2 and go wrong on 0 of 800 records examined; there are 800.')).toBeTruthy();
    expect(calls.filter((call) => call.path.endsWith('/dry-run')).map((call) => call.body?.after)).toEqual([null, '7']);
    expect(calls.find((call) => call.path.endsWith('/dry-run'))?.body?.filter).toBe("size eq 'small'");
    const samples = screen.getByRole('list', { name: 'Examples' });
    expect(within(samples).getByText('large')).toBeTruthy();

    await user.click(within(samples).getByRole('button', { name: 'Trace this record' }));
    await user.click(screen.getByRole('button', { name: 'Trace' }));
    expect(await screen.findByText('The save would be refused: Too many.')).toBeTruthy();
    expect(calls.find((call) => call.path.endsWith('/trace'))?.body).toEqual({ entity: 'item', id: '7', values: {}, operation: 'update', rule: 'check' });
    expect(screen.getByText(/9 statements · rules\/item.check.ts, lines 1–2, 4 \(3×\)/)).toBeTruthy();
    expect(screen.getByText('line 2: count is 3')).toBeTruthy();
    expect(screen.getByText('Not needed: refused before')).toBeTruthy();
    expect(await violations(container)).toEqual([]);
  });
});

describe('a changed rule', () => {
  it('is tried with its new text and condition before it is published', async () => {
    const { calls, user, container } = stage('/administration/rules/script/item/check', ({ path, body }) => {
      if (path === '/api/metadata/packages/stock?path=rules%2Fitem.check.js') return { name: 'stock', files: { 'rules/item.check.js': 'record.size = 1;' } };
      if (path.endsWith('/dry-run')) return { total: 9800, examined: 9800, changed: 214, refused: 0, failed: 0, samples: [], problems: body?.script === 'if (' ? [{ location: { file: 'rules/item.check.js', path: '$', line: 1 }, message: 'Unexpected end of input.', remedy: 'Close it.' }] : [] };
      if (path.endsWith('/trace')) return { outcome: 'accepted', errors: [], messages: [], milliseconds: 3, rules: [], problems: [] };
      return [rule('check', { file: 'rules/item.check.js', when: 'size == 1' })];
    });
    const script = await screen.findByLabelText('Script');
    await waitFor(() => expect(script).toHaveProperty('value', 'record.size = 1;'));
    await user.click(screen.getByRole('button', { name: 'Try' }));
    expect(await screen.findByText(/This would change 214, .* of 9,800 records/)).toBeTruthy();
    await user.clear(script);
    await user.type(script, 'if (');
    expect(screen.getByText('You have changed the text since: try again.')).toBeTruthy();
    await user.clear(screen.getByLabelText(/Condition/));
    await user.click(screen.getByRole('button', { name: 'Try' }));
    expect(await screen.findByText('rules/item.check.js:1: Unexpected end of input. Close it.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Trace' }));
    await screen.findByText('The save would be accepted.');
    const sent = calls.filter((call) => call.body).map(({ body }) => ({ rule: body?.rule, script: body?.script, when: body?.when }));
    expect(sent).toEqual([{ rule: 'check' }, { rule: 'check', script: 'if (', when: '' }, { rule: 'check', script: 'if (', when: '' }]);
    await user.click(screen.getByRole('button', { name: 'As published' }));
    expect(script).toHaveProperty('value', 'record.size = 1;');
    expect(await violations(container)).toEqual([]);
  });
});

describe('another formula', () => {
  it('is tried from where a field is used', async () => {
    const { calls, user, container } = stage('/administration/uses?entity=item&field=double', ({ path }) =>
      path.endsWith('/dry-run') ? { total: 3, examined: 3, changed: 2, refused: 0, failed: 0, samples: [], problems: [] } : { uses: [], formula: 'size * 2' },
    );
    const formula = await screen.findByLabelText('Formula');
    expect(formula).toHaveProperty('value', 'size * 2');
    await user.clear(formula);
    await user.type(formula, 'size * 3');
    await user.click(screen.getByRole('button', { name: 'Try' }));
    expect(await screen.findByText(/This would change 2, .* of 3 records/)).toBeTruthy();
    expect(calls.find((call) => call.path.endsWith('/dry-run'))?.body).toEqual({ entity: 'item', field: 'double', formula: 'size * 3', filter: null, after: null, limit: 500 });
    expect(await violations(container)).toEqual([]);
  });
});

describe('what people write', () => {
  it('is read as values', () => {
    expect([valuesOf(''), valuesOf('{"a":1}'), valuesOf('[1]'), valuesOf('{a')]).toEqual([{}, { a: 1 }, undefined, undefined]);
    expect(linesText([{ line: 1, times: 2 }, { line: 2, times: 2 }, { line: 3, times: 1 }])).toBe('1–2 (2×), 3');
  });
});

describe('package tests', () => {
  it('run by one click and show what was expected and what was got', async () => {
    const failed = { name: 'Long terms earn a discount', location: { package: 'stock', file: 'tests/item.tests.json', path: '$', line: 12 }, passed: false, milliseconds: 3, differences: [{ path: 'then', subject: 'item.discount', expected: '15', got: '10' }] };
    const { calls, user, container } = stage('/administration/package-tests', ({ path, body }) => {
      if (path === '/api/metadata/test') return { passed: 1, failed: 1, problems: [], tests: [{ ...failed, name: 'Others do not', passed: true, differences: [] }, failed], sent: body };
      return path === '/api/metadata/packages' ? [{ name: 'stock', hash: '', files: 3 }, { name: 'core', hash: '', files: 1 }] : { name: path.split('/').at(-1), files: {} };
    });
    await user.click(await screen.findByRole('button', { name: 'Run stock' }));
    expect(await screen.findByText('1 passed, 1 failed.')).toBeTruthy();
    expect(calls.find((call) => call.path === '/api/metadata/test')?.body).toEqual({ packages: [{ name: 'stock', files: {} }] });
    expect(screen.getAllByRole('listitem').map((each) => each.textContent?.slice(0, 26))).toEqual(['Long terms earn a discount', 'Others do notPassed']);
    expect(screen.getByText('15')).toBeTruthy();
    expect(screen.getByText('10')).toBeTruthy();
    expect(await violations(container)).toEqual([]);
  });
});

describe('where used', () => {
  it('lists what depends on a field', async () => {
    const { container } = stage('/administration/uses?entity=item&field=size', ({ path }) => {
      expect(path).toBe('/api/metadata/uses?entity=item&field=size');
      return { uses: [{ kind: 'view', name: 'item.all', how: 'columns', of: 'item.size', likely: false, times: 1, location: { package: 'stock', file: 'views/item.all.json', path: '$.columns[0]', line: 3 } }] };
    });
    expect(await screen.findByText('view item.all')).toBeTruthy();
    expect(screen.getByText('1 use')).toBeTruthy();
    expect(await violations(container)).toEqual([]);
  });
});
