import { DatesProvider } from '@mantine/dates';
import 'dayjs/locale/de';
import { useEffect, useState } from 'react';
import { RouterProvider } from 'react-router/dom';
import { ModelContext, useLoadModel } from '@/api/application-model';
import { FieldsContext } from '@/fields/fields-context';
import { createFieldRegistry } from '@/fields/registry';
import { TextProvider, useTexts } from '@/lib/i18n/text';
import { Message } from '@/ui/message';
import { Splash } from '@/ui/splash';
import { createRouter } from './routes';

/** The reader's own variant of a language (dates differ between `en-GB` and `en-US`), where the browser has one. */
function regional(language: string): string {
  return navigator.languages.find((each) => each.split('-')[0] === language.split('-')[0]) ?? language;
}

/** Loads the model, then shows the application that it describes. */
export function ModelGate() {
  const t = useTexts();
  const model = useLoadModel();
  const [registry] = useState(createFieldRegistry);
  const [router] = useState(createRouter);
  const language = regional(model.data?.source.language ?? t.language);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  if (!model.data) {
    if (model.isPending) return <Splash />;
    const retry = { label: t('common.retry'), onClick: () => void model.refetch() };
    return <Message icon="offline" title={t('error.unexpected')} text={model.error?.message} action={retry} />;
  }
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
