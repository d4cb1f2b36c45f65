import { useMutation } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { trace, type TraceRequest } from '../api/trials';

/** Tries a save; nothing of it is kept. */
export function useTrace() {
  const api = useApi();
  return useMutation({ mutationFn: (request: TraceRequest) => trace(api, request) });
}

/** The values that somebody wrote as JSON: an object, nothing for an empty text, undefined for what is none. */
export function valuesOf(text: string): Record<string, unknown> | undefined {
  if (!text.trim()) return {};
  try {
    const values: unknown = JSON.parse(text);
    return typeof values === 'object' && values !== null && !Array.isArray(values) ? (values as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
