import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { describe, expect, it } from 'vitest';
import { ApiProvider } from '@/api/api-context';
import { ModelContext } from '@/api/application-model';
import { ApiClient } from '@/api/client';
import type { ApplicationModel, Entity } from '@/api/model';
import { ModelIndex } from '@/api/model-index';
import type { Delivery, Mail, WorkflowRun } from '../api/administration';
import type { Job } from '../api/jobs';
import { useDeliveries } from './use-deliveries';
import { useJobTitle } from './use-job-title';
import { useJobs } from './use-jobs';
import { useMails } from './use-mails';
import { useRecordNames } from '@/api/use-record-names';
import { useWorkflowRuns } from './use-workflow-runs';

const name = { name: 'name', label: 'Full name', type: 'text', columns: [{ name: 'name', type: 'text' }] };
const account = { name: 'account', plural: 'accounts', pluralLabel: 'Accounts', primary: 'name', fields: [name] } as unknown as Entity;
const model = new ModelIndex({ entities: [account], views: [], forms: [], apps: [] } as unknown as ApplicationModel);

/** Shows hooks over a server that answers as told; gives the calls that were made. */
function stage(answer: (call: string) => unknown) {
  const calls: string[] = [];
  window.fetch = (input, init) => {
    const call = `${init?.method ?? 'GET'} ${decodeURIComponent(String(input))}`;
    calls.push(call);
    const body = answer(call);
    return Promise.resolve(body === undefined ? new Response(null, { status: 204 }) : new Response(JSON.stringify(body)));
  };
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const client = new ApiClient({ onUnauthorised: () => undefined, onModelVersion: () => undefined });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>
      <ApiProvider client={client}>
        <ModelContext value={model}>{children}</ModelContext>
      </ApiProvider>
    </QueryClientProvider>
  );
  return { calls, wrapper };
}

const mail: Mail = { id: 'm1', createdAt: '2026-11-23T05:00:00Z', recipients: ['ada@example.org'], subject: 'Renewal', body: '', state: 'waiting', attempts: 0, lastError: null };

describe('mails', () => {
  it('lack a server when one waits that was never tried', async () => {
    const { wrapper } = stage(() => [mail]);
    const { result } = renderHook(() => useMails('m1'), { wrapper });
    await waitFor(() => expect(result.current.read?.subject).toBe('Renewal'));
    expect(result.current.lacksServer).toBe(true);
  });

  it('lack no server when the waiting ones were tried', async () => {
    const { wrapper } = stage(() => [{ ...mail, attempts: 2, lastError: 'refused' }, { ...mail, id: 'm2', state: 'sent', attempts: 1 }]);
    const { result } = renderHook(() => useMails(undefined), { wrapper });
    await waitFor(() => expect(result.current.mails.data).toHaveLength(2));
    expect(result.current.lacksServer).toBe(false);
    expect(result.current.read).toBeUndefined();
  });
});

describe('deliveries', () => {
  it('are looked at again after one is given another try', async () => {
    let state = 'dead';
    const { calls, wrapper } = stage((call) => {
      if (call.startsWith('GET')) return [{ id: 7, state }];
      state = 'waiting';
      return undefined;
    });
    const { result } = renderHook(() => useDeliveries(), { wrapper });
    await waitFor(() => expect(result.current.deliveries.data?.[0]?.state).toBe('dead'));
    act(() => result.current.retry(result.current.deliveries.data?.[0] as Delivery));
    await waitFor(() => expect(result.current.deliveries.data?.[0]?.state).toBe('waiting'));
    expect(calls).toContain('POST /api/administration/deliveries/7/retry');
  });
});

describe('workflow runs', () => {
  it('are resumed and cancelled by id', async () => {
    const { calls, wrapper } = stage((call) => (call.startsWith('GET') ? [{ id: 'r1', state: 'failed' }] : undefined));
    const { result } = renderHook(() => useWorkflowRuns(), { wrapper });
    await waitFor(() => expect(result.current.runs.data).toHaveLength(1));
    const run = result.current.runs.data?.[0] as WorkflowRun;
    act(() => result.current.resume(run));
    await waitFor(() => expect(calls).toContain('POST /api/administration/workflow-runs/r1/resume'));
    act(() => result.current.cancel(run));
    await waitFor(() => expect(calls).toContain('POST /api/administration/workflow-runs/r1/cancel'));
  });
});

describe('jobs', () => {
  it('say what they do, by the labels that people know', () => {
    const { wrapper } = stage(() => []);
    const { result } = renderHook(() => useJobTitle(), { wrapper });
    const titleOf = (kind: Job['kind'], field?: string) => result.current({ kind, collection: 'accounts', values: { field } } as Job);
    expect(titleOf('delete')).toBe('Delete Accounts');
    expect(titleOf('recompute', 'account.name')).toBe('Compute Full name of Accounts');
    expect(titleOf('recompute', 'account.gone')).toBe('Compute gone of Accounts');
  });

  it('are looked at again after one is cancelled', async () => {
    let job = { id: 'j1', state: 'running' } as Job;
    const { calls, wrapper } = stage((call) => {
      if (call.startsWith('GET')) return [job];
      job = { ...job, state: 'cancelled', finishedAt: '2026-11-23T05:00:00Z' };
      return undefined;
    });
    const { result } = renderHook(() => useJobs(), { wrapper });
    await waitFor(() => expect(result.current.jobs.data?.[0]?.state).toBe('running'));
    act(() => result.current.cancel(job));
    await waitFor(() => expect(result.current.jobs.data?.[0]?.state).toBe('cancelled'));
    expect(calls).toContain('DELETE /api/jobs/j1');
  });
});

describe('record names', () => {
  it('are asked for once for each entity, and stay unknown for records that are gone', async () => {
    const keys = ['a2', 'a1', 'a1'].map((recordId) => ({ entity: 'account', recordId }));
    const { calls, wrapper } = stage(() => ({ value: [{ id: 'a1', name: 'Acme' }] }));
    const { result } = renderHook(() => useRecordNames([...keys, { entity: 'ghost', recordId: 'g1' }]), { wrapper });
    await waitFor(() => expect(result.current('a1')).toBe('Acme'));
    expect(result.current('a2')).toBeUndefined();
    expect(calls).toEqual([expect.stringContaining('id in (a1,a2)')]);
  });
});
