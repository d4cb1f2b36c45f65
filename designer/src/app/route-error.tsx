import { useRouteError } from 'react-router';
import { useTexts } from '@/lib/i18n/text';
import { Message } from '@/ui/message';

/** Shows what went wrong on a page; the rest of the application stays. */
export function RouteError() {
  const t = useTexts();
  const error = useRouteError();
  return (
    <Message
      icon="alert"
      title={t('error.title')}
      text={error instanceof Error ? error.message : undefined}
      action={{ label: t('error.reload'), onClick: () => window.location.reload() }}
    />
  );
}
