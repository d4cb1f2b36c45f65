import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { sampleModel } from '../testing/sample';
import { stage, type Answering } from '../testing/stage';
import { refusalsCsv } from './refusals-file';

const file = new File(['title\nA\n'], 'contracts.csv', { type: 'text/csv' });
const good = { dryRun: true, rows: 2, created: 2, refused: 0, isComplete: true, refusals: [], moreRefusals: 0, skipped: ['Number'] };
const bad = { ...good, created: 1, refused: 1, refusals: [{ line: 3, column: 'Account', code: 'reference_not_found', message: 'There is no such account.' }], moreRefusals: 7 };

async function open(answering: Answering, model = sampleModel) {
  const calls = stage('/app/contracts', (call) => (call.path.endsWith('/$import') ? answering(call) : { body: { value: [] } }), model);
  await userEvent.click(await screen.findByRole('button', { name: 'More actions' }));
  return calls;
}

async function choose() {
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Import…' }));
  await screen.findByRole('dialog');
  const input = document.querySelector<HTMLInputElement>('input[type=file]');
  expect(input).not.toBeNull();
  if (input) await userEvent.upload(input, file);
}

describe('the import of a file', () => {
  it('tries first, then stores, and says how many there are', async () => {
    const calls = await open(() => ({ body: calls.filter((call) => call.path.endsWith('/$import')).length > 1 ? { ...good, dryRun: false } : good }));
    await choose();
    expect(await screen.findByText('2 records will be created.')).toBeTruthy();
    expect(screen.getByText(/computes these columns: Number/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Import' }));
    expect(await screen.findByText('2 records were created.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Import' })).toBeNull();
    expect(calls.filter((call) => call.path.endsWith('/$import'))).toHaveLength(2);
  });

  it('shows what is wrong with which line, and offers the others', async () => {
    await open(() => ({ body: bad }));
    await choose();
    expect(await screen.findByRole('cell', { name: 'There is no such account.' })).toBeTruthy();
    expect(screen.getByRole('cell', { name: 'Account' })).toBeTruthy();
    expect(screen.getByText('1 record will be created. 1 record has mistakes.')).toBeTruthy();
    expect(screen.getByText('7 more mistakes are not shown.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Import the others' })).toBeTruthy();
  });

  it('says why a file cannot be read, and imports nothing', async () => {
    await open(() => ({ status: 400, body: { code: 'malformed_csv', detail: 'Line 2, column 1: broken.' } }));
    await choose();
    expect((await screen.findByRole('alert')).textContent).toBe('Line 2, column 1: broken.');
    await waitFor(() => expect(screen.getByRole('button', { name: 'Import' })).toHaveProperty('disabled', true));
  });

  it('is not there for those who may not', async () => {
    const entities = sampleModel.entities.map((entity) => ({ ...entity, rights: { ...entity.rights, import: false } }));
    await open(() => undefined, { ...sampleModel, entities });
    expect(await screen.findByRole('menuitem', { name: 'Export as CSV' })).toBeTruthy();
    expect(screen.queryByRole('menuitem', { name: 'Import…' })).toBeNull();
  });

  it('writes mistakes so that no spreadsheet runs them', () => {
    expect(refusalsCsv([{ line: 2, column: '=1', code: 'x', message: 'No "A".' }], ['Line', 'Column', 'Reason'])).toBe('\uFEFF"Line","Column","Reason"\r\n2,"\'=1","No ""A""."\r\n');
  });
});
