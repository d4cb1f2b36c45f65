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
import type { ApplicationModel, Entity, Field } from '@/api/model';
import { ModelIndex } from '@/api/model-index';
import { FieldsContext } from '@/fields/fields-context';
import { createFieldRegistry } from '@/fields/registry';
import { RuleBuilderPage } from './rule-builder-page';

const plain = { search: false, allowOther: false, polymorphic: false, required: false, readonly: false, visible: true, hidden: false, recommended: false, createOnly: false, unique: false, computed: false, system: false, writable: true, masked: false };

function field(name: string, type: string, kind: string, more: Partial<Field> = {}): Field {
  return { ...plain, name, type, kind, label: name[0]?.toUpperCase() + name.slice(1), columns: [{ name, type: 'text', part: '' }], ...more };
}

const ranks = ['low', 'high'].map((value) => ({ value, label: value.toUpperCase(), retired: false, when: [] }));
const deal: Entity = {
  name: 'deal', plural: 'deals', label: 'Deal', pluralLabel: 'Deals', primary: 'title', features: [], defaultSort: [], rights: { create: true, read: true, update: true, delete: true, share: true, export: true, import: true },
  fields: [field('title', 'text', 'text'), field('price', 'integer', 'number'), field('rank', 'choice', 'text', { options: ranks })], buttons: [], actions: [], inverses: [], rules: [], formScripts: [], isSettings: false, isPerson: false,
};
const model = new ModelIndex({ version: 7, language: 'en', timeZone: 'UTC', user: { id: '1', userName: 'a', displayName: 'A', roles: [], isAdministrator: true, values: [] }, apps: [], entities: [deal], forms: [], views: [], scriptTexts: [] } as ApplicationModel);

const own = '{\n  "name": "deal",\n  "min": 1e28,\n  "rules": [\n    { "name": "check", "on": ["create"], "script": "deal.js" },\n    { "name": "big", "label": "Big deals", "when": "price > 5 && rank == \'high\'", "then": [ { "require": ["title"] } ] },\n    { "name": "odd", "when": "price * 2 > 5", "then": [ { "message": "Odd.", "field": "price" } ] }\n  ]\n}\n';

interface Call {
  path: string;
  body: unknown;
}

function stage(path: string, publish: { status: number; body: unknown }) {
  const calls: Call[] = [];
  window.fetch = (input, init) => {
    const url = new URL(String(input), 'http://localhost');
    const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as { formula?: string }) : undefined;
    calls.push({ path: url.pathname, body });
    const json = (answer: unknown, status = 200) => Promise.resolve(new Response(JSON.stringify(answer), { status }));
    if (url.pathname === '/api/metadata/packages') return json([{ name: 'deals' }, { name: 'other' }]);
    if (url.pathname === '/api/metadata/packages/deals') return json({ name: 'deals', files: { 'entities/deal.json': own, ...(url.search ? {} : { 'manifest.json': '{}' }) } });
    if (url.pathname === '/api/metadata/packages/other') return json({ name: 'other', files: {} });
    if (url.pathname === '/api/metadata/formulas/check') return json({ problems: body?.formula?.includes('prise') ? [{ message: "deal has no field 'prise'.", remedy: 'Did you mean price?' }] : [] });
    if (url.pathname.endsWith('/dry-run')) return json({ total: 40, examined: 40, changed: 0, refused: 3, failed: 0, samples: [], problems: [] });
    return json(publish.body, publish.status);
  };
  const router = createMemoryRouter([{ path: '/administration/rules/build/:entity?/:package?/:rule?', element: <RuleBuilderPage /> }], { initialEntries: [`/administration/rules/build${path}`] });
  const { container } = render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <ApiProvider client={new ApiClient({ onUnauthorised: () => undefined, onModelVersion: () => undefined })}>
          <ModelContext value={model}>
            <FieldsContext value={createFieldRegistry()}>
              <RouterProvider router={router} />
            </FieldsContext>
          </ModelContext>
        </ApiProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { calls, container };
}

async function choose(label: string, option: string, within_: HTMLElement = document.body) {
  await userEvent.click(within(within_).getByRole('combobox', { name: label }));
  await userEvent.click(await screen.findByRole('option', { name: option }));
}

const published = (calls: Call[]) => calls.find((call) => call.path === '/api/metadata/publish')?.body as { packages: { files: Record<string, string> }[]; baseVersion: number } | undefined;

