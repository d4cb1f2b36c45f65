import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { aField, anEntity, sampleModel } from '../testing/sample';
import { stage } from '../testing/stage';

const rows = [{ id: 'c1', title: 'Service', status: 'draft', account_id: 'a1', account: { id: 'a1', name: 'Acme' } }];

describe('a list', () => {
  it('shows the rows of the view with the labels of choices and the names of lookups', async () => {
    stage('/app/contracts', () => ({ body: { value: rows, '@odata.count': 1 } }));
    expect((await screen.findByRole('link', { name: 'Service' })).getAttribute('href')).toBe('/app/contracts/c1');
    expect(screen.getByText('Draft')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Acme' }).getAttribute('href')).toBe('/app/accounts/a1');
    expect(await screen.findByText('1–1 of 1')).toBeTruthy();
  });

  it('searches while one types, and offers to clear a search without results', async () => {
    const calls = stage('/app/contracts', () => ({ body: { value: [] } }));
    await userEvent.type(screen.getByRole('searchbox'), 'nobody');
    expect(await screen.findByText('Nothing matches')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Clear search and filters' }));
    await waitFor(() => expect(screen.getByText('No contracts yet')).toBeTruthy());
    expect(calls.length).toBeGreaterThan(2);
  });

  it('says why it could not be loaded, and tries again', async () => {
    let broken = true;
    stage('/app/contracts', () => (broken ? { status: 500, body: { title: 'The database is away.', code: 'x' } } : { body: { value: rows } }));
    expect(await screen.findByText('The database is away.')).toBeTruthy();
    broken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('link', { name: 'Service' })).toBeTruthy();
  });

  it('can be exported as it is shown', async () => {
    stage('/app/contracts?sort=-account&q=acme&page=3', () => ({ body: { value: rows } }));
    await screen.findByRole('link', { name: 'Service' });
    screen.getByRole('button', { name: 'More actions' }).focus();
    await userEvent.keyboard('{Enter}');
    const href = (await screen.findByRole('menuitem', { name: 'Export as CSV' })).getAttribute('href');
    expect(decodeURIComponent(href ?? '')).toBe(
      '/api/data/contracts?view=contract.all&$select=title,status,account&$orderby=account/name desc&$search=acme&$format=csv;labels=true;bom=true',
    );
  });

  it('opens the form at once of settings, which are one record', async () => {
    const rights = { create: false, read: true, update: true, delete: false, share: true, export: false, import: false };
    const firm = anEntity('firm', [aField('name')], { isSettings: true, rights });
    const record = { id: 'f1', name: 'Our firm' };
    stage('/app/firms', ({ path }) => ({ body: path.endsWith('/f1') ? record : { value: [record] } }), {
      ...sampleModel,
      entities: [...sampleModel.entities, firm],
      forms: [{ name: 'firm.main', entity: 'firm', label: 'Firm', header: [], tabs: [{ label: 'General', sections: [{ columns: 2, fields: [{ field: 'name' }] }] }] }],
    });
    expect(await screen.findByDisplayValue('Our firm')).toBeTruthy();
    expect(screen.queryByText('New')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull();
  });

  it('leads nowhere for an entity that does not exist', async () => {
    stage('/app/ghosts', () => undefined);
    expect(await screen.findByText('missing')).toBeTruthy();
  });
});
