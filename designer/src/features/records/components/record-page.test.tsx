import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { stage, type Answering } from '../testing/stage';

const stored = {
  id: 'c1',
  '@odata.etag': 'W/"3"',
  title: 'Service',
  account_id: 'a1',
  account: { id: 'a1', name: 'Acme' },
  status: 'draft',
  lines: [{ id: 'l1', name: 'First', amount: 5 }],
};

const answering =
  (patch: ReturnType<Answering>): Answering =>
  ({ method, path }) => {
    if (method === 'GET' && path === '/api/data/contracts/c1') return { body: stored };
    if (method === 'PATCH') return patch;
    return undefined;
  };

async function editTitle(text: string) {
  const title = await screen.findByLabelText(/^Title/);
  await userEvent.clear(title);
  if (text) await userEvent.type(title, text);
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
}

describe('the form of a record', () => {
  it('shows the values, names the account, and marks a type without editor', async () => {
    stage('/app/contracts/c1', answering({}));
    expect(await screen.findByDisplayValue('Service')).toBeTruthy();
    expect(screen.getByDisplayValue('Acme')).toBeTruthy();
    expect(screen.getByDisplayValue('First')).toBeTruthy();
    expect(screen.getByText(/no editor for the type "hologram"/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Activate' })).toBeTruthy();
  });

  it('sends only what changed, with the version that was read', async () => {
    const calls = stage('/app/contracts/c1', answering({ body: { ...stored, title: 'Other' } }));
    await editTitle('Other');
    await waitFor(() => expect(calls.some((call) => call.method === 'PATCH')).toBe(true));
    const patch = calls.find((call) => call.method === 'PATCH');
    expect(patch?.body).toEqual({ title: 'Other' });
    expect(patch?.ifMatch).toBe('W/"3"');
  });

  it('does not ask the server to save what it would refuse', async () => {
    const calls = stage('/app/contracts/c1', answering({}));
    await editTitle('');
    expect((await screen.findAllByText('Title is required.')).length).toBeGreaterThan(0);
    expect(calls.some((call) => call.method === 'PATCH')).toBe(false);
  });

  it('places what the server refuses at the field and at the row', async () => {
    const errors = [
      { field: 'account_id', code: 'x', message: 'This account is blocked.' },
      { field: 'lines[0].amount', code: 'x', message: 'Too much.' },
      { code: 'x', message: 'Not today.' },
    ];
    stage('/app/contracts/c1', answering({ status: 400, body: { title: 'Bad', detail: 'Bad', code: 'x', errors } }));
    await editTitle('Other');
    expect(await screen.findByText('3 things need your attention')).toBeTruthy();
    expect(screen.getByText('This account is blocked.')).toBeTruthy();
    expect(screen.getByText('Too much.')).toBeTruthy();
    expect(screen.getByText('Not today.')).toBeTruthy();
  });

  it('asks for what an action needs, and tells there what is refused', async () => {
    let refused = false;
    const calls = stage('/app/contracts/c1', ({ method, path }) => {
      if (method === 'GET' && path.endsWith('/c1')) return { body: stored };
      if (method !== 'POST') return undefined;
      if (refused) return { body: stored };
      refused = true;
      return { status: 400, body: { title: 'Bad', code: 'x', errors: [{ field: 'percent', code: 'x', message: 'Percent must be at most 50.' }] } };
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Discount' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Discount' }));
    expect(dialog.getByText('Lowers the price.')).toBeTruthy();
    await userEvent.click(dialog.getByRole('button', { name: 'Discount' }));
    expect(await dialog.findByText('Percent is required.')).toBeTruthy();
    await userEvent.type(await dialog.findByLabelText(/^Percent/), '60');
    await userEvent.click(dialog.getByRole('button', { name: 'Discount' }));
    expect(await dialog.findByText('Percent must be at most 50.')).toBeTruthy();
    await userEvent.click(dialog.getByRole('button', { name: 'Discount' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const posts = calls.filter((call) => call.method === 'POST');
    expect(posts.map((call) => [call.path, call.body, call.ifMatch])).toEqual([1, 2].map(() => ['/api/data/contracts/c1/discount', { percent: 60, reason: 'loyal' }, 'W/"3"']));
  });

  it('asks what to do when somebody else saved first, and can save over it', async () => {
    let refused = false;
    const calls = stage('/app/contracts/c1', ({ method, path }) => {
      if (method === 'GET' && path.endsWith('/c1')) return { body: stored };
      if (method !== 'PATCH') return undefined;
      if (refused) return { body: stored };
      refused = true;
      return { status: 412, body: { title: 'Changed', code: 'version' } };
    });
    await editTitle('Mine');
    await userEvent.click(await screen.findByRole('button', { name: 'Save mine over it' }));
    await waitFor(() => expect(calls.filter((call) => call.method === 'PATCH').map((call) => call.ifMatch)).toEqual(['W/"3"', '*']));
  });

  it('says when a record does not exist', async () => {
    stage('/app/contracts/c1', () => ({ status: 404, body: { title: 'Not found', code: 'record_not_found' } }));
    expect(await screen.findByText('This record does not exist')).toBeTruthy();
  });
});

describe('the form of a new record', () => {
  it('sends what was given and entered; defaults are the server\'s', async () => {
    const calls = stage('/app/contracts/new?values=%7B%22account_id%22%3A%22a1%22%7D', ({ method }) => (method === 'POST' ? { status: 201, body: stored } : undefined));
    await editTitle('New one');
    await waitFor(() => expect(calls.find((call) => call.method === 'POST')?.body).toEqual({ title: 'New one', account_id: 'a1' }));
  });
});
