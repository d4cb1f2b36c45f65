import { MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { ApiProvider } from '@/api/api-context';
import { ApiClient, ApiError } from '@/api/client';
import { TextProvider, textsOf } from '@/lib/i18n/text';
import { useNarrow } from '@/ui/narrow';
import { theme } from '@/ui/theme';
import { ErrorBoundary } from './error-boundary';
import { SessionGate } from './session-gate';

const Notifications = lazy(async () => ({ default: (await import('@mantine/notifications')).Notifications }));

function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 502),
      },
    },
  });
}

function createClient(queries: QueryClient): ApiClient {
  return new ApiClient({
    onUnauthorised: () => window.dispatchEvent(new Event('xrm:unauthorised')),
    onModelVersion: (version) => queries.setQueryData(['metadata', 'version'], version),
  });
}

/** The theme, with the one text that the component library needs from it. */
function themeIn(language: string) {
  return mergeThemeOverrides(theme, { components: { Notification: { defaultProps: { closeButtonProps: { 'aria-label': textsOf(language)('common.close') } } } } });
}

/** The whole application: providers, then the session. */
export function App() {
  const [queries] = useState(createQueries);
  const [client] = useState(() => createClient(queries));
  const [named] = useState(() => themeIn(navigator.language));
  // On a phone, buttons are at the bottom.
  const position = useNarrow() ? 'top-center' : 'bottom-right';
  return (
    <MantineProvider theme={named} defaultColorScheme="auto">
      <TextProvider language={navigator.language}>
        <ErrorBoundary>
          <QueryClientProvider client={queries}>
            <ApiProvider client={client}>
              <Suspense>
                <Notifications position={position} autoClose={4000} />
              </Suspense>
              <SessionGate />
            </ApiProvider>
          </QueryClientProvider>
        </ErrorBoundary>
      </TextProvider>
    </MantineProvider>
  );
}
