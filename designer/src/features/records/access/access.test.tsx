import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { aField, anEntity, sampleModel } from '../testing/sample';
import { stage, type Answering } from '../testing/stage';

const id = '00000000-0000-0000-0000-0000000000aa';
const ada = '00000000-0000-0000-0000-0000000000ad';
const owner = aField('owner', { type: 'owner', system: true, columns: [{ name: 'owner_id', type: 'uuid', part: '' }] });
const note = anEntity('note', [aField('name'), owner]);
const user = anEntity('user', [aField('name')]);
const model = { ...sampleModel, entities: [note, user], forms: [], views: [] };

function answering(more: Answering): Answering {
  return (call) => more(call) ?? (call.path === `/api/data/notes/${id}` ? { body: { id, name: 'Plan' } } : call.path === '/api/data/users' ? { body: { value: [{ id: ada, name: 'Ada' }] } } : undefined);
}

async function open(item: string, more: Answering, source = model) {
  const calls = stage(`/desk/notes/${id}`, answering(more), source);
  await userEvent.click(await screen.findByRole('button', { name: 'More actions' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: item }));
  return calls;
}

const shares = (changes: object) => ({ body: { canShare: true, rights: ['read', 'update', 'share'], shares: [], ...changes } });

test('A record is shared with somebody by name, with rights that one has oneself', async () => {
  const calls = await open('Share', (call) => (call.path === '/api/access/shares' ? (call.method === 'GET' ? shares({}) : { status: 204 }) : undefined));
  await userEvent.click(await screen.findByRole('combobox', { name: 'Person or team' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Ada' }));
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Delete' }).disabled).toBe(true);
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'See' }).disabled).toBe(true);
  await userEvent.click(screen.getByRole('checkbox', { name: 'Change' }));
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Share' }));
  await waitFor(() => expect(calls.find((call) => call.method === 'PUT')?.body).toEqual({ entity: 'note', id, principal: ada, kind: 'user', rights: ['read', 'update'] }));
});

test('What is refused is told where it belongs', async () => {
  const refused = { status: 400, body: { code: 'validation_failed', errors: [{ field: 'principal', code: 'principal_unknown', message: 'There is no active user with the id.' }] } };
  await open('Share', (call) => (call.path === '/api/access/shares' ? (call.method === 'GET' ? shares({}) : refused) : undefined));
  await userEvent.click(await screen.findByRole('combobox', { name: 'Person or team' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Ada' }));
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Share' }));
  const box = screen.getByRole('combobox', { name: 'Person or team' });
  await waitFor(() => expect(box.getAttribute('aria-invalid')).toBe('true'));
  expect(screen.getByText('This person has no account to sign in with.')).toBeTruthy();
});

test('Who may not share sees who has the record, and can give up an own share', async () => {
  const share = { principal: sampleModel.user.id, kind: 'user', name: 'Jo', rights: ['read'], sharedBy: ada, sharedByName: 'Ada', sharedAt: '2026-11-24T10:00:00Z' };
  const mine = { ...model, entities: [{ ...note, rights: { ...note.rights, share: false } }, user] };
  const calls = await open('Who has it', (call) => (call.path === '/api/access/shares' ? (call.method === 'GET' ? shares({ canShare: false, shares: [share] }) : { status: 204 }) : undefined), mine);
  expect(await screen.findByText('Jo (you)')).toBeTruthy();
  expect(screen.queryByRole('combobox', { name: 'Person or team' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Give up' }));
  await userEvent.click(within(await screen.findByRole('dialog', { name: 'Give up your share?' })).getByRole('button', { name: 'Give up' }));
  await waitFor(() => expect(calls.some((call) => call.method === 'DELETE' && call.path === '/api/access/shares')).toBe(true));
});

test('An explanation says yes or no with a reason, and which roles open a field', async () => {
  const role = { name: 'note_user', label: 'Note user', depth: 'own', reaches: false, withReports: false };
  const body = {
    user: { id: sampleModel.user.id, name: 'Jo', mayEverything: false }, owner: ada, distance: 'unit', isOfReport: false,
    operations: [
      { operation: 'read', isAllowed: true, isShared: true, lacks: [], roles: [role] },
      { operation: 'update', isAllowed: false, isShared: false, lacks: [], roles: [role] },
    ],
    fields: [{ name: 'penalty', label: 'Penalty', canRead: false, isMasked: false, canWrite: false, readRoles: ['legal_team'], maskedRoles: [], writeRoles: [] }],
  };
  await open('Why can I …?', (call) => (call.path === '/api/access/explain' ? { body } : undefined));
  expect(await screen.findByText('See: yes')).toBeTruthy();
  expect(screen.getByText('The record is shared for that.')).toBeTruthy();
  expect(screen.getByText('Change: no')).toBeTruthy();
  expect(screen.getByText('The role “Note user” grants it for own records. This record lies further away.')).toBeTruthy();
  expect(screen.getByText('This record belongs to your business unit.')).toBeTruthy();
  expect(screen.getByText('Seen by: Legal team. Changed by: everybody.')).toBeTruthy();
});
