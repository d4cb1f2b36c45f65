import { DatesProvider } from '@mantine/dates';
import 'dayjs/locale/de';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { RouterProvider } from 'react-router/dom';
import { useApi } from '@/api/api-context';
import { ModelContext, useLoadModel } from '@/api/application-model';
import { ApiError } from '@/api/client';
import { myOrganisationsQuery } from '@/api/organisations';
import { FieldsContext } from '@/fields/fields-context';
import { createFieldRegistry } from '@/fields/registry';
import { TextProvider, useTexts } from '@/lib/i18n/text';
import { Message } from '@/ui/message';
import { Splash } from '@/ui/splash';
import { createRouter } from './routes';

const SuspendedPage = lazy(async () => ({ default: (await import('./suspended-page')).SuspendedPage }));

/** The reader's own variant of a language (dates differ between `en-GB` and `en-US`), where the browser has one. */
function regional(language: string): string {
  return navigator.languages.find((each) => each.split('-')[0] === language.split('-')[0]) ?? language;
}

/** Loads the model, then shows the application that it describes. */
export function ModelGate() {
  const t = useTexts();
  const model = useLoadModel();
  // Asked for beside the model, so that nothing moves when the answer comes.
  const organisations = useQuery(myOrganisationsQuery(useApi()));
  const [registry] = useState(createFieldRegistry);
  const [router] = useState(createRouter);
  const language = regional(model.data?.source.language ?? t.language);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  if (!model.data) {
    if (model.isPending) return <Splash />;
    if (model.error instanceof ApiError && model.error.code === 'organisation_suspended') {
      return (
        <Suspense fallback={<Splash />}>
          <SuspendedPage />
        </Suspense>
      );
    }
    const retry = { label: t('common.retry'), onClick: () => void model.refetch() };
    return <Message icon="offline" title={t('error.unexpected')} text={model.error?.message} action={retry} />;
  }
  if (organisations.isPending) return <Splash />;
  return (
    <ModelContext value={model.data}>
      <FieldsContext value={registry}>
        <TextProvider language={language}>
          <DatesProvider settings={{ locale: language.startsWith('de') ? 'de' : 'en', firstDayOfWeek: 1 }}>
            <RouterProvider router={router} />
          </DatesProvider>
        </TextProvider>
      </FieldsContext>
    </ModelContext>
  );
}