describe('the rule builder', () => {
  it('lists the rules of an entity in their order', async () => {
    stage('/deal', { status: 200, body: {} });
    expect(await screen.findByText(/Script deal.js/)).toBeTruthy();
    expect(screen.getAllByRole('link').map((link) => link.textContent)).toEqual(['check', 'Big deals', 'odd', 'New rule']);
  });

  it('changes a rule by clicks and publishes its file, all else as it was', async () => {
    const { calls, container } = stage('/deal/deals/big', { status: 200, body: { version: 8 } });
    expect(await screen.findByText("price > 5 && rank == 'high'")).toBeTruthy();
    await choose('How the conditions go together', 'At least one holds');
    const otherwise = screen.getByRole('group', { name: 'Otherwise' });
    await userEvent.click(within(otherwise).getByRole('button', { name: 'Add action' }));
    await choose('What happens', 'Tell', otherwise);
    await userEvent.type(within(otherwise).getByRole('textbox', { name: 'Message' }), 'Small.');
    const found = await axe.run(container, { rules: { region: { enabled: false }, 'color-contrast': { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Publish' }));
    await waitFor(() => expect(published(calls)).toBeTruthy());
    const { packages, baseVersion } = published(calls) ?? { packages: [], baseVersion: 0 };
    const files = packages[0]?.files ?? {};
    expect(baseVersion).toBe(7);
    expect(Object.keys(files)).toEqual(['entities/deal.json', 'manifest.json']);
    expect(files['entities/deal.json']).toContain('"min": 1e28,');
    expect((JSON.parse(files['entities/deal.json'] ?? '') as { rules: unknown[] }).rules[1]).toEqual({
      name: 'big', label: 'Big deals', when: "price > 5 || rank == 'high'", then: [{ require: ['title'] }], else: [{ message: 'Small.', kind: 'warning' }],
    });
    expect(await screen.findByText(/Script deal.js/)).toBeTruthy();
  });

  it('makes a new rule, once it is finished', async () => {
    const { calls } = stage('/deal/deals/new-rule', { status: 200, body: { version: 8 } });
    await userEvent.type(await screen.findByRole('textbox', { name: /Name of the rule/ }), 'High ones');
    const then = screen.getByRole('group', { name: 'Then' });
    await userEvent.click(within(then).getByRole('button', { name: 'Add action' }));
    expect(screen.getByRole('button', { name: 'Publish' })).toHaveProperty('disabled', true);
    await choose('What happens', 'Set', then);
    await choose('Field', 'Rank', then);
    await userEvent.type(within(then).getByRole('combobox', { name: 'Value, as a formula' }), "'high'");
    await userEvent.click(screen.getByRole('button', { name: 'Publish' }));
    await waitFor(() => expect(published(calls)).toBeTruthy());
    const text = published(calls)?.packages[0]?.files['entities/deal.json'] ?? '';
    expect((JSON.parse(text) as { rules: unknown[] }).rules.at(-1)).toEqual({ name: 'high_ones', label: 'High ones', then: [{ set: 'rank', to: "'high'" }] });
  });

  it('tries a rule before it is published', async () => {
    const { calls } = stage('/deal/deals/odd', { status: 200, body: {} });
    await userEvent.click(await screen.findByRole('button', { name: 'Try' }));
    expect(await screen.findByText(/would change 0, refuse 3 and go wrong on 0 of 40/)).toBeTruthy();
    const { entity, rule, definition } = calls.find((call) => call.path.endsWith('/dry-run'))?.body as Record<string, unknown>;
    expect([entity, rule, definition]).toEqual(['deal', 'odd', { name: 'odd', label: 'odd', when: 'price * 2 > 5', then: [{ message: 'Odd.', field: 'price' }] }]);
    expect(calls.some((call) => call.path === '/api/metadata/publish')).toBe(false);
  });

  it('keeps to the formula where it says more, and says what is wrong with it', async () => {
    stage('/deal/deals/odd', { status: 200, body: {} });
    const formula = await screen.findByRole('textbox', { name: 'When' });
    expect(screen.getByText(/says more than can be built/)).toBeTruthy();
    await userEvent.clear(formula);
    await userEvent.type(formula, 'price >');
    expect(await screen.findByText(/The formula ends/)).toBeTruthy();
    await userEvent.clear(formula);
    await userEvent.type(formula, 'prise > 5');
    expect(await screen.findByText(/Did you mean price\?/)).toBeTruthy();
    await userEvent.clear(formula);
    await userEvent.type(formula, 'price > 5');
    await userEvent.click(screen.getByRole('button', { name: 'Build by clicks' }));
    expect(screen.getByRole('combobox', { name: 'Comparison' })).toHaveProperty('value', 'greater than');
  });

  it('tells why nothing was published', async () => {
    const problems = [{ code: 'test_failed', location: { package: 'deals', file: 't', path: '$' }, message: 'A test fails.', remedy: 'Look at it.' }];
    stage('/deal/deals/big', { status: 422, body: { plan: { problems } } });
    await userEvent.click(await screen.findByRole('button', { name: 'Publish' }));
    expect((await screen.findByRole('alert')).textContent).toContain('A test fails. Look at it.');
  });
});
