import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { ApiProvider } from '@/api/api-context';
import { ModelContext } from '@/api/application-model';
import { ApiClient } from '@/api/client';
import { ModelIndex } from '@/api/model-index';
import { FieldsContext } from '@/fields/fields-context';
import { createFieldRegistry } from '@/fields/registry';
import { RecordListPage } from '../components/record-list-page';
import { RecordPage } from '../components/record-page';
import type { OpenSandbox } from '../scripts/messages';
import { SandboxContext } from '../scripts/sandbox-context';
import { sampleModel } from './sample';

/** A call that the screens made. */
export interface Call {
  method: string;
  path: string;
  body: unknown;
  ifMatch: string | null;
}

/** Answers a call. */
export type Answering = (call: Call) => { status?: number; body?: unknown } | undefined;

/** Shows a page of the model over a server that answers as told; gives the calls that were made. */
export function stage(path: string, answering: Answering, source = sampleModel, sandbox?: OpenSandbox): Call[] {
  const calls: Call[] = [];
  window.fetch = (input, init) => {
    const url = new URL(String(input), 'http://localhost');
    const headers = new Headers(init?.headers);
    const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined;
    const call = { method: init?.method ?? 'GET', path: url.pathname, body, ifMatch: headers.get('If-Match') };
    calls.push(call);
    const answer = answering(call) ?? { body: { value: [] } };
    return Promise.resolve(new Response(answer.body === undefined ? null : JSON.stringify(answer.body), { status: answer.status ?? 200 }));
  };
  const model = new ModelIndex(source);
  const open = sandbox ?? (() => ({ send: () => undefined, close: () => undefined }));
  const router = createMemoryRouter(
    [
      { path: '/:app/:plural', element: <RecordListPage missing="missing" /> },
      { path: '/:app/:plural/:id', element: <RecordPage missing="missing" /> },
    ],
    { initialEntries: [path] },
  );
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <ApiProvider client={new ApiClient({ onUnauthorised: () => undefined, onModelVersion: () => undefined })}>
          <ModelContext value={model}>
            <FieldsContext value={createFieldRegistry()}>
              <SandboxContext value={open}>
                <RouterProvider router={router} />
              </SandboxContext>
            </FieldsContext>
          </ModelContext>
        </ApiProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return calls;
}
