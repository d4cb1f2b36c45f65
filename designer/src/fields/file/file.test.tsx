import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { ApiProvider } from '@/api/api-context';
import { ApiClient } from '@/api/client';
import type { Entity, Field } from '@/api/model';
import type { RecordValues } from '@/api/records';
import { FilesEditor } from '../files/editor';
import { FileCell } from './cell';
import { FileEditor } from './editor';

const plan = { id: 'f1', name: 'plan.pdf', size: 3, contentType: 'application/pdf' };
const photo = { id: 'f2', name: 'photo.png', size: 4, contentType: 'image/png' };
const field = { name: 'paper', label: 'Paper', type: 'file', columns: [{ name: 'paper', type: 'Uuid', part: '' }] } as unknown as Field;

/** Shows an editor with these values; gives the changes that it makes. */
function show(Editor: typeof FileEditor, value: unknown): RecordValues[] {
  const changes: RecordValues[] = [];
  window.fetch = () => Promise.resolve(new Response(JSON.stringify(photo), { status: 201 }));
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <ApiProvider client={new ApiClient({ onUnauthorised: () => undefined, onModelVersion: () => undefined })}>
          <Editor entity={{} as Entity} field={field} values={{ paper: value }} onChange={(change) => changes.push(change)} id="paper" required={false} readOnly={false} />
        </ApiProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return changes;
}

describe('files of a record', () => {
  it('are shown by their names, and removed', async () => {
    const changes = show(FileEditor, plan);
    expect(screen.getByRole('link', { name: 'plan.pdf' }).getAttribute('href')).toBe('/api/files/f1');
    await userEvent.click(screen.getByRole('button', { name: 'Remove file' }));
    expect(changes).toEqual([{ paper: null }]);
  });

  it('are added to those that are there', async () => {
    const changes = show(FilesEditor, [plan]);
    await userEvent.upload(document.querySelector('input[type=file]') as HTMLInputElement, new File(['data'], 'photo.png'));
    await waitFor(() => expect(changes).toEqual([{ paper: [plan, photo] }]));
  });

  it('are named in lists, and open by their id where nothing else is known', () => {
    render(
      <MantineProvider env="test">
        <FileCell field={field} values={{ paper: plan }} />
        <FileCell field={field} values={{ paper: 'f9' }} />
      </MantineProvider>,
    );
    expect(screen.getByRole('link', { name: 'plan.pdf' })).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Open file' }).getAttribute('href')).toBe('/api/files/f9');
  });
});
