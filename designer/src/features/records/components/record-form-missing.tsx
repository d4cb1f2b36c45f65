import { useNavigate } from 'react-router';
import { ApiError } from '@/api/client';
import { useTexts } from '@/lib/i18n/text';
import { Message } from '@/ui/message';

/** Stands where a record cannot be shown. */
export function RecordFormMissing({ error, listPath, onRetry }: { error: Error; listPath: string; onRetry(): void }) {
  const t = useTexts();
  const navigate = useNavigate();
  if (error instanceof ApiError && (error.status === 404 || error.status === 400)) {
    const action = { label: t('form.toList'), onClick: () => void navigate(listPath) };
    return <Message icon="missing" title={t('form.notFound')} text={t('form.notFound.text')} action={action} />;
  }
  const text = error instanceof ApiError && error.status === 0 ? t('error.network') : error.message;
  return <Message icon="alert" title={t('form.failed')} text={text} action={{ label: t('common.retry'), onClick: onRetry }} />;
}
