import { notifications } from '@mantine/notifications';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { Rule } from '@/api/model';
import { aField, contract, sampleModel } from '../testing/sample';
import { stage, type Answering } from '../testing/stage';

const stored = { id: 'c1', '@odata.etag': 'W/"3"', title: 'Service', account_id: 'a1', account: { id: 'a1', name: 'Acme' }, status: 'draft', lines: [], remark: null, reason: 'old' };

function modelWith(...rules: Rule[]) {
  const entity = { ...contract, fields: [...contract.fields.filter((field) => field.type !== 'hologram'), aField('remark'), aField('reason')], rules };
  const tabs = [{ label: 'General', sections: [{ columns: 2, fields: entity.fields.map((field) => ({ field: field.name })) }] }];
  return { ...sampleModel, entities: [entity, ...sampleModel.entities.slice(1)], forms: sampleModel.forms.map((form) => ({ ...form, tabs })) };
}

const always = { name: 'r', onCreate: true, onUpdate: true, fields: [] };
const rules: Rule[] = [
  {
    ...always,
    when: "title == 'big'",
    then: [
      { kind: 'require', fields: ['remark'] },
      { kind: 'set', fields: ['reason'], to: "'large'" },
      { kind: 'warning', fields: ['title'], message: 'That is big.' },
    ],
    else: [{ kind: 'hide', fields: ['remark'] }],
  },
  { ...always, when: "title == 'bad'", then: [{ kind: 'error', fields: ['title'], message: 'Not that.' }], else: [] },
];

const answering =
  (patch: ReturnType<Answering>): Answering =>
  ({ method, path }) =>
    method === 'GET' && path === '/api/data/contracts/c1' ? { body: stored } : method === 'PATCH' ? patch : undefined;

async function type(label: RegExp, text: string) {
  const input = await screen.findByLabelText(label);
  await userEvent.clear(input);
  await userEvent.type(input, text);
}

describe('rules in a form', () => {
  it('show, require, set and tell as one types, and take it back', async () => {
    stage('/app/contracts/c1', answering({}), modelWith(...rules));
    await screen.findByDisplayValue('Service');
    expect(screen.queryByLabelText(/^Remark/)).toBeNull();
    await type(/^Title/, 'big');
    expect(screen.getByLabelText(/^Remark/).getAttribute('aria-required')).toBe('true');
    expect(screen.getByText('large')).toBeTruthy();
    expect(screen.queryByDisplayValue('old')).toBeNull();
    expect(screen.getAllByText('That is big.')).toHaveLength(2);
    await type(/^Title/, 'small');
    expect(screen.queryByLabelText(/^Remark/)).toBeNull();
    expect(screen.getByDisplayValue('old')).toBeTruthy();
    expect(screen.queryByText('That is big.')).toBeNull();
  });

  it('send what was typed, and leave to the server what they set', async () => {
    const calls = stage('/app/contracts/c1', answering({ body: stored }), modelWith(...rules));
    await type(/^Reason/, 'mine');
    await type(/^Title/, 'big');
    await type(/^Remark/, 'why');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(calls.find((call) => call.method === 'PATCH')?.body).toEqual({ title: 'big', remark: 'why' }));
  });

  it('stop a save that they refuse', async () => {
    const calls = stage('/app/contracts/c1', answering({}), modelWith(...rules));
    await type(/^Title/, 'bad');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('One thing needs your attention')).toBeTruthy();
    expect(screen.getAllByText(/Not that\./).length).toBeGreaterThan(1);
    expect(calls.some((call) => call.method === 'PATCH')).toBe(false);
  });

  it('tell what the server has to say besides', async () => {
    const show = vi.spyOn(notifications, 'show');
    const told = [{ kind: 'warning', field: 'title', message: 'That is big.' }, { kind: 'info', message: 'The script looked at it.' }];
    stage('/app/contracts/c1', answering({ body: { ...stored, '@xrm.messages': told } }), modelWith(...rules));
    await type(/^Title/, 'big');
    await type(/^Remark/, 'why');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(show.mock.calls.map(([shown]) => shown.message)).toContain('The script looked at it.'));
    expect(show.mock.calls.map(([shown]) => shown.message)).not.toContain('That is big.');
  });
});
