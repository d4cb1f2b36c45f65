import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { OpenSandbox } from '../scripts/messages';
import { openHere } from '../testing/open-sandbox';
import { aField, contract, sampleModel } from '../testing/sample';
import { stage, type Answering } from '../testing/stage';

const stored = { id: 'c1', '@odata.etag': 'W/"3"', title: 'Service', account_id: 'a1', account: { id: 'a1', name: 'Acme' }, status: 'draft', lines: [], remark: null };

function show(text: string, patch: ReturnType<Answering> = { body: stored }, sandbox: OpenSandbox = openHere) {
  const entity = { ...contract, fields: [...contract.fields.filter((field) => field.type !== 'hologram'), aField('remark')], formScripts: [{ name: 'contract.form.js', text }] };
  const tabs = [{ label: 'General', sections: [{ columns: 2, fields: entity.fields.map((field) => ({ field: field.name })) }] }];
  const model = { ...sampleModel, entities: [entity, ...sampleModel.entities.slice(1)], forms: sampleModel.forms.map((form) => ({ ...form, tabs })) };
  const answering: Answering = ({ method, path }) => (method === 'GET' && path === '/api/data/contracts/c1' ? { body: stored } : method === 'PATCH' ? patch : undefined);
  return stage('/app/contracts/c1', answering, model, sandbox);
}

async function typeTitle(text: string) {
  const title = await screen.findByLabelText(/^Title/);
  await userEvent.clear(title);
  await userEvent.type(title, text);
}

const patchOf = (calls: ReturnType<typeof show>) => calls.find((call) => call.method === 'PATCH')?.body;

describe('scripts in a form', () => {
  it('act on opening and on changes, and what they set is saved', async () => {
    const calls = show("onLoad(() => form.require('remark')); onChange('title', () => { record.remark = record.title.toUpperCase(); warn('title', 'Shouted.'); });");
    await waitFor(() => expect(screen.getByLabelText(/^Remark/).getAttribute('aria-required')).toBe('true'));
    await typeTitle('big');
    expect(await screen.findByDisplayValue('BIG')).toBeTruthy();
    expect(screen.getAllByText('Shouted.').length).toBeGreaterThan(0);
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(patchOf(calls)).toEqual({ title: 'big', remark: 'BIG' }));
  });

  it('hear of what was typed before they were ready', async () => {
    let goOn: () => void = () => undefined;
    const typed = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const late: OpenSandbox = (receive) => {
      const here = openHere(receive);
      return { ...here, send: (message) => void typed.then(() => here.send(message)) };
    };
    show("onChange('title', () => { record.remark = record.title.toUpperCase(); });", { body: stored }, late);
    // At once: the time of the scripts is running.
    fireEvent.change(await screen.findByLabelText(/^Title/), { target: { value: 'soon' } });
    expect(screen.queryByDisplayValue('SOON')).toBeNull();
    goOn();
    expect(await screen.findByDisplayValue('SOON')).toBeTruthy();
  });

  it('have the last word before a save', async () => {
    const calls = show("onSave(() => { if (record.title === 'bad') fail('title', 'Not that.'); else record.remark = 'seen'; });");
    await typeTitle('bad');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('One thing needs your attention')).toBeTruthy();
    expect(patchOf(calls)).toBeUndefined();
    await typeTitle('good');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(patchOf(calls)).toEqual({ title: 'good', remark: 'seen' }));
  });

  it('say their mistakes with script and line, and do not stand in the way of a save', async () => {
    const calls = show("onSave(() => {\n  nothing();\n});");
    await typeTitle('other');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect((await screen.findAllByText('The script contract.form.js of this form has a mistake in line 2: nothing is not defined')).length).toBeGreaterThan(0);
    await waitFor(() => expect(patchOf(calls)).toEqual({ title: 'other' }));
  });
});
